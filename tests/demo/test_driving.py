"""Open cases of the shipped open data live whole lives by the API's moves, with mails and appeals."""

from datetime import UTC

import pytest
from sqlalchemy import text

from states import Refused
from svcqa.casework import complaints
from svcqa.casework.forms import FORMS
from svcqa.casework.snapshot import load
from svcqa.demo import open_data
from svcqa.demo.api_desk import Rejection, caller
from svcqa.demo.driving import drive_through
from svcqa.demo.lives import LIVES
from svcqa.kernel.errors import HouseError
from svcqa.kernel.transaction import SYSTEM
from svcqa.rulebook import library, loading

ENDS = {
    "upheld": "closed", "reduced": "closed", "revoked": "closed", "remanded": "closed", "retracted": "closed",
    "rescinded": "closed", "shared": "penalized", "under_review": "appealed", "waived": "closed",
    "exonerated": "closed", "dismissed": "closed", "withdrawn": "closed",
}  # fmt: skip
KEYS = {
    "officer": "xuwenjing", "supervisor": "liumin", "employee": "wangjianguo", "reviewer": "zhouhuimin",
    "second_reviewer": "gaoyuan",
}  # fmt: skip


@pytest.fixture
def received(place):
    """Return the numbers of the open cases of the slice."""
    with place.transaction(SYSTEM) as tx:
        folder = loading.read_folder(loading.SHIPPED / "complaints-trial" / "v1")
        library.publish(tx, folder, confirmed_by="leading group")
    open_data.bring_in(place)
    return column(place, "SELECT number FROM complaint WHERE state = 'received' ORDER BY number")


def column(place, query):
    with place.reading(SYSTEM) as tx:
        return [row[0] for row in tx.connection.execute(text(query))]


def desk_of(place, cast):
    """Answer as the API does: the same services, the name of a person as the key."""
    numbers = {person.id: person.staff_number for person in (cast["wangjianguo"], cast["lixiaotong"])}

    def call(method, path, key, body):
        number, _, move = path.removeprefix("/api/v1/complaints/").partition("/")
        try:
            with place.transaction(cast.actor(key, via="api")) as tx:
                if method == "POST":
                    complaints.advance(tx, number, form=FORMS[move].model_validate(body))
                case = load(tx, number)
        except (Refused, HouseError) as refusal:
            raise Rejection(409, refusal.sentence) from refusal
        return {
            "state": case.state,
            "version": case.row["version"],
            "respondents": [
                {"id": r["id"], "staff_number": numbers[r["person_id"]]} for r in case.respondents
            ],
            "charges": [{"id": c["id"], "respondent": c["respondent_id"]} for c in case.charges],
            "penalties": [{"id": p["id"], "charge": p["charge_id"]} for p in case.penalties],
        }

    return call


def test_a_dozen_open_cases_come_to_a_dozen_ends(place, cast, received):
    respondents = (cast["wangjianguo"].staff_number, cast["lixiaotong"].staff_number)
    report = drive_through(desk_of(place, cast), KEYS, received[:12], respondents=respondents)
    assert [(one.life, one.refusal) for one in report.refused] == []
    assert {one.life: one.state for one in report.driven} == ENDS
    assert list(ENDS) == list(LIVES)
    slugs = column(place, "SELECT slug FROM outbox")
    assert slugs.count("penalty_notice") == 11  # one per decision on a person, two of them decided twice
    assert slugs.count("appeal_decided") == 7
    assert {"hearing_invited", "penalty_copy", "appeal_received", "penalty_order"} <= set(slugs)


def test_a_refusal_is_reported_with_its_sentence_and_the_next_case_goes_on(place, cast, received):
    respondents = (cast["wangjianguo"].staff_number, cast["lixiaotong"].staff_number)
    keys = {**KEYS, "supervisor": "xuwenjing"}
    report = drive_through(desk_of(place, cast), keys, received[:12], respondents=respondents)
    assert "upheld" in {one.life for one in report.refused}
    assert all(one.refusal.endswith("。") for one in report.refused)
    assert [one.state for one in report.driven][-1] == "closed"


def test_an_address_where_nobody_answers_is_one_sentence():
    with pytest.raises(Rejection, match=r"503: http://127\.0\.0\.1:9"):
        caller("http://127.0.0.1:9")("GET", "/api/v1/complaints/TS-202611-0001", "key", None)


def test_closed_cases_of_the_slice_were_closed_where_they_came_from(place, received):
    with place.reading(SYSTEM) as tx:
        number = column(place, "SELECT number FROM complaint WHERE late ORDER BY number")[0]
        row = load(tx, number).row
    assert row["closed_at"] > row["due_at"]
    assert row["closed_at"].tzinfo is UTC
