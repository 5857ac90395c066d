"""The life of one improvement measure: agreed before it starts, done, and judged by its effect."""

from dataclasses import dataclass

from states.lifecycle import Guard, Law, Move, Outcome, State


@dataclass(frozen=True)
class Facts:
    """What the measure's law asks about."""

    plan: str = ""
    has_target: bool = False
    note: str = ""
    window_over: bool = False


PLAN = Guard[Facts]("plan", lambda f: bool(f.plan.strip()), "请写明整改做法，再请负责人认领。")
TARGET = Guard[Facts]("target", lambda f: f.has_target, "请先定下指标的目标值，开始以后不能再改。")
NOTE = Guard[Facts]("note", lambda f: bool(f.note.strip()), "请写明做了什么或者为什么，它会记入措施的记录。")
WINDOW = Guard[Facts]("window_open", lambda f: f.window_over, "观察期未满，还不能判断效果。")


def _move(
    name: str, label: str, sources: str, target: str, roles: str, *guards: Guard[Facts],
    demands: tuple[Guard[Facts], ...] = (),
) -> Move[Facts]:
    return Move(name, label, tuple(sources.split()), (Outcome(target),), frozenset(roles.split()), guards, demands)


LAW: Law[Facts] = Law(
    name="measure",
    birth="new",
    states=(
        State("proposed", "待认领", "认领"),
        State("agreed", "待开始", "开始"),
        State("in_progress", "进行中", "落实"),
        State("done", "已落实", "评估效果"),
        State("effective", "有效"),
        State("not_effective", "无效"),
        State("not_enough_data", "数据不足"),
        State("withdrawn", "已撤回"),
    ),
    ends=frozenset({"effective", "not_effective", "not_enough_data", "withdrawn"}),
    moves=(
        _move("propose", "提出", "new", "proposed", "supervisor unit_head system"),
        _move("agree", "认领", "proposed", "agreed", "employee unit_head supervisor", demands=(PLAN, TARGET)),
        _move("start", "开始", "agreed", "in_progress", "employee unit_head supervisor"),
        _move("complete", "报告落实", "in_progress", "done", "employee unit_head supervisor", demands=(NOTE,)),
        _move("judge_effective", "判为有效", "done", "effective", "system", WINDOW),
        _move("judge_not_effective", "判为无效", "done", "not_effective", "system", WINDOW),
        _move("judge_not_enough_data", "判为数据不足", "done", "not_enough_data", "system", WINDOW),
        _move("reopen", "重新整改", "not_effective not_enough_data effective", "in_progress",
              "supervisor unit_head", demands=(NOTE,)),
        _move("withdraw", "撤回", "proposed agreed in_progress", "withdrawn", "supervisor", demands=(NOTE,)),
    ),
)

OPEN = frozenset({"proposed", "agreed", "in_progress", "done"})
