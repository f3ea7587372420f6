"""The second pair of eyes: it re-adds a figure from raw records and shares no line of code with metrics or agent.

It reads three things: the figure's proof tree, the ledger's facts, and the raw
payloads. For every leaf of the tree it selects the facts by itself, has each
re-added (`readd`), and adds; then it works the tree's arithmetic through.
Whatever does not come out equal is a discrepancy.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from datablueprint.errors import DataBlueprintError
from datablueprint.prooftree import ARITHMETIC, FILTERS, allocations, flaws, named, parts, selections
from datablueprint.readd import Facts, Payloads, Readings, Row, cites
from datablueprint.repeats import repeats, told


@dataclass
class Verdict:
    """What re-adding gave. `holds` is true only if every leaf and every operation came out as stated."""

    value: Decimal | None = None
    discrepancies: list[str] = field(default_factory=list)
    facts: int = 0
    records: int = 0
    constants: tuple[str, ...] = ()
    """Label and value of every constant met: what was assumed, not read."""

    @property
    def holds(self) -> bool:
        return not self.discrepancies

    def add(self, other: Verdict) -> None:
        """Take over what re-adding a part found."""
        self.facts += other.facts
        self.discrepancies += [d for d in other.discrepancies if d not in self.discrepancies]
        self._assume(*other.constants)

    def assume(self, node: Row) -> None:
        """Note a constant."""
        self._assume(f"{node.get('label') or 'no label'}: {node['value']}")

    def _assume(self, *constants: str) -> None:
        if not set(self.constants).issuperset(constants):
            self.constants = tuple(dict.fromkeys(self.constants + constants))


class Checker:
    """Verifies figures of one snapshot; what was re-added once is remembered, so a portfolio is not read twice."""

    def __init__(
        self,
        facts: Facts,
        payloads: Payloads,
        trees: Callable[[str], str | None],
        *,
        elsewhere: Callable[[str], Verdict | None] = lambda _: None,
    ) -> None:
        """`trees` gives the proof tree (JSON) of a figure id, None when there is no such figure.

        `elsewhere` verifies the figures of other snapshots; None for those of this one.
        """
        self._facts, self._trees, self._elsewhere = facts, trees, elsewhere
        self._readings = Readings(facts, payloads)
        self._dated: dict[str | None, dict[str, _Dated]] = {}
        self._chosen: dict[str, list[Row]] = {}
        self._sums: dict[str, Verdict] = {}
        self._fetched: set[str] = set()
        self._figures: dict[str, Verdict] = {}
        self._open: set[str] = set()
        self._shares: dict[str, tuple[dict[str, Decimal], Verdict]] = {}

    def verify(self, figure_id: str) -> Verdict:
        """Re-add one figure and every figure it is built on."""
        if figure_id in self._open:
            return Verdict(discrepancies=[f"the figure {figure_id} is built on itself"])
        if figure_id not in self._figures:
            self._open.add(figure_id)
            try:
                self._figures[figure_id] = self._verified(figure_id)
            except DataBlueprintError as error:
                self._figures[figure_id] = Verdict(discrepancies=[f"{figure_id} cannot be opened: {error}"])
            finally:
                self._open.remove(figure_id)
        return self._figures[figure_id]

    def _verified(self, figure_id: str) -> Verdict:
        if verdict := self._elsewhere(figure_id):
            return verdict
        tree = self._trees(figure_id)
        return Verdict(discrepancies=[f"there is no figure {figure_id}"]) if tree is None else self.check(tree)

    def check(self, tree: str) -> Verdict:
        """Re-add a proof tree (JSON) that is no stored figure, e.g. of a hypothesis."""
        try:
            parsed = json.loads(tree, parse_float=Decimal)
            return Verdict(discrepancies=wrong) if (wrong := list(flaws(parsed))) else self._checked(parsed)
        except ValueError as error:
            return Verdict(discrepancies=[f"the proof is no JSON: {error}"])
        except RecursionError:
            return Verdict(discrepancies=["the proof is nested too deep to be read"])

    def _checked(self, tree: Row) -> Verdict:
        verdict, before = Verdict(), self._readings.records
        self._fetch(tree)
        verdict.value = self._evaluate(tree, verdict)
        verdict.records = self._readings.records - before
        return verdict

    def _evaluate(self, node: Row, verdict: Verdict) -> Decimal:
        stated = Decimal(node["value"])
        found = self._operate(node, stated, verdict)
        if found != stated:
            verdict.discrepancies.append(f"{named(node)}: stated {stated}, re-added {found}")
        return found

    def _operate(self, node: Row, stated: Decimal, verdict: Verdict) -> Decimal:
        op = node["op"]
        if op == "constant":
            verdict.assume(node)
            return stated
        if op == "figure":
            other = self.verify(node["figure"])
            verdict.add(other)
            return stated if other.value is None else other.value
        if op == "facts":
            return self._sum(node["select"], verdict)
        if op == "allocated":
            return self._allocated(node, verdict)
        if "covers" in node:
            self._demand_cover(node, verdict)
        values = [self._evaluate(arg, verdict) for arg in node.get("args", ())]
        try:
            return ARITHMETIC[op](values)
        except ArithmeticError:
            of = ", ".join(map(str, values))
            verdict.discrepancies.append(f"{named(node)}: {op} of {of} has no result")
            return stated

    def _demand_cover(self, node: Row, verdict: Verdict) -> None:
        """Every fact that a sum over parts says it covers must be selected by some part.

        Cost always; a plan (budget, commitment, forecast) may instead be of a
        leaf whose whole cost is selected, for that is what can take its place.
        """
        covers = node["covers"]
        selects = {_key(select): select for select in parts(node)}.values()
        held = {fact["fact_id"] for select in selects for fact in self.selected(select)}
        spent = {_leaf(select) for select in selects if _is_whole_cost(select, covers.get("until"))}
        covered = self.selected(covers)
        for fact in covered:
            planned = fact["measure"] != "cost" and _leaf(fact) in spent
            if fact["fact_id"] not in held and not planned:
                verdict.discrepancies.append(f"{told(fact)} is in no part of {named(node)}")
        verdict.discrepancies += [said for said in repeats(covered, "amount") if said not in verdict.discrepancies]

    def _sum(self, select: Row, verdict: Verdict) -> Decimal:
        """The re-added sum of a selection, worked out once."""
        key = _key(select)
        if key not in self._sums:
            self._sums[key] = self._readded(self.selected(select), select["column"])
        verdict.add(self._sums[key])
        return self._sums[key].value or Decimal(0)

    def _readded(self, facts: list[Row], column: str) -> Verdict:
        verdict, total = Verdict(discrepancies=list(repeats(facts, column))), Decimal(0)
        for fact in facts:
            verdict.facts += 1
            found = self._readings.value(fact, column)
            if fact[column] is not None and found != fact[column]:
                records = ", ".join(sorted({e["record_id"] for e in cites(fact)})[:3])
                said = "records do not say" if found.is_nan() else f"records say {found}"
                verdict.discrepancies.append(f"{told(fact)}: {column} stated {fact[column]}, {said} ({records})")
            total += Decimal(0) if found.is_nan() else found
        verdict.value = total
        return verdict

    def _allocated(self, node: Row, verdict: Verdict) -> Decimal:
        """One project's share of a pool of facts in the ratio of a base of facts, cents by largest remainder."""
        key = _key([node["pool"], node["base"], node.get("times")])
        if key not in self._shares:
            self._shares[key] = self._spread(node)
        shares, found = self._shares[key]
        verdict.add(found)
        return shares.get(node["for"], Decimal(0))

    def _spread(self, node: Row) -> tuple[dict[str, Decimal], Verdict]:
        """Every project's share, with what re-adding pool and base found: each share stands on all of it."""
        found = Verdict()
        pool = sum((part["sign"] * self._sum(part["select"], found) for part in node["pool"]), Decimal(0))
        base = {p: self._base(p, node, found) for p in self._projects}
        return _largest_remainder(pool, {p: weight for p, weight in base.items() if weight > 0}), found

    def _base(self, project: str, node: Row, verdict: Verdict) -> Fraction:
        """A project's weight: its facts, times the quotient of two figures of it where the node says so."""
        weight = Fraction(self._sum({**node["base"], "project": project}, verdict))
        if "times" not in node or not weight:
            return weight
        if project not in node["times"]:
            return Fraction(0)
        above, below = (self.verify(figure) for figure in node["times"][project])
        for one in (above, below):
            verdict.add(one)
        if above.value is None or not below.value:
            verdict.discrepancies.append(f"{named(node)}: the base of {project} cannot be scaled")
            return Fraction(0)
        return weight * Fraction(above.value) / Fraction(below.value)

    @cached_property
    def _projects(self) -> list[str]:
        return sorted(self._facts.projects())

    def selected(self, select: Row) -> list[Row]:
        """The counted facts a selection names, found without any code of the rooms that made it."""
        key = _key(select)
        if key not in self._chosen:
            self._chosen[key] = self._select(select)
        return self._chosen[key]

    def _select(self, select: Row) -> list[Row]:
        project = select.get("project")
        if project == "*":
            return [f for p in self._projects for f in self.selected({**select, "project": p})]
        if project not in self._dated:
            self._dated[project] = _by_measure(self._facts.of_project(project))
        held = self._dated[project]
        near = (f for measure in select["measures"] if measure in held for f in held[measure].within(select))
        return [fact for fact in near if _belongs(fact, select)]

    def _fetch(self, tree: Row) -> None:
        """Read the raw records of every leaf of a tree in one go."""
        new = {_key(select): select for select in (*selections(tree), *allocations(tree))}
        wanted = [select for key, select in new.items() if key not in self._fetched]
        self._fetched |= new.keys()
        self._readings.fetch(fact for select in wanted for fact in self.selected(select))


class _Dated:
    """Facts of one project and measure in the order of their days; those without a day belong to every span."""

    def __init__(self, facts: list[Row]) -> None:
        self._undated = [f for f in facts if f["accounting_on"] is None]
        self._facts = sorted((f for f in facts if f["accounting_on"] is not None), key=lambda f: f["accounting_on"])
        self._days: list[date] = [f["accounting_on"] for f in self._facts]

    def within(self, select: Row) -> list[Row]:
        """After one day (exclusive) and until another (inclusive)."""
        first, last, undated = 0, len(self._days), self._undated
        if "after" in select:
            first, undated = bisect_right(self._days, date.fromisoformat(select["after"])), []
        if "until" in select:
            last = bisect_right(self._days, date.fromisoformat(select["until"]))
        return [*undated, *self._facts[first:last]]


def _by_measure(facts: Iterable[Row]) -> dict[str, _Dated]:
    found: dict[str, list[Row]] = defaultdict(list)
    for fact in facts:
        if fact["state"] == "counted":
            found[fact["measure"]].append(fact)
    return {measure: _Dated(held) for measure, held in found.items()}


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _belongs(fact: Row, select: Row) -> bool:
    for name in FILTERS & select.keys():
        if not _is(fact[name] or ("O" if name == "cost_type" else None), select[name]):
            return False
    contract = select.get("contract")
    if contract == "any":
        return fact["contract_record_id"] is not None
    return contract is None or bool(fact["contract_record_id"] == contract)


def _is(held: Any, wanted: Any) -> bool:
    return held in wanted if isinstance(wanted, list) else bool(held == wanted)


def _leaf(place: Row) -> tuple[Any, ...]:
    """Project, code and type of a fact or of a selection."""
    return place.get("project"), place.get("cost_code"), place.get("cost_type") or "O"


def _is_whole_cost(select: Row, until: str | None) -> bool:
    """A selection of all cost of one leaf up to a day."""
    one_leaf = all(isinstance(select.get(name), str) for name in ("project", "cost_code", "cost_type"))
    narrowed = select.keys() - {"measures", "column", "project", "cost_code", "cost_type", "until"}
    if narrowed or not one_leaf or "cost" not in select["measures"]:
        return False
    last = select.get("until")
    return last is None or (until is not None and date.fromisoformat(last) >= date.fromisoformat(until))


def _largest_remainder(pool: Decimal, weights: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """`pool` in whole cents over the weights; odd cents go to the largest remainders, ties in the order of names."""
    whole, cents = sum(weights.values()), int(pool * 100)
    if not whole:
        return {}
    exact = {name: abs(cents) * weight / whole for name, weight in weights.items()}
    parts = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (parts[name] - exact[name], name))
    for name in by_remainder[: abs(cents) - sum(parts.values())]:
        parts[name] += 1
    sign = -1 if cents < 0 else 1
    return {name: Decimal(sign * part).scaleb(-2) for name, part in parts.items()}
