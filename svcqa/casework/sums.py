"""Checking charges and sums against the tariff and what appeals have fixed. Returns sentences, never raises."""

import json
from collections import defaultdict

from svcqa.casework import forms, sql
from svcqa.casework.snapshot import Case, Row
from svcqa.kernel.calendar import Term
from svcqa.kernel.errors import NotFound
from svcqa.kernel.money import fen, hundredths
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import people
from svcqa.rulebook import tariff
from svcqa.rulebook.model import Regulation

CalculationLine = tuple[str, str, int, int]
"""Label, article, hundredths, fen."""


def person_called(tx: Transaction, key: str) -> people.PersonCard | None:
    """Return the person a form names by staff number."""
    return people.by_staff_number(tx, key)


def charges_problem(case: Case, regulation: Regulation, form: forms.Classify) -> str:
    """Return why these charges cannot stand, or an empty text."""
    kept = [c for c in case.charges if c not in case.undecided]
    if not form.charges and not kept:
        return "请至少填写一个指控项：被投诉人、条款和责任份额。"
    known = {r["id"] for r in case.respondents}
    shares: dict[str, int] = defaultdict(int)
    pairs: set[tuple[str, str]] = set()
    for respondent, clause, share in [
        *((c["respondent_id"], c["clause_id"], c["share"]) for c in kept),
        *((c.respondent, c.clause, c.share) for c in form.charges),
    ]:
        if respondent not in known:
            return "指控项中的被投诉人不在本案中，请刷新页面后重新选择。"
        if (respondent, clause) in pairs:
            return f"同一被投诉人的条款 {clause} 只能填写一次。"
        pairs.add((respondent, clause))
        shares[clause] += share
    return _clauses_problem(regulation, form) or _shares_problem(shares)


def _clauses_problem(regulation: Regulation, form: forms.Classify) -> str:
    for line in form.charges:
        try:
            regulation.clause(line.clause)
            for name in line.adjustments:
                regulation.adjustment(name)
        except NotFound as unknown:
            return unknown.sentence
    return ""


def _shares_problem(shares: dict[str, int]) -> str:
    for clause, total in shares.items():
        if total != 100:
            return f"条款 {clause} 的责任份额合计为 {total}%，应为 100%。请调整各被投诉人的份额。"
    return ""


def proposal_for(tx: Transaction, case: Case, regulation: Regulation, charge: Row) -> tariff.Proposal:
    """Return the tariff's calculation for a charge, with repetition looked up."""
    clause = regulation.clause(charge["clause_id"])
    chosen = [regulation.adjustment(name) for name in charge["adjustments"].split(",") if name]
    person_id = case.respondent(charge["respondent_id"])["person_id"]
    if person_id:
        chosen += [
            each
            for each in regulation.adjustments
            if each.within and repeated(tx, case, person_id, clause.id, within=each.within)
        ]
    return tariff.propose(clause, share=charge["share"], adjustments=chosen)


def repeated(tx: Transaction, case: Case, person_id: str, clause_id: str, *, within: Term) -> bool:
    """Tell whether the incident came within a term after the person got a penalty under the same clause.

    Only who knew of the earlier penalty can repeat: one that was served after the incident does not count.
    """
    occurred_at = case.row["occurred_at"]
    rows = sql.EARLIER_PENALTIES.moments(tx, person_id=person_id, id=case.id, until=occurred_at)
    return any(
        row["clause_id"] == clause_id and occurred_at <= tx.calendar.due_at(row["served_at"], within)
        for row in rows
    )


def lines_of(proposal: tariff.Proposal) -> tuple[CalculationLine, ...]:
    """Return a calculation as it is kept and shown."""
    return tuple((line.label, line.article, hundredths(line.points), line.fen) for line in proposal.lines)


def decided_lines(penalty: Row) -> tuple[CalculationLine, ...]:
    """Return the calculation a penalty was decided on."""
    return tuple((str(a), str(b), int(c), int(d)) for a, b, c, d in json.loads(penalty["calculation"]))


def sums_problem(tx: Transaction, case: Case, regulation: Regulation, form: forms.Penalize) -> str:
    """Return why these sums cannot be decided: not one per open charge, or outside the tariff."""
    open_charges = {c["id"]: c for c in case.undecided}
    named = [line.charge for line in form.penalties]
    if sorted(named) != sorted(open_charges):
        return "每个待处罚的指控项都要填写一次扣分和扣款。请刷新页面后重新填写。"
    for line in form.penalties:
        charge = open_charges[line.charge]
        bounds = proposal_for(tx, case, regulation, charge).bounds
        problem = tariff.outside_bounds(bounds, points=line.points, fen=fen(line.yuan))
        if problem:
            name = case.respondent(charge["respondent_id"])["name"]
            return f"{name}，条款 {charge['clause_id']}：{problem}"
    return ""


def not_heavier(case: Case, form: forms.Penalize) -> bool:
    """Tell whether each respondent's total stays at or under the lightest an appeal ever fixed."""
    added: dict[str, list[forms.PenaltyLine]] = defaultdict(list)
    for line in form.penalties:
        charge = next((c for c in case.undecided if c["id"] == line.charge), None)
        if charge:
            added[charge["respondent_id"]].append(line)
    return all(_within_cap(case, respondent, lines) for respondent, lines in added.items())


def _within_cap(case: Case, respondent_id: str, lines: list[forms.PenaltyLine]) -> bool:
    respondent = case.respondent(respondent_id)
    if respondent["cap_fen"] is None:
        return True
    standing_fen, standing_points = case.total(respondent_id)
    total_fen = standing_fen + sum(fen(line.yuan) for line in lines)
    total_points = standing_points + sum(hundredths(line.points) for line in lines)
    return bool(total_fen <= respondent["cap_fen"] and total_points <= respondent["cap_hundredths"])


def lighter(form: forms.Reduce, penalty: Row) -> bool:
    """Tell whether the reduction is strictly lighter: nothing higher, something lower."""
    new = (fen(form.yuan), hundredths(form.points))
    old = (penalty["final_fen"], penalty["final_hundredths"])
    return new != old and new[0] <= old[0] and new[1] <= old[1]
