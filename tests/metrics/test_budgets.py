"""The budget and what is bought against it, with hand-made sums, for a project and for one cost code of it."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from datablueprint.metrics import Measures
from tests.metrics.kit import fact, measures, readded

ONE, TWO = "procore:work_order_contracts:1", "procore:work_order_contracts:2"
HOURS = [{"record_id": "plan", "pointer": "/hours", "role": "amount"}]
FACTS = [
    fact("original_contract", "9000"),
    fact("original_budget", "1000", "26-000", "S"),
    fact("original_budget", "2000", "03-300", "L"),
    fact("budget_hours", None, "03-300", "L", hours=D("62.50"), evidence=HOURS),
    fact("budget_modification", "150", "26-000", "S"),
    fact("budget_modification", "-150", "03-300", "L"),
    fact("budget_change", "75.50", "26-000", "S"),
    fact("pending_budget_change", "40", "26-000", "S"),
    fact("commitment", "900", "26-000", "S", contract_record_id=ONE),
    fact("commitment_change", "50", "26-000", "S", contract_record_id=ONE),
    fact("commitment", "200", "26-000", "S", contract_record_id=TWO),
    fact("pending_commitment", "33", "26-000", "S", contract_record_id="three"),
    fact("pending_commitment_change", "7", "26-000", "S", contract_record_id=ONE),
    fact("cost", "300", "26-000", "S", contract_record_id=ONE),
    fact("cost", "230", "26-000", "S", contract_record_id=TWO),
    fact("cost", "20", "26-000", "S"),
    fact("cost", "12.34", "uncoded", "M"),
]


def told(found: Measures, name: str, scope: str = "24-017"):
    return found.figure(name, found.scope(scope))


@pytest.mark.parametrize(
    ("name", "project", "leaf"),
    [
        ("original_budget", "3000", "1000"),
        ("budget_modifications", "0", "150"),
        ("approved_budget_changes", "75.50", "75.50"),
        ("revised_budget", "3075.50", "1225.50"),
        ("pending_budget_changes", "40", "40"),
        ("projected_budget", "3115.50", "1265.50"),
        ("budget_hours", "62.50", "0"),
        ("committed_cost", "1150", "1150"),
        ("invoiced_on_commitments", "530", "530"),
        ("open_commitments", "650", "650"),
        ("pending_commitments", "40", "40"),
        ("buyout_gain", "75.50", "75.50"),
    ],
)
def test_a_project_and_a_code_of_it(tmp_path: Path, name: str, project: str, leaf: str):
    found = measures(tmp_path, FACTS)

    assert told(found, name).value == D(project)
    assert told(found, name, "24-017/26-000.S").value == D(leaf)
    assert readded(found, told(found, name)).discrepancies == []
    assert readded(found, told(found, name, "24-017/26-000.S")).discrepancies == []


def test_what_is_invoiced_too_much_on_one_line_opens_no_other_and_is_said(tmp_path: Path):
    found = measures(tmp_path, FACTS)

    for name in ("open_commitments", "invoiced_on_commitments"):
        assert "30.00 is invoiced beyond the commitments of 26-000 S" in told(found, name).assumptions


def test_transfers_that_add_budget_are_said(tmp_path: Path):
    found = measures(tmp_path, [*FACTS, fact("budget_modification", "10", "03-300", "L")])

    assert "transfers do not balance: 10.00 was added" in told(found, "budget_modifications").assumptions[0]
    assert told(measures(tmp_path / "even", FACTS), "budget_modifications").assumptions == ()


def test_cost_without_a_budget_is_said(tmp_path: Path):
    assert "12.34 of cost is unbudgeted, on uncoded M" in told(measures(tmp_path, FACTS), "revised_budget").assumptions


@pytest.mark.parametrize(
    "name", ["original_budget", "revised_budget", "pending_budget_changes", "variance_at_completion"]
)
def test_no_budget_is_missing_and_not_zero(tmp_path: Path, name: str):
    found = measures(tmp_path, [f for f in FACTS if f["measure"] != "original_budget"])

    assert told(found, name).missing == ("original budget (Procore)",)


def test_no_budget_hours_are_missing_and_nothing_bought_is_zero(tmp_path: Path):
    facts: list[dict[str, Any]] = [fact("original_budget", "3", "26-000", "S")]
    found = measures(tmp_path, facts)

    assert told(found, "budget_hours").missing[0].startswith("budget hours")
    assert (told(found, "committed_cost").value, told(found, "buyout_gain").value) == (0, 0)
