"""What the mails say, and what they must never say."""

import re
from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest

from notifications import notices
from notifications.rendering import TEMPLATES, render

SUM_OR_SCORE = re.compile(r"[¥￥]|\d\s*元|\d\s*分(?!机)|得分|扣分")
CUSTOMERS = {
    notices.ComplaintRegistered,
    notices.CustomerReply,
    notices.CustomerSurvey,
    notices.SurveyReminder,
}
everyone = pytest.mark.parametrize("kind", notices.EVERY, ids=lambda kind: kind.slug)


class Anchors(HTMLParser):
    """Collects every address a mail client could fetch or open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str | None] = set()
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href":
                self.links.add(value)
            if name in {"src", "background", "srcset", "poster"} or "url(" in (value or ""):
                self.fetched.append(f"{tag} {name}={value}")


def test_every_notice_has_its_folder_and_every_folder_its_notice():
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders == {kind.slug for kind in notices.EVERY}
    for folder in folders:
        assert {path.name for path in (TEMPLATES / folder).iterdir()} == {
            "subject.txt",
            "body.txt",
            "body.html",
        }


def test_every_notice_class_is_listed_under_its_own_name():
    subclasses = set(notices.Notice.__subclasses__())
    assert subclasses == set(notices.EVERY)
    for kind in notices.EVERY:
        assert kind.slug == re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    assert len({kind.label for kind in notices.EVERY}) == len(notices.EVERY)


@everyone
def test_the_subject_is_one_line_and_says_which_matter(kind):
    subject = render(kind.sample()).subject
    assert subject.splitlines() == [subject]
    assert subject.startswith("【")
    assert kind.sample().number in subject
    assert len(subject) <= 60


@everyone
def test_no_sum_and_no_score_is_told_by_mail(kind):
    mail = render(kind.sample())
    assert not SUM_OR_SCORE.search(mail.subject)
    assert not SUM_OR_SCORE.search(mail.text)


@everyone
def test_no_name_and_no_free_text_stands_in_the_subject(kind):
    said = {
        "recipient_name": "欧阳若兰",
        "contact": "周慧敏",
        "matter": "语气生硬",
        "employee_name": "赵子龙",
    }
    said |= {"officer_name": "吴海峰", "reply": "林女士您好", "cause": "退信", "code": "118 822"}
    here = {field.name for field in fields(kind)}
    notice = replace(kind.sample(), **{name: text for name, text in said.items() if name in here})
    subject = render(notice).subject
    assert not [text for text in said.values() if text in subject]


@everyone
def test_the_frame_tells_why_whom_to_ask_and_closes_in_english(kind):
    sample = kind.sample()
    mail = render(sample)
    lines = mail.text.splitlines()
    why = [line for line in lines if re.match("[你您]收到这封邮件，因为", line)]
    assert len(why) == 1
    assert why[0] in mail.html
    assert sample.contact in mail.text
    assert sample.contact in mail.html
    assert lines[-1].isascii()
    assert lines[-1] in mail.html
    assert sample.recipient_name in mail.text


@everyone
def test_the_link_stands_readable_in_text_and_html(kind):
    sample = kind.sample()
    mail = render(sample)
    if sample.link is None:
        assert "<a " not in mail.html
    else:
        assert f"\n{sample.link}\n" in mail.text
        assert f">{sample.link}</a>" in mail.html


@everyone
def test_html_fetches_nothing_and_opens_only_its_own_link(kind):
    sample = kind.sample()
    html = render(sample).html
    anchors = Anchors(html)
    assert anchors.fetched == []
    assert not anchors.tags & {"img", "link", "script", "iframe", "form", "object", "video", "base"}
    assert anchors.links <= {sample.link}
    assert "@import" not in html
    assert "url(" not in html


@everyone
def test_what_people_write_is_shown_and_never_run(kind):
    planted = "{{ 7 * 7 }}<b onclick=x>{% raw %}"
    free = [
        field.name
        for field in fields(kind)
        if field.type is str and field.name in {"recipient_name", "contact", "matter", "reply", "cause"}
    ]
    mail = render(replace(kind.sample(), **dict.fromkeys(free, planted)))
    assert planted in mail.text
    assert "{{ 7 * 7 }}&lt;b onclick=x&gt;{% raw %}" in mail.html
    assert "onclick" not in {name for tag in re.findall(r"<[^>]+>", mail.html) for name in tag.split()}


@pytest.mark.parametrize(
    ("kind", "absent", "word"),
    [
        (notices.CaseAssigned, "due_at", "待工作日历公布后计算"),
        (notices.DeadlinePassed, "expedite_at", "请立即办理"),
        (notices.ComplaintRegistered, "follow_code", "最迟答复时间"),
        (notices.ComplaintRegistered, "link", "最迟答复时间"),
    ],
)
def test_what_is_not_known_is_left_out_in_words(kind, absent, word):
    mail = render(replace(kind.sample(), **{absent: None}))
    assert word in mail.text
    assert word in mail.html
    assert "None" not in mail.subject + mail.text + mail.html


def test_customers_are_addressed_politely_and_staff_plainly():
    for kind in notices.EVERY:
        polite = kind in CUSTOMERS
        assert ("，您好：" in render(kind.sample()).text) is polite


def test_the_order_to_hr_names_the_case_and_nothing_of_it():
    assert {field.name for field in fields(notices.PenaltyOrder)} == {
        "recipient_name",
        "number",
        "link",
        "contact",
    }


def test_the_penalty_notice_tells_the_way_of_appeal_and_its_end():
    mail = render(notices.PenaltyNotice.sample())
    assert "2026 年 11 月 30 日 18:00" in mail.text
    assert "5 个工作日" in mail.text
    assert "劳动争议仲裁" in mail.text
    assert "11 月 30 日 18:00" in mail.subject
