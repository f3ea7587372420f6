"""A link is a claim with its evidence; only evidence that somebody wrote on purpose may decide alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

CERTAIN = Decimal("1.0000")
BY_NUMBER = Decimal("0.9900")
BY_ITEMS = Decimal("0.9800")
BY_EXACT_NAME = Decimal("0.9700")
BY_BARE_NUMBER = Decimal("0.6000")
SURE = BY_EXACT_NAME
"""Links at or above this are automatic; below, a person is asked."""


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

    @property
    def link_id(self) -> str:
        """Stable for the pair: the same two records keep their decision whatever the evidence."""
        pair = "|".join((self.kind, *sorted((self.left, self.right))))
        return "link_" + hashlib.sha256(pair.encode()).hexdigest()[:12]

    def row(self) -> Row:
        state = self.state or ("automatic" if self.confidence >= SURE else "proposed")
        return {
            "link_id": self.link_id,
            "kind": self.kind,
            "left_record_id": self.left,
            "right_record_id": self.right,
            "state": state,
            "confidence": self.confidence,
            "evidence": list(self.evidence),
            "decided_by": self.rule,
        }


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


def best_by_name(
    left: Iterable[Row], right: Mapping[str, str], *, name: Callable[[Row], str], least: float
) -> Iterator[tuple[Row, str, float]]:
    """For each left row the one right record whose name is most alike, if it stands out.

    `right` maps record id to normalised name. A runner-up within 0.04 makes
    the match ambiguous, so nothing is yielded.
    """
    from datablueprint.graph.names import likeness

    for row in left:
        mine = name(row)
        scores = sorted(((likeness(mine, other), record) for record, other in right.items()), reverse=True)
        if not scores or scores[0][0] < least:
            continue
        if len(scores) > 1 and scores[0][0] - scores[1][0] < 0.04:
            continue
        yield row, scores[0][1], scores[0][0]


def likeness_said(score: float, left: str, right: str) -> str:
    """How alike two names are, in a clause a person can check by looking at them."""
    alike = "the same but for abbreviations and order" if score > 0.995 else f"{score:.0%} alike"
    return f"the names are {alike}: '{left}' and '{right}'"


def proposal(likeness: float) -> Decimal:
    """Confidence of a name-only match: always below SURE."""
    return min(Decimal(str(round(likeness * 0.9, 4))), SURE - Decimal("0.0100"))
