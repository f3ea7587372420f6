"""What people decided must make sense together: no decision may undo another behind its maker's back."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from datablueprint.errors import DecisionConflict
from datablueprint.graph.evidence import link_id

ONE_HOME = {"project": "QuickBooks job", "cost_code": "QuickBooks item"}
"""Kinds whose right record belongs to one left record; the left may have several (one project, two jobs)."""


@dataclass(frozen=True)
class Decision:
    """A person's word on two records: the same thing (accepted) or two things."""

    kind: str
    left: str
    right: str
    accepted: bool
    by: str = ""

    @property
    def link_id(self) -> str:
        return link_id(self.kind, self.left, self.right)

    @property
    def said(self) -> str:
        word = "the same as" if self.accepted else "not the same as"
        return f"{self.left} is {word} {self.right} (decided by {self.by or 'somebody'}, {self.link_id})"


@dataclass(frozen=True)
class Contradiction:
    """Decisions that cannot all hold, and why in a sentence with the way out."""

    sentence: str
    link_ids: frozenset[str]


@dataclass(frozen=True)
class Said:
    """What people said, as the search for links needs it: pairs not to find again, and the jobs they placed."""

    rejected: frozenset[str] = frozenset()
    placed: Mapping[str, str] = field(default_factory=dict)
    """QuickBooks job to Procore project."""

    @classmethod
    def of(cls, decisions: Mapping[str, Mapping[str, Any]]) -> Said:
        """Decisions that hold their records; others speak only of a link that is found again."""
        whole = {link_id_: held for link_id_, held in decisions.items() if held.get("kind")}
        accepted = [held for held in whole.values() if held["decision"] == "accepted" and held["kind"] == "project"]
        return cls(
            frozenset(link_id_ for link_id_, held in whole.items() if held["decision"] == "rejected"),
            {held["right_record_id"]: held["left_record_id"] for held in accepted},
        )

    def among(self, projects: Container[str]) -> Said:
        """Without what was said of projects that are not read any more."""
        return Said(self.rejected, {job: project for job, project in self.placed.items() if project in projects})

    def apart(self, kind: str, left: str, right: str) -> bool:
        """Whether somebody said that the two are different, so that the next candidate is looked for."""
        return bool(self.rejected) and link_id(kind, left, right) in self.rejected


NOTHING_SAID = Said()


def stored(decisions: Mapping[str, Mapping[str, Any]], known: Mapping[str, set[str]]) -> list[Decision]:
    """The decisions that hold their records, for as long as both records are known (by kind)."""
    found = []
    for _, value in sorted(decisions.items()):
        kind, left, right = (str(value.get(part) or "") for part in ("kind", "left_record_id", "right_record_id"))
        if {left, right} <= known.get(kind, set()):
            found.append(Decision(kind, left, right, value["decision"] == "accepted", value.get("by", "")))
    return found


def check(held: Iterable[Decision], new: Decision) -> None:
    """DecisionConflict when `new` cannot stand beside what is held; one on the same pair is replaced, not compared."""
    if new.left == new.right:
        raise DecisionConflict(f"{new.left} is one record; a link needs two")
    others = [decision for decision in held if decision.link_id != new.link_id]
    for found in contradictions([*others, new]):
        if new.link_id in found.link_ids:
            raise DecisionConflict(found.sentence)


def contradictions(decisions: Iterable[Decision]) -> list[Contradiction]:
    """Every set of decisions that cannot hold together.

    Two rules: records that accepted decisions join, directly or through others,
    are not said to be different; a job (an item) is accepted for one project
    (code) only. Taking any decision back never makes a new contradiction.
    """
    held = list(decisions)
    return [*_two_homes(held), *_joined_though_different(held)]


def _two_homes(decisions: list[Decision]) -> Iterator[Contradiction]:
    homes: dict[tuple[str, str], dict[str, Decision]] = defaultdict(dict)
    for decision in decisions:
        if decision.accepted and decision.kind in ONE_HOME:
            homes[decision.kind, decision.right].setdefault(decision.left, decision)
    for (kind, right), claims in homes.items():
        if len(claims) > 1:
            said = "; ".join(claim.said for claim in claims.values())
            rule = f"A {ONE_HOME[kind]} belongs to one {kind.replace('_', ' ')}"
            sentence = f"{rule}, but {right} was given to {len(claims)}: {said}"
            yield _contradiction(sentence, claims.values())


def _joined_though_different(decisions: list[Decision]) -> Iterator[Contradiction]:
    near: dict[tuple[str, str], list[tuple[str, Decision]]] = defaultdict(list)
    for decision in decisions:
        if decision.accepted:
            near[decision.kind, decision.left].append((decision.right, decision))
            near[decision.kind, decision.right].append((decision.left, decision))
    for decision in decisions:
        if not decision.accepted:
            path = _path(near, decision)
            if path:
                chain = "; ".join(step.said for step in path)
                yield _contradiction(f"{decision.said}, but accepted links join the two: {chain}", [decision, *path])


def _path(near: Mapping[tuple[str, str], list[tuple[str, Decision]]], apart: Decision) -> list[Decision]:
    """The shortest chain of accepted decisions between two records, empty when there is none."""
    ways: dict[str, list[Decision]] = {apart.left: []}
    queue = deque([apart.left])
    while queue:
        record = queue.popleft()
        if record == apart.right:
            return ways[record]
        for other, decision in near.get((apart.kind, record), ()):
            if other not in ways:
                ways[other] = [*ways[record], decision]
                queue.append(other)
    return []


def _contradiction(sentence: str, decisions: Iterable[Decision]) -> Contradiction:
    ids = sorted({decision.link_id for decision in decisions})
    return Contradiction(f"{sentence}. Take one back with `datablueprint links undo LINK_ID`", frozenset(ids))
