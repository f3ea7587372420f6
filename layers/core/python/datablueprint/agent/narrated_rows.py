"""Many rows in words: what was ranked over how many, then a line for each row shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from datablueprint.agent.results import Cell, Line, ResultSet
from datablueprint.agent.telling import called, lacking, word
from datablueprint.agent.text import Count, Day, Name, Ref, Segment
from datablueprint.agent.tools.naming import Names, grouped, of_closed_jobs
from datablueprint.formats import shown, unit_of
from datablueprint.metrics import BY_NAME, GROUPS
from datablueprint.metrics.scopes import COMPANY, GROUPINGS

SAID_BY = {
    "project": "projects",
    "leaf": "cost codes by type",
    "code": "cost codes",
    "pm": "project managers",
    "customer": "customers",
    "contract-type": "contract types",
    "closed-in": "years of closing",
    "change": "change orders",
}
BEYOND = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
ROWS_SAID = 10
"""Rows in the text; the table has them all."""


def listing(result: ResultSet, names: Names | None) -> list[Segment]:
    """A ranking or list: 'The active projects with the lowest margin, 3 of 13, as of DAY:' and the rows."""
    query = result.query
    label, unit = called(query.metric, BY_NAME[query.metric].label), unit_of(BY_NAME[query.metric])
    members = int(result.details.get("members", result.row_count))
    day = next((cell.as_of for cell in result.cells.values()), query.as_of)
    told: list[Segment] = [*_subject(result, names)]
    if not members:
        nothing: list[Segment] = ["There are none: ", *told, *_on(day), "."]
        return nothing
    if query.threshold:
        limit = Name(shown(query.threshold.value, unit))
        told += [" whose ", word(label), f" is {BEYOND[query.threshold.op]} ", limit, ": ", Count(result.row_count)]
        told += [" of ", Count(members)]
    else:
        order = f"the {query.order or 'highest'} " if query.kind == "rank" else "their "
        told += [" with ", order, word(label), ", ", Count(len(result.lines)), " of "]
        told += [Count(members)]
    told += _on(day)
    told.append(":" if result.lines else ".")
    for line in result.lines[:ROWS_SAID]:
        told += ["\n  ", *row(line, query.metric, result)]
    if len(result.lines) > ROWS_SAID:
        more = len(result.lines) - ROWS_SAID
        told += ["\n  and ", Count(more), f" more row{'s' if more > 1 else ''} in the table"]
    return told + _left_out(result)


def _on(day: date | None) -> list[Segment]:
    return [", as of ", Day(day)] if day else []


def _subject(result: ResultSet, names: Names | None) -> list[Segment]:
    query = result.query
    what, scope = SAID_BY[query.by or "project"], query.scope
    if query.by == "project" and scope in GROUPS:
        return [Name(GROUPS[scope].capitalize())]
    if scope == "all" and query.by == "project":
        return ["All projects"]
    if of_closed_jobs(query):
        return [what.capitalize()]
    return [what.capitalize(), " of ", Name(names.said(scope) if names else scope)]


def row(line: Line, metric: str, result: ResultSet) -> list[Segment]:
    """'26-003 Louisville Self Storage: 2.1% (grade C)'."""
    cell = line.cells[metric]
    note = f", {line.note}" if line.note else ""
    if cell.value is None:
        return [named(line, result), " is withheld" if cell.withheld else " is unavailable"]
    return [named(line, result), ": ", Ref(cell.ref), f" (grade {cell.grade}{note})"]


def named(line: Line, result: ResultSet) -> Segment:
    """A row by what tells it apart from the others: a project by number and name, a code of one project by the code."""
    first, _, rest = line.scope.partition("/")
    if first in GROUPINGS:
        return Name(grouped(line.scope))
    if first in (*GROUPS, COMPANY) or (rest and first == result.query.scope):
        return Name(line.name)
    return Name(f"{first} {line.name}")


def _left_out(result: ResultSet) -> list[Segment]:
    lacking = int(result.details.get("without_value", 0))
    return ["\nLeft out because a required term is missing: ", Count(lacking), "."] if lacking else []


def side_by_side(result: ResultSet) -> list[Segment]:
    """Scopes beside one another; who has the highest follows from the figures."""
    metric = result.query.metric
    cells = [line.cells[metric] for line in result.lines]
    told: list[Segment] = ["The ", word(called(metric, BY_NAME[metric].label)), " as of ", Day(cells[0].as_of), ":"]
    for line in result.lines:
        told += ["\n  ", *row(line, metric, result)]
    known = [(cell.value, line) for cell, line in zip(cells, result.lines, strict=True) if cell.value is not None]
    highest = max((value for value, _ in known), default=None)
    top = [line for value, line in known if value == highest]
    if len(known) == len(cells) and len(top) == 1:
        told += ["\nThe higher figure is that of " if len(cells) == 2 else "\nThe highest figure is that of "]
        told += [named(top[0], result), "."]
    return told


def moved_rows(result: ResultSet) -> list[Segment]:
    """Several scopes since the same day."""
    first = result.lines[0].cells
    told: list[Segment] = [
        "The ",
        word(called(first["end"].metric, first["end"].label)),
        " since ",
        Day(first["start"].as_of),
        ", as of ",
    ]
    told += [Day(first["end"].as_of), ":"]
    for line in result.lines:
        told += ["\n  ", named(line, result), *_from_to(line)]
    return told


def _from_to(line: Line) -> list[Segment]:
    start, end, change = (line.cells[key] for key in ("start", "end", "change"))
    if change.value is None:
        return [" cannot be compared: ", *([Name(change.withheld)] if change.withheld else lacking(change.missing))]
    return [": ", Ref(change.ref), ", from ", Ref(start.ref), " to ", Ref(end.ref)]


def scorecard(result: ResultSet, names: Names | None) -> list[Segment]:
    """The verdict that the data allow, then each manager with the interval of the score."""
    told: list[Segment] = [Name(str(result.details["verdict"]))]
    for line in result.lines:
        score, low, high = (line.cells[key] for key in ("score", "low", "high"))
        if score.value is None:
            why = lacking(score.missing) if score.missing else [Name(score.withheld)]
            told += ["\n  ", Name(line.name), " has no score: ", *why]
            continue
        told += ["\n  ", Name(line.name), ": ", Ref(score.ref)]
        if low.value is not None and high.value is not None:
            told += [", between ", Ref(low.ref), " and ", Ref(high.ref)]
        if line.cells["jobs"].value is not None:
            told += [", closed jobs: ", Ref(line.cells["jobs"].ref)]
        told += [f" ({line.note})"] if line.note else []
    return told


def wip(result: ResultSet, names: Names | None) -> list[Segment]:
    """How many contracts, and what the totals of the active ones say."""
    totals = next((line for line in result.lines if line.note == "total"), None)
    day = next((cell.as_of for cell in result.cells.values()), None)
    told: list[Segment] = ["The work-in-progress schedule"]
    told += [" as of ", Day(day)] if day else []
    told += [" has ", Count(result.row_count), " contract." if result.row_count == 1 else " contracts."]
    wanted = ("earned_revenue", "billed_to_date", "overbilled", "underbilled", "backlog")
    cells = [totals.cells[key] for key in wanted if totals and _has(totals.cells, key)] if totals else []
    if totals and cells:
        told += [" Together the ", Name(totals.name), " have: "]
        for cell in cells:
            told += [word(cell.label), " ", Ref(cell.ref), ", "]
        told = [*told[:-1], "."]
    return told


def _has(cells: dict[str, Cell], key: str) -> bool:
    return key in cells and cells[key].value is not None


def health(result: ResultSet, names: Names | None) -> list[Segment]:
    """When each system was read, whether sums agree, and what waits for a person."""
    fresh = result.details["freshness"]
    told: list[Segment] = ["Last read: "]
    for system, state in fresh.items():
        read = str(state.get("read_at") or "")[:10]
        told += [Name(system), " on " if read else " never", *([Day(date.fromisoformat(read))] if read else [])]
        told += [" (stale)" if state.get("stale") else "", ", "]
    told = [*told[:-1], "."] if fresh else ["No system was read yet."]
    ties = result.details["tieouts"]
    told += [" Tie-outs that hold: ", Count(ties["holding"]), " of ", Count(ties["checked"]), "."]
    told += [" Findings to look at: ", Count(result.details["finding_count"]), "."]
    links = result.details["links"]
    if links:
        told += [" Records that the integration has not carried over: "]
        told += [Count(sum(int(state["records"]) for state in links.values())), "."]
    return told


__all__: Sequence[str] = ("health", "listing", "moved_rows", "scorecard", "side_by_side", "wip")
