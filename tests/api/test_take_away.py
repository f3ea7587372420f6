"""A file of an answer says what the answer said: names stay text, numbers stay numbers, what is supposed says so."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from datablueprint import exports

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "<b>&amp;", "&D&P", "a\x00b", "Ünï—码")


def cell(value: str | None, unit: str) -> dict[str, Any]:
    return {"value": value, "shown": "as shown", "unit": unit}


def answer(name: str = "Cherry Creek", **more: Any) -> dict[str, Any]:
    units = {"m": "money", "r": "ratio", "n": "count", "h": "hours", "u": "money"}
    cells = {"m": cell("-1234.50", "money"), "r": cell("0.123", "ratio"), "n": cell("3", "count"),
             "h": cell("7.25", "hours"), "u": cell(None, "money")}  # fmt: skip
    record = {"figure": f"cost/{name}", "record_id": f"quickbooks:Bill:{name}", "system": "quickbooks",
              "on": "2026-10-01", "party": name, "rule": name, "url": name}  # fmt: skip
    cited = [{**record, "amount": amount} for amount in ("0.10", "0.20", "-5")]
    return {
        "restated": name, "text": name, "snapshot": "s", "as_of": "2026-11-19", "notes": [name], "citations": cited,
        "table": {"columns": [{"key": key, "label": name, "unit": unit} for key, unit in units.items()],
                  "rows": [{"scope": name, "name": name, "note": name, "cells": cells}]},
        **more,
    }  # fmt: skip


def book(told: dict[str, Any], *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(exports.answer(told, "xlsx")), data_only=values)


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_never_a_formula(name: str) -> None:
    sheets = book(answer(name))

    formulas = [c.value for sheet in sheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == ["=SUM(G3:G5)"]
    assert exports.answer(answer(name), "pdf").startswith(b"%PDF-")


def test_the_live_sum_covers_its_records_and_equals_them() -> None:
    formula, kept = book(answer())["Records"], book(answer(), values=True)["Records"]
    (total,) = [c for row in formula.iter_rows() for c in row if c.data_type == "f"]
    first, last = total.value.removeprefix("=SUM(").rstrip(")").split(":")

    covered = [Decimal(str(row[0].value)) for row in formula[f"{first}:{last}"]]

    assert covered == [Decimal("0.1"), Decimal("0.2"), Decimal("-5")]
    assert Decimal(str(kept[total.coordinate].value)) == sum(covered)


def test_numbers_are_numbers_in_the_format_of_their_unit() -> None:
    row = next(iter(book(answer())["Table"].iter_rows(min_row=2)))[2:7]

    assert [c.data_type for c in row] == ["n", "n", "n", "n", "s"]
    assert [c.number_format for c in row[:4]] == ["#,##0.00_);(#,##0.00)", "0.0%_);(0.0%)", "General",
                                                  "#,##0.00_);(#,##0.00)"]  # fmt: skip
    assert row[4].value == "as shown"


def test_what_is_supposed_says_so_on_every_sheet_with_figures() -> None:
    sheets = book(answer(hypothetical=True))

    assert "HYPOTHETICAL" in [c.value for c in sheets["Answer"]["A"]]
    assert sheets["Table"].oddHeader.left.text == "HYPOTHETICAL"
    assert "HYPOTHETICAL" not in [c.value for c in book(answer())["Answer"]["A"]]
