"""Who worked where: crews follow the work, and the hours they book become the labor budgets' final hours."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from local.sandbox.world.chart import SELF_PERFORMED
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import Employee, Leaf, Project, Quantity, TimeEntry
from local.sandbox.world.money import share

WEEK = timedelta(days=7)
FULL_WEEK = 160
"""Quarter hours beyond which a week's work is overtime."""

_PATTERNS = (
    (62, (32, 32, 32, 32, 32, 0)),
    (9, (32, 32, 32, 32, 0, 0)),
    (9, (32, 32, 32, 32, 26, 0)),
    (10, (36, 36, 36, 36, 36, 0)),
    (5, (40, 40, 40, 40, 40, 0)),
    (5, (32, 32, 32, 32, 32, 24)),
)


@cache
def holidays(year: int) -> frozenset[date]:
    """The paid days off the contractor keeps."""
    may = max(date(year, 5, d) for d in range(25, 32) if date(year, 5, d).weekday() == 0)
    labor = min(date(year, 9, d) for d in range(1, 8) if date(year, 9, d).weekday() == 0)
    thanks = sorted(date(year, 11, d) for d in range(1, 31) if date(year, 11, d).weekday() == 3)[3]
    return frozenset({date(year, 1, 1), may, date(year, 7, 4), labor, thanks, date(year, 12, 25)})


def weeks(began: date, as_of: date) -> Iterator[date]:
    """Mondays from the first week of the books to the week of the as-of date."""
    monday = began
    while monday <= as_of:
        yield monday
        monday += WEEK


@dataclass
class Crew:
    """The field force over time; people are hired when work grows and let go when it shrinks."""

    waiting: list[Employee]
    working: list[Employee]
    site: dict[str, Project]
    opening: bool = True
    """In the first week people are found employed; later they are hired."""

    def resize(self, rng: random.Random, wanted: int, monday: date, last_hire: date) -> None:
        if rng.random() < 0.10 and len(self.working) > 8 and self.waiting:
            self._release(rng.choice(self.working), monday)
        while len(self.working) < wanted and self.waiting and monday <= last_hire:
            person = self.waiting.pop(0)
            person.hired, person.released = (person.hired if self.opening else monday), None
            self.working.append(person)
        while len(self.working) > wanted + 4:
            self._release(self.working[-1], monday)
        self.opening = False

    def _release(self, person: Employee, monday: date) -> None:
        person.released = monday - timedelta(days=3)
        self.working.remove(person)
        self.site.pop(person.number, None)

    def place(self, rng: random.Random, demand: dict[int, tuple[Project, int]]) -> None:
        """People stay on their site while it needs them; the others go where hands are missing."""
        sites = [project for project, _ in demand.values()]
        needs = share(len(self.working), [quarters for _, quarters in demand.values()])
        room = {project.id: need for project, need in zip(sites, needs, strict=True)}
        moving = []
        for person in self.working:
            project = self.site.get(person.number)
            if project and room.get(project.id, 0) > 0:
                room[project.id] -= 1
            else:
                moving.append(person)
        open_slots = [project for project in sites for _ in range(room[project.id])]
        rng.shuffle(open_slots)
        for person, project in zip(moving, open_slots, strict=True):
            self.site[person.number] = project


def work(
    rng: random.Random, employees: list[Employee], made: list[Project], began: date, as_of: date, ids: Ids
) -> list[TimeEntry]:
    """Every timecard entry up to the as-of date; sets the field people's employment dates on the way."""
    craft = [p for p in employees if p.role == "craft"]
    crew = Crew(waiting=craft, working=[], site={})
    superintendents = [p for p in employees if p.role == "superintendent"]
    _assign_superintendents(made, superintendents)
    sized = _smoothed_demand(made, began, as_of)
    entries: list[TimeEntry] = []
    for monday in weeks(began, as_of):
        demand = _demand(made, monday, as_of)
        total = sized[monday]
        crew.resize(rng, max(4, round(total / FULL_WEEK)), monday, as_of - 6 * WEEK)
        if demand:
            crew.place(rng, demand)
            for person in crew.working:
                entries += _week_on_site(rng, person, crew.site[person.number], monday, as_of)
        for person in superintendents:
            entries += _supervise(person, made, monday, as_of)
    for person in crew.waiting:
        person.released = person.hired
    for entry in entries:
        entry.id = ids.next("timecard_entries")
    return entries


def hired_at_all(person: Employee) -> bool:
    return person.released is None or person.released > person.hired


def _demand(made: list[Project], monday: date, as_of: date) -> dict[int, tuple[Project, int]]:
    """Quarter hours of craft work each job asks for in a week."""
    asked = {}
    for project in made:
        if project.phase in {"not_started", "pre_construction"} or monday + WEEK <= project.start:
            continue
        if monday > project.last_day(as_of):
            continue
        quarters = sum(asks for _, asks in leaf_demand(project, monday))
        if quarters:
            asked[project.id] = (project, quarters)
    return asked


def leaf_demand(project: Project, monday: date) -> list[tuple[Leaf, int]]:
    first, last = project.progress(monday), project.progress(monday + WEEK)
    asked = []
    for leaf in project.leaves:
        if leaf.type != "L" or leaf.code == "01-310":
            continue
        begin, end = leaf.window
        overlap = min(last, end) - max(first, begin)
        if overlap > 0:
            asked.append((leaf, int(leaf.planned_hours * overlap / (end - begin))))
    return asked


def _smoothed_demand(made: list[Project], began: date, as_of: date) -> dict[date, float]:
    raw = {monday: sum(q for _, q in _demand(made, monday, as_of).values()) for monday in weeks(began, as_of)}
    mondays = list(raw)
    return {
        monday: sum(raw[m] for m in mondays[max(0, i - 3) : i + 4]) / len(mondays[max(0, i - 3) : i + 4])
        for i, monday in enumerate(mondays)
    }


def _week_on_site(rng: random.Random, person: Employee, project: Project, monday: date, as_of: date) -> list[TimeEntry]:
    choices = leaf_demand(project, monday)
    leaves, weights = [leaf for leaf, _ in choices], [max(1, asks) for _, asks in choices]
    pattern = rng.choices([p for _, p in _PATTERNS], [w for w, _ in _PATTERNS])[0]
    off = holidays(monday.year)
    entries = []
    current = rng.choices(leaves, weights)[0]
    for offset, quarters in enumerate(pattern):
        day = monday + timedelta(days=offset)
        if not quarters or day in off or day > project.last_day(as_of) or day < project.start:
            continue
        if rng.random() < 0.25:
            current = rng.choices(leaves, weights)[0]
        other = rng.choices(leaves, weights)[0]
        if other is not current and rng.random() < 0.10:
            entries.append(TimeEntry(person, day, quarters // 2, project, current))
            entries.append(TimeEntry(person, day, quarters - quarters // 2, project, other))
        else:
            entries.append(TimeEntry(person, day, quarters, project, current))
    return _with_overtime(entries)


def _with_overtime(entries: list[TimeEntry]) -> list[TimeEntry]:
    """What lies beyond forty hours is overtime; the entry that crosses the line is split."""
    made, used = list[TimeEntry](), 0
    for entry in entries:
        straight = max(0, min(entry.quarters, FULL_WEEK - used))
        beyond = entry.quarters - straight
        used += entry.quarters
        if straight:
            made.append(replace(entry, quarters=straight))
        if beyond:
            made.append(replace(entry, quarters=beyond, overtime=True))
    return made


def _assign_superintendents(made: list[Project], superintendents: list[Employee]) -> None:
    """Each job gets the superintendent with the fewest other jobs in its time."""
    load: dict[str, list[Project]] = defaultdict(list)
    for project in made:
        if project.leaf("01-310", "L") is None:
            continue

        def overlap(person: Employee, job: Project = project) -> int:
            return sum(1 for other in load[person.number] if other.planned_finish > job.start)

        project.superintendent = min(superintendents, key=overlap)
        load[project.superintendent.number].append(project)


def _supervise(person: Employee, made: list[Project], monday: date, as_of: date) -> list[TimeEntry]:
    """A superintendent's week, day by day around the jobs he has."""
    entries: list[TimeEntry] = []
    off = holidays(monday.year)
    for offset in range(5):
        day = monday + timedelta(days=offset)
        jobs = [p for p in made if p.superintendent is person and p.start <= day <= p.last_day(as_of)]
        if day in off or day > as_of or not jobs:
            continue
        project = jobs[(offset * len(jobs)) // 5]
        leaf = project.leaf("01-310", "L")
        assert leaf is not None  # jobs without the code have no superintendent
        entries.append(TimeEntry(person, day, 32, project, leaf))
    return entries


def settle_budgets(rng: random.Random, made: list[Project], entries: list[TimeEntry], as_of: date, ids: Ids) -> None:
    """Turn booked hours into final hours, labor budgets and installed quantities."""
    booked: dict[int, list[TimeEntry]] = defaultdict(list)
    for entry in entries:
        booked[id(entry.leaf)].append(entry)
    for project in made:
        for leaf in [leaf for leaf in project.leaves if leaf.type == "L"]:
            _settle(rng, project, leaf, booked[id(leaf)], as_of, ids)
        project.leaves = [leaf for leaf in project.leaves if leaf.type != "L" or leaf.planned_hours]


def _settle(rng: random.Random, project: Project, leaf: Leaf, booked: list[TimeEntry], as_of: date, ids: Ids) -> None:
    so_far = sum(entry.quarters for entry in booked)
    reached = _reached(project, leaf, as_of)
    if project.closed or reached >= 1:
        final = so_far
    else:
        final = round(so_far / reached) if so_far and reached > 0.2 else max(so_far, leaf.planned_hours)
    rate = 7200 if leaf.code == "01-310" else 4700
    leaf.planned_hours, leaf.planned = final, final * rate // 4
    if not final:
        return
    leaf.budget_hours = max(8, round(final / 4 / (1 + leaf.drift)))
    trade = next((t for t in SELF_PERFORMED if t.code == leaf.code), None)
    if trade is None:
        return
    leaf.quantity = max(10, round(leaf.budget_hours * 4 / trade.quarters_per_unit)) * 100
    leaf.quantity_id = ids.next("budgeted_production_quantities")
    leaf.produced = _produce(rng, leaf, booked, final, as_of, ids)
    if rng.random() < 0.08:
        leaf.budget_hours = None


def _reached(project: Project, leaf: Leaf, as_of: date) -> float:
    begin, end = leaf.window
    return min(1.0, max(0.0, (project.progress(as_of) - begin) / (end - begin)))


def _produce(
    rng: random.Random, leaf: Leaf, booked: list[TimeEntry], final: int, as_of: date, ids: Ids
) -> list[Quantity]:
    """A quantity report every second Friday, in step with the hours give or take a little."""
    by_period: dict[date, int] = defaultdict(int)
    for entry in booked:
        friday = entry.day + timedelta(days=(4 - entry.day.weekday()) % 7)
        friday += WEEK * (friday.isocalendar().week % 2)
        by_period[min(friday, as_of)] += entry.quarters
    assert leaf.quantity is not None
    reports, done, hours = list[Quantity](), 0, 0
    for day in sorted(by_period):
        hours += by_period[day]
        reach = min(leaf.quantity, round(leaf.quantity * hours / final * rng.uniform(0.98, 1.02)))
        if hours >= final:
            reach = leaf.quantity
        if reach // 100 * 100 > done:
            reports.append(Quantity(day, reach // 100 * 100 - done, ids.next("actual_production_quantities")))
            done = reach // 100 * 100
    return reports
