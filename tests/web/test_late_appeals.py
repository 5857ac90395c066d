"""An appeal that came too late is admitted by a reviewer, on the page."""

from datetime import timedelta

from svcqa.casework import forms


def test_a_reviewer_admits_an_appeal_that_came_too_late(cases, desk, place):
    number = cases.penalized("wangjianguo", "lixiaotong")
    first, second = cases.read(number).penalties
    for penalty in (first, second):
        cases.go(number, "xuwenjing", forms.Serve(penalty=penalty["id"], how="paper"))
    cases.go(
        number,
        "lixiaotong",
        forms.Appeal(penalty=second["id"], how="page", text="当天不是本人值班，请核对排班表。"),
    )
    place.clock.advance(timedelta(days=15))
    reviewer = desk("gaoyuan")
    assert "受理逾期申诉（有正当理由）" in reviewer.get(f"/complaints/{number}/appeal").text
    late = {"penalty": first["id"], "how": "late", "text": "本人住院两周，出院当天提出，附住院证明。"}
    assert reviewer.post(f"/complaints/{number}/appeal", late).status_code == 303
    states = {row["id"]: row["state"] for row in cases.read(number).penalties}
    assert states == {first["id"]: "appealed", second["id"]: "appealed"}
