"""What was backed up while people wrote comes back whole, proven, quiet and closed to old sign-ins."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from pydantic import SecretStr

from notifications.delivery import LEASE
from svcqa.bootstrap import build
from svcqa.kernel import letters, mailbag
from svcqa.kernel.errors import Invalid
from svcqa.kernel.mailbag import Outbox
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import codes, people, sessions
from svcqa.safekeeping import archive
from tests.safekeeping.home import NUMBERS, events, numbers, opened, quiet, restore, tree

WRITERS = 3
UNSENT = Statement("SELECT count(*) FROM outbox WHERE state = 'queued'")
RESTORED = Statement("SELECT body FROM audit_event WHERE action = 'installation.restored'")


def test_a_home_comes_back_as_it_was(home, anew, shelf):
    written = home.back_up(shelf)
    assert written.path.name == "svcqa-20261123T013000Z.tar"
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    assert [path.name for path in shelf.iterdir()] == [written.path.name]
    assert written.manifest.is_whole
    done = restore(anew, written.path)
    size = written.manifest.chain.size
    assert done.proof.holds
    assert done.proof.compared
    assert done.proof.secret_fits
    assert (done.proof.verdict.size, done.proof.verdict.anchored, done.behind) == (size, size, False)
    assert events(anew, size) == events(home.settings, size)
    assert numbers(anew) == numbers(home.settings)
    for name in ("blobs", "checkpoints"):
        assert tree(anew.data_dir / name) == tree(home.settings.data_dir / name)
    assert not anew.half_restored.exists()


def test_a_cycle_can_be_computed_again_from_what_came_back(home, anew, shelf):
    frozen = {part.name for part in home.back_up(shelf / "one.tar").manifest.parts if "blobs/" in part.name}
    assert len(frozen) > 3  # two files of cases, a manifest, its tables
    restore(anew, shelf / "one.tar")
    assert {f"blobs/{name}" for name in tree(anew.blob_dir)} == frozen


def test_backups_of_a_house_at_work_hold_all_that_was_acknowledged(home, anew, shelf):
    acknowledged, stop = list[str](), Event()

    def write(number: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            case = home.cases.registered(phone=f"138123{number}{turn:04d}"[:11])
            home.attach(case, f"{number} {turn}".encode())
            acknowledged.append(case)

    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(write, number) for number in range(WRITERS)]
        try:
            known, archives = [], []
            for turn in range(3):
                known.append(list(acknowledged))
                archives.append(home.back_up(shelf / f"{turn}.tar"))
        finally:
            stop.set()
        for one in writing:
            one.result()
    assert len(known[0]) < len(known[2])
    assert all(one.manifest.is_whole for one in archives)
    done = restore(anew, archives[-1].path)
    assert done.proof.holds
    back = set(numbers(anew))
    assert set(known[2]) <= back <= set(numbers(home.settings))


def test_no_letter_leaves_until_somebody_says_so(home, anew, shelf):
    home.back_up(shelf / "one.tar")
    restore(anew, shelf / "one.tar")
    with opened(anew) as place:
        with place.reading(SYSTEM) as tx:
            waiting, reason = UNSENT.one(tx)[0], letters.paused(tx)
        assert waiting
        assert "svcqa mail resume" in (reason or "")
        assert Outbox(place).claim("test", 10, LEASE) == []
        with place.transaction(SYSTEM) as tx:
            mailbag.resume(tx)
        assert len(Outbox(place).claim("test", 2, LEASE)) == 2


def test_a_queue_that_was_paused_for_another_reason_waits_for_this_one(home, anew, shelf):
    Outbox(home.place).pause("the relay moves")
    home.back_up(shelf / "one.tar")
    restore(anew, shelf / "one.tar")
    with opened(anew) as place, place.reading(SYSTEM) as tx:
        assert "备份" in (letters.paused(tx) or "")


def test_nobody_is_signed_in_and_no_code_counts_any_more(home, anew, shelf):
    with home.place.transaction(home.cases.cast.actor("luowenbo")) as tx:
        who = people.find(tx, "xuwenjing")[0]
        signed = sessions.open_session(tx, who.id)
        code = codes.issue_code(tx, who.id)
    home.back_up(shelf / "one.tar")
    restore(
        anew.model_copy(update={"clock": f"frozen:{home.place.clock.now().isoformat()}"}), shelf / "one.tar"
    )
    with opened(anew.model_copy(update={"clock": f"frozen:{home.place.clock.now().isoformat()}"})) as place:
        with place.transaction(SYSTEM) as tx:
            assert sessions.session(tx, signed.session_secret) is None
            refused = codes.redeem_code(tx, name=who.staff_number, code=code)
        assert isinstance(refused, sessions.NotSigned)
    with home.place.reading(SYSTEM) as tx:
        assert sessions.session(tx, signed.session_secret) is not None


def test_the_record_says_that_and_from_where_it_was_restored(home, anew, shelf):
    written = home.back_up(shelf / "one.tar")
    restore(anew, written.path)
    told = archive.opened(written.path, progress=quiet)
    with opened(anew) as place, place.reading(SYSTEM) as tx:
        (body,) = [row[0] for row in RESTORED.run(tx).fetchall()]
    assert told.sha256 in body
    assert written.manifest.chain.link in body


def test_the_secrets_stay_behind_and_nothing_starts_without_the_old_one(home, anew, shelf):
    (home.settings.data_dir / "secret.key").write_text("kept in the folder")
    written = home.back_up(shelf / "one.tar")
    assert not written.manifest.secrets
    assert [part.name for part in written.manifest.parts if "secret" in part.name] == []
    bare = anew.model_copy(update={"secret_key": SecretStr("")})
    assert restore(bare, written.path).proof.secret_fits is None
    with pytest.raises(Invalid, match="还缺原来的密钥"):
        build(bare)
    assert not (bare.data_dir / "secret.key").exists()
    (bare.data_dir / "secret.key").write_text("a secret of the tests")
    with opened(bare) as place, place.reading(SYSTEM) as tx:
        assert NUMBERS.one(tx) is not None


def test_with_secrets_one_file_is_enough(home, anew, shelf):
    written = home.back_up(shelf / "one.tar", secrets=True)
    assert written.manifest.secrets
    bare = anew.model_copy(update={"secret_key": SecretStr("")})
    assert restore(bare, written.path).proof.secret_fits
    assert (bare.data_dir / "secret.key").read_bytes() == b"a secret of the tests"
    assert stat.S_IMODE((bare.data_dir / "secret.key").stat().st_mode) == 0o600
    key = (bare.data_dir / "checkpoint.key").read_bytes()
    assert key == (home.settings.data_dir / "checkpoint.key").read_bytes()


def test_another_secret_than_the_archives_is_refused_or_named(home, anew, shelf):
    home.back_up(shelf / "with.tar", secrets=True)
    home.back_up(shelf / "without.tar")
    other = anew.model_copy(update={"secret_key": SecretStr("another one")})
    with pytest.raises(Invalid, match="不是同一个"):
        restore(other, shelf / "with.tar")
    done = restore(other, shelf / "without.tar")
    assert done.proof.secret_fits is False
    assert not done.proof.holds
    assert done.proof.deviations == ()


def test_keys_that_were_put_there_before_stay(home, anew, shelf):
    home.back_up(shelf / "one.tar")
    anew.data_dir.mkdir()
    (anew.data_dir / "secret.key").write_text("a secret of the tests")
    bare = anew.model_copy(update={"secret_key": SecretStr("")})
    assert restore(bare, shelf / "one.tar").proof.secret_fits


def test_a_restored_home_goes_on(home, anew, shelf):
    home.back_up(shelf / "one.tar")
    restore(anew, shelf / "one.tar")
    later = (home.place.clock.now() + timedelta(hours=1)).isoformat()
    with opened(anew.model_copy(update={"clock": f"frozen:{later}"})) as place:
        again = type(home)(place)
        number = again.cases.penalized()
        again.attach(number, b"later")
        again.sign()
    archived = again.back_up(shelf / "two.tar")
    assert archived.manifest.is_whole
    assert number in numbers(anew)
