"""The facts of one snapshot as rows, made only for the projects and pools that are asked for, and made once."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


class Ledger:
    """What the checker reads of the table `facts`; whoever asks for a fact twice gets the same row."""

    def __init__(self, facts: pa.Table) -> None:
        self._sorted = facts.sort_by("project")  # so that a project is a slice; within one the order stays
        self._by_project: dict[str | None, list[Row]] = {}
        self._known: dict[Any, Any] = {}

    def of_project(self, project: str | None) -> list[Row]:
        """Every fact of a project, or of none, in the order of the table."""
        if project not in self._by_project:
            first, count = self._spans.get(project, (0, 0))
            made = self._rows(self._sorted.slice(first, count))
            self._by_project[project] = [self._pooled.get(fact["fact_id"], fact) for fact in made]
        return self._by_project[project]

    def projects(self) -> list[str]:
        return sorted(project for project in self._spans if project)

    def of_pools(self, pools: Iterable[str]) -> list[Row]:
        """Every fact of these pools, in whatever project."""
        return [fact for pool in pools for fact in self._by_pool.get(pool, ())]

    @cached_property
    def _spans(self) -> dict[str | None, tuple[int, int]]:
        """Where each project's facts begin, and how many they are."""
        found: dict[str | None, tuple[int, int]] = {}
        for place, project in enumerate(self._sorted["project"].to_pylist()):
            first, count = found.get(project, (place, 0))
            found[project] = first, count + 1
        return found

    @cached_property
    def _by_pool(self) -> dict[str, list[Row]]:
        """A few pools are asked for by nearly every figure with labor in it, so all are made at once."""
        found: dict[str, list[Row]] = defaultdict(list)
        for fact in self._rows(self._sorted.filter(self._sorted["pool"].is_valid())):
            found[fact["pool"]].append(fact)
        return found

    @cached_property
    def _pooled(self) -> dict[str, Row]:
        return {fact["fact_id"]: fact for pool in self._by_pool.values() for fact in pool}

    def _rows(self, table: pa.Table) -> list[Row]:
        """Column by column, which takes half the time of row by row."""
        names = table.column_names
        with no_collection():
            held = ((name, table[name].combine_chunks()) for name in names)
            columns = [self._evidence(c) if name == "evidence" else self._values(c) for name, c in held]
            return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    def _values(self, column: pa.Array) -> list[Any]:
        """A text or day that recurs is one object in memory."""
        if str(column.type) not in ("string", "date32[day]"):
            return column.to_pylist()  # type: ignore[no-any-return]  # pyarrow ships no types for it
        encoded = column.dictionary_encode()
        known = encoded.dictionary.to_pylist()
        values = list(map(self._known.setdefault, known, known))
        return [None if place is None else values[place] for place in encoded.indices.to_pylist()]

    def _evidence(self, cited: pa.ListArray) -> list[list[Row]]:
        flat = cited.flatten()
        parts = (self._values(flat.field(name)) for name in ("record_id", "pointer", "role"))
        entries = ({"record_id": r, "pointer": p, "role": role} for r, p, role in zip(*parts, strict=True))
        return [list(islice(entries, count or 0)) for count in cited.value_lengths().to_pylist()]


@contextmanager
def no_collection() -> Iterator[None]:
    """While many objects are made that stay, looking through all of them for garbage doubles the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
