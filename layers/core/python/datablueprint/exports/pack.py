"""Everything a surety pack tells, gathered once from a desk; the workbook and the document only lay it out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from datablueprint.exports.columns import ACTUAL, BILLED, CONTRACT, MARGIN, PROFIT, Column, columns
from datablueprint.metrics.estimates import ALONGSIDE, METHODS

Row = Mapping[str, Any]
FROM_RECORDS = (CONTRACT, ACTUAL, BILLED)
"""The inputs of the schedule that are sums of records."""
OF_PAY = frozenset({"D6", "D7", "D8"})
"""Rules of labor: payroll, time not yet paid, applied burden."""
EARN_BY_COST = ("lump_sum", "gmp")
"""Contract types whose revenue is percent complete of the price; the others earn what is billable."""
GRADES = "ABCU"


class Desk(Protocol):
    """What a pack needs of one pinned snapshot."""

    @property
    def company(self) -> str: ...
    @property
    def measures(self) -> Any: ...
    def figure(self, figure_id: str) -> Any: ...
    def citations(self, figure: Any) -> list[dict[str, Any]]:
        """Record and amount of everything a figure adds up."""
        ...


@dataclass(frozen=True)
class Stated:
    """A figure as the schedule states it; `value` is None when it is unavailable or withheld."""

    figure_id: str
    value: Decimal | None
    shown: str
    grade: str
    method: str = ""


@dataclass(frozen=True)
class Line:
    """One contract. `tag` is its name inside the workbook: short, and nothing that a spreadsheet could misread."""

    tag: str
    project: str
    name: str
    cells: Mapping[str, Stated]
    earned_in_period: Decimal | None
    closed: bool
    earns_by_cost: bool
    priced_by_terms: bool
    """The price is what the contract's terms make of cost, hours or quantities: no sum of records."""
    assumptions: tuple[str, ...] = ()

    @property
    def grade(self) -> str:
        """The worst grade of the line."""
        return max((cell.grade for cell in self.cells.values()), key=GRADES.index)


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[Line, ...]
    totals: Mapping[str, Stated]
    closed: bool


def sums(lines: Iterable[Line], columns: Iterable[Column]) -> dict[str, Decimal]:
    """The total of each column over the lines that state it; the margin is of the totals, never averaged."""
    held = list(lines)
    found = {
        column.metric: sum((c.value for line in held if (c := line.cells.get(column.metric)) and c.value), Decimal(0))
        for column in columns
        if column.total
    }
    if MARGIN in found:
        found[MARGIN] = found[PROFIT] / found[CONTRACT] if found[CONTRACT] > 0 else Decimal(0)
    return found


@dataclass(frozen=True)
class Record:
    """What one record brings into one figure of the schedule."""

    tag: str
    project: str
    metric: str
    amount: Decimal
    on: date | None
    party: str
    rule: str
    record_id: str


@dataclass(frozen=True)
class Leaf:
    """The estimate of one cost code and type."""

    tag: str
    project: str
    code: str
    kind: str
    budget: Decimal
    committed: Decimal
    actual: Decimal
    method: str
    method_in_words: str
    eac: Decimal
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True)
class Pack:
    company: str
    as_of: date
    known_on: date
    snapshot: str
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    records: tuple[Record, ...]
    leaves: tuple[Leaf, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def lines(self) -> Iterator[Line]:
        for section in self.sections:
            yield from section.lines

    @property
    def has_period(self) -> bool:
        """Whether the previous close is known, of any line."""
        return any(line.earned_in_period is not None for line in self.lines)

    @property
    def in_progress(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if not section.closed)

    @property
    def completed(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.closed)


def gather(desk: Desk, schedule: Row) -> Pack:
    """The pack of a schedule as `statements.wip` tells it, with the records and estimates under it from its desk."""
    tags = {line["project"]: "" for section in schedule["sections"] for line in section["lines"]}
    tags = {project: f"job {number}" for number, project in enumerate(tags, start=1)}
    sections = tuple(_section(desk, each, tags) for each in schedule["sections"])
    return Pack(
        company=desk.company,
        as_of=date.fromisoformat(schedule["as_of"]),
        known_on=desk.measures.known_on,
        snapshot=schedule["snapshot"],
        columns=columns(schedule["columns"]),
        sections=sections,
        records=tuple(_records(desk, sections)),
        leaves=tuple(_leaves(desk, tags)),
        left_out=tuple(schedule["left_out"]),
        notes=tuple(schedule["notes"]),
    )


def _section(desk: Desk, stated: Row, tags: Mapping[str, str]) -> Section:
    """A group of closed projects calls itself so; its totals are figures of that group."""
    closed = any(cell["dimensions"]["scope"].startswith("closed") for cell in stated["totals"].values())
    lines = tuple(_line(desk, line, tags[line["project"]], closed=closed) for line in stated["lines"])
    totals = {name: _stated(desk, cell) for name, cell in stated["totals"].items()}
    return Section(stated["title"], lines, totals, closed)


def _line(desk: Desk, stated: Row, tag: str, *, closed: bool) -> Line:
    terms = desk.measures.policy.contract_terms.get(stated["project"])
    period = stated["earned_in_period"]
    figures = [desk.figure(cell["id"]) for cell in stated["cells"].values()]
    return Line(
        tag=tag,
        project=stated["project"],
        name=stated["name"],
        cells={name: _stated(desk, cell) for name, cell in stated["cells"].items()},
        earned_in_period=Decimal(period["value"]) if period else None,
        closed=closed,
        earns_by_cost=terms is None or terms.type in EARN_BY_COST,
        priced_by_terms=terms is not None and terms.type != "lump_sum",
        assumptions=tuple(dict.fromkeys(note for figure in figures for note in figure.assumptions)),
    )


def _stated(desk: Desk, cell: Row) -> Stated:
    value = None if cell["value"] is None else Decimal(cell["value"])
    return Stated(cell["id"], value, cell["shown"], cell["grade"], desk.figure(cell["id"]).method)


def _records(desk: Desk, sections: Sequence[Section]) -> Iterator[Record]:
    for line in (line for section in sections for line in section.lines):
        for metric in FROM_RECORDS:
            told = line.cells.get(metric)
            if told is not None and told.value is not None:
                cited = [_record(line, metric, each) for each in desk.citations(desk.figure(told.figure_id))]
                yield from (record for record in cited if record.rule not in OF_PAY)
                yield from _pay_by_month([record for record in cited if record.rule in OF_PAY])


def _pay_by_month(records: Sequence[Record]) -> Iterator[Record]:
    """The pack leaves the company, and a record of pay is what one person earned: one row per job and month instead."""
    months: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        months[f"{record.on:%Y-%m}" if record.on else "without a day"].append(record)
    for month, held in sorted(months.items()):
        amount = sum((record.amount for record in held), Decimal(0))
        party = f"{len(held)} records of pay and time of {month}"
        last = max((record.on for record in held if record.on), default=None)
        yield replace(held[0], amount=amount, on=last, party=party, rule="D6", record_id=f"payroll of {month}")


def _record(line: Line, metric: str, cited: Row) -> Record:
    return Record(
        tag=line.tag,
        project=line.project,
        metric=metric,
        amount=Decimal(cited["amount"]),
        on=cited["on"],
        party=cited["party"] or "",
        rule=cited["rule"] or "",
        record_id=cited["record_id"],
    )


def _leaves(desk: Desk, tags: Mapping[str, str]) -> Iterator[Leaf]:
    for project in desk.measures.projects.values():
        if project.key in tags:
            for found in desk.measures.estimates(project):
                yield Leaf(
                    tag=tags[project.key],
                    project=project.key,
                    code=found.place[1],
                    kind=found.place[2],
                    budget=found.budget,
                    committed=found.committed,
                    actual=found.actual,
                    method=found.method,
                    method_in_words=(METHODS | ALONGSIDE)[found.method],
                    eac=found.eac.value,
                    lowest=found.lowest,
                    highest=found.highest,
                )
