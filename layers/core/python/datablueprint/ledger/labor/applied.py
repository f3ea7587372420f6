"""A rate puts on a job the burden that no register carries, once, and what has no rate is said in dollars (D8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from datablueprint.ledger.book import Cite, Fact, Finding
from datablueprint.ledger.burden import cents
from datablueprint.ledger.labor.register import OVERTIME
from datablueprint.settings import BurdenRate

ZERO = Decimal(0)


@dataclass
class _Gap:
    """Wages that got no rate of one component."""

    wages: Decimal = ZERO
    codes: set[str] = field(default_factory=set)
    records: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Base:
    """A fact that rates are on; its records support what is applied to it."""

    fact: Fact
    id: str
    support: tuple[Cite, ...]

    @classmethod
    def of(cls, fact: Fact) -> _Base:
        records = dict.fromkeys(c.record_id for c in fact.evidence)
        return cls(fact, fact.fact_id(), tuple(Cite(record, "", "support") for record in records))


class AppliedBurden:
    """Burden of one book by the tenant's dated rates; gaps are gathered while facts are made."""

    def __init__(self, rates: Iterable[BurdenRate]) -> None:
        self._rates: dict[str, list[BurdenRate]] = defaultdict(list)
        for rate in rates:
            self._rates[rate.component].append(rate)
        self._found: dict[tuple[str, str, date], list[BurdenRate]] = {}
        self._unrated: dict[tuple[str, str], _Gap] = defaultdict(_Gap)
        self._carried: dict[str, _Gap] = defaultdict(_Gap)
        self._overlaps: dict[str, dict[str, _Gap]] = defaultdict(lambda: defaultdict(_Gap))
        """By project and by the words that name both rates."""

    def facts(self, wages: Fact, premiums: Iterable[Fact], carried: set[str]) -> Iterator[Fact]:
        """Applied burden on one fact of job wages.

        `premiums` are the memo facts of overtime and double time pay within these
        wages, `carried` the components that the register itself states for this employee.
        """
        if not self._rates:
            return
        base, memos = _Base.of(wages), [_Base.of(memo) for memo in premiums if memo.amount]
        for component in self._rates:
            fitting = self._rates_of(component, wages.leaf.code or "", wages.on or date.min)
            if component in carried:
                _note(self._carried[component], wages)
            elif not fitting:
                _note(self._unrated[wages.leaf.project or "", component], wages)
            else:
                rate = fitting[0]
                for other in fitting[1:]:
                    _note(self._overlaps[wages.leaf.project or ""][_both(rate, other)], wages)
                yield from _on(base, rate)
                if rate.overtime_premium_excluded and rate.per == "wages":
                    yield from (_less_premium(memo, rate) for memo in memos)

    def _rates_of(self, component: str, code: str, day: date) -> list[BurdenRate]:
        """The rates in force whose prefix fits the code best: the one that counts, then any that contradict it."""
        key = component, code, day
        if key not in self._found:
            fitting = [
                (len(prefix), rate)
                for rate in self._rates[component]
                if rate.starts <= day <= rate.ends
                for prefix in rate.codes
                if code.startswith(prefix)
            ]
            best = max((length for length, _ in fitting), default=0)
            same = [rate for length, rate in fitting if length == best]
            self._found[key] = [*same[:1], *(rate for rate in same[1:] if _terms(rate) != _terms(same[0]))]
        return self._found[key]

    def findings(self) -> Iterator[Finding]:
        """Wages without a rate that other codes have, rates that would count twice, and rates that contradict."""
        for (project, component), gap in sorted(self._unrated.items()):
            yield Finding(
                kind="burden not allocated",
                sentence=(
                    f"settings: {gap.wages:,.2f} of wages on {', '.join(sorted(gap.codes))} have no {component} rate "
                    "for their days; none was applied"
                ),
                way_out=f"Add a {component} rate for these cost codes and days to burden_rates; 0 if none is due",
                records=tuple(gap.records),
                project=project,
                amount=gap.wages,
                grade="B",
            )
        for component, gap in sorted(self._carried.items()):
            yield Finding(
                kind="burden is in the register",
                sentence=(
                    f"payroll: the register itself states {component} for employees with {gap.wages:,.2f} of job "
                    "wages; the rate was not applied to them"
                ),
                way_out=f"Let the {component} rate end where the register begins to state it",
                records=(),
                amount=gap.wages,
                level="info",
            )
        for project, pairs in sorted(self._overlaps.items()):
            yield _overlap(project, pairs)


def _terms(rate: BurdenRate) -> tuple[Decimal, str, bool]:
    return rate.rate, rate.per, rate.overtime_premium_excluded


def _both(first: BurdenRate, other: BurdenRate) -> str:
    def told(rate: BurdenRate) -> str:
        return f"{rate.rate} per {rate.per} ({rate.starts} to {rate.ends})"

    return f"{first.component} {told(first)} and {told(other)}"


def _overlap(project: str, pairs: Mapping[str, _Gap]) -> Finding:
    said = "; ".join(f"{both}, for {gap.wages:,.2f} of wages" for both, gap in sorted(pairs.items()))
    return Finding(
        kind="burden rates overlap",
        sentence=f"settings: two rates are in force at once and the first counts: {said}",
        way_out="Let the earlier rate of burden_rates end the day before the later one starts",
        records=tuple(dict.fromkeys(record for gap in pairs.values() for record in gap.records)),
        project=project,
        amount=sum((gap.wages for gap in pairs.values()), ZERO),
        grade="B",
    )


def _note(gap: _Gap, wages: Fact) -> None:
    gap.wages += wages.amount or ZERO
    gap.codes.add(wages.leaf.code or "")
    gap.records[wages.evidence[0].record_id] = None


def _on(base: _Base, rate: BurdenRate) -> Iterator[Fact]:
    rated, column = (base.fact.amount, "amount") if rate.per == "wages" else (base.fact.hours, "hours")
    amount = cents((rated or ZERO) * rate.rate)
    if amount:
        words = f"{rate.rate} of wages" if rate.per == "wages" else f"{rate.rate} per hour"
        yield _fact(base, rate.component, amount, rate.rate, column, f"{rate.component} at {words}")


def _less_premium(memo: _Base, rate: BurdenRate) -> Fact:
    """The part of overtime pay beyond straight time is not rated: a third of it, half of double time."""
    part = 3 if memo.fact.measure == OVERTIME else 2
    amount = cents(-(memo.fact.amount or ZERO) * rate.rate / part)
    reason = f"{rate.component} is not due on the premium part of {memo.fact.measure.replace('_', ' ')}"
    return _fact(memo, rate.component, amount, -rate.rate, f"amount/{part}", reason)


def _fact(base: _Base, component: str, amount: Decimal, rate: Decimal, rate_on: str, reason: str) -> Fact:
    return Fact(
        measure="cost",
        rule="D8",
        reason=reason,
        leaf=base.fact.leaf,
        amount=amount,
        on=base.fact.on,
        basis="applied",
        party=base.fact.party,
        component=component,
        base=base.id,
        rate=rate,
        rate_on=rate_on,
        evidence=base.support,
    )
