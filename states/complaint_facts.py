"""The facts the complaint's law asks about, and the guards made of them, each with its own sentence.

Casework gathers the facts; nothing here looks anything up.
"""

from dataclasses import dataclass

from states.lifecycle import Guard

HANDLE, DECIDE, REVIEW = "handle", "decide", "review"
INSTANCES = {HANDLE: "办理", DECIDE: "处罚决定", REVIEW: "申诉复核"}


@dataclass(frozen=True)
class Facts:
    """One complaint seen by one actor, with what the form brings (`form_*`).

    `instances` are those the actor has acted in on this case; `other_*` leave out the penalty at hand.
    """

    is_respondent: bool = False
    is_supervisor: bool = False
    instances: frozenset[str] = frozenset()
    reviewed_this_appeal: bool = False
    excluded_reviewer: str = ""
    handler_remains: bool = True
    decider_remains: bool = True
    reviewer_remains: bool = True
    second_reviewer: bool = True

    answer_owed: bool = True
    answered: bool = False
    merged_unanswered: bool = False
    possible_class_one: bool = False
    finding: str = ""
    proposal: str = ""
    proposed_by_actor: bool = False
    returns: int = 0
    heard: bool = True
    charges: int = 0
    undecided_charges: int = 0

    pending_appeals: int = 0
    open_windows: int = 0
    payroll_pending: int = 0
    other_appeals: int = 0
    other_windows: int = 0
    other_payroll: int = 0

    may_appeal: bool = False
    appellant: bool = False
    appeal_problem: str = ""
    unserved: int = 0
    remanded_before: bool = False
    reopen_problem: str = ""

    form_text: bool = True
    form_evidence: bool = True
    form_respondents: bool = True
    form_lead_open: bool = True
    form_customer_content: bool = True
    form_charges_problem: str = ""
    form_sums_problem: str = ""
    form_lighter: bool = True
    form_not_heavier: bool = True

    @property
    def settled(self) -> bool:
        """Nothing is under appeal, no window is open, payroll has all it must have."""
        return not (self.pending_appeals or self.open_windows or self.payroll_pending)

    @property
    def others_settled(self) -> bool:
        """The same, the penalty at hand left out."""
        return not (self.other_appeals or self.other_windows or self.other_payroll)

    @property
    def customer_done(self) -> bool:
        """The customer has an answer or is owed none."""
        return self.answered or not self.answer_owed


def one_instance(instance: str) -> Guard[Facts]:
    """Nobody acts in two instances of one case; repeating the same is allowed."""

    def sentence(facts: Facts) -> str:
        before = "、".join(INSTANCES[i] for i in sorted(facts.instances - {instance}))
        return f"你在本案中已参与{before}，不能再参与{INSTANCES[instance]}。请由其他人员办理。"

    return Guard(f"instance_{instance}", lambda f: f.instances <= {instance}, sentence)


NOT_RESPONDENT = Guard[Facts](
    "respondent", lambda f: not f.is_respondent, "你是本案的被投诉人，不能办理本案。请由其他人员办理。"
)
REVIEWER_REMAINS = Guard[Facts](
    "reviewer_needed",
    lambda f: f.reviewer_remains,
    "这一步之后将没有未参与本案的复核人。请先请管理员指定一名优质服务领导小组复核人。",
)
DECIDER_REMAINS = Guard[Facts](
    "decider_needed",
    lambda f: f.decider_remains,
    "这一步之后将没有未参与本案的客服主管可以决定处罚。请换一名经办人，或请管理员指定主管。",
)
HANDLER_REMAINS = Guard[Facts](
    "handler_needed",
    lambda f: f.handler_remains,
    "这一步之后将没有未参与处罚决定和复核的经办人可以定性。请先请管理员指定一名经办人。",
)
ANSWERED = Guard[Facts](
    "unanswered", lambda f: f.customer_done, "还没有答复客户。请先办理“答复客户”，再办结。"
)
MERGED_ANSWERED = Guard[Facts](
    "merged_unanswered",
    lambda f: not f.merged_unanswered,
    "并入本单的投诉还没有答复。请先办理“答复客户”，再撤诉或并案。",
)
NO_APPEAL = Guard[Facts]("appeal_pending", lambda f: f.pending_appeals == 0, "还有申诉没有复核完，不能办结。")
NO_WINDOW = Guard[Facts](
    "window_open", lambda f: f.open_windows == 0, "还有处罚没有送达或申诉期未满，不能办结。"
)
PAYROLL = Guard[Facts](
    "payroll_pending", lambda f: f.payroll_pending == 0, "还有扣款没有转人劳部，不能办结。"
)
SETTLED = (NO_APPEAL, NO_WINDOW, PAYROLL)
CLOSABLE = (*SETTLED, ANSWERED)
RESPONSIBLE = Guard[Facts](
    "finding_responsible",
    lambda f: f.finding == "responsible",
    "核实结论是无责任，不能定性处罚。请走“无责办结”，或退回核实。",
)
NOT_RESPONSIBLE = Guard[Facts](
    "finding_none", lambda f: f.finding != "responsible", "核实结论认定有责任，不能撤诉结案。请继续定性。"
)
NOT_CLASS_ONE = Guard[Facts](
    "possible_class_one",
    lambda f: not f.possible_class_one,
    "本单标记为可能的一类投诉，不能撤诉，应继续查明。",
)
HEARD = Guard[Facts](
    "unheard", lambda f: f.heard, "还没有听取被投诉人的陈述，陈述期限也未届满。请先办理“听取陈述”。"
)
RETURNS = Guard[Facts](
    "second_return", lambda f: f.returns == 0 or f.is_supervisor, "同一步第二次退回须由客服主管办理。"
)
TEXT = Guard[Facts]("text_missing", lambda f: f.form_text, "请填写说明或理由。")


def proposed(kind: str, label: str) -> tuple[Guard[Facts], ...]:
    """Return the guards of a move that one person proposes and a second confirms."""
    return (
        Guard(
            f"{kind}_not_proposed", lambda f: f.proposal == kind, f"还没有人提出{label}。请先由经办方提出。"
        ),
        Guard(f"{kind}_own_proposal", lambda f: not f.proposed_by_actor, f"{label}须由提出人以外的人确认。"),
    )
