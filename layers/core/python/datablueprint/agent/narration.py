"""The sentence for what was found, made of words, names and references: it can bring no number of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from datablueprint.agent import narrated_rows
from datablueprint.agent.results import Cell, Driver, Line, ResultSet
from datablueprint.agent.telling import AFTER, SYSTEMS, after, lacking, noun, opened, word
from datablueprint.agent.text import Day, Name, Ref, Segment
from datablueprint.agent.tools.drivers import REST
from datablueprint.agent.tools.moving import OTHERWISE
from datablueprint.agent.tools.naming import Names
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.definition import Ratio

MOST_CAUSES = MOST_BESIDE = 3
SUPPOSED = {
    "approve all": "all pending change orders approved",
    "reject all": "all pending change orders rejected",
    "release contingency": "the contingency released",
}
"""Assumptions whose spelling is no phrase."""


def narrate(results: Sequence[ResultSet], names: Names | None = None) -> list[Segment]:
    """One paragraph per result. `names` say groups in full; without them a row's own name does."""
    found: list[Segment] = []
    for result in results:
        found += [*(["\n\n"] if found else []), *KINDS[result.query.kind](result, names)]
    return found


def subject(result: ResultSet, names: Names | None, line: Line | None = None) -> Segment:
    """What a result, or one row of it, is of."""
    scope = line.scope if line else result.query.scope
    if names:
        return Name(names.subject(result.query.metric, scope))
    cell = next(iter(line.cells.values())) if line else None
    name = cell.name if cell else scope
    return Name(name if name == scope or "/" in scope or scope.isalpha() else f"{scope} {name}")


def figure(result: ResultSet, names: Names | None) -> list[Segment]:
    """'The gross margin at completion of X is 5.4% as of DAY (grade A).' and what makes it."""
    line = result.lines[0]
    head = result.cells[result.headline]
    opening = opened(head, subject(result, names, line))
    if head.withheld:
        return [*opening, " withheld: it does not re-add from its records. ", Name(head.withheld)]
    if head.value is None:
        enter = [AFTER_ENTRY] if any(system in missing for system in SYSTEMS for missing in head.missing) else []
        return [*opening, " unavailable: ", *lacking(head.missing), *enter]
    told: list[Segment] = [*opening, " ", Ref(head.ref), " as of ", Day(head.as_of), grade(head), "."]
    own = head.metric in AFTER
    then = after(head.metric, line.cells.values(), of_one_code=_one_code(result))
    most = _made_most_by(result, named=own)
    return [*told, *then, *most] if own else [*told, *most, *then]


def _one_code(result: ResultSet) -> bool:
    """Whether it is of one cost code and type."""
    return result.query.scope[-2:-1] == "." and "/" in result.query.scope


AFTER_ENTRY = " It can be told once that is entered there and read by the next refresh."


def grade(cell: Cell) -> str:
    return f" (grade {cell.grade})"


def _made_most_by(result: ResultSet, *, named: bool) -> list[Segment]:
    """Which parts carry a figure; the whole is named where it is a numerator or other sentences came between."""
    line = result.lines[0]
    members = [d for d in result.drivers if d.ref and d.ref not in result.cells and not d.label.startswith(REST)]
    if len(result.drivers) < 2 or len(members) < 2 or any(d.ref in result.cells for d in result.drivers):
        return []
    if sum((d.value for d in result.drivers), Decimal(0)) not in {c.value for c in line.cells.values()}:
        return []  # terms that are taken off are no parts
    asked = BY_NAME[result.query.metric]
    over = asked.over if isinstance(asked.over, Ratio) else None
    whole: list[Segment] = []
    if over or named:
        whole = [" of the ", word(BY_NAME[over.numerator].label) if over else noun(result.cells[result.headline])]
    return [
        " The largest parts",
        *whole,
        _offset(result.drivers, members[:MOST_CAUSES]),
        "are ",
        *_causes(members),
        ".",
    ]


def _offset(every: Sequence[Driver], shown: Sequence[Driver]) -> str:
    """Between 'the largest parts' and 'are', where parts of the other sign take some of them back."""
    if len({cause.value > 0 for cause in shown}) > 1:
        return ", some of which offset others, "
    return ", which others partly offset, " if len({cause.value > 0 for cause in every}) > 1 else " "


def _causes(found: Sequence[Driver]) -> list[Segment]:
    """'A ($3), B ($2) and C ($1)'."""
    told: list[Segment] = []
    most = found[:MOST_CAUSES]
    for place, cause in enumerate(most):
        told += [Name(cause.label), " (", Ref(cause.ref), ")"]
        told.append(" and " if place == len(most) - 2 else ", ")
    return told[:-1]


def _moved_most_by(found: Sequence[Driver]) -> list[Segment]:
    """The largest causes, each with the way it went: what offsets another is no part of the same whole."""
    most = [cause for cause in found if not cause.label.startswith((REST, OTHERWISE))][:MOST_CAUSES]
    told: list[Segment] = []
    for cause in most:
        told += [Name(f"{cause.label} ({'up' if cause.value > 0 else 'down'})"), ", "]
    are = "cause is" if len(most) == 1 else "causes are"
    return [f"; the largest {are} ", *told[:-1]] if told else []


def compare(result: ResultSet, names: Names | None) -> list[Segment]:
    """'The margin of X moved by -1.2 points since DAY, from A to B; the largest causes are ...', or rows."""
    if not result.query.since:
        return narrated_rows.side_by_side(result)
    line = result.lines[0]
    if len(result.lines) > 1 and len({each.scope for each in result.lines}) > 1:
        return narrated_rows.moved_rows(result)
    start, end, change = (line.cells[key] for key in ("start", "end", "change"))
    opening: list[Segment] = ["The ", noun(end), " of ", subject(result, names, line)]
    if change.value is None:
        why = [Name(change.withheld), "."] if change.withheld else lacking(change.missing)
        return [*opening, " cannot be compared with ", Day(start.as_of), ": ", *why]
    told: list[Segment] = [*opening, *_moved(change), " since ", Day(start.as_of), *_ends(start, end)]
    told += [" as of ", Day(end.as_of), grade(change if change.value else end)]
    if change.value:
        told += _moved_most_by(result.drivers)
    return [*told, ".", *_in_dollars(result, end)]


def _moved(change: Cell) -> list[Segment]:
    return [" moved by ", Ref(change.ref)] if change.value else [" has not moved"]


def _in_dollars(result: ResultSet, end: Cell) -> list[Segment]:
    """A margin's move as a profit's."""
    others = [line.cells for line in result.lines[1:] if line.cells["change"].value is not None]
    if not others or others[0]["end"].metric == end.metric:
        return []
    cells = others[0]
    said = Name(cells["end"].label.capitalize())
    return [" ", said, *_moved(cells["change"]), *_ends(cells["start"], cells["end"]), "."]


def _ends(start: Cell, end: Cell) -> list[Segment]:
    return [", from ", Ref(start.ref), " to ", Ref(end.ref)] if start.value != end.value else [" and is ", Ref(end.ref)]


def what_if(result: ResultSet, names: Names | None) -> list[Segment]:
    """'HYPOTHETICAL: supposing approve all, the margin of X would be B instead of A.'"""
    head = result.lines[0].cells
    scenario = Name(" + ".join(SUPPOSED.get(text, text) for text in result.query.scenario))
    of: Segment = (
        Name(names.said(head["today"].scope)) if names else Name(f"{head['today'].scope} {head['today'].name}")
    )
    opening: list[Segment] = ["HYPOTHETICAL: supposing ", scenario, ", the ", word(head["today"].label), " of ", of]
    if head["supposed"].value is None:
        supposed = head["supposed"]
        return [
            *opening,
            " is unavailable: ",
            *([Name(supposed.withheld), "."] if supposed.withheld else lacking(supposed.missing)),
        ]
    if head["change"].value == 0:
        why: list[Segment] = [": ", Name(result.notes[0])] if result.notes else []
        return [*opening, " would stay at ", Ref(head["today"].ref), ", as of ", Day(head["today"].as_of), *why, "."]
    told: list[Segment] = [*opening, " would be ", Ref(head["supposed"].ref)]
    if head["change"].value is not None:
        told += [" instead of ", Ref(head["today"].ref), ", a change of ", Ref(head["change"].ref)]
    told += [", as of ", Day(head["today"].as_of), grade(head["supposed"]), "."]
    others = [
        line for line in result.lines[1:] if line.cells["change"].value and line.cells["supposed"].value is not None
    ]
    for line in others[:MOST_BESIDE]:
        told += [" ", Name(line.cells["today"].label.capitalize()), " would be ", Ref(line.cells["supposed"].ref)]
        told += [" (", Ref(line.cells["change"].ref), ")."]
    return told


KINDS: dict[str, Callable[[ResultSet, Names | None], list[Segment]]] = {
    "figure": figure,
    "list": narrated_rows.listing,
    "rank": narrated_rows.listing,
    "compare": compare,
    "what_if": what_if,
    "scorecard": narrated_rows.scorecard,
    "wip": narrated_rows.wip,
    "health": narrated_rows.health,
}
