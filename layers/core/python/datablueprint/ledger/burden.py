"""What labor costs beyond wages, as functions of plain numbers: taxes stop at their caps, premiums skip the premium.

Money in, money out, each amount rounded half up to cents; rates are shares (0.062
= 6.2%). Statutory rates come from `rates/`; those that a state or an insurer sets
for one contractor are arguments and have no default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from datablueprint.ledger.book import spread
from datablueprint.ledger.rates import of_year

CENT, ZERO = Decimal("0.01"), Decimal(0)


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents; halves move away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def applied(base: Decimal, rate: Decimal) -> Decimal:
    """A rate on wages or on hours; a rate per 100 of payroll is divided by 100 first."""
    return cents(base * rate)


def taxable(ytd_before: Decimal, wages: Decimal, cap: Decimal) -> Decimal:
    """The part of `wages` below a yearly cap; negative for a correction that takes taxed wages back."""
    return min(cap, max(ZERO, ytd_before + wages)) - min(cap, max(ZERO, ytd_before))


def employer_social_security(ytd_before: Decimal, wages: Decimal, year: int) -> Decimal:
    """`ytd_before` are the employee's wages of the calendar year, by check date, before this pay run."""
    rates = of_year(year)
    return applied(taxable(ytd_before, wages, rates.social_security_cap), rates.social_security)


def employer_medicare(wages: Decimal, year: int) -> Decimal:
    """Has no cap; the additional tax on high wages is the employee's."""
    return applied(wages, of_year(year).medicare)


def employer_futa(ytd_before: Decimal, wages: Decimal, year: int) -> Decimal:
    """Federal unemployment tax as pay runs hold it: with the full credit for state unemployment tax."""
    rates = of_year(year)
    return applied(taxable(ytd_before, wages, rates.futa_base), rates.futa - rates.futa_credit)


def futa_credit_reduction(wages_of_year: Decimal, year: int, state: str) -> Decimal:
    """The top-up that Form 940 asks for in the January after, for a state with an unpaid federal loan."""
    rates = of_year(year)
    return applied(taxable(ZERO, wages_of_year, rates.futa_base), rates.credit_reduction.get(state, ZERO))


def state_unemployment(ytd_before: Decimal, wages: Decimal, *, rate: Decimal, base: Decimal) -> Decimal:
    """The state's notice to the contractor gives both the rate and the wage base."""
    return applied(taxable(ytd_before, wages, base), rate)


def overtime_premium(overtime_pay: Decimal, double_time_pay: Decimal = ZERO) -> Decimal:
    """The part of overtime pay beyond straight time, exact: a third of time and a half, half of double time."""
    return overtime_pay / 3 + double_time_pay / 2


def workers_compensation(
    wages: Decimal,
    rate_per_100: Decimal,
    *,
    modifier: Decimal = Decimal(1),
    overtime_pay: Decimal = ZERO,
    double_time_pay: Decimal = ZERO,
) -> Decimal:
    """Payroll / 100 x class rate x experience modifier; give the overtime pay where its premium part is not rated."""
    payroll = wages - overtime_premium(overtime_pay, double_time_pay)
    return cents(payroll / 100 * rate_per_100 * modifier)


def statutory_taxes(ytd_before: Decimal, wages: Decimal, year: int) -> dict[str, Decimal]:
    """Federal employer taxes of one employee and pay run by component: the least that labor costs beyond wages."""
    return {
        "social_security": employer_social_security(ytd_before, wages, year),
        "medicare": employer_medicare(wages, year),
        "futa": employer_futa(ytd_before, wages, year),
    }


def standard_burden(
    ytd_before: Decimal, wages: Decimal, year: int, *, shares: Mapping[str, Decimal] | None = None
) -> dict[str, Decimal]:
    """An estimate where a register states no employer cost: federal taxes, and the contractor's own shares of wages."""
    return statutory_taxes(ytd_before, wages, year) | {
        component: applied(wages, share) for component, share in (shares or {}).items()
    }


def spread_run(amounts: Mapping[str, Decimal], hours: Sequence[Decimal]) -> list[dict[str, Decimal]]:
    """Each amount of a pay run over groups of hours: one mapping per group, and every amount foots to the cent.

    Hours on no job are a group of their own; left out, they would be charged to the jobs.
    """
    columns = {name: spread(amount, list(hours)) for name, amount in amounts.items()}
    return [{name: column[place] for name, column in columns.items()} for place in range(len(hours))]


def burdened_rate(wage: Decimal, *, shares: Iterable[Decimal], per_hour: Iterable[Decimal] = ()) -> Decimal:
    """Cost of one hour: the wage, each share of it to the cent, and what is paid per hour worked."""
    return wage + sum((applied(wage, share) for share in shares), ZERO) + sum(per_hour, ZERO)


def burdened_hour(yearly_cost: Decimal, hours_worked: Decimal) -> Decimal:
    """Cost of an hour actually worked: paid leave, bonus and overtime premium are in the cost, not in the hours."""
    return cents(yearly_cost / hours_worked)
