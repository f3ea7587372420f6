"""What a rule built on while it ran, and what the grades of that cost the figure it told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from datablueprint.metrics.figures import Figure
from datablueprint.metrics.grades import worst
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.terms import Term

Lowered = tuple[str, str]
"""Grade and the reason for it."""


class Reading:
    """Figures that a rule asked for, and those of them that its term or its decision rests on."""

    def __init__(self) -> None:
        self.asked: dict[str, Figure] = {}
        self.used: dict[str, Figure] = {}

    def lowered(self, scope: Scope) -> Iterator[Lowered]:
        """What a figure of this scope inherits: the reasons of its own project's parts, else who has which grade."""
        others: dict[str, list[Figure]] = {}
        for found in self.used.values():
            if found.of.project and found.of.project != scope.project:
                others.setdefault(found.of.project.entity, []).append(found)
            elif scope.project and not found.of.project:
                yield from _of_the_company(found)
            else:
                yield from found.lowered
        for held in others.values():
            yield from _of_a_member(held)

    def left_out(self, members: Iterable[Project]) -> Iterator[str]:
        """Members of which a term was asked and not found, and on which nothing rests."""
        used = {found.project for found in self.used.values()}
        for project in members:
            absent = (f.missing[0] for f in self.asked.values() if f.project == project.entity and f.missing)
            if project.entity not in used and (term := next(absent, None)):
                yield f"{project.key} {project.name} is left out: {term} is missing"


def _of_the_company(found: Figure) -> Iterator[Lowered]:
    """What lowers all of the company is weighed for each project by itself, so only the figure's own faults count."""
    letter = worst(letter for letter, _ in found.lowered)
    if letter != "A":
        yield letter, f"{found.metric.label} of {found.label} has grade {letter}"


def _of_a_member(held: list[Figure]) -> Iterator[Lowered]:
    project, letter = held[0].of.project, worst(found.grade for found in held)
    if project and letter != "A":
        yield letter, f"{project.key} {project.name} has grade {letter}"


def cited(term: Term) -> set[str]:
    """Ids of the figures in a term; each part is looked at once, however often it is used."""
    found, seen, left = set(), set(), [term]
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if one.op == "figure" and one.detail:
            found.add(str(one.detail["figure"]))
        left.extend(one.args)
    return found
