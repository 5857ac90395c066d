"""The workpiece of one step: the case, what was asked, and what has been written so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from states import Step
from states.complaint_facts import NOT_RESPONDENT, Facts
from svcqa.casework import sql
from svcqa.casework.change import Change
from svcqa.casework.forms import Form
from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.calendar import local_day
from svcqa.kernel.transaction import Actor, Transaction
from svcqa.organisation import people
from svcqa.organisation.people import PersonCard
from svcqa.payroll import orders
from svcqa.rulebook.model import Regulation

AForm = TypeVar("AForm", bound=Form)


@dataclass
class Work:
    """A step being carried out. `values` are the complaint's new columns."""

    tx: Transaction
    case: Case
    form: Form
    step: Step
    regulation: Regulation
    change: Change
    values: dict[str, Any] = field(default_factory=dict)

    def asked(self, kind: type[AForm]) -> AForm:
        """Return the form as the kind this move takes."""
        if not isinstance(self.form, kind):
            raise TypeError(f"{self.step.move} got a {type(self.form).__name__}")
        return self.form

    def take_part(self, instance: str) -> None:
        """Remember that the actor acted in this instance of the case."""
        if self.tx.actor.person_id:
            sql.TAKE_PART.run(
                self.tx, complaint_id=self.case.id, person_id=self.tx.actor.person_id, instance=instance
            )
            self.change.facts["instance"] = instance

    def penalty_entered(self, penalty_id: str) -> bool:
        """Tell whether payroll has already taken over a penalty's deduction."""
        return bool(orders.entered(self.tx, [penalty_id]))

    def penalties(self) -> list[Row]:
        """Return the case's penalties as they stand after what was written."""
        written = self.change.rows.get("penalty", {})
        old = [{**p, **written.get(p["id"], {})} for p in self.case.penalties]
        known = {p["id"] for p in old}
        return old + [{"id": key, **row} for key, row in written.items() if key not in known]


def hit_by(tx: Transaction, row: Row) -> list[PersonCard]:
    """Return the person a respondent or penalty names, or the heads of the unit."""
    if row["person_id"]:
        return [people.card(tx, row["person_id"])]
    return people.heads_of(tx, row["unit_id"], local_day(tx.now)) if row["unit_id"] else []


def hits(actor: Actor, row: Row) -> bool:
    """Tell whether a respondent or penalty names the actor, or a unit the actor heads."""
    if row["person_id"]:
        return bool(row["person_id"] == actor.person_id)
    return row["unit_id"] in actor.units


def demand_outsider(actor: Actor, case: Case) -> None:
    """Raise Refused where the actor is a respondent of the case, or heads a unit that is one."""
    hit = any(hits(actor, respondent) for respondent in case.respondents)
    refusal = NOT_RESPONDENT.refusal(Facts(is_respondent=hit))
    if refusal:
        raise refusal


Effect = Callable[[Work], None]
