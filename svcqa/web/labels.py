"""What stands over the fields of each move's form, so that a refusal speaks of the same. Words only."""

from collections.abc import Mapping

Labels = Mapping[str, str]

TEXT_OF: Labels = {
    "verify": "核实情况",
    "propose_dismissal": "查无实据的理由",
    "dismiss": "确认意见",
    "withdraw": "投诉人的原话",
    "propose_settlement": "化解经过",
    "settle": "确认意见",
    "propose_exoneration": "为何不适用任何条款",
    "exonerate": "确认意见",
    "return": "退回原因",
    "hear": "陈述内容",
    "classify": "定性说明",
    "penalize": "处罚理由",
    "waive": "免予处罚的理由",
    "serve": "送达说明",
    "rescind": "更正原因",
    "appeal": "申诉理由",
    "retract": "撤回说明",
    "uphold": "维持的理由",
    "reduce": "减轻的理由",
    "revoke": "撤销的理由",
    "remand": "发回的理由",
    "reply": "答复内容",
    "close": "办结说明",
    "reopen": "重启原因",
}
"""The text of a move of a complaint."""
OTHERS_OF: Mapping[str, Labels] = {
    "serve": {"how": "送达方式"},
    "appeal": {"how": "受理方式"},
    "reduce": {"points": "减轻后扣分", "yuan": "减轻后扣款（元）"},
    "classify": {"share": "份额"},
    "penalize": {"yuan": "扣款（元）"},
}
NOTE_OF: Labels = {"complete": "做了什么", "reopen": "重新整改的原因", "withdraw": "撤回的原因"}
"""The text of a move of an improvement measure."""


def of_complaint(move: str) -> Labels:
    """Return the labels of a complaint's move that are its own."""
    text = {"text": TEXT_OF[move]} if move in TEXT_OF else {}
    return {**text, **OTHERS_OF.get(move, {})}


def of_measure(move: str) -> Labels:
    """Return the labels of a measure's move that are its own."""
    return {"note": NOTE_OF[move]} if move in NOTE_OF else {}
