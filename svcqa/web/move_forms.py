"""The form of each move before anything is typed: what is known already is filled in. Decides nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from states.lifecycle import Offer
from svcqa.casework.casefile import CaseFile, Charged
from svcqa.casework.previewing import Preview, penalty_notice
from svcqa.kernel.money import hundredths
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import access
from svcqa.organisation.people import PersonCard
from svcqa.web import labels
from svcqa.web.entry import ROW, typed_moment
from svcqa.web.labels import Labels
from svcqa.web.views import Typed

EMPTY_ROWS = 2
PENALTY_IN = {
    "serve": ("decided",),
    "rescind": ("decided", "served", "final"),
    "appeal": ("served", "final"),
    "retract": ("appealed",),
    "uphold": ("appealed",),
    "reduce": ("appealed",),
    "revoke": ("appealed",),
    "remand": ("appealed",),
}
"""In which states of a penalty a move about it can be meant."""
WAYS = {"officer": ("paper", "代录书面申诉"), "reviewer": ("late", "受理逾期申诉（有正当理由）")}
"""How an appeal is taken in by those whom it does not hit."""


@dataclass(frozen=True)
class MoveForm:
    """One move's form: what stands in it, how many rows it shows, what its lists offer."""

    move: str
    typed: Typed
    rows: int
    officers: tuple[PersonCard, ...] = ()
    previews: tuple[Preview, ...] = ()
    penalties: tuple[tuple[str, str], ...] = ()
    ways: tuple[tuple[str, str], ...] = ()

    @property
    def labels(self) -> Labels:
        """What stands over the fields that are this move's own."""
        return labels.of_complaint(self.move)


def blank(tx: Transaction, file: CaseFile, move: str) -> MoveForm:
    """Return a move's form as it is first opened."""
    filled = FILLED[move](file, tx.now) if move in FILLED else {}
    first = {"version": str(file.case.row["version"])}
    penalties, ways = _penalties(file, move), _ways(tx, move)
    if len(penalties) == 1:
        first["penalty"] = penalties[0][0]
    if ways:
        first["how"] = ways[0][0]
    return around(tx, file, move, Typed({**filled, **first}, {}, move))


def around(tx: Transaction, file: CaseFile, move: str, typed: Typed) -> MoveForm:
    """Return a move's form around what was typed."""
    officers = tuple(access.people_with_role(tx, "officer")) if move == "assign" else ()
    shown = [charge for charge in file.charges if charge.open] if move == "penalize" else []
    previews = tuple(penalty_notice(tx, file.case, file.regulation, charge.row) for charge in shown)
    rows = 1 + max((int(match[2]) for name in typed.values if (match := ROW.fullmatch(name))), default=-1)
    penalties, ways = _penalties(file, move), _ways(tx, move)
    return MoveForm(move, typed, rows + EMPTY_ROWS, officers, previews, penalties, ways)


def forms_of(tx: Transaction, file: CaseFile, offers: tuple[Offer, ...]) -> tuple[MoveForm, ...]:
    """Return the forms of all moves that are open to the actor."""
    return tuple(blank(tx, file, offer.name) for offer in offers if not offer.refusal)


def _penalties(file: CaseFile, move: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.row["id"], f"{each.name}，{each.clause.title}（{each.state_label}）")
        for each in file.penalties
        if each.row["state"] in PENALTY_IN.get(move, ())
    )


def _ways(tx: Transaction, move: str) -> tuple[tuple[str, str], ...]:
    """Return how the actor may take in an appeal of somebody else."""
    return tuple(way for role, way in WAYS.items() if move == "appeal" and role in tx.actor.roles)


def _classify(file: CaseFile, _now: datetime) -> Mapping[str, str]:
    """Open with the charges as they stand, or one row for each respondent in equal shares."""
    rows: list[dict[str, str]] = [
        {
            "respondent": charge.respondent.id,
            "clause": charge.clause.id,
            "share": str(charge.share),
            "adjustments": charge.row["adjustments"],
        }
        for charge in file.charges
        if charge.open
    ]
    if not rows:
        share, rest = divmod(100, len(file.respondents) or 1)
        rows = [
            {"respondent": each.id, "share": str(share + (rest if place == 0 else 0))}
            for place, each in enumerate(file.respondents)
        ]
    return _rows("charges", rows)


def _penalize(file: CaseFile, _now: datetime) -> Mapping[str, str]:
    return _rows("penalties", [_proposed(charge) for charge in file.charges if charge.open])


def _proposed(charge: Charged) -> dict[str, str]:
    points = f"{hundredths(charge.proposal.points) / 100:g}"
    return {"charge": charge.id, "points": points, "yuan": f"{charge.proposal.fen / 100:.2f}"}


def _reduce(file: CaseFile, _now: datetime) -> Mapping[str, str]:
    appealed = [each.row for each in file.penalties if each.row["state"] == "appealed"]
    if len(appealed) != 1:
        return {}
    penalty = appealed[0]
    return {"points": f"{penalty['final_hundredths'] / 100:g}", "yuan": f"{penalty['final_fen'] / 100:.2f}"}


def _rows(kind: str, rows: list[dict[str, str]]) -> Mapping[str, str]:
    return {f"{kind}.{place}.{name}": value for place, row in enumerate(rows) for name, value in row.items()}


FILLED: Mapping[str, Callable[[CaseFile, datetime], Mapping[str, str]]] = {
    "classify": _classify,
    "penalize": _penalize,
    "reduce": _reduce,
    "serve": lambda _file, now: {"how": "paper", "served_at": typed_moment(now)},
}
