"""One complaint as its page shows it: facts, charges with their calculation, penalties, record, what may be done."""

from dataclasses import dataclass
from datetime import datetime

from states import penalty as penalty_law
from states.complaint import LAW
from states.complaint_facts import Facts
from states.lifecycle import Offer
from svcqa.appeals import filing
from svcqa.casework import evidence, gathering, precedents, record, sums
from svcqa.casework.explaining import ExplainedClock, explain_clocks
from svcqa.casework.precedents import Precedents
from svcqa.casework.record import Event
from svcqa.casework.snapshot import Case, Row
from svcqa.casework.visibility import seen
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.rulebook import library
from svcqa.rulebook.model import Clause, Regulation
from svcqa.rulebook.tariff import Proposal

ALL_CHARGES = Statement("SELECT id, clause_id FROM charge WHERE complaint_id = :id")
RELATED = Statement("SELECT number, subject FROM complaint WHERE merged_into = :id OR id = :lead ORDER BY id")
OWN_MATTERS = frozenset({"employee"})
"""What people do in their own matter has its own pages; the page of a case is for those who work on it."""


@dataclass(frozen=True)
class Respondent:
    """Who the complaint is about; `statement` is empty until it was heard."""

    id: str
    name: str
    staff_number: str
    unit_name: str
    statement: str
    heard_at: datetime | None
    state_by_at: datetime | None
    is_unit: bool


@dataclass(frozen=True)
class Charged:
    """A charge with its clause and the tariff's calculation; `precedents` None where there are none.

    `lines` is the calculation: the one a decision rested on, or the proposal where none stands.
    """

    id: str
    respondent: Respondent
    clause: Clause
    share: int
    adjustments: tuple[str, ...]
    proposal: Proposal
    lines: tuple[sums.CalculationLine, ...]
    precedents: Precedents | None
    open: bool
    row: Row


@dataclass(frozen=True)
class Decided:
    """A penalty with its state in words, its clause, and the appeal against it."""

    row: Row
    state_label: str
    name: str
    clause: Clause
    decided_by: str
    reviewed_by: str
    appeal: filing.Filed | None


@dataclass(frozen=True)
class CaseFile:
    """Everything the page of a complaint shows."""

    case: Case
    regulation: Regulation
    facts: Facts
    narrative: str
    complainant: str
    phone: str
    unit_name: str
    officer: str
    respondents: tuple[Respondent, ...]
    charges: tuple[Charged, ...]
    penalties: tuple[Decided, ...]
    evidence: tuple[evidence.Item, ...]
    events: tuple[Event, ...]
    clocks: tuple[ExplainedClock, ...]
    offers: tuple[Offer, ...]
    related: tuple[tuple[str, str], ...]


def read(tx: Transaction, number: str) -> CaseFile:
    """Read the page of a complaint the actor may see; raises NotFound for every other."""
    case = seen(tx, number)
    regulation = library.by_hash(tx, case.row["regulation"])
    facts = gathering.gather(tx, case, regulation)
    respondents = tuple(_respondent(tx, row) for row in case.respondents)
    row = case.row
    return CaseFile(
        case=case,
        regulation=regulation,
        facts=facts,
        narrative=tx.seal.open_text(row["narrative_sealed"]),
        complainant=tx.seal.open_text(row["complainant_sealed"]),
        phone=tx.seal.open_text(row["phone_sealed"]),
        unit_name=people.unit(tx, row["unit_id"]).name if row["unit_id"] else "",
        officer=_name(tx, row["assignee_id"]),
        respondents=respondents,
        charges=_charges(tx, case, regulation, respondents),
        penalties=_penalties(tx, case, regulation),
        evidence=tuple(evidence.of_case(tx, case.id)),
        events=tuple(record.events_of(tx, _objects(case))),
        clocks=tuple(explain_clocks(tx.calendar, case)),
        offers=_offers(tx, case, facts),
        related=_related(tx, row),
    )


def _objects(case: Case) -> list[tuple[str, str]]:
    return [
        ("complaint", case.id),
        *(("penalty", p["id"]) for p in case.penalties),
        *(("hearing", r["id"]) for r in case.respondents),
    ]


def _respondent(tx: Transaction, row: Row) -> Respondent:
    person = people.card(tx, row["person_id"]) if row["person_id"] else None
    return Respondent(
        id=row["id"],
        name=row["name"],
        staff_number=person.staff_number if person else "",
        unit_name=people.unit(tx, row["unit_id"]).name if person and row["unit_id"] else "",
        statement=tx.seal.open_text(row["statement_sealed"]),
        heard_at=row["heard_at"],
        state_by_at=row["state_by_at"],
        is_unit=person is None,
    )


def _charges(
    tx: Transaction, case: Case, regulation: Regulation, respondents: tuple[Respondent, ...]
) -> tuple[Charged, ...]:
    known = {each.id: each for each in respondents}
    undecided = {charge["id"] for charge in case.undecided}
    return tuple(
        _charged(
            tx, case, regulation, charge, known[charge["respondent_id"]], undecided=charge["id"] in undecided
        )
        for charge in case.charges
    )


def _charged(
    tx: Transaction,
    case: Case,
    regulation: Regulation,
    charge: Row,
    respondent: Respondent,
    *,
    undecided: bool,
) -> Charged:
    proposal = sums.proposal_for(tx, case, regulation, charge)
    decided = [p for p in case.penalties if p["charge_id"] == charge["id"]]
    return Charged(
        id=charge["id"],
        respondent=respondent,
        clause=regulation.clause(charge["clause_id"]),
        share=charge["share"],
        adjustments=tuple(regulation.adjustment(a).label for a in charge["adjustments"].split(",") if a),
        proposal=proposal,
        lines=sums.lines_of(proposal) if undecided else sums.decided_lines(decided[-1]),
        precedents=precedents.of_charge(tx, charge),
        open=undecided,
        row=charge,
    )


def _penalties(tx: Transaction, case: Case, regulation: Regulation) -> tuple[Decided, ...]:
    clauses = dict(ALL_CHARGES.run(tx, id=case.id).fetchall())
    filed = filing.of(tx, kind="penalty", object_ids=[p["id"] for p in case.penalties])
    return tuple(
        Decided(
            row=penalty,
            state_label=penalty_law.LAW.state(penalty["state"]).label,
            name=case.respondent(penalty["respondent_id"])["name"],
            clause=regulation.clause(clauses[penalty["charge_id"]]),
            decided_by=_name(tx, penalty["decided_by"]),
            reviewed_by=_name(tx, penalty["reviewed_by"]),
            appeal=filed.get(penalty["id"]),
        )
        for penalty in case.penalties
    )


def _offers(tx: Transaction, case: Case, facts: Facts) -> tuple[Offer, ...]:
    """Return what the actor may do on this page; a head of another unit only reads."""
    roles = tx.actor.roles - OWN_MATTERS
    if case.row["unit_id"] not in tx.actor.units:
        roles -= {"unit_head"}
    offered = LAW.offers(case.state, facts, roles)
    return tuple(offer for offer in offered if offer.name != "retract" or facts.appellant)


def _related(tx: Transaction, row: Row) -> tuple[tuple[str, str], ...]:
    rows = RELATED.run(tx, id=row["id"], lead=row["merged_into"] or "").fetchall()
    return tuple((number, subject) for number, subject in rows)


def _name(tx: Transaction, person_id: str | None) -> str:
    if not person_id:
        return ""
    try:
        return people.card(tx, person_id).name
    except NotFound:
        return ""
