"""The life of one complaint: six states, and every move between them with who may make it and when.

The table is the only place where this stands; pages, API, diagrams and tests are drawn from it.
"""

from states import complaint_facts as facts
from states.complaint_facts import (
    CLOSABLE,
    DECIDE,
    HANDLE,
    REVIEW,
    SETTLED,
    TEXT,
    Facts,
    one_instance,
    proposed,
)
from states.lifecycle import Guard, Law, Move, Outcome, State

NEW = "new"
RECEIVED, VERIFIED, CLASSIFIED = "received", "verified", "classified"
PENALIZED, APPEALED, CLOSED = "penalized", "appealed", "closed"
OPEN = (RECEIVED, VERIFIED, CLASSIFIED, PENALIZED, APPEALED)

STATES = (
    State(RECEIVED, "已受理", "核实", "16 working_hours"),
    State(VERIFIED, "已核实", "定性", "16 working_hours"),
    State(CLASSIFIED, "已定性", "处罚", "16 working_hours"),
    State(PENALIZED, "已处罚", "送达", "3 working_days"),
    State(APPEALED, "申诉中", "复核", "5 working_days"),
    State(CLOSED, "已办结"),
)

HANDLING = (facts.NOT_RESPONDENT, one_instance(HANDLE), facts.DECIDER_REMAINS, facts.REVIEWER_REMAINS)
DECIDING = (facts.NOT_RESPONDENT, one_instance(DECIDE))
REVIEWING = (
    facts.NOT_RESPONDENT,
    one_instance(REVIEW),
    Guard[Facts]("reviewer_excluded", lambda f: not f.excluded_reviewer, lambda f: f.excluded_reviewer),
    Guard[Facts]("reviewed_before", lambda f: not f.reviewed_this_appeal,
                 "你复核过此人在本案中的上一次申诉，应由另一名复核人办理。"),
)
AFTER_REVIEW = (
    Outcome[Facts](APPEALED, lambda f: f.other_appeals > 0),
    Outcome[Facts](CLOSED, lambda f: f.others_settled and f.customer_done),
    Outcome[Facts](PENALIZED),
)


def _to(target: str) -> tuple[Outcome[Facts], ...]:
    return (Outcome(target),)


def _stay(name: str, label: str, sources: tuple[str, ...], roles: str, **rest: tuple[Guard[Facts], ...]) -> Move[Facts]:
    return Move(name, label, sources, _to("="), frozenset(roles.split()), stays=True, **rest)


def _move(
    name: str, label: str, sources: tuple[str, ...], outcomes: tuple[Outcome[Facts], ...], roles: str,
    *, guards: tuple[Guard[Facts], ...] = (), demands: tuple[Guard[Facts], ...] = (),
) -> Move[Facts]:
    return Move(name, label, sources, outcomes, frozenset(roles.split()), guards, demands)


INTAKE = (
    _move("register", "登记", (NEW,), _to(RECEIVED), "officer inspector unit_head api customer"),
    _move("verify", "核实", (RECEIVED,), _to(VERIFIED), "officer unit_head",
          guards=(*HANDLING, facts.HANDLER_REMAINS), demands=(
        TEXT,
        Guard("evidence_missing", lambda f: f.form_evidence, "请上传证据，或写明没有证据的原因。"),
        Guard("respondent_missing", lambda f: f.form_respondents, "请至少指明一名被投诉人或被投诉单位。"),
    )),
    _stay("propose_dismissal", "提出查无实据", (RECEIVED,), "officer", guards=(facts.NOT_RESPONDENT,), demands=(TEXT,)),
    _move("dismiss", "确认查无实据", (RECEIVED,), _to(CLOSED), "officer supervisor",
          guards=(facts.NOT_RESPONDENT, *proposed("dismissal", "查无实据"), *CLOSABLE)),
    _move("withdraw", "撤诉", (RECEIVED, VERIFIED), _to(CLOSED), "officer",
          guards=(facts.NOT_RESPONDENT, facts.NOT_CLASS_ONE, facts.NOT_RESPONSIBLE, facts.MERGED_ANSWERED, *SETTLED),
          demands=(TEXT,)),
    _move("merge", "并案", (RECEIVED, VERIFIED), _to(CLOSED), "officer",
          guards=(facts.NOT_RESPONDENT, facts.MERGED_ANSWERED, *SETTLED), demands=(
        Guard("lead_not_open", lambda f: f.form_lead_open, "主案不存在、已办结或就是本案。请填写一个在办的工单编号。"),
    )),
)

HANDLING_MOVES = (
    _stay("propose_settlement", "提出首层化解", (VERIFIED,), "unit_head", guards=(facts.NOT_RESPONDENT,), demands=(
        TEXT, Guard("customer_not_content", lambda f: f.form_customer_content, "首层化解须以客户满意为前提，请核对客户意见。"),
    )),
    _move("settle", "确认首层化解", (VERIFIED,), _to(CLOSED), "officer",
          guards=(facts.NOT_RESPONDENT, *proposed("settlement", "首层化解"), *CLOSABLE)),
    _stay("propose_exoneration", "提出无责办结", (VERIFIED,), "officer", guards=(facts.NOT_RESPONDENT,), demands=(TEXT,)),
    _move("exonerate", "确认无责办结", (VERIFIED,), _to(CLOSED), "supervisor",
          guards=(*DECIDING, *proposed("exoneration", "无责办结"), *CLOSABLE)),
    _move("return", "退回", (VERIFIED, CLASSIFIED),
          (Outcome(RECEIVED, source=VERIFIED), Outcome(VERIFIED, source=CLASSIFIED)), "supervisor officer",
          guards=(facts.NOT_RESPONDENT, facts.RETURNS), demands=(TEXT,)),
    _stay("hear", "听取陈述", (VERIFIED, CLASSIFIED), "employee unit_head officer", demands=(TEXT,)),
    _move("classify", "定性", (VERIFIED,), _to(CLASSIFIED), "officer", guards=(*HANDLING, facts.RESPONSIBLE), demands=(
        Guard("charges_wrong", lambda f: not f.form_charges_problem, lambda f: f.form_charges_problem),
    )),
)

DECIDING_MOVES = (
    _move("penalize", "出具处罚", (CLASSIFIED,), _to(PENALIZED), "supervisor",
          guards=(*DECIDING, facts.REVIEWER_REMAINS, facts.HEARD,
                  Guard("nothing_to_decide", lambda f: f.undecided_charges > 0 or f.charges > 0, "没有可以处罚的指控项，请先定性。")),
          demands=(
              TEXT,
              Guard("sums_wrong", lambda f: not f.form_sums_problem, lambda f: f.form_sums_problem),
              Guard("heavier", lambda f: f.form_not_heavier,
                    "处罚不得重于曾被申诉的处罚或复核后的结果。请改为相同或更轻。"),
          )),
    _move("waive", "免予处罚", (CLASSIFIED,), _to(CLOSED), "supervisor", guards=(*DECIDING, *CLOSABLE), demands=(TEXT,)),
    _stay("serve", "登记送达", (PENALIZED, APPEALED), "officer system employee unit_head",
          guards=(Guard("nothing_to_serve", lambda f: f.unserved > 0, "本案没有待送达的处罚。"),)),
    _move("rescind", "更正处罚", (PENALIZED,), _to(CLASSIFIED), "supervisor", guards=(
        *DECIDING,
        facts.REVIEWER_REMAINS,
        Guard("other_window", lambda f: f.other_windows == 0, "本案另有处罚未送达或在申诉期内，期满后才能更正这一项。"),
    ), demands=(TEXT,)),
)

APPEAL_MOVES = (
    _move("appeal", "提出申诉", (PENALIZED, APPEALED), _to(APPEALED), "employee unit_head officer reviewer", guards=(
        Guard("not_appellant", lambda f: f.may_appeal, "只有受处罚的本人，或受处罚单位的负责人可以申诉；书面申诉由经办人代录。"),
        Guard("appeal_refused", lambda f: not f.appeal_problem, lambda f: f.appeal_problem),
    ), demands=(Guard("reason_short", lambda f: f.form_text, "申诉理由至少 10 个字，请说明与事实不符之处。"),)),
    _move("retract", "撤回申诉", (APPEALED,), (
        Outcome(APPEALED, lambda f: f.other_appeals > 0), Outcome(PENALIZED),
    ), "employee unit_head", guards=(Guard("not_own_appeal", lambda f: f.appellant, "只能撤回自己提出的申诉。"),)),
    _move("uphold", "维持", (APPEALED,), AFTER_REVIEW, "reviewer", guards=REVIEWING, demands=(TEXT,)),
    _move("reduce", "减轻", (APPEALED,), AFTER_REVIEW, "reviewer", guards=REVIEWING, demands=(
        TEXT, Guard("not_lighter", lambda f: f.form_lighter, "减轻后的分值和金额不得高于原处罚，且至少一项更低。"),
    )),
    _move("revoke", "撤销处罚", (APPEALED,), AFTER_REVIEW, "reviewer", guards=REVIEWING, demands=(TEXT,)),
    _move("remand", "发回重审", (APPEALED,), _to(VERIFIED), "reviewer", guards=(
        *REVIEWING,
        Guard("remanded_before", lambda f: not f.remanded_before, "这一指控项已经发回重审过一次，请直接作出决定。"),
        Guard("other_appeal", lambda f: f.other_appeals == 0, "本案还有其他申诉未决，请先复核完再发回。"),
        Guard("other_window", lambda f: f.other_windows == 0, "本案另有处罚未送达或在申诉期内，期满后才能发回。"),
        Guard("second_reviewer", lambda f: f.second_reviewer, "发回后再次申诉时将没有其他复核人。请先请管理员增加复核人，或直接作出决定。"),
        facts.HANDLER_REMAINS,
    ), demands=(TEXT,)),
)

CLOSING_MOVES = (
    _stay("reply", "答复客户", OPEN, "officer", guards=(
        facts.NOT_RESPONDENT,
        Guard("no_answer_owed", lambda f: f.answer_owed and not f.answered, "客户已经答复过，或本单不需要答复。"),
    ), demands=(TEXT,)),
    _stay("assign", "指派经办人", OPEN, "supervisor officer", guards=(facts.NOT_RESPONDENT,)),
    _move("close", "办结", (PENALIZED,), _to(CLOSED), "officer system", guards=(facts.NOT_RESPONDENT, *CLOSABLE)),
    _move("reopen", "重启", (CLOSED,), (Outcome(VERIFIED, lambda f: bool(f.finding)), Outcome(RECEIVED)), "supervisor",
          guards=(Guard("reopen_limit", lambda f: not f.reopen_problem, lambda f: f.reopen_problem),), demands=(TEXT,)),
)

LAW: Law[Facts] = Law(
    name="complaint", states=STATES, birth=NEW, ends=frozenset({CLOSED}),
    moves=INTAKE + HANDLING_MOVES + DECIDING_MOVES + APPEAL_MOVES + CLOSING_MOVES,
)
