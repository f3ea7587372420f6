"""How far a manager's average can be believed: empirical Bayes credibility (specification, section 20).

m_ij is the margin of job j of manager i, one job one vote. n_i jobs and mean
mbar_i per manager, N jobs and k managers in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from datablueprint.metrics.terms import Number, Term, constant, largest, root, zero

NINETY_PERCENT = Decimal("1.645")
"""Half the width of a 90% interval in standard deviations."""


def whole(number: int, like: Number) -> Number:
    """A count as the same kind of number."""
    return constant(Decimal(number), "count") if isinstance(like, Term) else Decimal(number)


def added(numbers: Sequence[Number]) -> Number:
    """The sum of at least one number."""
    result = numbers[0]
    for each in numbers[1:]:
        result = result + each
    return result


def mean(numbers: Sequence[Number]) -> Number:
    return added(numbers) / whole(len(numbers), numbers[0])


def squared_deviations(numbers: Sequence[Number], centre: Number) -> Number:
    """Sum of (x - centre)^2."""
    return added([(x - centre) * (x - centre) for x in numbers])


def deviation(numbers: Sequence[Number]) -> Number:
    """The sample standard deviation; needs two numbers."""
    return root(squared_deviations(numbers, mean(numbers)) / whole(len(numbers) - 1, numbers[0]))


def grand_mean(means: Sequence[Number], jobs: Sequence[int]) -> Number:
    """mu = sum of n_i x mbar_i / N: every job counts the same."""
    weighted = [whole(n, m) * m for m, n in zip(means, jobs, strict=True)]
    return added(weighted) / whole(sum(jobs), means[0])


def within_variance(squares: Sequence[Number], jobs: Sequence[int]) -> Number:
    """s2 = sum of each manager's squared deviations / (N - k). Needs more jobs than managers."""
    return added(squares) / whole(sum(jobs) - len(jobs), squares[0])


def between_variance(means: Sequence[Number], jobs: Sequence[int], centre: Number, within: Number) -> Number:
    """t2 = max(0, [sum of n_i (mbar_i - mu)^2 - (k - 1) s2] / (N - sum of n_i^2 / N)). Needs two managers."""
    spread = added([whole(n, m) * (m - centre) * (m - centre) for m, n in zip(means, jobs, strict=True)])
    jobs_in_all = whole(sum(jobs), centre)
    effective = jobs_in_all - whole(sum(n * n for n in jobs), centre) / jobs_in_all
    return largest((spread - whole(len(jobs) - 1, within) * within) / effective, zero(centre))


def credibility(jobs: Number, within: Number, between: Number) -> Number:
    """Z = n / (n + s2 / t2). The caller checks t2 > 0; without it Z is 0."""
    return jobs / (jobs + within / between)


def score(centre: Number, weight: Number, own: Number) -> Number:
    """mu + Z (mbar - mu): the fewer the jobs, the closer to everybody's mean."""
    return centre + weight * (own - centre)


def margin_of_error(between: Number, weight: Number) -> Number:
    """1.645 x sqrt(t2 (1 - Z)): half of the 90% interval."""
    one = whole(1, weight)
    half = constant(NINETY_PERCENT, "90% interval") if isinstance(between, Term) else NINETY_PERCENT
    return half * root(between * (one - weight))


def slope_t_ratio(sizes: Sequence[Decimal], margins: Sequence[Decimal]) -> Decimal | None:
    """How many standard errors the slope of margin on ln(contract value) is from none; None when it cannot be told."""
    jobs = Decimal(len(sizes))
    if jobs < 3 or any(size <= 0 for size in sizes):
        return None
    logs = [size.ln() for size in sizes]
    x, y = sum(logs) / jobs, sum(margins) / jobs
    spread = sum(((a - x) ** 2 for a in logs), Decimal(0))
    if not spread:
        return None
    slope = sum(((a - x) * (b - y) for a, b in zip(logs, margins, strict=True)), Decimal(0)) / spread
    left = sum(((b - y - slope * (a - x)) ** 2 for a, b in zip(logs, margins, strict=True)), Decimal(0))
    error = (left / (jobs - 2) / spread).sqrt()
    return slope / error if error else None


def size_residuals(sizes: Sequence[Decimal], margins: Sequence[Decimal]) -> list[Decimal]:
    """What is left of each margin after the straight line of margin on ln(contract value)."""
    jobs = Decimal(len(sizes))
    logs = [size.ln() for size in sizes]
    x, y = sum(logs) / jobs, sum(margins) / jobs
    spread = sum(((a - x) ** 2 for a in logs), Decimal(0))
    slope = sum(((a - x) * (b - y) for a, b in zip(logs, margins, strict=True)), Decimal(0)) / spread
    return [b - y - slope * (a - x) for a, b in zip(logs, margins, strict=True)]
