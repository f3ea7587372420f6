"""One change order on several tiers is one amount: at the highest tier that it has reached (rule D12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datablueprint.ledger.book import Book, Finding, Row, grouped

REACHED = frozenset({"approved", "pending"})
"""A draft is not there yet; what is rejected or void is there no longer."""
DEAD = frozenset({"rejected", "void"})


class Tiers:
    """Change orders with what they are part of, and what is part of them."""

    def __init__(self, changes: Iterable[Row]) -> None:
        self.changes: dict[str, Row] = {change["record_id"]: change for change in changes}
        self._parts = grouped(self.changes.values(), "higher_record_id")

    def above(self, change: Row) -> Iterator[Row]:
        """The higher tiers that can be seen, the nearest first."""
        seen = {change["record_id"]}
        while (higher := self.changes.get(change["higher_record_id"])) and higher["record_id"] not in seen:
            seen.add(higher["record_id"])
            yield higher
            change = higher

    def below(self, change: Row) -> list[Row]:
        """The lower tiers that divide this one, down to the lowest."""
        found, seen = [], {change["record_id"]}
        level = [change]
        while level:
            level = [part for one in level for part in self._parts.get(one["record_id"], ())]
            level = [part for part in level if part["record_id"] not in seen]
            seen |= {part["record_id"] for part in level}
            found += level
        return found

    def reached(self, change: Row) -> Row | None:
        """The highest tier that counts for this change, itself included; None when none of them was reached."""
        found = [tier for tier in (change, *self.above(change)) if tier["status"] in REACHED]
        return found[-1] if found else None

    def contradicts(self, change: Row) -> Row | None:
        """The next higher tier when the two statuses cannot both be true of the same dollars."""
        higher = next(self.above(change), None)
        return higher if higher and _contradict(change["status"], higher["status"]) else None


def _contradict(lower: str, higher: str) -> bool:
    unreached = higher in DEAD and lower in REACHED
    return unreached or (lower in DEAD and higher == "approved") or (lower == "approved" and higher == "draft")


def contradictions(book: Book, tiers: Tiers, changes: Iterable[Row]) -> Iterator[Finding]:
    """The highest tier reached decides, but one of the two is wrong about these dollars."""
    for change in changes:
        if higher := tiers.contradicts(change):
            yield _contradiction(book, change, higher, tiers.reached(change))


def _contradiction(book: Book, change: Row, higher: Row, top: Row | None) -> Finding:
    amount = f"{change['amount']:,.2f}" if change["amount"] is not None else "no amount"
    counts = f"the {top['tier']} counts" if top else "neither counts"
    return Finding(
        kind="change order tiers contradict",
        sentence=(
            f"procore: {higher['tier']} {higher['number']} is {higher['source_status']} while its {change['tier']} "
            f"{change['number']} of {amount} is {change['source_status']}; {counts}"
        ),
        way_out="Correct the status of one of them in Procore",
        records=(higher["record_id"], change["record_id"]),
        project=book.project(change["project_record_id"]),
        amount=change["amount"],
        grade="C",
    )
