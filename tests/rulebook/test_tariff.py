"""The proposal: known answers line by line, and what must hold for every tariff, share and adjustment."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcqa.kernel.errors import Invalid
from svcqa.rulebook.model import Adjustment, Clause
from svcqa.rulebook.tariff import Bounds, bounds, joint_liability, outside_bounds, propose


def clause(points: str = "1 2 5", yuan: str = "0 100 300", kind: str = "perf", joint: str = "10") -> Clause:
    """A clause with `min default max` of points and of yuan."""
    return Clause.model_validate({
        "id": "18.2", "class": "II", "article": "第十八条第二款", "title": "逾时未回复", "text": "承诺的时间内没有回复。",
        "tariff": {
            "points": dict(zip(("min", "default", "max"), points.split(), strict=True)),
            "deduction": {"kind": kind, **dict(zip(("min", "default", "max"), yuan.split(), strict=True))},
            "joint_liability": joint, "unit_points": "1",
        },
    })  # fmt: skip


def adjustment(id: str, kind: str, **measure: Any) -> Adjustment:
    return Adjustment.model_validate(
        {"id": id, "kind": kind, "label": id, "article": "第二十五条", **measure}
    )


AGAIN = adjustment("again", "aggravating", points="1", yuan="0")
REPEATED = adjustment("repeated", "aggravating", percent="50")
FIRST = adjustment("first", "mitigating", percent="20")
REMEDIED = adjustment("remedied", "mitigating", percent="10")


def readable(proposal) -> list[tuple[str, str, int]]:
    return [(line.label, str(line.points), line.fen) for line in proposal.lines]


def test_the_calculation_of_the_case_page_comes_out_line_by_line():
    proposal = propose(clause(), adjustments=[AGAIN, FIRST])
    assert readable(proposal) == [
        ("基础处罚", "2", 10_000),
        ("加重：again", "1", 0),
        ("从轻：first（减 20%）", "-0.6", -2_000),
    ]
    assert (proposal.points, proposal.fen, proposal.kind) == (Decimal("2.4"), 8_000, "perf")
    assert [line.article for line in proposal.lines] == ["第十八条第二款", "第二十五条", "第二十五条"]


def test_a_proposal_without_adjustments_is_the_default():
    assert readable(propose(clause())) == [("基础处罚", "2", 10_000)]


def test_aggravation_is_of_the_base_and_mitigation_of_both():
    proposal = propose(
        clause(points="1 2 9", yuan="0 100 900"), adjustments=[REPEATED, AGAIN, FIRST, REMEDIED]
    )
    assert readable(proposal)[1:] == [
        ("加重：again", "1", 0),
        ("加重：repeated（加 50%）", "1", 5_000),
        ("从轻：first（减 20%）", "-0.8", -3_000),
        ("从轻：remedied（减 10%）", "-0.4", -1_500),
    ]
    assert (proposal.points, proposal.fen) == (Decimal("2.8"), 10_500)


def test_the_tariff_limits_above_and_below_and_says_so():
    above = propose(clause(points="1 2 2.5", yuan="0 100 120"), adjustments=[REPEATED])
    assert readable(above)[-1] == ("限于本条标准的幅度", "-0.5", -3_000)
    below = propose(clause(points="1.9 2 3", yuan="95 100 120"), adjustments=[FIRST])
    assert readable(below)[-1] == ("限于本条标准的幅度", "0.3", 1_500)
    assert (below.points, below.fen) == (Decimal("1.9"), 9_500)


def test_a_share_takes_its_part_of_the_whole_and_of_the_bounds():
    proposal = propose(clause(), share=40, adjustments=[AGAIN])
    assert readable(proposal)[-1] == ("责任份额 40%", "-1.8", -6_000)
    assert (proposal.points, proposal.fen) == (Decimal("1.2"), 4_000)
    assert proposal.bounds == Bounds(Decimal("0.4"), Decimal(2), 0, 12_000)


def test_halves_of_a_fen_and_of_a_hundredth_are_rounded_up_once_at_the_end():
    proposal = propose(clause(points="0 0.01 1", yuan="0 0.01 1"), share=50)
    assert (proposal.points, proposal.fen) == (Decimal("0.01"), 1)
    thirds = propose(clause(points="0 1 9", yuan="0 1 9"), adjustments=[
        adjustment(name, "aggravating", percent="33.3333") for name in ("a", "b", "c")
    ])  # fmt: skip
    assert (thirds.points, thirds.fen) == (Decimal(2), 200)


def test_no_deduction_stays_no_deduction_whatever_aggravates():
    heavier = adjustment("heavier", "aggravating", points="1", yuan="50")
    proposal = propose(clause(yuan="0 0 0", kind="none"), adjustments=[heavier])
    assert readable(proposal) == [("基础处罚", "2", 0), ("加重：heavier", "1", 0)]


def test_a_fact_that_is_the_offence_itself_or_named_twice_counts_once():
    spared = adjustment("spared", "aggravating", percent="50", except_for=("18.2",))
    assert propose(clause(), adjustments=[spared]) == propose(clause())
    assert propose(clause(), adjustments=[AGAIN, AGAIN]) == propose(clause(), adjustments=[AGAIN])


@pytest.mark.parametrize("share", [0, 101, -5])
def test_a_share_outside_1_to_100_is_refused(share):
    with pytest.raises(Invalid, match="责任份额"):
        propose(clause(), share=share)


def test_a_decision_outside_the_bounds_is_told_by_how_much():
    limits = bounds(clause())
    assert outside_bounds(limits, points=Decimal(5), fen=30_000) is None
    assert outside_bounds(limits, points=Decimal(1), fen=0) is None
    assert outside_bounds(limits, points=Decimal("5.01"), fen=0) == (
        "扣分 5.01 不在本条标准 1 到 5 分之内（已按责任份额折算）。请改到幅度以内，或另选条款。"
    )
    assert outside_bounds(limits, points=Decimal("0.99"), fen=0) is not None
    assert outside_bounds(limits, points=Decimal(2), fen=30_001) == (
        "扣款 300.01 元不在本条标准 0.00 到 300.00 元之内（已按责任份额折算）。请改到幅度以内，或另选条款。"
    )


def test_the_head_of_the_unit_bears_a_percentage_of_what_was_decided():
    line = joint_liability(clause(joint="12.5"), points=Decimal("2.4"), fen=8_004)
    assert (line.label, line.points, line.fen) == ("连带责任：责任人的 12.5%", Decimal("0.3"), 1_001)


def hundredths(least: int, most: int) -> st.SearchStrategy[str]:
    return st.integers(least, most).map(lambda value: f"{value // 100}.{value % 100:02d}")


def three(most: int) -> st.SearchStrategy[str]:
    ordered = st.lists(st.integers(0, most), min_size=3, max_size=3).map(sorted)
    return ordered.map(lambda values: " ".join(f"{value // 100}.{value % 100:02d}" for value in values))


CLAUSES = st.builds(clause, points=three(10_000), yuan=three(1_000_000))
PERCENTS = hundredths(0, 10_000)


@st.composite
def adjusting(draw: st.DrawFn, kind: str) -> list[Adjustment]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        fixed = {"points": draw(hundredths(0, 1_000)), "yuan": draw(hundredths(0, 100_000))}
        measure = {"percent": draw(PERCENTS)} if draw(st.booleans()) else fixed
        found.append(adjustment(f"{kind}-{number}", kind, **measure))
    return found


HEAVIER, LIGHTER, SHARES = adjusting("aggravating"), adjusting("mitigating"), st.integers(1, 100)


@given(CLAUSES, SHARES, HEAVIER, LIGHTER)
def test_a_proposal_never_leaves_the_tariff_and_its_lines_add_up(priced, share, heavier, lighter):
    proposal = propose(priced, share=share, adjustments=[*heavier, *lighter])
    assert outside_bounds(proposal.bounds, points=proposal.points, fen=proposal.fen) is None
    assert sum(line.points for line in proposal.lines) == proposal.points
    assert sum(line.fen for line in proposal.lines) == proposal.fen


@given(CLAUSES, SHARES, HEAVIER, LIGHTER)
def test_what_aggravates_never_lightens_and_what_mitigates_never_burdens(priced, share, heavier, lighter):
    both = propose(priced, share=share, adjustments=[*heavier, *lighter])
    for others in ([*heavier[1:], *lighter], lighter):
        less = propose(priced, share=share, adjustments=others)
        assert (less.points <= both.points, less.fen <= both.fen) == (True, True)
    without = propose(priced, share=share, adjustments=heavier)
    assert (without.points >= both.points, without.fen >= both.fen) == (True, True)


@given(CLAUSES, SHARES, HEAVIER, LIGHTER, st.randoms(use_true_random=False))
def test_the_order_of_adjustments_does_not_matter(priced, share, heavier, lighter, random):
    shuffled = [*heavier, *lighter]
    random.shuffle(shuffled)
    assert propose(priced, share=share, adjustments=shuffled) == propose(
        priced, share=share, adjustments=[*heavier, *lighter]
    )


@given(CLAUSES, st.integers(1, 99), HEAVIER, LIGHTER)
def test_two_shares_together_are_the_whole_to_the_smallest_unit(priced, share, heavier, lighter):
    adjustments = [*heavier, *lighter]
    whole = propose(priced, adjustments=adjustments)
    one, other = (propose(priced, share=part, adjustments=adjustments) for part in (share, 100 - share))
    assert abs(one.fen + other.fen - whole.fen) <= 1
    assert abs(one.points + other.points - whole.points) <= Decimal("0.01")


@given(CLAUSES, SHARES)
def test_a_greater_share_never_costs_less(priced, share):
    smaller, greater = propose(priced, share=max(1, share - 1)), propose(priced, share=share)
    assert (smaller.points <= greater.points, smaller.fen <= greater.fen) == (True, True)
