"""A backup that is older than a checkpoint, or was tampered with, is restored and named; so is a file that is gone."""

import shutil

import pytest

from svcqa.kernel import checkpoint
from svcqa.kernel.errors import Invalid
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.safekeeping.home import back_up, restore, settings_of, tree

EDIT = Statement("UPDATE complaint SET late = NOT late")
EVIDENCE = Statement("SELECT sha256 FROM evidence ORDER BY sha256")


@pytest.fixture
def auditor(home, tmp_path):
    """Return the auditor's folder of checkpoints with the key beside them."""
    folder = tmp_path / "auditor"
    shutil.copytree(home.settings.data_dir / "checkpoints", folder)
    shutil.copy(home.settings.data_dir / "checkpoint.pub", folder)
    return folder


def test_an_older_backup_is_found_by_a_newer_checkpoint(home, anew, shelf, auditor):
    written = home.back_up(shelf / "one.tar")
    home.cases.penalized()
    shutil.copy(home.sign(), auditor)
    with home.place.reading(SYSTEM) as tx:
        size, _ = checkpoint.root_now(tx)
    done = restore(anew, written.path, newer=auditor)
    assert not done.proof.holds
    assert done.proof.missing == size - written.manifest.chain.size > 0
    assert done.proof.newest == f"{size:012d}.checkpoint"
    assert done.proof.verdict.fault is None
    assert done.proof.deviations == ()


def test_the_newest_backup_satisfies_the_newest_checkpoint(home, anew, shelf, auditor):
    home.cases.penalized()
    shutil.copy(home.sign(), auditor)
    written = home.back_up(shelf / "one.tar")
    done = restore(anew, written.path, newer=auditor)
    assert done.proof.holds
    assert done.proof.verdict.anchored == written.manifest.chain.size


def test_a_checkpoint_of_another_key_is_refused_before_anything_is_touched(home, anew, shelf, auditor):
    home.back_up(shelf / "one.tar")
    other = checkpoint.keys_in(_folder(auditor.parent / "other"))
    (auditor / "000000000001.checkpoint").write_text(checkpoint.sign(1, b"\0" * 32, keys=other))
    with pytest.raises(Invalid, match="签名与公钥不符"):
        restore(anew, shelf / "one.tar", newer=auditor)
    assert not anew.data_dir.exists()


def test_the_auditors_key_is_believed_before_the_archives(home, anew, shelf, auditor):
    home.back_up(shelf / "one.tar")
    other = _folder(auditor.parent / "other")
    checkpoint.keys_in(other)
    with pytest.raises(Invalid, match="签名与公钥不符"):
        restore(anew, shelf / "one.tar", key=other / "checkpoint.pub")
    with pytest.raises(Invalid, match=r"没有 .*nowhere 这个目录"):
        restore(anew, shelf / "one.tar", newer=auditor / "nowhere")
    assert not anew.data_dir.exists()


def _folder(path):
    path.mkdir()
    return path


def test_a_case_that_was_changed_before_the_backup_is_named(home, anew, shelf):
    with home.place.transaction(SYSTEM) as tx:
        EDIT.run(tx)
    home.back_up(shelf / "one.tar")
    done = restore(anew, shelf / "one.tar")
    assert not done.proof.holds
    assert {(found.table, found.column) for found in done.proof.deviations} == {("complaint", "late")}


def test_a_file_that_is_missing_and_one_that_was_changed_are_named_and_left_out(home, anew, shelf):
    with home.place.reading(SYSTEM) as tx:
        gone, changed = (row[0] for row in EVIDENCE.run(tx).fetchall())
    home.place.blobs.path(gone).unlink()
    home.place.blobs.path(changed).write_bytes(b"something else")
    written = home.back_up(shelf / "one.tar")
    assert (written.manifest.missing, written.manifest.damaged) == ((gone,), (changed,))
    assert not written.manifest.is_whole
    done = restore(anew, written.path)
    assert done.proof.holds
    assert not done.manifest.is_whole


def test_a_snapshot_whose_list_of_tables_is_gone_is_named(home, shelf):
    with home.place.reading(SYSTEM) as tx:
        frozen = Statement("SELECT snapshot_sha256 FROM cycle").one(tx)[0]
    home.place.blobs.path(frozen).unlink()
    assert home.back_up(shelf / "one.tar").manifest.missing == (frozen,)


def test_checkpoints_signed_during_a_backup_do_not_outrun_its_database(home, anew, shelf, monkeypatch):
    """They are read first: none of them can vouch for an event that the archive's database has not."""
    from svcqa.safekeeping import copying  # noqa: PLC0415 - beside its one use

    real = copying.copy

    def slow(*words, **more):
        done = real(*words, **more)
        home.cases.registered()
        home.sign()
        return done

    monkeypatch.setattr(copying, "copy", slow)
    home.back_up(shelf / "one.tar")
    assert restore(anew, shelf / "one.tar").proof.holds


def test_checkpoints_outside_of_the_data_folder_are_archived_and_outlive_it(home, anew, shelf, tmp_path):
    outside = tmp_path / "outside"
    shutil.move(home.settings.data_dir / "checkpoints", outside)
    kept = {"checkpoint_dir": str(outside)}
    written = back_up(home.settings.model_copy(update=kept), shelf, at=home.place.clock.now())
    (note,) = [part.name for part in written.manifest.parts if part.name.startswith("checkpoints/")]
    home.cases.registered()
    shutil.move(home.sign(), outside)
    before = tree(outside)
    done = restore(anew.model_copy(update=kept), written.path)
    assert done.proof.missing > 0
    assert tree(outside) == before
    there = settings_of(tmp_path / "there", home).model_copy(update={"checkpoint_dir": str(tmp_path / "new")})
    assert restore(there, written.path).proof.holds
    assert [f"checkpoints/{name}" for name in tree(tmp_path / "new")] == [note]
