"""A rate puts on a job the burden that no register carries, once, and what has no rate is said in dollars (D8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
        self._found: dict[tuple[str, str, date], BurdenRate | None] = {}
        self._unrated: dict[tuple[str, str], _Gap] = defaultdict(_Gap)
        self._carried: dict[str, _Gap] = defaultdict(_Gap)

    def facts(self, wages: Fact, premiums: Iterable[Fact], carried: set[str]) -> Iterator[Fact]:
        """Applied burden on one fact of job wages.

        `premiums` are the memo facts of overtime and double time pay within these
        wages, `carried` the components that the pay run's own register states.
        """
        if not self._rates:
            return
        base, memos = _Base.of(wages), [_Base.of(memo) for memo in premiums if memo.amount]
        for component in self._rates:
            rate = self._rate(component, wages.leaf.code or "", wages.on or date.min)
            if component in carried:
                _note(self._carried[component], wages)
            elif rate is None:
                _note(self._unrated[wages.leaf.project or "", component], wages)
            else:
                yield from _on(base, rate)
                if rate.overtime_premium_excluded and rate.per == "wages":
                    yield from (_less_premium(memo, rate) for memo in memos)

    def _rate(self, component: str, code: str, day: date) -> BurdenRate | None:
        """The rate in force whose prefix fits the code best; the first of equals."""
        key = component, code, day
        if key not in self._found:
            fitting = [
                (len(prefix), rate)
                for rate in self._rates[component]
                if rate.starts <= day <= rate.ends
                for prefix in rate.codes
                if code.startswith(prefix)
            ]
            self._found[key] = max(fitting, key=lambda pair: pair[0])[1] if fitting else None
        return self._found[key]

    def findings(self) -> Iterator[Finding]:
        """Wages without a rate that other codes have, and rates that would count burden twice."""
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
                    f"payroll: the register itself states {component} for runs with {gap.wages:,.2f} of job wages; "
                    "the rate was not applied to them"
                ),
                way_out=f"Let the {component} rate end where the register begins to state it",
                records=(),
                amount=gap.wages,
                level="info",
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
