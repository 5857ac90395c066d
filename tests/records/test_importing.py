"""Facts come in once, whole or not at all; what does not fit is named with line, column, value and reason."""

import json
from datetime import UTC, datetime

import pytest

from svcqa.kernel.errors import Forbidden, Invalid
from svcqa.rulebook.reading import RulebookError
from tests.records.shift import FIRST, RULES, SECOND, ask, counted, said, sheet, take, whole

ROW = (
    "SELECT i.source, i.reference, p.name, u.code, channel, i.kind, urgency, opened_at, responded_at, resolved_at,"
    " answered, reopened, met_target, satisfaction, example FROM interaction i"
    " LEFT JOIN person p ON p.id = i.person_id LEFT JOIN unit u ON u.id = i.unit_id ORDER BY reference"
)


def at(day, hour, minute=0, second=0):
    """Return a moment of November 2026 in UTC."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def bad(place, row, **more):
    return said(take(place, row, dry_run=True, **more))


def test_a_row_becomes_a_fact_of_its_person_in_the_unit_of_that_day(place):
    assert counted(take(place, FIRST, SECOND)) == {"lines": 2, "new": 2}
    assert ask(place, ROW) == [
        ("shift", "1", "王建国", "cd1", "phone", "bill", 2, at(10, 1), at(10, 1, 0, 30), at(10, 2), 1, 0, 1, 5, 0),
        ("shift", "2", None, "cx1", "email", "", None, at(11, 1), None, None, None, 0, None, None, 0),
    ]  # fmt: skip


def test_an_import_keeps_its_file_its_mapping_and_its_counts(place):
    done = take(place, FIRST, "3,10220,,fax,,,2026-11-10 09:00,,,,,,")
    kept = ask(
        place, "SELECT id, kind, file_name, policy, new, changed, same, rejected, mapping FROM fact_import"
    )
    assert kept == [(done.run, "interactions", "shift.csv", "skip", 1, 0, 0, 1, f"# shift.map.yaml\n{RULES}")]
    ((body,),) = ask(place, "SELECT body FROM audit_event WHERE action = 'facts.imported'")
    facts = json.loads(body)["facts"]
    assert (facts["new"], facts["rejected_lines"], facts["table_sha256"]) == (
        1,
        [3],
        sheet(FIRST, "3,10220,,fax,,,2026-11-10 09:00,,,,,,").sha256,
    )


def test_a_dry_run_counts_the_same_and_keeps_nothing(place):
    before = whole(place)
    planned = take(place, FIRST, SECOND, dry_run=True)
    assert (counted(planned), planned.run) == ({"lines": 2, "new": 2}, "")
    assert whole(place) == before


def test_the_second_run_changes_nothing(place):
    take(place, FIRST, SECOND)
    before = whole(place)
    assert counted(take(place, SECOND, FIRST)) == {"lines": 2, "same": 2}
    assert whole(place) == before


def test_a_changed_row_is_corrected_and_says_when_we_learnt_of_it(place, clock):
    take(place, FIRST, SECOND)
    clock.at = clock.at.replace(hour=3)
    done = take(place, FIRST.replace("true,5", "true,1"), SECOND)
    assert counted(done) == {"lines": 2, "changed": 1, "same": 1}
    rows = ask(
        place, "SELECT reference, satisfaction, learnt_at, import_id FROM interaction ORDER BY reference"
    )
    assert rows[0] == ("1", 1, at(23, 3, 30), done.run)
    assert rows[1][2] == at(23, 1, 30)


AWKWARD = (
    'a "quoted" word',
    "one, two",
    "x\n\\.\ny",
    "\\N",
    "\\.",
    "NULL",
    "a\tb",
    "c:\\new",
    "'",
    "客户：“好”",
)


def test_texts_that_look_like_something_else_stay_as_they_are(place):
    rows = [
        FIRST.replace("1,", f"{number},", 1).replace("bill", '"' + text.replace('"', '""') + '"')
        for number, text in enumerate(AWKWARD)
    ]
    assert counted(take(place, *rows)) == {"lines": len(rows), "new": len(rows)}
    kept = ask(place, "SELECT kind, unit_id IS NULL, channel FROM interaction ORDER BY reference")
    assert [(text, bool(nobody), channel) for text, nobody, channel in kept] == [
        (text, False, "phone") for text in AWKWARD
    ]
    assert counted(take(place, *rows)) == {"lines": len(rows), "same": len(rows)}


def test_one_source_does_not_touch_the_rows_of_another(place):
    take(place, FIRST)
    assert counted(take(place, FIRST, rules=RULES.replace("source: shift", "source: shift-b"))) == {
        "lines": 1,
        "new": 1,
    }


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("1,10220,,tel", "", "", "这一行的列数和表头不同"),
        (FIRST.replace("1,", ",", 1), "no", "", "编号为空或超过 64 个字符"),
        (FIRST.replace("10220", "99999"), "who", "99999", "没有这个工号的人员"),
        (SECOND.replace("west", "south"), "team", "south", "没有这个编码的单位"),
        (SECOND.replace("west", "?"), "team", "", "不知道属于哪个单位：没有写单位，当天也没有任职的人员"),
        (FIRST.replace("2026-11-10 09:00", "2025-11-10 09:00"), "", "", ""),
        (FIRST.replace("10220", "10239"), "team", "", "不知道属于哪个单位：没有写单位，当天也没有任职的人员"),
        (FIRST.replace("tel", "fax"), "way", "fax", "映射文件没有说明这个词"),
        (FIRST.replace(",2,", ",11,"), "level", "11", "紧急程度应为 1 到 9 的整数"),
        (FIRST.replace(",2,", ",1.5,"), "level", "1.5", "紧急程度应为 1 到 9 的整数"),
        (
            FIRST.replace("2026-11-10 09:00", "10 Nov"),
            "came",
            "10 Nov",
            "受理时间无法识别，或当地没有这个时刻",
        ),
        (FIRST.replace("2026-11-10 09:00", "?"), "came", "", "没有受理时间"),
        (
            FIRST.replace("2026-11-10 10:00", "2026-11-10 08:00"),
            "done",
            "2026-11-10 08:00",
            "解决时间早于受理时间",
        ),
        (
            FIRST.replace("2026-11-10 10:00", "2026-11-24 08:00"),
            "done",
            "2026-11-24 08:00",
            "解决时间晚于现在",
        ),
        (FIRST.replace(",30,", ",soon,"), "wait", "soon", "响应时间的时长应为整秒数或 时:分:秒"),
        (FIRST.replace("yes", "maybe"), "picked", "maybe", "是否接通应为 true 或 false"),
        (FIRST.replace("true,5", "true,6"), "mark", "6", "满意度应为 1 到 5 的整数"),
        (FIRST.replace("bill", "b" * 121), "about", "b" * 80, "事项长度应为 0 到 120 个字"),
    ],
)
def test_a_row_that_does_not_fit_is_named(place, row, column, value, reason):
    if not reason:  # no post before the roster's first day
        reason, column = "不知道属于哪个单位：没有写单位，当天也没有任职的人员", "team"
        row = row.replace("2026-11-10 10:00", "2025-11-10 10:00")
    assert bad(place, row) == [(2, column, value, reason)]


def test_bad_rows_are_left_out_or_refuse_the_file(place):
    rows = (FIRST, SECOND.replace("west", "south"))
    before = whole(place)
    with pytest.raises(Invalid) as caught:
        take(place, *rows, policy="refuse")
    assert caught.value.sentence.startswith("有 1 行不合格，第一处在第 3 行 team“south”：没有这个编码的单位")
    assert whole(place) == before
    assert counted(take(place, *rows)) == {"lines": 2, "new": 1, "rejected": 1}


def test_a_reference_that_stands_twice_needs_a_word_on_which_line_counts(place):
    later = FIRST.replace("true,5", "false,2")
    assert said(take(place, FIRST, later, dry_run=True)) == [(3, "no", "1", "编号与第 2 行相同")]
    for word, mark in (("first", 5), ("last", 2)):
        rules = RULES.replace("reference:", f"keep: {word}\nreference:")
        done = take(place, FIRST, SECOND, later, rules=rules)
        assert counted(done) == {"lines": 3, "superseded": 1} | (
            {"new": 2} if word == "first" else {"changed": 1, "same": 1}
        )
        assert ask(place, "SELECT satisfaction FROM interaction WHERE reference = '1'") == [(mark,)]


def test_only_the_days_that_were_asked_for_come_in(place):
    rules = RULES.replace(
        "reference:", "only: {field: resolved_at, from_on: 2026-11-11, until_on: 2026-11-11}\nreference:"
    )
    inside = FIRST.replace("1,", "3,", 1).replace("2026-11-10 10:00", "2026-11-11 00:00")
    done = take(place, FIRST, SECOND, inside, rules=rules)
    assert counted(done) == {"lines": 3, "new": 1, "outside": 2}
    assert ask(place, "SELECT reference FROM interaction") == [("3",)]


def test_unknown_people_and_units_may_be_left_empty_for_a_unit_of_last_resort(place):
    rules = RULES.replace('"{value}"}', '"1{value:0>4}", unknown: leave_empty}').replace(
        "{west: cx1}}", "{west: cx1}, unknown: leave_empty, otherwise: nh1}"
    )
    take(
        place,
        FIRST.replace("10220", "220"),
        FIRST.replace("1,10220", "2,7"),
        FIRST.replace("1,10220,", "3,?,south"),
        rules=rules,
    )
    rows = ask(place, ROW)
    assert [(row[2], row[3]) for row in rows] == [("王建国", "cd1"), (None, "nh1"), (None, "nh1")]
    with pytest.raises(RulebookError, match="没有编码为 nh9 的单位"):
        take(place, FIRST, rules=rules.replace("nh1", "nh9"))


def test_only_some_may_import(place, cast):
    with pytest.raises(Forbidden, match="导入数据"):
        take(place, FIRST, actor=cast.actor("wangjianguo"))
    assert take(place, FIRST, actor=cast.actor("liumin")).new == 1
    assert ask(place, "SELECT imported_by FROM fact_import") == [(cast["liumin"].id,)]


def test_a_zone_is_read_and_an_hour_that_does_not_exist_is_no_time(place):
    rules = RULES.replace("missing:", "time_zone: America/New_York\nmissing:")
    assert bad(place, FIRST.replace("2026-11-10 09:00", "2026-03-08 02:30"), rules=rules)[0][3].endswith(
        "没有这个时刻"
    )
    take(place, FIRST, rules=rules)
    assert ask(place, "SELECT opened_at FROM interaction") == [(at(10, 14),)]


def test_a_time_with_its_own_offset_needs_no_zone(place):
    rules = RULES.replace('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"')
    take(place, FIRST.replace("2026-11-10 09:00", "2026-11-10T09:00:00+0900"), rules=rules)
    assert ask(place, "SELECT opened_at FROM interaction") == [(at(10, 0),)]


def test_progress_ends_where_the_lines_end(place, monkeypatch):
    seen = []
    take(place, *(FIRST.replace("1,", f"{n},", 1) for n in range(5)), progress=lambda *at: seen.append(at))
    assert seen == [(5, 5)]
