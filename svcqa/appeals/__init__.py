"""Contesting a decision, whatever it was: link, statement, reviewer. Knows `(kind, id)`, no complaint."""
