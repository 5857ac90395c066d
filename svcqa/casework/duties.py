"""What waits for whom: the conditions under which an open complaint is an actor's own work. Reads nothing itself."""

from states.complaint import APPEALED, CLASSIFIED, RECEIVED, VERIFIED
from svcqa.casework import cuts
from svcqa.casework.cuts import Cut
from svcqa.kernel.transaction import Actor

FEW = 10
NOTHING = Cut(("1 = 0",))
UNTOUCHED = (
    "NOT EXISTS (SELECT 1 FROM participation x WHERE x.complaint_id = c.id AND x.person_id = :me"
    " AND x.instance <> 'review')"
)
NOT_RESPONDENT = "NOT EXISTS (SELECT 1 FROM respondent r WHERE r.complaint_id = c.id AND r.person_id = :me)"


def mine(actor: Actor) -> list[Cut]:
    """Return the alternatives under which an open complaint waits for the actor; one that never holds for others."""
    me = {"me": actor.person_id}
    duties = []
    if "officer" in actor.roles:
        duties.append(Cut(("c.assignee_id = :me",), me))
    if "supervisor" in actor.roles:
        duties.append(_in_state(CLASSIFIED))
        duties += [_proposed("exoneration"), _proposed("dismissal")]
    if "reviewer" in actor.roles:
        duties.append(_in_state(APPEALED) & Cut((UNTOUCHED, NOT_RESPONDENT), me))
    if actor.units:
        units = cuts.one_of("c.unit_id", "headed", sorted(actor.units))
        duties += [_in_state(RECEIVED) & units, _in_state(VERIFIED) & units]
    return duties or [NOTHING]


def own_units(actor: Actor) -> list[Cut]:
    """Return the alternatives under which a complaint concerns a unit the actor heads: its own, or a respondent's.

    For few units each lies in its index; for many, most complaints fit, and looking along the list is quicker.
    """
    units = sorted(actor.units) or [""]
    own, theirs = cuts.one_of("c.unit_id", "own", units), cuts.about("unit_id", "own", units)
    return [own, theirs] if len(units) <= FEW else [cuts.either(own, theirs)]


def _proposed(ending: str) -> Cut:
    """Return the condition that somebody waits for this ending to be confirmed, as its partial index writes it."""
    return Cut(("c.proposal <> ''", "c.proposal = :ending"), {"ending": ending})


def _in_state(state: str) -> Cut:
    return Cut(("c.state = :duty",), {"duty": state})
