"""A complaint on the terminal: what it is, what is due, and why it is due then."""

import pytest


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
    ],
)
def test_a_deadline_is_explained_line_by_line(installed, complaint, line):
    assert line in installed("deadline", "explain", complaint).stdout


def test_a_sweep_tells_what_it_did(installed, complaint, monkeypatch):
    assert installed("sweep").stdout.startswith("0 reminders")
    monkeypatch.setenv("SVCQA_CLOCK", "frozen:2026-11-25T11:31:00+08:00")
    assert installed("sweep").stdout.startswith("1 reminders")
    assert installed("sweep").stdout.startswith("0 reminders")
