"""What each move is told, checked for shape. Both doors (page and JSON) read into these and nothing else."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from notifications.message import Mailbox
from svcqa.casework.phones import Phone
from svcqa.kernel.visible import Seen

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), Seen]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Seen]
SOMEBODY = "somebody@example.com"
Key = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64), Seen]


class Form(BaseModel):
    """A move's input; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    move: ClassVar[str]

    version: int | None = None


class Register(Form):
    """登记: what is known when the complaint comes in."""

    move: ClassVar[str] = "register"
    subject: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=120), Seen]
    channel: Key
    occurred_at: Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC))]
    unit: Key = ""
    narrative: Text = ""
    respondents: tuple[Key, ...] = ()
    complainant: Line = ""
    phone: Phone = ""
    email: Line = ""
    circumstances: tuple[Key, ...] = ()
    escalated: bool = False
    possible_class_one: bool = False
    external_id: Key = ""

    @field_validator("email", "complainant")
    @classmethod
    def fit_for_a_mail(cls, value: str, info: ValidationInfo) -> str:
        """Refuse a name or an address that no answer could be mailed to."""
        name, address = (value, SOMEBODY) if info.field_name == "complainant" else ("", value or SOMEBODY)
        Mailbox(name, address)
        return value


class Verify(Form):
    """核实: what was found, about whom."""

    move: ClassVar[str] = "verify"
    finding: Literal["responsible", "not_responsible"]
    text: Text
    respondents: tuple[Key, ...] = ()
    no_evidence_reason: Text = ""


class Note(Form):
    """A move that needs a text: why, or in whose words."""

    text: Text = ""


class ProposeDismissal(Note):
    """提出查无实据."""

    move: ClassVar[str] = "propose_dismissal"


class Dismiss(Note):
    """确认查无实据."""

    move: ClassVar[str] = "dismiss"


class Withdraw(Note):
    """撤诉, in the complainant's words."""

    move: ClassVar[str] = "withdraw"


class Merge(Form):
    """并案 into a lead case."""

    move: ClassVar[str] = "merge"
    lead: Key


class ProposeSettlement(Note):
    """提出首层化解: settled at the workshop, the customer content."""

    move: ClassVar[str] = "propose_settlement"
    customer_content: bool = False


class Settle(Note):
    """确认首层化解."""

    move: ClassVar[str] = "settle"


class ProposeExoneration(Note):
    """提出无责办结: why no clause applies."""

    move: ClassVar[str] = "propose_exoneration"


class Exonerate(Note):
    """确认无责办结."""

    move: ClassVar[str] = "exonerate"


class Return(Note):
    """退回 to the step before."""

    move: ClassVar[str] = "return"


class Hear(Note):
    """听取陈述: a respondent's statement."""

    move: ClassVar[str] = "hear"
    respondent: Key


class ChargeLine(BaseModel):
    """One charge: who, under which clause, with which share and circumstances."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    respondent: Key
    clause: Key
    share: Annotated[int, Field(ge=1, le=100)]
    adjustments: tuple[Key, ...] = ()


class Classify(Note):
    """定性: the charges."""

    move: ClassVar[str] = "classify"
    charges: tuple[ChargeLine, ...]


class PenaltyLine(BaseModel):
    """What is decided on one charge: points, and yuan to be deducted."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    charge: Key
    points: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
    yuan: Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=9, decimal_places=2)] = Decimal(0)


class Penalize(Note):
    """出具处罚."""

    move: ClassVar[str] = "penalize"
    penalties: tuple[PenaltyLine, ...]


class Waive(Note):
    """免予处罚."""

    move: ClassVar[str] = "waive"


class Serve(Note):
    """登记送达 on paper, or deemed served with the reason."""

    move: ClassVar[str] = "serve"
    penalty: Key
    how: Literal["paper", "deemed", "visit", "mail"]
    served_at: AwareDatetime | None = None


class Rescind(Note):
    """更正处罚: the own error."""

    move: ClassVar[str] = "rescind"
    penalty: Key


class Appeal(Note):
    """提出申诉 against one penalty; `handed_in_at` is when a paper came that is recorded only now."""

    move: ClassVar[str] = "appeal"
    penalty: Key
    how: Literal["link", "page", "paper", "late"] = "page"
    handed_in_at: AwareDatetime | None = None


class Retract(Note):
    """撤回申诉."""

    move: ClassVar[str] = "retract"
    penalty: Key


class Review(Note):
    """An outcome of review on one penalty."""

    penalty: Key


class Uphold(Review):
    """维持."""

    move: ClassVar[str] = "uphold"


class Reduce(Review):
    """减轻 to the given points and yuan."""

    move: ClassVar[str] = "reduce"
    points: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
    yuan: Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=9, decimal_places=2)]


class Revoke(Review):
    """撤销."""

    move: ClassVar[str] = "revoke"


class Remand(Review):
    """发回重审."""

    move: ClassVar[str] = "remand"


class Reply(Note):
    """答复客户."""

    move: ClassVar[str] = "reply"


class Assign(Form):
    """指派经办人 by staff number."""

    move: ClassVar[str] = "assign"
    officer: Key


class Close(Note):
    """办结."""

    move: ClassVar[str] = "close"


class Reopen(Note):
    """重启: new evidence or a customer's objection."""

    move: ClassVar[str] = "reopen"


FORMS: dict[str, type[Form]] = {
    form.move: form
    for form in (
        Verify, ProposeDismissal, Dismiss, Withdraw, Merge, ProposeSettlement, Settle, ProposeExoneration, Exonerate,
        Return, Hear, Classify, Penalize, Waive, Serve, Rescind, Appeal, Retract, Uphold, Reduce, Revoke, Remand, Reply,
        Assign, Close, Reopen,
    )
}  # fmt: skip
