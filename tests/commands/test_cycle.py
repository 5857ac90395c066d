"""A cycle on the terminal: opened, led on without a scheduler, shown in counts, confirmed by a person."""

import json

import pytest

from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, read_folder

NUMBER = "KH-202610-001"


@pytest.fixture
def cycle(installed, office):
    """Return the door after the cycle of October was opened."""
    with office.transaction(SYSTEM) as tx:
        if not [one for one in library.versions(tx) if one.document_id == "telecom-service"]:
            library.publish(tx, read_folder(SHIPPED / "telecom-service" / "v1"), confirmed_by="leading group")
    opened = installed("cycle", "open", "cd", "2026-10", "--as", "10206")
    assert opened.stdout == f"{NUMBER}  2026-10 月度考核 城东车间\n", opened.output
    return installed


def test_it_is_led_on_until_people_are_awaited(cycle):
    assert cycle("cycle", "advance", NUMBER).stdout == "等待评分 0/12，至 11-30\n"
    assert cycle("cycle", "advance", NUMBER).stdout == "等待评分 0/12，至 11-30\n"


def test_it_is_shown_in_counts(cycle):
    cycle("cycle", "advance", NUMBER)
    shown = cycle("cycle", "show", NUMBER).stdout
    assert f"{NUMBER}  采集  2026-10 月度考核 城东车间  (version 2)" in shown
    assert "  [x] 计划  8/8 人" in shown
    assert "  [>] 采集  等待评分 0/12，至 11-30" in shown
    assert "王建国" not in shown


def test_the_list_says_what_each_waits_for(cycle):
    assert cycle("cycle", "list").stdout == (
        f"{NUMBER}  计划  计划：待继续  2026-10 月度考核 城东车间\n1 cycles\n"
    )


def test_programs_read_json(cycle):
    cycle("cycle", "advance", NUMBER)
    (line,) = json.loads(cycle("cycle", "list", "--json").stdout)
    assert (line["number"], line["counts"]["tasks"], line["period_from"]) == (NUMBER, 12, "2026-10-01")
    shown = json.loads(cycle("cycle", "show", NUMBER, "--json").stdout)
    assert [stage["state"] for stage in shown["stages"]] == [
        "done",
        "now",
        "later",
        "later",
        "later",
        "later",
    ]


def test_only_a_supervisor_confirms(cycle, monkeypatch):
    cycle("cycle", "advance", NUMBER)
    refused = cycle("cycle", "confirm", NUMBER, "--as", "10206")
    assert (refused.exit_code, "只能在“待确认”时进行" in refused.stderr) == (2, True)
    monkeypatch.setenv("SVCQA_CLOCK", "frozen:2026-12-02T09:30:00+08:00")
    assert cycle("cycle", "advance", NUMBER).stdout == "等待确认成绩，至 12-07\n"
    assert cycle("cycle", "confirm", NUMBER, "--as", "10220").exit_code == 2
    assert cycle("cycle", "confirm", NUMBER, "--as", "10206").stdout.startswith(f"{NUMBER} confirmed")
    assert cycle("cycle", "advance", NUMBER).stdout == "申诉期内，至 12-07\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("open", "nowhere", "2026-10"), "没有代码为 nowhere 的单位"),
        (("open", "cd", "October"), "不是日期"),
        (("open", "cx", "2026-11"), "期满后再开启"),
        (("open", "cd", "2026-10"), f"周期 {NUMBER} 已经开启"),
        (("show", "KH-1"), "没有找到这个考核周期"),
        (("advance", "KH-1"), "没有找到这个考核周期"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cycle, words, sentence):
    result = cycle("cycle", *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
