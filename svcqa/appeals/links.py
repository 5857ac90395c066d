"""Links under which a decision can be read and contested without an account.

Opening one writes nothing. Only the last four digits of the staff number, typed and posted, confirm a visit;
five wrong tries lock the link.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from svcqa.kernel import audit
from svcqa.kernel.errors import Invalid
from svcqa.kernel.ids import new_id
from svcqa.kernel.links import BrokenLink
from svcqa.kernel.statements import Statement, insert, with_moments
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

PURPOSE = "decision"
MOST_TRIES = 5
FOUR = re.compile(r"[0-9A-Z-]{4}")

ISSUE = insert("decision_link", "jti kind object_id person_id issued_at tries")
READ = Statement("SELECT * FROM decision_link WHERE jti = :jti")
READ_LOCKED = Statement("SELECT * FROM decision_link WHERE jti = :jti FOR UPDATE")
REPLACE = Statement(
    "UPDATE decision_link SET replaced_at = :now"
    " WHERE kind = :kind AND object_id = :object_id AND replaced_at IS NULL"
)
MISS = Statement(
    "UPDATE decision_link SET tries = tries + 1,"
    " locked_at = CASE WHEN tries + 1 >= :most THEN :now ELSE locked_at END WHERE jti = :jti"
)
TRIES = Statement("SELECT tries FROM decision_link WHERE jti = :jti")
FORGIVE = Statement("UPDATE decision_link SET tries = 0 WHERE jti = :jti AND tries > 0")
CONFIRM = Statement("UPDATE decision_link SET confirmed_at = :now WHERE jti = :jti AND confirmed_at IS NULL")

Standing = Literal["open", "unknown", "replaced", "locked"]


@dataclass(frozen=True)
class OpenLink:
    """A link as it stands now; unless it is open, `problem` is the sentence to show instead."""

    jti: str
    kind: str
    object_id: str
    person_id: str
    problem: str
    standing: Standing = "open"


UNKNOWN = OpenLink(
    "",
    "",
    "",
    "",
    "这个链接不完整或不是本系统发出的。请从邮件中重新打开，或把邮件里的地址整行复制到浏览器。",
    "unknown",
)


def issue(tx: Transaction, *, kind: str, object_id: str, person_id: str) -> str:
    """Issue a link to a decision and return its absolute address; earlier ones to it stay valid."""
    jti = new_id()
    ISSUE.run(tx, jti=jti, kind=kind, object_id=object_id, person_id=person_id, issued_at=tx.now, tries=0)
    return tx.links.address(f"/a/{tx.links.token(PURPOSE, jti)}")


def replace(tx: Transaction, *, kind: str, object_id: str) -> None:
    """Let every link to a decision die because the decision, or the link itself, is replaced."""
    REPLACE.run(tx, now=tx.now, kind=kind, object_id=object_id)


def look(tx: Transaction, token: str, *, locked: bool = False) -> OpenLink:
    """Read a link without writing; says in words when it is unknown, replaced or locked.

    With `locked` the row is held, so that parallel tries are counted one after the other.
    """
    try:
        jti = tx.links.read(PURPOSE, token)
    except BrokenLink:
        return UNKNOWN
    row = (READ_LOCKED if locked and tx.dialect != "sqlite" else READ).row(tx, jti=jti)
    if row is None:
        return UNKNOWN
    link = dict(with_moments(row))
    standing: Standing = "open"
    problem = ""
    if link["replaced_at"]:
        standing = "replaced"
        problem = "本链接已被更新的决定或更新的链接取代，不再有效。请使用最近一封通知邮件中的链接。"
    elif link["locked_at"]:
        standing = "locked"
        problem = "工号后四位连续输错 5 次，本链接已锁定。请联系通知上写明的联系人重新发送。"
    return OpenLink(jti, link["kind"], link["object_id"], link["person_id"], problem, standing)


@dataclass(frozen=True)
class Check:
    """What checking the typed digits came to."""

    right: bool
    tries_left: int

    @property
    def sentence(self) -> str:
        """Say what is wrong and how often it may still be tried; nothing when it was right."""
        return "" if self.right else f"工号后四位不对。还可以再试 {self.tries_left} 次。"


def check_digits(tx: Transaction, link: OpenLink, digits: str) -> Check:
    """Compare typed digits with the staff number and count a miss; right digits confirm the visit.

    A miss must be committed, so nothing is raised for it. What cannot be right is no try: Invalid.
    """
    if not FOUR.fullmatch(unicodedata.normalize("NFKC", digits).strip().upper()):
        raise Invalid("digits", "请填写工号的后四位，例如工号 10236 填 0236。这次没有计入输错次数。")
    if people.staff_suffix_matches(tx, link.person_id, digits):
        FORGIVE.run(tx, jti=link.jti)
        if CONFIRM.run(tx, now=tx.now, jti=link.jti).rowcount:
            audit.record(tx, "link.confirmed", kind=link.kind, id=link.object_id, facts={"link": link.jti})
        return Check(right=True, tries_left=MOST_TRIES)
    MISS.run(tx, jti=link.jti, most=MOST_TRIES, now=tx.now)
    tries = int(TRIES.one(tx, jti=link.jti)[0])
    audit.record(
        tx, "link.wrong_digits", kind=link.kind, id=link.object_id, facts={"link": link.jti, "tries": tries}
    )
    return Check(right=False, tries_left=max(MOST_TRIES - tries, 0))
