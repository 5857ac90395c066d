"""Results told: everybody the own one with its reasons, heads those of their units, each opening on record."""

import re
from datetime import timedelta

import pytest

from svcqa.appeals import links
from svcqa.kernel.statements import Statement
from tests.web.rows import every_row
from tests.web.visitor import Visitor, words

REASON = "考核月内系统故障两天，响应时间不应计入我的成绩。"
GROUNDS = "已核对故障记录，故障期间的工单予以剔除。"
RESULT = Statement(
    "SELECT id, composite_hundredths FROM result WHERE person_id = :person ORDER BY revision DESC"
)
HANDLED = Statement("SELECT count(*) FROM interaction WHERE person_id = :person")
READ = Statement("SELECT count(*) FROM audit_event WHERE action = 'result.read'")


@pytest.fixture
def stage():
    return "feedback"


@pytest.fixture
def wang(cast):
    return cast["wangjianguo"]


@pytest.fixture
def result(month, wang):
    return month.read(lambda tx: RESULT.one(tx, person=wang.id)[0])


@pytest.fixture
def path(page, wang):
    return f"{page}/results/{wang.id}"


@pytest.fixture
def visitor(client, month, result, wang):
    address = month.act_as_system(
        lambda tx: links.issue(tx, kind="result", object_id=result, person_id=wang.id)
    )
    return Visitor(client, address.removeprefix(month.place.links.base_url), wang.staff_number[-4:])


def figures(answer, part):
    """Return the figures of the parts list in hundredths."""
    listed = answer.text.split('class="parts"')[1].split("</ul>")[0]
    found = [
        text.replace("\N{MINUS SIGN}", "-") for text in re.findall(r'class="figure"><b>([^<]+)</b>', listed)
    ]
    return [round(float(text) * 100) for text in found][part]


def test_the_parts_add_up_to_the_composite_to_the_hundredth(desk, result):
    answer = desk("wangjianguo").get(f"/me/results/{result}")
    assert sum(figures(answer, slice(0, -1))) == figures(answer, -1)


def test_the_waterfall_ends_at_the_composite(desk, result):
    answer = desk("wangjianguo").get(f"/me/results/{result}")
    said = (
        answer.text.split("<title>得分构成</title><desc>")[1]
        .split("</desc>")[0]
        .replace("\N{MINUS SIGN}", "-")
    )
    levels = [round(float(word.split(" ")[1]) * 100) for word in said.split("；")]
    assert levels[0] == 10_000
    assert sum(levels[:-1]) == levels[-1] == figures(answer, -1)


def test_everybody_finds_the_own_result_on_the_own_page(desk, result):
    wang = desk("wangjianguo")
    assert f"/me/results/{result}" in wang.get("/me").text
    page = words(wang.get(f"/me/results/{result}"))
    assert "首次响应及时率" in page
    assert "n=" in page
    assert "申诉剩余" in page


def test_nobody_opens_the_own_page_of_somebody_else(desk, result):
    for name in ("lixiaotong", "fengjianjun", "liumin"):
        assert desk(name).get(f"/me/results/{result}").status_code == 404
        assert desk(name).post(f"/me/results/{result}/acknowledge").status_code == 404
        assert desk(name).post(f"/me/results/{result}/contest", {"reason": REASON}).status_code == 404


def test_opening_somebody_elses_result_is_on_record_and_the_own_is_not(desk, boss, path, result, month):
    desk("wangjianguo").get(f"/me/results/{result}")
    assert month.read(lambda tx: READ.one(tx)[0]) == 0
    assert boss.get(path).status_code == 200
    assert month.read(lambda tx: READ.one(tx)[0]) == 1


def test_a_head_sees_own_people_and_nobody_elses(desk, page, path, cast):
    feng = desk("fengjianjun")
    assert feng.get(path).status_code == 200
    other = cast["chensiyu"]
    assert feng.get(f"{page}/results/{other.id}").status_code == 404
    listed = feng.get(page).text
    assert cast["wangjianguo"].name in listed
    assert other.name not in listed


def test_an_employee_sees_no_ranking(desk, page, path):
    assert desk("lixiaotong").get(page).status_code == 404
    assert desk("lixiaotong").get(path).status_code == 404


def test_only_the_own_rows_stand_behind_a_result(desk, result, month, wang, cast):
    text = desk("wangjianguo").get(f"/me/results/{result}").text
    own = month.read(lambda tx: HANDLED.one(tx, person=wang.id)[0])
    assert f"{own} 条服务记录" in text
    assert not [name for name in ("lixiaotong", "chensiyu", "penghao") if cast[name].name in text]


def test_acknowledging_is_no_consent(desk, result):
    wang = desk("wangjianguo")
    assert wang.post(f"/me/results/{result}/acknowledge").status_code == 303
    page = words(wang.get(f"/me/results/{result}"))
    assert "签收，截止前仍可申诉" in page
    assert "提出申诉" in page


def test_a_result_is_contested_once_and_the_reason_may_not_be_short(desk, result):
    wang = desk("wangjianguo")
    short = wang.post(f"/me/results/{result}/contest", {"wish": "appeal", "reason": "不服"})
    assert short.status_code == 422
    assert "至少写 10 个字" in short.text
    for _ in range(2):
        assert wang.post(f"/me/results/{result}/contest", {"reason": REASON}).status_code == 303
    page = words(wang.get(f"/me/results/{result}"))
    assert "申诉已收到，回执 SS-" in page
    assert "提交申诉" not in page


def test_the_mailed_link_shows_the_result_after_the_digits_only(visitor, month):
    before = visitor.look().text
    assert "考核" not in words_of_main(before)
    page = words(visitor.enter())
    assert "考核结果" in page
    assert "指标明细" in page


def words_of_main(text):
    return re.sub(r"<[^>]+>", "", text.split("<section")[1])


def test_a_result_is_acknowledged_and_contested_by_the_mailed_link(visitor):
    visitor.enter()
    assert "已于" in words(visitor.send("acknowledge"))
    assert "至少写 10 个字" in visitor.send("contest", {"wish": "appeal", "reason": "不服"}).text
    assert "申诉已收到" in words(visitor.send("contest", {"reason": REASON}))


def test_after_the_window_nothing_is_contested(visitor, month):
    month.clock.at = month.cycle.appeal_until_at - timedelta(minutes=10)
    visitor.enter()
    month.later(minutes=20)
    answer = visitor.send("contest", {"reason": REASON})
    assert answer.status_code == 409
    assert "不在申诉期内" in answer.text


@pytest.fixture
def contested(desk, result):
    desk("wangjianguo").post(f"/me/results/{result}/contest", {"reason": REASON})


def test_a_reviewer_reads_the_reason_and_upholds(desk, path, contested, result):
    zhou = desk("zhouhuimin")
    assert REASON in zhou.get(path).text
    assert zhou.post(f"{path}/uphold", {"grounds": GROUNDS}).headers["location"] == path
    assert "维持" in words(desk("wangjianguo").get(f"/me/results/{result}"))


def test_a_reviewer_raises_a_result_and_never_lowers_it(desk, path, contested, month, wang, result):
    zhou, before = desk("zhouhuimin"), month.read(lambda tx: RESULT.one(tx, person=wang.id)[1])
    for wrong in ("1", "x", "101"):
        answer = zhou.post(f"{path}/revise", {"composite": wrong, "grounds": GROUNDS, "wish": "appeal"})
        assert answer.status_code == 422, wrong
        assert GROUNDS in answer.text
    raised = f"{(before + 100) / 100:.2f}"
    assert zhou.post(f"{path}/revise", {"composite": raised, "grounds": GROUNDS}).status_code == 303
    page = words(desk("wangjianguo").get(f"/me/results/{result}"))
    assert raised in page
    assert "改判" in page
    answer = desk("wangjianguo").get(f"/me/results/{result}")
    assert sum(figures(answer, slice(0, -1))) == figures(answer, -1)


@pytest.mark.parametrize("name", ["liumin", "fengjianjun", "linkexin"])
def test_nobody_else_reviews(desk, path, contested, name):
    assert "维持结果" not in desk(name).get(path).text
    assert desk(name).post(f"{path}/uphold", {"grounds": GROUNDS}).status_code == 403


def test_a_contested_result_waits_among_the_appeals_with_who_may_hear_it(desk, path, contested, month):
    listed = desk("zhouhuimin").get("/appeals").text
    assert path in listed
    assert "可以复核" in listed
    assert '<span class="count hot">1</span>' in listed


def test_looking_at_a_link_writes_nothing(visitor, client, month, place):
    before = every_row(place)
    for address in (visitor.path, f"{visitor.path}/acknowledge", f"{visitor.path}/contest"):
        client.get(address)
        client.head(address)
    assert every_row(place) == before
