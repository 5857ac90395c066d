"""Links under which a decision can be read and contested without an account.

Opening one writes nothing. Only the last four digits of the staff number, typed and posted, confirm a visit;
five wrong tries lock the link.
"""

from dataclasses import dataclass

from svcqa.appeals.models import DecisionLink
from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.links import BrokenLink
from svcqa.kernel.statements import Statement, insert, with_moments
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

PURPOSE = "decision"
MOST_TRIES = 5

ISSUE = insert("decision_link", "jti kind object_id person_id issued_at tries")
READ = Statement("SELECT * FROM decision_link WHERE jti = :jti")
REPLACE = Statement(
    "UPDATE decision_link SET replaced_at = :now WHERE kind = :kind AND object_id = :object_id AND replaced_at IS NULL"
)
MISS = Statement("UPDATE decision_link SET tries = tries + 1, locked_at = :locked_at WHERE jti = :jti")
CONFIRM = Statement("UPDATE decision_link SET confirmed_at = :now WHERE jti = :jti AND confirmed_at IS NULL")


@dataclass(frozen=True)
class OpenLink:
    """A link as it stands now; `problem` is the sentence to show instead of the decision."""

    jti: str
    kind: str
    object_id: str
    person_id: str
    problem: str


UNKNOWN = OpenLink("", "", "", "", "这个链接不完整或不是本系统发出的。请从邮件中重新打开，或把邮件里的地址整行复制到浏览器。")


def issue(tx: Transaction, *, kind: str, object_id: str, person_id: str) -> str:
    """Issue a link to a decision and return its absolute address; earlier ones to it stay valid."""
    jti = new_id()
    ISSUE.run(tx, jti=jti, kind=kind, object_id=object_id, person_id=person_id, issued_at=tx.now, tries=0)
    return tx.links.address(f"/a/{tx.links.token(PURPOSE, jti)}")


def replace(tx: Transaction, *, kind: str, object_id: str) -> None:
    """Let every link to a decision die because the decision was replaced."""
    REPLACE.run(tx, now=tx.now, kind=kind, object_id=object_id)


def look(tx: Transaction, token: str) -> OpenLink:
    """Read a link without writing; says in words when it is unknown, replaced or locked."""
    try:
        jti = tx.links.read(PURPOSE, token)
    except BrokenLink:
        return UNKNOWN
    row = READ.row(tx, jti=jti)
    if row is None:
        return UNKNOWN
    link = dict(with_moments(row))
    problem = ""
    if link["replaced_at"]:
        problem = "这个决定已被新的决定取代，本链接不再有效。请使用最近一封通知邮件中的链接。"
    elif link["locked_at"]:
        problem = "工号后四位连续输错 5 次，本链接已锁定。请联系通知上写明的联系人重新发送。"
    return OpenLink(jti, link["kind"], link["object_id"], link["person_id"], problem)


@dataclass(frozen=True)
class Check:
    """What checking the typed digits came to."""

    right: bool
    tries_left: int


def check_digits(tx: Transaction, link: OpenLink, digits: str) -> Check:
    """Compare typed digits with the staff number and count a miss; right digits confirm the visit.

    A miss must be committed, so nothing is raised for it.
    """
    if people.staff_suffix_matches(tx, link.person_id, digits.strip()):
        if CONFIRM.run(tx, now=tx.now, jti=link.jti).rowcount:
            audit.record(tx, "link.confirmed", kind=link.kind, id=link.object_id, facts={"link": link.jti})
        return Check(right=True, tries_left=MOST_TRIES)
    tries = int(READ.row(tx, jti=link.jti)["tries"]) + 1  # type: ignore[index]  # looked up just before
    MISS.run(tx, jti=link.jti, locked_at=tx.now if tries >= MOST_TRIES else None)
    audit.record(tx, "link.wrong_digits", kind=link.kind, id=link.object_id, facts={"link": link.jti, "tries": tries})
    return Check(right=False, tries_left=MOST_TRIES - tries)


def demand_right(check: Check) -> None:
    """Raise Invalid with what is left when the digits were wrong."""
    if not check.right:
        rest = f"还可以再试 {check.tries_left} 次。" if check.tries_left > 0 else "本链接已锁定，请联系通知上的联系人。"
        raise Invalid("digits", f"工号后四位不对。{rest}")
