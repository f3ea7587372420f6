"""What a reference names, computed on its own day and snapshot and re-added before it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from datablueprint.desk import Desk
from datablueprint.errors import QuestionError, UnknownFigure
from datablueprint.formats import moved, shown, unit_of
from datablueprint.metrics import Figure, Measures, Scope, scopes
from datablueprint.metrics.definition import Missing
from datablueprint.metrics.figures import pinned
from datablueprint.metrics.grades import worst
from datablueprint.metrics.scenarios import Scenario
from datablueprint.metrics.terms import Term, figure
from datablueprint.metrics.whatif import SHOWN, Hypothesis, suppose
from datablueprint.proof.checker import Verdict
from datablueprint.references.spelling import Reference, parse

Row = dict[str, Any]
MARK = "HYPOTHETICAL"


@dataclass(frozen=True)
class Found:
    """A reference computed on its desk. `term` is None when something is missing."""

    reference: Reference
    desk: Desk
    """Of the (later) point."""
    figure: Figure
    """The plain figure of the (later) point."""
    term: Term | None
    missing: tuple[str, ...]
    grade: str
    notes: tuple[str, ...]

    @property
    def unit(self) -> str:
        unit = unit_of(self.figure.metric)
        return "points" if self.reference.since and unit == "ratio" else unit

    @property
    def value(self) -> Decimal | None:
        return self.term.value if self.term else None

    @property
    def shown(self) -> str:
        """A change is printed with its sign."""
        return (moved if self.reference.since else shown)(self.value, self.unit)

    @property
    def label(self) -> str:
        """The metric's, marked when it is hypothetical or a change."""
        change = "change of " if self.reference.since else ""
        mark = f" ({MARK}: {' + '.join(self.reference.supposed)})" if self.reference.supposed else ""
        return f"{change}{self.figure.metric.label}{mark}"

    def verdict(self) -> Verdict:
        """What the checker says of it, re-added from the raw records."""
        if self.reference.kind == "plain":
            return self.desk.verify(self.figure)
        assert self.term is not None  # nothing is verified of a figure that is unavailable
        return self.desk.checker.check(json.dumps(self.term.tree()))


def find(desk: Desk, ref: str | Reference) -> Found:
    """Compute what a reference names; UnknownFigure when there is no such figure or it cannot be supposed."""
    named = parse(ref) if isinstance(ref, str) else ref
    there = desk.at(named.at.snapshot, named.at.day)
    scope = there.measures.scope(named.scope)
    today = there.measures.figure(named.metric, scope)
    if named.since:
        return _change(named, desk, there, today)
    if named.supposed:
        return _supposed(named, there, today)
    return plain_of(named, there, today)


def plain_of(named: Reference, desk: Desk, found: Figure) -> Found:
    """A figure that is computed already, on its own desk."""
    return Found(named, desk, found, found.term, found.missing, found.grade, found.assumptions)


@dataclass(frozen=True)
class Supposing:
    """A scenario on a scope, worked out once per day and snapshot."""

    scope: str
    supposed: tuple[str, ...]

    def __call__(self, measures: Measures) -> Hypothesis:
        return suppose(measures, measures.scope(self.scope), Scenario.of(self.supposed))


def hypothesis(desk: Desk, scope: str, supposed: tuple[str, ...]) -> Hypothesis:
    """What a scenario makes of a scope; QuestionError when nothing can be supposed of it."""
    try:
        return desk.measures.once(Supposing(scope, supposed))
    except Missing as absent:
        raise QuestionError(f"Nothing can be supposed of {scope}: {'; '.join(absent.terms)} is missing") from None


def _supposed(named: Reference, desk: Desk, plain: Figure) -> Found:
    if named.metric not in SHOWN:
        raise UnknownFigure(f"{named.metric} cannot be supposed; these can: {', '.join(SHOWN)}")
    told = hypothesis(desk, named.scope, named.supposed)
    outcome = told.outcomes[named.metric]
    effects = dict.fromkeys(note for effect in told.effects for note in effect.notes)
    notes = (f"supposed: {' + '.join(named.supposed)}", *effects, *told.left_out, *plain.assumptions)
    missing = outcome.missing or (() if outcome.after else ("a term of it",))
    return Found(named, desk, plain, outcome.after, missing, plain.grade if outcome.after else "U", notes)


def _change(named: Reference, desk: Desk, there: Desk, plain: Figure) -> Found:
    assert named.since is not None  # called for changes only
    before = desk.at(named.since.snapshot, named.since.day)
    first = before.measures.figure(named.metric, as_it_was(before.measures, plain.of))
    later = find(desk, replace(named, since=None))
    missing = [f"{term} on {before.as_of}" for term in first.missing] + list(later.missing)
    if first.term is None or later.term is None:
        return Found(named, there, plain, None, tuple(missing), "U", later.notes)
    start = _pinned(first, before, first.term)
    mark = f"{plain.metric.label}, {MARK.lower()}"
    end = later.term.named(mark) if named.supposed else _pinned(plain, there, later.term)
    notes = (f"the earlier figure is that of {before.as_of} as known on {before.measures.known_on}", *later.notes)
    if named.supposed:
        notes = later.notes
    return Found(named, there, plain, end - start, (), worst((first.grade, later.grade)), notes)


def _pinned(found: Figure, desk: Desk, term: Term) -> Term:
    return figure(pinned(found.figure_id, desk.snapshot), term.value, f"{found.metric.label} on {found.as_of}")


def as_it_was(earlier: Measures, scope: Scope) -> Scope:
    """The same scope at the earlier point: a project keeps its records, not its number."""
    if scope.project is None:
        return earlier.scope(scope.key)
    held = earlier.projects.get(scope.project.entity)
    if held is None:
        raise UnknownFigure(
            f"{scope.project.key} {scope.project.name} was not there on {earlier.as_of} as known on {earlier.known_on}"
        )
    return (
        earlier.scope(held.key + scope.key.removeprefix(scope.project.key))
        if scope.kind != "project"
        else (scopes.of_project(held))
    )


def cell(desk: Desk, ref: str | Reference) -> Row:
    """The value of a reference with the fields of a result's cell, re-added just now; withheld when it does not tie."""
    return stated(find(desk, ref))


def stated(found: Found) -> Row:
    """As `cell`, of something computed already."""
    wrong = found.verdict().discrepancies if found.term is not None else []
    return {
        "ref": found.reference.text,
        "metric": found.figure.metric.name,
        "label": found.label,
        "scope": found.figure.scope,
        "name": found.figure.label,
        "value": None if wrong else found.value,
        "unit": found.unit,
        "shown": "withheld" if wrong else found.shown,
        "as_of": found.reference.at.day,
        "grade": "U" if wrong else found.grade,
        "assumptions": tuple(found.notes),
        "missing": tuple(found.missing),
        "withheld": wrong[0] if wrong else "",
    }
