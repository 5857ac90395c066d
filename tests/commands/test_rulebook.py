"""Regulations on the terminal: listed, checked with file and line, compared in words, published once."""

import json
import shutil

import pytest

from svcqa.rulebook.loading import SHIPPED

CASES, SCHEME = SHIPPED / "complaints-trial" / "v1", SHIPPED / "telecom-service" / "v1"


@pytest.fixture
def draft(tmp_path):
    """Return a copy of the shipped folder as its next version."""
    folder = shutil.copytree(SHIPPED / "complaints-trial" / "v1", tmp_path / "v2")
    edit(folder / "document.yaml", "version: v1", "version: v2")
    edit(folder / "document.yaml", "effective_on: 2025-01-01", "effective_on: 2027-01-01")
    edit(folder / "casework.yaml", "{min: 8, default: 10, max: 15}", "{min: 8, default: 12, max: 15}")
    return folder


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_published_version_is_listed(installed):
    assert "complaints-trial v1  from 2025-01-01" in installed("rulebook", "list").stdout


def test_a_sound_folder_passes(run, draft):
    result = run("rulebook", "check", str(draft))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "0 errors, 0 warnings")


def test_an_error_is_named_with_its_line(run, draft):
    edit(draft / "casework.yaml", "{min: 8, default: 12, max: 15}", "{min: 8, default: 20, max: 15}")
    result = run("rulebook", "check", str(draft))
    assert result.exit_code == 2
    assert "casework.yaml:16: error:" in result.stdout


def test_broken_yaml_is_one_sentence_with_its_line(run, draft):
    edit(draft / "casework.yaml", "warn_percent: 75", "warn_percent: much")
    result = run("rulebook", "check", str(draft))
    assert result.exit_code == 2
    assert "casework.yaml 第 " in result.stderr


def test_differences_are_said_in_words(run, draft):
    result = run("rulebook", "diff", str(SHIPPED / "complaints-trial" / "v1"), str(draft))
    assert "默认 10 分" in result.stdout
    assert "默认 12 分" in result.stdout


def test_a_version_is_published_once(installed, draft):
    first = installed("rulebook", "publish", str(draft), "--confirmed-by", "10205")
    again = installed("rulebook", "publish", str(draft), "--confirmed-by", "10205")
    assert first.exit_code == 0, first.output
    assert again.exit_code == 2
    assert "已经发布" in again.stderr
    assert "complaints-trial v1  from 2025-01-01 to 2027-01-01" in installed("rulebook", "list").stdout


def test_who_has_no_say_in_a_regulation_cannot_confirm_it(installed, draft):
    refused = installed("rulebook", "publish", str(draft), "--confirmed-by", "10220")
    assert refused.exit_code == 2
    assert "确认制度" in refused.stderr
    assert "客服主管" in refused.stderr
    assert "v2" not in installed("rulebook", "list").stdout


def test_a_scheme_is_checked_against_the_metrics_there_are_and_published(run, installed, tmp_path):
    folder = shutil.copytree(SHIPPED / "telecom-service" / "v1", tmp_path / "scheme")
    assert run("rulebook", "check", str(folder)).stdout == "0 errors, 0 warnings\n"
    edit(folder / "scheme.yaml", "metric: reopen_rate", "metric: reopened_rate")
    wrong = run("rulebook", "check", str(folder))
    assert wrong.exit_code == 2
    assert "scheme.yaml:" in wrong.stdout
    assert "没有算法 reopened_rate" in wrong.stdout
    assert installed("rulebook", "publish", str(folder), "--confirmed-by", "10205").exit_code != 0
    edit(folder / "scheme.yaml", "metric: reopened_rate", "metric: reopen_rate")
    edit(folder / "document.yaml", "version: v1", "version: v2")
    edit(folder / "document.yaml", "effective_on: 2016-01-01", "effective_on: 2027-01-01")
    assert installed("rulebook", "publish", str(folder), "--confirmed-by", "10205").exit_code == 0
    listed = installed("rulebook", "list").stdout
    assert "telecom-service v1  from 2016-01-01" in listed
    assert "telecom-service v2  from 2027-01-01" in listed


def test_programs_read_versions_findings_and_differences(installed, draft):
    published = json.loads(installed("rulebook", "list", "--json").stdout)
    assert ("complaints-trial", "v1", "2025-01-01") in [
        (one["document_id"], one["version"], one["effective_on"]) for one in published
    ]
    assert json.loads(installed("rulebook", "check", str(draft), "--json").stdout) == {
        "errors": 0,
        "warnings": 0,
        "findings": [],
    }
    changes = json.loads(installed("rulebook", "diff", str(CASES), str(draft), "--json").stdout)
    assert ("条款 7.1.1", "扣分", "8 至 15 分，默认 12 分") in [
        (one["subject"], one["field"], one["after"]) for one in changes
    ]
    edit(draft / "casework.yaml", "{min: 8, default: 12, max: 15}", "{min: 8, default: 20, max: 15}")
    wrong = installed("rulebook", "check", str(draft), "--json")
    assert (wrong.exit_code, json.loads(wrong.stdout)["findings"][0]["line"]) == (2, 16)


def test_what_changed_in_a_scheme_is_said_in_words(run, tmp_path):
    folder = shutil.copytree(SCHEME, tmp_path / "scheme")
    edit(folder / "scheme.yaml", "weight: 15", "weight: 25")
    assert run("rulebook", "diff", str(SCHEME), str(folder)).stdout == (
        "指标 response_in_time：权重由“15%”改为“25%”\n1 differences\n"
    )
    refused = run("rulebook", "diff", str(CASES), str(folder))
    assert (refused.exit_code, "不同类" in refused.stderr) == (2, True)
