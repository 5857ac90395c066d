"""The laws as they are meant to be, each written once: rows are moves, columns states, cells who may.

`to` lists every state a move may lead to; a dot means that the move is refused there for everybody.
"""

ROLES = {
    "o": "officer",
    "s": "supervisor",
    "u": "unit_head",
    "e": "employee",
    "r": "reviewer",
    "i": "inspector",
    "a": "api",
    "c": "customer",
    "y": "system",
}

COMPLAINT = """
move                new   received verified classified penalized appealed closed to
register            oiuac .        .        .          .         .        .      received
verify              .     ou       .        .          .         .        .      verified
propose_dismissal   .     o        .        .          .         .        .      =
dismiss             .     os       .        .          .         .        .      closed
withdraw            .     o        o        .          .         .        .      closed
merge               .     o        o        .          .         .        .      closed
propose_settlement  .     .        u        .          .         .        .      =
settle              .     .        o        .          .         .        .      closed
propose_exoneration .     .        o        .          .         .        .      =
exonerate           .     .        s        .          .         .        .      closed
return              .     .        so       so         .         .        .      received,verified
hear                .     .        euo      euo        .         .        .      =
classify            .     .        o        .          .         .        .      classified
penalize            .     .        .        s          .         .        .      penalized
waive               .     .        .        s          .         .        .      closed
serve               .     .        .        .          oyeu      oyeu     .      =
rescind             .     .        .        .          s         .        .      classified
appeal              .     .        .        .          euor      euor     .      appealed
retract             .     .        .        .          .         eu       .      appealed,penalized
uphold              .     .        .        .          .         r        .      appealed,closed,penalized
reduce              .     .        .        .          .         r        .      appealed,closed,penalized
revoke              .     .        .        .          .         r        .      appealed,closed,penalized
remand              .     .        .        .          .         r        .      verified
reply               .     o        o        o          o         o        .      =
assign              .     so       so       so         so        so       .      =
close               .     .        .        .          oy        .        .      closed
reopen              .     .        .        .          .         .        s      verified,received
"""

PENALTY = """
move    new decided served appealed final upheld reduced revoked remanded rescinded to
decide  s   .       .      .        .     .      .       .       .        .         decided
serve   .   oeuy    .      .        .     .      .       .       .        .         served
appeal  .   .       euor   .        euor  .      .       .       .        .         appealed
retract .   .       .      eu       .     .      .       .       .        .         final
lapse   .   .       yo     .        .     .      .       .       .        .         final
uphold  .   .       .      r        .     .      .       .       .        .         upheld
reduce  .   .       .      r        .     .      .       .       .        .         reduced
revoke  .   .       .      r        .     .      .       .       .        .         revoked
remand  .   .       .      r        .     .      .       .       .        .         remanded
rescind .   s       s      .        s     .      .       .       .        .         rescinded
"""

CYCLE = """
move      new planning collecting evaluating evaluated reporting feedback improving closed cancelled to
open      sy  .        .          .          .         .         .        .         .      .         planning
collect   .   ys       .          .          .         .         .        .         .      .         collecting
evaluate  .   .        ys         .          .         .         .        .         .      .         evaluating
present   .   .        .          ys         .         .         .        .         .      .         evaluated
confirm   .   .        .          .          s         .         .        .         .      .         reporting
recompute .   .        .          .          s         .         .        .         .      .         evaluating
inform    .   .        .          .          .         ys        .        .         .      .         feedback
improve   .   .        .          .          .         .         ys       .         .      .         improving
close     .   .        .          .          .         .         .        ys        .      .         closed
cancel    .   s        s          s          s         .         .        .         .      .         cancelled
"""

MEASURE = """
move                  new proposed agreed in_progress done effective not_effective not_enough_data withdrawn to
propose               suy .        .      .           .    .         .           .             .         proposed
agree                 .   eus      .      .           .    .         .           .             .         agreed
start                 .   .        eus    .           .    .         .           .             .         in_progress
complete              .   .        .      eus         .    .         .           .             .         done
judge_effective       .   .        .      .           y    .         .           .             .         effective
judge_not_effective   .   .        .      .           y    .         .           .             .         not_effective
judge_not_enough_data .   .        .      .           y    .         .           .             .         not_enough_data
reopen                .   .        .      .           .    su        su          su            .         in_progress
withdraw              .   s        s      s           .    .         .           .             .         withdrawn
"""

Cells = dict[tuple[str, str], frozenset[str]]


def cells(text: str) -> Cells:
    """Return who may make each move in each state."""
    header, *rows = [line.split() for line in text.strip().splitlines()]
    return {
        (move, state): frozenset(ROLES[letter] for letter in cell.strip("."))
        for move, *row in rows
        for state, cell in zip(header[1:-1], row[:-1], strict=True)
    }


def targets(text: str) -> dict[str, set[str]]:
    """Return where each move may lead; `=` stays."""
    _, *rows = [line.split() for line in text.strip().splitlines()]
    return {row[0]: set(row[-1].split(",")) for row in rows}
