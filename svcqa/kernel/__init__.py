"""What every room stands on: transaction, audit, outbox, calendar, money, ids, links, blobs, errors."""
