"""A law drawn: its Mermaid state diagram, its table of moves in Markdown, and a page that keeps both current.

Everything comes from the law; nothing is written by hand and nothing is read or stored here.
"""

from typing import Any

from states import complaint, cycle, measure, penalty
from states.lifecycle import Law, Move, Outcome

LAWS: tuple[Law[Any], ...] = (complaint.LAW, penalty.LAW, cycle.LAW, measure.LAW)


def mermaid(law: Law[Any]) -> str:
    """Return a law as a Mermaid `stateDiagram-v2`, moves between the same two states on one arrow."""
    lines = ["stateDiagram-v2", *(f'    state "{state.label}" as {state.name}' for state in law.states)]
    for (source, target), labels in _arrows(law).items():
        lines.append(f"    {source} --> {target}: {'、'.join(labels)}")
    lines += [f"    {state.name} --> [*]" for state in law.states if state.name in law.ends]
    return "\n".join(lines)


def _arrows(law: Law[Any]) -> dict[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in law.moves:
        for outcome in move.outcomes:
            for source in _sources(move, outcome):
                start = "[*]" if source == law.birth else source
                arrows.setdefault((start, _target(move, outcome, source)), []).append(move.label)
    return arrows


def _sources(move: Move[Any], outcome: Outcome[Any]) -> tuple[str, ...]:
    return (outcome.source,) if outcome.source else move.sources


def _target(move: Move[Any], outcome: Outcome[Any], source: str) -> str:
    return source if move.stays else outcome.target


def table(law: Law[Any]) -> str:
    """Return a law's moves as a Markdown table: name, label, from, to, who."""
    lines = ["| move | label | from | to | who |", "|---|---|---|---|---|"]
    for move in law.moves:
        to = "stays" if move.stays else ", ".join(dict.fromkeys(o.target for o in move.outcomes))
        who = ", ".join(sorted(move.roles))
        lines.append(f"| {move.name} | {move.label} | {', '.join(move.sources)} | {to} | {who} |")
    return "\n".join(lines)


def redrawn(page: str) -> str:
    """Return a page with what stands between each law's markers drawn anew."""
    for law in LAWS:
        begin, end = f"<!-- {law.name}: drawn from the law -->", f"<!-- {law.name}: end -->"
        before, _, rest = page.partition(begin)
        _, _, after = rest.partition(end)
        drawn = f"```mermaid\n{mermaid(law)}\n```\n\n{table(law)}"
        page = f"{before}{begin}\n\n{drawn}\n\n{end}{after}"
    return page
