"""Putting files where they stay: written under a temporary name, on the disk, then named. Never half."""

import os
import tempfile
from collections.abc import Iterable
from errno import EDQUOT, EEXIST, EFBIG, EMLINK, ENOSPC, ENOTSUP, EOPNOTSUPP, EPERM
from pathlib import Path

FULL = frozenset({ENOSPC, EFBIG, EDQUOT})
INCOMING = ".svcqa-incoming-"
NO_LINKS = frozenset({EPERM, EMLINK, ENOTSUP, EOPNOTSUPP})


def place(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that only its owner may read; what stands under the name is replaced as a whole."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=INCOMING)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    settle(path.parent)


def publish(incoming: Path, target: Path) -> None:
    """Give a finished file its name; raises FileExistsError when something has this name already."""
    try:
        os.link(incoming, target)  # unlike a rename, a link never replaces what is there
    except OSError as error:
        if error.errno == EEXIST or error.errno not in NO_LINKS:
            raise
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # claimed: nobody else's
        incoming.replace(target)
    settle(target.parent)


def settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
