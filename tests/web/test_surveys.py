"""What a customer sees behind the link of a survey: two questions, no name, and nothing happens by opening it."""

import pytest

from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM
from tests.assessment.customers import asked, token
from tests.assessment.month import furnish, opened
from tests.web.rows import every_row
from tests.web.visitor import words

ANSWERS = Statement("SELECT satisfaction, comment FROM survey_answer WHERE source = 'survey'")
FINE = {"satisfaction": "5", "solved": "yes", "comment": ""}


@pytest.fixture
def month(place):
    """Return October's cycle that has asked its customers."""
    with place.transaction(SYSTEM) as tx:
        furnish(tx)
    return opened(place)


@pytest.fixture
def path(month):
    """Return the address that was mailed to a customer."""
    return f"/s/{token(month.place, asked(month)[0])}"


def answers(month):
    return month.read(ANSWERS.rows)


def test_opening_the_link_shows_the_questions_and_nobody(client, place, path):
    before = every_row(place)
    page = client.get(path)
    client.head(path)
    assert page.status_code == 200
    said = words(page)
    assert "您对这次服务满意吗？" in said
    assert "您的问题解决了吗？" in said
    assert not [name for name in ("林女士", "example.com", "王建国") if name in page.text]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert every_row(place) == before


def test_an_answer_is_taken_once_and_may_be_given_again(client, month, path):
    sent = client.post(path, data=FINE)
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    assert "已收到您的回答" in client.get(path).text
    client.post(path, data={**FINE, "satisfaction": "2", "comment": "等了三天。"})
    assert answers(month) == [{"satisfaction": 2, "comment": "等了三天。"}]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"satisfaction": ""}, "还没有选择满意程度"),
        ({"satisfaction": "9"}, "还没有选择满意程度"),
        ({"solved": "maybe"}, "还没有回答问题是否解决"),
        ({"satisfaction": "1"}, "请写一句哪里没有做好"),
    ],
)
def test_what_is_missing_is_said_at_its_field(client, month, path, typed, said):
    page = client.post(path, data={**FINE, "comment": "", **typed})
    assert page.status_code == 422
    assert said in page.text
    assert answers(month) == []


def test_what_was_typed_stays(client, path):
    page = client.post(path, data={"satisfaction": "1", "solved": "no", "comment": ""})
    for name, value in (("satisfaction", "1"), ("solved", "no")):
        assert f'name="{name}" value="{value}" required checked' in page.text.replace(
            "checked required", "required checked"
        )


def test_a_survey_that_is_over_says_so(client, month, path):
    month.later(days=10)
    for page in (client.get(path), client.post(path, data=FINE)):
        assert page.status_code == 410
        assert "这份问卷已经结束" in page.text
        assert "联系人" in page.text


def test_a_damaged_link_says_what_to_do(client):
    page = client.get("/s/nonsense")
    assert page.status_code == 404
    assert "请从邮件中重新打开" in page.text
