"""How a regulation's file writes numbers, sums, days, yes and no, and terms. Text in, exact value out.

Never a float: 93.705 is read as Decimal("93.705"), sums become whole fen.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, InstanceOf

from svcqa.kernel.calendar import Term
from svcqa.kernel.money import fen

# Seven digits before and four after the point: a sum times two percentages and a share fits in 28 digits.
NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,4})?")


def number(text: Any) -> Decimal:
    """Read an unsigned decimal number."""
    if not NUMBER.fullmatch(_written(text)):
        raise ValueError(f"“{text}”不是数。请写不带符号和单位的数，整数最多七位、小数最多四位，例如 2.5。")
    return Decimal(text)


def percent(text: Any) -> Decimal:
    """Read a percentage between 0 and 100."""
    value = number(text)
    if value > 100:
        raise ValueError(f"百分比 {text} 超过 100。请写 0 到 100 之间的数，不带百分号。")
    return value


def count(text: Any) -> int:
    """Read a whole number of times or days."""
    value = number(text)
    if value != value.to_integral_value():
        raise ValueError(f"“{text}”不是整数。请写次数或天数，例如 2。")
    return int(value)


def sum_in_fen(text: Any) -> int:
    """Read a sum in yuan as whole fen."""
    yuan = number(text)
    if yuan * 100 != fen(yuan):
        raise ValueError(f"金额 {text} 元不足一分的部分无法执行。请最多写两位小数。")
    return fen(yuan)


def day(text: Any) -> date:
    """Read a day written 2026-01-31."""
    try:
        return date.fromisoformat(_written(text))
    except ValueError as error:
        raise ValueError(f"“{text}”不是日期。请写作 2026-01-31 这样的形式。") from error


def yes(text: Any) -> bool:
    """Read true or false."""
    written = _written(text)
    if written not in {"true", "false"}:
        raise ValueError(f"“{text}”不是 true 或 false。请改写为其中之一。")
    return written == "true"


def term(text: Any) -> Term:
    """Read how long something may take."""
    return Term.parse(_written(text))


def _written(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("这里要写一个值，不能空着，也不能是列表或一组字段。")
    return value


Text = Annotated[str, Field(min_length=1)]
Number = Annotated[Decimal, BeforeValidator(number)]
Percent = Annotated[Decimal, BeforeValidator(percent)]
Count = Annotated[int, BeforeValidator(count)]
Fen = Annotated[int, BeforeValidator(sum_in_fen)]
Day = Annotated[date, BeforeValidator(day)]
Yes = Annotated[bool, BeforeValidator(yes)]
Lasting = Annotated[InstanceOf[Term], BeforeValidator(term)]
