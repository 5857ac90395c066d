"""The life of one penalty, beside the complaint it came from. The money of it lives in payroll."""

from dataclasses import dataclass

from states.lifecycle import Guard, Law, Move, Outcome, State


@dataclass(frozen=True)
class Facts:
    """What the penalty's own law asks about."""

    window_open: bool = False
    appeals_used: int = 0
    late_admitted: bool = False
    ordered: bool = False


WINDOW = Guard[Facts](
    "window_closed", lambda f: f.window_open or f.late_admitted,
    "申诉期已过。有正当理由的，可以向优质服务领导小组说明原因，请复核人决定是否受理。",
)
ONCE = Guard[Facts]("appeal_used", lambda f: f.appeals_used == 0, "这项处罚已经申诉过一次，不能再次申诉。")
NOT_ORDERED = Guard[Facts](
    "ordered", lambda f: not f.ordered, "这项处罚的扣款已转人劳部，不能直接申诉。请先由人劳部退回。"
)
OVER = Guard[Facts]("window_open", lambda f: not f.window_open, "申诉期未满，还不能生效。")


def _move(
    name: str, label: str, sources: str, target: str, roles: str, guards: tuple[Guard[Facts], ...] = (),
) -> Move[Facts]:
    return Move(name, label, tuple(sources.split()), (Outcome(target),), frozenset(roles.split()), guards)


LAW: Law[Facts] = Law(
    name="penalty",
    birth="new",
    states=(
        State("decided", "待送达"),
        State("served", "申诉期内"),
        State("appealed", "申诉中"),
        State("final", "已生效"),
        State("upheld", "维持"),
        State("reduced", "减轻"),
        State("revoked", "撤销"),
        State("remanded", "发回重审"),
        State("rescinded", "已更正"),
    ),
    ends=frozenset({"final", "upheld", "reduced", "revoked", "remanded", "rescinded"}),
    moves=(
        _move("decide", "作出处罚", "new", "decided", "supervisor"),
        _move("serve", "送达", "decided", "served", "officer employee unit_head system"),
        _move("appeal", "申诉", "served final", "appealed", "employee unit_head officer reviewer",
              (ONCE, WINDOW, NOT_ORDERED)),
        _move("retract", "撤回申诉", "appealed", "final", "employee unit_head"),
        _move("lapse", "期满生效", "served", "final", "system officer", (OVER,)),
        _move("uphold", "维持", "appealed", "upheld", "reviewer"),
        _move("reduce", "减轻", "appealed", "reduced", "reviewer"),
        _move("revoke", "撤销", "appealed", "revoked", "reviewer"),
        _move("remand", "发回重审", "appealed", "remanded", "reviewer"),
        _move("rescind", "更正", "decided served final", "rescinded", "supervisor"),
    ),
)

STANDING = frozenset({"decided", "served", "appealed", "final", "upheld", "reduced"})
OPEN = frozenset({"decided", "served"})
EFFECTIVE = frozenset({"final", "upheld", "reduced"})
