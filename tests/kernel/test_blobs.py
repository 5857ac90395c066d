"""Blobs: named by their content, whole or not there, nothing left of a broken upload."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.blobs import Blobs


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@given(st.lists(st.binary(max_size=50), max_size=6))
def test_the_bytes_come_back_under_their_hash(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]
) -> None:
    blobs, whole = Blobs(tmp_path_factory.getbasetemp() / "blobs"), b"".join(chunks)
    sha256, size = blobs.put(chunks)
    assert (sha256, size) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert blobs.path(sha256).read_bytes() == whole


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    with ThreadPoolExecutor(4) as uploads:
        names = set(uploads.map(lambda _: blobs.put([b"the ", b"same"]), range(12)))
    assert len(names) == 1
    assert len(files(tmp_path)) == 1


def test_nothing_is_left_of_a_broken_upload(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("the client has gone")

    with pytest.raises(ConnectionError):
        Blobs(tmp_path / "blobs").put(broken())
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["0" * 64, "", "../secret.key", "incoming-x"])
def test_what_was_never_stored_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.key").write_text("secret")
    blobs = Blobs(tmp_path / "blobs")
    blobs.put([b"something"])
    with pytest.raises(FileNotFoundError):
        blobs.path(name)


def test_only_its_owner_reads_a_blob(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    sha256, _ = blobs.put([b"personal"])
    assert blobs.path(sha256).stat().st_mode & 0o077 == 0
