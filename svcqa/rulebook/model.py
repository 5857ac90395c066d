"""A regulation as frozen values: what `document.yaml` and `casework.yaml` may say, field by field.

The field names (or their aliases) are the words of the YAML; nothing else is accepted. No rule applies here.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from svcqa.kernel.errors import NotFound
from svcqa.rulebook.notation import Count, Day, Fen, Lasting, Number, Percent, Text, Yes
from svcqa.rulebook.reading import Lines, line_of

DOCUMENT = "document.yaml"
CASEWORK = "casework.yaml"

DeductionKind = Literal["perf", "loss", "none"]
DEDUCTIONS = {"perf": "绩效扣款", "loss": "赔偿损失", "none": "不扣款"}


class Named(Protocol):
    """Anything of a regulation that is known by its id."""

    @property
    def id(self) -> str:
        """The id that other parts of the regulation refer to."""
        ...


Item = TypeVar("Item", bound=Named)


class Frozen(BaseModel):
    """What a regulation says is never changed and never holds an unknown field."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def holds_example(part: object) -> bool:
    """Tell whether anything in a part of a regulation is still marked as an example (示例)."""
    if isinstance(part, Frozen):
        values = [value for _, value in part]
        return bool(getattr(part, "example", False)) or any(map(holds_example, values))
    return isinstance(part, tuple | list) and any(map(holds_example, part))


class Gap(Frozen):
    """A hole in the source and how it is bridged here."""

    article: Text
    sentence: Text


class Document(Frozen):
    """Who made the regulation, when it binds and where its source is silent."""

    id: Text
    number: Text
    title: Text
    version: Text
    status: Literal["trial", "final"]
    issued_by: Text
    adopted_on: Day
    published_on: Day
    effective_on: Day
    supersedes: tuple[Text, ...] = ()
    jurisdiction: Text
    gaps: tuple[Gap, ...] = ()


class ComplaintClass(Frozen):
    """A degree of gravity; the file lists the gravest first."""

    id: Text
    label: Text
    article: Text


class PointsRange(Frozen):
    """The points a clause takes off a person."""

    minimum: Number = Field(alias="min")
    default: Number
    maximum: Number = Field(alias="max")


class Deduction(Frozen):
    """The sum a clause takes: from performance pay, as compensation for a loss, or none at all."""

    kind: DeductionKind
    min_fen: Fen = Field(alias="min")
    default_fen: Fen = Field(alias="default")
    max_fen: Fen = Field(alias="max")


class Tariff(Frozen):
    """What a clause costs the person, the head of the unit (percent of the person's) and the unit's score."""

    points: PointsRange
    deduction: Deduction
    joint_liability: Percent
    unit_points: Number
    example: Yes = False


class Clause(Frozen):
    """One kind of complaint with its article and tariff."""

    id: Text
    class_id: Text = Field(alias="class")
    article: Text
    title: Text
    text: Text
    tariff: Tariff


class Adjustment(Frozen):
    """What makes a penalty heavier or lighter: a percentage, or points and a sum."""

    id: Text
    kind: Literal["aggravating", "mitigating"]
    label: Text
    article: Text
    percent: Percent | None = None
    points: Number | None = None
    fen: Fen | None = Field(default=None, alias="yuan")
    within: Lasting | None = None
    except_for: tuple[Text, ...] = ()
    example: Yes = False


class Channel(Frozen):
    """A way by which a complaint comes in."""

    id: Text
    label: Text
    article: Text
    example: Yes = False


class Deadline(Frozen):
    """How long a case may stay in a state before the next step is due."""

    state: Text
    step: Text
    label: Text
    term: Lasting
    article: Text
    example: Yes = False


class Period(Frozen):
    """A term that stands by itself: the hearing, the appeal window."""

    term: Lasting
    article: Text
    example: Yes = False


class CustomerReply(Period):
    """The customer's own clock, which no pause stops."""

    alarms_days_before: tuple[Count, ...]
    channels: tuple[Text, ...]


class SuperiorReply(Period):
    """The answer owed to the superior body that handed the case down."""

    channels: tuple[Text, ...]


class Escalation(Frozen):
    """Who is told about overdue work; without `after` at the deadline itself."""

    after: Lasting | None = None
    to: Literal["officer", "unit_head", "leading_group"]


class Limits(Frozen):
    """How often and how late a case may be taken up again."""

    reopen_count: Count
    reopen_within: Lasting
    returns_per_step: Count
    remands_per_charge: Count
    example: Yes = False


class Casework(Frozen):
    """Everything `casework.yaml` says."""

    classes: tuple[ComplaintClass, ...]
    clauses: tuple[Clause, ...]
    escalated_clause: Text
    adjustments: tuple[Adjustment, ...] = ()
    channels: tuple[Channel, ...]
    deadlines: tuple[Deadline, ...]
    warn_percent: Percent
    hearing: Period
    appeal_window: Period
    customer_reply: CustomerReply
    superior_reply: SuperiorReply
    escalation: tuple[Escalation, ...]
    limits: Limits
    deduction_month: Literal["final", "decision"]


class Sourced(Frozen):
    """What every part of a published version carries: its document, the hash of its files, where all is written."""

    hash: str
    document: Document
    lines: Mapping[str, Lines] = Field(repr=False)

    def place(self, file: str, *place: str | int) -> tuple[str, int]:
        """Return file and line of something the version says."""
        return file, line_of(self.lines[file], place)

    def named(self, items: Iterable[Item], wanted: str, kind: str) -> Item:
        """Return the item with this id; raises NotFound."""
        for item in items:
            if item.id == wanted:
                return item
        raise NotFound(
            f"《{self.document.title}》{self.document.version} 中没有{kind} {wanted}。请从列表中重新选择。"
        )


class Regulation(Casework, Sourced):
    """One version of one document's casework part."""

    def clause(self, clause_id: str) -> Clause:
        """Return the clause with this id; raises NotFound."""
        return self.named(self.clauses, clause_id, "条款")

    def channel(self, channel_id: str) -> Channel:
        """Return the channel with this id; raises NotFound."""
        return self.named(self.channels, channel_id, "来源渠道")

    def adjustment(self, adjustment_id: str) -> Adjustment:
        """Return the aggravation or mitigation with this id; raises NotFound."""
        return self.named(self.adjustments, adjustment_id, "加重或从轻情形")

    def deadline(self, state: str) -> Deadline | None:
        """Return the deadline of a state, or None where the regulation sets none."""
        return next((deadline for deadline in self.deadlines if deadline.state == state), None)
