"""Whatever pydantic finds is said in Chinese, names the field, and gives the remedy."""

import pytest
from pydantic import ValidationError

from svcqa.casework import forms
from svcqa.web.mistakes import mistakes

AT = "2026-11-23T09:30:00+08:00"
GOOD = {"subject": "宽带报修三天无人上门", "channel": "hotline", "occurred_at": AT}


def said(form, **values):
    with pytest.raises(ValidationError) as caught:
        form(**values)
    return mistakes(caught.value.errors(include_url=False))


@pytest.mark.parametrize(
    ("changed", "field", "part"),
    [
        ({"subject": "慢"}, "subject", "投诉事项至少 4 个字，请补充。"),
        ({"subject": "慢" * 121}, "subject", "投诉事项最多 120 个字，请缩短。"),
        (
            {"occurred_at": "昨天"},
            "occurred_at",
            "发生时间不是正确的时间，请写成 2026-11-23T09:30:00+08:00 的样子。",
        ),
        ({"occurred_at": "2026-11-23T09:30:00"}, "occurred_at", "发生时间要带时区"),
        ({"occurred_at": "1999-12-31T00:00:00Z"}, "occurred_at", "发生时间不能早于 2000-01-01，请更正。"),
        ({"respondents": "10220"}, "respondents", "被投诉人要是一个列表，请更正。"),
        ({"respondents": [7]}, "respondents.0", "被投诉人要是一段文字，请更正。"),
        ({"escalated": "perhaps"}, "escalated", "只能填是或否"),
        ({"colour": "red"}, "colour", "没有“colour”这个字段，请删去或更正字段名。"),
    ],
)
def test_a_wrong_field_of_a_registration_is_named(changed, field, part):
    found = said(forms.Register, **{**GOOD, **changed})
    assert list(found) == [field]
    assert part in found[field]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ({"points": "1.234"}, "扣分最多 2 位小数，请更正。"),
        ({"points": "many"}, "扣分要填数字，请更正。"),
        ({"points": "NaN"}, "扣分要填数字，请更正。"),
        ({"points": "101"}, "扣分不能大于 100，请更正。"),
        ({"points": "-1"}, "扣分不能小于 0，请更正。"),
        ({"points": "9" * 12}, "扣分"),
        ({}, "请填写扣分。"),
    ],
)
def test_a_wrong_sum_is_named_with_its_place(line, part):
    found = said(forms.Penalize, penalties=[{"charge": "one", **line}])
    assert part in found["penalties.0.points"]


def test_a_choice_names_what_may_be_chosen():
    found = said(forms.Verify, finding="perhaps", text="")
    assert found == {"finding": "核实结论只能是 responsible、not_responsible 之一，请重新选择。"}


@pytest.mark.parametrize("form", forms.FORMS.values(), ids=list(forms.FORMS))
def test_every_form_says_in_chinese_what_is_missing(form):
    required = {name for name, field in form.model_fields.items() if field.is_required()}
    found = said(form, **({} if required else {"nonsense": 1}))
    assert set(found) == (required or {"nonsense"})
    assert all(text.startswith(("请填写", "没有“")) for text in found.values())
    assert all(sentence.endswith("。") for sentence in found.values())
