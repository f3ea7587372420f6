"""The pack as a workbook: inputs are numbers, everything else follows from them by formula, and the checks are live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.exports import supports
from datablueprint.exports.cells import Book, Formula, Value, at, lay_out
from datablueprint.exports.columns import CLOSED, EARNED, OVER, PERCENT, UNDER, Column
from datablueprint.exports.pack import Line, Pack, Section, sums

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FIRST_METRIC = 3
HEADINGS = 5
ZERO = Decimal(0)


@dataclass
class Placed:
    """Where things came to stand: lines and figures that other sheets refer to, e.g. `WIP!$C$7`."""

    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    """By tag and metric."""
    checks: list[supports.Check] = field(default_factory=list)


def workbook(pack: Pack) -> bytes:
    """The bytes of the .xlsx."""
    book, placed = Book(), Placed()
    Schedule(book, pack, placed, "WIP", "Work in progress", pack.in_progress).write()
    if pack.completed:
        Schedule(book, pack, placed, "Completed contracts", "Completed contracts", pack.completed).write()
    supports.tie_outs(book, pack, placed.cells)
    supports.records(book, pack)
    supports.estimates(book, pack)
    supports.figures(book, pack, placed.checks)
    supports.notes(book, pack)
    supports.verdict(book, placed.checks)
    return book.content()


class Schedule:
    """One sheet of sections: lines, totals by SUM, and beneath them the totals that the figures state."""

    def __init__(
        self, book: Book, pack: Pack, placed: Placed, name: str, title: str, sections: Sequence[Section]
    ) -> None:
        self.book, self.pack, self.placed, self.title, self.sections = book, pack, placed, title, sections
        self.sheet: Worksheet = book.sheet(name)
        self.columns = {c.metric: FIRST_METRIC + n for n, c in enumerate(pack.columns)}
        self.width = FIRST_METRIC + len(self.columns) - 1 + (2 if pack.has_period else 0) + 2
        self.totals: list[int] = []
        self.row = HEADINGS

    def write(self) -> None:
        supports.heading(self.book, self.sheet, self.pack, self.title)
        self._headings()
        for section in self.sections:
            self._section(section)
        if len(self.sections) > 1:
            self._grand_total()
        self._net()
        money = [15.0] * (self.width - 4)
        lay_out(
            self.sheet,
            [11, 34, *money, 22, 7],
            header=f"{self.pack.company}, as of {self.pack.as_of}",
            titles=f"{HEADINGS}:{HEADINGS}",
            freeze=at(HEADINGS + 1, FIRST_METRIC),
        )

    def _headings(self) -> None:
        names = [column.heading for column in self.pack.columns]
        period = ["Earned at previous close", "Earned this period"] if self.pack.has_period else []
        told = ["Project", "Name", *names, *period, "Revenue earned by", "Grade"]
        self.book.row(self.sheet, HEADINGS, [(name, "Heading") for name in told])
        self.sheet.row_dimensions[HEADINGS].height = 45

    def _section(self, section: Section) -> None:
        self.row += 1
        self.book.put(self.sheet, self.row, 1, section.title.capitalize(), "Section")
        first = self.row + 1
        for line in section.lines:
            self.row += 1
            self._line(line)
        last = self.row
        self.row += 1
        totals = sums(section.lines, self.pack.columns)
        self._total(f"Total {section.title}", totals, lambda column: f"SUM({at(first, column)}:{at(last, column)})")
        self._period_total(section.lines, first, last)
        self.totals.append(self.row)
        self._stated(section, self.row, totals)

    def _line(self, line: Line) -> None:
        self.book.put(self.sheet, self.row, 1, line.project, "Name")
        self.book.put(self.sheet, self.row, 2, line.name, "Name")
        for column in self.pack.columns:
            self._cell(line, column)
        if self.pack.has_period:
            self._period(line)
        by_cost = "closed: the whole price" if line.closed else "percent complete of the price"
        told = by_cost if line.closed or line.earns_by_cost else line.cells[EARNED].method
        self.book.put(self.sheet, self.row, self.width - 1, told, "Name")
        self.book.put(self.sheet, self.row, self.width, line.grade, "Name")

    def _cell(self, line: Line, column: Column) -> None:
        stated = line.cells.get(column.metric)
        place = self.columns[column.metric]
        if stated is None or stated.value is None:
            self.book.put(self.sheet, self.row, place, stated.shown if stated else "unavailable", "Unavailable")
            return
        kind = "ratio" if column.ratio else "money"
        formula = _formula(line, column)
        if formula:
            value: Value = Formula(formula.format_map(self._cells_of(self.row)), stated.value)
            self.book.put(self.sheet, self.row, place, value, f"Formula {kind}")
        else:
            self.book.put(self.sheet, self.row, place, stated.value, f"Input {kind}")
        address = f"'{self.sheet.title}'!{at(self.row, place, fixed=True)}"
        self.placed.cells[line.tag, column.metric] = address
        self.placed.checks.append(supports.Check(f"{line.project} {line.name}", column, stated, address, stated.value))

    def _cells_of(self, row: int) -> Mapping[str, str]:
        return {metric: at(row, column) for metric, column in self.columns.items()}

    def _period(self, line: Line) -> None:
        """What was earned at the previous close is an input; the period is what came since."""
        now, place = line.cells[EARNED], FIRST_METRIC + len(self.columns)
        if line.earned_in_period is None or now.value is None:
            self.book.put(self.sheet, self.row, place + 1, "unavailable", "Unavailable")
            return
        before = now.value - line.earned_in_period
        self.book.put(self.sheet, self.row, place, before, "Input money")
        formula = f"{at(self.row, self.columns[EARNED])}-{at(self.row, place)}"
        self.book.put(self.sheet, self.row, place + 1, Formula(formula, line.earned_in_period), "Formula money")

    def _period_total(self, lines: Iterable[Line], first: int, last: int) -> None:
        if not self.pack.has_period:
            return
        known = [(x.cells[EARNED].value or ZERO, x.earned_in_period) for x in lines if x.earned_in_period is not None]
        before, since = sum((now - new for now, new in known), ZERO), sum((new for _, new in known), ZERO)
        for place, value in enumerate((before, since), start=FIRST_METRIC + len(self.columns)):
            formula = Formula(f"SUM({at(first, place)}:{at(last, place)})", value)
            self.book.put(self.sheet, self.row, place, formula, "Total money")

    def _total(self, name: str, totals: Mapping[str, Decimal], formula: supports.OfColumn) -> None:
        for place in range(1, self.width + 1):
            self.book.put(self.sheet, self.row, place, None, "Total name")
        self.book.put(self.sheet, self.row, 1, name, "Total name")
        for column in self.pack.columns:
            if column.total:
                place = self.columns[column.metric]
                text = formula(place) if column.total == "sum" else column.total.format_map(self._cells_of(self.row))
                style = "Total ratio" if column.ratio else "Total money"
                self.book.put(self.sheet, self.row, place, Formula(text, totals[column.metric]), style)

    def _stated(self, section: Section, total: int, totals: Mapping[str, Decimal]) -> None:
        """What the group's own figures say, and the difference, which is nil unless a line was left out."""
        self.book.put(self.sheet, total + 1, 1, "As its figures state", "Check name")
        self.book.put(self.sheet, total + 2, 1, "Difference", "Check name")
        for column in self.pack.columns:
            stated = section.totals.get(column.metric)
            if not column.total or stated is None or stated.value is None:
                continue
            place, kind = self.columns[column.metric], "ratio" if column.ratio else "money"
            self.book.put(self.sheet, total + 1, place, stated.value, f"Check input {kind}")
            digits = 9 if column.ratio else 2
            formula = f"ROUND({at(total, place)}-{at(total + 1, place)},{digits})"
            value = round(totals[column.metric] - stated.value, digits)
            self.book.put(self.sheet, total + 2, place, Formula(formula, value), f"Check {kind}")
            address = f"'{self.sheet.title}'!{at(total, place, fixed=True)}"
            self.placed.checks.append(
                supports.Check(f"Total {section.title}", column, stated, address, totals[column.metric])
            )
        self.row += 3

    def _grand_total(self) -> None:
        self.row += 1
        rows = tuple(self.totals)
        totals = sums((line for section in self.sections for line in section.lines), self.pack.columns)
        self._total("Total of all contracts", totals, lambda column: "+".join(at(row, column) for row in rows))
        self.totals = [self.row]
        self.row += 1

    def _net(self) -> None:
        """Over- and underbilled are never netted; the net is a third figure."""
        if not self.totals or not {OVER, UNDER} <= self.columns.keys():
            return
        totals = sums((line for section in self.sections for line in section.lines), self.pack.columns)
        over, under = (at(self.totals[-1], self.columns[metric]) for metric in (OVER, UNDER))
        net = Formula(f"{over}-{under}", totals[OVER] - totals[UNDER])
        self.book.put(self.sheet, self.row, 1, "Net overbilled (underbilled)", "Total name")
        self.book.put(self.sheet, self.row, self.columns[OVER], net, "Total money")


def _formula(line: Line, column: Column) -> str:
    """How the cell follows from others; empty for an input, and where a term of it is unavailable."""
    formula = CLOSED.get(column.metric, column.formula) if line.closed else column.formula
    if column.metric == EARNED and not line.closed and not line.earns_by_cost:
        return ""
    if column.metric == PERCENT and line.closed:
        return formula
    told = (line.cells.get(name) for name in column.operands)
    return formula if all(cell is not None and cell.value is not None for cell in told) else ""
