"""Cells whose stored text is exact: money to the cent, names as text, formulas with what they came to when written."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties

from datablueprint.exports.text import clean

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MONEY, RATIO, DAY = "#,##0.00_);(#,##0.00)", "0.0%_);(0.0%)", "yyyy-mm-dd"
INPUT, FORMULA, MUTED = "FF0000FF", "FF000000", "FF595959"
LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_767
"""Characters that a cell holds."""
LONGEST_HEADER = 100
"""Characters of a page header, of which a file may hold 255 in all; each & counts twice."""
WRITTEN = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*(?:/>|></v>)</c>', re.DOTALL)


@dataclass(frozen=True)
class Formula:
    """`value` is what it comes to now, kept in the file for readers that show workbooks without computing them."""

    text: str
    value: Decimal | str


Value = Decimal | int | str | date | Formula | None


def _style(name: str, **looks: object) -> NamedStyle:
    return NamedStyle(name=name, **looks)  # type: ignore[arg-type]  # openpyxl types each look by its own name


def _styles() -> list[NamedStyle]:
    """Blue is typed in, black is computed: what an analyst expects of a model."""
    rule = Border(top=Side("thin"), bottom=Side("double"))
    shade = PatternFill("solid", fgColor="FFE7ECF3")
    wrapped = Alignment(wrap_text=True, vertical="top")
    heading = Alignment(wrap_text=True, vertical="center", horizontal="center")
    return [
        _style("Title", font=Font(bold=True, size=14)),
        _style("Subtitle", font=Font(color=MUTED)),
        _style("Heading", font=Font(bold=True), fill=shade, alignment=heading, border=Border(bottom=Side("thin"))),
        _style("Section", font=Font(bold=True), fill=PatternFill("solid", fgColor="FFF4F6F9")),
        _style("Name", alignment=Alignment(vertical="top")),
        _style("Long text", alignment=wrapped),
        _style("Date", number_format=DAY),
        _style("Input money", font=Font(color=INPUT), number_format=MONEY),
        _style("Input ratio", font=Font(color=INPUT), number_format=RATIO),
        _style("Formula money", font=Font(color=FORMULA), number_format=MONEY),
        _style("Formula ratio", font=Font(color=FORMULA), number_format=RATIO),
        _style("Total name", font=Font(bold=True), border=rule),
        _style("Total money", font=Font(bold=True), number_format=MONEY, border=rule),
        _style("Total ratio", font=Font(bold=True), number_format=RATIO, border=rule),
        _style("Check name", font=Font(italic=True, color=MUTED)),
        _style("Check money", font=Font(italic=True, color=MUTED), number_format=MONEY),
        _style("Check ratio", font=Font(italic=True, color=MUTED), number_format="0.000000%"),
        _style("Check input money", font=Font(italic=True, color=INPUT), number_format=MONEY),
        _style("Check input ratio", font=Font(italic=True, color=INPUT), number_format=RATIO),
        _style("Unavailable", font=Font(italic=True, color=MUTED), alignment=Alignment(horizontal="right")),
        _style("Status", font=Font(bold=True), alignment=Alignment(horizontal="left")),
    ]


class Book:
    """A workbook under way."""

    def __init__(self) -> None:
        self.workbook = Workbook()
        if self.workbook.active is not None:
            self.workbook.remove(self.workbook.active)
        for style in _styles():
            self.workbook.add_named_style(style)
        self._values: dict[str, dict[str, Decimal | str]] = defaultdict(dict)

    def sheet(self, title: str) -> Worksheet:
        made: Worksheet = self.workbook.create_sheet(title)
        return made

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, style: str) -> None:
        """Write one cell. Text stays text whatever it starts with."""
        cell = cast("Cell", sheet.cell(row, column))
        cell.style = style
        if isinstance(value, Formula):
            cell.value = f"={value.text}"
            self._values[sheet.title][cell.coordinate] = value.value
        elif isinstance(value, Decimal):
            cell.value = plain(value)
            cell.data_type = "n"  # the number is stored as these digits; through a float cents would be lost
        elif isinstance(value, str):
            cell.value = clean(value)[:LONGEST]
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(LOOKS_LIKE_A_FORMULA)  # stays text when a person edits the cell
        else:
            cell.value = value

    def row(self, sheet: Worksheet, row: int, cells: list[tuple[Value, str]]) -> None:
        for column, (value, style) in enumerate(cells, start=1):
            if value is not None or style.startswith("Total"):
                self.put(sheet, row, column, value, style)

    def content(self) -> bytes:
        """The file, each formula beside its value, to be computed anew when it is opened."""
        self.workbook.calculation.fullCalcOnLoad = True
        written = io.BytesIO()
        self.workbook.save(written)
        parts = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(self.workbook.sheetnames, start=1)}
        finished = io.BytesIO()
        with zipfile.ZipFile(written) as old, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                data = old.read(part)
                if part in parts:
                    data = _with_values(data, self._values[parts[part]])
                new.writestr(part, data)
        return finished.getvalue()


def _with_values(sheet: bytes, values: dict[str, Decimal | str]) -> bytes:
    def filled(found: re.Match[str]) -> str:
        place, looks, formula = found.groups()
        value = values[place]
        kind = ' t="str"' if isinstance(value, str) else ""
        told = escape(value, quote=False) if isinstance(value, str) else plain(value)
        return f'<c r="{place}"{looks}{kind}><f>{formula}</f><v>{told}</v></c>'

    return WRITTEN.sub(filled, sheet.decode("utf-8")).encode("utf-8")


def plain(number: Decimal) -> str:
    """Digits without exponent; a ratio to as many places as a spreadsheet holds."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -15:
        number = round(number, 15)
    return f"{number:f}"


def at(row: int, column: int, *, fixed: bool = False) -> str:
    """The address of a cell."""
    letter = get_column_letter(column)
    return f"${letter}${row}" if fixed else f"{letter}{row}"


def lay_out(sheet: Worksheet, widths: list[float], *, header: str, titles: str, freeze: str) -> None:
    """Column widths, frozen headings, and a page that is landscape and as wide as the sheet."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = freeze
    sheet.print_title_rows = titles
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(
        left=_HeaderFooterPart(text=clean(header)[-LONGEST_HEADER:].replace("&", "&&")),
        right=_HeaderFooterPart(text=sheet.title),
    )
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="Page &P of &N"))
