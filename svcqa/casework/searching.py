"""What a search text can mean: a number, a phone, words of the subject, a person by number, name or pinyin."""

import re

from svcqa.casework import cuts
from svcqa.casework.cuts import Cut
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people

NUMBER = re.compile(r"ts-\d{6}-\d{4,}")
PHONE = re.compile(r"\+?\d[\d -]{5,}\d", re.ASCII)
PART_OF_NUMBER = re.compile(r"\d{6}-\d*", re.ASCII)
MOST_WORDS = 5
SHORTEST_NAME = 2


def words(tx: Transaction, text: str) -> Cut:
    """Return the condition that a complaint fits a search text; no condition for an empty one."""
    wanted = people.typed(text)[:80]
    if not wanted:
        return Cut()
    if NUMBER.fullmatch(wanted):
        return Cut(("c.number = :number",), {"number": wanted.upper()})
    meanings = [_text(wanted)]
    if PHONE.fullmatch(wanted) and not PART_OF_NUMBER.fullmatch(wanted):
        index = phone_index(tx, wanted)
        meanings.append(Cut(("c.phone_index = :phone",), {"phone": index}))
    found = [one.id for one in people.find(tx, wanted)] if len(wanted) >= SHORTEST_NAME else []
    if found:
        meanings.append(cuts.about("person_id", "named", found))
    return cuts.either(*meanings)


def phone_index(tx: Transaction, phone: str) -> str:
    """Return the fingerprint under which a phone is kept, however it was spaced; empty for none."""
    digits = re.sub(r"\D", "", people.typed(phone))
    return tx.seal.blind_index(digits) if digits else ""


def _text(wanted: str) -> Cut:
    """Every word stands in the number, the subject or a respondent's name."""
    parts = wanted.split()[:MOST_WORDS]
    values = {f"word{place}": f"%{escaped(word)}%" for place, word in enumerate(parts)}
    return Cut((" AND ".join(rf"c.search_text LIKE :{name} ESCAPE '\'" for name in values),), values)


def escaped(word: str) -> str:
    """Return a word for LIKE, in which nothing is a wildcard."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
