"""What may stand as a phone of a complainant. Pure; decides nothing about whom it belongs to."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from svcqa.kernel.visible import Seen

PHONE = re.compile(r"(?=(?:\D*\d){3})[0-9+*#,，;；、/（）()\s转-]*")
"""At least three digits, and between them what people write there: 0571-8765 4321 转 802."""


def can_be_dialled(value: str) -> str:
    """Return a phone, or the empty text for none; raises ValueError for what nobody could call."""
    if value and not PHONE.fullmatch(value):
        message = "联系电话只能由数字和 + - ( ) 转 组成，至少三位数字。请更正，没有电话请留空。"
        raise ValueError(message)
    return value


Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=64), AfterValidator(can_be_dialled), Seen
]
