"""The laws: one lifecycle per noun as a table. Nothing here knows a database, a clock or a page."""

from states.lifecycle import Guard, Law, Move, Offer, Outcome, Refused, State, Step

__all__ = ["Guard", "Law", "Move", "Offer", "Outcome", "Refused", "State", "Step"]
