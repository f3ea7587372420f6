"""Names are compared only with names that share their rarest letters: a thousand jobs against a thousand in seconds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from datablueprint.graph.names import likeness
from datablueprint.graph.votes import Vote

RAREST = 14
"""Letter groups of a name that are looked up; a slip of the finger spoils three or four of them."""
COMPARED = 12
"""Names that are compared letter by letter, those sharing most first."""
STANDS_OUT = 0.36
"""Bits by which a candidate must lead the next: a likeness ahead by 0.04."""


class Blocks:
    """Normalised names by record id, indexed by the three-letter groups of their words."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self._holders: dict[str, list[str]] = defaultdict(list)
        for record, name in self.names.items():
            for group in _groups(name):
                self._holders[group].append(record)

    def near(self, name: str) -> list[str]:
        """The records whose names share most of the rare letter groups of `name`."""
        known = [group for group in _groups(name) if group in self._holders]
        rare = sorted(known, key=lambda group: (len(self._holders[group]), group))[:RAREST]
        shared: Counter[str] = Counter()
        for group in rare:
            weight = max(1, round(16 * math.log2(1 + len(self.names) / len(self._holders[group]))))
            for record in self._holders[group]:
                shared[record] += weight
        return [record for record, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:COMPARED]]

    def alike(self, name: str, *, least: float) -> Iterator[tuple[str, float]]:
        """Records whose name is at least so much alike, with the likeness."""
        for record in self.near(name):
            score = likeness(name, self.names[record])
            if score >= least:
                yield record, score


def name_vote(score: float, left: str, right: str) -> Vote:
    """A like name: 1.4 bits (0.73) at 80% alike to 3.2 bits (0.90) where only abbreviations differ."""
    return Vote("similar name", 1.4 + 9 * (score - 0.8), likeness_said(score, left, right), "name")


def likeness_said(score: float, left: str, right: str) -> str:
    """How alike two names are, in a clause a person can check by looking at them."""
    alike = "the same but for abbreviations and order" if score > 0.995 else f"{score:.0%} alike"
    return f"the names are {alike}: '{left}' and '{right}'"


def best(candidates: Mapping[str, float]) -> str | None:
    """The candidate with the most bits, if it stands out from the next."""
    ranked = sorted(((amount, record) for record, amount in candidates.items()), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < STANDS_OUT - 1e-9):
        return None
    return ranked[0][1]


def _groups(name: str) -> list[str]:
    """Three-letter groups of each word, its ends marked: 'ridge' -> '_ri', 'rid', 'idg', 'dge', 'ge_'."""
    found = {f"_{word}_"[i : i + 3] for word in name.split() for i in range(max(1, len(word)))}
    return sorted(found)
