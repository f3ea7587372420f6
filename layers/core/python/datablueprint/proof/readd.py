"""A fact re-added from raw records: each amount read again at its JSON pointer, each rule of evidence worked anew.

Part of the checker; like it, this shares no line of code with the rooms that made the facts.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

Row = Mapping[str, Any]
Payloads = Callable[[Iterable[str]], Mapping[str, str]]
"""Newest payload per record id as of the snapshot; deleted and unknown records are absent."""
CENT, QUANTUM, NOTHING = Decimal("0.01"), Decimal("0.0001"), Decimal("NaN")
SILENT = frozenset({"mirror", "support"})
"""Roles of evidence that bring no number."""


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


@dataclass(frozen=True)
class Pool:
    """Facts that share evidence and foot to it: the sum of their amounts, and the weight of each."""

    amount: Decimal
    weights: Mapping[str, Decimal]
    whole: Decimal
    """Sum of the weights."""


def cites(fact: Row) -> Iterable[Row]:
    """The evidence of a fact, which may be none."""
    return fact["evidence"] or ()


class Readings:
    """Re-adds facts, each once however many figures are built on it."""

    def __init__(self, facts: Facts, payloads: Payloads) -> None:
        self._facts, self._payloads = facts, payloads
        self._members: dict[str, list[Row]] = {}
        self._pools: dict[str, Pool] = {}
        self._by_id: dict[str | None, dict[str, Row]] = {}
        self._numbers: dict[str, dict[str, Decimal]] = {}
        self._fetched: set[str] = set()
        self._found: dict[tuple[str, str], Decimal] = {}

    def records(self, facts: Iterable[Row]) -> set[str]:
        """The raw records that these facts were re-added from."""
        held = list(facts)
        under = [base for fact in held if fact["base_fact"] and (base := self._under(fact))]
        pools = {fact["pool"] for fact in (*held, *under) if fact["pool"]}
        everyone = (*held, *under, *(member for pool in pools for member in self._members.get(pool, ())))
        return {cited["record_id"] for fact in everyone for cited in cites(fact) if cited["role"] not in SILENT}

    def fetch(self, facts: Iterable[Row]) -> None:
        """Read the raw records of these facts, of their pools and of what they are built on, in one go."""
        wanted = [fact for fact in facts if fact["fact_id"] not in self._fetched]
        self._fetched |= {fact["fact_id"] for fact in wanted}
        wanted += [base for f in wanted if f["base_fact"] and (base := self._under(f))]
        unknown = {f["pool"] for f in wanted if f["pool"] and f["pool"] not in self._members}
        if unknown:
            self._members |= {pool: [] for pool in unknown}
            for relative in self._facts.of_pools(unknown):
                self._members[relative["pool"]].append(relative)
        everyone = [fact for fact in wanted if not fact["pool"]]
        everyone += [member for pool in unknown for member in self._members[pool]]
        self._read(cited for fact in everyone for cited in cites(fact) if cited["role"] not in SILENT)

    def _read(self, cited: Iterable[Row]) -> None:
        """Note the number at each pointer that is new; of a record nothing else is kept."""
        new: dict[str, set[str]] = defaultdict(set)
        for each in cited:
            record, pointer = each["record_id"], each["pointer"]
            if pointer not in self._numbers.get(record, ()):
                new[record].add(pointer)
        texts = self._payloads(new) if new else {}
        for record, pointers in new.items():
            document = _parsed(texts.get(record))
            self._numbers.setdefault(record, {}).update({pointer: _number(document, pointer) for pointer in pointers})

    def value(self, fact: Row, column: str) -> Decimal:
        """What the records say the column of a fact is; NaN when they do not say."""
        if fact[column] is None:
            return Decimal(0)
        key = fact["fact_id"], column
        if key not in self._found:
            self._found[key] = NOTHING  # what a fact that is built on itself finds
            try:
                self._found[key] = self._worked_out(fact, column)
            except ArithmeticError:
                self._found[key] = NOTHING
        return self._found[key]

    def _worked_out(self, fact: Row, column: str) -> Decimal:
        if column == "hours" and not _carries_hours(fact):
            return self._weight(fact)
        if column != "amount":
            return self._cited(fact, "amount") - self._cited(fact, "less")
        if fact["pool"]:
            return self._share(fact)
        if fact["basis"] == "applied":
            return self._applied(fact)
        if fact["basis"] == "unprocessed_time":
            return self._priced_time(fact)
        return self._cited(fact, "amount") - self._cited(fact, "less")

    def _share(self, fact: Row) -> Decimal:
        """A share is right when its pool foots to the raw amounts and it is its ratio of them, to the cent.

        Without weights the whole pool is on its last place (`_last_place`).
        """
        stated: Decimal = fact["amount"]
        pool = self._pool(fact["pool"])
        whole = self._cited(fact, "amount") - self._cited(fact, "less")
        if pool.amount != whole:
            return whole if len(pool.weights) == 1 else NOTHING
        exact = whole * pool.weights[fact["fact_id"]] / pool.whole
        if exact.is_nan():
            return NOTHING
        return stated if abs(stated - exact) < CENT else exact.quantize(CENT, ROUND_HALF_UP)

    def _pool(self, name: str) -> Pool:
        if name not in self._pools:
            members = self._members[name]
            weights = {f["fact_id"]: self._weight(f) for f in members}
            if not sum(weights.values(), Decimal(0)):
                last = max(members, key=_last_place)
                weights = {f["fact_id"]: Decimal(f is last) for f in members}
            amounts = (NOTHING if f["amount"] is None else f["amount"] for f in members)
            self._pools[name] = Pool(sum(amounts, Decimal(0)), weights, sum(weights.values(), Decimal(0)))
        return self._pools[name]

    def _applied(self, fact: Row) -> Decimal:
        """A rate on another fact of the same place and day, which is re-added first; "amount/3" is a third of it."""
        base, (column, _, part) = self._under(fact), str(fact["rate_on"]).partition("/")
        same = ("cost_code", "cost_type", "accounting_on", "party")
        if base is None or fact["rate"] is None or any(base[name] != fact[name] for name in same):
            return NOTHING
        if column not in ("amount", "hours"):
            return NOTHING
        rated = self.value(base, column) * fact["rate"]
        if self.value(base, column) != base[column]:
            return NOTHING
        return Decimal(rated / Decimal(part or 1)).quantize(CENT, ROUND_HALF_UP)

    def _priced_time(self, fact: Row) -> Decimal:
        """Hours x cost / hours of a pay run, each record of hours to the cent; the rate may stand in a base fact."""
        source = self._under(fact) or fact
        cost, worked = self._cited(source, "rate_amount"), self._cited(source, "rate_hours")
        if not worked:
            return NOTHING
        total = Decimal(0)
        for cited in cites(fact):
            if cited["role"] in ("weight", "less_weight"):
                hours = self._at(cited["record_id"], cited["pointer"]).quantize(CENT, ROUND_HALF_UP)
                amount = (hours * cost / worked).quantize(CENT, ROUND_HALF_UP)
                total += amount if cited["role"] == "weight" else -amount
        return total

    def _under(self, fact: Row) -> Row | None:
        """The counted fact of the same project that this one is built on, if it names one that exists."""
        project = fact["project"]
        if project not in self._by_id:
            self._by_id[project] = {f["fact_id"]: f for f in self._facts.of_project(project) if f["state"] == "counted"}
        return self._by_id[project].get(fact["base_fact"])

    def _weight(self, fact: Row) -> Decimal:
        return self._cited(fact, "weight") - self._cited(fact, "less_weight")

    def _cited(self, fact: Row, role: str) -> Decimal:
        """Cited values as tables hold them: money and hours to two decimals, quantities to four, half up."""
        step = CENT if fact["quantity"] is None else QUANTUM
        values = (self._at(e["record_id"], e["pointer"]) for e in cites(fact) if e["role"] == role)
        return sum((v if v.is_nan() else v.quantize(step, ROUND_HALF_UP) for v in values), Decimal(0))

    def _at(self, record_id: str, pointer: str) -> Decimal:
        return self._numbers.get(record_id, {}).get(pointer, NOTHING)


def _number(document: Any, pointer: str) -> Decimal:
    """The number at a pointer; NaN where there is none."""
    found = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list):
            found = found[int(name)] if name.isdecimal() and int(name) < len(found) else None
        else:
            found = found.get(name) if isinstance(found, dict) else None
    try:
        number = Decimal(str(found))
    except ArithmeticError:
        return NOTHING
    return number if number.is_finite() else NOTHING


def _parsed(text: str | None) -> Any:
    """A payload, None where it is absent or cannot be read."""
    try:
        return None if text is None else json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _last_place(member: Row) -> tuple[Any, ...]:
    """The order of a pool's places: jobs by number, then code and type, no job last; of one place, who bears it."""
    project = member["project"] or ""
    place = project.rsplit(":", 1)[-1], member["cost_code"] or "", member["cost_type"] or ""
    return member["project"] is None, *place, bool(member["amount"])


def _carries_hours(fact: Row) -> bool:
    """Budget hours are an amount of hours in a record of their own; worked hours are the weights of a cost."""
    return bool(fact["measure"] == "budget_hours")
