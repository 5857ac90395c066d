"""What a person reads and does behind a mailed link: the decision, the appeal, its outcome, the statement."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from svcqa.casework import forms
from svcqa.kernel.transaction import SYSTEM
from tests.web.cases import SUBJECT
from tests.web.rows import every_row
from tests.web.visitor import REASON, visitor_at, words


def picture() -> bytes:
    """Return a small screenshot."""
    written = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(written, format="PNG")
    return written.getvalue()


@pytest.fixture
def at(place, cast, client):
    return visitor_at(place, cast, client)


@pytest.fixture
def number(cases):
    """Return a case with one penalty on wangjianguo."""
    return cases.penalized()


@pytest.fixture
def penalty(cases, number):
    """Return a function that reads this penalty as it stands."""
    return lambda: cases.read(number).penalties[0]


@pytest.fixture
def wang(at, penalty):
    """Return wangjianguo with the link mailed to him."""
    return at(penalty()["id"])


def test_the_right_digits_serve_the_penalty_and_show_the_decision(wang, number, penalty, clock):
    shown = words(wang.enter())
    served = penalty()
    assert (served["state"], served["served_how"], served["served_at"]) == ("served", "visit", clock.at)
    assert "申诉剩余 7 天 6 小时，截止 2026 年 12 月 2 日 17:30" in shown
    for part in ("王建国", number, SUBJECT, "3.0 分", "200.00 元", "承诺未兑现，按条款处罚。"):
        assert part in shown
    for part in ("第七条第（二）项第 1 目", "质量或服务低于规定标准", "基础处罚", "10 个工作日内答复"):
        assert part in shown


def test_the_calculation_is_that_of_the_day_of_the_decision(wang, cases, at, clock):
    clock.advance(timedelta(hours=1))
    later = cases.penalized()
    at(cases.read(later).penalties[0]["id"]).enter()
    assert "再次发生" not in words(wang.enter()), "what came after does not make it heavier"


def test_a_repeated_breach_is_a_line_of_the_calculation(wang, cases, at, clock):
    wang.enter()
    clock.advance(timedelta(hours=1))
    later = cases.penalized(points="6", yuan="450", occurred_at=clock.at)
    assert "再次发生" in words(at(cases.read(later).penalties[0]["id"]).enter())


def test_a_second_visit_changes_nothing(wang, place, clock):
    wang.enter()
    before = every_row(place)
    clock.advance(timedelta(hours=1))
    assert "申诉剩余" in wang.enter().text
    assert every_row(place) == before


def test_an_appeal_is_filed_once_whatever_is_sent_again(wang, number, cases, place):
    first = wang.appeal()
    receipt = re.findall(r"SS-[0-9A-F-]+", first.text)[0]
    assert cases.read(number).state == "appealed"
    assert "申诉已收到" in first.text
    after = every_row(place)
    again = wang.send("appeal", {"reason": "换一种说法，再提交一次申诉。"})
    assert receipt in again.text
    assert every_row(place) == after


def test_the_appeal_can_be_followed_by_the_same_link(wang, number, cases, penalty, clock):
    page = wang.appeal()
    assert "最迟 2026 年 12 月 7 日 17:30" in page.text
    assert REASON in page.text
    clock.advance(timedelta(hours=3))
    outcome = forms.Reduce(
        penalty=penalty()["id"], text="已当场致歉并补办，酌情减轻。", points="2", yuan="150"
    )
    cases.go(number, "zhouhuimin", outcome)
    page = wang.enter()
    for part in (
        "复核结论：减轻",
        "减轻为扣 2.0 分、扣款 150.00 元",
        "已当场致歉并补办，酌情减轻。",
        "第二十七条",
    ):
        assert part in page.text


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (forms.Uphold, "原处罚不变"),
        (forms.Revoke, "原处罚撤销，不扣分，不扣款"),
        (forms.Remand, "不会重于原处罚"),
    ],
)
def test_every_outcome_is_told_with_its_grounds(wang, at, number, cases, penalty, outcome, said):
    wang.appeal()
    cases.go(number, "zhouhuimin", outcome(penalty=penalty()["id"], text="调取了通话记录，理由如下。"))
    shown = words(at(penalty()["id"]).enter())
    assert said in shown
    assert "调取了通话记录，理由如下。" in shown
    assert "提交申诉" not in shown


def test_a_remand_closes_the_links_from_before(wang, number, cases, penalty):
    wang.appeal()
    cases.go(number, "zhouhuimin", forms.Remand(penalty=penalty()["id"], text="录音没有调取。"))
    assert wang.look().status_code == 410


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "至少写 10 个字，现在是 0 个"),
        ("不服", "至少写 10 个字，现在是 2 个"),
        ("不服 　" + " " * 20, "至少写 10 个字，现在是 2 个"),
        ("长" * 1001, "最多写 1,000 个字，现在是 1,001 个"),
    ],
)
def test_a_reason_too_short_or_too_long_comes_back_with_the_sentence(wang, number, cases, reason, said):
    answer = wang.appeal(reason)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f">\n{reason}</textarea>" in answer.text, "what was typed is kept"
    assert cases.read(number).state == "penalized"


def test_a_file_goes_with_the_appeal_and_a_bad_one_stops_all_of_it(wang, number, cases, place):
    files = [("file", ("回电截图.png", picture())), ("file", ("附件.exe", b"MZ"))]
    answer = wang.appeal(files=files)
    assert answer.status_code == 422
    assert "不是可以上传的文件类型" in answer.text
    assert REASON in answer.text
    assert cases.read(number).state == "penalized"
    assert not [blob for blob in place.blobs.folder.rglob("*") if blob.is_file()]
    assert "回电截图.png" in wang.appeal(files=files[:1]).text
    assert cases.read(number).evidence == 1


def test_more_files_than_the_form_takes_are_refused(wang):
    answer = wang.appeal(files=[("file", (f"{n}.png", picture())) for n in range(6)])
    assert answer.status_code == 422
    assert "一次最多附 5 个文件" in answer.text


def test_after_the_window_the_page_says_how_to_go_on(wang, penalty, clock):
    wang.enter()
    clock.at = penalty()["window_ends_at"] + timedelta(seconds=1)
    page = wang.enter()
    assert "申诉期已于 2026 年 12 月 2 日 17:30 结束" in page.text
    assert "由优质服务领导小组的复核人决定是否受理" in page.text
    assert "<form" not in page.text


def test_a_page_left_open_past_the_window_is_refused_with_the_reason(wang, number, penalty, cases, clock):
    wang.enter()
    ends_at = penalty()["window_ends_at"]
    clock.at = ends_at - timedelta(minutes=5)
    wang.enter()
    clock.at = ends_at + timedelta(minutes=5)
    answer = wang.send("appeal", {"reason": REASON})
    assert answer.status_code == 409
    assert "申诉期已过" in answer.text
    assert cases.read(number).state == "penalized"


def test_no_objection_is_recorded_once_and_leaves_the_window_open(wang, penalty, place):
    wang.enter()
    for _ in range(2):
        assert "表示无异议，截止前仍可申诉" in wang.send("accept").text
    with place.reading(SYSTEM) as tx:
        count = "SELECT count(*) FROM audit_event WHERE action = 'penalty.acknowledged'"
        assert tx.connection.exec_driver_sql(count).scalar() == 1
    assert penalty()["state"] == "served"
    assert "申诉已收到" in wang.send("appeal", {"reason": REASON}).text


def test_an_appeal_under_review_cannot_be_accepted_as_well(wang):
    wang.appeal()
    answer = wang.send("accept")
    assert answer.status_code == 409
    assert "不需要再确认" in answer.text


def test_an_appeal_is_taken_back_once(wang, penalty):
    wang.appeal()
    for _ in range(2):
        assert "撤回申诉，处罚已生效" in wang.send("retract").text
    assert penalty()["state"] == "final"


def test_a_link_to_a_hearing_takes_one_statement_and_no_appeal(at, cases):
    number = cases.verified()
    wang = at(cases.read(number).respondents[0]["id"], kind="hearing")
    shown = words(wang.enter())
    for part in (SUBJECT, "2026 年 11 月 18 日", "陈述截止 2026 年 11 月 25 日 17:30"):
        assert part in shown
    assert "第七条" not in shown, "no clause is named before anything is decided"
    assert wang.send("appeal", {"reason": REASON}).status_code == 404
    assert wang.send("statement", {"statement": "没有"}).status_code == 422
    for statement in (REASON, "第二次提交的另一份陈述内容。"):
        page = wang.send("statement", {"statement": statement}, files=[("file", ("说明.txt", b"log"))])
        assert "陈述已收到" in page.text
        assert REASON in page.text
    assert cases.read(number).evidence == 1


def test_a_hearing_is_over_once_the_case_is_decided(at, cases, place):
    number = cases.penalized("lixiaotong")
    with place.transaction(SYSTEM) as tx:
        tx.connection.exec_driver_sql("UPDATE respondent SET heard_at = NULL")
    page = at(cases.read(number).respondents[0]["id"], "lixiaotong", kind="hearing").enter()
    assert "陈述阶段已经结束" in page.text
    assert "<textarea" not in page.text


def test_the_head_of_a_penalised_unit_appeals_for_it(at, cases):
    number = cases.penalized("cd1")
    page = at(cases.read(number).penalties[0]["id"], "fengjianjun").appeal()
    assert "本单位的申诉" in page.text
    assert "劳动争议" not in page.text
    assert cases.read(number).state == "appealed"


def test_a_year_without_a_calendar_shows_the_decision_and_lets_service_wait(wang, penalty, clock):
    clock.advance(timedelta(days=36))
    page = wang.enter()
    assert page.status_code == 200
    assert "申诉期暂时不能计算" in page.text
    assert "200.00" in page.text
    assert penalty()["state"] == "decided"
