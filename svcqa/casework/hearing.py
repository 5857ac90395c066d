"""The matter a respondent is asked about before anything is decided. Reads only: no clause stands yet."""

from dataclasses import dataclass
from datetime import datetime

from states.complaint import CLASSIFIED, VERIFIED
from svcqa.casework import contesting
from svcqa.kernel.transaction import Transaction


@dataclass(frozen=True)
class Hearing:
    """What a respondent may read and answer; `open` until the matter is decided."""

    respondent_id: str
    number: str
    subject: str
    occurred_at: datetime
    whose: str
    of_unit: bool
    state_by_at: datetime | None
    late: bool
    heard_at: datetime | None
    statement: str
    open: bool
    contact: str


def hearing(tx: Transaction, respondent_id: str) -> Hearing:
    """Read the matter for the respondent; raises NotFound for everybody else."""
    case, respondent = contesting.own_hearing(tx, respondent_id)
    until = respondent["state_by_at"]
    return Hearing(
        respondent_id=respondent_id,
        number=case.number,
        subject=case.row["subject"],
        occurred_at=case.row["occurred_at"],
        whose=respondent["name"],
        of_unit=respondent["person_id"] is None,
        state_by_at=until,
        late=until is not None and until < tx.now,
        heard_at=respondent["heard_at"],
        statement=tx.seal.open_text(respondent["statement_sealed"]),
        open=case.state in (VERIFIED, CLASSIFIED),
        contact=tx.settings.mail_contact,
    )
