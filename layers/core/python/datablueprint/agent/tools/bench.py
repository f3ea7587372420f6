"""The bench is where one question is worked on: only what was found on it, and re-added just then, may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from datablueprint import references
from datablueprint.agent.query import Query
from datablueprint.agent.results import Cell, ResultSet
from datablueprint.agent.tools import compare, figure, health, listing, schedules, what_if
from datablueprint.agent.tools.naming import Names
from datablueprint.agent.vocabulary import Vocabulary
from datablueprint.desk import Desk
from datablueprint.errors import QuestionError
from datablueprint.metrics import Figure
from datablueprint.references import Point, Reference

MOST_LETTERS = 300
SPELLED = "24-017, 24-017/03-300, portfolio, pm/<name>, customer/<name>"
KINDS = {
    "figure": figure.figure,
    "list": listing.listing,
    "rank": listing.listing,
    "compare": compare.compare,
    "what_if": what_if.what_if,
    "scorecard": schedules.scorecard,
    "wip": schedules.wip,
    "health": health.health,
}
"""Which function answers which kind of query."""


class Bench:
    """Runs typed queries on one pinned snapshot and keeps the evidence."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.results: dict[str, ResultSet] = {}
        self._tables: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._cells: dict[str, Cell] = {}
        self.cited: dict[str, list[dict[str, Any]]] = {}
        """Per ref the records whose amounts sum to it."""

    def execute(self, query: Query) -> ResultSet:
        """The evidence for a query, kept under its result id; QuestionError when it cannot be told."""
        if any(len(scope) > MOST_LETTERS for scope in (query.scope, *query.scopes)):
            raise QuestionError(f"A scope has at most {MOST_LETTERS} letters: {SPELLED}")
        found = KINDS[query.kind](self, query)
        kept = found.model_copy(update={"result_id": f"r{len(self.results) + 1}"})
        self.results[kept.result_id] = kept
        return kept

    @property
    def evidence(self) -> Mapping[str, Cell]:
        """Every cell found so far, by its ref."""
        return {ref: cell for result in self.results.values() for ref, cell in result.cells.items()}

    def desk_of(self, query: Query) -> Desk:
        """The desk of a query's day, as known when it says."""
        if query.known_at:
            return self.desk.known(query.known_at, query.as_of)
        return self.desk.at(as_of=query.as_of or self.desk.as_of)

    def point(self, desk: Desk) -> Point:
        """The desk's day as references spell it: the snapshot is named where it is not the bench's own."""
        return Point(desk.as_of, None if desk.snapshot == self.desk.snapshot else desk.snapshot)

    def cell(self, desk: Desk, found: Figure) -> Cell:
        """A figure as a cell."""
        ref = Reference(found.metric.name, found.scope, self.point(desk))
        return self._once(ref, lambda: references.plain_of(ref, desk, found))

    def referred(self, ref: Reference) -> Cell:
        """A supposed figure or a change as a cell."""
        return self._once(ref, lambda: references.find(self.desk, ref))

    def _once(self, ref: Reference, find: Callable[[], references.Found]) -> Cell:
        if ref.text not in self._cells:
            told = references.stated(find())
            self._cells[ref.text] = Cell(**{**told, "name": self.names.of(told["scope"], told["name"])})
        return self._cells[ref.text]

    def table(self, desk: Desk, name: str) -> list[dict[str, Any]]:
        """A table of a snapshot, read once; empty where the snapshot has none."""
        key = (desk.snapshot, name)
        if key not in self._tables:
            self._tables[key] = desk.table(name) if name in desk.manifest.tables else []
        return self._tables[key]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Everything that has a name in this snapshot."""
        return Vocabulary.of(self.desk)

    @cached_property
    def names(self) -> Names:
        """What scopes are called in a sentence."""
        return Names(self.desk)
