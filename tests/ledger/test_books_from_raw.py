"""What the books' facts say is what QuickBooks' own records say, field by field: the checker re-adds every measure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datablueprint import graph, tables
from datablueprint import ledger as rules
from datablueprint.lake.conform import conform
from datablueprint.proof.checker import Checker
from datablueprint.settings import Policy, Settings
from tests.lake.landing import Lake, Landed, lake, landed, quickbooks
from tests.lake.test_conform_accounting import CHART, ITEMS, JOBS, account, expense, sale

Row = dict[str, Any]
RECORDED = Path(__file__).parents[3] / "shared" / "fixtures" / "quickbooks_online_recorded"
SECOND = quickbooks("Customer", 59, DisplayName="Mill", FullyQualifiedName="Mill", Job=True, IsProject=True)
RETAINAGE = (
    account(20, "Retainage Receivable", "Asset", "Other Current Asset", "Retainage"),
    account(21, "Retainage Payable", "Liability", "Other Current Liability"),
)
VOLT, CLINIC, MILL = {"value": "30"}, {"value": "58"}, {"value": "59"}


def job(native: str, amount: float, customer: Row) -> Row:
    return expense(native, amount, AccountRef={"value": "5"}, CustomerRef=customer)


def settles(amount: float, kind: str, native: int) -> Row:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": str(native), "TxnType": kind}]}


BILL = quickbooks(
    "Bill",
    100,
    TxnDate="2026-09-30",
    VendorRef=VOLT,
    APAccountRef={"value": "3"},
    TotalAmt=919.99,
    Line=[job("1", 333.33, CLINIC), job("2", 666.66, MILL), expense("3", -80.00, AccountRef={"value": "21"})],
)
BILL_WITHOUT_TOTAL = quickbooks(
    "Bill", 101, TxnDate="2026-09-30", VendorRef=VOLT, APAccountRef={"value": "3"}, Line=[job("1", 77.70, CLINIC)]
)
CREDIT = quickbooks("VendorCredit", 102, TxnDate="2026-10-02", VendorRef=VOLT, TotalAmt=50, Line=[job("1", 50, CLINIC)])
PAID = quickbooks(
    "BillPayment",
    103,
    TxnDate="2026-10-30",
    VendorRef=VOLT,
    PayType="Check",
    CheckPayment={"BankAccountRef": {"value": "1"}},
    TotalAmt=350.00,
    Line=[settles(400.00, "Bill", 100), settles(50.00, "VendorCredit", 102)],
)
INVOICE = quickbooks(
    "Invoice",
    104,
    TxnDate="2026-09-30",
    CustomerRef=CLINIC,
    ARAccountRef={"value": "2"},
    TotalAmt=1030.00,
    TxnTaxDetail={"TotalTax": 80.00},
    Line=[sale("1", 1000.00), sale("2", -50.00, ItemAccountRef={"value": "20"})],
)
RECEIVED = quickbooks(
    "Payment",
    105,
    TxnDate="2026-10-31",
    CustomerRef={"value": "57"},
    DepositToAccountRef={"value": "1"},
    TotalAmt=1100.00,
    UnappliedAmt=70.00,
    Line=[settles(1030.00, "Invoice", 104)],
)
BOUGHT = quickbooks(
    "Purchase",
    106,
    TxnDate="2026-10-03",
    AccountRef={"value": "9"},
    PaymentType="CreditCard",
    Credit=True,
    TotalAmt=12.50,
    Line=[job("1", 12.50, CLINIC)],
)
FORMS = (BILL, BILL_WITHOUT_TOTAL, CREDIT, PAID, INVOICE, RECEIVED, BOUGHT)


class Ledger:
    """The facts of a lake as the checker reads them, with the payloads they are re-added from."""

    def __init__(self, raw: Lake, policy: Policy | None = None) -> None:
        conformed = conform(raw, Settings(tenant="test", policy=policy or Policy()))
        made = rules.post(conformed, graph.link(conformed, {}), policy or Policy())
        self.facts: list[Row] = tables.rows(made["facts"])
        self._payloads = {record.record_id: record.payload for records in raw.values() for record in records}

    def projects(self) -> Iterable[str]:
        return {fact["project"] for fact in self.facts if fact["project"]}

    def of_project(self, project: str | None) -> Iterable[Row]:
        return [fact for fact in self.facts if fact["project"] == project]

    def of_pools(self, pools: Iterable[str]) -> Iterable[Row]:
        wanted = set(pools)
        return [fact for fact in self.facts if fact["pool"] in wanted]

    def payloads(self, records: Iterable[str]) -> dict[str, str]:
        return {record: self._payloads[record] for record in records if record in self._payloads}

    def sums(self) -> dict[tuple[str, str | None], Decimal]:
        """Measure and project -> what the facts say."""
        found: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
        for fact in self.facts:
            if fact["state"] == "counted" and fact["amount"] is not None:
                found[fact["measure"], fact["project"]] += fact["amount"]
        return dict(found)

    def discrepancies(self) -> list[str]:
        """Every measure of every project re-added from the raw records."""
        checker = Checker(self, self.payloads, lambda _: None)
        wrong: list[str] = []
        for (measure, project), value in self.sums().items():
            select = {"measures": [measure], "project": project, "column": "amount"}
            wrong += checker.check(json.dumps({"op": "facts", "select": select, "value": str(value)})).discrepancies
        return wrong


@pytest.fixture(scope="module")
def forms() -> Ledger:
    return Ledger(lake(*CHART, *RETAINAGE, *ITEMS, *JOBS, SECOND, *FORMS))


def test_every_measure_of_the_books_re_adds_from_the_raw_records(forms: Ledger):
    assert {measure for measure, _ in forms.sums()} >= set(
        "cash cash_in cash_out receivable retainage_receivable payable retainage_payable billing sales_tax".split()
    )
    assert forms.discrepancies() == []


def test_cash_of_a_job_is_its_billing_and_cost_less_what_is_still_open(forms: Ledger):
    """Section 21: cash = (billed + tax - receivable - retainage) - (cost - payable - retainage payable)."""
    sums, clinic = forms.sums(), "quickbooks:Customer:58"

    def of(measure: str, project: str | None = clinic) -> Decimal:
        return sums.get((measure, project), Decimal(0))

    assert of("cash_in") == of("billing") + of("sales_tax") - of("receivable") - of("retainage_receivable")
    for project in (clinic, "quickbooks:Customer:59"):
        owed = of("payable", project) + of("retainage_payable", project)
        assert of("cash_out", project) == of("cost", project) - owed


def test_a_side_that_no_field_holds_is_re_added_from_the_other_sides(forms: Ledger):
    [owed] = [f for f in forms.facts if f["measure"] == "payable" and f["subject"] == "quickbooks:Bill:101"]

    assert owed["amount"] == Decimal("77.70")
    assert {(e["pointer"], e["role"]) for e in owed["evidence"]} == {("#H", "support"), ("/Line/0/Amount", "amount")}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded QuickBooks company is not beside the repo")
def test_the_recorded_company_re_adds_too():
    raw: dict[tuple[str, str], list[Landed]] = {
        ("quickbooks_online", file.stem): [
            landed("quickbooks_online", file.stem, entity["Id"], entity) for entity in json.loads(file.read_text())
        ]
        for file in sorted(RECORDED.glob("*.json"))
    }

    books = Ledger(raw)

    assert books.discrepancies() == []
    receivable = sum((v for (measure, _), v in books.sums().items() if measure == "receivable"), Decimal(0))
    assert receivable == Decimal("4681.52")
