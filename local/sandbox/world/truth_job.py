"""One job as the metrics see it: what the truth concluded, and every counted cost with its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from local.sandbox.world.model import ChangeOrder, Leaf, Project
from local.sandbox.world.truth import LeafTruth, ProjectTruth
from local.sandbox.world.truth_costs import Costs, Entry
from local.sandbox.world.truth_price import approved_changes, hours_at_completion, signed_contracts

MEASURED = Fraction(1, 5)
"""Physical progress from which a trend is believed."""
PENDING = {"pending", "revised", "pricing", "not_pricing", "proceeding", "not_proceeding"}
NOT_POSTED = {"unprocessed_time", "procore_only"}
NO_CONTRACT = "contract value (Procore)"


@dataclass(frozen=True)
class Job:
    """A project, what the truth says of it, and its counted costs up to the day."""

    truth: ProjectTruth
    entries: tuple[Entry, ...]
    as_of: date
    week_end: date
    """Sunday of the last complete week."""

    @property
    def project(self) -> Project:
        return self.truth.project

    @property
    def number(self) -> str:
        return self.project.number

    @property
    def closed(self) -> bool:
        return self.project.closed

    @cached_property
    def started(self) -> bool:
        return any(entry.amount or entry.quarters for entry in self.entries)

    @property
    def active(self) -> bool:
        return self.started and not self.closed

    @cached_property
    def tp(self) -> int | None:
        return self.truth.tp

    @cached_property
    def eac(self) -> int:
        return self.truth.eac

    @cached_property
    def actual(self) -> int:
        return self.truth.actual

    @property
    def gpc(self) -> int | None:
        return None if self.tp is None else self.tp - self.eac

    @cached_property
    def labor(self) -> list[LeafTruth]:
        return [leaf for leaf in self.truth.leaves if leaf.type == "L"]

    @property
    def original(self) -> int:
        return sum(leaf.original for leaf in self.project.leaves)

    @property
    def modified(self) -> int:
        return sum(leaf.modifications for leaf in self.project.leaves)

    @property
    def revised(self) -> int:
        return sum(leaf.rb for leaf in self.truth.leaves)

    @property
    def contracted(self) -> int | None:
        """Original value of the signed contracts; None while nothing is signed."""
        signed = signed_contracts(self.project)
        return sum(contract.amount for contract in signed) if signed else None

    @property
    def approved(self) -> int:
        return sum(approved_changes(contract, self.as_of) for contract in signed_contracts(self.project))

    @property
    def pending(self) -> list[ChangeOrder]:
        """Asked of the owner on signed contracts and not answered yet, each at its highest tier."""
        return [
            change
            for contract in signed_contracts(self.project)
            for change in contract.changes
            if change.status in PENDING and change.created <= self.as_of
        ]

    def planned(self, leaf: LeafTruth) -> Leaf | None:
        """The line of the estimate behind a leaf; None for cost nobody planned."""
        return self._planned.get((leaf.code, leaf.type))

    @cached_property
    def _planned(self) -> dict[tuple[str, str], Leaf]:
        return {leaf.key: leaf for leaf in self.project.leaves}

    def believed(self, leaf: LeafTruth) -> Fraction | None:
        """Installed over planned quantity; None where nothing is measured or more than everything is."""
        line = self.planned(leaf)
        found = line.installed_share(self.as_of) if line else None
        return found if found is not None and 0 <= found <= 1 else None

    def budget_hours(self, leaf: LeafTruth) -> Fraction:
        line = self.planned(leaf)
        return Fraction(line.budget_hours or 0) if line else Fraction(0)

    def hours_at_completion(self, leaf: LeafTruth) -> Fraction:
        return hours_at_completion(self.project, leaf, self.as_of)

    def window(self, weeks: int) -> Iterator[Entry]:
        """Labor paid, or applied to pay, that is dated in the last complete weeks."""
        first = self.week_end - timedelta(days=7 * weeks)
        for entry in self.entries:
            if entry.key[1] == "L" and entry.bucket not in NOT_POSTED and first < entry.day <= self.week_end:
                yield entry


def hours_of(leaf: LeafTruth) -> Fraction:
    return Fraction(leaf.hours, 4)


def jobs_of(truths: Iterable[ProjectTruth], costs: Costs) -> list[Job]:
    """Every project with its own costs."""
    own: dict[int, list[Entry]] = defaultdict(list)
    for entry in costs.entries:
        if entry.project is not None:
            own[entry.project.id].append(entry)
    return [Job(truth, tuple(own[truth.project.id]), costs.as_of, costs.week_end) for truth in truths]
