"""The Merkle root is that of RFC 6962, by its published vectors and by its recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.merkle import Tree, node

# The entries and roots of the certificate transparency reference tests.
ENTRIES = [
    bytes.fromhex(e)
    for e in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def rooted(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962 section 2.1 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(rooted(leaves[:split]), rooted(leaves[split:]))


def grown(leaves: list[bytes]) -> Tree:
    tree = Tree()
    for one in leaves:
        tree.add(one)
    return tree


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_the_reference_tests(size: int) -> None:
    assert grown([leaf(entry) for entry in ENTRIES[:size]]).root().hex() == ROOTS[size - 1]


def test_the_root_of_nothing() -> None:
    assert Tree().root() == hashlib.sha256(b"").digest()


@given(st.integers(1, 200))
def test_growing_gives_the_root_of_the_definition(size: int) -> None:
    leaves = [leaf(str(number).encode()) for number in range(size)]
    tree = grown(leaves)
    assert (tree.size, tree.root()) == (size, rooted(leaves))
    assert len(tree.peaks) == size.bit_count()
