"""The report's figures are those of the results; its sentences say them; nobody reads more than is theirs."""

from datetime import date

import polars as pl
import pytest

from svcqa.assessment.board import IndicatorLoss, UnitGrades
from svcqa.kernel.errors import NotFound
from svcqa.kernel.statements import Statement
from svcqa.reporting import agreeing, cycle_report, summing_up
from svcqa.reporting.clauses import ClauseLine
from svcqa.reporting.comparing import PeriodMean, UnitMean, apart
from svcqa.rulebook.scheme import Direction, Item, RatingForm

RESULTS = Statement("SELECT composite_hundredths, grade, unit_id FROM result WHERE cycle_id = :id")
UNRATE = Statement(
    "UPDATE rating_task SET done_at = NULL WHERE id = (SELECT min(id) FROM rating_task WHERE cycle_id = :id)"
)
EXAMPLE = Statement("UPDATE cycle SET example = :yes WHERE id = :id")


def report_for(month, who="liumin"):
    return month.act(who, lambda tx: cycle_report.of_number(tx, month.cycle.number))


@pytest.fixture
def rows(month):
    return month.read(lambda tx: RESULTS.rows(tx, id=month.cycle_id))


def test_the_distribution_adds_up_to_the_people(month, rows):
    report = report_for(month)
    assert len(report.lines) == len(rows) == 8
    assert sum(report.distribution.values()) == sum(1 for row in rows if row["grade"])
    assert report.distribution == {
        grade: sum(row["grade"] == grade for row in rows) for grade in ("A", "B", "C")
    }


def test_the_mean_is_the_mean_of_the_results(month, rows):
    scores = [row["composite_hundredths"] for row in rows if row["composite_hundredths"] is not None]
    assert report_for(month).mean_hundredths == (2 * sum(scores) + len(scores)) // (2 * len(scores))


def test_the_units_hold_all_people_with_the_best_mean_first(month, rows):
    units = report_for(month).units
    assert sum(one.grades.people for one in units) == len(rows)
    means = [one.grades.mean_hundredths for one in units]
    assert means == sorted(means, reverse=True)
    assert all(one.low <= one.grades.mean_hundredths <= one.high for one in units if one.low is not None)


def test_the_summary_says_people_losses_complaints_and_measures(month):
    report = report_for(month)
    text = "".join(report.sentences)
    assert "2026-10 月度考核 城东车间：8 人参加考核" in text
    assert f"失分最多的指标：{report.losses[0].label}" in text
    assert "没有生效的投诉处罚" in text
    assert f"改进措施共 {len(report.measures)} 项" in text


def test_ratings_are_counted_by_perspective(month):
    ratings = report_for(month).ratings
    assert [one.label for one in ratings] == ["上级评", "同事评"]
    assert all(one.done == one.total for one in ratings)
    assert sum(one.total for one in ratings) == 12


def test_what_was_not_rated_and_what_is_made_up_is_remarked(month):
    month.act(
        "liumin", lambda tx: (UNRATE.run(tx, id=month.cycle_id), EXAMPLE.run(tx, yes=True, id=month.cycle_id))
    )
    remarks = report_for(month).remarks
    assert "截止时还有 1 项评分没有提交，按已提交的计算。" in remarks
    assert any("示例数据" in one for one in remarks)


def test_a_head_reads_the_own_team_only(month):
    report = report_for(month, "fengjianjun")
    assert {line.unit_name for line in report.lines} == {"城东一班"}
    assert [one.grades.unit_name for one in report.units] == ["城东一班"]
    assert sum(report.distribution.values()) <= len(report.lines) < 8


@pytest.mark.parametrize("who", ["xieweidong", "wangjianguo", "xuwenjing"])
def test_who_may_not_see_the_cycle_finds_no_report(month, who):
    with pytest.raises(NotFound):
        report_for(month, who)


def test_without_results_the_summary_says_so():
    said = summing_up.grades("2026-10 月度考核", {"A": 0}, people=0, mean=None)
    assert said == "2026-10 月度考核：还没有可以看到的成绩。"


@pytest.mark.parametrize(("mean", "said"), [(8000, "持平"), (8050, "升 0.5 分"), (7900, "降 1 分")])
def test_the_trend_is_said_against_the_period_before(mean, said):
    earlier = [PeriodMean(date(2026, 8, 1), 100, 3), PeriodMean(date(2026, 9, 1), 8000, 9)]
    assert summing_up.trend(earlier, mean) == f"与 2026-09 起的上一期平均 80 分相比{said}。"
    assert summing_up.trend([], mean) == ""


def unit(name, mean, low, high):
    return UnitMean(UnitGrades(name, name, {}, 9, mean), low, high)


def test_units_whose_intervals_overlap_are_not_told_apart():
    pair = [unit("一班", 8500, 8000, 9000), unit("二班", 8200, 7800, 8600)]
    assert apart(pair) == []
    assert "不能认定有高低之分" in summing_up.units(pair)
    assert summing_up.units(pair[:1]) == ""


def test_units_whose_intervals_do_not_overlap_are():
    means = [unit("一班", 9000, 8800, 9200), unit("二班", 8700, 8500, 8850), unit("三班", 7000, 6800, 7200)]
    said = summing_up.units([*means, unit("四班", 6900, None, None)])
    assert "一班高于三班" in said
    assert "二班高于三班" in said
    assert "一班高于二班" not in said


def test_the_three_largest_losses_are_named():
    losses = [IndicatorLoss(str(n), f"指标{n}", 5000, 500 - n, 8) for n in range(4)]
    said = summing_up.losses([*losses, IndicatorLoss("x", "满分", 10000, 0, 8)])
    assert "指标0（平均失 5 分，8 人有数据）" in said
    assert "指标3" not in said
    assert summing_up.losses(losses[:0]) == ""


def test_overturned_penalties_are_said():
    line = ClauseLine("办法", "7.2.1", "II", "第七条", "未回电", 3, 1200, 1)
    said = summing_up.complaints([line])
    assert said == "考核期内生效的投诉处罚 3 项，涉及 1 个条款，记 12 分，经申诉改判 1 项。"


def ratings(values):
    """Return the ratings of subjects (rows) by raters, one item."""
    rows = [
        (f"s{s}", f"r{r}", "peer", "manner", v) for s, row in enumerate(values) for r, v in enumerate(row)
    ]
    names = {
        "subject": pl.String,
        "rater": pl.String,
        "direction": pl.String,
        "item": pl.String,
        "value": pl.Int8,
    }
    return pl.LazyFrame(rows, schema=names, orient="row")


FORM = RatingForm(
    article="第 3.2 条",
    directions=(Direction.model_validate({"id": "peer", "label": "同事评", "weight": "100"}),),
    items=(Item(id="manner", label="待客态度", text="怎样", anchors=("差", "好")),),
)
# Six targets and four judges of Shrout and Fleiss (1979), table 2: ICC(1,1) = .17, ICC(1,4) = .44
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_agreement_is_the_published_one_for_published_ratings():
    (found,) = agreeing.agreement(ratings(SHROUT_FLEISS), FORM)
    assert (found.rated, found.raters, found.single, found.mean) == (6, 4, 17, 44)
    assert found.sentence == "同事评：6 人各由 4 人评分，平均分的一致性较低（ICC 0.44）。"


def test_few_people_and_single_raters_say_nothing_of_agreement():
    assert agreeing.agreement(ratings(SHROUT_FLEISS[:4]), FORM) == ()
    assert agreeing.agreement(ratings([[1], [2], [3], [4], [5]]), FORM) == ()


def test_people_with_another_number_of_raters_are_left_out():
    (found,) = agreeing.agreement(ratings([*SHROUT_FLEISS, [9, 9]]), FORM)
    assert found.rated == 6


def test_where_all_values_are_equal_no_agreement_is_claimed():
    (found,) = agreeing.agreement(ratings([[3, 3]] * 6), FORM)
    assert found.mean is None
    assert "无法计算" in found.sentence
    assert found.items == (("待客态度", None),)
