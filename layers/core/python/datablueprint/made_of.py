"""A proof tree in words: the figures and sums it is made of, each with its unit, without the arithmetic between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from datablueprint import formats
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.figures import snapshot_of
from datablueprint.metrics.registry import parse_figure_id

Node = Mapping[str, Any]
KEEPS_UNIT = frozenset({"add", "subtract", "largest", "least"})
"""Operations whose result is measured in the unit of what they work on."""
COLUMNS = {"amount": "money", "hours": "hours", "quantity": "quantity"}
WITHOUT_SUM = frozenset({"ratio", "points"})
"""Units of which a sum says nothing: its members do."""


@dataclass(frozen=True)
class Part:
    """A term of a figure. `figure` is its id when it is one; `unit` is empty where nothing tells it."""

    label: str
    value: Decimal
    unit: str
    figure: str = ""
    sign: int = 0
    """1 where the figure is a sum and this is added, -1 where it is taken off, 0 in any other arithmetic."""

    @property
    def shown(self) -> str:
        """The value in its unit; a number without one stands as it is."""
        if self.unit and self.unit != "quantity":
            return formats.shown(self.value, self.unit)
        return f"{self.value.normalize():,f}"


def made_of(tree: Node) -> list[Part]:
    """The terms below the root: figures, sums of facts, shares, and arithmetic that has a name; no constants.

    The same term is told once; different sums under one label are told as their sum.
    """
    if tree["op"] in ("facts", "figure", "allocated"):
        return [_part(tree, 1)]
    parts: dict[str, tuple[Part, set[str]]] = {}
    for node, sign in (each for arg, added in _args(tree, 1) for each in _named(arg, added)):
        part = _part(node, sign)
        key, spelled = part.figure or part.label, json.dumps(node, sort_keys=True, default=str)
        held, seen = parts.get(key, (part, {spelled}))
        if spelled not in seen and not part.figure and held.unit == part.unit:
            held = replace(held, value=held.value + part.value, sign=held.sign if held.sign == part.sign else 0)
        elif key in parts:
            held = replace(held, sign=0)  # it occurs twice, so that it is no plain part of a sum
        parts[key] = (held, seen | {spelled})
    return [part for part, _ in parts.values()]


def unit_of(node: Node) -> str:
    """In what a node is measured: money, hours, a metric's unit; empty where it cannot be told."""
    if node["op"] == "figure":
        name = parse_figure_id(snapshot_of(node["figure"])[0])[0]
        return formats.unit_of(BY_NAME[name])
    if node["op"] == "facts":
        return COLUMNS.get(node["select"]["column"], "")
    if node["op"] in ("allocated", "cents"):
        return "money"
    units = {unit for arg in node.get("args", ()) if (unit := unit_of(arg))}
    if node["op"] in KEEPS_UNIT and len(units) == 1:
        return units.pop()
    if node["op"] == "multiply" and units - {"ratio"} == {"money"}:  # hours times a rate are no hours
        return "money"
    return ""


def _args(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    """What a node works on, and with which sign it comes into the sum above; 0 where there is no sum."""
    for place, arg in enumerate(node.get("args", ())):
        added = -sign if node["op"] == "subtract" and place else sign
        yield arg, added if node["op"] in ("add", "subtract", "cents") else 0


def _named(node: Node, sign: int) -> Iterator[tuple[Node, int]]:
    if node["op"] == "constant":
        return
    alone = node["op"] in ("figure", "facts", "allocated")
    if alone or (node.get("label") and unit_of(node) not in WITHOUT_SUM):
        yield node, sign
        return
    for arg, below in _args(node, sign):
        yield from _named(arg, below)


def _part(node: Node, sign: int) -> Part:
    label = str(node.get("label") or node["op"])
    return Part(label, Decimal(node["value"]), unit_of(node), node.get("figure", ""), sign)
