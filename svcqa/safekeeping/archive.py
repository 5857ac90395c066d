"""The archive: a plain tar of files with known names, the manifest last. Hashes while it writes and while it reads."""

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from svcqa.kernel.errors import Invalid
from svcqa.safekeeping import manifest as manifests
from svcqa.safekeeping.manifest import NOT_OURS, Manifest, Part

CHUNK = 1 << 20
SMALL = 1 << 16
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 1 << 30
DATABASE = {"sqlite": "database/svcqa.db", "postgresql": "database/svcqa.pgdump"}
BLOB, NOTE, PUBLIC_KEY, SECRET = "blobs/", "checkpoints/", "checkpoint.pub", "secrets/"
KNOWN = re.compile(
    r"database/svcqa\.(?:db|pgdump)|blobs/([0-9a-f]{2})/\1[0-9a-f]{62}|checkpoints/[^/\0]+\.checkpoint"
    r"|checkpoint\.pub|secrets/(?:secret|checkpoint)\.key"
)

Progress = Callable[[str, int, int], None]
"""Told what is worked at, how many bytes are done, and of how many: 0 where that is not known."""


class Hashing:
    """A file that is read once, with the hash and the number of bytes read so far."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read and take in up to so many bytes."""
        data = self._source.read(size)
        self._digest.update(data)
        self.size += len(data)
        return data

    def chunks(self) -> Iterator[bytes]:
        """Yield what is left, in pieces."""
        while piece := self.read(CHUNK):
            yield piece

    @property
    def sha256(self) -> str:
        """The hash of what was read."""
        return self._digest.hexdigest()


class Writer:
    """An archive in the making: parts are added, then the manifest closes it."""

    def __init__(self, file: IO[bytes], at: datetime) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `close`
        self._at = int(at.timestamp())
        self.parts: list[Part] = []

    def add(self, name: str, source: IO[bytes], size: int) -> Part:
        """Add exactly `size` bytes under a name and return what the manifest says of them."""
        hashing = Hashing(source)
        self._tar.addfile(self._entry(name, size), hashing)
        part = Part(name=name, size=size, sha256=hashing.sha256)
        self.parts.append(part)
        return part

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a small file."""
        self.add(name, io.BytesIO(data), len(data))

    def close(self, manifest: Manifest) -> None:
        """Write the manifest and end the archive."""
        data = manifests.written(manifest)
        self._tar.addfile(self._entry(MANIFEST, len(data)), io.BytesIO(data))
        self._tar.close()

    def _entry(self, name: str, size: int) -> tarfile.TarInfo:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, self._at
        return entry


@dataclass(frozen=True)
class Archive:
    """An archive whose every part was found to be what its manifest says. `small` holds all but database and blobs."""

    path: Path
    manifest: Manifest
    sha256: str
    small: dict[str, bytes]

    def parts(self) -> Iterator[tuple[Part, Hashing]]:
        """Yield each part and its bytes, to be read before the next one is asked for."""
        told = {part.name: part for part in self.manifest.parts}
        with _entries(self.path) as entries:
            for entry, source in entries:
                if entry.name != MANIFEST:
                    yield told[entry.name], Hashing(source)


def opened(path: Path, *, progress: Progress) -> Archive:
    """Read an archive to its end and prove each part by its hash; raises Invalid, or OSError."""
    of, found, small = path.stat().st_size, dict[str, Part](), dict[str, bytes]()
    manifest: tuple[Manifest, str] | None = None
    with _entries(path) as entries:
        for entry, source in entries:
            if manifest is not None or entry.name in found:
                raise Invalid("archive", NOT_OURS)
            if entry.name == MANIFEST:
                data = source.read(min(entry.size, LONGEST_MANIFEST))
                manifest = manifests.read(data), hashlib.sha256(data).hexdigest()
                continue
            found[entry.name], kept = _proven(entry, source, lambda done: progress("reading", done, of))
            if kept is not None:
                small[entry.name] = kept
    if manifest is None:
        raise Invalid("archive", f"{path.name} 不完整：它在写完之前中断，或被截断。请换一份备份。")
    _compare(found, manifest[0])
    return Archive(path, *manifest, small)


def _proven(
    entry: tarfile.TarInfo, source: IO[bytes], progress: Callable[[int], None]
) -> tuple[Part, bytes | None]:
    if not KNOWN.fullmatch(entry.name):
        raise Invalid("archive", NOT_OURS)
    hashing, kept = Hashing(source), bytearray()
    keeps = not entry.name.startswith((BLOB, "database/"))
    if keeps and entry.size > SMALL:
        raise Invalid("archive", NOT_OURS)
    for piece in hashing.chunks():
        progress(entry.offset_data + hashing.size)
        if keeps:
            kept += piece
    part = Part(name=entry.name, size=hashing.size, sha256=hashing.sha256)
    return part, bytes(kept) if keeps else None


def _compare(found: dict[str, Part], manifest: Manifest) -> None:
    """Refuse parts that are missing, too many or not what the manifest says; raises Invalid."""
    told = {part.name: part for part in manifest.parts}
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            raise Invalid(
                "archive", f"备份中的 {name} 与清单不符：文件已损坏或被改动，没有恢复任何内容。请换一份备份。"
            )
    blobs = [part for part in manifest.parts if part.name.startswith(BLOB)]
    if DATABASE[manifest.database] not in told or any(not b.name.endswith(b.sha256) for b in blobs):
        raise Invalid("archive", NOT_OURS)


@contextmanager
def _entries(path: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """Open the files of a tar; whatever is no plain file, or cannot be read, is refused."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield _files(tar)
    except (tarfile.TarError, ValueError) as error:
        raise Invalid("archive", NOT_OURS) from error


def _files(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for entry in tar:
        source = tar.extractfile(entry) if entry.isreg() and not entry.issparse() else None
        if source is None:
            raise Invalid("archive", NOT_OURS)
        yield entry, source
