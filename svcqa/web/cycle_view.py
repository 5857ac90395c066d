"""A cycle as its page shows it: stages, what it waits for, the grades by unit, the ranking. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from states import Offer
from states.cycle import ENDED, LAW
from svcqa.assessment import board, queries, urging
from svcqa.assessment.board import RankLine, UnitGrades
from svcqa.assessment.outcome import SubjectResult
from svcqa.assessment.progress import StageLine
from svcqa.assessment.queries import CyclePage
from svcqa.assessment.ranking import tied_around
from svcqa.casework import record
from svcqa.improvement import queries as improvement
from svcqa.improvement.queries import Card
from svcqa.kernel.transaction import Transaction
from svcqa.reporting import charts, comparing
from svcqa.reporting.strokes import exact
from svcqa.rulebook import library
from svcqa.rulebook.scheme import Scheme
from svcqa.web import composition, figures
from svcqa.web.composition import Chart
from svcqa.web.result_view import between
from svcqa.web.views import Entry, Step, Typed, points

STATUS = {"done": "done", "now": "now", "later": "ahead"}
MOVES = ("confirm", "recompute", "cancel")
RUN = "/v2/runs/flow-run/"

Figure = tuple[str, str, str, str | Markup]


@dataclass(frozen=True)
class Place:
    """One line of the ranking, written out."""

    person_id: str
    name: str
    unit_name: str
    rank: str
    ranks: str
    composite: str
    interval: str
    mark: Markup
    grade: str
    deducted: str
    provisional: bool
    tied: bool


@dataclass(frozen=True)
class CycleView:
    """What the page of one cycle shows; results only to those who may see them."""

    page: CyclePage
    scheme: Scheme
    steps: tuple[Step, ...]
    strip: tuple[Figure, ...]
    distribution: Chart | None
    beside: tuple[str, str, Chart] | None
    places: tuple[Place, ...]
    weakest: tuple[figures.Length, ...]
    measures: tuple[Card, ...]
    record: tuple[Entry, ...]
    offers: tuple[Offer, ...]
    leads: bool
    run_href: str

    @property
    def grades(self) -> list[tuple[str, str]]:
        """Tone and words of each grade, for the legend."""
        return figures.grades(self.scheme)

    @property
    def forms(self) -> Mapping[str, Typed]:
        """The forms of the moves that are open to the reader."""
        return {offer.name: blank(self.page, offer.name) for offer in self.offers if not offer.refusal}

    @property
    def line_words(self) -> str:
        """The ranks at which being tied is shown."""
        return "、".join(str(line) for line in self.scheme.ranking.lines)

    @property
    def waiting(self) -> str:
        """How much the callout of what is awaited says by its colour."""
        return "warn" if self.page.cycle.stage in ("collecting", "evaluated") else "info"

    @property
    def goes_on(self) -> bool:
        """Whether the reader may ask that the cycle go on now."""
        return self.leads and self.page.cycle.stage not in ENDED | {"evaluated"}


def view(tx: Transaction, number: str) -> CycleView:
    """Return one cycle's page; raises NotFound."""
    page = queries.page(tx, number)
    scheme = library.scheme_by_hash(tx, page.cycle.scheme_hash)
    lines = board.ranking(tx, page.cycle)
    units = board.by_unit(lines, [grade.id for grade in scheme.grading.grades])
    measures = improvement.of_origin(tx, "cycle", origin_id=page.cycle.id)
    leads = bool(tx.actor.roles & urging.GO_ON.roles)
    return CycleView(
        page=page,
        scheme=scheme,
        steps=tuple(_step(line) for line in page.lines),
        strip=_strip(page, lines),
        distribution=figures.distribution(units, scheme) if lines else None,
        beside=_beside(tx, page, lines, units),
        places=places(lines, scheme),
        weakest=figures.weakest(board.losses(lines)),
        measures=measures,
        record=_record(tx, page),
        offers=tuple(offer for offer in page.offers if offer.name in MOVES),
        leads=leads,
        run_href=f"{tx.settings.prefect_address}{RUN}{page.run_ref}" if leads and page.run_ref else "",
    )


def _beside(
    tx: Transaction, page: CyclePage, lines: Sequence[RankLine], units: Sequence[UnitGrades]
) -> tuple[str, str, Chart] | None:
    """Return what stands beside the grades: the trend where there were periods before, else the units compared."""
    if not lines:
        return None
    earlier = comparing.earlier(tx, page.cycle, {unit.unit_id for unit in units})
    trend = figures.trend(earlier, f"{page.cycle.period_from:%y-%m}", comparing.mean_of(lines))
    if trend:
        return "历次平均分", "满分 100", trend
    compared = figures.units(comparing.units(lines, units))
    return ("各单位平均分", "点为平均，线为 95% 区间", compared) if compared else None


def blank(page: CyclePage, move: str) -> Typed:
    """Return a move's form as it is first opened."""
    return Typed({"version": str(page.cycle.version)}, {}, move)


def _step(line: StageLine) -> Step:
    return Step(line.label, line.sentence, STATUS[line.state])  # type: ignore[arg-type]  # one of the literals


def _strip(page: CyclePage, lines: Sequence[RankLine]) -> tuple[Figure, ...]:
    counts = page.counts
    found: list[Figure] = [("考核对象", str(counts.subjects), "人", page.unit_name)]
    if counts.tasks:
        rated = counts.tasks - counts.unrated
        found.append(("评分完成", str(rated), f"/ {counts.tasks} 项", charts.progress(rated, counts.tasks)))
    if counts.surveys:
        back = charts.progress(counts.answered, counts.surveys)
        found.append(("客户问卷", str(counts.answered), f"/ {counts.surveys} 份", back))
    mean = comparing.mean_of(lines)
    if mean is not None:
        scored = sum(one.result.composite_hundredths is not None for one in lines)
        found.append(("平均得分", points(mean), "", f"{scored} 人有成绩，满分 100"))
        thin = sum(one.result.provisional for one in lines)
        found.append(("样本不足", str(thin), "人", "成绩暂定" if thin else "全部达到最低样本"))
    if page.cycle.confirmed_at:
        told = sum(one.acknowledged_at is not None for one in lines)
        found.append(("已签收", str(told), f"/ {len(lines)} 人", charts.progress(told, len(lines))))
        found.append(("待复核申诉", str(counts.open_appeals), "件", "成绩只会变高，不会变低"))
    if counts.measures:
        closed = counts.measures - counts.open_measures
        found.append(
            (
                "改进措施",
                str(closed),
                f"/ {counts.measures} 项有结论",
                charts.progress(closed, counts.measures),
            )
        )
    return tuple(found)


def places(lines: Sequence[RankLine], scheme: Scheme) -> tuple[Place, ...]:
    """Write a ranking out; who cannot be told apart around one of the scheme's ranks is marked."""
    results = [one.result for one in lines]
    tied = {each.subject for line in scheme.ranking.lines for each in tied_around(results, line)}
    ends = [
        end
        for each in results
        for end in (each.interval_low_hundredths, each.interval_high_hundredths)
        if end is not None
    ]
    scale = (min(ends, default=0), max(ends, default=composition.FULL))
    return tuple(_place(one, scale, tied=one.person_id in tied) for one in lines)


def _place(one: RankLine, scale: tuple[int, int], *, tied: bool) -> Place:
    result = one.result
    composite = result.composite_hundredths
    taken = sum(each.hundredths for each in result.deductions)
    return Place(
        person_id=one.person_id,
        name=one.name,
        unit_name=one.unit_name,
        rank=str(result.rank or "未排"),
        ranks=f"{result.rank_best} 至 {result.rank_worst}" if result.rank_best != result.rank_worst else "",
        composite="未评" if composite is None else exact(composite),
        interval=between(result.interval_low_hundredths, result.interval_high_hundredths),
        mark=_mark(result, scale),
        grade=result.grade,
        deducted=exact(taken) if taken else "",
        provisional=result.provisional,
        tied=tied,
    )


def _mark(result: SubjectResult, scale: tuple[int, int]) -> Markup:
    composite, low, high = (
        result.composite_hundredths,
        result.interval_low_hundredths,
        result.interval_high_hundredths,
    )
    if composite is None or low is None or high is None:
        return Markup()
    return charts.range_mark(composite, low, high, scale=scale)


def _record(tx: Transaction, page: CyclePage) -> tuple[Entry, ...]:
    moves = {f"cycle.{move.name}" for move in LAW.moves}
    return tuple(
        Entry(each.who, each.label, each.at, each.texts.get("reason", ""), each.state)
        for each in record.events_of(tx, [("cycle", page.cycle.id)])
        if each.action in moves
    )
