"""A finding of the whole company lowers the projects whose margin it could move, and no others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datablueprint import tables
from datablueprint.adapters.local_files import LocalFiles
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.lake.snapshots import Snapshots
from datablueprint.metrics.grades import Grader
from tests.metrics.kit import AS_OF, PROJECT, SNAPSHOT, fact, measures

JOURNAL = "quickbooks:JournalEntry:1"
ACTIVE = date(2026, 3, 1), date(2026, 5, 31)


def finding(amount: str | None, kind: str = "line without account", **changes: Any) -> dict[str, Any]:
    row = {"kind": kind, "grade": "C", "project": None, "sentence": f"{kind} of {amount}", "record_ids": [JOURNAL]}
    return row | {"amount": None if amount is None else Decimal(amount)} | changes


def letter(*found: dict[str, Any], price: str = "100000", on: date | None = None) -> str:
    grader = Grader(found, (), (), {JOURNAL: (on, on)} if on else None)
    return grader.project(PROJECT, price=Decimal(price), active=ACTIVE, estimates=()).letter


@pytest.mark.parametrize(
    ("amount", "grade"), [("5.00", "A"), ("499.99", "A"), ("500.00", "C"), ("-500.00", "C"), (None, "C")]
)
def test_only_an_amount_that_could_move_the_margin_by_half_a_point_counts(amount: str | None, grade: str):
    assert letter(finding(amount)) == grade


def test_many_small_findings_of_one_kind_are_weighed_together():
    assert letter(finding("300.00"), finding("200.00")) == "C"
    assert letter(finding("300.00"), finding("199.00")) == "A"


@pytest.mark.parametrize(
    ("on", "grade"), [(date(2026, 3, 1), "C"), (date(2026, 5, 31), "C"), (date(2025, 2, 7), "A"), (None, "C")]
)
def test_a_finding_of_a_day_bears_on_the_projects_of_that_day(on: date | None, grade: str):
    assert letter(finding("9000.00"), on=on) == grade


def test_without_a_contract_value_nothing_says_that_it_is_small():
    assert letter(finding("5.00"), price="0") == "C"


def test_a_finding_of_the_project_itself_needs_no_amount_to_count():
    assert letter(finding("5.00", project=PROJECT)) == "C"


def test_the_company_bears_every_finding_of_the_company():
    assert Grader([finding("5.00")], (), ()).company().letter == "C"


@pytest.mark.parametrize(("booked_on", "grade"), [(AS_OF, "C"), (date(2019, 1, 4), "A")])
def test_the_day_is_that_of_the_record_in_quickbooks(tmp_path: Path, booked_on: date, grade: str):
    cost = fact("cost", "30000", "26-000", "S", accounting_on=AS_OF)
    budget = fact("original_budget", "80000", "26-000", "S")
    told = finding("9000.00", finding_id="f", level="warning", way_out="")
    line = {"record_id": JOURNAL, "line_key": "0", "entity": "JournalEntry", "transaction_on": booked_on}
    snapshots = Snapshots(LocalFiles(tmp_path / "files"), SqliteState(tmp_path / "other.db"))
    snapshots.write(SNAPSHOT, "accounting_lines", tables.build("accounting_lines", [line]))
    found = measures(tmp_path, [fact("original_contract", "100000"), budget, cost], findings=[told])

    figure = found.project_figure("gross_margin_at_completion", found.projects[PROJECT])

    assert figure.grade == grade
