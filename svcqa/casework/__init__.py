"""One complaint at a time: charges, decisions, penalties, deadlines, evidence."""
