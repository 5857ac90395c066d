"""One assessment cycle by pages, mails and links: opened, rated, confirmed, contested, reported, improved."""

import pytest
from playwright.sync_api import Page, expect

from svcqa.assessment import standing
from svcqa.kernel.transaction import SYSTEM
from tests.assessment.month import Month, furnish
from tests.browser.people import Browsers, faults, fill
from tests.databases import on_sqlite

pytestmark = [pytest.mark.browser, on_sqlite]

REASON = "考核月内系统故障两天，响应时间不应计入我的成绩。"
GROUNDS = "已核对故障记录，成绩中没有计入故障期间的工单。"


def opened(page: Page, browsers: Browsers) -> Month:
    """Open October of the east workshop by the form."""
    page.goto("/cycles")
    expect(page.locator(".empty")).to_contain_text("还没有考核周期")
    page.click("text=开启考核周期 >> nth=0")
    page.select_option("[name=unit]", "cd")
    assert page.input_value("[name=month]") == "2026-10"
    assert faults(page) == []
    page.click("main button.primary")
    page.wait_for_url("**/cycles/KH-*")
    with browsers.place.reading(SYSTEM) as tx:
        return Month(browsers.place, standing.numbered(tx, page.url.rpartition("/")[2]).id)


def rated(page: Page) -> None:
    """Rate everybody on the sheet behind the mailed link, one after the other."""
    while page.locator("form [name=task][type=hidden]").count() and "都已评完" not in page.content():
        for scale in page.locator(".scale").all():
            scale.locator("label").nth(3).click()
        assert faults(page) == []
        page.click("main button.primary")
    expect(page.locator(".callout-ok")).to_contain_text("都已评完")
    assert faults(page) == []


def pressed(page: Page, label: str, dialog: str, **values: str) -> None:
    """Press a button that opens a dialog, fill it and send it."""
    page.click(f".actions >> text={label}")
    shown = page.locator(dialog)
    for name, value in values.items():
        fill(shown, name, value)
    assert faults(page) == []
    shown.locator("footer .primary").click()


def looked_at(page: Page, path: str, words: str) -> None:
    page.goto(path)
    expect(page.locator("main")).to_contain_text(words)
    assert faults(page) == []


def collected(boss: Page, browsers: Browsers, month: Month, path: str) -> None:
    """See who is awaited, let one rate by the mailed link and the others too, and confirm what came out."""
    month.advance()
    looked_at(boss, path, "等待评分 0/12")
    looked_at(boss, f"{path}/missing", "冯建军")
    rated(browsers.follow_mail("fengjianjun", "评分"))
    month.rate()
    month.advance()
    looked_at(boss, path, "等待确认成绩")
    pressed(boss, "确认成绩", "#d-confirm")
    expect(boss.locator("main")).to_contain_text("报告")
    month.advance()


def contested(page: Page) -> None:
    """Read the own result behind the mailed link, acknowledge it and contest it."""
    expect(page.locator("main")).to_contain_text("得分构成")
    page.click("text=查看服务记录")
    assert faults(page) == []
    page.click("text=签收结果")
    expect(page.locator("main")).to_contain_text("已签收")
    page.check("[name=wish][value=appeal]")
    page.fill("[name=reason]", REASON)
    page.click("text=提交申诉 >> visible=true")
    expect(page.locator(".callout-ok")).to_contain_text("申诉已收到")


def upheld(page: Page) -> None:
    """Find the contested result among the appeals and uphold it."""
    looked_at(page, "/appeals", "王建国")
    page.click("text=王建国")
    expect(page.locator("main")).to_contain_text(REASON)
    assert faults(page) == []
    page.fill("[name=grounds]", GROUNDS)
    page.click("text=维持结果 >> nth=-1")
    expect(page.locator("main")).to_contain_text("维持")


def improved(page: Page, path: str) -> None:
    """Read the report, take the workbook along, and take a measure over."""
    looked_at(page, f"{path}/report", "概要")
    with page.expect_download() as download:
        pressed(page, "导出成绩表", "#d-export", reason="部门月度例会")
    assert download.value.suggested_filename.endswith(".xlsx")
    looked_at(page, path, "改进措施")
    looked_at(page, "/measures", "待认领")
    page.click(".board-card >> nth=0")
    pressed(page, "认领措施", "#d-agree", plan="每周抽听十通录音，当面讲评。")
    expect(page.locator("main")).to_contain_text("待开始")
    assert faults(page) == []


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_from_opening_to_a_measure(browsers, size):
    browsers.size = size
    with browsers.place.transaction(SYSTEM) as tx:
        furnish(tx)
    boss = browsers.sign_in("liumin")
    month = opened(boss, browsers)
    path = f"/cycles/{month.cycle.number}"
    collected(boss, browsers, month, path)
    contested(browsers.follow_mail("wangjianguo", "考核结果"))
    upheld(browsers.sign_in("zhouhuimin"))
    month.later(days=5)
    month.advance()
    improved(browsers.sign_in("liumin"), path)
