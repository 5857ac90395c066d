"""A year file on the terminal: loaded, refused with its line, and what waited for it is computed."""

from datetime import date, timedelta

import pytest

from svcqa.casework.due_list import by_due
from svcqa.kernel.transaction import SYSTEM


@pytest.fixture
def year(tmp_path):
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    path = tmp_path / "2027.csv"
    path.write_text(
        "\n".join(["date,is_workday", *(f"{on},{int(on.isoweekday() < 6)}" for on in days)]), "utf-8"
    )
    return path


@pytest.fixture
def on_new_years_eve(run, monkeypatch):
    monkeypatch.setenv("SVCQA_CLOCK", "frozen:2026-12-31T16:00:00+08:00")


def test_what_waited_for_the_year_is_computed(on_new_years_eve, installed, office, complaint, year):
    waiting = "核实 待 2027 年工作日历"
    assert waiting in installed("complaint", "list").stdout
    result = installed("calendar", "load", str(year))
    assert result.exit_code == 0, result.output
    assert "2027 is loaded; 1 deadlines" in result.stdout
    assert "restart svcqa web" in result.stdout
    assert waiting not in installed("complaint", "list").stdout
    with office.reading(SYSTEM) as tx:
        assert by_due(tx)[0].due_at is not None


def test_a_broken_file_is_refused_with_its_line(installed, year):
    year.write_text(year.read_text("utf-8").replace("2027-01-02,0", "2027-01-02,maybe"), "utf-8")
    result = installed("calendar", "load", str(year))
    assert result.exit_code == 2
    assert "2027.csv 第 3 行" in result.stderr
