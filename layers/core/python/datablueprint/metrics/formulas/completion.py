"""Estimate at completion and margin, each formula a line that can be checked against a textbook.

Arguments are money unless named otherwise. Every function takes plain Decimals
or terms. Letters in the docstrings are those of construction cost control:
RB revised budget, CC committed cost, IC invoiced on commitments, A actual cost
to date, OC open commitment, p physical percent complete (0 to 1).
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number, largest, least, zero


def revised_budget(original: Number, modifications: Number, approved_changes: Number) -> Number:
    """RB = original budget + transfers + cost of approved change orders."""
    return original + modifications + approved_changes


def projected_cost(committed: Number, actual: Number, invoiced: Number) -> Number:
    """PC = CC + (A - IC): commitments in full, plus what was spent outside them."""
    return committed + (actual - invoiced)


def eac_committed(budget: Number, committed: Number, actual: Number, invoiced: Number) -> Number:
    """E1 = max(RB, CC + A - IC, A): the rest of the budget will be spent."""
    return largest(budget, projected_cost(committed, actual, invoiced), actual)


def eac_budget_or_actual(budget: Number, actual: Number, open_commitment: Number) -> Number:
    """E2 = max(RB, A, A + OC)."""
    return largest(budget, actual, actual + open_commitment)


def eac_earned_value(actual: Number, progress: Number) -> Number:
    """E3a = RB / CPI = A / p: the cost trend so far continues. Needs p > 0."""
    return actual / progress


def earned_value(progress: Number, budget: Number) -> Number:
    """EV = p x RB: the budget of the work that is done."""
    return progress * budget


def cost_performance(earned: Number, actual: Number) -> Number:
    """CPI = EV / A. Needs A > 0; never from cost-to-cost progress, which would make it circular."""
    return earned / actual


def to_complete_performance(budget: Number, earned: Number, actual: Number) -> Number:
    """TCPI to budget = (RB - EV) / (RB - A). Needs RB > A: a spent budget cannot be met by any performance."""
    return (budget - earned) / (budget - actual)


def eac_atypical(actual: Number, budget: Number, earned: Number) -> Number:
    """E3b = A + (RB - EV): the rest will cost what was budgeted for it."""
    return actual + (budget - earned)


def eac_cost_and_time(actual: Number, budget: Number, earned: Number, planned: Number) -> Number:
    """E3c = A + (RB - EV) / (CPI x SPI), SPI = EV / PV. Needs EV, A and PV above zero."""
    return actual + (budget - earned) / ((earned / actual) * (earned / planned))


def eac_credit(budget: Number, actual: Number) -> Number:
    """A code that holds only credits (RB < 0): A + credits still expected, RB until something is posted."""
    return actual + least(budget - least(actual, zero(actual)), zero(actual))


def s_curve(elapsed: Number, c: Number, k: Number) -> Number:
    """E7, check only: share of cost at a share x of the time, x + Cx^2 - Cx - (6x^3 - 9x^2 + 3x)/K; 0 at 0, 1 at 1."""
    square = elapsed * elapsed
    cubic = _times(square * elapsed, 6) - _times(square, 9) + _times(elapsed, 3)
    return elapsed + c * square - c * elapsed - cubic / k


def _times(number: Number, n: int) -> Number:
    total = number
    for _ in range(n - 1):
        total = total + number
    return total


def eac_labor_hours(actual: Number, hours: Number, progress: Number, rate: Number) -> Number:
    """E4 = A + max(0, H/p - H) x rate; `hours` worked so far, `rate` money per hour still to come."""
    remaining = largest(hours / progress - hours, zero(hours))
    return actual + remaining * rate


def eac_burn_rate(actual: Number, weekly_cost: Number, weeks_left: Number) -> Number:
    """E5 = A + cost per week x weeks to the planned finish."""
    return actual + weekly_cost * weeks_left


def eac_manual(committed: Number, actual: Number, invoiced: Number, forecast_to_complete: Number) -> Number:
    """E6 = PC + FTC: Procore's forecast to complete comes on top of projected cost, not of cost to date."""
    return projected_cost(committed, actual, invoiced) + forecast_to_complete


def floored(eac: Number, actual: Number, open_commitment: Number) -> Number:
    """No estimate is below what is spent, nor below that plus what is signed and not yet invoiced."""
    return largest(eac, actual, actual + open_commitment)


def hours_at_completion(hours: Number, progress: Number) -> Number:
    """H_A / p: the pace so far continues. Needs p > 0."""
    return hours / progress


def cost_to_complete(eac: Number, actual: Number) -> Number:
    """ETC = EAC - A."""
    return eac - actual


def variance_at_completion(budget: Number, eac: Number) -> Number:
    """VAC = RB - EAC, favourable positive."""
    return budget - eac


def buyout(budget: Number, committed: Number) -> Number:
    """Budget of the bought lines - CC: what buying gained on the estimate."""
    return budget - committed


def open_on_line(committed: Number, invoiced: Number) -> Number:
    """OC of one line = max(0, CC - IC): an over-invoiced line opens no other one."""
    return largest(committed - invoiced, zero(committed))


def gross_profit(transaction_price: Number, eac: Number) -> Number:
    """GPC = TP - EAC."""
    return transaction_price - eac


def margin(profit: Number, transaction_price: Number) -> Number:
    """GMC = GPC / TP. The caller checks TP > 0: a margin on no revenue does not exist."""
    return profit / transaction_price


def markup(profit: Number, eac: Number) -> Number:
    """MKC = GPC / EAC. The caller checks EAC > 0."""
    return profit / eac
