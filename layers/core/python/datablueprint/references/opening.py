"""A reference opened into its terms and records, and verified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from datablueprint.desk import Desk
from datablueprint.made_of import made_of
from datablueprint.metrics import Figure
from datablueprint.metrics.figures import figure_id
from datablueprint.proof.checker import Verdict
from datablueprint.references.finding import MARK, Found, as_it_was, cell, find
from datablueprint.references.spelling import Reference
from datablueprint.statements import profit_bridge

Row = dict[str, Any]
BRIDGED = ("gross_profit_at_completion", "gross_margin_at_completion")
"""Metrics whose change has parts that sum to it, of one project."""


def opened(desk: Desk, ref: str) -> Row:
    """Any figure with its formula, terms, records and tree, and its `kind`, as `figure REF` prints it.

    A change has both ends beside it ("from", "to"), and for the profit or margin of a project what moved it ("parts").
    """
    found = find(desk, ref)
    plain = found.reference.kind == "plain"
    tree = found.term.tree() if found.term else None
    held = replace(found.figure, term=found.term)
    common = {
        **found.desk.open(figure_id(found.figure.metric.name, found.figure.scope, found.figure.as_of)),
        "kind": found.reference.kind,
        "id": found.reference.text,
        "label": found.label,
        "value": None if found.value is None else str(found.value),
        "shown": found.shown,
        "unit": found.unit,
        "grade": found.grade,
        "assumptions": list(found.notes),
        "missing": list(found.missing),
        "terms": terms(tree) if tree else [],
        "tree": tree,
    }
    if plain:
        return common
    if found.reference.kind == "supposed":
        return {**common, "method": f"{MARK}: {' + '.join(found.reference.supposed)}", "citations": _cited(found, held)}
    return {**common, "method": "the later less the earlier", "citations": citations(desk, ref), **_ends(desk, found)}


def terms(tree: Mapping[str, Any]) -> list[Row]:
    """The terms of a figure in words."""
    return [
        {"label": part.label, "value": str(part.value), "shown": part.shown, "unit": part.unit,
         "figure": part.figure or None}
        for part in made_of(tree)
    ]  # fmt: skip


def _cited(found: Found, held: Figure) -> list[Row]:
    return found.desk.citations(held)


def _ends(desk: Desk, found: Found) -> Row:
    named = found.reference
    assert named.since is not None  # called for changes only
    first = replace(named, at=named.since, since=None, supposed=())
    ends = {"from": described_end(desk, first), "to": described_end(desk, replace(named, since=None))}
    if named.metric not in BRIDGED or found.figure.of.kind != "project" or named.supposed or found.term is None:
        return ends
    earlier = desk.at(named.since.snapshot, named.since.day)
    return {**ends, "parts": profit_bridge(earlier, found.desk, found.figure.scope)["parts"]}


def described_end(desk: Desk, ref: Reference) -> Row:
    """One end of a change, as JSON."""
    told = cell(desk, ref)
    return {**told, "id": told["ref"], "value": None if told["value"] is None else str(told["value"]),
            "as_of": told["as_of"].isoformat()}  # fmt: skip


def citations(desk: Desk, ref: str) -> list[Row]:
    """Per record the amount it brings: for a change, by how much what it brings has changed."""
    found = find(desk, ref)
    if found.term is None:
        return []
    if found.reference.since is None or found.reference.supposed:
        return _cited(found, replace(found.figure, term=found.term))
    before = desk.at(found.reference.since.snapshot, found.reference.since.day)
    first = before.measures.figure(found.figure.metric.name, as_it_was(before.measures, found.figure.of))
    held: dict[str, Row] = {}
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for sign, cited in ((1, found.desk.citations(found.figure)), (-1, before.citations(first))):
        for row in cited:
            held.setdefault(row["record_id"], row)
            amounts[row["record_id"]] += sign * Decimal(row["amount"])
    moved_most = sorted(amounts.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [{**held[record], "amount": str(amount)} for record, amount in moved_most if amount]


def verification(desk: Desk, ref: str) -> Row:
    """What re-adding it from the raw records gives; a change re-adds both of its ends."""
    found = find(desk, ref)
    verdict = found.verdict() if found.term is not None else Verdict()
    return {
        "figure": found.reference.text,
        "stated": None if found.value is None else str(found.value),
        "readded": None if verdict.value is None else str(verdict.value),
        "ties": verdict.holds and found.value is not None,
        "facts": verdict.facts,
        "records": verdict.records,
        "discrepancies": verdict.discrepancies,
        "constants": list(verdict.constants),
    }
