"""One complaint's whole life by pages, mails and links: two respondents, one appeals, both ends right."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from svcqa.casework.snapshot import Case, load
from svcqa.kernel.transaction import SYSTEM
from tests.browser.people import faults, fill, press
from tests.web.visitor import REASON

pytestmark = pytest.mark.browser

SUBJECT = "承诺两小时内回电，至次日仍未联系客户"


def registered(page: Page) -> str:
    """Register the complaint by the form and return its number."""
    page.goto("/complaints/new")
    form = page.locator("form[data-guard]")
    values = {"subject": SUBJECT, "channel": "hotline", "complainant": "林女士", "phone": "13812342210"}
    for name, value in {**values, "respondents": "10220 10221", "occurred_at": "2026-11-18T14:06"}.items():
        fill(form, name, value)
    assert faults(page) == []
    form.locator("button.primary").click()
    page.wait_for_url("**/complaints/TS-*")
    return page.url.rpartition("/")[2]


def stated(page: Page, text: str) -> None:
    """Hand in a statement on the page behind a hearing's link."""
    page.fill("[name=statement]", text)
    assert faults(page) == []
    page.click("text=提交陈述")
    expect(page.locator(".callout-ok")).to_contain_text("陈述已收到")


@pytest.fixture
def read(place):
    def read(number):
        with place.reading(SYSTEM) as tx:
            return load(tx, number)

    return read


def classified(page: Page, case: Case) -> None:
    """Share one clause between the two respondents."""
    rows: dict[str, str] = {}
    for place, (respondent, share) in enumerate(zip(case.respondents, ("60", "40"), strict=True)):
        key = f"charges.{place}."
        rows |= {f"{key}respondent": respondent["id"], f"{key}clause": "7.2.1", f"{key}share": share}
    press(page, case.number, "classify", {**rows, "text": "两人先后经手。"})


def appealed(page: Page) -> None:
    """Appeal on the page behind a penalty's link."""
    expect(page.locator(".callout-warn")).to_contain_text("申诉剩余")
    page.fill("[name=reason]", REASON)
    assert faults(page) == []
    page.click("text=提交申诉 >> visible=true")
    expect(page.locator(".callout-ok")).to_contain_text("申诉已收到")
    assert faults(page) == []


def accepted(page: Page) -> None:
    """Say on the page behind a penalty's link that there is no objection."""
    page.check("[name=wish][value=accept]")
    assert faults(page) == []
    page.click("text=确认无异议")
    expect(page.locator(".callout-warn")).to_contain_text("表示无异议")


ON_POSTGRESQL = pytest.param("postgresql", "desktop", marks=pytest.mark.postgres)


@pytest.mark.parametrize(
    ("database", "size"),
    [("sqlite", "desktop"), ("sqlite", "phone"), ON_POSTGRESQL],
    indirect=["database"],
    scope="session",
)
def test_from_registration_to_closing(browsers, clock, read, size):
    browsers.size = size
    officer = browsers.sign_in("xuwenjing")
    number = registered(officer)
    finding = {"finding": "responsible", "text": "调取录音，情况属实。", "no_evidence_reason": "录音另存。"}
    press(officer, number, "verify", finding)
    stated(browsers.follow_mail("wangjianguo", "【陈述申辩】"), REASON)
    stated(browsers.follow_mail("lixiaotong", "【陈述申辩】"), "交接时没有人告诉我有这个回电任务。")
    classified(officer, read(number))
    press(browsers.sign_in("liumin"), number, "penalize", {"text": "承诺未兑现，按条款处罚。"})

    appealed(browsers.follow_mail("wangjianguo", "【考核通知】"))
    accepted(browsers.follow_mail("lixiaotong", "【考核通知】"))
    press(officer, number, "reply", {"text": "已核实处理，向您致歉。"})
    mine = next(p for p in read(number).penalties if p["state"] == "appealed")
    lighter = {"points": "1.2", "yuan": "60", "text": "当晚确有回电，酌情减轻。"}
    press(browsers.sign_in("zhouhuimin"), number, "reduce", lighter)
    outcome = browsers.follow_mail("wangjianguo", "【申诉结论】")
    expect(outcome.locator("main")).to_contain_text("复核结论：减轻")
    expect(outcome.locator("main")).to_contain_text(lighter["text"])
    assert faults(outcome) == []

    clock.at = max(p["window_ends_at"] for p in read(number).penalties) + timedelta(hours=15)
    press(browsers.sign_in("xuwenjing"), number, "close", {})
    expect(officer.locator("main")).to_contain_text("已办结")
    assert faults(officer) == []
    ends = {p["id"]: (p["state"], p["final_fen"]) for p in read(number).penalties}
    assert ends.pop(mine["id"]) == ("reduced", 6000)
    assert [state for state, _ in ends.values()] == ["final"]
    assert read(number).state == "closed"
