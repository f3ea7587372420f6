"""Who brings jobs home: the mean margin of a manager's closed jobs, drawn to the mean of all by how few there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from local.sandbox.world.model import Employee, World
from local.sandbox.world.truth_figure import DIGITS, decimal, over
from local.sandbox.world.truth_job import Job
from local.sandbox.world.truth_policy import Policy

FEW = 3


@dataclass(frozen=True)
class Manager:
    name: str
    margins: tuple[Fraction, ...]

    @property
    def n(self) -> int:
        return len(self.margins)

    @property
    def mean(self) -> Fraction:
        return sum(self.margins, Fraction(0)) / self.n

    @property
    def squares(self) -> Fraction:
        """Squared distances from the own mean: (n - 1) times the sample variance."""
        return sum(((margin - self.mean) ** 2 for margin in self.margins), Fraction(0))


@dataclass(frozen=True)
class Scorecard:
    managers: tuple[Manager, ...]

    @property
    def jobs(self) -> int:
        return sum(manager.n for manager in self.managers)

    @property
    def available(self) -> bool:
        """More than one manager, and more than one job for at least one of them."""
        return len(self.managers) > 1 and self.jobs > len(self.managers)

    @property
    def grand_mean(self) -> Fraction | None:
        return over(sum((m.n * m.mean for m in self.managers), Fraction(0)), self.jobs)

    @property
    def within(self) -> Fraction | None:
        if not self.available:
            return None
        return sum((m.squares for m in self.managers), Fraction(0)) / (self.jobs - len(self.managers))

    @property
    def between(self) -> Fraction | None:
        within, mean, total = self.within, self.grand_mean, self.jobs
        if within is None or mean is None:
            return None
        spread = sum((m.n * (m.mean - mean) ** 2 for m in self.managers), Fraction(0))
        size = total - Fraction(sum(m.n**2 for m in self.managers), total)
        return max(Fraction(0), (spread - (len(self.managers) - 1) * within) / size)

    def credibility(self, manager: Manager) -> Fraction | None:
        if self.between is None or self.within is None:
            return None
        return manager.n / (manager.n + self.within / self.between) if self.between else Fraction(0)

    def score(self, manager: Manager) -> Fraction | None:
        weight, mean = self.credibility(manager), self.grand_mean
        return None if weight is None or mean is None else mean + weight * (manager.mean - mean)

    def ranked(self, manager: Manager) -> bool:
        """Enough jobs, and a spread between managers that is more than chance."""
        return bool(self.between) and manager.n >= FEW

    def half_interval(self, manager: Manager) -> Decimal | None:
        """Half the width of the interval of 90 percent."""
        weight = self.credibility(manager)
        if not self.between or weight is None:
            return None
        root = DIGITS.sqrt(Decimal(decimal(self.between * (1 - weight))))
        return DIGITS.multiply(Decimal("1.645"), root)

    def to_json(self) -> dict[str, Any]:
        return {
            "available": self.available,
            "jobs": self.jobs,
            "grand_mean": _text(self.grand_mean),
            "within_variance": _text(self.within),
            "between_variance": _text(self.between),
            "ranked": any(self.ranked(manager) for manager in self.managers),
            "managers": {manager.name: self._line(manager) for manager in self.managers},
        }

    def _line(self, manager: Manager) -> dict[str, Any]:
        half = self.half_interval(manager)
        return {
            "n": manager.n,
            "mean": _text(manager.mean),
            "deviation_squared": _text(over(manager.squares, manager.n - 1)),
            "credibility": _text(self.credibility(manager)),
            "score": _text(self.score(manager)),
            "half_interval": None if half is None else format(half, "f"),
            "ranked": self.ranked(manager),
        }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else decimal(value)


def scorecard(world: World, jobs: list[Job], policy: Policy) -> Scorecard:
    """The managers' closed jobs of the last months, one vote each."""
    since = months_before(world.as_of, policy.scorecard_months)
    found: dict[str, list[Fraction]] = defaultdict(list)
    for job in jobs:
        margin = over(job.gpc, job.tp)
        recent = max((entry.day for entry in job.entries), default=date.min) > since
        if job.closed and margin is not None and recent and (name := manager_of(world, job)):
            found[name].append(margin)
    return Scorecard(tuple(Manager(name, tuple(found[name])) for name in sorted(found)))


def manager_of(world: World, job: Job) -> str | None:
    """The name Procore shows for the job's manager; None when the job is shared."""
    if job.project.co_manager:
        return None
    return next((shown(person) for person in world.managers if person.number == str(job.project.manager)), None)


def shown(person: Employee) -> str:
    return f"{person.nickname or person.first} {person.last}"


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
