"""Proving the audit chain offline: every leaf and link anew from genesis, the head, the texts, the checkpoints.

Reads only, page by page, and trusts nothing but the rows, the public key and the folder of checkpoints.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json.encoder import encode_basestring as quoted

from svcqa.kernel.audit import DOMAIN, GENESIS, commitment
from svcqa.kernel.merkle import Tree
from svcqa.kernel.statements import Driven, Statement

PAGE = 1_000
EVENTS = Statement(
    "SELECT seq, at, action, object_kind, object_id, actor_id, body, leaf, chain FROM audit_event"
    " WHERE seq > :after ORDER BY seq LIMIT :most"
)
FIRST = Statement("SELECT min(seq) FROM audit_event")
BODY = Statement("SELECT body FROM audit_event WHERE seq = :seq")
HEAD = Statement("SELECT size, chain FROM audit_head WHERE id = 1")
TEXTS = Statement(
    "SELECT seq, name, salt, value FROM audit_text WHERE seq BETWEEN :first AND :last ORDER BY seq"
)
STRAY_TEXT = Statement(
    "SELECT min(t.seq) FROM audit_text t LEFT JOIN audit_event e ON e.seq = t.seq WHERE e.seq IS NULL"
)
TEXTS_BEGIN, TEXTS_END = '"texts":', '},"v":1,'
NO_TEXTS = ',"texts":{},"v":1,'

Row = tuple[int, str, str, str, str, str | None, str, str, str]
Text = tuple[str, str, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Fault:
    """The first event that is not as it was written, and what was done to it."""

    seq: int
    kind: str
    detail: str


@dataclass(frozen=True)
class Anchor:
    """What a signed checkpoint vouches for: the Merkle root over the first `size` events."""

    size: int
    root: bytes
    name: str


@dataclass(frozen=True)
class Verdict:
    """What the proof came to; `anchored` events are vouched for by a checkpoint, those after it are the tail."""

    size: int
    erased: int
    anchored: int
    fault: Fault | None = None

    @property
    def tail(self) -> int:
        """How many events came after the last checkpoint: only the chain vouches for them."""
        return max(self.size - self.anchored, 0)


class Tampered(Exception):
    """Ends the walk at the first fault."""

    def __init__(self, seq: int, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = Fault(seq, kind, detail)


@dataclass
class Walk:
    """The state of the proof between two events."""

    tx: Driven
    anchors: dict[int, list[Anchor]]
    link: bytes = bytes.fromhex(GENESIS)
    size: int = 0
    erased: int = 0
    anchored: int = 0
    tree: Tree = field(default_factory=Tree)

    def step(self, row: Row, texts: Sequence[Text]) -> None:
        """Prove that this row is the event that follows; raises Tampered."""
        seq, at, action, kind, object_id, actor, body, leaf, chain = row
        expected = self.size + 1
        digest = sha256(b"\x00" + body.encode()).digest()
        if seq == expected and digest.hex() != leaf:
            raise Tampered(seq, "edited body", "the event's text no longer gives its leaf hash")
        if seq != expected or f'"seq":{seq},"texts":' not in body:
            raise misplaced(self.tx, row, expected)
        if not says(body, at=at, action=action, kind=kind, object_id=object_id, actor=actor):
            raise Tampered(seq, "edited column", "a column beside the event's text says something else")
        self.link = sha256(DOMAIN + self.link + digest).digest()
        if self.link.hex() != chain:
            raise Tampered(seq, "chain broken", "the link does not follow from the one before")
        if texts or NO_TEXTS not in body:
            self.erased += prove_texts(seq, body, texts)
        self.size = seq
        if self.anchors:
            self._prove_anchors(digest)

    def _prove_anchors(self, leaf: bytes) -> None:
        self.tree.add(leaf)
        for anchor in self.anchors.get(self.size, ()):
            if self.tree.root() != anchor.root:
                detail = f"the root signed in {anchor.name} is another"
                raise Tampered(anchor.size, "differs from its checkpoint", detail)
            self.anchored = anchor.size

    def finish(self) -> None:
        """Prove the head row and that no checkpoint vouches for more than is here; raises Tampered."""
        beyond = [anchor for size, anchors in self.anchors.items() if size > self.size for anchor in anchors]
        if beyond:
            most = max(beyond, key=lambda anchor: anchor.size)
            detail = f"{most.name} vouches for {most.size} events, {self.size} are here"
            raise Tampered(self.size + 1, "older than its checkpoint", detail)
        head = HEAD.one(self.tx)
        if head is None or (int(head[0]), head[1]) != (self.size, self.link.hex()):
            detail = f"the head row says {head[0] if head else 'nothing'}, the chain ends at {self.size}"
            raise Tampered(self.size, "head moved", detail)
        stray = STRAY_TEXT.one(self.tx)[0]
        if stray is not None:
            raise Tampered(int(stray), "text changed", "a personal text belongs to no event")


def verify(
    tx: Driven, *, anchors: Iterable[Anchor] = (), progress: Progress = lambda _done, _all: None
) -> Verdict:
    """Prove the whole chain and return the verdict; it stops at the first fault.

    A missing personal text counts as erased, which is allowed; a changed one is a fault.
    """
    known: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        known.setdefault(anchor.size, []).append(anchor)
    walk, head = Walk(tx, known), HEAD.one(tx)
    most = int(head[0]) if head else 0
    try:
        for row, texts in events(tx):
            walk.step(row, texts)
            if walk.size % PAGE == 0:
                progress(walk.size, most)
        walk.finish()
    except Tampered as found:
        return Verdict(walk.size, walk.erased, walk.anchored, found.fault)
    return Verdict(walk.size, walk.erased, walk.anchored)


def events(tx: Driven) -> Iterator[tuple[Row, Sequence[Text]]]:
    """Yield every event in order with the personal texts beside it, a page at a time."""
    first = FIRST.one(tx)[0]
    after = -1 if first is None else int(first) - 1
    while page := EVENTS.run(tx, after=after, most=PAGE).fetchall():
        texts: dict[int, list[Text]] = defaultdict(list)
        for seq, name, salt, value in TEXTS.run(tx, first=page[0][0], last=page[-1][0]).fetchall():
            texts[seq].append((name, salt, value))
        for row in page:
            yield row, texts.get(row[0], ())
        after = page[-1][0]


def says(body: str, *, at: str, action: str, kind: str, object_id: str, actor: str | None) -> bool:
    """Tell whether the columns repeat what the text says; reading it as JSON would take many times as long."""
    who = "null" if actor is None else quoted(actor)
    return (
        body.startswith(f'{{"action":{quoted(action)},"actor":{{"id":{who},"roles":')
        and f',"at":{quoted(at)},"facts":' in body
        and f'"object":{{"id":{quoted(object_id)},"kind":{quoted(kind)}}},"request":' in body
    )


def prove_texts(seq: int, body: str, texts: Iterable[Text]) -> int:
    """Prove the personal texts of an event and return how many were erased; raises Tampered."""
    promised = dict(
        json.loads(body[body.rindex(TEXTS_BEGIN) + len(TEXTS_BEGIN) : body.rindex(TEXTS_END) + 1])
    )
    for name, salt, value in texts:
        if promised.pop(name, None) != commitment(salt, value):
            raise Tampered(seq, "text changed", f"the text {name!r} is not the one the event vouches for")
    return len(promised)


def misplaced(tx: Driven, row: Row, expected: int) -> Tampered:
    """Name what happened where a row does not stand at its number."""
    seq, own = row[0], own_number(row[6])
    other = BODY.one(tx, seq=own) if own is not None and seq == expected != own else None
    if own is None or own == seq == expected:
        return Tampered(seq, "edited body", "the text is not written as events are")
    if seq < expected or own == expected - 1:
        return Tampered(seq, "inserted", f"a row stands at {seq} that was not written there")
    if other and own_number(other[0]) == seq:
        return Tampered(seq, "swapped", f"events {seq} and {own} stand in each other's place")
    if own == seq or (seq == expected and other is None):
        return Tampered(expected, "deleted", f"event {expected} is missing")
    return Tampered(min(seq, expected), "renumbered", f"event {own} stands at {seq}")


def own_number(body: str) -> int | None:
    """Return the number an event's text gives itself, or None when the text is no event."""
    try:
        return int(json.loads(body)["seq"])
    except (ValueError, KeyError, TypeError):
        return None
