"""Writing an archive of an installation at work: checkpoints, then the database, then the files it names; read back.

The order keeps the promise: no checkpoint vouches for more than the database holds, no file it names came later.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from svcqa.assessment import freezing
from svcqa.bootstrap import KEPT_IN, known_secret
from svcqa.kernel import checkpoint
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.errors import Invalid
from svcqa.kernel.settings import Settings
from svcqa.safekeeping import archive, copying, placing
from svcqa.safekeeping.archive import BLOB, DATABASE, NOTE, PUBLIC_KEY, SECRET, Progress, Writer
from svcqa.safekeeping.copying import Copy
from svcqa.safekeeping.manifest import FORMAT, Manifest

WORKSHOP = ".svcqa-backup-"


@dataclass(frozen=True)
class Written:
    """A finished archive that was read back."""

    path: Path
    size: int
    manifest: Manifest


def back_up(
    settings: Settings, to: Path, *, at: datetime, version: str, secrets: bool, progress: Progress
) -> Written:
    """Write one archive to a file, or into a folder under a name of its own; raises Invalid, or OSError.

    Nothing is left when it fails, and nothing is overwritten.
    """
    target = _target(to, at)
    small = _small(settings, secrets=secrets)
    try:
        with _workshop(target.parent) as workshop:
            copy = copying.copy(settings.database, workshop, progress=progress)
            path = workshop / "archive.tar"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                manifest = _write(file, settings, copy, small, _Facts(at, version, secrets), progress)
            if archive.opened(path, progress=progress).manifest != manifest:
                raise Invalid("archive", "写完的备份读回来不一样，已删除。请检查目标磁盘后再试。")
            size = path.stat().st_size
            _named(path, target)
    except OSError as error:
        if error.errno in placing.FULL:
            raise Invalid(
                "to", f"{target.parent} 的空间不够，没有留下半份备份。请腾出空间，或换一个目录。"
            ) from error
        raise
    return Written(target, size, manifest)


@dataclass(frozen=True)
class _Facts:
    at: datetime
    version: str
    secrets: bool


def _write(
    file: IO[bytes],
    settings: Settings,
    copy: Copy,
    small: Mapping[str, bytes],
    facts: _Facts,
    progress: Progress,
) -> Manifest:
    writer, kind = Writer(file, facts.at), copying.kind_of(settings.database)
    for name, data in small.items():
        writer.add_bytes(name, data)
    with copy.path.open("rb") as source:
        writer.add(DATABASE[kind], source, copy.path.stat().st_size)
    missing, damaged = _files(writer, Blobs(settings.blob_dir), copy, progress)
    manifest = Manifest(
        format=FORMAT,
        svcqa=facts.version,
        migration=copy.contents.migration,
        database=kind,
        server=copy.server,
        taken_at=facts.at,
        chain=copy.contents.chain,
        secrets=facts.secrets,
        missing=missing,
        damaged=damaged,
        parts=tuple(writer.parts),
    )
    writer.close(manifest)
    file.flush()
    os.fsync(file.fileno())
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # read back from the disk, not from memory
    return manifest


def _target(to: Path, at: datetime) -> Path:
    target = to / f"svcqa-{at:%Y%m%dT%H%M%SZ}.tar" if to.is_dir() else to
    if not target.parent.is_dir():
        raise Invalid("to", f"没有 {target.parent} 这个目录。请先建立它，或换一个目录。")
    if target.exists():
        raise _taken(target)
    return target


def _taken(target: Path) -> Invalid:
    return Invalid("to", f"{target} 已经存在，备份从不覆盖文件。请换一个文件名，或给出一个目录。")


def _named(path: Path, target: Path) -> None:
    try:
        placing.publish(path, target)
    except FileExistsError as error:
        raise _taken(target) from error


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Return a folder of this backup alone beside its target, gone afterwards; removes those of killed ones."""
    for left in folder.glob(f"{WORKSHOP}*"):
        with suppress(OSError), _held(left):
            shutil.rmtree(left)
    workshop = Path(tempfile.mkdtemp(prefix=WORKSHOP, dir=folder))
    try:
        with _held(workshop):
            yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder as one's own; raises OSError while another process does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _small(settings: Settings, *, secrets: bool) -> dict[str, bytes]:
    """Read what is small: the checkpoints with their public key, and the two secrets where they are asked for."""
    folder = settings.data_dir
    public, private = folder / checkpoint.PUBLIC, folder / checkpoint.PRIVATE
    notes = sorted(settings.checkpoint_folder.glob(f"*{checkpoint.SUFFIX}"))
    found = {f"{NOTE}{path.name}": path.read_bytes() for path in notes}
    if public.is_file():
        found[PUBLIC_KEY] = public.read_bytes()
    if secrets:
        secret = known_secret(settings)
        found |= {f"{SECRET}{KEPT_IN}": secret} if secret else {}
        found |= {f"{SECRET}{checkpoint.PRIVATE}": private.read_bytes()} if private.is_file() else {}
    return found


def _files(
    writer: Writer, blobs: Blobs, copy: Copy, progress: Progress
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Add every file the database names and return those that are missing, and those that are damaged."""
    missing, damaged = list[str](), list[str]()
    names = _named_files(blobs, copy)
    for number, sha256 in enumerate(names, 1):
        progress("files", number, len(names))
        try:
            path = blobs.path(sha256)
        except FileNotFoundError:
            missing.append(sha256)
            continue
        with path.open("rb") as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != sha256:
                damaged.append(sha256)
                continue
            source.seek(0)
            writer.add(f"{BLOB}{sha256[:2]}/{sha256}", source, path.stat().st_size)
    return tuple(missing), tuple(damaged)


def _named_files(blobs: Blobs, copy: Copy) -> list[str]:
    names = set(copy.contents.evidence | copy.contents.frozen)
    for sha256 in copy.contents.frozen:
        with suppress(FileNotFoundError, ValueError):  # its own absence is told by its name
            names |= set(freezing.tables_of(blobs, sha256))
    return sorted(names)
