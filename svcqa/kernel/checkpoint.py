"""Signed checkpoints of the audit chain, kept in a folder outside the database and only ever added to.

Each is a C2SP signed note (tlog-checkpoint): origin, size, Merkle root, Ed25519 signature.
"""

import base64
import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from svcqa.kernel.errors import Invalid
from svcqa.kernel.merkle import Tree
from svcqa.kernel.statements import Driven, Statement
from svcqa.kernel.verifying import PAGE, Anchor, Verdict
from svcqa.kernel.verifying import verify as prove

ORIGIN = "svcqa-audit"
ED25519 = b"\x01"
SUFFIX = ".checkpoint"
PRIVATE, PUBLIC, FOLDER = "checkpoint.key", "checkpoint.pub", "checkpoints"

LEAVES = Statement("SELECT seq, leaf FROM audit_event WHERE seq > :after ORDER BY seq LIMIT :most")


@dataclass(frozen=True)
class Keys:
    """The signing key of an installation. Who holds it can vouch; the public file is all a verifier needs."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """The key that verifies."""
        return self.private.public_key()


def keys_in(folder: Path) -> Keys:
    """Return the key pair of a data folder, made at the first call: the private file is its owner's only."""
    path = folder / PRIVATE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Keys(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip())))
    keys = Keys(Ed25519PrivateKey.generate())
    with os.fdopen(descriptor, "w") as file:
        file.write(keys.private.private_bytes_raw().hex())
    (folder / PUBLIC).write_text(verifier_line(keys.public) + "\n")
    return keys


def take(tx: Driven, *, data_dir: Path, folder: Path | None = None) -> Path:
    """Sign the chain as it stands with the data folder's key, and return the path of the note in the folder."""
    size, root = root_now(tx)
    return write(folder or data_dir / FOLDER, size, sign(size, root, keys=keys_in(data_dir)))


def prove_and_take(tx: Driven, *, data_dir: Path, folder: Path | None = None) -> tuple[Verdict, Path | None]:
    """Prove the chain against the folder's checkpoints and sign it if it is intact."""
    verdict = prove(tx, anchors=kept(folder or data_dir / FOLDER, key=data_dir / PUBLIC))
    return verdict, None if verdict.fault else take(tx, data_dir=data_dir, folder=folder)


def kept(folder: Path, *, key: Path) -> list[Anchor]:
    """Read a folder's checkpoints; an installation that never signed one has neither a note nor a key."""
    return anchors(folder, read_verifier(key)) if any(folder.glob(f"*{SUFFIX}")) else []


def root_now(tx: Driven) -> tuple[int, bytes]:
    """Return the size of the chain and the Merkle root over its leaves as they stand."""
    tree, after = Tree(), 0
    while page := LEAVES.run(tx, after=after, most=PAGE).fetchall():
        for _, leaf in page:
            tree.add(bytes.fromhex(leaf))
        after = page[-1][0]
    return tree.size, tree.root()


def sign(size: int, root: bytes, *, keys: Keys) -> str:
    """Return the signed note over a size and root."""
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = key_hash(keys.public) + keys.private.sign(text.encode())
    return f"{text}\n\u2014 {ORIGIN} {base64.b64encode(signature).decode()}\n"


def write(folder: Path, size: int, note: str) -> Path:
    """Add a note to the folder, durably and whole; one that is already there under this size stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{size:012d}{SUFFIX}"
    descriptor, incoming = tempfile.mkstemp(dir=folder, prefix="incoming-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(incoming, path)  # unlike a rename, a link never replaces what is there
    finally:
        Path(incoming).unlink()
    return path


def anchors(folder: Path, public: Ed25519PublicKey) -> list[Anchor]:
    """Read every note of the folder, smallest first; raises Invalid for one this key did not sign."""
    return [opened(path.name, path.read_text("utf-8"), public) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def opened(name: str, note: str, public: Ed25519PublicKey) -> Anchor:
    """Check one note and return what it vouches for; raises Invalid."""
    broken = Invalid(
        "checkpoint", f"检查点 {name} 的签名与公钥不符，或文件已损坏。请从审计员处取回原件再核对。"
    )
    text, _, signatures = note.partition("\n\n")
    lines = f"{text}\n".splitlines()
    mark, _, encoded = signatures.strip().rpartition(" ")
    if len(lines) != 3 or mark != f"\u2014 {ORIGIN}" or lines[0] != ORIGIN:
        raise broken
    try:
        signature = base64.b64decode(encoded, validate=True)
        if signature[:4] != key_hash(public):
            raise broken
        public.verify(signature[4:], f"{text}\n".encode())
    except (ValueError, InvalidSignature) as error:
        raise broken from error
    return Anchor(int(lines[1]), base64.b64decode(lines[2]), name)


def verifier_line(public: Ed25519PublicKey) -> str:
    """Write a public key as C2SP notes do: name, key hash, key."""
    key = base64.b64encode(ED25519 + public.public_bytes_raw()).decode()
    return f"{ORIGIN}+{key_hash(public).hex()}+{key}"


def read_verifier(path: Path) -> Ed25519PublicKey:
    """Read a public key file; raises Invalid."""
    return verifier_of(path.read_bytes(), name=str(path))


def verifier_of(data: bytes, *, name: str) -> Ed25519PublicKey:
    """Read a public key; raises Invalid."""
    try:
        encoded = data.decode().strip().split("+", 2)[2]
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    except (ValueError, IndexError) as error:
        raise Invalid("public_key", f"{name} 不是检查点的公钥文件。请使用 {PUBLIC}。") from error


def key_hash(public: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which a note names its key."""
    material = (
        ORIGIN.encode()
        + b"\n"
        + ED25519
        + public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    )
    return hashlib.sha256(material).digest()[:4]
