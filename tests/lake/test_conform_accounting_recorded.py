"""A real company's recorded transactions, posted by our rules, give the balances QuickBooks itself reported."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from datablueprint.lake.conform import conform
from datablueprint.settings import Settings
from tests.lake.landing import Lake, landed, rows

RECORDED = Path(__file__).parents[3] / "shared" / "fixtures" / "quickbooks_online_recorded"
POSTED = ("Bill", "BillPayment", "Purchase", "Invoice", "Payment", "Deposit", "CreditMemo", "JournalEntry")
DELAYED_CHARGE = "quickbooks:Invoice:42"
"""An invoice made from a delayed charge: QuickBooks returns its subtotal and not its income line."""

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded QuickBooks company is not beside the repo")


@pytest.fixture(scope="module")
def recorded() -> dict[str, list[dict[str, Any]]]:
    files = sorted(RECORDED.glob("*.json"))
    return {file.stem: json.loads(file.read_text(), parse_float=Decimal) for file in files}


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    raw: Lake = {}
    for file in sorted(RECORDED.glob("*.json")):
        entities = json.loads(file.read_text())
        raw["quickbooks_online", file.stem] = [
            landed("quickbooks_online", file.stem, entity["Id"], entity) for entity in entities
        ]
    return conform(raw, Settings(tenant="recorded"))


def test_nothing_recorded_is_rejected(made: dict[str, pa.Table]) -> None:
    assert rows(made, "rejects") == []


@pytest.mark.parametrize(
    ("account", "balance"),
    [
        ("Accounts Receivable (A/R)", "4681.52"),
        ("Mastercard", "-157.72"),
        ("Savings", "800"),
        ("Loan Payable", "-4000"),
        ("Notes Payable", "-25000"),
        ("Truck:Original Cost", "13495"),
    ],
)
def test_a_rebuilt_balance_is_the_reported_one(made: dict[str, pa.Table], account: str, balance: str) -> None:
    (listed,) = [each for each in rows(made, "accounts") if each["full_name"] == account]
    rebuilt = sum(
        line["amount"]
        for line in rows(made, "accounting_lines")
        if line["posting"] and line["amount"] is not None and line["account_record_id"] == listed["record_id"]
    )

    assert rebuilt == listed["balance"] == Decimal(balance)


def test_accounts_payable_equals_the_open_bills(made: dict[str, pa.Table], recorded: dict[str, Any]) -> None:
    (payable,) = [each for each in rows(made, "accounts") if each["account_type"] == "Accounts Payable"]
    rebuilt = sum(
        line["amount"]
        for line in rows(made, "accounting_lines")
        if line["posting"] and line["account_record_id"] == payable["record_id"] and line["amount"] is not None
    )

    assert rebuilt == -sum(bill["Balance"] for bill in recorded["Bill"]) == Decimal("-1602.67")


def test_every_record_balances_but_the_one_whose_income_line_is_hidden(made: dict[str, pa.Table]) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in rows(made, "accounting_lines"):
        if line["posting"] and not line["presentation"]:
            sums[line["record_id"]] += line["amount"]

    assert {record: total for record, total in sums.items() if total} == {DELAYED_CHARGE: Decimal("75.00")}
    assert len(sums) == 152


def test_every_line_of_every_record_has_its_row(made: dict[str, pa.Table], recorded: dict[str, Any]) -> None:
    keys = defaultdict(set)
    for line in rows(made, "accounting_lines"):
        keys[line["record_id"]].add(line["line_key"])

    for entity in (*POSTED, "Estimate", "PurchaseOrder"):
        for transaction in recorded[entity]:
            own = keys[f"quickbooks:{entity}:{transaction['Id']}"] - {"H", "T", "C", "U"}
            assert len(own) == len(transaction["Line"])


def test_each_pointed_at_amount_is_the_rows_amount(made: dict[str, pa.Table], recorded: dict[str, Any]) -> None:
    by_id = {f"quickbooks:{entity}:{each['Id']}": each for entity in recorded for each in recorded[entity]}
    checked = 0
    for line in rows(made, "accounting_lines"):
        if line["amount_at"] is None:
            continue
        value: Any = by_id[line["record_id"]]
        for step in line["amount_at"].split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert line["amount"] == line["amount_sign"] * Decimal(value)
        checked += 1

    assert checked > 200


def test_posted_lines_name_their_accounts_where_quickbooks_says_them(made: dict[str, pa.Table]) -> None:
    nameless = [
        (line["entity"], line["line_key"])
        for line in rows(made, "accounting_lines")
        if line["posting"] and not line["presentation"] and line["account_record_id"] is None
    ]

    assert {key for _, key in nameless} <= {"T"}, "two tax agencies: which one is owed is not on the invoice"


def test_only_tagged_lines_have_a_job_on_the_cost_side(made: dict[str, pa.Table]) -> None:
    tagged = [
        line["record_id"]
        for line in rows(made, "accounting_lines")
        if line["entity"] in ("Bill", "Purchase") and line["job_record_id"] is not None
    ]

    assert len(tagged) == 2


def test_a_card_payment_moves_money_and_is_no_expense(made: dict[str, pa.Table]) -> None:
    classes = {account["record_id"]: account["classification"] for account in rows(made, "accounts")}
    sides = {
        classes[line["account_record_id"]]: line["amount"]
        for line in rows(made, "accounting_lines")
        if line["record_id"] == "quickbooks:Purchase:139"
    }

    assert sides == {"Asset": Decimal("-900.00"), "Liability": Decimal("900.00")}


def test_the_same_records_give_the_same_tables(made: dict[str, pa.Table]) -> None:
    raw = {}
    for file in sorted(RECORDED.glob("*.json"), reverse=True):
        entities = reversed(json.loads(file.read_text()))
        raw["quickbooks_online", file.stem] = [
            landed("quickbooks_online", file.stem, entity["Id"], entity) for entity in entities
        ]

    again = conform(raw, Settings(tenant="recorded"))

    assert all(again[name].equals(table) for name, table in made.items())
