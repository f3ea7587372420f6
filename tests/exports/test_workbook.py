"""The workbook recomputes every figure to the cent from its inputs, and no name in it is ever a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from datablueprint.exports import surety_pack
from datablueprint.exports.cells import Book, Formula, plain
from tests.exports.kit import (
    ACTIVE,
    DAY,
    DONE,
    INJECTED,
    METRICS,
    VENDORS,
    WAITING,
    FakeDesk,
    recomputed,
    schedule,
    values,
)
from tests.exports.kit import parts as sheet_parts

CENT, TINY = D("0.005"), D("1e-9")
ALL = {**ACTIVE, **WAITING, **DONE}
INPUTS = ("contract_value", "estimated_cost_at_completion", "actual_cost", "billed_to_date", "retainage_receivable")


def pack(desk: FakeDesk | None = None, **changes: Any) -> bytes:
    told = schedule(**changes)
    return surety_pack(desk or FakeDesk(told), told, "xlsx")


@pytest.fixture(scope="module")
def content() -> bytes:
    return pack(period={"24-001": "1000.10", "3-4": "-5.25"})


@pytest.fixture(scope="module")
def computed(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    return recomputed(content, tmp_path_factory.mktemp("pack"))


@pytest.fixture
def book(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def schedule_cells(book: openpyxl.Workbook) -> Iterator[tuple[Worksheet, str, str, Cell]]:
    """Sheet, project, metric and cell of every line of both schedules."""
    projects = {project for project, _ in ALL}
    for name in ("WIP", "Completed contracts"):
        sheet = book[name]
        for row in sheet.iter_rows(min_row=6):
            if row[0].value in projects:
                for metric, cell in zip(METRICS, row[2 : 2 + len(METRICS)], strict=True):
                    yield sheet, str(row[0].value), metric, cell


def test_every_cell_of_the_schedule_comes_to_the_figure_worked_out_by_hand(
    book: openpyxl.Workbook, computed: dict[tuple[str, str], Any]
) -> None:
    stated = {(project, metric): v for (project, _), row in ALL.items() for metric, v in values(row).items()}
    seen = 0

    for sheet, project, metric, cell in schedule_cells(book):
        expected, found = stated[project, metric], computed[sheet.title.upper(), cell.coordinate]
        if expected is None:
            assert found == "unavailable"
        else:
            assert abs(D(str(found)) - expected) < (TINY if metric in ("percent_complete",) else CENT), (
                project,
                metric,
            )
        seen += 1

    assert seen == len(ALL) * len(METRICS)


def test_inputs_are_blue_numbers_and_everything_derived_is_a_black_formula(book: openpyxl.Workbook) -> None:
    for _, project, metric, cell in schedule_cells(book):
        if cell.value == "unavailable":
            continue
        typed_in = metric in INPUTS or (project, metric) == ("24-004", "earned_revenue")
        assert cell.data_type == ("n" if typed_in else "f"), (project, metric)
        assert cell.style.startswith("Input" if typed_in else "Formula")
        assert cell.font.color.rgb == ("FF0000FF" if typed_in else "FF000000")


def test_totals_are_sums_that_come_to_the_group_figures(
    book: openpyxl.Workbook, computed: dict[tuple[str, str], Any]
) -> None:
    rows = {row[0].value: row for row in book["WIP"].iter_rows(min_row=6)}
    total = rows["Total active projects"]
    stated = schedule()["sections"][0]["totals"]

    for metric, cell in zip(METRICS, total[2:], strict=False):
        if metric == "percent_complete":
            assert cell.value is None
        else:
            assert cell.value == f"=SUM({cell.column_letter}7:{cell.column_letter}13)" or metric.startswith("gross_m")
            assert abs(D(str(computed["WIP", cell.coordinate])) - D(stated[metric]["value"])) < CENT
    for cell in rows["Difference"][2 : 2 + len(METRICS)]:
        assert cell.value is None or computed["WIP", cell.coordinate] == 0


def test_over_and_underbilled_are_not_netted_and_the_net_is_a_third_figure(
    book: openpyxl.Workbook, computed: dict[tuple[str, str], Any]
) -> None:
    net = next(row for row in book["WIP"].iter_rows() if row[0].value == "Net overbilled (underbilled)")

    told = [computed["WIP", cell.coordinate] for cell in net[1:] if cell.value is not None]

    assert [D(str(value)).quantize(D("0.01")) for value in told] == [D("50000") - D("348366.91")]


def test_the_period_is_earned_now_less_earned_at_the_previous_close(
    book: openpyxl.Workbook, computed: dict[tuple[str, str], Any]
) -> None:
    headings = [cell.value for cell in book["WIP"][5]]
    column = headings.index("Earned this period")
    row = next(row for row in book["WIP"].iter_rows(min_row=6) if row[0].value == "24-001")

    assert str(row[column].value).startswith("=")
    assert abs(D(str(computed["WIP", row[column].coordinate])) - D("1000.10")) < CENT


def test_every_input_ties_to_the_records_or_estimates_listed_under_it(computed: dict[tuple[str, str], Any]) -> None:
    verdicts = [value for (sheet, at), value in computed.items() if sheet == "TIE-OUTS" and re.match(r"H\d", at)]

    assert verdicts.count("ties") == len(verdicts) - 1 == 4 * len(ALL) - 1  # less a heading; one is not linked


def test_records_that_fall_short_are_called_out_not_adjusted(tmp_path: Path) -> None:
    told = schedule()
    found = recomputed(pack(FakeDesk(told, lost=D("0.01"))), tmp_path)

    differences = {value for (sheet, at), value in found.items() if sheet == "TIE-OUTS" and re.match(r"G\d", at)}
    verdicts = {value for (sheet, at), value in found.items() if sheet == "TIE-OUTS" and re.match(r"H\d", at)}

    assert 0.01 in differences
    assert "does not tie" in verdicts
    for priced_by_terms in ("24-004", "24-006"):
        assert f"by the contract's terms: method of contract_value/{priced_by_terms}/2026-11-19" in verdicts


def test_the_workbook_checks_itself_against_every_figure(computed: dict[tuple[str, str], Any]) -> None:
    differences = [v for (sheet, at), v in computed.items() if sheet == "FIGURES" and re.match(r"F[6-9]$|F\d\d", at)]

    assert len(differences) > 150
    assert set(differences) == {0}
    assert computed["WIP", "A4"] == "Every formula of this workbook comes to its figure."


def test_a_changed_input_changes_what_follows_and_the_check_says_so(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pack()))
    book["WIP"]["D7"] = 400000  # the estimate of 24-001: half of what it was
    changed = io.BytesIO()
    book.save(changed)

    found = recomputed(changed.getvalue(), tmp_path)

    assert found["WIP", "H7"] == 0.5
    assert found["WIP", "I7"] == 500000
    assert found["WIP", "O7"] == 200000
    assert found["WIP", "A4"].startswith("Some formulas do not come to their figures")


def test_stored_values_are_what_the_formulas_come_to(content: bytes, computed: dict[tuple[str, str], Any]) -> None:
    """For mail and phone viewers, which show the stored value and compute nothing."""
    formulas, stored = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    seen = 0

    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            value, found = stored[sheet.title][cell.coordinate].value, computed[sheet.title.upper(), cell.coordinate]
            if isinstance(value, str):
                assert value == found
            else:
                assert abs(value - float(found)) < 0.005, (sheet.title, cell.coordinate)
            seen += 1

    assert seen > 500


def test_text_from_the_records_is_never_a_formula(book: openpyxl.Workbook) -> None:
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    ours = re.compile(r"=(SUM|SUMIFS|ROUND|IF|MAX|MIN|1$|'?[A-Z][\w ]*'?!|\$?[A-Z]+\$?\d)")

    assert {cell.value for cell in texts if cell.data_type == "s"} >= {INJECTED, *filter(None, VENDORS)}
    for cell in texts:
        if cell.data_type == "f":
            assert ours.match(cell.value), cell.value
        elif cell.value.startswith(("=", "+", "-", "@")):
            assert cell.quotePrefix


@pytest.mark.parametrize("amount", ["749574615.06", "0.10", "-1234567.89", "999999999999.99", "12345678901234567.89"])
def test_money_is_stored_to_the_cent_as_written(amount: str) -> None:
    book = Book()
    book.put(book.sheet("One"), 1, 1, D(amount), "Input money")

    assert f"<v>{amount}</v>" in sheet_parts(book.content())["xl/worksheets/sheet1.xml"]


def test_numbers_have_no_exponent_and_fifteen_places_at_most() -> None:
    assert plain(D("0E+2")) == "0"
    assert plain(D(1) / D(3)) == "0.333333333333333"
    assert plain(D("1E+3")) == "1000"


def test_control_characters_and_markup_in_names_leave_a_readable_file() -> None:
    book = Book()
    sheet = book.sheet("One")
    book.put(sheet, 1, 1, "Smith \x0b& <Sons>\x00", "Name")
    book.put(sheet, 2, 1, "#N/A", "Name")
    book.put(sheet, 3, 1, Formula('IF(1<2,"a & b","")', "a & b"), "Name")

    read = openpyxl.load_workbook(io.BytesIO(book.content()), data_only=True)["One"]

    assert [read.cell(row, 1).value for row in (1, 2, 3)] == ["Smith & <Sons>", "#N/A", "a & b"]


def test_sheets_print_landscape_on_one_page_width_under_the_company_and_day(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ["WIP", "Completed contracts", "Tie-outs", "Records", "Estimates", "Figures", "Notes"]
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.freeze_panes
        assert sheet.oddHeader.left.text == f"Smith && Sons <Builders>, as of {DAY}"


def test_a_company_with_a_very_long_name_leaves_a_header_that_a_file_may_hold() -> None:
    told = schedule()
    found = openpyxl.load_workbook(io.BytesIO(pack(FakeDesk(told, company="A&" * 200))))

    header = found["WIP"].oddHeader
    assert len(f"&L{header.left.text}&R{header.right.text}") < 255
    assert header.left.text.endswith(f"as of {DAY}")


def test_notes_hold_days_snapshot_grades_assumptions_and_who_is_left_out(book: openpyxl.Workbook) -> None:
    told = {row[0].value: row[1].value for row in book["Notes"].iter_rows(min_row=5)}

    assert (told["As of"], told["As known on"]) == (DAY, "2026-11-20")
    assert told["Snapshot"] == "20261120T190032Z-ab0f01"
    assert told["Left out"].startswith("27-002")
    assert told["27-001 Not started"] == "=an assumption"
    assert "fallback" in told["Grade B"]


def test_records_say_amount_day_vendor_rule_and_source(book: openpyxl.Workbook) -> None:
    row = [cell.value for cell in book["Records"][6]]

    assert row[:4] == ["job 1, contract value", "24-001", "Contract value", 999998.9]
    assert row[4].date() == date(2026, 5, 1)
    assert row[6:] == ["D1", "quickbooks:Bill:1"]


def test_a_schedule_of_nothing_is_an_empty_workbook_that_opens(tmp_path: Path) -> None:
    found = openpyxl.load_workbook(io.BytesIO(pack(sections=[])))

    assert "WIP" in found.sheetnames
