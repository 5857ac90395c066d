"""Proving a restored database: its chain, its texts, its cases, against the archive's checkpoints and newer ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from svcqa.bootstrap import seal_at_hand
from svcqa.casework.rebuilding import Deviation, compare
from svcqa.kernel import checkpoint
from svcqa.kernel.database import open_to_read
from svcqa.kernel.errors import Invalid
from svcqa.kernel.sealing import Seal
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Driven, Statement
from svcqa.kernel.verifying import Anchor, Verdict, verify
from svcqa.safekeeping.archive import NOTE, PUBLIC_KEY, Archive

LETTER = Statement("SELECT sealed FROM outbox ORDER BY id LIMIT 1")


@dataclass(frozen=True)
class Proof:
    """What the proof came to. `missing` events are vouched for by `newest`, a checkpoint, and not in the archive.

    `compared` tells whether the cases were compared: an older database must be migrated before. `secret_fits` is
    None where no secret is at hand, or nothing is sealed.
    """

    verdict: Verdict
    missing: int
    newest: str
    compared: bool
    deviations: tuple[Deviation, ...]
    secret_fits: bool | None

    @property
    def holds(self) -> bool:
        """Tell whether everything is as it was when the last checkpoint was signed."""
        return not (self.verdict.fault or self.missing or self.deviations or self.secret_fits is False)


def anchors(archive: Archive, *, newer: Path | None, key: Path | None, kept: Path) -> list[Anchor]:
    """Read the checkpoints of an archive and of folders of newer ones; raises Invalid for one the key did not sign.

    The auditor's own key is believed before the archive's; `kept` is the house's own folder, if it outlived the house.
    """
    public = _key(archive, newer, key)
    if newer is not None and not newer.is_dir():
        raise Invalid("checkpoints", f"没有 {newer} 这个目录。请给出审计员保存检查点的目录。")
    inside = {name: data for name, data in archive.small.items() if name.startswith(NOTE)}
    if public is None:
        if newer is not None or inside or any(kept.glob(f"*{checkpoint.SUFFIX}")):
            raise Invalid("public_key", f"没有检查点的公钥 {checkpoint.PUBLIC}。请用 --public-key 给出它。")
        return []
    try:
        found = [checkpoint.opened(name, data.decode(), public) for name, data in sorted(inside.items())]
    except UnicodeDecodeError as error:
        raise Invalid("checkpoint", "备份里的检查点读不懂。请换一份备份。") from error
    for folder in (kept, newer):
        if folder is not None:
            found += checkpoint.anchors(folder, public)
    return found


def prove(settings: Settings, anchors: Sequence[Anchor], *, until: int, compares: bool) -> Proof:
    """Prove the database as it stands; `until` is the number of events that the archive says it holds."""
    beyond = max((one for one in anchors if one.size > until), key=lambda one: one.size, default=None)
    seal = seal_at_hand(settings)
    with open_to_read(settings.database) as tx:
        verdict = verify(tx, anchors=[one for one in anchors if one.size <= until])
        fits = _fits(tx, seal)
        compares = compares and verdict.fault is None
        deviations = compare(tx, seal=None if fits is False else seal) if compares else []
    return Proof(
        verdict=verdict,
        missing=beyond.size - until if beyond else 0,
        newest=beyond.name if beyond else "",
        compared=compares,
        deviations=tuple(deviations),
        secret_fits=fits,
    )


def _key(archive: Archive, newer: Path | None, key: Path | None) -> Ed25519PublicKey | None:
    beside = newer / checkpoint.PUBLIC if newer is not None else None
    path = key or (beside if beside is not None and beside.is_file() else None)
    if path is not None:
        return checkpoint.read_verifier(path)
    inside = archive.small.get(PUBLIC_KEY)
    return checkpoint.verifier_of(inside, name=PUBLIC_KEY) if inside is not None else None


def _fits(tx: Driven, seal: Seal | None) -> bool | None:
    row = LETTER.one(tx)
    if seal is None or row is None:
        return None
    try:
        seal.open(bytes(row[0]))
    except InvalidTag:
        return False
    return True
