"""Tables of payroll: orders, which are added to and never changed."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class DeductionOrder(SQLModel, table=True):
    """An order to take a sum from one person because of one penalty. A change is a new row."""

    __tablename__ = "deduction_order"

    id: str = Field(primary_key=True)
    penalty_id: str = Field(unique=True)
    person_id: str = Field(index=True)
    number: str
    kind: str
    amount_fen: int
    decided_at: datetime
    month: str
    entered_at: datetime
