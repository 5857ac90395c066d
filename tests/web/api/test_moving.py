"""A whole life over the API, as a script drives it; who is not concerned learns nothing; a stale version says so."""

import pytest

from svcqa.casework import forms
from tests.web.api.conftest import Program


@pytest.fixture
def lead(program):
    """Return a function that makes one move as somebody and expects it to work."""
    programs: dict[str, Program] = {}

    def move(name, number, move, **fields):
        known = programs.setdefault(name, program(name))
        answer = known.post(f"/{number}/{move}", fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return move


def test_a_life_from_registration_to_the_end_of_an_appeal(program, lead):
    officer = program("xuwenjing")
    number = officer.post(
        "",
        {"subject": "承诺回电未回电", "channel": "hotline", "occurred_at": "2026-11-20T09:30:00+08:00"},
        key="k",
    ).json()["number"]
    lead("xuwenjing", number, "verify", finding="responsible", text="属实。", respondents=["10220", "10221"],
         no_evidence_reason="录音已过期。")  # fmt: skip
    case = officer.get(f"/{number}").json()
    respondents = {who["staff_number"]: who["id"] for who in case["respondents"]}
    assert set(respondents) == {"10220", "10221"}
    for who in case["respondents"]:
        lead("xuwenjing", number, "hear", respondent=who["id"], text="忘了。")
    charges = [{"respondent": who["id"], "clause": "7.2.1", "share": 50} for who in case["respondents"]]
    assert lead("xuwenjing", number, "classify", text="一致。", charges=charges)["state"] == "classified"
    case = officer.get(f"/{number}").json()
    lines = [{"charge": one["id"], "points": 2.4, "yuan": "150"} for one in case["charges"]]
    assert lead("liumin", number, "penalize", text="处罚。", penalties=lines)["state"] == "penalized"
    case = officer.get(f"/{number}").json()
    assert [(one["state"], one["points"], one["yuan"]) for one in case["penalties"]] == [
        ("decided", "2.40", "150.00")
    ] * 2
    first = next(one for one in case["penalties"] if one["respondent"] == respondents["10220"])
    lead("wangjianguo", number, "serve", penalty=first["id"], how="visit")
    filed = lead("wangjianguo", number, "appeal", penalty=first["id"], text="录音可以证明我已经回电。")
    assert filed["state"] == "appealed"
    assert filed["receipt"].startswith("SS-")
    lead("xuwenjing", number, "reply", text="已处理，抱歉。")
    assert (
        lead("zhouhuimin", number, "reduce", penalty=first["id"], text="减轻。", points="2", yuan="120")[
            "state"
        ]
        == "penalized"
    )
    case = officer.get(f"/{number}").json()
    reduced = next(one for one in case["penalties"] if one["id"] == first["id"])
    assert (reduced["state"], reduced["final_points"], reduced["final_yuan"]) == ("reduced", "2.00", "120.00")
    assert reduced["points"] == "2.40"


def test_offers_say_what_is_blocked_and_why(program, cases):
    number = cases.penalized()
    offers = {one["move"]: one["blocked"] for one in program("xuwenjing").get(f"/{number}").json()["offers"]}
    assert offers["serve"] is None
    assert "不能办结" in offers["close"]
    assert "penalize" not in offers


def test_an_illegal_move_is_a_409_with_its_reason(program, cases):
    answer = program("xuwenjing").post(f"/{cases.registered()}/classify", {"text": "x", "charges": []})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:svcqa:illegal_move"
    assert "当前是“已受理”，不能定性" in answer.json()["detail"]


def test_a_stale_version_says_what_changed_and_changes_nothing(program, cases):
    number = cases.verified()
    answer = program("xuwenjing").post(f"/{number}/assign", {"officer": "10208", "version": 1})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:svcqa:stale"
    assert answer.json()["changes"]
    assert cases.read(number).row["version"] == 2


def test_a_move_with_a_key_has_one_effect(program, cases):
    number = cases.registered()
    officer = program("xuwenjing")
    answers = [officer.post(f"/{number}/assign", {"officer": "10208"}, key="once") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert cases.read(number).row["version"] == 2


@pytest.mark.parametrize("name", ["lixiaotong", "xieweidong", "API-10050"])
def test_whom_a_complaint_does_not_concern_learns_nothing_of_it(program, cases, name):
    number = cases.penalized()
    there, not_there = (
        [
            program(name).get(f"/{one}"),
            program(name).post(f"/{one}/verify", {"finding": "responsible", "text": "x"}),
        ]
        for one in (number, "TS-202611-9999")
    )
    for seen, unseen in zip(there, not_there, strict=True):
        assert seen.status_code == unseen.status_code == 404
        assert seen.json()["title"] == unseen.json()["title"]


def test_the_respondent_acts_but_does_not_read_the_file(program, cases):
    number = cases.penalized()
    wangjianguo = program("wangjianguo")
    assert wangjianguo.get(f"/{number}").status_code == 404
    assert wangjianguo.post(f"/{number}/reply", {"text": "x"}).status_code == 403


def test_a_list_goes_on_where_its_page_ended_and_holds_what_concerns_the_caller(program, cases):
    numbers = [cases.registered() for _ in range(5)]
    officer = program("xuwenjing")
    first = officer.get(params={"limit": 3}).json()
    second = officer.get(params={"limit": 3, "cursor": first["next"]}).json()
    assert [one["number"] for one in first["complaints"] + second["complaints"]] == numbers
    assert second["next"] is None
    assert program("API-10050").get().json() == {"complaints": [], "next": None}
    assert program("wangjianguo").get().json()["complaints"] == []


def test_a_list_is_filtered_by_state_time_and_unit(program, cases, clock):
    east = cases.registered(unit="cd")
    clock.advance(clock.at.resolution)
    since = clock.at.isoformat()
    verified = cases.verified(unit="cx")
    officer = program("xuwenjing")

    def listed(who, **params):
        return [one["number"] for one in who.get(params=params).json()["complaints"]]

    assert listed(officer, state="verified") == [verified]
    assert listed(officer, updated_since=since) == [verified]
    assert listed(officer, updated_since="9999-12-31T23:59:59-12:00") == []
    assert verified in listed(officer, updated_since="0001-01-01T00:00:00+14:00")
    assert listed(program("zhaozhiqiang")) == [east], "the head of the east workshop sees the own unit's"


@pytest.mark.parametrize(
    "query", ["state=lost", "limit=0", "limit=201", "limit=x", "cursor=%27", "updated_since=now"]
)
def test_a_wrong_query_is_named(program, query):
    answer = program("xuwenjing").get(f"?{query}")
    assert answer.status_code == 422
    assert answer.json()["field"] == query.partition("=")[0]


def test_every_move_of_the_law_has_its_operation(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    operations = {path.rpartition("/")[2] for path in paths if path.count("/") == 5}
    assert operations == set(forms.FORMS)
