"""A complaint on the terminal: what it is, what is due, and why it is due then."""

import json

import pytest

from svcqa.casework.snapshot import Case
from svcqa.commands.complaint import SHOWN, _plain


def test_a_complaint_is_shown_without_the_customers_data(installed, complaint):
    shown = installed("complaint", "show", complaint).stdout
    assert f"{complaint}  已受理  约定上门时间无人前来" in shown
    assert "due      核实 11-25 11:30" in shown
    assert "林女士" not in shown
    assert "lin@example.com" not in shown


def test_the_list_is_by_what_is_due(installed, complaint):
    shown = installed("complaint", "list").stdout.splitlines()
    assert shown == [f"{complaint}  已受理  核实 11-25 11:30  约定上门时间无人前来", "1 complaints"]


def test_the_list_can_be_limited(installed, complaint, monkeypatch):
    assert installed("complaint", "list", "--state", "verified").stdout == "0 complaints\n"
    assert installed("complaint", "list", "--overdue").stdout == "0 complaints\n"
    monkeypatch.setenv("SVCQA_CLOCK", "frozen:2026-11-25T11:31:00+08:00")
    assert "已超期" in installed("complaint", "list", "--overdue").stdout


def test_an_unknown_state_is_refused_with_the_known_ones(installed):
    result = installed("complaint", "list", "--state", "lost")
    assert result.exit_code == 2
    assert "received、verified、classified、penalized、appealed、closed" in result.stderr


@pytest.mark.parametrize(
    "line",
    [
        "due  2026-11-25 11:30  剩余 2 天 2 小时",
        "    11-23 09:30 - 11-23 12:00    150 min  工作日",
        "  16 个工作小时：自起算时起只计工作日的工作时间（08:30-12:00, 14:00-17:30），暂停期间不计。",
        "  15 个自然日：自次日起逐日计算，节假日照计，第 15 日 24:00 届满，不因暂停顺延。",
        "    11-23 不计  起算当日不计",
        "due  2026-12-08 24:00",
    ],
)
def test_a_deadline_is_explained_line_by_line(installed, complaint, line):
    assert line in installed("deadline", "explain", complaint).stdout


def test_a_sweep_tells_what_it_did(installed, complaint, monkeypatch):
    assert installed("sweep").stdout.startswith("0 reminders")
    monkeypatch.setenv("SVCQA_CLOCK", "frozen:2026-11-25T11:31:00+08:00")
    assert installed("sweep").stdout.startswith("1 reminders")
    assert installed("sweep").stdout.startswith("0 reminders")


def test_programs_read_a_complaint_as_json_without_the_customers_data(installed, complaint):
    shown = installed("complaint", "show", complaint, "--json").stdout
    told = json.loads(shown)
    assert (told["number"], told["state"], told["version"]) == (complaint, "received", 1)
    assert [clock["label"] for clock in told["clocks"]] == ["核实", "答复客户"]
    assert told["clocks"][0]["due_at"] == "2026-11-25T03:30:00+00:00"
    assert not [word for word in ("林女士", "lin@example.com", "等到下午") if word in shown]


def test_programs_read_the_charges_and_penalties_of_a_case():
    row = dict.fromkeys((*SHOWN["complaint"], "id", "subject"), "") | {"number": "TS-1"}
    about = {"id": "r", "name": "王建国"}
    charge = {"respondent_id": "r", "clause_id": "7.2.1", "share": 100}
    penalty = {"respondent_id": "r", "state": "served", "final_hundredths": 300, "final_fen": 20000}
    told = _plain(Case(row, (about,), (charge,), (penalty,), (), frozenset(), 0))
    assert told["charges"] == [{"respondent": "王建国", "clause_id": "7.2.1", "share": 100}]
    assert told["penalties"] == [
        {"respondent": "王建国", "state": "served", "final_hundredths": 300, "final_fen": 20000}
    ]


def test_programs_read_the_list_as_json(installed, complaint):
    (line,) = json.loads(installed("complaint", "list", "--json").stdout)
    assert (line["number"], line["due_step"], line["due_at"]) == (
        complaint,
        "核实",
        "2026-11-25T03:30:00+00:00",
    )
    assert json.loads(installed("complaint", "list", "--overdue", "--json").stdout) == []


def test_programs_read_why_a_deadline_is_when_it_is(installed, complaint):
    told = json.loads(installed("deadline", "explain", complaint, "--json").stdout)
    clock = told["clocks"][0]
    assert (told["number"], clock["step"], clock["term"]) == (complaint, "verify", "16 working_hours")
    assert sum(each["minutes"] for each in clock["counted"]) == 16 * 60
    assert clock["due_at"] == clock["counted"][-1]["to_at"] == "2026-11-25T03:30:00+00:00"
    assert clock["calendar"].startswith("chinesecalendar ")
