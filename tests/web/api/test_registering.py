"""Registration by programs: once per key, all of a batch or nothing, every wrong field named."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import SYSTEM

GOOD: dict[str, Any] = {
    "subject": "宽带报修三天无人上门",
    "channel": "hotline",
    "occurred_at": "2026-11-20T09:30:00+08:00",
    "complainant": "林女士",
    "phone": "13812342210",
    "external_id": "H-1",
}
COUNT = Statement("SELECT count(*) FROM complaint")


@pytest.fixture
def platform(program):
    return program("API-10050")


@pytest.fixture
def registered(place):
    def count():
        with place.reading(SYSTEM) as tx:
            return COUNT.one(tx)[0]

    return count


def test_a_complaint_is_registered_and_can_be_read_by_the_program_that_sent_it(platform):
    answer = platform.post("", GOOD, key="k1")
    assert answer.status_code == 201
    assert answer.json() == {"number": "TS-202611-0001", "state": "received", "version": 1}
    shown = platform.get("/TS-202611-0001").json()
    assert shown["external_id"] == "H-1"
    assert shown["offers"] == []
    assert "13812342210" not in str(shown)
    assert "林女士" not in str(shown)


def test_the_same_request_again_gets_the_same_bytes_and_has_one_effect(platform, registered):
    one = {**GOOD, "external_id": ""}
    first, second = platform.post("", one, key="k1"), platform.post("", one, key="k1")
    assert first.content == second.content
    assert second.status_code == 201
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert registered() == 1


def test_the_same_key_for_another_body_or_another_address_is_refused(platform, registered):
    platform.post("", GOOD, key="k1")
    for answer in (
        platform.post("", {**GOOD, "subject": "另一件完全不同的事"}, key="k1"),
        platform.post("/batch", {"complaints": [GOOD]}, key="k1"),
    ):
        assert answer.status_code == 422
        assert answer.json()["field"] == "Idempotency-Key"
        assert "换一个新的编号" in answer.json()["detail"]
    assert registered() == 1


def test_the_keys_of_two_programs_do_not_meet(platform, program, registered):
    platform.post("", GOOD, key="k1")
    assert "idempotency-replayed" not in program("xuwenjing").post("", GOOD, key="k1").headers
    assert registered() == 2


def test_a_refused_request_keeps_nothing_so_its_correction_may_use_the_key(platform, registered):
    assert platform.post("", {**GOOD, "channel": "pigeon"}, key="k1").status_code == 422
    assert platform.post("", GOOD, key="k1").status_code == 201
    assert registered() == 1


def test_parallel_requests_with_one_key_have_one_effect(platform, registered):
    one = {**GOOD, "external_id": ""}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: platform.post("", one, key="k1"), range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert registered() == 1


def test_without_an_idempotency_key_nothing_is_registered(platform, registered):
    answer = platform.post("", GOOD)
    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"
    assert registered() == 0


def test_the_same_external_id_is_the_same_complaint_under_any_key(platform, registered):
    first, second = platform.post("", GOOD, key="k1"), platform.post("", GOOD, key="k2")
    assert first.json()["number"] == second.json()["number"]
    assert registered() == 1


@pytest.mark.parametrize(
    ("changed", "field", "part"),
    [
        ({"subject": ""}, "subject", "投诉事项至少 4 个字"),
        ({"channel": "pigeon"}, "channel", "没有来源渠道 pigeon"),
        ({"occurred_at": "2026-12-01T00:00:00+08:00"}, "occurred_at", "发生时间不能晚于现在"),
        ({"occurred_at": "2026-11-20T09:30:00"}, "occurred_at", "发生时间要带时区"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "发生时间"),
        ({"occurred_at": "1990-01-01T00:00:00+08:00"}, "occurred_at", "发生时间"),
        ({"respondents": ["99999"]}, "respondents", "没有工号为 99999 的员工"),
        ({"unit": "moon"}, "unit", "没有编码为 moon 的单位"),
        ({"respondents": "10220"}, "respondents", "要是一个列表"),
        ({"subject": "宽带报修\ud800三天"}, "subject", "投诉事项"),
        ({"colour": "red"}, "colour", "没有“colour”这个字段"),
    ],
)
def test_every_wrong_field_is_named_with_its_remedy(platform, registered, changed, field, part):
    answer = platform.post("", {**GOOD, **changed}, key="k1")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"] == field
    assert part in answer.json()["detail"]
    assert answer.json()["detail"].endswith("。")
    assert answer.json()["request"] == answer.headers["x-request-id"]
    assert registered() == 0


def test_broken_json_is_said_to_be_broken(platform):
    headers = {
        "Authorization": f"Bearer {platform.key}",
        "Idempotency-Key": "k1",
        "Content-Type": "application/json",
    }
    answer = platform.client.post("/api/v1/complaints", content=b'{"subject": ', headers=headers)
    assert answer.status_code == 422
    assert "不是正确的 JSON" in answer.json()["detail"]


def test_a_batch_is_registered_as_a_whole(platform, registered):
    many = [{**GOOD, "external_id": f"H-{place}"} for place in range(100)]
    answer = platform.post("/batch", {"complaints": many}, key="b1")
    assert answer.status_code == 201
    assert [one["number"] for one in answer.json()["complaints"]][-1] == "TS-202611-0100"
    assert registered() == 100
    assert platform.post("/batch", {"complaints": many}, key="b1").content == answer.content


@pytest.mark.parametrize("size", [0, 101])
def test_a_batch_has_one_to_a_hundred_complaints(platform, registered, size):
    answer = platform.post("/batch", {"complaints": [GOOD] * size}, key="b1")
    assert answer.status_code == 422
    assert answer.json()["field"] == "complaints"
    assert registered() == 0


def test_one_wrong_complaint_refuses_its_batch_and_is_named(platform, registered):
    many = [GOOD, {**GOOD, "external_id": "H-2", "channel": "pigeon"}]
    answer = platform.post("/batch", {"complaints": many}, key="b1")
    assert answer.status_code == 422
    assert answer.json()["field"] == "complaints.1.channel"
    assert "第 2 单" in answer.json()["detail"]
    assert "整批没有登记" in answer.json()["detail"]
    assert registered() == 0


@pytest.mark.parametrize("key", ["", "svcqa_nonsense", "Basic abc"])
def test_a_key_that_opens_nothing_is_a_401(platform, key):
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k1"}
    answer = platform.client.post("/api/v1/complaints", json=GOOD, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("words", [{}, {"Authorization": "Bearer svcqa_nonsense"}])
def test_who_has_no_key_is_told_of_it_before_anything_else_that_is_wrong(platform, words):
    for body in (GOOD, {"subject": 7}):
        answer = platform.client.post("/api/v1/complaints", json=body, headers=words)
        assert answer.status_code == 401
        assert "接口密钥" in answer.json()["detail"]
        assert "errors" not in answer.json()
    assert platform.client.get("/api/v1/complaints?limit=0", headers=words).status_code == 401


def test_a_wrong_channel_names_the_right_ones(platform):
    answer = platform.post("", {**GOOD, "channel": "pigeon"}, key="k1")
    assert answer.json()["detail"].startswith("没有来源渠道 pigeon。可选：hotline（10050 客服热线）、")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("limit=0", "每页条数不能小于 1，请更正。"),
        ("limit=many", "每页条数要填整数，请更正。"),
        ("state=lost", "状态只能是 received、"),
        ("updated_since=today", "更新时间的起点不是正确的时间"),
        ("cursor=X", "翻页位置的写法不对"),
    ],
)
def test_a_wrong_query_is_refused_in_the_houses_words(platform, query, sentence):
    answer = platform.get(f"?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(sentence)


def test_what_nobody_can_see_is_not_kept(platform, place):
    number = platform.post(
        "", {**GOOD, "subject": "\u202e慢\u200b慢慢慢慢", "complainant": "\u2066林女士"}, key="k1"
    ).json()["number"]
    assert platform.get(f"/{number}").json()["subject"] == "慢慢慢慢慢"
    refused = platform.post("", {**GOOD, "subject": "\u200b" * 8}, key="k2")
    assert refused.json()["errors"] == {"subject": "投诉事项至少 4 个字，请补充。"}


def test_guessing_keys_has_an_end(platform):
    headers = {"Authorization": "Bearer svcqa_guess"}
    answers = [platform.client.get("/api/v1/complaints", headers=headers).status_code for _ in range(31)]
    assert answers == [401] * 30 + [429]
    assert platform.get().status_code == 200, "a key that opens is not held back"


def test_an_employee_may_not_register(program, registered):
    answer = program("wangjianguo").post("", GOOD, key="k1")
    assert answer.status_code == 403
    assert "只能由" in answer.json()["detail"]
    assert registered() == 0
