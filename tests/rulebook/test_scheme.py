"""Schemes in a document's folder: loaded, checked with line and remedy, published, and no. 6 as it ships."""

from datetime import date
from decimal import Decimal

import pytest

from svcqa.assessment.metrics import KNOWN
from svcqa.kernel.errors import Invalid, NotFound
from svcqa.kernel.transaction import Actor
from svcqa.rulebook import library
from svcqa.rulebook.loading import SHIPPED, parts, read_folder
from svcqa.rulebook.model import DOCUMENT
from svcqa.rulebook.reading import RulebookError
from svcqa.rulebook.scheme import SCHEME, Scheme
from tests.rulebook.conftest import LONGEST_SHARED_RUN

FOLDER = SHIPPED / "telecom-service" / "v1"


LIU_MIN = Actor(person_id="liu-min", name="刘敏", roles=frozenset({"supervisor"}))


@pytest.fixture(scope="module")
def scheme_files() -> dict[str, str]:
    return read_folder(FOLDER)


@pytest.fixture(scope="module")
def scheme(scheme_files) -> Scheme:
    found = parts(scheme_files).scheme
    assert found is not None
    return found


def planted(files: dict[str, str], old: str, new: str) -> dict[str, str]:
    assert old in files[SCHEME], f"{old!r} is not in the scheme"
    return {**files, SCHEME: files[SCHEME].replace(old, new, 1)}


def line_of(files: dict[str, str], marker: str) -> int:
    return files[SCHEME][: files[SCHEME].index(marker)].count("\n") + 1


def test_a_folder_may_hold_a_scheme_cases_or_both(scheme_files, files):
    assert isinstance(parts(scheme_files).sourced, Scheme)
    assert parts(files).scheme is None
    both = parts({**files, SCHEME: scheme_files[SCHEME]})
    assert both.regulation is not None
    assert both.scheme is not None
    assert both.regulation.hash == both.scheme.hash


def test_a_folder_with_neither_or_with_a_foreign_file_is_refused(scheme_files):
    with pytest.raises(RulebookError, match=r"casework\.yaml 第 1 行：缺少这个文件"):
        parts({DOCUMENT: scheme_files[DOCUMENT]})
    with pytest.raises(RulebookError, match=r"notes\.yaml 第 1 行：不认识这个文件"):
        parts({**scheme_files, "notes.yaml": "a: 1"})


# name -> (text, replacement, what stands on the line, words of the sentence)
LOADING = {
    "unknown cadence": ("[monthly, quarterly]", "[monthly, weekly]", "cadences", "weekly"),
    "misspelt field": ("    weight: 15", "    wieght: 15", "wieght", "是否应为 weight"),
    "negative weight": ("    weight: 15", "    weight: -15", "weight: -15", "不是数"),
    "unknown band": ("band: evening", "band: dusk", "band: dusk", "dusk"),
    "unknown tie rule": ("ties: same_rank", "ties: alphabet", "ties: alphabet", "same_rank"),
    "unreadable term": ("collect: 5 working_days", "collect: soon", "collect: soon", "期限"),
}


@pytest.mark.parametrize("name", LOADING)
def test_what_cannot_be_loaded_names_the_line(scheme_files, name):
    old, new, marker, words = LOADING[name]
    wrong = planted(scheme_files, old, new)
    with pytest.raises(RulebookError, match=words) as caught:
        parts(wrong)
    assert (caught.value.file, caught.value.line) == (SCHEME, line_of(wrong, marker))


CHECKING = {
    "weights": ("    weight: 15", "    weight: 16", "indicators:", "合计 101，不是 100"),
    "no weight": ("    weight: 15", "    weight: 0", "weight: 0", "大于 0"),
    "fine weight": ("    weight: 15", "    weight: 15.001", "weight: 15.001", "最多两位小数"),
    "group": ("    group: response", "    group: respone", "group: respone", "没有考核项目 respone"),
    "unused group": ("    group: expertise", "    group: quality", "- {id: expertise", "没有指标"),
    "repeated id": (
        "  - id: promise_kept", "  - id: reopened",
        "- id: reopened\n    group: quality", "编号 reopened 重复",
    ),
    "two scorings": (
        "{linear: {floor: 50, full: 95}}", "{per_event: 2, linear: {floor: 50, full: 95}}",
        "scoring: {per_event", "只用一种",
    ),
    "no scoring": ("{linear: {floor: 50, full: 95}}", "{}", "scoring: {}", "只用一种"),
    "no width": ("{floor: 50, full: 95}", "{floor: 95, full: 95}", "floor: 95", "相同"),
    "step of two": ("{at_most: 1,", "{at_most: 1, at_least: 1,", "scoring: {steps", "只写一个"),
    "steps in disorder": ("{at_most: 1,", "{at_most: 5,", "scoring: {steps", "从好到差"),
    "fine points": ("points: 20}", "points: 20.001}", "scoring: {steps", "最多写两位小数"),
    "fine deduction": ("    each: 1\n", "    each: 0.001\n", "- id: complaints", "最多写两位小数"),
    "grade order": ("at_least: 60}", "at_least: 90}", "at_least: 90}", "从高到低"),
    "last grade": ("at_least: 0}", "at_least: 1}", "  grades:", "从 0 分起"),
    "repeated grade": ("{id: B,", "{id: A,", "{id: A, label: 合格", "等级 A 重复"),
    "veto grade": ("grade: C,", "grade: D,", "{label: 一类责任投诉", "没有等级 D"),
    "metric": ("metric: reopen_rate", "metric: reopened_rate", "metric: reopened_rate", "没有算法 reopened_rate"),
    "of missing": ("    of: surveys\n", "", "- id: satisfied", "可选 surveys、interactions"),
    "of too much": ("metric: exam_mean", "metric: exam_mean\n    of: surveys", "of: surveys\n    scoring", "用不到 of"),
    "targets too much": (
        "metric: exam_mean", "metric: exam_mean\n    targets: [{hours: 1}]",
        "- id: exam", "用不到 targets",
    ),
    "exact shrunk": (
        "metric: exam_mean", "metric: exam_mean\n    small_sample: shrink",
        "small_sample: shrink\n    scoring", "不是抽样",
    ),
    "deducted metric": ("metric: complaint_points", "metric: complaints", "metric: complaints", "没有算法 complaints"),
    "repeated direction": (
        "{id: peer, label: 同事评, weight: 40", "{id: superior, label: 同事评, weight: 40",
        "{id: superior, label: 同事评", "写了两次",
    ),
    "small draw": ("sample: 4, minimum: 3", "sample: 2, minimum: 3", "{id: peer", "少于起算人数"),
    "anchors": (", 从不出错并帮别人把关]", "]", "  items:", "一样多"),
    "repeated item": ("id: teamwork", "id: manner", "id: manner\n      label: 协作", "题目 manner 重复"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKING)
def test_what_is_wrong_in_a_loaded_scheme_is_found_with_its_line_and_remedy(scheme_files, name):
    old, new, marker, words = CHECKING[name]
    wrong = planted(scheme_files, old, new)
    found = library.findings(parts(wrong), metrics=KNOWN)
    matching = [each for each in found if words in each.sentence]
    assert matching, found
    assert (matching[0].file, matching[0].line) == (SCHEME, line_of(wrong, marker))
    assert all("请" in each.sentence and each.severity == "error" for each in found)


def test_rating_perspectives_without_any_weight_are_found(scheme_files):
    wrong = planted(planted(scheme_files, "weight: 60}", "weight: 0}"), "weight: 40,", "weight: 0,")
    (found,) = library.findings(parts(wrong), metrics=KNOWN)
    assert "权重都是 0" in found.sentence


def test_without_known_metrics_their_names_are_not_looked_at(scheme_files):
    wrong = planted(scheme_files, "metric: reopen_rate", "metric: reopened_rate")
    assert library.findings(parts(wrong)) == []


def test_a_document_that_binds_before_it_is_published_is_found_in_a_scheme_too(scheme_files):
    early = {**scheme_files, DOCUMENT: scheme_files[DOCUMENT].replace("2016-01-01", "2015-12-02")}
    (found,) = library.findings(parts(early), metrics=KNOWN)
    assert (found.file, found.sentence[:6]) == (DOCUMENT, "生效日期早于")


def test_a_published_scheme_is_found_by_day_and_by_hash(empty_place, scheme_files, scheme):
    with empty_place.transaction(LIU_MIN) as tx:
        published = library.publish(tx, scheme_files, confirmed_by="han-lei", metrics=KNOWN)
        assert library.scheme_in_force(tx, "telecom-service", on=date(2016, 4, 30)) == scheme
        assert library.scheme_by_hash(tx, published) is library.parts_by_hash(tx, published).scheme
        with pytest.raises(NotFound, match="没有生效的版本"):
            library.scheme_in_force(tx, "telecom-service", on=date(2015, 12, 31))
        with pytest.raises(NotFound, match="没有投诉办理的规定"):
            library.by_hash(tx, published)


def test_a_regulation_of_cases_has_no_scheme(empty_place, files):
    with empty_place.transaction(LIU_MIN) as tx:
        published = library.publish(tx, files, confirmed_by="han-lei")
        with pytest.raises(NotFound, match="没有考核办法"):
            library.scheme_by_hash(tx, published)


def test_a_scheme_with_a_finding_is_not_published(empty_place, scheme_files):
    wrong = planted(scheme_files, "metric: reopen_rate", "metric: reopened_rate")
    with empty_place.transaction(LIU_MIN) as tx, pytest.raises(Invalid, match="没有算法 reopened_rate"):
        library.publish(tx, wrong, confirmed_by="han-lei", metrics=KNOWN)


# Regulation no. 6 as it ships


def test_the_five_qualities_of_the_regulation_are_there_with_their_weight(scheme: Scheme):
    weights: dict[str, Decimal] = {}
    for indicator in scheme.indicators:
        weights[indicator.group] = weights.get(indicator.group, Decimal(0)) + indicator.weight
    assert weights == {"response": 25, "quality": 25, "expertise": 15, "reliability": 15, "satisfaction": 20}
    assert [group.article for group in scheme.groups] == [f"第 3.{number} 条" for number in range(1, 6)]


def test_response_is_measured_in_hours_with_a_target_for_each_time_band(scheme: Scheme):
    targets = scheme.indicator("response_in_time").targets
    assert [(str(target.band), int(target.hours)) for target in targets] == [
        ("office", 1), ("evening", 2), ("night", 8), ("holiday", 8),
    ]  # fmt: skip


def test_what_the_source_leaves_open_is_marked_as_an_example_and_named_as_a_gap(scheme: Scheme):
    marked = [
        *(each.example for each in scheme.indicators),
        *(each.example for each in scheme.deductions),
        *(each.example for each in scheme.vetoes),
        scheme.grading.example,
        scheme.deadlines.example,
        scheme.rating is not None and scheme.rating.example,
        scheme.survey is not None and scheme.survey.example,
    ]
    assert all(marked)
    gaps = "".join(gap.article + gap.sentence for gap in scheme.document.gaps)
    assert all(f"第 3.{number} 条" in gaps for number in range(1, 6))


def test_every_item_has_five_anchors_in_words(scheme: Scheme):
    assert scheme.rating is not None
    assert {len(item.anchors) for item in scheme.rating.items} == {5}
    assert scheme.rating.direction("peer") is not None
    assert scheme.rating.direction("customer") is None


def test_a_name_that_is_not_there_is_said_so(scheme: Scheme):
    assert (int(scheme.grade("C").at_least), scheme.group("quality").label) == (0, "服务质量")
    with pytest.raises(NotFound, match="没有指标 speed"):
        scheme.indicator("speed")


def test_no_text_of_the_source_is_pasted_into_the_scheme(scheme_files, source):
    plain = "".join("".join(scheme_files.values()).split())
    runs = {plain[start : start + LONGEST_SHARED_RUN] for start in range(len(plain) - LONGEST_SHARED_RUN + 1)}
    assert {run for run in runs if run in source} <= runs_of(TITLE)


TITLE = "电信运营商客户服务质量考核评分标准"


def runs_of(text: str) -> set[str]:
    return {text[start : start + LONGEST_SHARED_RUN] for start in range(len(text) - LONGEST_SHARED_RUN + 1)}
