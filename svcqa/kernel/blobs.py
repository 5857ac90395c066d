"""Files kept by content: a blob's name is its SHA-256, so the same bytes are stored once and never change."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Blobs:
    """A folder of blobs; written whole or not at all."""

    folder: Path

    def put(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Store the bytes and return (sha256 hex, size). Durable when it returns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix="incoming-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            self._settle(Path(name), digest.hexdigest())
        finally:
            Path(name).unlink(missing_ok=True)
        return digest.hexdigest(), size

    def path(self, sha256: str) -> Path:
        """Return where a blob lies; raises FileNotFoundError when it is not in the store."""
        path = self.folder / sha256[:2] / sha256
        if not path.is_file():
            raise FileNotFoundError(sha256)
        return path

    def _settle(self, incoming: Path, sha256: str) -> None:
        shelf = self.folder / sha256[:2]
        shelf.mkdir(exist_ok=True)
        incoming.replace(shelf / sha256)
        for folder in (shelf, self.folder):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
