"""Whether a world is as its people were told: every function yields what is wrong, in words; nothing when all is well.

Holds the database against the clients' journal and the received mails, and trusts none of them alone.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.evidence import Event, Evidence, Letter, Moment
from tests.faults.journal import Journal

REVIEWED = ("uphold", "reduce", "revoke", "remand")
SAID = {"near": "deadline_near", "passed": "deadline_passed", "expedite": "case_expedited"}
ORDER_READERS = 2  # the people of HR in the roster of the demo


def verify_world(evidence: Evidence, journal: Journal) -> list[str]:
    """Return everything that is wrong with a world."""
    return [
        *evidence.unsound,
        *lost_or_unexplained(evidence, journal),
        *wrongly_queued(evidence),
        *wrongly_delivered(evidence),
        *wrongly_reminded(evidence),
        *wrongly_ordered(evidence),
    ]


def lost_or_unexplained(evidence: Evidence, journal: Journal) -> Iterator[str]:
    """Every acknowledged operation happened as it was told; what happened was told, or is in doubt."""
    told = {(done.number, done.version): done for done in journal.done()}
    doubtful = {(one.move, one.number or one.key, one.version) for one in journal.open()}
    happened = set()
    for event in evidence.events:
        if event.body["actor"]["via"] != "api":
            continue
        number, (before, after) = event.facts["number"], event.body["version"]
        happened.add((number, after))
        done = told.get((number, after))
        known_as = evidence.external_ids.get(number) if event.move == "register" else number
        if done and (done.operation.move, done.state) != (event.move, event.facts["to"]):
            yield f"{number} version {after}: told {done}, but {event.move} happened"
        if not done and (event.move, known_as, before) not in doubtful:
            yield f"{number} version {after}: {event.move} happened and nobody asked for it"
    yield from (f"acknowledged and lost: {told[one]}" for one in sorted(told.keys() - happened))


def wrongly_queued(evidence: Evidence) -> Iterator[str]:
    """Every decision queued its mails, once, in its own transaction; no mail came from nowhere."""
    due: dict[tuple[Moment, str], int] = Counter()
    most: dict[tuple[Moment, str], int] = Counter()
    for event in evidence.events:
        due.update({(event.here, slug): count for slug, count in mails_due(event).items()})
        most.update({(event.here, slug): count for slug, count in mails_each(event).items()})
    queued = Counter((letter.here, letter.slug) for letter in evidence.letters)
    for key in {*due, *most, *queued}:
        if key in most and not queued[key]:
            yield f"nobody was told: {key}"
        if key not in most and queued[key] != due.get(key, 0):
            yield f"{due.get(key, 0)} mails are due, {queued[key]} were queued: {key}"
    each = Counter((letter.here, letter.slug, letter.recipient) for letter in evidence.letters)
    for (here, slug, recipient), count in each.items():
        if count > most.get((here, slug), count):
            yield f"{recipient} was told {count} times: {slug} {here}"


def mails_due(event: Event) -> Counter[str]:
    """Return how many mails of each kind an event must have queued, where its own rows say it."""
    invited = sum("state_by_at" in row for row in event.rows("respondent").values())
    due = {
        "register": {"complaint_registered": 1},
        "verify": {"hearing_invited": invited},
        "penalize": {"penalty_notice": len(event.rows("penalty"))},
        "rescind": {"penalty_withdrawn": 1},
        "waive": {"penalty_withdrawn": 1},  # the load waives cases with one respondent only
        "appeal": {"appeal_received": 1},
        "reply": {"customer_reply": 1},
        **{move: {"appeal_decided": 1} for move in REVIEWED},
    }
    ordered = {"penalty_order": ORDER_READERS} if event.facts.get("ordered") else {}
    return +Counter({**due.get(event.move, {}), **ordered})


def mails_each(event: Event) -> Counter[str]:
    """Return the most mails of each kind one addressee may have got of an event, where its rows do not say to whom."""
    if event.move == "penalize":
        return Counter(penalty_copy=len(event.rows("penalty")))
    if event.move == "appeal":
        return Counter(appeal_filed=1)
    if event.move == "deadline.alarm":
        said = event.facts["said"]
        return Counter(SAID[one] for one in said if one != "near" or set(said) == {"near"})
    return Counter()


def wrongly_delivered(evidence: Evidence) -> Iterator[str]:
    """Every letter is sent, once, or twice alike where a courier died over it; or held for a person."""
    known = {letter.message_id: letter for letter in evidence.letters}
    yield from (f"nobody queued the mail {one}" for one in evidence.copies.keys() - known.keys())
    for message_id, letter in known.items():
        contents = evidence.copies.get(message_id, [])
        if {hashlib.sha256(content).hexdigest() for content in contents} - {letter.sha256}:
            yield f"not the bytes that were queued: {letter}"
        if len(contents) not in allowed_copies(letter):
            yield f"{len(contents)} copies arrived: {letter}"


def allowed_copies(letter: Letter) -> range:
    """Return how many copies may have arrived, by what the outbox says of the letter."""
    if letter.state == "sent":
        return range(1, 2 + min(letter.doubts, 1))
    if letter.state == "held":
        return range(3)
    return range(0)


def wrongly_reminded(evidence: Evidence) -> Iterator[str]:
    """Each level of each clock was said once, and no clock was moved once it ran."""
    levels: dict[str, int] = defaultdict(int)
    ends: dict[str, str | None] = {}
    for event in evidence.events:
        for clock, row in event.rows("deadline").items():
            if event.move == "deadline.alarm":
                levels[clock] += len(event.facts["said"])
                if row["level"] != levels[clock]:
                    yield f"clock {clock} is at level {row['level']} after {levels[clock]} alarms"
            if "due_at" in row and ends.setdefault(clock, row["due_at"]) != row["due_at"]:
                yield f"clock {clock} was moved from {ends[clock]} to {row['due_at']}"


def wrongly_ordered(evidence: Evidence) -> Iterator[str]:
    """Payroll was ordered once what became final, and nothing else."""
    final = Counter(one for event in evidence.events for one in event.facts.get("ordered", ()))
    ordered = Counter(evidence.orders)
    if final != ordered:
        yield f"became final without an order {final - ordered}, ordered without cause {ordered - final}"
