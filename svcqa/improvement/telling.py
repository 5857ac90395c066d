"""Who is told about a measure, by which mail. Posting happens in the step's own transaction."""

from collections.abc import Callable, Iterable
from typing import Any

from notifications import notices
from states.measure import LAW
from svcqa.improvement.standing import Measure
from svcqa.kernel import outbox
from svcqa.kernel.calendar import local_day
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard


def assigned(tx: Transaction, measure: Measure) -> None:
    """Hand the measure to its owner."""
    _post(tx, measure, [_owner(tx, measure)], lambda c: notices.MeasureAssigned(**c, due_on=measure.due_on))


def due(tx: Transaction, measure: Measure) -> None:
    """Warn the owner that the due day comes near."""
    step = LAW.state(measure.state).step
    _post(
        tx,
        measure,
        [_owner(tx, measure)],
        lambda c: notices.MeasureDue(**c, step=step, due_on=measure.due_on),
    )


def overdue(tx: Transaction, measure: Measure) -> None:
    """Tell the owner that the due day is over."""
    _overdue(tx, measure, [_owner(tx, measure)], owner_name=None)


def escalated(tx: Transaction, measure: Measure) -> None:
    """Tell the heads above the owner; where nobody stands above, the supervisors."""
    _overdue(tx, measure, _above(tx, measure), owner_name=_owner(tx, measure).name)


def judged(tx: Transaction, measure: Measure) -> None:
    """Tell the owner and the heads of the unit that the effect was judged."""
    on = local_day(tx.now)
    heads = people.heads_of(tx, measure.unit_id, on) if measure.unit_id else []
    told = dict.fromkeys([_owner(tx, measure), *heads])
    _post(tx, measure, told, lambda c: notices.MeasureEffect(**c, judged_on=on))


def _overdue(
    tx: Transaction, measure: Measure, persons: Iterable[PersonCard], *, owner_name: str | None
) -> None:
    step = LAW.state(measure.state).step
    _post(
        tx,
        measure,
        persons,
        lambda c: notices.MeasureOverdue(**c, step=step, due_on=measure.due_on, owner_name=owner_name),
    )


def _above(tx: Transaction, measure: Measure) -> list[PersonCard]:
    """Climb from the measure's unit until somebody other than the owner heads it."""
    unit_id = measure.unit_id
    while unit_id:
        heads = people.heads_of(tx, unit_id, local_day(tx.now))
        others = [head for head in heads if head.id != measure.owner_id and not head.left]
        if others:
            return others
        unit_id = people.unit(tx, unit_id).parent_id
    return access.people_with_role(tx, "supervisor")


def _owner(tx: Transaction, measure: Measure) -> PersonCard:
    return people.card(tx, measure.owner_id)


def _post(
    tx: Transaction,
    measure: Measure,
    persons: Iterable[PersonCard],
    make: Callable[[dict[str, Any]], notices.Notice],
) -> None:
    """Post one mail to each person with an address; the title is personal and stays out of subjects."""
    for person in persons:
        if not person.email or person.left:
            continue
        notice = make(
            {
                "recipient_name": person.name,
                "number": measure.number,
                "link": tx.links.address(f"/measures/{measure.number}"),
                "contact": tx.settings.mail_contact,
                "matter": measure.title,
            }
        )
        outbox.post(
            tx, notice, to=Recipient(person.name, person.email, person.id), about=("measure", measure.id)
        )
