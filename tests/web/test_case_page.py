"""The page of a complaint: what it shows to whom, what may be done, and why something may not."""

import re
from datetime import timedelta

import pytest

from svcqa.casework import forms
from svcqa.kernel.transaction import SYSTEM
from tests.web.cases import SUBJECT


def page(desk, name, number):
    answer = desk(name).get(f"/complaints/{number}")
    assert answer.status_code == 200
    return answer.text


def buttons(text):
    """Return what can be pressed on a page: (the main button, all that are open, all that are blocked)."""
    head = text.split('class="actions"', 1)[1].split("</header>", 1)[0]
    main = re.search(r'class="button primary" href="/complaints/[\w-]+/(\w+)"', head)
    opened = set(re.findall(r'href="/complaints/[\w-]+/(\w+)"', head))
    return main[1] if main else "", opened, set(re.findall(r'id="why-(\w+)"', head))


def test_a_new_case_offers_what_the_law_allows_and_one_main_button(cases, desk):
    number = cases.registered()
    main, opened, blocked = buttons(page(desk, "xuwenjing", number))
    assert main == "verify"
    assert opened == {"verify", "propose_dismissal", "withdraw", "merge", "reply", "assign"}
    assert blocked == set()


def test_a_blocked_move_says_why_on_the_page(cases, desk):
    number = cases.classified()
    cases.go(number, "xuwenjing", forms.Return(text="份额需要重新核对。"))
    text = page(desk, "liumin", number)
    assert "你在本案中" not in text
    number = cases.penalized()
    text = page(desk, "xuwenjing", number)
    assert "还有处罚没有送达或申诉期未满，不能办结。" in text
    assert buttons(text)[0] == "serve"
    assert "close" in buttons(text)[2]


def test_the_one_thing_that_comes_next_is_explained_when_it_is_blocked(cases, desk):
    number = cases.verified()
    respondent = cases.read(number).respondents[0]["id"]
    charge = forms.ChargeLine(respondent=respondent, clause="7.2.1", share=100)
    cases.go(number, "xuwenjing", forms.Classify(charges=(charge,)))
    text = page(desk, "liumin", number)
    assert "<b>现在不能出具处罚。</b>还没有听取被投诉人的陈述" in text


@pytest.mark.parametrize("name", ["hejing", "linkexin", "fengjianjun"])
def test_who_only_reads_gets_no_button(cases, desk, name):
    assert buttons(page(desk, name, cases.classified()))[:2] == ("", set())


def test_a_case_of_others_does_not_exist(cases, desk):
    number = cases.classified()
    for name in ("wangjianguo", "panyonggang", "luowenbo"):
        assert desk(name).get(f"/complaints/{number}").status_code == 404
        assert desk(name).get(f"/complaints/{number}/penalize").status_code == 404
    assert desk("liumin").get("/complaints/TS-209901-0001").status_code == 404


def test_the_page_shows_clause_calculation_and_precedents(cases, desk):
    earlier = cases.penalized(points="3", yuan="200")
    text = page(desk, "liumin", cases.classified("wangjianguo", "lixiaotong"))
    assert "第七条第（二）项第 1 目 未达标准或承诺" in text
    assert text.count("标准为示例") == 1
    assert "责任份额 50%" in text
    assert '<td class="figure loss">2.0</td><td class="figure loss">150.00</td>' in text.replace("\n", "")
    assert "近 12 个月同一条款 1 件，扣分中位数 3.0，扣款中位数 200.00 元" in text
    assert earlier in text


def test_the_stepper_says_who_when_and_how_long(cases, desk, clock):
    number = cases.registered()
    clock.advance(timedelta(hours=1))
    person = cases.cast["wangjianguo"].staff_number
    verify = forms.Verify(
        finding="responsible", text="属实。", respondents=(person,), no_evidence_reason="无"
    )
    cases.go(number, "xuwenjing", verify)
    text = page(desk, "xuwenjing", number)
    assert "11-23 09:30　许文静" in text
    assert "11-23 10:30　用时 1 小时" in text
    assert re.search(
        r'step-now" aria-current="step".*?<b>定性</b><small>待定性，11-25 14:30 截止', text, re.DOTALL
    )
    assert "送达后 5 个工作日内" in text


def test_a_case_closed_early_shows_the_stages_it_did_not_need(cases, desk):
    number = cases.registered(channel="daily_inspection")
    cases.go(number, "xuwenjing", forms.Withdraw(text="客户说问题已经解决。"))
    text = page(desk, "liumin", number)
    assert text.count("未经过这一步") == 3
    assert "撤诉，2026-11-23 09:30，按期办结" in text
    assert buttons(text)[0] == ""
    assert "reopen" in buttons(text)[1]


def test_the_record_tells_everything_in_order_and_the_deadline_explains_itself(cases, desk):
    text = page(desk, "liumin", cases.appealed())
    record = text.split('id="record"', 1)[1].split("</section>", 1)[0]
    words = ["提出申诉", "登记送达", "出具处罚", "定性", "听取陈述", "核实", "登记"]
    assert re.findall(r"</b> (\w+)[（<]", record) == words
    assert "（邮件链接）" in record
    assert "录音可以证明我已经回电说明了情况。" in record
    clocks = text.split('id="clocks"', 1)[1].split("</section>", 1)[0]
    assert "《客户服务质量考核方法（试行）》" in clocks
    assert "11-23 09:30 至 11-23 12:00" in clocks
    assert "2026 年 12 月 8 日 24:00" in clocks


def test_the_phone_is_masked_and_showing_it_is_remembered(cases, desk, place):
    number = cases.registered()
    me = desk("xuwenjing")
    assert "138****2210" in me.get(f"/complaints/{number}").text
    assert "13812342210" not in me.get(f"/complaints/{number}").text
    assert "显示完整号码" not in page(desk, "hejing", number)
    shown = me.post(f"/complaints/{number}/phone")
    assert "13812342210" in shown.text
    assert "查看客户完整电话" in shown.text
    assert desk("hejing").post(f"/complaints/{number}/phone").status_code == 403
    with place.reading(SYSTEM) as tx:
        seen = tx.driver.execute("SELECT count(*) FROM audit_event WHERE action = 'complaint.phone_shown'")
        assert seen.fetchone() == (1,)


def test_what_people_wrote_never_becomes_markup(cases, desk):
    number = cases.registered(narrative="<img src=x onerror=alert(1)>", subject="<b>投诉</b>事项")
    text = page(desk, "liumin", number)
    assert "<img" not in text
    assert "<b>投诉" not in text


def test_an_imported_case_without_a_regulations_term_still_opens(cases, desk, place):
    number = cases.registered()
    with place.transaction(SYSTEM) as tx:
        tx.driver.execute("UPDATE deadline SET term = '', rule = 'x' WHERE step = 'verify'")
        tx.driver.execute("UPDATE complaint SET origin = 'imported', due_at = NULL, due_missing_year = 2027")
    text = page(desk, "liumin", number)
    assert "时限待定（缺 2027 年日历）" in text
    assert SUBJECT in text


def test_reviewers_find_what_waits_and_why_they_may_not_hear_it(cases, desk):
    assert "没有等待复核的申诉" in desk("zhouhuimin").get("/appeals").text
    number = cases.appealed()
    cases.took_part(number, "zhouhuimin", "handle")
    assert "你在本案中已参与办理，不能再参与申诉复核。" in desk("zhouhuimin").get("/appeals").text
    mine = desk("gaoyuan").get("/appeals").text
    assert "可以复核" in mine
    assert number in mine
    assert desk("liumin").get("/appeals").status_code == 403
