"""A link is a claim with its evidence; the same two records keep one link whatever the evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from datablueprint.graph.votes import SURE, Vote, confidence, decided_by, in_order

Row = dict[str, Any]

CERTAIN = Decimal("1.0000")


@dataclass(frozen=True)
class Link:
    """Two records that speak of the same thing, or may do."""

    kind: str
    left: str
    right: str
    confidence: Decimal
    evidence: tuple[str, ...]
    rule: str
    state: str = ""
    dollars: Decimal | None = None

    @property
    def link_id(self) -> str:
        """Stable for the pair: the same two records keep their decision whatever the evidence."""
        return link_id(self.kind, self.left, self.right)

    @property
    def standing(self) -> str:
        """What it counts as: what a person said, else automatic when sure enough, else proposed."""
        return self.state or ("automatic" if self.confidence >= SURE else "proposed")

    def row(self) -> Row:
        return {
            "link_id": self.link_id,
            "kind": self.kind,
            "left_record_id": self.left,
            "right_record_id": self.right,
            "state": self.standing,
            "dollars": self.dollars,
            "confidence": self.confidence,
            "evidence": list(self.evidence),
            "decided_by": self.rule,
        }


def link_id(kind: str, left: str, right: str) -> str:
    """The id of a pair, whichever record is named first."""
    pair = "|".join((kind, *sorted((left, right))))
    return "link_" + hashlib.sha256(pair.encode()).hexdigest()[:12]


def voted(kind: str, left: str, right: str, votes: Iterable[Vote]) -> Link:
    """The link that votes on a pair make, evidence strongest first."""
    held = in_order(votes)
    sentences = tuple(dict.fromkeys(vote.sentence for vote in held))
    return Link(kind, left, right, confidence(held), sentences, decided_by(held))


def native(record_id: str) -> str:
    """The vendor's own id inside a record id."""
    return record_id.split(":", 2)[2]


def unique_index(rows: Iterable[Row], key: Callable[[Row], str | None]) -> dict[str, Row]:
    """Rows by key, leaving out every key that two rows share: an ambiguous key is no evidence."""
    found: dict[str, Row | None] = {}
    for row in rows:
        value = key(row)
        if value:
            found[value] = None if value in found else row
    return {value: row for value, row in found.items() if row is not None}


def pairs_by_key(
    left: Iterable[Row],
    right: Iterable[Row],
    *,
    left_key: Callable[[Row], str | None],
    right_key: Callable[[Row], str | None],
) -> Iterator[tuple[Row, Row]]:
    """Pairs whose keys are equal and unique on both sides."""
    by_key = unique_index(right, right_key)
    for key, row in unique_index(left, left_key).items():
        if key in by_key:
            yield row, by_key[key]
