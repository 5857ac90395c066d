"""The frame around every signed-in page: side bar with counts, who is signed in, a banner when something is late."""

from datetime import timedelta

from svcqa.assessment import contested, ratings, visibility
from svcqa.casework import queries
from svcqa.kernel import rounds
from svcqa.kernel.transaction import Actor, Transaction
from svcqa.organisation import directory, oversight
from svcqa.organisation.access import DERIVED, ROLES
from svcqa.payroll import sheet
from svcqa.web.views import Frame, Me, NavItem

WATCHERS = frozenset({"supervisor", "administrator", "auditor"})
WORK = {rounds.SWEEP: "到期巡检", rounds.COURIER: "邮件投递", rounds.CHECKPOINT: "审计检查点"}
STAFF = frozenset({"officer", "supervisor", "unit_head", "reviewer", "hr", "inspector", "auditor", "adviser"})


def frame_for(tx: Transaction, *, here: str, csrf: str) -> Frame:
    """Read the frame for the signed-in person."""
    me = Me(tx.actor.name, _role_label(tx.actor))
    return Frame(nav=_nav(tx), here=here, me=me, csrf=csrf, banner=_banner(tx))


def _banner(tx: Transaction) -> str:
    """Say to those who can do something about it what no longer comes round by itself."""
    if not tx.actor.roles & WATCHERS:
        return ""
    late = rounds.late(tx)
    words = [f"{WORK[name]}已有 {_span(late[name])}没有运行" for name in WORK if name in late]
    return f"{'，'.join(words)}。请让运维人员检查 svcqa up 和它的日志。" if words else ""


def _span(ago: timedelta) -> str:
    minutes = int(ago.total_seconds()) // 60
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"


def _nav(tx: Transaction) -> tuple[tuple[str, tuple[NavItem, ...]], ...]:
    roles, counts = tx.actor.roles, queries.nav_counts(tx)
    work = [NavItem("/me", "user", "我的")]
    if roles & STAFF:
        work.insert(0, NavItem("/complaints", "inbox", "投诉工单", counts.open))
    if "reviewer" in roles:
        work.insert(
            1, NavItem("/appeals", "scale", "申诉复核", counts.appeals + contested.waiting(tx), hot=True)
        )
    if roles & sheet.READ.roles:
        work.append(NavItem("/payroll/orders", "yen", "扣款台账"))
    assessed = [NavItem("/cycles", "cycle", "考核周期")] if visibility.sees_any(tx.actor) else []
    if "employee" in roles:
        waiting = sum(one.total - one.done for one in ratings.waiting_for(tx, tx.actor.person_id or ""))
        assessed.append(NavItem("/ratings", "star", "我的评分", waiting or None, hot=True))
    if assessed:
        assessed.append(NavItem("/measures", "board", "改进措施"))
    setup = [NavItem("/rulebook", "book", "制度条款")]
    if roles & directory.READ.roles:
        setup.append(NavItem("/people", "people", "组织人员"))
    if roles & oversight.READ_MAIL.roles:
        setup.append(NavItem("/mail", "mail", "邮件记录"))
    if roles & oversight.READ_EVENTS.roles:
        setup.append(NavItem("/audit", "lock", "审计记录"))
    if tx.settings.development:
        setup.append(NavItem("/mailbox", "chat", "本地邮箱"))
    groups = (("办理", work), ("考核", assessed), ("设置", setup))
    return tuple((label, tuple(items)) for label, items in groups if items)


def _role_label(actor: Actor) -> str:
    """Name the first role that was granted, else what follows from employment and posts."""
    ordered = sorted(actor.roles & set(ROLES), key=lambda role: (role in DERIVED, list(ROLES).index(role)))
    return ROLES[ordered[0]] if ordered else ""
