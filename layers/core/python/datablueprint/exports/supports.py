"""The sheets that stand behind the schedule: records, tie-outs, estimates, figures and notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.exports.cells import Book, Formula, Value, at, lay_out
from datablueprint.exports.columns import CONTRACT, EAC, KNOWN, Column
from datablueprint.exports.pack import FROM_RECORDS, Line, Pack, Stated
from datablueprint.exports.text import GRADES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

OfColumn = Callable[[int], str]
ZERO = Decimal(0)
FIRST = 5
"""The row of a sheet's headings."""
HEADING_OF = {column.metric: column.heading for column in KNOWN}


@dataclass(frozen=True)
class Check:
    """A figure and the cell that recomputes it; `value` is what that cell comes to."""

    of: str
    column: Column
    stated: Stated
    cell: str
    value: Decimal


def heading(book: Book, sheet: Worksheet, pack: Pack, title: str) -> None:
    """Company, what this is, and which snapshot it was made from: the first lines of every sheet."""
    book.put(sheet, 1, 1, f"{pack.company}: {title}", "Title")
    book.put(sheet, 2, 1, f"As of {pack.as_of}, as known on {pack.known_on}, snapshot {pack.snapshot}", "Subtitle")
    book.put(sheet, 3, 1, "Blue is input from records and estimates; black is computed here.", "Subtitle")


def _list(book: Book, pack: Pack, name: str, headings: list[str], widths: list[float]) -> Worksheet:
    sheet = book.sheet(name)
    heading(book, sheet, pack, name)
    book.row(sheet, FIRST, [(each, "Heading") for each in headings])
    header = f"{pack.company}, as of {pack.as_of}"
    lay_out(sheet, widths, header=header, titles=f"{FIRST}:{FIRST}", freeze=at(FIRST + 1, 1))
    return sheet


def _filtered(sheet: Worksheet, columns: int, last: int) -> None:
    sheet.auto_filter.ref = f"{at(FIRST, 1)}:{at(max(last, FIRST), columns)}"


def key(tag: str, metric: str) -> str:
    """What SUMIFS looks for: never a project number, which a spreadsheet may take for a date or a pattern."""
    return f"{tag}, {HEADING_OF[metric].lower()}"


def records(book: Book, pack: Pack) -> None:
    """Every record with what it brings into a figure of the schedule."""
    headings = ["Key", "Project", "Figure", "Amount", "Date", "Vendor", "Rule", "Source record"]
    sheet = _list(book, pack, "Records", headings, [24, 11, 20, 16, 11, 34, 26, 44])
    for row, record in enumerate(pack.records, start=FIRST + 1):
        cells: list[tuple[Value, str]] = [
            (key(record.tag, record.metric), "Name"),
            (record.project, "Name"),
            (HEADING_OF[record.metric], "Name"),
            (record.amount, "Input money"),
            (record.on, "Date"),
            (record.party, "Name"),
            (record.rule, "Name"),
            (record.record_id, "Name"),
        ]
        book.row(sheet, row, cells)
    _filtered(sheet, len(headings), FIRST + len(pack.records))


def estimates(book: Book, pack: Pack) -> None:
    """Cost at completion per cost code and type, with how it was estimated and what other methods span."""
    money = ["Budget", "Committed", "Actual", "Estimate at completion", "Lowest method", "Highest method"]
    headings = ["Key", "Project", "Cost code", "Type", *money, "Method", "Method in words"]
    sheet = _list(book, pack, "Estimates", headings, [30, 11, 12, 6, *[16] * 6, 9, 44])
    for row, leaf in enumerate(pack.leaves, start=FIRST + 1):
        amounts = (leaf.budget, leaf.committed, leaf.actual, leaf.eac, leaf.lowest, leaf.highest)
        names = (key(leaf.tag, EAC), leaf.project, leaf.code, leaf.kind)
        cells: list[tuple[Value, str]] = [(name, "Name") for name in names]
        cells += [(amount, "Input money") for amount in amounts]
        book.row(sheet, row, [*cells, (leaf.method, "Name"), (leaf.method_in_words, "Name")])
    _filtered(sheet, len(headings), FIRST + len(pack.leaves))


def tie_outs(book: Book, pack: Pack, placed: Mapping[tuple[str, str], str]) -> None:
    """Each input of the schedule beside the sum of what is listed under it."""
    headings = ["Key", "Project", "Name", "Figure", "On the schedule", "Sum of the list", "Difference", "Verdict"]
    sheet = _list(book, pack, "Tie-outs", headings, [30, 11, 34, 20, 18, 18, 14, 60])
    listed = _listed(pack)
    row = FIRST
    for line in pack.lines:
        for metric in (*FROM_RECORDS, EAC):
            if (line.tag, metric) in placed:
                row += 1
                rows = _rows("Estimates", "H", pack.leaves) if metric == EAC else _rows("Records", "D", pack.records)
                cells = _tie_out(row, line, metric, placed[line.tag, metric], rows, listed[line.tag, metric])
                book.row(sheet, row, cells)
    _filtered(sheet, len(headings), row)


def _rows(sheet: str, amounts: str, listed: Sequence[object]) -> str:
    """The amounts and keys of a list, as SUMIFS takes them."""
    first, last = FIRST + 1, FIRST + max(len(listed), 1)
    return f"{sheet}!${amounts}${first}:${amounts}${last},{sheet}!$A${first}:$A${last}"


def _listed(pack: Pack) -> Mapping[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for record in pack.records:
        sums[record.tag, record.metric] += record.amount
    for leaf in pack.leaves:
        sums[leaf.tag, EAC] += leaf.eac
    return sums


def _tie_out(row: int, line: Line, metric: str, cell: str, rows: str, total: Decimal) -> list[tuple[Value, str]]:
    """A price that the contract's terms make of cost is no sum of records, and says so."""
    stated = line.cells[metric].value or ZERO
    difference = round(stated - total, 2)
    by_terms = metric == CONTRACT and line.priced_by_terms
    otherwise = f"by the contract's terms: {line.cells[metric].method}" if by_terms else "does not tie"
    quoted = otherwise.replace('"', "'")
    return [
        (key(line.tag, metric), "Name"),
        (line.project, "Name"),
        (line.name, "Name"),
        (HEADING_OF[metric], "Name"),
        (Formula(cell, stated), "Formula money"),
        (Formula(f"SUMIFS({rows},{at(row, 1)})", total), "Formula money"),
        (Formula(f"ROUND({at(row, 5)}-{at(row, 6)},2)", difference), "Formula money"),
        (Formula(f'IF({at(row, 7)}=0,"ties","{quoted}")', otherwise if difference else "ties"), "Name"),
    ]


def figures(book: Book, pack: Pack, checks: Sequence[Check]) -> None:
    """Every figure of the schedule with its id, and whether the formulas of this workbook come to the same."""
    headings = ["Of", "Figure", "Grade", "As stated", "In this workbook", "Difference", "Figure id", "Method"]
    sheet = _list(book, pack, "Figures", headings, [40, 24, 7, 18, 18, 12, 60, 60])
    for row, check in enumerate(checks, start=FIRST + 1):
        kind, digits = ("ratio", 9) if check.column.ratio else ("money", 2)
        value = check.stated.value or ZERO
        difference = f"ROUND({at(row, 4)}-{at(row, 5)},{digits})"
        cells: list[tuple[Value, str]] = [
            (check.of, "Name"),
            (check.column.heading, "Name"),
            (check.stated.grade, "Name"),
            (value, f"Input {kind}"),
            (Formula(check.cell, check.value), f"Formula {kind}"),
            (Formula(difference, round(value - check.value, digits)), f"Formula {kind}"),
            (check.stated.figure_id, "Name"),
            (check.stated.method, "Name"),
        ]
        book.row(sheet, row, cells)
    _filtered(sheet, len(headings), FIRST + len(checks))


def verdict(book: Book, checks: Sequence[Check]) -> None:
    """On top of the schedule: whether every formula of the workbook comes to its figure."""
    if not checks:
        return
    agree = "Every formula of this workbook comes to its figure."
    differ = "Some formulas do not come to their figures: see the sheet Figures."
    spread = f"Figures!$F${FIRST + 1}:$F${FIRST + len(checks)}"
    formula = f'IF(AND(MAX({spread})=0,MIN({spread})=0),"{agree}","{differ}")'
    holds = all(round((check.stated.value or ZERO) - check.value, 2) == 0 for check in checks)
    book.put(book.workbook.worksheets[0], FIRST - 1, 1, Formula(formula, agree if holds else differ), "Status")


def notes(book: Book, pack: Pack) -> None:
    """What a reader must know: where it is from, what grades mean, what is assumed and what is left out."""
    sheet = book.sheet("Notes")
    heading(book, sheet, pack, "Notes")
    told: list[tuple[str, str]] = [
        ("Company", pack.company),
        ("As of", str(pack.as_of)),
        ("As known on", str(pack.known_on)),
        ("Snapshot", pack.snapshot),
        ("Figure ids", "on the sheet Figures; `datablueprint figure ID` opens one into its records"),
        *((f"Grade {letter}", meaning) for letter, meaning in GRADES),
        *(("Left out", each) for each in pack.left_out),
        *(("Note", each) for each in pack.notes),
        *((f"{line.project} {line.name}", each) for line in pack.lines for each in line.assumptions),
    ]
    for row, (name, text) in enumerate(told, start=FIRST):
        book.put(sheet, row, 1, name, "Long text")
        book.put(sheet, row, 2, text, "Long text")
    header = f"{pack.company}, as of {pack.as_of}"
    lay_out(sheet, [36, 120], header=header, titles="1:1", freeze="A5")
