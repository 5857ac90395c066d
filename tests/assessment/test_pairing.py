"""Who rates whom, whatever the organisation looks like."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from svcqa.assessment.pairing import Chart, Pair, peers, superiors

TEAM = {f"p{number}": "t" for number in range(9)}


def named(subjects):
    """Return staff numbers that are the ids themselves."""
    return {person: person for person in subjects}


@st.composite
def organisations(draw):
    units = [f"u{number}" for number in range(draw(st.integers(1, 4)))]
    people = [f"p{number}" for number in range(draw(st.integers(1, 14)))]
    subjects = {person: draw(st.sampled_from(units)) for person in people}
    heads = {unit: draw(st.sampled_from([*people, "boss"])) for unit in units if draw(st.booleans())}
    above = {unit: units[place - 1] for place, unit in enumerate(units) if place and draw(st.booleans())}
    return subjects, Chart(heads, above)


@given(organisations(), st.integers(0, 5), st.text(max_size=5))
def test_nobody_rates_themselves_and_nobody_twice(organisation, sample, seed):
    subjects, chart = organisation
    above = list(superiors(subjects, chart))
    pairs = above + list(peers(subjects, sample=sample, seed=seed, above=above, numbers=named(subjects)))
    assert all(pair.rater != pair.ratee for pair in pairs)
    assert max(Counter((pair.rater, pair.ratee) for pair in pairs).values(), default=1) == 1
    assert all(pair.ratee in subjects for pair in pairs)


@given(organisations(), st.integers(1, 5), st.text(max_size=5))
def test_everybody_gives_as_many_peer_ratings_as_they_get(organisation, sample, seed):
    subjects, chart = organisation
    found = list(
        peers(subjects, sample=sample, seed=seed, above=superiors(subjects, chart), numbers=named(subjects))
    )
    assert Counter(pair.rater for pair in found) == Counter(pair.ratee for pair in found)
    assert all(subjects[pair.rater] == subjects[pair.ratee] for pair in found)
    assert max(Counter(pair.rater for pair in found).values(), default=0) <= sample


@given(st.text(max_size=8))
def test_no_two_rate_each_other_where_the_team_is_large_enough(seed):
    found = {
        (pair.rater, pair.ratee) for pair in peers(TEAM, sample=4, seed=seed, above=[], numbers=named(TEAM))
    }
    assert len(found) == 9 * 4
    assert not {(ratee, rater) for rater, ratee in found} & found


def test_the_same_seed_gives_the_same_pairs_and_another_one_others():
    drawn = [
        list(peers(TEAM, sample=2, seed=seed, above=[], numbers=named(TEAM))) for seed in ("a", "a", "b")
    ]
    assert drawn[0] == drawn[1]
    assert sorted(drawn[0]) != sorted(drawn[2])


def test_the_draw_knows_staff_numbers_and_no_ids():
    other = {f"x{8 - number}": "t" for number in range(9)}
    numbers = {person: f"p{person[1:]}" for person in other}
    drawn = peers(TEAM, sample=2, seed="a", above=[], numbers=named(TEAM))
    again = peers(other, sample=2, seed="a", above=[], numbers=numbers)
    assert {(numbers[one.rater], numbers[one.ratee]) for one in again} == {
        (one.rater, one.ratee) for one in drawn
    }


def test_a_sample_of_zero_asks_everybody():
    assert len(list(peers(TEAM, sample=0, seed="a", above=[], numbers=named(TEAM)))) == 9 * 8


def test_the_nearest_head_above_rates_and_is_no_colleague_of_the_team():
    chart = Chart(heads={"team": "chief", "depot": "director"}, above={"team": "depot", "office": "depot"})
    subjects = {"a": "team", "b": "team", "chief": "team", "c": "office", "director": "depot"}
    above = list(superiors(subjects, chart))
    assert sorted(above) == [
        Pair("chief", "a", "superior"),
        Pair("chief", "b", "superior"),
        Pair("director", "c", "superior"),
        Pair("director", "chief", "superior"),
    ]
    assert sorted(peers(subjects, sample=4, seed="s", above=above, numbers=named(subjects))) == [
        Pair("a", "b", "peer"),
        Pair("b", "a", "peer"),
    ]
