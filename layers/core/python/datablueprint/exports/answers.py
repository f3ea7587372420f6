"""One answer to take away: what was said, its table, and its records with a sum that recomputes itself."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
FIRST_RECORD = 3
MONEY_UNITS = ("money", "money_per_week", "money_per_hour")
DECIMAL_UNITS = ("hours", "hours_per_week", "weeks", "days")


def answer_sheet(answer: Row) -> bytes:
    """A workbook with the sheets Answer, Table and Records."""
    from datablueprint.exports.cells import Book

    book = Book()
    _said(book, answer)
    if answer.get("table"):
        _table(book, answer["table"], hypothetical=bool(answer.get("hypothetical")))
    if answer.get("citations"):
        _records(book, answer["citations"])
    return book.content()


def _said(book: Any, answer: Row) -> None:
    from datablueprint.exports.cells import lay_out

    sheet = book.sheet("Answer")
    for row, (name, text) in enumerate(lines(answer), start=1):
        book.put(sheet, row, 1, name, "Name")
        book.put(sheet, row, 2, text, "Title" if name == "Question" else "Long text")
    lay_out(sheet, [18, 110], header=str(answer["restated"]), titles="1:1", freeze="A2")


def lines(answer: Row) -> Iterator[tuple[str, str]]:
    """What was said, in the order in which a reader needs it."""
    yield "Question", str(answer["restated"])
    if answer.get("hypothetical"):
        yield "HYPOTHETICAL", "This supposes what has not happened."
    yield "Answer", str(answer["text"])
    for name, key in (("Note", "notes"), ("Caveat", "caveats"), ("Conflict", "conflicts"),
                      ("Assumption", "assumptions"), ("Tie-out", "ties")):  # fmt: skip
        for text in answer.get(key) or ():
            yield name, str(text)
    for figure in answer.get("figures") or ():
        yield "Figure", f"{figure['label']}: {figure['shown']} (grade {figure['grade']}), {figure['id']}"
    yield "Snapshot", f"{answer['snapshot']}, as of {answer.get('as_of') or 'its newest day'}"


def _table(book: Any, table: Row, *, hypothetical: bool) -> None:
    from datablueprint.exports.cells import at, lay_out

    sheet, columns = book.sheet("Table"), table["columns"]
    book.row(sheet, 1, [(text, "Heading") for text in ("Scope", "Name", *(c["label"] for c in columns), "Note")])
    for number, row in enumerate(table["rows"], start=2):
        cells = [_cell(row["cells"].get(column["key"])) for column in columns]
        book.row(sheet, number, [(row["scope"], "Name"), (row["name"], "Name"), *cells, (row["note"], "Name")])
    header = "HYPOTHETICAL" if hypothetical else "Table"
    lay_out(sheet, [16, 36, *[16.0] * len(columns), 16], header=header, titles="1:1", freeze=at(2, 3))


def _cell(cell: Row | None) -> tuple[Any, str]:
    if cell is None:
        return None, "Name"
    if cell["value"] is None:
        return cell["shown"], "Unavailable"
    value = Decimal(str(cell["value"]))
    if cell["unit"] in ("ratio", "points"):
        return value, "Input ratio"
    return value, "Input money" if cell["unit"] in (*MONEY_UNITS, *DECIMAL_UNITS) else "Name"


def by_figure(citations: Sequence[Row]) -> dict[str, list[Row]]:
    """The records of each figure, in order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for cited in citations:
        found[str(cited.get("figure") or "")].append(cited)
    return dict(found)


def _records(book: Any, citations: Sequence[Row]) -> None:
    from datablueprint.exports.cells import Formula, at, lay_out

    sheet = book.sheet("Records")
    headings = ("Figure", "Record", "System", "On", "Party", "Rule", "Amount", "Address")
    book.row(sheet, 1, [(text, "Heading") for text in headings])
    row = FIRST_RECORD - 1
    for figure, cited in by_figure(citations).items():
        first = row + 1
        for each in cited:
            row += 1
            told = (figure, each["record_id"], each["system"], each.get("on"), each.get("party"), each.get("rule"))
            cells = [(None if text is None else str(text), "Name") for text in told]
            book.row(sheet, row, [*cells, (Decimal(each["amount"]), "Input money"), (each.get("url"), "Name")])
        row += 1
        whole = sum((Decimal(each["amount"]) for each in cited), Decimal(0))
        total = Formula(f"SUM({at(first, 7)}:{at(row - 1, 7)})", whole)
        book.row(sheet, row, [(figure, "Total name"), ("Sum of its records", "Total name"), *[(None, "Total name")] * 4,
                              (total, "Total money")])  # fmt: skip
        row += 1
    lay_out(sheet, [44, 38, 14, 12, 28, 24, 16, 60], header="Records", titles="1:1", freeze="A2")


def answer_document(answer: Row) -> bytes:
    """A document with what was said and the records under it."""
    from reportlab.platypus import LongTable, SimpleDocTemplate, Spacer

    from datablueprint.exports import document as pack

    story: list[Any] = []
    for name, text in lines(answer):
        style = pack.TITLE if name == "Question" else pack.BODY
        story.append(pack._paragraph(text if name in ("Question", "Answer") else f"{name}: {text}", style))
    for figure, cited in by_figure(answer.get("citations") or ()).items():
        whole = sum((Decimal(each["amount"]) for each in cited), Decimal(0))
        story += [Spacer(1, 8), pack._paragraph(f"{len(cited)} records of {figure or 'the answer'}", pack.SECTION)]
        rows = [["Record", "On", "Party", "Amount"]]
        rows += [[pack._broken(each["record_id"], 300), str(each.get("on") or ""),
                  pack._broken(str(each.get("party") or ""), 200), pack.told(Decimal(each["amount"]))]
                 for each in cited]  # fmt: skip
        rows.append(["Sum", "", "", pack.told(whole)])
        looks: Any = [("FONTSIZE", (0, 0), (-1, -1), 7), ("ALIGN", (3, 0), (3, -1), "RIGHT"),
                 ("LINEABOVE", (0, -1), (-1, -1), 0.5, pack.RULE)]  # fmt: skip
        story.append(LongTable(rows, colWidths=(310, 80, 210, 100), repeatRows=1, style=looks))
    written = io.BytesIO()
    title = pack.printable(str(answer["restated"]))
    SimpleDocTemplate(written, pagesize=pack.PAGE, title=title, invariant=1).build(story)
    return written.getvalue()
