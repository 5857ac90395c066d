"""Reading a roster file and loading it."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from svcqa.demo.people import roster as demo_roster
from svcqa.kernel.errors import Duplicate, Forbidden, Invalid
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import correspondence, grants, people, roster
from svcqa.organisation.access import GRANTED
from svcqa.organisation.roster_file import (
    Contract,
    PersonLine,
    PostKind,
    PostLine,
    Roster,
    UnitKind,
    UnitLine,
    read,
)

GOOD = """\
from_on: 2026-01-01
units:
  - {code: cd, name: 城东车间, kind: workshop}
  - {code: cd1, name: 城东一班, kind: team, parent: cd}
people:
  - {staff_number: 00217, name: 赵志强, email: Zhao@kefu.example.com, posts: [{unit: cd, post: head}], roles: [officer]}
  - {staff_number: 00220, name: 王建国, email: wang@kefu.example.com, designated: true, posts: [cd1]}
"""


@pytest.fixture
def load(empty_place):
    def loading(text, actor=SYSTEM):
        with empty_place.transaction(actor) as tx:
            return dict(roster.load(tx, read(text, name="roster.yaml")))

    return loading


def test_the_demo_has_its_people(place, cast):
    data = demo_roster()
    staff = [one for one in data.people if one.contract != "external"]
    kinds = [one.kind for one in data.units]
    assert (len(staff), kinds.count("workshop"), kinds.count("team")) == (41, 3, 7)
    assert sum(not one.designated for one in staff) == 2
    assert sum(one.left_on is not None for one in staff) == 1
    assert all(cast[one.email.partition("@")[0]].name == one.name for one in staff if one.email)


def test_loading_the_demo_again_changes_nothing(place, recorded):
    with place.transaction(SYSTEM) as tx:
        assert roster.load(tx, demo_roster()) == {}
    assert recorded() == []


def test_loading_counts_and_records_what_it_did(load, empty_place):
    done = {"unit.entered": 2, "person.entered": 2, "post.given": 2, "role.granted": 1}
    assert load(GOOD) == done
    with empty_place.reading(SYSTEM) as tx:
        rows = Statement("SELECT action, count(*) AS n FROM audit_event GROUP BY action").rows(tx)
        bodies = str(Statement("SELECT body FROM audit_event").rows(tx))
    assert {row["action"]: row["n"] for row in rows} == done
    assert "王建国" not in bodies
    assert "wang@" not in bodies


def test_staff_numbers_keep_their_leading_zeros(load, empty_place):
    load(GOOD)
    with empty_place.reading(SYSTEM) as tx:
        found = people.by_staff_number(tx, "00220")
    assert found is not None
    assert (found.name, found.designated) == ("王建国", True)


def test_names_units_and_leaving_days_are_brought_up_to_date(load, empty_place):
    load(GOOD)
    changed = (
        GOOD.replace("城东一班", "城东甲班")
        .replace("王建国", "王建设")
        .replace("true", "true, left_on: 2026-06-30")
    )
    assert load(changed) == {"unit.changed": 1, "person.changed": 1}
    with empty_place.reading(SYSTEM) as tx:
        [found] = people.find(tx, "wangjianshe")
        assert (found.unit_name, found.left) == ("城东甲班", True)


def test_a_changed_address_is_proposed_once_and_not_applied(load, empty_place):
    load(GOOD)
    changed = GOOD.replace("wang@", "wang.jianguo@")
    assert load(changed) == {"address.proposed": 1}
    assert load(changed) == {}
    with empty_place.reading(SYSTEM) as tx:
        assert people.find(tx, "wangjianguo")[0].email == "wang@kefu.example.com"
        assert [one.new_email for one in correspondence.proposals(tx)] == ["wang.jianguo@kefu.example.com"]


def test_a_moved_unit_takes_those_below_along(load, empty_place):
    load(GOOD)
    moved = """\
from_on: 2026-01-01
units:
  - {code: fgs, name: 分公司, kind: branch}
  - {code: cd, name: 城东车间, kind: workshop, parent: fgs}
"""
    assert load(moved) == {"unit.entered": 1, "unit.changed": 1}
    with empty_place.reading(SYSTEM) as tx:
        assert [one.path for one in people.units(tx)] == ["/fgs/", "/fgs/cd/", "/fgs/cd/cd1/"]


def test_posts_and_roles_end_when_the_file_says_so(load, empty_place):
    load(GOOD)
    ended = GOOD.replace("posts: [cd1]", "posts: [{unit: cd1, until_on: 2026-06-30}]").replace(
        "roles: [officer]", "roles: [{role: officer, until_on: 2026-06-30}]"
    )
    assert load(ended) == {"post.changed": 1, "role.ended": 1}
    assert load(ended) == {}
    with empty_place.reading(SYSTEM) as tx:
        head, member = people.find(tx, "zhao")[0], people.find(tx, "wang")[0]
        assert member.unit_id is None
        assert grants.grants_of(tx, head.id)[0].until_on == date(2026, 6, 30)


def test_a_roster_never_joins_what_must_stay_apart(load):
    with pytest.raises(Invalid, match="必须由不同的人担任"):
        load(GOOD.replace("[officer]", "[administrator, auditor]"))


def test_an_address_of_somebody_in_the_house_is_not_given_again(load):
    load(GOOD)
    with pytest.raises(Duplicate, match="另一位同事名下"):
        load(GOOD.replace("wang@", "x@").replace("Zhao@", "wang@"))


def test_a_failed_load_keeps_nothing(load, empty_place):
    with pytest.raises(Invalid):
        load(GOOD.replace("[officer]", "[administrator, auditor]"))
    with empty_place.reading(SYSTEM) as tx:
        assert people.units(tx) == []


def test_only_an_administrator_loads_a_roster(place, cast):
    with place.transaction(cast.actor("linkexin")) as tx, pytest.raises(Forbidden, match="管理员"):
        roster.load(tx, demo_roster())


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("from_on: 2026-01-01", "from_on: January", 1, "2026-01-31"),
        ("from_on: 2026-01-01\n", "", 1, "“from_on”缺少这一项"),
        ("kind: workshop", "kind: shed", 3, "“kind”不是允许的词"),
        ("code: cd1", "code: CD/1", 4, "“code”写法不对"),
        ("parent: cd}", "parent: cx}", 1, "上级“cx”要写在它的前面"),
        ("code: cd1", "code: cd", 1, "单位代码“cd”写了两次"),
        ("name: 赵志强, ", "", 6, "“name”缺少这一项"),
        ("name: 赵志强", "nome: 赵志强", 6, "缺少这一项"),
        ("00217", "217", 6, "工号用 4 位以上"),
        ("[officer]", "[boss]", 6, "没有可以授予的角色“boss”"),
        ("00220", "00217", 1, "工号“00217”写了两次"),
        ("wang@kefu", "王@kefu", 7, "不是可用的邮箱地址"),
        ("wang@kefu", "ZHAO@kefu", 1, "邮箱“zhao@kefu.example.com”写了两次"),
        ("designated: true", "designated: maybe", 7, "只能写 true 或 false"),
        ("posts: [cd1]", "posts: [cd9]", 1, "单位“cd9”不在 units 里"),
        ("posts: [cd1]", "posts: [cd1", 7, "不是正确的 YAML"),
    ],
)
def test_an_error_names_file_line_and_remedy(old, new, line, says):
    assert old in GOOD
    with pytest.raises(Invalid) as refused:
        read(GOOD.replace(old, new, 1), name="roster.yaml")
    assert refused.value.field_name == f"roster.yaml:{line}"
    assert says in refused.value.sentence


@pytest.mark.parametrize("text", ["", "- 1", "7", "units: 3\nfrom_on: 2026-01-01"])
def test_a_file_of_another_shape_is_refused(text):
    with pytest.raises(Invalid):
        read(text, name="roster.yaml")


def test_the_documented_roster_loads_and_every_field_and_word_is_documented(load):
    page = (Path(__file__).parents[2] / "docs" / "roster.md").read_text("utf-8")
    example = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0]
    assert load(example)["person.entered"] == 3
    fields = {name for line in (Roster, UnitLine, PersonLine, PostLine) for name in line.model_fields}
    words = {word for kind in (UnitKind, PostKind, Contract) for word in get_args(kind)}
    assert {word for word in fields | words | GRANTED if not re.search(rf"\b{word}\b", page)} == set()
