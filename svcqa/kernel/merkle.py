"""The Merkle tree of RFC 6962 over a growing list of leaves. Keeps one hash per level, never the leaves."""

import hashlib
from dataclasses import dataclass, field

EMPTY = hashlib.sha256().digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """The tree over the leaf hashes added so far: the roots of its full subtrees, largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash (SHA-256 of 0x00 and the entry)."""
        size = self.size
        while size & 1:
            leaf = node(self.peaks.pop(), leaf)
            size >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves; of none, the hash of nothing."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node(peak, root)
        return root
