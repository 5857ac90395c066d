"""The rules of `svcqa check`: a sound installation passes them all, and each planted fault is found by its name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from svcqa.commands.going_live import DEPLOYED
from svcqa.commands.soundness import ANY, Database, Entry, Seen, findings
from svcqa.kernel.settings import Settings

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HOME = Path("/srv/svcqa")
DATA = HOME / "var"
SETTINGS = Settings(
    _env_file=None,
    data_dir=DATA,
    checkpoint_dir="/srv/checkpoints",
    base_url="https://kefu.corp.cn",
    trusted_proxies="127.0.0.1",
    smtp_host="mail.corp.cn",
    smtp_port=587,
    smtp_username="kefu",
    smtp_password=SecretStr("known to the relay"),
    mail_from="kefu@corp.cn",
)
SQLITE = Database(
    revision="0003", head="0003", version=(3, 53, 4), journal="wal", safe_journal="wal",
    administrators=2, years=tuple(range(2004, 2027)), newest_event_at=NOW - timedelta(hours=1),
)  # fmt: skip
POSTGRES = replace(
    SQLITE, dialect="postgresql", version=(15,), journal="", safe_journal="",
    durable={"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"},
)  # fmt: skip
URL = "postgresql+psycopg://svcqa@db.corp.cn/svcqa"


def there(path, mode=0o600, **more):
    return Entry(path, exists=True, mode=mode, writable=True, **more)


SOUND = Seen(
    settings=SETTINGS,
    now=NOW,
    today=date(2026, 11, 23),
    secret="f3a9c1d07b5e8246" * 4,
    folder=there(DATA, 0o700, is_dir=True),
    secret_file=there(DATA / "secret.key"),
    signing_key=there(DATA / "checkpoint.key"),
    database_file=there(DATA / "svcqa.db", 0o644),
    env_file=there(HOME / ".env"),
    demo_mark=Entry(DATA / "demo.json"),
    half_restored=Entry(SETTINGS.half_restored),
    free_bytes=10**10,
    file_system="ext4",
    is_root=False,
    clock_fault="",
    hours_fault="",
    prefect_auth=False,
    prefect_api="http://127.0.0.1:4210/api",
    database=SQLITE,
)


def told(**values):
    return replace(SOUND, settings=SETTINGS.model_copy(update=values))


def stored(**values):
    return replace(SOUND, database=replace(SQLITE, **values))


def served(url=f"{URL}?sslmode=verify-full", **values):
    return replace(told(database_url=url), database=replace(POSTGRES, **values))


UNSOUND = [
    (told(clock="frozen:2026-11-23T09:00:00+08:00"), "SVCQA_CLOCK"),
    (told(clock="shifted:60"), "SVCQA_CLOCK"),
    (replace(told(clock="noon"), clock_fault="noon"), "SVCQA_CLOCK"),
    (stored(newest_event_at=NOW + timedelta(minutes=6)), "本机时间"),
    (replace(told(working_hours="always"), hours_fault="always"), "SVCQA_WORKING_HOURS"),
    (replace(SOUND, folder=Entry(DATA)), "SVCQA_DATA_DIR"),
    (replace(SOUND, folder=Entry(DATA, exists=True, is_dir=True, mode=0o500)), "SVCQA_DATA_DIR"),
    (replace(SOUND, folder=there(DATA)), "SVCQA_DATA_DIR"),
    (replace(SOUND, free_bytes=199_999_999), "SVCQA_DATA_DIR"),
    (replace(SOUND, secret=""), "SVCQA_SECRET_KEY"),
    (replace(SOUND, secret_file=there(DATA / "secret.key", 0o640)), "SVCQA_SECRET_KEY"),
    (replace(SOUND, signing_key=there(DATA / "checkpoint.key", 0o604)), "SVCQA_DATA_DIR"),
    (replace(SOUND, half_restored=there(SETTINGS.half_restored)), "SVCQA_DATA_DIR"),
    (stored(fault="文件不存在", revision=""), "SVCQA_DATABASE_URL"),
    (stored(revision=""), "SVCQA_DATABASE_URL"),
    (stored(revision="0002"), "SVCQA_DATABASE_URL"),
    (stored(revision="0004"), "SVCQA_DATABASE_URL"),
    (stored(version=(3, 40, 1), safe_journal="truncate"), "SVCQA_DATABASE_URL"),
    (replace(SOUND, file_system="nfs4"), "SVCQA_DATA_DIR"),
    (stored(regulation="SVCQA_REGULATION 指的制度今天没有生效的版本，请先发布。"), "SVCQA_REGULATION"),
    (stored(unknown_units=("cd9", "cd8")), "SVCQA_ASSESSED_UNITS"),
    (stored(administrators=0), "管理员"),
    (stored(years=(2024, 2025)), "工作日历"),
    (replace(SOUND, today=date(2026, 12, 1)), "工作日历"),
]
UNSAFE = [
    (told(development=True), "SVCQA_DEVELOPMENT"),
    (told(development=True, clock="shifted:60"), "SVCQA_CLOCK"),
    (replace(SOUND, demo_mark=there(DATA / "demo.json")), "SVCQA_DATA_DIR"),
    (told(base_url="http://kefu.corp.cn"), "SVCQA_BASE_URL"),
    (told(base_url="https://127.0.0.1:8400"), "SVCQA_BASE_URL"),
    (told(base_url="https://localhost"), "SVCQA_BASE_URL"),
    (told(base_url="https://svcqa.example.com"), "SVCQA_BASE_URL"),
    (told(base_url="https://kefu.corp.cn/svcqa"), "SVCQA_BASE_URL"),
    (replace(SOUND, secret="f3a9c1d07b5e8246f3a9c1d07b5e824"), "SVCQA_SECRET_KEY"),
    (replace(SOUND, secret="abcabcabc" * 8), "SVCQA_SECRET_KEY"),
    (told(web_host="0.0.0.0", trusted_proxies=""), "SVCQA_WEB_HOST"),
    (told(trusted_proxies=""), "SVCQA_TRUSTED_PROXIES"),
    (told(trusted_proxies="0.0.0.0/0"), "SVCQA_TRUSTED_PROXIES"),
    (told(trusted_proxies="127.0.0.1, ::/0"), "SVCQA_TRUSTED_PROXIES"),
    (told(smtp_security="none"), "SVCQA_SMTP_SECURITY"),
    (told(smtp_host="127.0.0.1", smtp_port=8425), "SVCQA_SMTP_HOST"),
    (told(smtp_password=SecretStr("")), "SVCQA_SMTP_PASSWORD"),
    (told(mail_from="kefu@example.com"), "SVCQA_MAIL_FROM"),
    (told(mail_from="kefu"), "SVCQA_MAIL_FROM"),
    (told(session_idle_minutes=0), "SVCQA_SESSION_IDLE_MINUTES"),
    (told(session_idle_minutes=61), "SVCQA_SESSION_IDLE_MINUTES"),
    (told(session_hours=25), "SVCQA_SESSION_HOURS"),
    (told(upload_megabytes=201), "SVCQA_UPLOAD_MEGABYTES"),
    (told(metrics_token=SecretStr("x" * 31)), "SVCQA_METRICS_TOKEN"),
    (told(checkpoint_dir=""), "SVCQA_CHECKPOINT_DIR"),
    (told(checkpoint_dir=str(DATA / "elsewhere")), "SVCQA_CHECKPOINT_DIR"),
    (told(checkpoint_dir="/srv/checkpoints/../svcqa/var/notes"), "SVCQA_CHECKPOINT_DIR"),
    (
        replace(SOUND, folder=there(DATA, 0o755, is_dir=True), database_file=there(DATA / "svcqa.db")),
        "SVCQA_DATA_DIR",
    ),
    (replace(SOUND, env_file=there(HOME / ".env", 0o644)), ".env"),
    (replace(SOUND, is_root=True), "运行账号"),
    (told(prefect_url="https://prefect.corp.cn"), "SVCQA_PREFECT_URL"),
    (replace(told(prefect_url="http://prefect.corp.cn"), prefect_auth=True), "SVCQA_PREFECT_URL"),
    (replace(SOUND, prefect_api="http://10.0.0.9:4200/api"), "PREFECT_API_URL"),
    (served(version=(14,)), "SVCQA_DATABASE_URL"),
    (served(durable={"fsync": "off"}), "SVCQA_DATABASE_URL"),
    (served(collation="zh_CN.UTF-8"), "SVCQA_DATABASE_URL"),
    (served(may_rewrite=("audit_event", "result")), "SVCQA_DATABASE_URL"),
    (served(URL), "SVCQA_DATABASE_URL"),
    (stored(examples=("complaints-trial", "telecom-service")), "制度"),
    (served(f"{URL}?sslmode=prefer"), "SVCQA_DATABASE_URL"),
]
SAFE = [
    SOUND,
    served(),
    served("postgresql+psycopg://svcqa@localhost/svcqa"),
    served("postgresql+psycopg:///svcqa"),
    stored(journal="truncate", safe_journal="truncate", version=(3, 40, 1)),
    replace(told(prefect_url="https://prefect.corp.cn"), prefect_auth=True),
    told(web_host="10.0.0.5", trusted_proxies="10.0.0.0/24"),
    told(smtp_host="127.0.0.1", smtp_port=25),
    told(checkpoint_dir=f"{DATA}/../checkpoints"),
    told(checkpoint_dir=f"{DATA}-checkpoints"),
    told(smtp_username="", smtp_password=SecretStr("")),
    replace(SOUND, secret_file=Entry(DATA / "secret.key"), signing_key=Entry(DATA / "checkpoint.key")),
    replace(SOUND, folder=there(DATA, 0o750, is_dir=True)),
    stored(years=(*range(2004, 2028),), newest_event_at=None),
]


@pytest.mark.parametrize("seen", SAFE)
def test_a_sound_installation_passes(seen):
    assert findings(seen, DEPLOYED) == ()


@pytest.mark.parametrize(("seen", "about"), UNSOUND)
def test_each_fault_of_any_installation_is_found(seen, about):
    assert [one.about for one in findings(seen, ANY)] == [about]


@pytest.mark.parametrize(("seen", "about"), UNSAFE)
def test_each_fault_that_only_a_deployment_must_refuse_is_found_then_only(seen, about):
    beside = {"SVCQA_TRUSTED_PROXIES", "SVCQA_DEVELOPMENT"}  # one fault that cannot be without the other
    found = {one.about for one in findings(seen, DEPLOYED)}
    assert about in found
    assert found <= {about} | beside
    assert findings(seen, ANY) == ()


@pytest.mark.parametrize("seen", [seen for seen, _ in (*UNSOUND, *UNSAFE)])
def test_each_finding_is_one_sentence_that_names_the_setting(seen):
    for one in findings(seen, DEPLOYED):
        assert one.sentence.endswith("。")
        assert one.sentence.count("。") == 1
        assert one.about in one.sentence or one.about == "工作日历"
        assert "请" in one.sentence
        assert SOUND.secret not in one.sentence


def test_every_rule_has_a_fault_that_it_finds():
    seen = [seen for seen, _ in (*UNSOUND, *UNSAFE)]
    assert [rule.__name__ for rule in DEPLOYED if not any(list(rule(one)) for one in seen)] == []


def test_the_secret_is_not_shown_with_what_was_seen():
    assert SOUND.secret not in repr(SOUND)


def test_what_was_not_looked_at_is_not_judged():
    unread = Database(revision="0003", head="0003")
    assert findings(replace(SOUND, database=unread, today=date(2040, 1, 1)), ANY) == ()
