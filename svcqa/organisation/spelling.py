"""How a Chinese name is typed on a keyboard: full pinyin and initials, for searching people."""

from pypinyin import lazy_pinyin

# Surnames that are read otherwise than the same character in a text.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "覃": "qin", "解": "xie", "查": "zha", "区": "ou",
    "朴": "piao", "盖": "ge", "乐": "yue", "尉迟": "yu chi", "长孙": "zhang sun",
}  # fmt: skip


def spell(name: str) -> tuple[str, str]:
    """Return the full pinyin and the initials of a name: `liumin` and `lm`."""
    surname = next((one for one in SURNAMES if name.startswith(one)), "")
    syllables = SURNAMES.get(surname, "").split() + lazy_pinyin(name[len(surname) :])
    letters = ["".join(filter(str.isalnum, syllable)).lower() for syllable in syllables]
    return "".join(letters), "".join(syllable[:1] for syllable in letters)
