"""The second pair of eyes: it re-adds a figure from raw records and shares no line of code with metrics or agent.

It reads three things: the figure's proof tree, the ledger's facts, and the raw
payloads. For every leaf of the tree it selects the facts by itself, re-reads
each amount at its JSON pointer in the raw record, and adds; then it works the
tree's arithmetic through. Whatever does not come out equal is a discrepancy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Protocol

Row = Mapping[str, Any]
Payloads = Callable[[Iterable[str]], Mapping[str, str]]
"""Newest payload per record id as of the snapshot; deleted and unknown records are absent."""


class Facts(Protocol):
    """The ledger of one snapshot, as rows of its table."""

    def projects(self) -> Iterable[str]:
        """Every project that has a fact."""
        ...

    def of_project(self, project: str | None) -> Iterable[Row]:
        """Every fact of a project, whatever its state."""
        ...

    def of_pools(self, pools: Iterable[str]) -> Iterable[Row]:
        """Every fact of these pools, in whatever project."""
        ...


CENT, QUANTUM = Decimal("0.01"), Decimal("0.0001")

ARITHMETIC: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "add": lambda values: sum(values, Decimal(0)),
    "subtract": lambda values: values[0] - values[1],
    "multiply": lambda values: values[0] * values[1],
    "divide": lambda values: values[0] / values[1],
    "largest": max,
    "least": min,
    "root": lambda values: values[0].sqrt(),
    "count": lambda values: Decimal(len(values)),
    "cents": lambda values: values[0].quantize(CENT, ROUND_HALF_UP),
}


@dataclass
class Verdict:
    """What re-adding gave. `holds` is true only if every leaf and every operation came out as stated."""

    value: Decimal | None = None
    discrepancies: list[str] = field(default_factory=list)
    facts: int = 0
    records: int = 0

    @property
    def holds(self) -> bool:
        return not self.discrepancies


class Checker:
    """Verifies figures of one snapshot; remembers facts already re-added, so a portfolio is not read twice."""

    def __init__(self, facts: Facts, payloads: Payloads, trees: Callable[[str], str | None]) -> None:
        """`trees` gives the proof tree (JSON) of a figure id, None when there is no such figure."""
        self._facts, self._payloads, self._trees = facts, payloads, trees
        self._by_project: dict[str | None, list[Row]] = {}
        self._pools: dict[str, list[Row]] = {}
        self._documents: dict[str, Any] = {}
        self._read: dict[str, str | None] = {}
        self._figures: dict[str, Verdict] = {}
        self._shares: dict[str, dict[str, Decimal]] = {}

    def verify(self, figure_id: str) -> Verdict:
        """Re-add one figure and every figure it is built on."""
        if figure_id in self._figures:
            return self._figures[figure_id]
        verdict = Verdict()
        self._figures[figure_id] = verdict
        text = self._trees(figure_id)
        if text is None:
            verdict.discrepancies.append(f"there is no figure {figure_id}")
            return verdict
        tree = json.loads(text, parse_float=Decimal)
        before = len(self._read)
        self._fetch(tree)
        verdict.value = self._evaluate(tree, verdict)
        verdict.records = len(self._read) - before
        return verdict

    def _evaluate(self, node: Row, verdict: Verdict) -> Decimal:
        stated = Decimal(node["value"])
        found = self._operate(node, stated, verdict)
        if found != stated:
            label = node.get("label") or node["op"]
            verdict.discrepancies.append(f"{label}: stated {stated}, re-added {found}")
        return found

    def _operate(self, node: Row, stated: Decimal, verdict: Verdict) -> Decimal:
        op = node["op"]
        if op == "constant":
            return stated
        if op == "figure":
            other = self.verify(node["figure"])
            verdict.facts += other.facts
            verdict.discrepancies += [d for d in other.discrepancies if d not in verdict.discrepancies]
            return stated if other.value is None else other.value
        if op == "facts":
            return self._sum(node["select"], verdict)
        if op == "allocated":
            return self._allocated(node, verdict)
        if "covers" in node:
            self._demand_cover(node, verdict)
        if op not in ARITHMETIC:
            verdict.discrepancies.append(f"unknown operation {op}")
            return stated
        return ARITHMETIC[op]([self._evaluate(arg, verdict) for arg in node.get("args", ())])

    def _demand_cover(self, node: Row, verdict: Verdict) -> None:
        """Every fact that a sum over parts says it covers must be in some part."""
        selects = [s for s in _selections(node) if s["column"] == "amount"]
        parts = {(s.get("cost_code"), s.get("cost_type")) for s in selects}
        for fact in self._selected(node["covers"]):
            if (fact["cost_code"], fact["cost_type"] or "O") not in parts:
                verdict.discrepancies.append(f"{fact['fact_id']} ({fact['reason']}) is in no part of {node['label']}")

    def _sum(self, select: Row, verdict: Verdict) -> Decimal:
        total = Decimal(0)
        for fact in self._selected(select):
            verdict.facts += 1
            total += self._readd(fact, select["column"], verdict)
        return total

    def _allocated(self, node: Row, verdict: Verdict) -> Decimal:
        """One project's share of a pool of facts in the ratio of a base of facts, cents by largest remainder."""
        key = json.dumps([node["pool"], node["base"], node.get("times")], sort_keys=True)
        if key not in self._shares:
            pool = sum((part["sign"] * self._sum(part["select"], verdict) for part in node["pool"]), Decimal(0))
            base = {p: self._base(p, node, verdict) for p in sorted(self._facts.projects())}
            self._shares[key] = _largest_remainder(pool, {p: weight for p, weight in base.items() if weight > 0})
        return self._shares[key].get(node["for"], Decimal(0))

    def _base(self, project: str, node: Row, verdict: Verdict) -> Fraction:
        """A project's weight: its facts, times the quotient of two figures of it where the node says so."""
        weight = Fraction(self._sum({**node["base"], "project": project}, verdict))
        if "times" not in node or not weight:
            return weight
        values = [self.verify(f).value for f in node["times"].get(project, ())]
        if len(values) != 2 or values[0] is None or not values[1]:
            return Fraction(0)
        return weight * Fraction(values[0]) / Fraction(values[1])

    def _selected(self, select: Row) -> list[Row]:
        project = select.get("project")
        if project == "*":
            return [f for p in sorted(self._facts.projects()) for f in self._selected({**select, "project": p})]
        if project not in self._by_project:
            self._by_project[project] = list(self._facts.of_project(project))
        return [f for f in self._by_project[project] if _belongs(f, select)]

    def _readd(self, fact: Row, column: str, verdict: Verdict) -> Decimal:
        if fact[column] is None:
            return Decimal(0)
        stated: Decimal = fact[column]
        if column == "hours" and not _carries_hours(fact):
            found = self._weights(fact)
        elif column == "amount" and fact["pool"]:
            found = self._share(fact, stated)
        elif column == "amount" and fact["basis"] == "unprocessed_time":
            rate = self._cited(fact, "rate_amount") / self._cited(fact, "rate_hours")
            found = (self._weights(fact) * rate).quantize(CENT, ROUND_HALF_UP)
        elif column == "amount" or _carries_hours(fact) or column == "quantity":
            found = self._cited(fact, "amount") - self._cited(fact, "less")
        if found != stated:
            records = ", ".join(sorted({e["record_id"] for e in fact["evidence"]})[:3])
            verdict.discrepancies.append(
                f"{fact['fact_id']} ({fact['reason']}): {column} stated {stated}, records say {found} ({records})"
            )
        return Decimal(0) if found.is_nan() else found

    def _share(self, fact: Row, stated: Decimal) -> Decimal:
        """A share is right when its pool foots to the raw amounts and it is its ratio of them, to the cent."""
        pool = self._pools[fact["pool"]]
        whole = self._cited(fact, "amount") - self._cited(fact, "less")
        weights = {f["fact_id"]: self._weights(f) for f in pool}
        if sum((f["amount"] for f in pool), Decimal(0)) != whole:
            return whole if len(pool) == 1 else Decimal("NaN")
        ratio = sum(weights.values(), Decimal(0))
        if ratio and abs(stated - whole * weights[fact["fact_id"]] / ratio) >= CENT:
            return (whole * weights[fact["fact_id"]] / ratio).quantize(CENT, ROUND_HALF_UP)
        return stated

    def _weights(self, fact: Row) -> Decimal:
        return self._cited(fact, "weight") - self._cited(fact, "less_weight")

    def _cited(self, fact: Row, role: str) -> Decimal:
        """Cited values as tables hold them: money and hours to two decimals, quantities to four, half up."""
        step = CENT if fact["quantity"] is None else QUANTUM
        values = (self._at(e["record_id"], e["pointer"]) for e in fact["evidence"] if e["role"] == role)
        return sum((v if v.is_nan() else v.quantize(step, ROUND_HALF_UP) for v in values), Decimal(0))

    def _at(self, record_id: str, pointer: str) -> Decimal:
        if record_id not in self._documents:
            text = self._read.get(record_id)
            self._documents[record_id] = None if text is None else json.loads(text, parse_float=Decimal)
        found = self._documents[record_id]
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list):
                found = found[int(name)] if name.isdigit() and int(name) < len(found) else None
            else:
                found = found.get(name) if isinstance(found, dict) else None
        try:
            return Decimal(str(found))
        except ArithmeticError:
            return Decimal("NaN")

    def _bases(self, node: Row) -> Iterable[Row]:
        """What the allocations in a tree select, every project's base included."""
        if node["op"] == "allocated":
            yield from (part["select"] for part in node["pool"])
            yield {**node["base"], "project": "*"}
        for arg in node.get("args", ()):
            yield from self._bases(arg)

    def _fetch(self, tree: Row) -> None:
        """Read the raw records of every leaf of a tree in one go."""
        facts = [f for select in (*_selections(tree), *self._bases(tree)) for f in self._selected(select)]
        unknown = {f["pool"] for f in facts if f["pool"]} - self._pools.keys()
        if unknown:
            self._pools |= {pool: [] for pool in unknown}
            for relative in self._facts.of_pools(unknown):
                self._pools[relative["pool"]].append(relative)
        everyone = [r for f in facts for r in (self._pools[f["pool"]] if f["pool"] else (f,))]
        wanted = {e["record_id"] for f in everyone for e in f["evidence"] if e["role"] not in ("mirror", "support")}
        missing = wanted - self._read.keys()
        if missing:
            found = self._payloads(missing)
            self._read.update({record: found.get(record) for record in missing})


def _belongs(fact: Row, select: Row) -> bool:
    day: date | None = fact["accounting_on"]
    if fact["state"] != "counted" or fact["measure"] not in select["measures"]:
        return False
    for name in ("cost_code", "cost_type", "basis", "component", "subject", "rule"):
        if name in select and not _is(fact[name] or ("O" if name == "cost_type" else None), select[name]):
            return False
    contract = select.get("contract")
    if contract == "any" and fact["contract_record_id"] is None:
        return False
    if contract not in (None, "any") and fact["contract_record_id"] != contract:
        return False
    if "after" in select and (day is None or day <= date.fromisoformat(select["after"])):
        return False
    return not ("until" in select and day is not None and day > date.fromisoformat(select["until"]))


def _is(held: Any, wanted: Any) -> bool:
    return held in wanted if isinstance(wanted, list) else held == wanted


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


def _carries_hours(fact: Row) -> bool:
    """Budget hours are an amount of hours in a record of their own; worked hours are the weights of a cost."""
    return bool(fact["measure"] == "budget_hours")


def _selections(node: Row) -> Iterable[Row]:
    if node["op"] == "facts":
        yield node["select"]
    for arg in node.get("args", ()):
        yield from _selections(arg)
