"""Burden is tested from both ends: what the law asks of the register, and whether what was paid reaches a job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger import burden, rates
from datablueprint.ledger.book import Fact, Finding
from datablueprint.ledger.labor.register import Stub, burden_of, check_day, total
from datablueprint.settings import Policy

ZERO = Decimal(0)
START_OF_YEAR = timedelta(days=14)
"""A register whose first check date is this near to New Year holds the year's wages from the start."""


def burden_findings(stubs: list[Stub], facts: Iterable[Fact], policy: Policy) -> Iterator[Finding]:
    """Statutory taxes, runs without employer taxes, burden that reaches no job, and the clearing balance."""
    yield from statutory_findings(stubs)
    premiums = Premiums.of(facts, policy)
    yield from leak_findings(stubs, premiums)
    yield from premiums.findings(policy)


@dataclass
class _Taxes:
    """One employee's taxes of one calendar year, by check date."""

    wages: Decimal = ZERO
    stated: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    due: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    record: str = ""

    def add(self, stub: Stub, year: int) -> None:
        gross = total(stub.wages)
        for component, amount in burden.statutory_taxes(self.wages, gross, year).items():
            self.due[component] += amount
        for row in stub.burden:
            if row["kind"] == "employer_tax":
                self.stated[burden_of(row)] += row["amount"]
        self.wages += gross
        self.record = (stub.wages or stub.burden)[0]["record_id"]

    def differs(self, component: str) -> bool:
        due = self.due[component]
        return abs(self.stated[component] - due) > max(Decimal(1), due * Decimal("0.001"))


def statutory_findings(stubs: list[Stub]) -> Iterator[Finding]:
    """The register's employer taxes beside the law's, per year and component that the register names.

    Capped taxes are compared only in years that the register holds from the
    start. People are counted, not named: a tax tells a wage.
    """
    by_year: dict[int, dict[str, _Taxes]] = defaultdict(lambda: defaultdict(_Taxes))
    ordered = sorted(stubs, key=lambda s: (check_day(s.run), s.pool))
    for stub in ordered:
        year = check_day(stub.run).year
        if year in rates.years():
            by_year[year][stub.employee].add(stub, year)
    first = check_day(ordered[0].run) if ordered else date.max
    for year, people in sorted(by_year.items()):
        named = {component for taxes in people.values() for component in taxes.stated}
        if not named:
            yield _no_taxes(year, people)
        whole = first <= date(year, 1, 1) + START_OF_YEAR
        for component in ("social_security", "medicare", "futa") if whole else ("medicare",):
            wrong = [t for t in people.values() if t.differs(component)]
            if component in named and wrong:
                yield _against_law(year, component, wrong)


def _no_taxes(year: int, people: dict[str, _Taxes]) -> Finding:
    wages = sum((t.wages for t in people.values()), ZERO)
    due = sum((amount for t in people.values() for amount in t.due.values()), ZERO)
    return Finding(
        kind="register without employer taxes",
        sentence=(
            f"payroll: the register of {year} has {wages:,.2f} of wages and no employer tax; "
            f"federal taxes alone would be about {due:,.2f}, and labor cost lacks them"
        ),
        way_out="Let the payroll connection read taxes and benefits, or add a burden rate to the settings",
        records=tuple(sorted(t.record for t in people.values())),
        amount=due,
        grade="B",
    )


def _against_law(year: int, component: str, wrong: list[_Taxes]) -> Finding:
    stated = sum((t.stated[component] for t in wrong), ZERO)
    due = sum((t.due[component] for t in wrong), ZERO)
    return Finding(
        kind="employer tax differs from the statutory rate",
        sentence=(
            f"payroll: employer {component.replace('_', ' ')} of {year} is {stated:,.2f} in the register and "
            f"{due:,.2f} by law, for {len(wrong)} employee(s); the register counts"
        ),
        way_out="Ask the payroll provider about pre-tax deductions, exempt wages and wages paid elsewhere",
        records=tuple(sorted(t.record for t in wrong)),
        amount=stated - due,
        level="info",
    )


@dataclass
class Premiums:
    """Premiums paid and applied by rate, per year and component (D8)."""

    paid: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    applied: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    records: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """The premium invoices; where there is none, the first record that a rate was applied to."""

    @classmethod
    def of(cls, facts: Iterable[Fact], policy: Policy) -> Premiums:
        components = tuple(dict.fromkeys(rate.component for rate in policy.burden_rates))
        found, first = cls(), dict[tuple[int, str], str]()
        for fact in facts:
            if fact.state != "counted" or fact.on is None:
                continue
            if fact.measure == "burden_paid":
                key = fact.on.year, fact.component or _spoken_of(fact.reason, components)
                found.paid[key] += fact.amount or ZERO
                found.records[key] |= {c.record_id for c in fact.evidence}
            elif fact.measure == "cost" and fact.basis == "applied":
                found.applied[fact.on.year, fact.component or ""] += fact.amount or ZERO
                first.setdefault((fact.on.year, fact.component or ""), fact.evidence[0].record_id)
        for key, record in first.items():
            found.records[key] = found.records[key] or {record}
        return found

    def unapplied(self, year: int) -> dict[str, Decimal]:
        """Components whose premiums were paid in a year and of which nothing reached a job."""
        return {
            c: amount for (y, c), amount in self.paid.items() if y == year and amount and not self.applied.get((y, c))
        }

    def findings(self, policy: Policy) -> Iterator[Finding]:
        """The clearing balance of each year and component: paid less applied."""
        where = "goes to overhead" if policy.burden_clearing == "overhead" else "stays apart from overhead"
        for year, component in sorted({*self.paid, *self.applied}):
            paid, applied = self.paid.get((year, component), ZERO), self.applied.get((year, component), ZERO)
            side = "not applied" if paid >= applied else "applied beyond what was paid"
            yield Finding(
                kind="burden clearing balance",
                sentence=(
                    f"quickbooks: {component} of {year}: {paid:,.2f} of premiums paid, {applied:,.2f} applied to jobs; "
                    f"{abs(paid - applied):,.2f} {side} {where}"
                ),
                way_out="Adjust the burden rate, or name the account of the premium in burden_accounts",
                records=tuple(sorted(self.records[year, component])),
                amount=paid - applied,
                level="info",
            )


@dataclass
class _Leak:
    """Burden of one year by component: of field labor, and the part of it that is on jobs."""

    paid: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    reached: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    records: set[str] = field(default_factory=set)
    """Where burden that is on no job stands."""

    def add(self, stub: Stub, on_jobs: Decimal, whole: Decimal) -> None:
        for row in stub.burden:
            self.paid[burden_of(row)] += row["amount"]
            self.reached[burden_of(row)] += row["amount"] * on_jobs / whole
            if on_jobs != whole:
                self.records.add(row["record_id"])

    def amounts(self) -> dict[str, Decimal]:
        lost = {c: burden.cents(paid - self.reached[c]) for c, paid in self.paid.items()}
        return {c: amount for c, amount in lost.items() if amount}


def leak_findings(stubs: list[Stub], premiums: Premiums) -> Iterator[Finding]:
    """Per year and in one sentence: which burden of field labor, or which premium, was paid and is on no job."""
    years: dict[int, _Leak] = defaultdict(_Leak)
    for stub in stubs:
        if stub.reach is not None:
            years[stub.run["period_end"].year].add(stub, *stub.reach)
    for year in sorted({*years, *(year for year, _ in premiums.paid)}):
        leak, outside = years[year], premiums.unapplied(year)
        lost = leak.amounts() | outside
        never = sorted(c for c in lost if c in outside or not leak.reached[c])
        records = leak.records.union(*(premiums.records[year, c] for c in outside))
        if lost:
            yield _leak(year, lost, never, records)


def _leak(year: int, lost: dict[str, Decimal], never: list[str], records: set[str]) -> Finding:
    parts = ", ".join(f"{c} {amount:,.2f}" for c, amount in sorted(lost.items(), key=lambda p: (-p[1], p[0])))
    wholly = f"; nothing of {', '.join(never)} reaches a job" if never else ""
    whole = sum(lost.values(), ZERO)
    return Finding(
        kind="burden that never reaches a job",
        sentence=f"payroll: {whole:,.2f} of the burden of field labor paid in {year} is on no job: {parts}{wholly}",
        way_out="Code the hours to jobs, or set a burden rate for what is paid outside the register",
        records=tuple(sorted(records)),
        amount=whole,
        level="warning" if never else "info",
    )


def _spoken_of(text: str, components: Iterable[str]) -> str:
    """The component whose words a text holds, e.g. the name of an account; 'premiums' when none does."""
    words = text.lower()
    return next((c for c in components if all(word in words for word in c.lower().split("_"))), "premiums")
