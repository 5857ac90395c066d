"""A dozen lives a complaint may have, each told as the steps people take.

Knows the desk, not what is behind it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from svcqa.demo.api_desk import Desk

CLAUSE = "7.2.1"
DECIDED: Mapping[str, str] = {"points": "4", "yuan": "300"}
REDUCED: Mapping[str, str] = {"points": "3", "yuan": "200"}
SHARES = ((60, {"points": "2.4", "yuan": "180"}), (40, {"points": "1.6", "yuan": "120"}))

Life = Callable[[Desk, str], None]


def dismissed(desk: Desk, number: str) -> None:
    """Find nothing: proposed by one, confirmed by another."""
    desk.move("officer", number, "propose_dismissal", text="现场复查，没有查到所反映的情况。")
    _reply(desk, number)
    desk.move("supervisor", number, "dismiss", text="同意。")


def withdrawn(desk: Desk, number: str) -> None:
    """Let the complainant take it back."""
    desk.move("officer", number, "withdraw", text="来电人说问题已经解决，不再反映。")


def exonerated(desk: Desk, number: str) -> None:
    """Find it true, but nobody's fault."""
    _verify(desk, number, desk.respondents[:1], finding="not_responsible")
    desk.move("officer", number, "propose_exoneration", text="属于外部停电，没有适用的条款。")
    _reply(desk, number)
    desk.move("supervisor", number, "exonerate", text="同意无责办结。")


def waived(desk: Desk, number: str) -> None:
    """Classify it and decide on no penalty."""
    _classified(desk, number)
    _reply(desk, number)
    desk.move("supervisor", number, "waive", text="首次发生且已当面取得谅解，免予处罚。")


def upheld(desk: Desk, number: str) -> None:
    """Appeal; the decision stands."""
    penalty = _appealed(desk, number)
    desk.move("reviewer", number, "uphold", penalty=penalty, text="事实清楚，处罚在幅度之内。")


def reduced(desk: Desk, number: str) -> None:
    """Appeal; it becomes lighter."""
    penalty = _appealed(desk, number)
    desk.move("reviewer", number, "reduce", penalty=penalty, text="已及时补救，减轻。", **REDUCED)


def revoked(desk: Desk, number: str) -> None:
    """Appeal; nothing is left of it."""
    penalty = _appealed(desk, number)
    desk.move("reviewer", number, "revoke", penalty=penalty, text="记录证明当时已经办理。")


def remanded(desk: Desk, number: str) -> None:
    """Send it back, decide anew and lighter, appeal again; another reviewer upholds."""
    penalty = _appealed(desk, number)
    desk.move("reviewer", number, "remand", penalty=penalty, text="责任人没有查清，发回重审。")
    _classify(desk, number)
    again = _appeal(desk, number, _penalize(desk, number, REDUCED))
    desk.move("second_reviewer", number, "uphold", penalty=again, text="重新查明的事实清楚，维持。")


def retracted(desk: Desk, number: str) -> None:
    """Appeal, take it back, close."""
    penalty = _appealed(desk, number)
    desk.move("employee", number, "retract", penalty=penalty, text="了解情况后接受处罚。")
    desk.move("officer", number, "close", text="处罚已经生效。")


def rescinded(desk: Desk, number: str) -> None:
    """Put an own error right, then appeal; nothing is left of it."""
    _classified(desk, number)
    _reply(desk, number)
    wrong = _penalize(desk, number, DECIDED)
    desk.move("supervisor", number, "rescind", penalty=wrong, text="金额填写有误，更正。")
    penalty = _appeal(desk, number, _penalize(desk, number, REDUCED))
    desk.move("reviewer", number, "revoke", penalty=penalty, text="两次记录相互矛盾，撤销。")


def shared(desk: Desk, number: str) -> None:
    """Penalize two, of whom one appeals: the window of the other stays open."""
    _classified(desk, number, both=True)
    _reply(desk, number)
    case = desk.read(number)
    sums = {person["id"]: part for person, (_, part) in zip(case["respondents"], SHARES, strict=True)}
    lines = [{"charge": charge["id"], **sums[charge["respondent"]]} for charge in case["charges"]]
    desk.move("supervisor", number, "penalize", text="两人分担责任，按条款处罚。", penalties=lines)
    for penalty in desk.read(number)["penalties"]:
        _serve(desk, number, penalty["id"])
    mine = _appeal(desk, number, _penalty_of(desk.read(number), desk.respondents[0]))
    desk.move("reviewer", number, "reduce", penalty=mine, text="作用较小，减轻。", points="1.5", yuan="100")


def under_review(desk: Desk, number: str) -> None:
    """Appeal and leave it to be decided."""
    _appealed(desk, number)


LIVES: Mapping[str, Life] = {
    life.__name__: life
    for life in (
        upheld, reduced, revoked, remanded, retracted, rescinded, shared, under_review, waived, exonerated,
        dismissed, withdrawn,
    )
}  # fmt: skip


def _appealed(desk: Desk, number: str) -> str:
    """Lead a case to an appeal of the first respondent and return the penalty."""
    _classified(desk, number)
    _reply(desk, number)
    return _appeal(desk, number, _penalize(desk, number, DECIDED))


def _classified(desk: Desk, number: str, *, both: bool = False) -> None:
    _verify(desk, number, desk.respondents[: 2 if both else 1], finding="responsible")
    for respondent in desk.read(number)["respondents"]:
        desk.move("officer", number, "hear", respondent=respondent["id"], text="当时人手紧，没有及时办理。")
    _classify(desk, number)


def _verify(desk: Desk, number: str, respondents: tuple[str, ...], *, finding: str) -> None:
    desk.move(
        "officer", number, "verify", finding=finding, text="调阅工单并回访，情况已经查明。",
        respondents=list(respondents), no_evidence_reason="原系统没有移交录音和照片。",
    )  # fmt: skip


def _classify(desk: Desk, number: str) -> None:
    people = desk.read(number)["respondents"]
    parts = [100] if len(people) == 1 else [share for share, _ in SHARES]
    charges = [
        {"respondent": person["id"], "clause": CLAUSE, "share": share}
        for person, share in zip(people, parts, strict=True)
    ]
    desk.move("officer", number, "classify", text="未在承诺时限内办理。", charges=charges)


def _penalize(desk: Desk, number: str, sums: Mapping[str, str]) -> str:
    """Decide on the one open charge, serve on paper, and return the penalty."""
    case = desk.read(number)
    lines = [{"charge": case["charges"][-1]["id"], **sums}]
    before = {penalty["id"] for penalty in case["penalties"]}
    desk.move("supervisor", number, "penalize", text="承诺没有兑现，按条款处罚。", penalties=lines)
    penalty = next(p["id"] for p in desk.read(number)["penalties"] if p["id"] not in before)
    _serve(desk, number, penalty)
    return str(penalty)


def _serve(desk: Desk, number: str, penalty: str) -> None:
    desk.move("officer", number, "serve", penalty=penalty, how="paper", text="当面签收。")


def _appeal(desk: Desk, number: str, penalty: str) -> str:
    reason = "工单记录可以证明，我在当班时已经联系过客户。"
    desk.move("employee", number, "appeal", penalty=penalty, text=reason)
    return penalty


def _penalty_of(case: Mapping[str, Any], staff_number: str) -> str:
    """Return the penalty of a respondent, through the charge it was decided on."""
    person = next(r["id"] for r in case["respondents"] if r["staff_number"] == staff_number)
    charge = next(c["id"] for c in case["charges"] if c["respondent"] == person)
    return str(next(p["id"] for p in case["penalties"] if p["charge"] == charge))


def _reply(desk: Desk, number: str) -> None:
    desk.move("officer", number, "reply", text="已查明情况并向您致歉，后续由专人跟进。")
