"""Tables of payroll: orders, which are added to and never changed."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class DeductionOrder(SQLModel, table=True):
    """An order to take a sum from one person because of one penalty. After a return a new row takes its place."""

    __tablename__ = "deduction_order"

    id: str = Field(primary_key=True)
    penalty_id: str
    attempt: int = 1
    person_id: str = Field(index=True)
    number: str
    kind: str
    amount_fen: int
    decided_at: datetime
    month: str
    entered_at: datetime

    __table_args__ = (UniqueConstraint("penalty_id", "attempt"),)


class OrderReturn(SQLModel, table=True):
    """HR gave an order back, with the reason; it is not executed. Never changed, never taken back."""

    __tablename__ = "order_return"

    order_id: str = Field(primary_key=True, foreign_key="deduction_order.id")
    reason: str = Field(sa_type=Text)
    returned_by: str
    returned_at: datetime
