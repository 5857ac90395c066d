"""Money in integer fen and points in integer hundredths; one rounding, half up, at the end."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation


def round_half_up(value: Decimal) -> int:
    """Round to the nearest integer, halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fen(yuan: Decimal) -> int:
    """Turn yuan into whole fen."""
    return round_half_up(yuan * 100)


def hundredths(points: Decimal) -> int:
    """Turn points into whole hundredths."""
    return round_half_up(points * 100)


def points(hundredths_value: int) -> Decimal:
    """Turn hundredths back into points."""
    return Decimal(hundredths_value) / 100


def yuan_text(fen_value: int) -> str:
    """Write a sum as people read it: 1234500 is `12,345.00`."""
    sign = "-" if fen_value < 0 else ""
    return f"{sign}{abs(fen_value) // 100:,}.{abs(fen_value) % 100:02d}"


def read_decimal(text: str) -> Decimal:
    """Read a number a person typed (full-width digits and thousands commas allowed); raises ValueError."""
    plain = "".join(chr(ord(c) - 0xFEE0) if "０" <= c <= "９" or c == "．" else c for c in text.strip())
    try:
        value = Decimal(plain.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value
