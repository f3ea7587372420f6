"""What labor cost each budget code: the register spread over hours, the premiums on it, and time not yet paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from local.sandbox.world.model import PayRun, PayStub, Project, TimeEntry, World
from local.sandbox.world.money import half_up, share
from local.sandbox.world.truth_burden import applied, unrated
from local.sandbox.world.truth_costs import Costs, Entry

Group = tuple[str, str, str]
"""(project id, code, type) as text, the order in which a pool's odd cents are given."""


class Part(NamedTuple):
    """A piece of one person's run; group None is cost that belongs to no job."""

    group: Group | None
    component: str
    amount: int
    quarters: int = 0
    overtime: int = 0
    """What of the wages was paid for overtime, premium included."""
    double_time: int = 0


def paid(world: World, costs: Costs) -> None:
    """Every processed run up to the as-of date."""
    projects = {str(project.id): project for project in world.projects}
    booked: dict[tuple[str, date], list[TimeEntry]] = defaultdict(list)
    for entry in world.time:
        booked[entry.employee.number, entry.day].append(entry)
    for run in [run for run in world.runs if run.processed and run.end <= costs.as_of]:
        days = [run.start + timedelta(days=i) for i in range((run.end - run.start).days + 1)]
        for stub in run.stubs:
            entries = [entry for day in days for entry in booked.get((stub.employee.number, day), ())]
            for part in _spread(run, stub, entries):
                _book(costs, projects, run, stub, part)


def _book(costs: Costs, projects: dict[str, Project], run: PayRun, stub: PayStub, part: Part) -> None:
    group, component, amount, quarters = part[:4]
    labor: dict[str, Any] = {"component": component, "person": stub.employee, "paid": run.check}
    if group is None:
        costs.coverage["unassigned_payroll"] += amount
        costs.entries.append(Entry(None, ("unassigned", "L"), amount, run.end, "payroll", quarters, **labor))
        return
    project, code, kind = projects[group[0]], group[1], group[2]
    cost = costs.add(project, (code, kind), amount, run.end, "payroll", quarters, **labor)
    if costs.recent(run.end):
        cost.paid += amount
        cost.paid_hours += quarters
    if component == "wages":
        _apply_premiums(costs, project, (code, kind), run, stub, part)


def _apply_premiums(
    costs: Costs, project: Project, key: tuple[str, str], run: PayRun, stub: PayStub, part: Part
) -> None:
    pieces = applied(
        key[0],
        run.end,
        wages=part.amount,
        quarters=part.quarters,
        overtime=part.overtime,
        double_time=part.double_time,
    )
    for component, amount in pieces:
        cost = costs.add(
            project, key, amount, run.end, "applied", component=component, person=stub.employee, paid=run.check
        )
        if costs.recent(run.end):
            cost.paid += amount
    for component in unrated(key[0], run.end):
        costs.unrated[component, key[0], project.id] += part.amount


def _spread(run: PayRun, stub: PayStub, entries: list[TimeEntry]) -> list[Part]:
    """One person's run cut into wages and burden of each group; the hours go with the wages."""
    if run.provider == "gusto":
        weights = _timecard_groups(entries)
        beyond = stub.worked - sum(weights.values())
        groups, hours = _weighted(weights, beyond)
        worked: dict[Group | None, int] = {**weights, None: max(0, beyond)}
        pools = (stub.gross, _paid_as(stub, "OT"), _paid_as(stub, "DT"))
        cuts = zip(groups, *(share(pool, hours) for pool in pools), strict=True)
        wages = [Part(group, "wages", amount, worked[group], *extra) for group, amount, *extra in cuts]
        return [*wages, *_burden(stub, groups, hours)]
    wages = list(_as_paid(stub))
    weights = {part.group: part.quarters for part in wages if part.group}
    beyond = sum(part.quarters for part in wages if part.group is None)
    return [*wages, *_burden(stub, *_weighted(weights, beyond))]


def _paid_as(stub: PayStub, pay_type: str) -> int:
    return sum(line.amount for line in stub.lines if line.pay_type == pay_type)


def _as_paid(stub: PayStub) -> Iterator[Part]:
    """Wages where the register's own lines put them."""
    sums: dict[Group | None, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for line in stub.lines:
        if line.pay_type == "REIMB":
            continue
        project, leaf = line.project, line.leaf
        group: Group | None = (str(project.id), leaf.code, leaf.type) if project and leaf else None
        found = sums[group]
        found[0] += line.amount
        found[1] += line.quarters if line.pay_type in {"REG", "OT", "DT"} else 0
        found[2] += line.amount if line.pay_type == "OT" else 0
        found[3] += line.amount if line.pay_type == "DT" else 0
    for group, (amount, quarters, overtime, double_time) in sums.items():
        yield Part(group, "wages", amount, quarters, overtime, double_time)


def _timecard_groups(entries: list[TimeEntry]) -> dict[Group, int]:
    weights: dict[Group, int] = defaultdict(int)
    for entry in entries:
        weights[str(entry.project.id), entry.leaf.code, entry.leaf.type] += entry.quarters
    return dict(weights)


def _weighted(weights: dict[Group, int], beyond: int) -> tuple[list[Group | None], list[int]]:
    """Groups in the order of their ids and what each weighs; hours on no job come last."""
    groups: list[Group | None] = [*sorted(weights)]
    hours = [weights[group] for group in sorted(weights)]
    if beyond > 0 or not hours:
        groups.append(None)
        hours.append(max(beyond, 1))
    return groups, hours


def _burden(stub: PayStub, groups: list[Group | None], hours: list[int]) -> list[Part]:
    """The pool of employer cost, cut by hours so that it foots."""
    return [Part(group, "burden", cut) for group, cut in zip(groups, share(stub.burden, hours), strict=True)]


def unpaid(world: World, costs: Costs) -> None:
    """Timecards that no processed run covers yet, at the person's newest paid rate."""
    covered: set[tuple[str, date]] = set()
    rate: dict[str, Fraction] = {}
    for run in sorted((run for run in world.runs if run.processed), key=lambda run: run.end):
        days = [run.start + timedelta(days=i) for i in range((run.end - run.start).days + 1)]
        for stub in run.stubs:
            covered.update((stub.employee.number, day) for day in days)
            if stub.worked:
                rate[stub.employee.number] = Fraction(stub.gross + stub.burden, stub.worked)
    for entry in world.time:
        person = entry.employee.number
        if entry.day > costs.as_of or (person, entry.day) in covered:
            continue
        amount = half_up(entry.quarters * rate.get(person, Fraction(0)))
        costs.add(
            entry.project, entry.leaf.key, amount, entry.day, "unprocessed_time", entry.quarters, person=entry.employee
        )
