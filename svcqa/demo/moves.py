"""What the people of the demo fill in: for each move of a tale the form, and who sends it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from svcqa.casework import forms, sums
from svcqa.casework.snapshot import Case, Row
from svcqa.demo.tales import Step, Tale
from svcqa.kernel.money import points
from svcqa.kernel.transaction import Transaction
from svcqa.rulebook import library

SUPERVISOR = frozenset({"assign", "penalize", "waive", "rescind", "exonerate", "return", "dismiss", "reopen"})
REVIEWER = frozenset({"uphold", "reduce", "revoke", "remand"})
RESPONDENT = frozenset({"hear", "visit", "appeal", "retract"})


@dataclass(frozen=True)
class Scene:
    """One step about to be taken: the case as it stands, and what the tale says of it."""

    tx: Transaction
    case: Case
    tale: Tale
    step: Step
    numbers: dict[str, str]
    staff: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    random: Random

    def text(self, move: str) -> str:
        """Return what the tale says at this move, or one of the usual phrases."""
        return self.tale.texts.get(move) or self.random.choice(self.phrases[move])

    @property
    def respondent(self) -> Row:
        """The respondent the step is about; the first one where it names none."""
        if self.step.of is None:
            return self.case.respondents[0]
        return self.named(self.step.of)

    def named(self, who: str) -> Row:
        """Return a respondent by name, or a unit by its place among those the tale names."""
        for row in self.case.respondents:
            if who == row["name"] or (row["person_id"] is None and who not in self.staff):
                return row
        raise ValueError(f"{self.tale.subject}: {who} is no respondent")

    @property
    def penalty(self) -> Row:
        """The respondent's latest penalty."""
        mine = [one for one in self.case.penalties if one["respondent_id"] == self.respondent["id"]]
        return mine[-1]


def is_idle(scene: Scene) -> bool:
    """Tell whether a visit comes after the mail was served by itself: it then only shows the decision."""
    return scene.step.move == "visit" and scene.penalty["state"] != "decided"


def actor_of(scene: Scene) -> str:
    """Return who takes the step: whom it names, or whoever usually does."""
    move, tale = scene.step.move, scene.tale
    if scene.step.by:
        return scene.step.by
    if move in RESPONDENT and scene.respondent["person_id"]:
        return str(scene.respondent["name"])
    return tale.supervisor if move in SUPERVISOR else tale.reviewer if move in REVIEWER else tale.officer


def form_of(scene: Scene) -> forms.Form:
    """Fill in the form of the step's move."""
    move = scene.step.move
    fill = FILLED.get(move)
    return fill(scene) if fill else forms.FORMS[move].model_validate({"text": scene.text(move)})


def _verify(scene: Scene) -> forms.Form:
    return forms.Verify(
        finding=scene.tale.finding,
        text=scene.text("verify"),
        respondents=tuple(scene.staff.get(one, one) for one in scene.tale.who),
        no_evidence_reason=scene.random.choice(scene.phrases["no_evidence_reason"]),
    )


def _classify(scene: Scene) -> forms.Form:
    lines = tuple(
        forms.ChargeLine(
            respondent=scene.named(one.who)["id"],
            clause=one.clause,
            share=one.share,
            adjustments=one.adjustments,
        )
        for one in scene.tale.charges
    )
    return forms.Classify(text=scene.text("classify"), charges=lines)


def _penalize(scene: Scene) -> forms.Form:
    lines = tuple(_line(scene, charge) for charge in scene.case.undecided)
    return forms.Penalize(text=scene.text("penalize"), penalties=lines)


def _line(scene: Scene, charge: Row) -> forms.PenaltyLine:
    """Take the tariff's proposal; the least of the tariff where something was decided before."""
    regulation = library.by_hash(scene.tx, scene.case.row["regulation"])
    proposal = sums.proposal_for(scene.tx, scene.case, regulation, charge)
    took, fen = proposal.points, proposal.fen
    if scene.case.respondent(charge["respondent_id"])["cap_fen"] is not None:
        took, fen = proposal.bounds.min_points, proposal.bounds.min_fen
    return forms.PenaltyLine(charge=charge["id"], points=took, yuan=Decimal(fen) / 100)


def _reduce(scene: Scene) -> forms.Form:
    """Halve points and sum."""
    penalty = scene.penalty
    return forms.Reduce(
        penalty=penalty["id"],
        text=scene.text("reduce"),
        points=points(penalty["final_hundredths"] // 2),
        yuan=Decimal(penalty["final_fen"] // 200),
    )


def _about_penalty(scene: Scene) -> forms.Form:
    move = scene.step.move
    return forms.FORMS[move].model_validate({"penalty": scene.penalty["id"], "text": scene.text(move)})


FILLED: dict[str, Callable[[Scene], forms.Form]] = {
    "verify": _verify,
    "classify": _classify,
    "penalize": _penalize,
    "reduce": _reduce,
    "uphold": _about_penalty,
    "revoke": _about_penalty,
    "remand": _about_penalty,
    "rescind": _about_penalty,
    "retract": _about_penalty,
    "hear": lambda s: forms.Hear(respondent=s.respondent["id"], text=s.text("hear")),
    "visit": lambda s: forms.Serve(penalty=s.penalty["id"], how="visit"),
    "serve": lambda s: forms.Serve(penalty=s.penalty["id"], how=s.tale.serve_how, text=s.text("serve")),
    "appeal": lambda s: forms.Appeal(penalty=s.penalty["id"], how="link", text=s.text("appeal")),
    "assign": lambda s: forms.Assign(officer=s.staff[s.tale.officer]),
    "merge": lambda s: forms.Merge(lead=s.numbers[s.step.of or ""]),
    "propose_settlement": lambda s: forms.ProposeSettlement(
        text=s.text("propose_settlement"), customer_content=True
    ),
}
