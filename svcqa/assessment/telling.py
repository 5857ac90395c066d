"""The mails of a cycle: who gets which, each once, in the transaction of what it tells about.

No mail carries a score or a grade; they stand on the linked page.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from notifications import notices
from states import Step
from svcqa.appeals import links
from svcqa.assessment.standing import Cycle
from svcqa.kernel import outbox
from svcqa.kernel.calendar import local_day
from svcqa.kernel.outbox import Recipient
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access, people
from svcqa.organisation.people import PersonCard

TOLD = Statement(
    "SELECT 1 FROM outbox WHERE about_kind = 'cycle' AND about_id = :id AND slug = :slug AND person_id = :person"
    " AND posted_at >= :since LIMIT 1"
)

Make = Callable[[dict[str, Any]], notices.Notice]


def moved(tx: Transaction, cycle: Cycle, step: Step) -> None:
    """Post the mails of a move."""
    if step.move == "present":
        _to_confirm(tx, cycle)


def post(tx: Transaction, cycle: Cycle, person: PersonCard, make: Make, *, link: str) -> bool:
    """Post one mail about the cycle to a person; says whether there was an address."""
    if not reachable(person):
        return False
    common = {
        "recipient_name": person.name,
        "number": cycle.number,
        "link": link,
        "contact": tx.settings.mail_contact,
        "title": cycle.title,
    }
    to = Recipient(person.name, person.email or "", person.id)
    outbox.post(tx, make(common), to=to, about=("cycle", cycle.id))
    return True


def reachable(person: PersonCard) -> bool:
    """Tell whether a mail can reach a person."""
    return bool(person.email) and not person.left


def post_once(
    tx: Transaction, cycle: Cycle, persons: Iterable[PersonCard], slug: str, make: Make, *, page: str = ""
) -> int:
    """Post a mail with a page of the cycle to those who have not had it in this stage, and return to how many."""
    done = 0
    for person in persons:
        if not TOLD.one(tx, id=cycle.id, slug=slug, person=person.id, since=cycle.stage_at):
            done += post(tx, cycle, person, make, link=f"{page_of(tx, cycle)}{page}")
    return done


def page_of(tx: Transaction, cycle: Cycle) -> str:
    """Return the address of a cycle's page."""
    return tx.links.address(f"/cycles/{cycle.number}")


def supervisors(tx: Transaction) -> list[PersonCard]:
    """Return who confirms results."""
    return access.people_with_role(tx, "supervisor")


def announce(tx: Transaction, cycle: Cycle, unit_ids: Iterable[str]) -> int:
    """Tell the heads of these units that their people will be assessed."""
    heads = {
        head.id: head for unit_id in unit_ids for head in people.heads_of(tx, unit_id, cycle.period_until)
    }
    return post_once(
        tx,
        cycle,
        heads.values(),
        notices.CycleAnnounced.slug,
        lambda common: notices.CycleAnnounced(
            **common, period_from=cycle.period_from, period_until=cycle.period_until
        ),
    )


def _to_confirm(tx: Transaction, cycle: Cycle) -> None:
    due_at = cycle.confirm_until_at
    if due_at is None:  # the move that leads here has set it
        return
    post_once(
        tx,
        cycle,
        supervisors(tx),
        notices.ResultsToConfirm.slug,
        lambda common: notices.ResultsToConfirm(**common, due_at=due_at),
    )


def report_ready(tx: Transaction, cycle: Cycle) -> int:
    """Tell supervisors and reviewers that the report can be read."""
    readers = {one.id: one for one in (*supervisors(tx), *access.people_with_role(tx, "reviewer"))}
    return post_once(
        tx,
        cycle,
        readers.values(),
        notices.ReportReady.slug,
        lambda common: notices.ReportReady(**common),
        page="/report",
    )


def appealed(tx: Transaction, cycle: Cycle, result: Mapping[str, str], *, decide_by_at: datetime) -> None:
    """Confirm an appeal to whom filed it, and ask the reviewers who may hear it."""
    times: dict[str, Any] = {"received_at": tx.now, "decide_by_at": decide_by_at}
    person = people.card(tx, result["person_id"])
    link = links.issue(tx, kind="result", object_id=result["id"], person_id=person.id)
    post(tx, cycle, person, lambda common: notices.ResultAppealReceived(**common, **times), link=link)
    barred = access.superiors_of_any(tx, {person.id}) | {person.id, cycle.confirmed_by}
    page = f"{page_of(tx, cycle)}/results/{person.id}"
    for reviewer in access.people_with_role(tx, "reviewer"):
        if reviewer.id not in barred:
            post(tx, cycle, reviewer, lambda common: notices.ResultAppealed(**common, **times), link=page)


def reviewed(tx: Transaction, cycle: Cycle, person_id: str, result_id: str) -> None:
    """Tell a person that the review of the own result is done."""
    person, today = people.card(tx, person_id), local_day(tx.now)
    if reachable(person):
        link = links.issue(tx, kind="result", object_id=result_id, person_id=person_id)
        post(tx, cycle, person, lambda common: notices.ResultChanged(**common, decided_on=today), link=link)
