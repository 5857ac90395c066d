"""The facts that allow a move, and for each guard the one change of them that it refuses."""

from dataclasses import replace
from typing import Any

from states import cycle, measure, penalty
from states.complaint_facts import DECIDE, HANDLE, REVIEW, Facts

# Facts under which every move of its law is allowed, and what some moves need besides.
ALLOWING: dict[str, Any] = {
    "complaint": Facts(
        answered=True,
        finding="responsible",
        charges=1,
        undecided_charges=1,
        unserved=1,
        may_appeal=True,
        appellant=True,
    ),
    "penalty": penalty.Facts(window_open=True),
    "cycle": cycle.Facts(subjects=8, results=8, window_over=True, reason="数据有误"),
    "measure": measure.Facts(plan="每周复盘", has_target=True, note="已完成", window_over=True),
}
BESIDES: dict[tuple[str, str], dict[str, Any]] = {
    ("complaint", "withdraw"): {"finding": "not_responsible"},
    ("complaint", "reply"): {"answered": False},
    ("complaint", "dismiss"): {"proposal": "dismissal"},
    ("complaint", "settle"): {"proposal": "settlement"},
    ("complaint", "exonerate"): {"proposal": "exoneration"},
    ("penalty", "lapse"): {"window_open": False},
}

# One change of the facts for each guard that breaks it and no other.
BREAKING: dict[str, dict[str, Any]] = {
    "respondent": {"is_respondent": True},
    "instance_handle": {"instances": frozenset({DECIDE})},
    "instance_decide": {"instances": frozenset({REVIEW})},
    "instance_review": {"instances": frozenset({HANDLE})},
    "decider_needed": {"decider_remains": False},
    "reviewer_needed": {"reviewer_remains": False},
    "handler_needed": {"handler_remains": False},
    "second_reviewer": {"second_reviewer": False},
    "text_missing": {"form_text": False},
    "reason_short": {"form_text": False},
    "evidence_missing": {"form_evidence": False},
    "respondent_missing": {"form_respondents": False},
    "lead_not_open": {"form_lead_open": False},
    "customer_not_content": {"form_customer_content": False},
    "dismissal_not_proposed": {"proposal": ""},
    "settlement_not_proposed": {"proposal": "dismissal"},
    "exoneration_not_proposed": {"proposal": "settlement"},
    "dismissal_own_proposal": {"proposed_by_actor": True},
    "settlement_own_proposal": {"proposed_by_actor": True},
    "exoneration_own_proposal": {"proposed_by_actor": True},
    "appeal_pending": {"pending_appeals": 1},
    "window_open": {"open_windows": 1},
    "payroll_pending": {"payroll_pending": 1},
    "unanswered": {"answered": False},
    "merged_unanswered": {"merged_unanswered": True},
    "possible_class_one": {"possible_class_one": True},
    "finding_none": {"finding": "responsible"},
    "finding_responsible": {"finding": "not_responsible"},
    "second_return": {"returns": 1},
    "charges_wrong": {"form_charges_problem": "责任份额合计不是 100%。"},
    "unheard": {"heard": False},
    "nothing_to_decide": {"charges": 0, "undecided_charges": 0},
    "sums_wrong": {"form_sums_problem": "扣分超出规定。"},
    "heavier": {"form_not_heavier": False},
    "nothing_to_serve": {"unserved": 0},
    "other_window": {"other_windows": 1},
    "other_appeal": {"other_appeals": 1},
    "not_appellant": {"may_appeal": False},
    "appeal_refused": {"appeal_problem": "这项处罚还没有送达。"},
    "not_own_appeal": {"appellant": False},
    "reviewer_excluded": {"excluded_reviewer": "你是被投诉人的上级，不能复核。"},
    "reviewed_before": {"reviewed_this_appeal": True},
    "not_lighter": {"form_lighter": False},
    "remanded_before": {"remanded_before": True},
    "no_answer_owed": {"answer_owed": False},
    "reopen_limit": {"reopen_problem": "本单已重启过一次。"},
}
BREAKING_PENALTY: dict[str, dict[str, Any]] = {
    "window_closed": {"window_open": False},
    "appeal_used": {"appeals_used": 1},
    "ordered": {"ordered": True},
    "window_open": {"window_open": True},
}
BREAKING_CYCLE: dict[str, dict[str, Any]] = {
    "no_subjects": {"subjects": 0},
    "ratings_open": {"unrated": 3},
    "surveys_open": {"unanswered": 5},
    "no_results": {"results": 0},
    "reason": {"reason": "  "},
    "window_open": {"window_over": False},
    "appeals_open": {"open_appeals": 1},
    "measures_open": {"open_measures": 2},
}
BREAKING_MEASURE: dict[str, dict[str, Any]] = {
    "plan": {"plan": " "},
    "target": {"has_target": False},
    "note": {"note": ""},
    "window_open": {"window_over": False},
}
BROKEN_BY: dict[str, dict[str, dict[str, Any]]] = {
    "complaint": BREAKING,
    "penalty": BREAKING_PENALTY,
    "cycle": BREAKING_CYCLE,
    "measure": BREAKING_MEASURE,
}


def allowing(name: str, move: str) -> Any:
    """Return facts of a law under which a move is allowed."""
    return replace(ALLOWING[name], **BESIDES.get((name, move), {}))


def broken(name: str, move: str, code: str) -> Any:
    """Return the same facts with one guard broken."""
    return replace(allowing(name, move), **BROKEN_BY[name][code])
