"""One line of a foreign table as the complaint it tells of, or why it cannot be one.

Looks nothing up, writes nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from svcqa.casework.forms import Register
from svcqa.casework.mapping import PLACEHOLDER, Mapping
from svcqa.kernel.tabular import Line
from svcqa.organisation.people import typed

SHORTEST_SUBJECT, LONGEST_SUBJECT, LONGEST_NARRATIVE, LONGEST_KEY = 4, 120, 4000, 64
LOOSE_ENDS = " ·,，:：;；-/"  # what stays of a text whose last column is empty


@dataclass(frozen=True)
class Rejected:
    """A line that is not taken over: where, what stands there, why not, and what to do."""

    line: int
    column: str
    value: str
    reason: str
    remedy: str


class Unfit(Exception):
    """A line that cannot be a complaint."""

    def __init__(self, line: Line, column: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        value = line.cells.get(column, "")[:80]
        self.rejected = Rejected(line.number, column, value, reason, remedy)


@dataclass(frozen=True)
class Entry:
    """A complaint as another system has kept it; without `closed_at` it is open."""

    line: int
    form: Register
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was closed after it was due; False where one of the two is not known."""
        return self.closed_at is not None and self.due_at is not None and self.closed_at > self.due_at


@dataclass(frozen=True)
class Reader:
    """Reads the lines of one table. `units` are the codes that exist, `now` is the moment of the import."""

    mapping: Mapping
    units: frozenset[str]
    now: datetime

    def entry(self, line: Line) -> Entry:
        """Return the complaint of a line; raises Unfit."""
        if not line.whole:
            raise Unfit(line, "", "这一行的列数和表头不同", "请核对逗号和引号")
        mapping = self.mapping
        received_at = self._moment(line, mapping.received_at)
        if received_at is None:
            raise Unfit(line, mapping.received_at, "没有受理时间", "请补上受理时间")
        due_at, closed_at = self._moment(line, mapping.due_at), self._moment(line, mapping.closed_at)
        occurred_at = self._moment(line, mapping.occurred_at) or received_at
        self._require_order(line, occurred_at, received_at, due_at, closed_at)
        self._require_status(line, closed_at)
        form = Register(
            subject=self._subject(line),
            narrative=self._narrative(line),
            channel=self._channel(line),
            unit=self._unit(line),
            occurred_at=occurred_at,
            external_id=self._external_id(line),
        )
        return Entry(line.number, form, received_at, due_at, closed_at)

    def _moment(self, line: Line, column: str) -> datetime | None:
        """Read a local time; of an hour that the clocks show twice, the first is meant."""
        text = line.cells.get(column, "")
        if not text:
            return None
        wall = next((at for pattern in self.mapping.time_formats if (at := _parsed(text, pattern))), None)
        if wall is None:
            formats = "、".join(self.mapping.time_formats)
            raise Unfit(line, column, "时间无法识别", f"请改成 {formats} 的形式，或在映射文件中增加格式")
        if wall.tzinfo:
            return wall.astimezone(UTC)
        zone = ZoneInfo(self.mapping.time_zone)
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) != wall:
            raise Unfit(
                line, column, f"{self.mapping.time_zone} 没有这个时刻（拨快时钟时跳过）", "请更正时间"
            )
        return at

    def _require_order(
        self,
        line: Line,
        occurred_at: datetime,
        received_at: datetime,
        due_at: datetime | None,
        closed_at: datetime | None,
    ) -> None:
        mapping = self.mapping
        if received_at > self.now:
            raise Unfit(line, mapping.received_at, "受理时间晚于现在", "请更正受理时间")
        if occurred_at > received_at:
            raise Unfit(line, mapping.occurred_at, "发生时间晚于受理时间", "请更正其中一个时间")
        if due_at and due_at < received_at:
            raise Unfit(line, mapping.due_at, "时限早于受理时间", "请更正其中一个时间")
        if closed_at and closed_at < received_at:
            raise Unfit(line, mapping.closed_at, "办结时间早于受理时间", "请更正其中一个时间；未办结的留空")
        if closed_at and closed_at > self.now:
            raise Unfit(line, mapping.closed_at, "办结时间晚于现在", "请更正办结时间；未办结的留空")

    def _require_status(self, line: Line, closed_at: datetime | None) -> None:
        rule = self.mapping.status
        if rule is None:
            return
        word = line.cells.get(rule.column, "")
        if word not in (*rule.open, *rule.closed):
            raise Unfit(line, rule.column, "映射文件没有说明这个状态", "请在映射文件的 status 中补上这个词")
        if word in rule.closed and closed_at is None:
            raise Unfit(line, rule.column, "状态是已办结，却没有办结时间", "请补上办结时间，或改正状态")

    def _external_id(self, line: Line) -> str:
        column = self.mapping.external_id
        value = line.cells.get(column, "")
        if not 0 < len(value) <= LONGEST_KEY:
            raise Unfit(line, column, f"编号为空或超过 {LONGEST_KEY} 个字符", "请补上原系统的编号")
        return value

    def _subject(self, line: Line) -> str:
        subject = _filled(self.mapping.subject, line)
        if not SHORTEST_SUBJECT <= len(subject) <= LONGEST_SUBJECT:
            column = next(iter(PLACEHOLDER.findall(self.mapping.subject)), "")
            reason = f"事由有 {len(subject)} 个字，应为 {SHORTEST_SUBJECT} 到 {LONGEST_SUBJECT} 个字"
            raise Unfit(line, column, reason, "请补全或缩短，或在映射文件中改用别的列")
        return subject

    def _narrative(self, line: Line) -> str:
        narrative = _filled(self.mapping.narrative, line)
        if len(narrative) > LONGEST_NARRATIVE:
            column = next(iter(PLACEHOLDER.findall(self.mapping.narrative)), "")
            raise Unfit(
                line, column, f"情况说明超过 {LONGEST_NARRATIVE} 个字", "请缩短，或在映射文件中改用别的列"
            )
        return narrative

    def _channel(self, line: Line) -> str:
        rule = self.mapping.channel
        if rule.always:
            return rule.always
        channel = rule.words.get(line.cells.get(rule.column, ""))
        if channel is None:
            raise Unfit(
                line, rule.column, "映射文件没有说明这个渠道", "请在映射文件的 channel.words 中补上这个词"
            )
        return channel

    def _unit(self, line: Line) -> str:
        rule = self.mapping.unit
        word = line.cells.get(rule.column, "") if rule else ""
        if rule is None or not word:
            return ""
        code = typed(rule.codes.get(word, "") if rule.codes else word)
        if code in self.units:
            return code
        if rule.unknown == "leave_empty":
            return ""
        reason = f"没有编码为 {code} 的单位" if code else "映射文件没有说明这个单位"
        raise Unfit(line, rule.column, reason, "请先载入含有该单位的花名册，或改正映射文件的 unit.codes")


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the mapping's
    except ValueError:
        return None


def _filled(template: str, line: Line) -> str:
    return PLACEHOLDER.sub(lambda found: line.cells.get(found[1], ""), template).strip(LOOSE_ENDS)
