"""Which records speak of one thing is the transitive closure of the links that nobody rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

LEADING = ("procore", "quickbooks", "gusto", "payroll_file")
"""The entity takes its id and name from the first of these systems that knows it."""


class Clusters:
    """Records joined one pair at a time, never across a pair that is said to be different."""

    def __init__(self, records: Iterable[str], apart: Iterable[tuple[str, str]] = ()) -> None:
        self._parent = {record: record for record in records}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for left, right in apart:
            if left in self._parent and right in self._parent:
                self._apart[left].add(right)
                self._apart[right].add(left)

    def join(self, left: str, right: str) -> bool:
        """False when it would join two records that are said to be different; an unknown record is left alone."""
        if left not in self._parent or right not in self._parent:
            return True
        first, second = sorted((self.leader(left), self.leader(right)), key=precedence)
        if first == second:
            return True
        if self._forbidden(first, second):
            return False
        self._parent[second] = first
        self._apart[first] |= self._apart.pop(second, set())
        return True

    def leader(self, record: str) -> str:
        """The record that gives the thing its id and name."""
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record

    def leaders(self) -> dict[str, str]:
        return {record: self.leader(record) for record in self._parent}

    def _forbidden(self, first: str, second: str) -> bool:
        fewer, other = (first, second) if len(self._apart[first]) <= len(self._apart[second]) else (second, first)
        return any(self.leader(record) == other for record in self._apart[fewer])


def clusters(records: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each record's entity id: the record id that leads its connected component."""
    found = Clusters(records)
    for left, right in links:
        found.join(left, right)
    return found.leaders()


def precedence(record_id: str) -> tuple[int, str, str]:
    """The order in which records lead: Procore's first, then by stream and native id."""
    system, stream, native = record_id.split(":", 2)
    return (LEADING.index(system) if system in LEADING else len(LEADING), stream, native.zfill(20))
