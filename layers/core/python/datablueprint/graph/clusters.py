"""Which records speak of one thing is the transitive closure of the links that nobody rejected."""

from __future__ import annotations

from collections.abc import Iterable

LEADING = ("procore", "quickbooks", "gusto", "payroll_file")
"""The entity takes its id and name from the first of these systems that knows it."""


def clusters(records: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each record's entity id: the record id that leads its connected component."""
    parent = {record: record for record in records}

    def root(record: str) -> str:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for left, right in links:
        if left in parent and right in parent:
            first, second = sorted((root(left), root(right)), key=_precedence)
            parent[second] = first
    return {record: root(record) for record in parent}


def _precedence(record_id: str) -> tuple[int, str, str]:
    system, stream, native = record_id.split(":", 2)
    return (LEADING.index(system) if system in LEADING else len(LEADING), stream, native.zfill(20))
