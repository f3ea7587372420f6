"""All that an answer may say: the figures, names, days and counts of this turn's results, and nothing older."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from datablueprint.agent.results import Cell, Driver, ResultSet
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.scopes import GROUPINGS

METRICS = frozenset(metric.label.lower() for metric in BY_NAME.values())
GROUPS = ("portfolio", "company", "closed", "not-started", "all")
SPELLED = re.compile(r"(?P<metric>\w+)/(?P<scope>.+)/(?P<since>\d{4}-\d\d-\d\d)?(?P<rest>[^/]*)")
ANY_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Fact:
    """One figure that may be shown, and what it is a figure of."""

    ref: str
    metric: str
    label: str
    scope: str
    name: str
    value: Decimal | None
    unit: str
    days: frozenset[date]
    """One day, or both ends of a change."""
    grade: str
    sources: frozenset[str]
    """The results that hold it."""

    @property
    def change(self) -> bool:
        return ".." in self.ref

    @property
    def supposed(self) -> bool:
        return "~" in self.ref

    @property
    def as_of(self) -> date:
        return max(self.days)

    @property
    def pinned(self) -> bool:
        """As known on an earlier day."""
        return "@" in self.ref


def named_by(ref: str) -> tuple[str, str, frozenset[date]]:
    """Metric, scope and days that a reference spells; empty strings for another text."""
    head = ref.split("~", 1)[0]
    found = SPELLED.fullmatch(head)
    if not found:
        return "", "", frozenset()
    spelled = ANY_DAY.findall(head[found.end("scope") :])
    return found["metric"], found["scope"], frozenset(date.fromisoformat(day) for day in spelled)


@dataclass(frozen=True)
class Evidence:
    """The results of one turn; `known` are names of this company that no result holds, by scope."""

    results: Sequence[ResultSet]
    today: date | None = None
    """The newest day of the snapshot, for 'today' and 'currently'."""
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trusted: Sequence[str] = ()
    """Names our own templates said, which no row has."""

    @cached_property
    def facts(self) -> dict[str, Fact]:
        found: dict[str, Fact] = {}
        for result in self.results:
            for driver in result.drivers:
                if driver.ref:
                    _join(found, _of_driver(driver, result))
            for cell in result.cells.values():
                _join(found, _of_cell(cell, result))
        return found

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Lower-case name -> the scopes it stands for; a driver without a figure stands for none."""
        found: dict[str, set[str]] = defaultdict(set)
        for scope, name in self._named():
            found[name.lower()].update([scope] if scope else [])
        return {name: frozenset(scopes) for name, scopes in found.items() if name}

    def _named(self) -> Iterable[tuple[str, str]]:
        for result in self.results:
            for line in result.lines:
                yield from _spellings(line.scope, line.name)
                for cell in line.cells.values():
                    yield from _spellings(cell.scope, cell.name)
            for driver in result.drivers:
                if driver.label.lower() not in self.labels:
                    yield named_by(driver.ref)[1], driver.label
            for scope in (result.query.scope, *result.query.scopes):
                yield scope, scope
                yield from ((scope, name) for name in self.known.get(scope, ()))
            yield from (("", assumption) for assumption in result.query.scenario)
        yield from (("", name) for name in self.trusted if name.lower() not in self.labels | METRICS)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Labels of the metrics at hand, which may hold numbers of their own ('last 12 months')."""
        columns = (column.label for result in self.results for column in result.columns)
        cells = (cell.label for result in self.results for cell in result.cells.values())
        terms = (
            driver.label for result in self.results for driver in result.drivers if driver.label.lower() in METRICS
        )
        return frozenset(label.lower() for label in (*columns, *cells, *terms))

    @cached_property
    def said_of(self) -> dict[str, str]:
        """Scope -> the name a reader knows it by."""
        found: dict[str, str] = {}
        for result in self.results:
            for line in result.lines:
                found.setdefault(line.scope, line.name)
                for cell in line.cells.values():
                    found.setdefault(cell.scope, cell.name)
            for scope in (result.query.scope, *result.query.scopes):
                if len(self.known.get(scope, ())) > 1:
                    found.setdefault(scope, self.known[scope][1])
        return found

    @cached_property
    def counts(self) -> dict[str, int]:
        return {result.result_id: result.row_count for result in self.results}

    @cached_property
    def days(self) -> frozenset[date]:
        asked = (day for r in self.results for day in (r.query.as_of, r.query.since, r.query.known_at) if day)
        told = (day for fact in self.facts.values() for day in fact.days)
        read = (day for r in self.results for day in _read_on(r))
        return frozenset((*asked, *told, *read, *([self.today] if self.today else [])))

    @cached_property
    def newest(self) -> date | None:
        """The day a figure is of when nothing else is said: the latest of this turn's figures."""
        return max((fact.as_of for fact in self.facts.values()), default=self.today)

    def agrees(self, positive: bool) -> bool:
        """Whether every row that answers is on one side of zero, as said of 'them' without a figure."""
        values = [cell.value for r in self.results for line in r.lines for key, cell in line.cells.items()
                  if cell.value is not None and (not r.query.metric or cell.metric == r.query.metric)]  # fmt: skip
        return all(value >= 0 if positive else value < 0 for value in values)

    @cached_property
    def tokens(self) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
        """Word of a name -> (scope, the words of the name), of results and of everything known."""
        found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        mine = ((scope, name) for name, scopes in self.names.items() for scope in scopes)
        theirs = ((scope, name) for scope, names in self.known.items() for name in names)
        for scope, name in {*mine, *theirs}:
            words = tuple(re.findall(r"[^\W_]+", name.lower()))
            for word in set(words):
                found[word].append((scope, words))
        return found


def _spellings(scope: str, name: str) -> Iterable[tuple[str, str]]:
    first, _, rest = scope.partition("/")
    short = ((scope, rest),) if first in GROUPINGS else ()
    return (scope, scope), (scope, name), (scope, f"{first} {name}"), *short


def _of_cell(cell: Cell, result: ResultSet) -> Fact:
    days = named_by(cell.ref)[2] or frozenset([cell.as_of])
    return Fact(cell.ref, cell.metric, cell.label, cell.scope, cell.name, cell.value, cell.unit, days, cell.grade,
                frozenset([result.result_id]))  # fmt: skip


def _of_driver(driver: Driver, result: ResultSet) -> Fact:
    metric, scope, days = named_by(driver.ref)
    return Fact(driver.ref, metric, driver.label, scope, driver.label, driver.value, driver.unit, days, "",
                frozenset([result.result_id]))  # fmt: skip


def _read_on(result: ResultSet) -> Iterable[date]:
    """Days on which systems were read, of a result about the state of the data."""
    for state in result.details.get("freshness", {}).values():
        if isinstance(state, dict) and state.get("read_at"):
            yield date.fromisoformat(str(state["read_at"])[:10])


def _join(found: dict[str, Fact], fact: Fact) -> None:
    """Keep the fullest telling of a figure, and every result that holds it."""
    held = found.get(fact.ref)
    if held is None:
        found[fact.ref] = fact
        return
    told = fact if fact.grade else held
    found[fact.ref] = Fact(**{**told.__dict__, "sources": held.sources | fact.sources})
