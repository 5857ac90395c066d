"""An assessment scheme as frozen values: what `scheme.yaml` may say, field by field. No rule applies here.

Weights and points are Decimal, terms are terms; the names of metrics are the assessment's business.
"""

from typing import Literal, NamedTuple

from svcqa.rulebook.model import Frozen, Sourced
from svcqa.rulebook.notation import Count, Lasting, Number, Percent, Text, Yes

SCHEME = "scheme.yaml"

Cadence = Literal["daily", "monthly", "quarterly", "half_yearly", "yearly"]
Band = Literal["office", "evening", "night", "holiday"]
BANDS = {"office": "工作时间", "evening": "晚间", "night": "夜间", "holiday": "休息日"}
CADENCES = {"daily": "日", "monthly": "月度", "quarterly": "季度", "half_yearly": "半年", "yearly": "年度"}
NATURES = {"objective": "客观数据", "subjective": "主观评价"}


class Known(NamedTuple):
    """What a scheme may say about a metric: what it is taken `of`, if it needs targets, if it can be shrunk."""

    of: tuple[str, ...] = ()
    targets: bool = False
    shrinks: bool = False


class Group(Frozen):
    """One of the qualities the regulation names; its indicators are shown together."""

    id: Text
    label: Text
    article: Text
    text: Text


class Target(Frozen):
    """Within how many hours an interaction should be dealt with; the first target that fits it counts."""

    band: Band | None = None
    urgency: Count | None = None
    hours: Number


class Linear(Frozen):
    """Points rise evenly from 0 at `floor` to 100 at `full`; a floor above full means that less is better."""

    floor: Number
    full: Number


class Step(Frozen):
    """The points of everything that reaches the step and none before it."""

    at_least: Number | None = None
    at_most: Number | None = None
    points: Percent


class Scoring(Frozen):
    """How a value becomes points from 0 to 100: one of three ways."""

    linear: Linear | None = None
    steps: tuple[Step, ...] = ()
    per_event: Percent | None = None


class Indicator(Frozen):
    """One figure of the assessment: metric, weight in percent and scoring."""

    id: Text
    group: Text
    label: Text
    article: Text
    text: Text
    weight: Number
    nature: Literal["objective", "subjective"]
    metric: Text
    of: Text | None = None
    targets: tuple[Target, ...] = ()
    scoring: Scoring
    minimum_sample: Count = 1
    small_sample: Literal["mark", "shrink"] = "mark"
    example: Yes = False


class Extra(Frozen):
    """Points added to or taken off the composite: so many for each unit of the metric, up to the cap."""

    id: Text
    label: Text
    article: Text
    metric: Text
    of: Text | None = None
    each: Number
    cap: Number
    example: Yes = False


class Veto(Frozen):
    """A complaint class that caps the grade whatever the score."""

    label: Text
    article: Text
    complaint_class: Text
    grade: Text
    example: Yes = False


class Grade(Frozen):
    """A grade and the composite from which it is given; the file lists the best first."""

    id: Text
    label: Text
    at_least: Percent


class Grading(Frozen):
    """The grades by threshold; no share of people has to be in any of them.

    A result that rests on less than `coverage_percent` of the weight is provisional.
    """

    article: Text
    grades: tuple[Grade, ...]
    coverage_percent: Percent
    example: Yes = False


class Ranking(Frozen):
    """The tie rule in words and in a word, and the ranks at which being tied is shown."""

    ties: Literal["same_rank"]
    text: Text
    lines: tuple[Count, ...] = ()


class Deadlines(Frozen):
    """How long the stages of a cycle may take."""

    article: Text
    collect: Lasting
    confirm: Lasting
    appeal: Lasting
    improve: Lasting
    remind_percent: Percent
    example: Yes = False


class Direction(Frozen):
    """Who rates: weight of the perspective, how many raters are drawn (0: all), from how many on they count."""

    id: Literal["superior", "peer"]
    label: Text
    weight: Number
    sample: Count = 0
    minimum: Count = 1


class Item(Frozen):
    """One question of the rating form with its scale in words, the lowest value first."""

    id: Text
    label: Text
    text: Text
    anchors: tuple[Text, ...]


class RatingForm(Frozen):
    """What raters are asked about a colleague."""

    article: Text
    directions: tuple[Direction, ...]
    items: tuple[Item, ...]
    example: Yes = False

    def direction(self, direction_id: str) -> Direction | None:
        """Return the perspective with this id, or None where the scheme does not ask for it."""
        return next((each for each in self.directions if each.id == direction_id), None)


class SurveyForm(Frozen):
    """What customers are asked, whom, and until when."""

    article: Text
    sample_percent: Percent
    expires: Lasting
    satisfaction: Text
    solved: Text
    comment_below: Count
    example: Yes = False


class Rules(Frozen):
    """Everything `scheme.yaml` says."""

    subject: Literal["person"]
    cadences: tuple[Cadence, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    deductions: tuple[Extra, ...] = ()
    bonuses: tuple[Extra, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    grading: Grading
    ranking: Ranking
    deadlines: Deadlines
    rating: RatingForm | None = None
    survey: SurveyForm | None = None


class Scheme(Rules, Sourced):
    """One version of one assessment scheme. `hash` is over its files; `lines` tell where everything is written."""

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the indicator with this id; raises NotFound."""
        return self.named(self.indicators, indicator_id, "指标")

    def group(self, group_id: str) -> Group:
        """Return the quality with this id; raises NotFound."""
        return self.named(self.groups, group_id, "考核项目")

    def grade(self, grade_id: str) -> Grade:
        """Return the grade with this id; raises NotFound."""
        return self.named(self.grading.grades, grade_id, "等级")
