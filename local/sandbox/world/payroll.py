"""What people were paid: weekly runs with statutory taxes that stop at their yearly caps."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from local.sandbox.world.labor import hired_at_all, holidays, weeks
from local.sandbox.world.model import Employee, EmployerCost, PayLine, PayRun, PayStub, TimeEntry
from local.sandbox.world.money import ratio

FILE_MONTHS = 14
"""For so long the register came as CSV files; then the contractor moved to Gusto."""

_SOCIAL_SECURITY_CAP = {2023: 16_020_000, 2024: 16_860_000, 2025: 17_610_000, 2026: 18_450_000}
_STATE_CAP = {2023: 2_040_000, 2024: 2_380_000, 2025: 2_720_000, 2026: 3_060_000}
_FEDERAL_CAP = 700_000
SOCIAL_SECURITY, MEDICARE, FEDERAL, STATE = 62_000, 14_500, 6_000, 32_000
"""Employer rates, per million of taxable wages."""


@dataclass
class _Year:
    """What one person has earned so far in the calendar year, by check date."""

    wages: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def taxable(self, person: Employee, year: int, gross: int, cap: int) -> int:
        return max(0, min(gross, cap - self.wages[person.number, year]))


def runs(
    rng: random.Random, employees: list[Employee], time: list[TimeEntry], began: date, as_of: date
) -> list[PayRun]:
    """Every processed weekly run, the year-end bonus, and the run of the current week that is not processed yet."""
    staff = [person for person in employees if hired_at_all(person)]
    earned = _Year()
    _earnings_before(earned, staff, began)
    booked: dict[tuple[str, date], list[TimeEntry]] = defaultdict(list)
    for entry in time:
        booked[entry.employee.number, entry.day - timedelta(days=entry.day.weekday())].append(entry)
    moved = began + timedelta(days=int(FILE_MONTHS * 30.44) // 7 * 7)
    made: list[PayRun] = []
    for monday in weeks(began, as_of):
        run = _empty_run(rng, monday, gusto=monday >= moved)
        run.processed = run.check - timedelta(days=2) <= as_of and run.end <= as_of
        if not run.processed:
            made.append(run)
            break
        shop_week = rng.random() < 0.05
        for person in staff:
            stub = _stub(rng, person, booked[person.number, monday], monday, shop_week=shop_week)
            if stub.lines:
                _tax(stub, earned, run.check)
                run.stubs.append(stub)
        made.append(run)
        if (
            run.provider == "gusto"
            and monday.month == 12
            and 12 <= monday.day <= 18
            and not any(r.off_cycle for r in made)
        ):
            made.append(_bonus(rng, staff, monday, earned))
    return made


def _earnings_before(earned: _Year, staff: list[Employee], began: date) -> None:
    """Wages of the months before the books begin, so that the first year's caps are already partly used."""
    for person in staff:
        since = max(person.hired, date(began.year, 1, 1))
        if since < began:
            earned.wages[person.number, began.year] = (began - since).days * person.rate * 40 // 7


def _empty_run(rng: random.Random, monday: date, *, gusto: bool) -> PayRun:
    end = monday + timedelta(days=6)
    identity = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return PayRun(
        provider="gusto" if gusto else "payroll_file",
        id=identity if gusto else f"PR-{end:%Y%m%d}",
        start=monday,
        end=end,
        check=monday + timedelta(days=11),
        stubs=[],
    )


def _pay(
    person: Employee, pay_type: str, quarters: int, entry: TimeEntry | None = None, day: date | None = None
) -> PayLine:
    rate = ratio(person.rate * 3, 2) if pay_type == "OT" else person.rate
    line = PayLine(pay_type, quarters, rate, ratio(quarters * rate, 4), day)
    if entry:
        line.day, line.project, line.leaf = entry.day, entry.project, entry.leaf
    return line


def _stub(rng: random.Random, person: Employee, booked: list[TimeEntry], monday: date, *, shop_week: bool) -> PayStub:
    stub = PayStub(person, [])
    if person.salaried:
        stub.lines.append(_pay(person, "REG", 160))
        if rng.random() < 0.02:
            stub.lines.append(PayLine("REIMB", 0, 0, rng.randrange(1800, 21000), monday + timedelta(days=6)))
        return stub
    if not person.employed_on(monday + timedelta(days=4)):
        return stub
    stub.lines += [_pay(person, "OT" if e.overtime else "REG", e.quarters, e) for e in booked]
    for day in sorted(holidays(monday.year)):
        if monday <= day < monday + timedelta(days=5):
            stub.lines.append(_pay(person, "HOL", 32, day=day))
    _absences(rng, stub, person, monday, shop_week=shop_week)
    return stub


def _absences(rng: random.Random, stub: PayStub, person: Employee, monday: date, *, shop_week: bool) -> None:
    """Leave on an unworked Friday; in shop weeks, hours in the yard that no timecard shows."""
    friday = monday + timedelta(days=4)
    worked_days = {line.day for line in stub.lines}
    if person.role == "superintendent" and not stub.lines:
        stub.lines.append(_pay(person, "REG", 160, day=friday))
    elif friday not in worked_days and rng.random() < 0.4:
        stub.lines.append(_pay(person, rng.choice(("PTO", "PTO", "SICK")), 32, day=friday))
    if shop_week and person.role == "craft" and stub.lines and stub.worked <= 128 and rng.random() < 0.7:
        stub.lines.append(_pay(person, "REG", rng.choice((16, 20, 32)), day=monday + timedelta(days=5)))


def _bonus(rng: random.Random, staff: list[Employee], monday: date, earned: _Year) -> PayRun:
    """One off-cycle run of year-end bonuses: wages without hours."""
    sunday = monday + timedelta(days=6)
    run = _empty_run(rng, monday, gusto=True)
    run.start, run.end, run.check, run.off_cycle = sunday, sunday, monday + timedelta(days=9), True
    for person in [p for p in staff if p.employed_on(sunday)]:
        stub = PayStub(person, [PayLine("BONUS", 0, 0, rng.choice((25_000, 40_000, 50_000, 75_000)), sunday)])
        _tax(stub, earned, run.check, benefits=False)
        run.stubs.append(stub)
    return run


def _tax(stub: PayStub, earned: _Year, check: date, *, benefits: bool = True) -> None:
    """Employer cost and withholdings of one stub; caps are counted by check date."""
    person, gross, year = stub.employee, stub.gross, check.year
    capped = earned.taxable(person, year, gross, _SOCIAL_SECURITY_CAP.get(year, 18_450_000))
    federal = earned.taxable(person, year, gross, _FEDERAL_CAP)
    state = earned.taxable(person, year, gross, _STATE_CAP.get(year, 3_060_000))
    earned.wages[person.number, year] += gross
    for component, taxable, rate in (
        ("SS", capped, SOCIAL_SECURITY),
        ("MEDICARE", gross, MEDICARE),
        ("FUTA", federal, FEDERAL),
        ("SUTA", state, STATE),
    ):
        amount = ratio(taxable * rate, 1_000_000)
        if amount:
            stub.employer.append(EmployerCost(component, taxable, amount, rate))
    if benefits and person.health:
        stub.employer.append(EmployerCost("HEALTH", 0, person.health))
    if benefits and person.retires:
        stub.employer.append(EmployerCost("RETIREMENT", gross, ratio(gross * 3, 100), 30_000))
    stub.withheld = [
        ("Federal Income Tax", ratio(gross * 11, 100)),
        ("Social Security", ratio(capped * SOCIAL_SECURITY, 1_000_000)),
        ("Medicare", ratio(gross * MEDICARE, 1_000_000)),
        ("CO Income Tax", ratio(gross * 44, 1000)),
    ]
