"""The life of one assessment cycle: six stages, and two waits for people between them.

The system moves it on; a person confirms the results, or sends them back to be computed again.
"""

from dataclasses import dataclass

from states.lifecycle import Guard, Law, Move, Outcome, State


@dataclass(frozen=True)
class Facts:
    """What the cycle's law asks about."""

    subjects: int = 0
    unrated: int = 0
    unanswered: int = 0
    collect_over: bool = False
    results: int = 0
    window_over: bool = False
    open_appeals: int = 0
    open_measures: int = 0
    reason: str = ""


SOMEBODY = Guard[Facts](
    "no_subjects", lambda f: f.subjects > 0,
    "这个单位在考核期内没有可考核的人员，不能开始采集。请核对单位和岗位日期。",
)
COLLECTED = Guard[Facts](
    "ratings_open", lambda f: f.unrated == 0 or f.collect_over,
    lambda f: f"还有 {f.unrated} 项评分未提交，截止日未到，不能进入评价。可以催办，或等到截止日。",
)
ASKED = Guard[Facts](
    "surveys_open", lambda f: f.unanswered == 0 or f.collect_over,
    lambda f: f"还有 {f.unanswered} 位客户未回答问卷，截止日未到，不能进入评价。请等到截止日。",
)
RESULTS = Guard[Facts]("no_results", lambda f: f.results > 0, "还没有算出成绩，不能确认。请先完成评价。")
REASON = Guard[Facts]("reason", lambda f: bool(f.reason.strip()), "请写明原因，它会记入周期的记录。")
WINDOW = Guard[Facts]("window_open", lambda f: f.window_over, "申诉期未满，还不能进入改进。")
HEARD = Guard[Facts](
    "appeals_open", lambda f: f.open_appeals == 0,
    lambda f: f"还有 {f.open_appeals} 件申诉没有结论，不能进入改进。请先请复核人作出决定。",
)
SETTLED = Guard[Facts](
    "measures_open", lambda f: f.open_measures == 0,
    lambda f: f"还有 {f.open_measures} 项改进措施没有结论，不能办结。",
)


def _move(
    name: str, label: str, sources: str, target: str, roles: str, *guards: Guard[Facts],
    demands: tuple[Guard[Facts], ...] = (),
) -> Move[Facts]:
    return Move(name, label, tuple(sources.split()), (Outcome(target),), frozenset(roles.split()), guards, demands)


LAW: Law[Facts] = Law(
    name="cycle",
    birth="new",
    states=(
        State("planning", "计划", "确定对象与日期"),
        State("collecting", "采集", "收集数据与评分"),
        State("evaluating", "评价", "计算成绩"),
        State("evaluated", "待确认", "确认成绩"),
        State("reporting", "报告", "生成报告"),
        State("feedback", "反馈", "告知与申诉"),
        State("improving", "改进", "落实改进措施"),
        State("closed", "已办结"),
        State("cancelled", "已取消"),
    ),
    ends=frozenset({"closed", "cancelled"}),
    moves=(
        _move("open", "开启", "new", "planning", "supervisor system"),
        _move("collect", "开始采集", "planning", "collecting", "system supervisor", SOMEBODY),
        _move("evaluate", "开始评价", "collecting", "evaluating", "system supervisor", COLLECTED, ASKED),
        _move("present", "提交确认", "evaluating", "evaluated", "system supervisor", RESULTS),
        _move("confirm", "确认成绩", "evaluated", "reporting", "supervisor", RESULTS),
        _move("recompute", "退回重算", "evaluated", "evaluating", "supervisor", demands=(REASON,)),
        _move("inform", "开始反馈", "reporting", "feedback", "system supervisor"),
        _move("improve", "进入改进", "feedback", "improving", "system supervisor", WINDOW, HEARD),
        _move("close", "办结", "improving", "closed", "system supervisor", SETTLED),
        _move("cancel", "取消", "planning collecting evaluating evaluated", "cancelled", "supervisor",
              demands=(REASON,)),
    ),
)

STAGES = ("plan", "collect", "evaluate", "report", "feedback", "improve")
"""The six stages as they are named in code."""
STAGE_OF = {
    "planning": "plan", "collecting": "collect", "evaluating": "evaluate", "evaluated": "evaluate",
    "reporting": "report", "feedback": "feedback", "improving": "improve",
}
STAGE_LABELS = {
    "plan": "计划", "collect": "采集", "evaluate": "评价", "report": "报告", "feedback": "反馈", "improve": "改进",
}
ENDED = LAW.ends
