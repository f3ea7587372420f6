"""The second pair of eyes: it re-adds a figure from raw records and shares no line of code with metrics or agent.

It reads three things: the figure's proof tree, the ledger's facts, and the raw
payloads. For every leaf of the tree it selects the facts by itself, has each
re-added (`readd`), and adds; then it works the tree's arithmetic through.
Whatever does not come out equal is a discrepancy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from threading import RLock

from datablueprint.errors import DataBlueprintError
from datablueprint.facts import no_collection
from datablueprint.proof.index import FactIndex, frozen, leaf_of
from datablueprint.proof.readd import Facts, Payloads, Readings, Row, cites
from datablueprint.proof.repeats import repeats, told
from datablueprint.proof.tree import ARITHMETIC, SHARED, allocations, flaws, named, parts, selections


@dataclass
class Verdict:
    """What re-adding gave. `holds` is true only if every leaf and every operation came out as stated."""

    value: Decimal | None = None
    discrepancies: list[str] = field(default_factory=list)
    facts: int = 0
    read: Callable[[], set[str]] | None = None
    """The raw records of a sum."""
    parts: list[Verdict] = field(default_factory=list)
    assumed: dict[str, None] = field(default_factory=dict)
    """Label and value of every constant met, in the order they were met."""

    @property
    def holds(self) -> bool:
        return not self.discrepancies

    def add(self, other: Verdict) -> None:
        """Take over what re-adding a part found."""
        self.parts.append(other)
        self.facts += other.facts
        if other.discrepancies:
            self.discrepancies += [d for d in other.discrepancies if d not in self.discrepancies]
        self.assumed |= other.assumed

    def assume(self, node: Row) -> None:
        """Note a constant."""
        self.assumed[f"{node.get('label') or 'no label'}: {node['value']}"] = None

    @property
    def constants(self) -> tuple[str, ...]:
        """What was assumed, not read."""
        return tuple(self.assumed)

    @property
    def records(self) -> int:
        """How many raw records were read for it and for what it is built on, each counted once."""
        found, left, seen = set[str](), [self], set[int]()
        while left:
            verdict = left.pop()
            if id(verdict) not in seen:
                seen.add(id(verdict))
                left += verdict.parts
                found |= verdict.read() if verdict.read else set()
        return len(found)


Times = Mapping[str, Sequence[str]]
"""Per project the ids of two figures; its base counts times their quotient."""


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
        self._trees, self._elsewhere = trees, elsewhere
        self._index = FactIndex(facts)
        self._readings = Readings(facts, payloads)
        self._sums: dict[Hashable, Verdict] = {}
        self._fetched: set[Hashable] = set()
        self._figures: dict[str, Verdict] = {}
        self._open: set[str] = set()
        self._lock = RLock()
        self._borne: dict[Hashable, list[str]] = {}
        self._shares: dict[Hashable, tuple[dict[str, Decimal], Verdict]] = {}

    def verify(self, figure_id: str) -> Verdict:
        """Re-add one figure and every figure it is built on; one thread at a time."""
        with self._lock, no_collection():
            return self._verify(figure_id)

    def _verify(self, figure_id: str) -> Verdict:
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
        return Verdict(discrepancies=[f"there is no figure {figure_id}"]) if tree is None else self._check(tree)

    def check(self, tree: str) -> Verdict:
        """Re-add a proof tree (JSON) that is no stored figure, e.g. of a hypothesis."""
        with self._lock, no_collection():
            return self._check(tree)

    def _check(self, tree: str) -> Verdict:
        try:
            parsed = json.loads(tree, parse_float=Decimal)
            return Verdict(discrepancies=wrong) if (wrong := list(flaws(parsed))) else self._checked(parsed)
        except ValueError as error:
            return Verdict(discrepancies=[f"the proof is no JSON: {error}"])
        except RecursionError:
            return Verdict(discrepancies=["the proof is nested too deep to be read"])

    def _checked(self, tree: Row) -> Verdict:
        verdict = Verdict()
        self._fetch(tree)
        verdict.value = self._evaluate(tree, verdict)
        return verdict

    def _evaluate(self, node: Row, verdict: Verdict, scales: Times | None = None) -> Decimal:
        """`scales` are those of the nearest node above that holds any."""
        stated = Decimal(node["value"])
        found = self._operate(node, stated, verdict, node.get(SHARED, scales))
        if found != stated:
            verdict.discrepancies.append(f"{named(node)}: stated {stated}, re-added {found}")
        return found

    def _operate(self, node: Row, stated: Decimal, verdict: Verdict, scales: Times | None) -> Decimal:
        op = node["op"]
        if op == "constant":
            verdict.assume(node)
            return stated
        if op == "figure":
            other = self._verify(node["figure"])
            verdict.add(other)
            return stated if other.value is None else other.value
        if op == "facts":
            return self._sum(node["select"], verdict)
        if op == "allocated":
            return self._allocated(node, verdict, scales)
        if "covers" in node:
            self._demand_cover(node, verdict)
        values = [self._evaluate(arg, verdict, scales) for arg in node.get("args", ())]
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
        selects = {frozen(select): select for select in parts(node)}.values()
        held = {fact["fact_id"] for select in selects for fact in self.selected(select)}
        spent = {leaf_of(select) for select in selects if _is_whole_cost(select, covers.get("until"))}
        covered = self.selected(covers)
        for fact in covered:
            planned = fact["measure"] != "cost" and leaf_of(fact) in spent
            if fact["fact_id"] not in held and not planned:
                verdict.discrepancies.append(f"{told(fact)} is in no part of {named(node)}")
        verdict.discrepancies += [said for said in repeats(covered, "amount") if said not in verdict.discrepancies]

    def _sum(self, select: Row, verdict: Verdict) -> Decimal:
        found = self._summed(select)
        verdict.add(found)
        return found.value or Decimal(0)

    def _summed(self, select: Row) -> Verdict:
        """The re-added sum of a selection, worked out once."""
        key = frozen(select)
        if key not in self._sums:
            self._sums[key] = self._readded(self.selected(select), select["column"])
        return self._sums[key]

    def _readded(self, facts: list[Row], column: str) -> Verdict:
        verdict = Verdict(discrepancies=list(repeats(facts, column)), read=partial(self._readings.records, facts))
        total = Decimal(0)
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

    def _allocated(self, node: Row, verdict: Verdict, scales: Times | None) -> Decimal:
        """One project's share of a pool of facts in the ratio of a base of facts, cents by largest remainder."""
        times: Times | None = scales if node.get("times") == SHARED else node.get("times")
        key = frozen([node["pool"], node["base"], times and [(p, times[p]) for p in self._bearing(node) if p in times]])
        if key not in self._shares:
            self._shares[key] = self._spread(node, times)
        shares, found = self._shares[key]
        verdict.add(found)
        return shares.get(node["for"], Decimal(0))

    def _bearing(self, node: Row) -> list[str]:
        """Projects with anything of the base; of what scales it, only their part can make a difference."""
        key = frozen(node["base"])
        if key not in self._borne:
            every = self._index.projects
            self._borne[key] = [p for p in every if self._summed({**node["base"], "project": p}).value]
        return self._borne[key]

    def _spread(self, node: Row, times: Times | None) -> tuple[dict[str, Decimal], Verdict]:
        """Every project's share, with what re-adding pool and base found: each share stands on all of it."""
        found = Verdict()
        pool = sum((part["sign"] * self._sum(part["select"], found) for part in node["pool"]), Decimal(0))
        base = {p: self._base(p, node, times, found) for p in self._index.projects}
        return _largest_remainder(pool, {p: weight for p, weight in base.items() if weight > 0}), found

    def _base(self, project: str, node: Row, times: Times | None, verdict: Verdict) -> Fraction:
        """A project's weight: its facts, times the quotient of two figures of it where the node says so."""
        weight = Fraction(self._sum({**node["base"], "project": project}, verdict))
        if times is None or not weight:
            return weight
        if project not in times:
            return Fraction(0)
        above, below = (self._verify(figure) for figure in times[project])
        for one in (above, below):
            verdict.add(one)
        if above.value is None or not below.value:
            verdict.discrepancies.append(f"{named(node)}: the base of {project} cannot be scaled")
            return Fraction(0)
        return weight * Fraction(above.value) / Fraction(below.value)

    def selected(self, select: Row) -> list[Row]:
        """The counted facts a selection names, found without any code of the rooms that made it."""
        with self._lock:
            return self._index.selected(select)

    def _fetch(self, tree: Row) -> None:
        """Read the raw records of every leaf of a tree in one go."""
        new = {frozen(select): select for select in (*selections(tree), *allocations(tree))}
        wanted = [select for key, select in new.items() if key not in self._fetched]
        self._fetched.update(new)
        self._readings.fetch(fact for select in wanted for fact in self.selected(select))


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
