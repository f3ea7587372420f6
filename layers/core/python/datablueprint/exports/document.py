"""The pack as a document for a surety: landscape pages whose columns foot to the cent, figures' ids at the end."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, LongTable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

from datablueprint.exports.columns import OVER, UNDER, Column
from datablueprint.exports.pack import Line, Pack, Section, Stated, sums
from datablueprint.exports.text import GRADES, clean

PAGE = landscape(letter)
MARGIN, PADDING = 24, 6
"""Of the page, and of the frame within it."""
WIDE = PAGE[0] - 2 * (MARGIN + PADDING)
NAME, RATIO, GRADE = 126, 42, 30
APPENDIX = (170, 110, 80, 34, WIDE - 394)
"""Widths of its columns."""
SIZE = 7.5
"""Of amounts; smaller only where the longest would not fit its column."""
BILLING_FROM = "billed_to_date"
"""The schedule is two tables: what is earned, and from this column on what is billed and left."""
PERIOD = Column("earned_in_period", "Earned this period")

TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=16, leading=20)
SUBTITLE = ParagraphStyle(
    "subtitle", fontName="Helvetica", fontSize=9, leading=12, textColor=colors.HexColor("#444444")
)
SECTION = ParagraphStyle("section", fontName="Helvetica-Bold", fontSize=11, leading=14, spaceBefore=8, spaceAfter=4)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=8.5, leading=11, spaceAfter=2)
CELL = ParagraphStyle("cell", fontName="Helvetica", fontSize=SIZE, leading=9, splitLongWords=1)
HEAD = ParagraphStyle("head", fontName="Helvetica-Bold", fontSize=SIZE, leading=9, alignment=2)
SHADE, RULE = colors.HexColor("#e7ecf3"), colors.HexColor("#9aa5b1")


def document(pack: Pack) -> bytes:
    """The bytes of the .pdf."""
    written = io.BytesIO()
    told = SimpleDocTemplate(
        written,
        pagesize=PAGE,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=40,
        bottomMargin=36,
        title=printable(f"{pack.company}: work-in-progress schedule as of {pack.as_of}"),
        author=printable(pack.company),
        invariant=1,
    )
    told.build(list(_story(pack)), canvasmaker=_numbered(pack))
    return written.getvalue()


def _story(pack: Pack) -> Iterator[Flowable]:
    yield _paragraph(f"{pack.company}: work-in-progress schedule", TITLE)
    told = f"As of {pack.as_of}, as known on {pack.known_on}, snapshot {pack.snapshot}. Amounts in dollars and cents."
    yield _paragraph(told, SUBTITLE)
    yield from _schedule(pack, "Work in progress", pack.in_progress)
    if pack.completed:
        yield PageBreak()
        yield from _schedule(pack, "Completed contracts", pack.completed)
    yield PageBreak()
    yield from _notes(pack)
    yield PageBreak()
    yield from _appendix(pack)


def _schedule(pack: Pack, title: str, sections: Sequence[Section]) -> Iterator[Flowable]:
    split = next((n for n, c in enumerate(pack.columns) if c.metric == BILLING_FROM), len(pack.columns))
    halves = [("contract, cost and revenue", pack.columns[:split]), ("billing and backlog", pack.columns[split:])]
    for name, columns in halves:
        shown = (*columns, PERIOD) if pack.has_period and columns is halves[1][1] else columns
        if shown and sections:
            yield CondPageBreak(150)
            yield _paragraph(f"{title}: {name}", SECTION)
            yield _table(shown, sections)
    yield from _net(pack, sections)
    yield from _differences(pack, sections)


def _table(columns: Sequence[Column], sections: Sequence[Section]) -> Flowable:
    rows: list[list[Any]] = [["Contract", *(_paragraph(c.heading, HEAD) for c in columns), "Grade"]]
    spans: list[tuple[Any, ...]] = []
    for section in sections:
        spans += [
            ("SPAN", (0, len(rows)), (-1, len(rows))),
            ("FONT", (0, len(rows)), (0, len(rows)), "Helvetica-Bold", 8),
        ]
        rows.append([printable(section.title.capitalize()), *[""] * (len(columns) + 1)])
        rows += [_line(line, columns) for line in section.lines]
        spans += _total_style(len(rows))
        rows.append(_total(f"Total {section.title}", section.lines, columns))
    if len(sections) > 1:
        spans += _total_style(len(rows))
        rows.append(_total("Total of all contracts", [x for s in sections for x in s.lines], columns))
    widths = _widths(columns)
    size = _fitting(rows, widths)
    return LongTable(rows, colWidths=widths, repeatRows=1, style=[*_looks(size), *spans])


def _widths(columns: Sequence[Column]) -> list[float]:
    ratios = sum(1 for column in columns if column.ratio)
    money = min(84, (WIDE - NAME - GRADE - ratios * RATIO) / max(1, len(columns) - ratios))
    amounts = [RATIO if column.ratio else money for column in columns]
    return [WIDE - GRADE - sum(amounts), *amounts, GRADE]


def _fitting(rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> float:
    """The largest size at which every amount fits its column."""
    longest = max(
        (
            stringWidth(text, "Helvetica-Bold", 1) / (width - 5)
            for row in rows[1:]
            for text, width in zip(row[1:], widths[1:], strict=True)
            if isinstance(text, str)
        ),
        default=0,
    )
    return min(SIZE, 1 / longest) if longest else SIZE


def _looks(size: float) -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, -1), "Helvetica", size),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", SIZE),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("ALIGN", (-1, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE),
    ]


def _total_style(row: int) -> list[tuple[Any, ...]]:
    return [
        ("FONTNAME", (0, row), (-1, row), "Helvetica-Bold"),
        ("LINEABOVE", (0, row), (-1, row), 0.8, colors.black),
        ("LINEBELOW", (0, row), (-1, row), 0.8, colors.black),
    ]


def _line(line: Line, columns: Sequence[Column]) -> list[Any]:
    name = Paragraph(f"<b>{_escaped(line.project)}</b> {_escaped(line.name)}", CELL)
    return [name, *(_amount(line, column) for column in columns), line.grade]


def _amount(line: Line, column: Column) -> str:
    if column is PERIOD:
        return "unavailable" if line.earned_in_period is None else told(line.earned_in_period)
    stated = line.cells.get(column.metric)
    if stated is None or stated.value is None:
        return stated.shown if stated else "unavailable"
    return told(stated.value, ratio=column.ratio)


def _total(name: str, lines: Sequence[Line], columns: Sequence[Column]) -> list[Any]:
    found = sums(lines, (c for c in columns if c is not PERIOD))
    found[PERIOD.metric] = sum((line.earned_in_period or Decimal(0) for line in lines), Decimal(0))
    cells = (told(found[c.metric], ratio=c.ratio) if c.total else "" for c in columns)
    return [Paragraph(f"<b>{_escaped(name)}</b>", CELL), *cells, ""]


def _net(pack: Pack, sections: Sequence[Section]) -> Iterator[Flowable]:
    found = sums((line for section in sections for line in section.lines), pack.columns)
    if sections and {OVER, UNDER} <= found.keys():
        net = told(found[OVER] - found[UNDER])
        yield Spacer(1, 4)
        yield _paragraph(f"Overbilled less underbilled: {net}. The two are never netted on the balance sheet.", BODY)


def _differences(pack: Pack, sections: Sequence[Section]) -> Iterator[Flowable]:
    """A group's own figure can hold projects that the schedule leaves out; then both are said."""
    for section in sections:
        found = sums(section.lines, pack.columns)
        for column in pack.columns:
            stated = section.totals.get(column.metric)
            if stated and stated.value is not None and column.total and not column.ratio:
                gap = stated.value - found[column.metric]
                if gap:
                    words = (
                        f"{column.heading} of {section.title}: the figure {stated.figure_id} is {told(stated.value)},"
                    )
                    yield _paragraph(f"{words} {told(gap)} more than the lines above; see what is left out.", BODY)


def _notes(pack: Pack) -> Iterator[Flowable]:
    yield _paragraph("Notes", SECTION)
    for grade, meaning in GRADES:
        yield _paragraph(f"Grade {grade}: {meaning}.", BODY)
    for title, sentences in (("Left out", pack.left_out), ("Notes on the groups", pack.notes)):
        if sentences:
            yield _paragraph(title, SECTION)
            yield from (_paragraph(f"• {sentence}", BODY) for sentence in sentences)
    yield _paragraph("Assumptions and reasons for a grade, by contract", SECTION)
    for line in pack.lines:
        if line.assumptions:
            named = f"<b>{_escaped(f'{line.project} {line.name} (grade {line.grade})')}</b>"
            yield Paragraph(f"{named}: {_escaped('; '.join(line.assumptions))}.", BODY)


def _appendix(pack: Pack) -> Iterator[Flowable]:
    """`datablueprint figure ID` opens each of these into its records."""
    yield _paragraph("Appendix: figures and their ids", SECTION)
    rows: list[list[Any]] = [["Of", "Figure", "Value", "Grade", "Figure id"]]
    for section in pack.sections:
        for line in section.lines:
            rows += _identified(f"{line.project} {line.name}", line.cells, pack)
        rows += _identified(f"Total {section.title}", section.totals, pack)
    left = [
        ("ALIGN", (0, 0), (1, -1), "LEFT"),
        ("ALIGN", (3, 0), (3, -1), "CENTER"),
        ("ALIGN", (4, 0), (4, -1), "LEFT"),
    ]
    yield LongTable(rows, colWidths=APPENDIX, repeatRows=1, style=[*_looks(7), *left])


def _identified(of: str, cells: Mapping[str, Stated], pack: Pack) -> Iterator[list[Any]]:
    for column in pack.columns:
        if column.metric in cells:
            stated = cells[column.metric]
            value = stated.shown if stated.value is None else told(stated.value, ratio=column.ratio)
            ids = _broken(stated.figure_id, APPENDIX[-1])
            yield [_broken(of, APPENDIX[0]), column.heading, value, stated.grade, ids]


def _broken(text: str, width: float) -> str:
    """Broken into lines that fit, inside a word where need be."""
    lines, line = [], ""
    for sign in printable(text):
        if stringWidth(line + sign, "Helvetica", 7) > width - 5:
            lines.append(line)
            line = ""
        line += sign
    return "\n".join([*lines, line])


def told(amount: Decimal, *, ratio: bool = False) -> str:
    """Cents and parentheses, or a percentage."""
    text = f"{abs(amount) * 100:,.1f}%" if ratio else f"{abs(amount):,.2f}"
    return f"({text})" if amount < 0 else text


def printable(text: str) -> str:
    """The standard fonts hold western letters: accents beyond those are dropped, other scripts become '?'."""
    held = []
    for sign in clean(text):
        for candidate in (sign, unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode(), "?"):
            if candidate and candidate.encode("cp1252", "ignore"):
                held.append(candidate)
                break
    return "".join(held)


def _escaped(text: str) -> str:
    return escape(printable(text))


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_escaped(text), style)


def _numbered(pack: Pack) -> type[Canvas]:
    """Every page says whose it is, of when, and which of how many."""
    named = printable(f"{pack.company}, as of {pack.as_of}, snapshot {pack.snapshot}")

    class Numbered(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # the library's own way to count pages first

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self.setFont("Helvetica", 7.5)
                self.drawString(MARGIN + PADDING, 20, named)
                self.drawRightString(PAGE[0] - MARGIN - PADDING, 20, f"Page {number} of {len(self._pages)}")
                super().showPage()
            super().save()

    return Numbered
