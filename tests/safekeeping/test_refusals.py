"""What is no whole archive of this kind and time, or would overwrite something, is refused; nothing is touched."""

import io
import json
import shutil
import tarfile

import psycopg
import pytest

from svcqa.bootstrap import build
from svcqa.kernel.errors import Invalid
from svcqa.safekeeping import archive
from tests import databases
from tests.safekeeping.home import back_up, quiet, restore, settings_of, tree


@pytest.fixture
def written(home, shelf):
    """Return an archive of the home."""
    return home.back_up(shelf / "one.tar")


def rewritten(archived, target, *, more=(), manifest=None):
    """Write an archive anew, something of the manifest replaced, some entries more."""
    with tarfile.open(archived) as old, tarfile.open(target, "w") as new:
        entries = old.getmembers()
        for entry in [*entries[:-1], *more, entries[-1]]:
            if entry in more:
                new.addfile(entry, io.BytesIO(b"x" * entry.size))
                continue
            source = old.extractfile(entry)
            assert source is not None
            data = source.read()
            if entry.name == "manifest.json" and manifest:
                data = json.dumps({**json.loads(data), **manifest}).encode()
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    return target


def refused(settings, source, words):
    """Show that an archive is refused with these words and that nothing was touched."""
    with pytest.raises(Invalid, match=words):
        restore(settings, source)
    assert not settings.data_dir.exists()
    if not settings.database.startswith("sqlite"):
        with psycopg.connect(databases.address(settings.data_dir.parent)) as driver:
            assert driver.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone() == (0,)


def test_one_changed_byte_anywhere_is_found(written, anew, shelf):
    data = written.path.read_bytes()
    with tarfile.open(written.path) as tar:
        places = [entry.offset_data + entry.size // 2 for entry in tar.getmembers() if entry.size]
    assert len(places) == len(written.manifest.parts) + 1
    broken = shelf / "broken.tar"
    for place in places:
        broken.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        refused(anew, broken, "与清单不符|不是 svcqa 的备份|读不了")


def test_an_archive_that_was_cut_off_is_found_wherever_it_ends(written, anew, shelf):
    data, end = written.path.read_bytes(), 0
    with tarfile.open(written.path) as tar:
        end = tar.getmembers()[-1].offset_data
    for length in (0, 100, 600, len(data) // 3, len(data) // 2, end - 512, end, end + 10):
        (shelf / "cut.tar").write_bytes(data[:length])
        refused(anew, shelf / "cut.tar", "不完整|不是 svcqa 的备份")


def test_noise_is_no_archive(anew, shelf):
    for noise in (b"", b"no archive at all" * 1000, b"\0" * 20_000, b"PK\x03\x04" + b"\xff" * 2000):
        (shelf / "noise.tar").write_bytes(noise)
        refused(anew, shelf / "noise.tar", "不是 svcqa 的备份|不完整")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../outside", tarfile.REGTYPE),
        ("/etc/outside", tarfile.REGTYPE),
        ("blobs/aa/../../outside", tarfile.REGTYPE),
        ("notes.txt", tarfile.REGTYPE),
        ("checkpoints/x.checkpoint", tarfile.SYMTYPE),
        ("checkpoints/x.checkpoint", tarfile.LNKTYPE),
        ("checkpoints/x.checkpoint", tarfile.DIRTYPE),
        ("checkpoints/x.checkpoint", tarfile.REGTYPE),
        ("checkpoint.pub", tarfile.REGTYPE),
    ],
)
def test_a_file_that_does_not_belong_there_is_refused(written, anew, shelf, name, kind):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "/etc/passwd"
    entry.size = 5 if kind == tarfile.REGTYPE else 0
    refused(anew, rewritten(written.path, shelf / "more.tar", more=[entry]), "不是 svcqa 的备份|与清单不符")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "更新的版本 格式 2"),
        ({"svcqa": "0.2.0"}, "更新的版本 0.2.0"),
        ({"migration": "0999"}, "更新的版本"),
        ({"parts": []}, "与清单不符"),
        ({"chain": "none"}, "不是 svcqa 的备份"),
    ],
)
def test_a_later_version_and_a_senseless_manifest_are_refused(written, anew, shelf, change, words):
    refused(anew, rewritten(written.path, shelf / "other.tar", manifest=change), words)


def test_the_other_database_is_refused(written, anew):
    there = f"sqlite:///{anew.data_dir.parent / 'other.db'}"
    other = "postgresql://127.0.0.1:9/none" if written.manifest.database == "sqlite" else there
    with pytest.raises(Invalid, match="同一种数据库"):
        restore(anew.model_copy(update={"database_url": other}), written.path)
    assert not anew.data_dir.exists()


def test_an_archive_that_says_another_chain_than_it_holds_never_comes_alive(written, anew, shelf):
    chain = {"size": written.manifest.chain.size, "link": "00" * 32}
    lying = rewritten(written.path, shelf / "lying.tar", manifest={"chain": chain})
    with pytest.raises(Invalid, match="与备份的清单不符"):
        restore(anew, lying)
    with pytest.raises(Invalid, match="恢复中断"):
        build(anew)


def test_a_folder_with_something_in_it_is_left_alone(written, anew):
    anew.data_dir.mkdir()
    (anew.data_dir / "notes.txt").write_text("mine")
    with pytest.raises(Invalid, match=r"不是空的（有 notes\.txt）"):
        restore(anew, written.path)
    assert tree(anew.data_dir) == {"notes.txt": b"mine"}


def test_a_database_with_something_in_it_is_left_alone(home, written, anew, tmp_path):
    there = anew.model_copy(update={"database_url": home.settings.database})
    before = written.manifest.chain.size
    databases.hang_up(home.place.engine)
    with pytest.raises(Invalid, match="数据库不是空的"):
        restore(there, written.path)
    assert not there.data_dir.exists()
    assert home.back_up(tmp_path / "again.tar").manifest.chain.size == before


def test_an_installation_is_not_restored_over(home, written):
    home.place.engine.dispose()
    before = tree(home.settings.data_dir)
    with pytest.raises(Invalid, match="不是空的"):
        restore(home.settings, written.path)
    after = tree(home.settings.data_dir)
    assert {name: data for name, data in after.items() if "svcqa.db" not in name} == {
        name: data for name, data in before.items() if "svcqa.db" not in name
    }


def test_a_key_is_not_replaced_by_that_of_an_archive(home, anew, shelf):
    home.back_up(shelf / "with.tar", secrets=True)
    anew.data_dir.mkdir()
    (anew.data_dir / "secret.key").write_text("mine")
    with pytest.raises(Invalid, match=r"备份里有 secret\.key"):
        restore(anew, shelf / "with.tar")
    assert (anew.data_dir / "secret.key").read_text() == "mine"


def test_an_archive_is_never_overwritten(home, shelf):
    (shelf / "one.tar").write_text("mine")
    with pytest.raises(Invalid, match="从不覆盖"):
        home.back_up(shelf / "one.tar")
    assert tree(shelf) == {"one.tar": b"mine"}
    with pytest.raises(Invalid, match=r"没有 .*nowhere 这个目录"):
        home.back_up(shelf / "nowhere" / "one.tar")


def test_a_name_that_is_taken_meanwhile_is_not_overwritten_either(home, shelf, monkeypatch):
    real = archive.opened

    def slow(path, **more):
        (shelf / "one.tar").write_text("mine")
        return real(path, **more)

    monkeypatch.setattr(archive, "opened", slow)
    with pytest.raises(Invalid, match="从不覆盖"):
        home.back_up(shelf / "one.tar")
    assert tree(shelf) == {"one.tar": b"mine"}


def test_where_nothing_is_there_is_nothing_to_back_up(home, anew, shelf):
    anew.data_dir.mkdir()
    if anew.database.startswith("sqlite"):
        with pytest.raises(FileNotFoundError):
            back_up(anew, shelf, at=home.place.clock.now())
        (anew.data_dir / "svcqa.db").touch()
    with pytest.raises(Invalid, match="没有可备份的内容"):
        back_up(anew, shelf, at=home.place.clock.now())
    assert tree(shelf) == {}


def test_a_half_done_restore_is_gone_on_with_only_from_its_own_archive(home, written, anew, shelf, tmp_path):
    home.cases.registered()
    home.back_up(shelf / "two.tar")
    anew.data_dir.mkdir()
    told = archive.opened(written.path, progress=quiet)
    anew.half_restored.write_text(json.dumps({"archive": "one.tar", "manifest": told.sha256}))
    with pytest.raises(Invalid, match=r"用的是 one\.tar"):
        restore(anew, shelf / "two.tar")
    assert restore(anew, written.path).resumed
    third = settings_of(tmp_path / "third", home)
    third.data_dir.mkdir()
    third.half_restored.write_text("no mark of ours")
    with pytest.raises(Invalid, match="读不懂"):
        restore(third, written.path)
    shutil.rmtree(third.data_dir)
