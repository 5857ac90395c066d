"""Staff numbers and posts of everybody at once."""

from datetime import date

from svcqa.kernel.transaction import SYSTEM
from svcqa.organisation import people, rolls


def test_every_staff_number_leads_to_its_person(place, cast):
    with place.reading(SYSTEM) as tx:
        numbers = rolls.staff_numbers(tx)
    assert numbers["10206"] == cast["liumin"].id
    assert numbers["10239"] == cast["jinxin"].id, "also of somebody who left"


def test_posts_have_their_days(place, cast):
    with place.reading(SYSTEM) as tx:
        held = [post for post in rolls.posts(tx) if post.person_id == cast["jinxin"].id]
        unit = people.unit_coded(tx, "nh1")
    assert unit is not None
    assert held == [(cast["jinxin"].id, unit.id, date(2026, 1, 1), date(2026, 10, 30))]
