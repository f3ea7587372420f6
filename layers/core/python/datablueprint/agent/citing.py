"""Records are cited under figures that are sums of them, so that whoever adds the amounts up gets the figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from datablueprint import references
from datablueprint.agent.results import Cell, ResultSet
from datablueprint.agent.tools.bench import Bench
from datablueprint.agent.tools.companions import told_of
from datablueprint.made_of import made_of
from datablueprint.metrics import BY_NAME

Row = dict[str, Any]
MOST_ROWS, MOST_FIGURES, DEEPEST = 400, 8, 4
"""Rows in an answer, figures they are of, and how far below the headline such figures are looked for."""

NO_SUM = frozenset({"subtract", "multiply", "divide", "allocated", "root", "count"})
"""Operations whose result is no sum of the records below."""
RESTS_ON = ("revised_contract_value", "actual_cost")


def citations(bench: Bench, results: Sequence[ResultSet]) -> tuple[list[Row], list[Cell]]:
    """Rows {figure, record_id, amount, ...} and the cited figures; per figure the amounts sum to its value.

    Where a figure has more records than there is room for, its last row holds the rest and says how many they are.
    """
    found: list[Row] = []
    cited: list[Cell] = []
    for cell in _sums(bench, results):
        room = (MOST_ROWS - len(found)) // max(1, MOST_FIGURES - len(cited))
        rows = _rows(bench, cell)
        if rows and room > 1:
            found += _fitted(rows, cell, room)
            cited.append(cell)
        if len(cited) == MOST_FIGURES:
            break
    return found, cited


def _sums(bench: Bench, results: Sequence[ResultSet]) -> Iterator[Cell]:
    """Figures in money, nearest to the headline first: beside it, then below it."""
    seen: set[str] = set()
    for result in results:
        lead = list(result.lines[0].cells.values()) if result.lines else []
        beside = [cell for cell in lead if cell.unit == "money" and cell.value]
        found = [cell for cell in beside if _rows(bench, cell)]
        if not {cell.metric for cell in found} - {"actual_cost"}:
            found += [cell for cell in _of_the_same(bench, lead) if _rows(bench, cell)]
        for cell in found or _below(bench, [c.ref for c in lead[:1]]):
            if cell.ref not in seen:
                seen.add(cell.ref)
                yield cell


def _of_the_same(bench: Bench, lead: Sequence[Cell]) -> Iterator[Cell]:
    """The price and the cost that every figure of a project or group rests on, of the same scope and day."""
    for named in [references.parse(cell.ref) for cell in lead[:1]]:
        if "manager" in BY_NAME[named.metric].kinds:  # of closed jobs, where the group itself is of active ones
            return
        desk = references.find(bench.desk, named).desk
        scope = desk.measures.scope(named.scope)
        for name in RESTS_ON:
            if told_of(name, scope):
                yield bench.cell(desk, desk.measures.figure(name, scope))


def _below(bench: Bench, refs: Sequence[str]) -> Iterator[Cell]:
    """Figures in money that the given ones are built on, level by level."""
    known, level = set(refs), list(refs)
    for _ in range(DEEPEST):
        below: list[str] = []
        for ref in level:
            term = references.find(bench.desk, ref).term
            below += [part.figure for part in made_of(term.tree()) if part.figure] if term else []
        level = [ref for ref in dict.fromkeys(below) if ref not in known]
        known |= set(level)
        cells = [bench.referred(references.parse(ref)) for ref in level[:MOST_FIGURES]]
        found = [cell for cell in cells if cell.unit == "money" and cell.value and _rows(bench, cell)]
        if found:
            yield from found
            return


def _rows(bench: Bench, cell: Cell) -> list[Row]:
    """The records of a figure when their amounts sum to it, else none."""
    held = bench.cited.get(cell.ref)
    if held is None:
        found = references.citations(bench.desk, cell.ref) if _may_sum(bench, cell) else []
        rows = [{**row, "on": row["on"].isoformat() if row["on"] else None} for row in found]
        whole = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
        held = bench.cited[cell.ref] = rows if whole == cell.value else []
    return held


def _may_sum(bench: Bench, cell: Cell) -> bool:
    """Whether records could sum to a figure: of what is a difference, product or share they never do."""
    if cell.value is None:
        return False
    named = references.parse(cell.ref)
    found = references.find(bench.desk, named)
    if named.kind != "plain" or found.term is None:
        return True
    return _adds_up(bench, found.term.tree())


def _adds_up(bench: Bench, tree: Row) -> bool:
    if tree["op"] in NO_SUM:
        return False
    if tree["op"] == "figure":
        named = references.parse(tree["figure"])
        below = references.find(bench.desk, named).term
        return below is not None and _adds_up(bench, below.tree())
    return all(_adds_up(bench, arg) for arg in tree.get("args", ()))


def _fitted(rows: Sequence[Row], cell: Cell, room: int) -> list[Row]:
    if len(rows) <= room:
        return [{"figure": cell.ref, **row} for row in rows]
    kept, others = rows[: room - 1], rows[room - 1 :]
    rest = sum((Decimal(row["amount"]) for row in others), Decimal(0))
    whole = {"record_id": "", "amount": str(rest), "system": "", "on": None, "party": None, "url": None}
    return [
        *({"figure": cell.ref, **row} for row in kept),
        {"figure": cell.ref, **whole, "rule": f"{len(others)} more records", "records": len(others)},
    ]


def ties(bench: Bench, head: Cell) -> list[str]:
    """The tie-outs that the headline leans on."""
    found = references.find(bench.desk, head.ref)
    return found.desk.ties(found.figure)
