"""The configurations that are searched whole: who is there, and which matter each of them looks into."""

from collections.abc import Set as AbstractSet

from tests.states.world import Cast

PEOPLE = {"wang": "employee", "zhao": "employee", "han": "unit_head"}
ONE_EACH = {"fang": "officer", "gao": "supervisor", "xu": "reviewer", **PEOPLE}
TWO_EACH = {**ONE_EACH, "liu": "officer", "tang": "supervisor", "shen": "reviewer"}
THREE_EACH = {**TWO_EACH, "chen": "officer", "luo": "supervisor", "deng": "reviewer"}
SEVERAL_ROLES = {
    "fang": "officer supervisor reviewer",
    "liu": "officer reviewer",
    "gao": "supervisor reviewer",
    "han": "unit_head supervisor",
    "wang": "employee",
}

OTHERS = {"withdraw", "merge", "follow"}
PROPOSALS = {
    "propose_dismissal",
    "dismiss",
    "propose_settlement",
    "settle",
    "propose_exoneration",
    "exonerate",
}
ENDINGS = {*OTHERS, *PROPOSALS, "not_responsible"}
REVIEW = {"appeal", "retract", "uphold", "reduce", "revoke", "remand"}
ASIDE = {"hear", "reply", "late", "paper"}


def without(*left_out: AbstractSet[str]) -> frozenset[str]:
    """Return all these moves and forms together."""
    return frozenset().union(*left_out)


CASTS = {
    "what is owed to the customer": Cast(
        ONE_EACH,
        charged=("wang",),
        sums=((1,),),
        leave_out=without(
            PROPOSALS - {"propose_exoneration", "exonerate"},
            ASIDE - {"reply", "hear"},
            {"rescind", "remand", "return", "reduce", "revoke"},
        ),
    ),
    "every ending": Cast(
        {**ONE_EACH, "liu": "officer"},
        charged=("wang",),
        sums=((1,),),
        leave_out=without(OTHERS, REVIEW, {"rescind", "hear", "reopen"}),
    ),
    "two respondents, one person per role": Cast(ONE_EACH, leave_out=without(ENDINGS, {"return", "reply"})),
    "two respondents, two reviewers": Cast(
        {**ONE_EACH, "liu": "officer", "shen": "reviewer"},
        leave_out=without(ENDINGS, ASIDE, {"return", "reopen", "rescind", "retract", "reduce"}),
    ),
    "one respondent, two persons per role": Cast(
        TWO_EACH, charged=("wang",), leave_out=without(ENDINGS, ASIDE - {"late", "paper"}, {"reopen"})
    ),
    "three persons per role": Cast(
        THREE_EACH, charged=("wang",), sums=((1,),), leave_out=without(ENDINGS, ASIDE, {"return"})
    ),
    "one person in several roles": Cast(
        SEVERAL_ROLES,
        charged=("wang",),
        sums=((1,),),
        leave_out=without(
            OTHERS, ASIDE, PROPOSALS - {"propose_exoneration", "exonerate"}, {"not_responsible", "reopen"}
        ),
    ),
    "two charges against one person, one reviewer": Cast(
        ONE_EACH, charged=("wang", "wang"), leave_out=without(ENDINGS, ASIDE, {"return"})
    ),
    "two charges against one person, two reviewers": Cast(
        {**ONE_EACH, "liu": "officer reviewer"},
        charged=("wang", "wang"),
        sums=((1,), (1,)),
        leave_out=without(ENDINGS, ASIDE, {"return", "reduce", "rescind", "retract"}),
    ),
    "a unit whose head reviews": Cast(
        {**ONE_EACH, "han": "unit_head reviewer"},
        charged=("depot",),
        heads={"depot": "han"},
        sums=((1,),),
        leave_out=without(ENDINGS, ASIDE, {"return"}),
    ),
    "an officer as respondent, a reviewer above": Cast(
        {**TWO_EACH, "liu": "employee officer", "deng": "reviewer"},
        charged=("liu",),
        superiors=frozenset({"xu"}),
        sums=((1,),),
        leave_out=without(ENDINGS, ASIDE, {"rescind"}),
    ),
}
