"""What a move may be told in the game of `test_stateful`, and the form that tells it to the services."""

from collections.abc import Callable
from decimal import Decimal

from svcqa.casework import forms
from tests.casework.life import REASON, Life
from tests.casework.telling_again import HEAVY, LIGHT, Args, Told

RESPONDENTS = ("wangjianguo", "chensiyu")
CLAUSES = {"wangjianguo": "7.2.1", "chensiyu": "7.2.2"}
SUMS = {LIGHT: ("3", "200"), HEAVY: ("5", "500")}
PEOPLE: list[Args] = [{"person": person} for person in RESPONDENTS]
ARGUMENTS: dict[str, list[Args]] = {
    "verify": [
        {"finding": finding, "people": people}
        for finding in ("responsible", "not_responsible")
        for people in ((), ("wangjianguo",), RESPONDENTS)
    ],
    "penalize": [{"fen": LIGHT}, {"fen": HEAVY}],
    "serve": [{**one, "how": how} for one in PEOPLE for how in ("paper", "visit")],
    "appeal": [{**one, "how": how} for one in PEOPLE for how in ("page", "paper", "late")],
    **dict.fromkeys(("hear", "rescind", "retract", "uphold", "reduce", "revoke", "remand"), PEOPLE),
}

Write = Callable[[Life, Told, Args], forms.Form]


def arguments(move: str, cases: list[Told]) -> list[Args]:
    """Return what a move may be told."""
    return [{"lead": case} for case in cases] if move == "merge" else ARGUMENTS.get(move, [{}])


def form_of(life: Life, c: Told, move: str, args: Args) -> forms.Form | None:
    """Write the form of a move; None where it would speak of a penalty that does not exist."""
    if move in ABOUT_PENALTY:
        penalty = args["penalty"] and life.penalty(c.number, args["person"])["id"]
        return ABOUT_PENALTY[move](penalty, args) if penalty else None
    return WRITE[move](life, c, args) if move in WRITE else NOTES[move](text="说明")


def verify(life: Life, c: Told, args: Args) -> forms.Verify:
    keys = tuple(life.key(person) for person in args["people"])
    return forms.Verify(finding=args["finding"], text="属实", respondents=keys, no_evidence_reason="已过期")


def hear(life: Life, c: Told, args: Args) -> forms.Hear:
    person = life.cast[args["person"]].id
    known = {r["person_id"]: r["id"] for r in life.case(c.number).respondents}
    return forms.Hear(text="陈述", respondent=known.get(person, "nobody"))


def classify(life: Life, c: Told, args: Args) -> forms.Classify:
    """Charge everybody whose charge is not kept, each under a clause of their own."""
    ids = {life.cast[name].id: name for name in RESPONDENTS}
    lines = tuple(
        forms.ChargeLine(respondent=r["id"], clause=CLAUSES[ids[r["person_id"]]], share=100)
        for r in life.case(c.number).respondents
        if ids[r["person_id"]] not in c.kept
    )
    return forms.Classify(text="一致", charges=lines)


def penalize(life: Life, c: Told, args: Args) -> forms.Penalize:
    points, yuan = map(Decimal, SUMS[args["fen"]])
    undecided = life.case(c.number).undecided
    lines = tuple(forms.PenaltyLine(charge=charge["id"], points=points, yuan=yuan) for charge in undecided)
    return forms.Penalize(text="处罚", penalties=lines)


WRITE: dict[str, Write] = {
    "verify": verify,
    "hear": hear,
    "classify": classify,
    "penalize": penalize,
    "merge": lambda _life, _c, args: forms.Merge(lead=args["lead"].number),
    "assign": lambda life, _c, _args: forms.Assign(officer=life.key("hanlei")),
    "propose_settlement": lambda *_: forms.ProposeSettlement(text="上门道歉", customer_content=True),
}
ABOUT_PENALTY: dict[str, Callable[[str, Args], forms.Form]] = {
    "serve": lambda key, args: forms.Serve(penalty=key, how=args["how"]),
    "appeal": lambda key, args: forms.Appeal(penalty=key, how=args["how"], text=REASON),
    "retract": lambda key, _: forms.Retract(penalty=key),
    "rescind": lambda key, _: forms.Rescind(penalty=key, text="有误"),
    "reduce": lambda key, _: forms.Reduce(penalty=key, text="意见", points=Decimal(1), yuan=Decimal(100)),
    "uphold": lambda key, _: forms.Uphold(penalty=key, text="意见"),
    "revoke": lambda key, _: forms.Revoke(penalty=key, text="意见"),
    "remand": lambda key, _: forms.Remand(penalty=key, text="意见"),
}
NOTES: dict[str, type[forms.Note]] = {
    "dismiss": forms.Dismiss,
    "withdraw": forms.Withdraw,
    "settle": forms.Settle,
    "exonerate": forms.Exonerate,
    "return": forms.Return,
    "waive": forms.Waive,
    "close": forms.Close,
    "reopen": forms.Reopen,
    "reply": forms.Reply,
    "propose_dismissal": forms.ProposeDismissal,
    "propose_exoneration": forms.ProposeExoneration,
}
