"""The shape of a proof tree: its operations, how many arguments each takes, and what a selection may say.

Part of the checker. A tree is JSON that something else wrote; nothing of it is
taken for granted before `flaws` found none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from datablueprint.proof.readd import CENT, Row

ARITHMETIC: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "add": lambda values: sum(values, Decimal(0)),
    "subtract": lambda values: values[0] - values[1],
    "multiply": lambda values: values[0] * values[1],
    "divide": lambda values: values[0] / values[1],
    "largest": max,
    "least": min,
    "root": lambda values: values[0].sqrt(),
    "count": lambda values: Decimal(len(values)),
    "cents": lambda values: values[0].quantize(CENT, ROUND_HALF_UP),
}
FEWEST = {"subtract": 2, "multiply": 2, "divide": 2, "largest": 1, "least": 1, "root": 1, "cents": 1}
"""Arguments that an operation needs at least; the others do with none."""
ANY_NUMBER = frozenset({"add", "largest", "least", "count"})
LEAVES = frozenset({"constant", "figure", "facts", "allocated"})
COLUMNS = frozenset({"amount", "hours", "quantity"})
FILTERS = frozenset({"cost_code", "cost_type", "basis", "component", "subject", "rule"})
LARGEST_EXPONENT = 100
"""No figure is larger or finer; exact fractions of such numbers would take all memory there is."""
SHARED = "scales"
"""What scales the bases of several allocations stands once, at a node above them, and their `times` say so."""
SELECTORS = FILTERS | {"measures", "project", "contract", "after", "until", "column"}


def flaws(node: Any, *, shared: bool = False) -> Iterator[str]:
    """What keeps a tree from being worked out, a sentence each; `shared` when a node above it holds scales."""
    if not isinstance(node, dict):
        yield f"the proof has {_said(node)} where an operation should be"
        return
    op, args = node.get("op"), node.get("args", [])
    if not isinstance(op, str) or (op not in LEAVES and op not in ARITHMETIC):
        yield f"unknown operation {_said(op)}"
    elif not isinstance(args, list):
        yield f"{named(node)}: its arguments are {_said(args)}, no list"
    else:
        if number(node.get("value")) is None:
            yield f"{named(node)}: its value {_said(node.get('value'))} is no number"
        if len(args) < FEWEST.get(op, 0) or (op not in ANY_NUMBER and len(args) > FEWEST.get(op, 0)):
            yield f"{named(node)}: {op} of {len(args)} arguments"
        yield from _own_flaws(node, op)
        yield from _scale_flaws(node, shared=shared)
        for arg in args:
            yield from flaws(arg, shared=shared or SHARED in node)


def _own_flaws(node: Row, op: str) -> Iterator[str]:
    if op == "facts":
        yield from _select_flaws(node.get("select"), named(node))
    elif op == "figure" and not isinstance(node.get("figure"), str):
        yield f"{named(node)}: it names no figure"
    elif op == "allocated":
        yield from _allocation_flaws(node)
    if "covers" in node:
        if op != "add":
            yield f"{named(node)}: only a sum covers facts, not {op}"
        yield from _select_flaws(node["covers"], named(node), column=False)


def _select_flaws(select: Any, name: str, *, column: bool = True) -> Iterator[str]:
    if not isinstance(select, dict):
        yield f"{name}: {_said(select)} selects no facts"
        return
    for unknown in sorted(select.keys() - SELECTORS):
        yield f"{name}: facts cannot be selected by {_said(unknown)}"
    measures = select.get("measures")
    if not measures or not isinstance(measures, list) or not all(isinstance(m, str) for m in measures):
        yield f"{name}: it selects no measure"
    elif len(set(measures)) < len(measures):
        yield f"{name}: it selects a measure twice ({', '.join(measures)})"
    if (column or "column" in select) and not _one_of(select.get("column"), COLUMNS):
        yield f"{name}: {_said(select.get('column'))} is no column of facts"
    for word in ("project", "contract", *sorted(FILTERS)):
        if not _is_filter(select.get(word), several=word in FILTERS):
            yield f"{name}: {_said(select[word])} is no {word}"
    for word in ("after", "until"):
        if word in select and not _is_day(select[word]):
            yield f"{name}: {_said(select[word])} is no day"


def _allocation_flaws(node: Row) -> Iterator[str]:
    name, pool = named(node), node.get("pool")
    if not isinstance(node.get("for"), str):
        yield f"{name}: it names no job"
    if not pool or not isinstance(pool, list) or not all(isinstance(part, dict) for part in pool):
        yield f"{name}: it has no pool"
    else:
        for part in pool:
            yield from _select_flaws(part.get("select"), name)
            if part.get("sign") not in (1, -1):
                yield f"{name}: {_said(part.get('sign'))} is no sign of a part of the pool"
    yield from _select_flaws(node.get("base"), name)


def _scale_flaws(node: Row, *, shared: bool) -> Iterator[str]:
    if node.get("times") == SHARED and not shared:
        yield f"{named(node)}: no node above it holds what scales its base"
    for word in ("times", SHARED):
        held = node.get(word, {})
        if (word, held) != ("times", SHARED) and not (isinstance(held, dict) and all(map(_is_pair, held.values()))):
            yield f"{named(node)}: what scales its base is not two figures for each job"


def number(value: Any) -> Decimal | None:
    """A finite number as a tree holds it, else None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    try:
        found = Decimal(value)
    except ArithmeticError:
        return None
    return found if found.is_finite() and abs(found.adjusted()) <= LARGEST_EXPONENT else None


def named(node: Row) -> str:
    """What a discrepancy calls a node."""
    return str(node.get("label") or node["op"])


def selections(node: Row) -> Iterator[Row]:
    """Every selection of facts in a tree."""
    if node["op"] == "facts":
        yield node["select"]
    for arg in node.get("args", ()):
        yield from selections(arg)


def parts(node: Row) -> Iterator[Row]:
    """The selections of amounts in a tree but those that it multiplies by a constant nothing."""
    if node["op"] == "facts" and node["select"]["column"] == "amount":
        yield node["select"]
    args = node.get("args", ())
    if node["op"] != "multiply" or not any(arg["op"] == "constant" and not number(arg["value"]) for arg in args):
        for arg in args:
            yield from parts(arg)


def allocations(node: Row) -> Iterator[Row]:
    """What the allocations in a tree select, every project's base included."""
    if node["op"] == "allocated":
        yield from (part["select"] for part in node["pool"])
        yield {**node["base"], "project": "*"}
    for arg in node.get("args", ()):
        yield from allocations(arg)


def _is_filter(value: Any, *, several: bool) -> bool:
    return value is None or isinstance(value, str) or (several and _texts(value))


def _is_pair(value: Any) -> bool:
    return _texts(value) and len(value) == 2


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _one_of(value: Any, names: Iterable[str]) -> bool:
    return isinstance(value, str) and value in names


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _said(value: Any) -> str:
    """A value of any kind, short enough for a sentence."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
