"""The building blocks say what they should: labels, errors, deadlines; what people typed never becomes markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from states import cycle, measure
from states.complaint import STATES
from svcqa.web.views import DemoSignIn, Due, Entry, Frame, Me, NavItem, Step, Typed
from tests.web.conftest import WEB

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
BAD = Typed({"reason": "<b>太短</b>", "kind": "letter"}, {"reason": "至少写 10 个字。"}, "penalize")


@pytest.fixture
def blocks(pages):
    return pages.get_template("_blocks.html").module


@pytest.fixture
def page(pages):
    return lambda source, **values: pages.from_string("{% import '_blocks.html' as b %}" + source).render(
        values
    )


def test_a_field_keeps_what_was_typed_and_says_what_was_wrong(blocks):
    html = blocks.text_area(BAD, "reason", "处罚理由", help="写入通知单", required=True)
    assert "&lt;b&gt;太短&lt;/b&gt;" in html
    assert '<label for="penalize-reason" class="required">处罚理由</label>' in html
    assert 'aria-describedby="penalize-reason-help penalize-reason-error" aria-invalid="true"' in html
    assert 'id="penalize-reason-help">写入通知单' in html
    assert 'id="penalize-reason-error"' in html
    assert "至少写 10 个字。" in html


def test_a_field_without_error_describes_nothing(blocks):
    html = blocks.text_field(Typed(), "name", "姓名")
    assert "aria-" not in html.split("<svg")[0]
    assert "required" not in html


def test_a_password_is_never_sent_back(blocks):
    assert "secret" not in blocks.text_field(
        Typed({"password": "secret"}), "password", "密码", type="password"
    )


def test_the_chosen_option_stays_chosen(blocks):
    options = [("call", "来电"), ("letter", "来信")]
    assert '<option value="letter" selected>来信</option>' in blocks.select(BAD, "kind", "渠道", options)
    choice = blocks.choice(BAD, "kind", "渠道", [(*option, "") for option in options])
    assert re.findall(r'value="(\w+)" required checked', choice) == ["letter"]


def test_a_checkbox_is_checked_when_it_was_typed(blocks):
    assert " checked" in blocks.checkbox(Typed({"agree": "yes"}), "agree", "我已阅读")
    assert " checked" not in blocks.checkbox(Typed(), "agree", "我已阅读")


def test_a_deadline_names_its_step_and_its_moment(blocks):
    html = blocks.due(Due("soon", "剩余 5 小时", AT, "定性"))
    assert '<span class="due-step">定性</span>' in html
    assert 'title="截止 2026-11-24 09:30"' in html
    assert f'data-due="{AT.isoformat()}" data-late="已超期"' in html


@pytest.mark.parametrize("level", ["overdue", "paused", "done"])
def test_a_deadline_that_cannot_pass_any_more_is_not_watched(blocks, level):
    assert "data-late" not in blocks.due(Due(level, "超期 1 天", AT))


@pytest.mark.parametrize("state", [state.name for state in STATES])
def test_every_state_of_a_complaint_has_its_colour(blocks, state):
    css = (WEB / "static" / "app.css").read_text("utf-8")
    assert f"\n.state-{state} {{" in css
    assert f"--{state}:" in css


@pytest.mark.parametrize("state", [state.name for law in (cycle.LAW, measure.LAW) for state in law.states])
def test_every_state_of_a_cycle_and_a_measure_has_a_colour(state):
    css = (WEB / "static" / "app.css").read_text("utf-8")
    assert re.search(rf"(?m)^(?:\.state-\w+, )*\.state-{state}\b[^{{]*{{ --mark: ", css)


def test_what_was_reached_keeps_its_colour_in_a_record():
    css = (WEB / "static" / "app.css").read_text("utf-8")
    assert "--mark" not in css.split(".timeline li {")[1].split("}")[0]
    assert ".timeline li:not(.reached) { --mark:" in css


def test_the_class_is_said_in_words_and_bars(blocks):
    assert [re.findall(r"severity-(\d)", blocks.class_badge(key))[0] for key in ("I", "II", "III")] == [
        "3",
        "2",
        "1",
    ]
    assert "一类" in blocks.class_badge("I")


def test_an_unknown_icon_fails_loudly(blocks):
    with pytest.raises(UndefinedError):
        blocks.icon("unicorn")


def test_a_stepper_marks_the_present_step(blocks):
    html = blocks.steps(
        [Step("受理", "刘敏", "done"), Step("核实", "11-24 截止", "now"), Step("申诉", "", "optional")],
        "进度",
    )
    assert html.count('aria-current="step"') == 1
    assert '<li class="step-now" aria-current="step"><span class="step-dot">2</span>' in html
    assert "已完成" in html


def test_a_calculation_shows_every_line_and_the_sum(blocks):
    html = blocks.calculation([("基础处罚", "第七条", 300, 10000), ("从轻", "第九条", -60, -2000)], 240, 8000)
    assert re.findall(r'figure[ \w]*">([^<]+)</td>', html) == [
        "3.0",
        "100.00",
        "−0.6",
        "−20.00",
        "2.4",
        "80.00",
    ]


def test_a_record_entry_escapes_its_note(blocks):
    html = blocks.timeline_entry(Entry("许文静", "核实属实", AT, "<script>", "verified"))
    assert '<li class="reached state-verified">' in html
    assert "&lt;script&gt;" in html


def test_a_dialog_repeats_its_verb_and_enter_never_means_cancel(page):
    source = "{% call b.dialog('back', '退回核实', '/x', 'token', '退回核实') %}<i>字段</i>{% endcall %}"
    html = page(source)
    assert re.findall(r"<button[^>]*>([^<]+)</button>", html) == ["取消", "退回核实"]
    submitting = [button for button in re.findall(r"<button[^>]*>", html) if 'type="button"' not in button]
    assert len(submitting) == 1
    assert 'name="csrf" value="token"' in html
    assert " open>" not in html


def test_an_empty_state_gives_one_action(blocks):
    html = blocks.empty("没有待办", "全部办结。", "/complaints", "查看全部在办")
    assert html.count("<a ") == 1


NAV = (
    (
        "办理",
        (
            NavItem("/complaints", "inbox", "投诉工单", 38),
            NavItem("/ratings", "star", "我的评分", 3, hot=True),
        ),
    ),
)
FRAME = Frame(NAV, "/complaints", Me("刘敏", "客服主管"), "token")


def shell(pages, **changes):
    source = "{% extends 'base.html' %}{% block title %}题{% endblock %}{% block main %}文{% endblock %}"
    return pages.from_string(source).render(frame=replace(FRAME, **changes))


def test_the_shell_shows_where_one_is_and_what_waits(pages):
    html = shell(pages)
    side = html.split("</aside>")[0]
    assert re.findall(r'href="([^"]+)" aria-current="page"', side) == ["/complaints"]
    assert '<span class="count hot">3</span>' in side
    assert html.count('action="/sign-out"><input type="hidden" name="csrf" value="token">') == 2
    assert "banner" not in html


def test_the_shell_shows_a_banner_and_a_message(pages):
    html = shell(pages, banner="演示数据", flash="已出具处罚 <TS>")
    assert '<aside class="banner" aria-label="系统提示">演示数据</aside>' in html
    assert '<div class="toast" role="status">已出具处罚 &lt;TS&gt;</div>' in html


def test_demo_sign_ins_appear_only_where_they_are_given(pages):
    template = pages.get_template("sign_in.html")
    given = {"next": "/", "form": Typed({"name": "10201"}, {"password": "工号或密码不正确。"})}
    assert "演示登录" not in template.render(given, demo=[])
    html = template.render(given, demo=[DemoSignIn("刘敏 客服主管", "10201", "demo")])
    assert "刘敏 客服主管" in html
    assert html.count('action="/sign-in"') == 2
    assert 'value="10201"' in html


def test_the_error_page_says_what_happened_and_gives_one_action(pages):
    problem = {"title": "内容已经变化", "sentence": "没有保存，请重新办理。", "changes": ["状态变为已定性"]}
    template = pages.get_template("error.html")
    html = template.render(problem=problem, request_id="8f31c2")
    assert re.findall(r'<a [^>]*href="([^"]+)">([^<]+)</a>', html) == [("/", "回到首页")]
    assert "状态变为已定性" in html
    assert 'data-copy="8f31c2"' in html
    assert "返回列表" in template.render(problem=problem, request_id="1", action=("/complaints", "返回列表"))


def test_setting_a_password_tells_the_rule_and_names_the_account(pages):
    html = pages.get_template("set_password.html").render(
        csrf="token", whose="许文静", staff_number="10202", form=Typed()
    )
    assert "至少 12 位" in html
    assert 'autocomplete="username" value="10202" hidden' in html
