"""Posting rules on the forms the recorded company lacks: voids, credits, groups, currencies, job tags."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lake.landing import Landed, quickbooks, row, rows, sentences, tables

D = Decimal


def account(native: int, name: str, classification: str, kind: str, sub_kind: str = "", **more: Any) -> Landed:
    return quickbooks(
        "Account",
        native,
        Name=name,
        FullyQualifiedName=name,
        Classification=classification,
        AccountType=kind,
        AccountSubType=sub_kind,
        CurrentBalance=0,
        Active=True,
        **more,
    )


CHART = (
    account(1, "Checking", "Asset", "Bank"),
    account(2, "Receivable", "Asset", "Accounts Receivable", "AccountsReceivable"),
    account(3, "Payable", "Liability", "Accounts Payable", "AccountsPayable"),
    account(4, "Undeposited Funds", "Asset", "Other Current Asset", "UndepositedFunds"),
    account(5, "Job Materials", "Expense", "Cost of Goods Sold"),
    account(6, "Income", "Revenue", "Income"),
    account(7, "Sales Tax", "Liability", "Other Current Liability", "GlobalTaxPayable"),
    account(8, "Inventory", "Asset", "Other Current Asset", "Inventory"),
    account(9, "Card", "Liability", "Credit Card"),
)
ITEMS = (
    quickbooks(
        "Item", 10, Name="Stock", Type="Inventory", AssetAccountRef={"value": "8"}, ExpenseAccountRef={"value": "5"}
    ),
    quickbooks(
        "Item", 11, Name="Heading", Type="Service", ExpenseAccountRef={"value": "5"}, IncomeAccountRef={"value": "6"}
    ),
    quickbooks("Item", 12, Name="Child", Type="Service", ParentRef={"value": "11"}),
)
JOBS = (
    quickbooks("Customer", 57, DisplayName="Acme", Active=True, Job=False),
    quickbooks(
        "Customer",
        58,
        DisplayName="Clinic",
        FullyQualifiedName="Acme:Clinic",
        Job=True,
        IsProject=True,
        Active=True,
        ParentRef={"value": "57"},
    ),
    quickbooks("Vendor", 30, DisplayName="Volt LLC", Active=True),
)


def expense(native: str, amount: float, **detail: Any) -> dict[str, Any]:
    kind = "ItemBasedExpenseLineDetail" if "ItemRef" in detail else "AccountBasedExpenseLineDetail"
    return {"Id": native, "Amount": amount, "DetailType": kind, kind: detail}


def sale(native: str, amount: float, **detail: Any) -> dict[str, Any]:
    detail = {"ItemRef": {"value": "11"}, **detail}
    return {"Id": native, "Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}


def posted(*records: Landed, wanted: str | None = None) -> dict[tuple[str, str], Any]:
    """(line key -> row) of one record, with everything around it landed too."""
    made = tables(*CHART, *ITEMS, *JOBS, *records)
    assert rows(made, "rejects") == []
    return {each["line_key"]: each for each in rows(made, "accounting_lines") if wanted in (None, each["record_id"])}


def sides(lines: dict[Any, Any]) -> dict[Any, tuple[str | None, Decimal | None]]:
    return {
        key: (line["account_record_id"] and line["account_record_id"].rpartition(":")[2], line["amount"])
        for key, line in lines.items()
    }


def test_a_bill_debits_its_lines_and_credits_payables_net_of_retainage() -> None:
    lines = posted(
        quickbooks(
            "Bill",
            100,
            TxnDate="2026-10-31",
            DocNumber="INV-88",
            VendorRef={"value": "30", "name": "Old name"},
            APAccountRef={"value": "3"},
            TotalAmt=900.00,
            Line=[
                expense(
                    "1", 1000.00, AccountRef={"value": "5"}, CustomerRef={"value": "58"}, BillableStatus="NotBillable"
                ),
                expense("2", -100.00, AccountRef={"value": "7"}),
            ],
        )
    )

    assert sides(lines) == {"1": ("5", D("1000.00")), "2": ("7", D("-100.00")), "H": ("3", D("-900.00"))}
    assert lines["1"]["job_record_id"] == "quickbooks:Customer:58"
    assert lines["2"]["job_record_id"] is None
    assert (lines["1"]["amount_at"], lines["H"]["amount_at"]) == ("/Line/0/Amount", "/TotalAmt")
    assert lines["1"]["party_record_id"] == "quickbooks:Vendor:30"
    assert lines["1"]["party_name"] == "Volt LLC"
    assert lines["1"]["document_number"] == "INV-88"
    assert lines["1"]["posting"]
    assert not lines["1"]["voided"]


def test_a_vendor_credit_lowers_cost() -> None:
    lines = posted(
        quickbooks(
            "VendorCredit",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            TotalAmt=50,
            Line=[expense("1", 50, AccountRef={"value": "5"}, CustomerRef={"value": "58"})],
        )
    )

    assert sides(lines) == {"1": ("5", D("-50.00")), "H": ("3", D("50.00"))}
    assert lines["1"]["amount_sign"] == -1


def test_a_credited_purchase_turns_every_sign() -> None:
    lines = posted(
        quickbooks(
            "Purchase",
            1,
            TxnDate="2026-10-31",
            PaymentType="CreditCard",
            Credit=True,
            TotalAmt=20,
            AccountRef={"value": "9"},
            EntityRef={"value": "58", "type": "Customer"},
            Line=[expense("1", 20, AccountRef={"value": "5"})],
        )
    )

    assert sides(lines) == {"1": ("5", D("-20.00")), "H": ("9", D("20.00"))}
    assert lines["1"]["job_record_id"] is None, "the payee in the header is not the job"
    assert lines["1"]["party_record_id"] == "quickbooks:Customer:58"


def test_an_items_account_depends_on_its_type_and_falls_back_to_its_parent() -> None:
    lines = posted(
        quickbooks(
            "Bill",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            TotalAmt=30,
            Line=[expense("1", 10, ItemRef={"value": "10"}), expense("2", 20, ItemRef={"value": "12"})],
        )
    )

    assert sides(lines)["1"] == ("8", D("10.00"))
    assert sides(lines)["2"] == ("5", D("20.00"))
    assert lines["2"]["item_record_id"] == "quickbooks:Item:12"


def test_an_invoice_posts_nested_lines_and_never_the_group_or_its_subtotal() -> None:
    lines = posted(
        quickbooks(
            "Invoice",
            1,
            TxnDate="2026-10-31",
            CustomerRef={"value": "58"},
            TotalAmt=97,
            TxnTaxDetail={"TotalTax": 7},
            Line=[
                {
                    "Id": "1",
                    "Amount": 100,
                    "DetailType": "GroupLineDetail",
                    "GroupLineDetail": {"Line": [sale("2", 60), sale("3", 40, ItemRef={"value": "12"})]},
                },
                {"Description": "Thank you", "DetailType": "DescriptionOnly", "DescriptionLineDetail": {}},
                {"Amount": 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
                {
                    "Amount": 10,
                    "DetailType": "DiscountLineDetail",
                    "DiscountLineDetail": {"DiscountAccountRef": {"value": "6"}},
                },
            ],
        )
    )

    assert sides(lines) == {
        "1": (None, None),
        "2": ("6", D("-60.00")),
        "3": ("6", D("-40.00")),
        "L2": (None, None),
        "L3": (None, None),
        "L4": ("6", D("10.00")),
        "T": ("7", D("-7.00")),
        "H": ("2", D("97.00")),
    }
    assert [key for key, line in lines.items() if line["presentation"]] == ["1", "L2", "L3"]
    assert lines["3"]["amount_at"] == "/Line/0/GroupLineDetail/Line/1/Amount"
    assert {line["job_record_id"] for key, line in lines.items() if not line["presentation"]} == {
        "quickbooks:Customer:58"
    }


@pytest.mark.parametrize(
    ("entity", "sign", "bank"), [("CreditMemo", 1, "2"), ("RefundReceipt", 1, "4"), ("SalesReceipt", -1, "4")]
)
def test_sales_forms_have_their_signs(entity: str, sign: int, bank: str) -> None:
    lines = posted(
        quickbooks(entity, 1, TxnDate="2026-10-31", CustomerRef={"value": "58"}, TotalAmt=5, Line=[sale("1", 5)])
    )

    assert sides(lines) == {"1": ("6", sign * D("5.00")), "H": (bank, -sign * D("5.00"))}


def test_a_journal_line_is_job_cost_only_for_customers_and_jobs() -> None:
    def line(native: str, side: str, **entity: Any) -> dict[str, Any]:
        detail = (
            {"PostingType": side, "AccountRef": {"value": "5"}, "Entity": entity}
            if entity
            else {"PostingType": side, "AccountRef": {"value": "5"}}
        )
        return {"Id": native, "Amount": 7.5, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}

    lines = posted(
        quickbooks(
            "JournalEntry",
            1,
            TxnDate="2026-10-31",
            Line=[
                line("0", "Debit", Type="Customer", EntityRef={"value": "58"}),
                line("1", "Debit", Type="Job", EntityRef={"value": "58"}),
                line("2", "Credit", Type="Vendor", EntityRef={"value": "30"}),
                line("3", "Credit"),
            ],
        )
    )

    assert [lines[key]["amount"] for key in "0123"] == [D("7.50"), D("7.50"), D("-7.50"), D("-7.50")]
    assert [lines[key]["job_record_id"] for key in "0123"] == ["quickbooks:Customer:58"] * 2 + [None] * 2
    assert lines["2"]["party_name"] == "Volt LLC"
    assert "H" not in lines


def test_a_deposit_empties_undeposited_funds_and_credits_what_it_names() -> None:
    lines = posted(
        quickbooks(
            "Deposit",
            1,
            TxnDate="2026-10-31",
            DepositToAccountRef={"value": "1"},
            TotalAmt=125,
            CashBack={"AccountRef": {"value": "9"}, "Amount": 5, "Memo": "to the till"},
            Line=[
                {"Amount": 100, "LinkedTxn": [{"TxnId": "77", "TxnType": "Payment", "TxnLineId": "0"}]},
                {
                    "Id": "2",
                    "Amount": 30,
                    "DetailType": "DepositLineDetail",
                    "DepositLineDetail": {"AccountRef": {"value": "5"}, "Entity": {"value": "58", "type": "CUSTOMER"}},
                },
            ],
        )
    )

    assert sides(lines) == {
        "L1": ("4", D("-100.00")),
        "2": ("5", D("-30.00")),
        "C": ("9", D("5.00")),
        "H": ("1", D("125.00")),
    }
    assert lines["2"]["job_record_id"] == "quickbooks:Customer:58"
    assert lines["L1"]["linked_record_ids"] == ["quickbooks:Payment:77"]


def test_a_payment_meets_the_account_of_the_document_it_settles() -> None:
    other = account(20, "Receivable EUR", "Asset", "Accounts Receivable", CurrencyRef={"value": "EUR"})
    lines = posted(
        other,
        quickbooks(
            "Invoice",
            50,
            TxnDate="2026-10-01",
            CustomerRef={"value": "58"},
            TotalAmt=80,
            ARAccountRef={"value": "20"},
            Line=[sale("1", 80)],
        ),
        quickbooks(
            "CreditMemo", 51, TxnDate="2026-10-01", CustomerRef={"value": "58"}, TotalAmt=30, Line=[sale("1", 30)]
        ),
        quickbooks(
            "Payment",
            52,
            TxnDate="2026-10-31",
            CustomerRef={"value": "58"},
            TotalAmt=60,
            UnappliedAmt=10,
            Line=[
                {"Amount": 80, "LinkedTxn": [{"TxnId": "50", "TxnType": "Invoice"}]},
                {"Amount": 30, "LinkedTxn": [{"TxnId": "51", "TxnType": "CreditMemo"}]},
            ],
        ),
        wanted="quickbooks:Payment:52",
    )

    assert sides(lines) == {
        "L1": ("20", D("-80.00")),
        "L2": ("2", D("30.00")),
        "U": ("2", D("-10.00")),
        "H": ("4", D("60.00")),
    }
    assert lines["U"]["amount_at"] == "/UnappliedAmt"


def test_a_bill_payment_by_card_credits_the_card() -> None:
    lines = posted(
        quickbooks(
            "BillPayment",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            PayType="CreditCard",
            TotalAmt=70,
            CreditCardPayment={"CCAccountRef": {"value": "9"}},
            Line=[
                {"Amount": 100, "LinkedTxn": [{"TxnId": "5", "TxnType": "Bill"}]},
                {"Amount": 30, "LinkedTxn": [{"TxnId": "6", "TxnType": "VendorCredit"}]},
            ],
        )
    )

    assert sides(lines) == {"L1": ("3", D("100.00")), "L2": ("3", D("-30.00")), "H": ("9", D("-70.00"))}


def test_a_transfer_has_two_sides() -> None:
    lines = posted(
        quickbooks(
            "Transfer", 1, TxnDate="2026-10-31", Amount=500, FromAccountRef={"value": "1"}, ToAccountRef={"value": "9"}
        )
    )

    assert sides(lines) == {"L1": ("9", D("500.00")), "H": ("1", D("-500.00"))}


def test_estimates_and_purchase_orders_are_rows_that_post_nothing() -> None:
    made = tables(
        *CHART,
        quickbooks(
            "PurchaseOrder",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            TotalAmt=9,
            Line=[expense("1", 9, AccountRef={"value": "5"})],
        ),
        quickbooks("Estimate", 2, TxnDate="2026-10-31", CustomerRef={"value": "58"}, TotalAmt=9, Line=[sale("1", 9)]),
    )

    assert [(line["entity"], line["posting"]) for line in rows(made, "accounting_lines")] == [
        ("Estimate", False),
        ("PurchaseOrder", False),
    ]


def test_a_void_keeps_its_rows_with_no_effect() -> None:
    lines = posted(
        quickbooks(
            "Bill",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            TotalAmt=0,
            PrivateNote="Voided - wrong job",
            Line=[expense("1", 0, AccountRef={"value": "5"})],
        ),
    )

    assert all(line["voided"] for line in lines.values())
    assert sides(lines) == {"1": ("5", D("0.00")), "H": ("3", D("0.00"))}


def test_a_note_that_begins_with_voided_does_not_void_money() -> None:
    lines = posted(
        quickbooks(
            "Bill",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            TotalAmt=3,
            PrivateNote="Voided check reissued",
            Line=[expense("1", 3, AccountRef={"value": "5"})],
        ),
    )

    assert not any(line["voided"] for line in lines.values())


def test_a_project_reference_is_resolved_by_name_never_by_its_id() -> None:
    line = {
        **expense("1", 3, AccountRef={"value": "5"}, CustomerRef={"value": "57"}),
        "ProjectRef": {"value": "57", "name": "Clinic"},
    }
    other = {**expense("2", 3, AccountRef={"value": "5"}), "ProjectRef": {"value": "58"}}
    lines = posted(
        quickbooks("Bill", 1, TxnDate="2026-10-31", VendorRef={"value": "30"}, TotalAmt=6, Line=[line, other])
    )

    assert lines["1"]["job_record_id"] == "quickbooks:Customer:58"
    assert lines["2"]["job_record_id"] is None


def test_two_lines_that_share_an_id_keep_two_rows() -> None:
    lines = posted(
        quickbooks(
            "Bill",
            1,
            TxnDate="2026-10-31",
            VendorRef={"value": "30"},
            TotalAmt=3,
            Line=[expense("1", 1, AccountRef={"value": "5"}), expense("1", 2, AccountRef={"value": "5"})],
        )
    )

    assert sorted(lines) == ["1", "H", "L2"]


@given(
    amounts=st.lists(st.integers(-10_000_00, 10_000_00), min_size=1, max_size=6),
    rate=st.decimals("0.01", "99", places=6),
)
def test_a_foreign_bill_balances_in_home_currency_whatever_the_rate(amounts: list[int], rate: Decimal) -> None:
    cents = [D(amount) / 100 for amount in amounts]
    bill = quickbooks(
        "Bill",
        1,
        TxnDate="2026-10-31",
        VendorRef={"value": "30"},
        CurrencyRef={"value": "CAD"},
        ExchangeRate=str(rate),
        TotalAmt=str(sum(cents)),
        APAccountRef={"value": "3"},
        Line=[expense(str(n), str(amount), AccountRef={"value": "5"}) for n, amount in enumerate(cents)],  # type: ignore[arg-type]
    )

    lines = posted(bill)

    assert sum(line["amount"] for line in lines.values()) == 0
    assert lines["0"]["amount"] == (cents[0] * rate).quantize(D("0.01"), "ROUND_HALF_UP")
    assert lines["0"]["currency"] == "CAD"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"TxnDate": None}, "/TxnDate"),
        ({"TxnDate": "10/31/2026"}, "/TxnDate"),
        (
            {"Line": [{"Id": "1", "DetailType": "AccountBasedExpenseLineDetail"}]},
            "/Line/0/AccountBasedExpenseLineDetail",
        ),
        ({"Line": [expense("1", "abc", AccountRef={"value": "5"})]}, "/Line/0/Amount"),  # type: ignore[arg-type]
        ({"Line": [{"Id": "1", "Amount": 5, "DetailType": None}]}, "/Line/0/DetailType"),
        ({"Line": "none"}, "/Line"),
    ],
)
def test_a_bill_that_cannot_be_read_is_one_sentence_and_no_row(change: dict[str, Any], field: str) -> None:
    bill = {
        "TxnDate": "2026-10-31",
        "VendorRef": {"value": "30"},
        "TotalAmt": 5,
        "Line": [expense("1", 5, AccountRef={"value": "5"})],
        **change,
    }

    made = tables(*CHART, quickbooks("Bill", 100, **bill))

    reject = row(made, "rejects")
    assert (reject["record_id"], reject["system"], reject["field"]) == ("quickbooks:Bill:100", "quickbooks", field)
    assert f"QuickBooks Bill 100: field {field} " in sentences(made)[0]
    assert rows(made, "accounting_lines") == []


def test_a_reject_knows_the_job_its_lines_agree_on() -> None:
    line = expense("1", 5, AccountRef={"value": "5"}, CustomerRef={"value": "58"})

    made = tables(quickbooks("Bill", 1, VendorRef={"value": "30"}, TotalAmt=5, Line=[line]))

    assert row(made, "rejects")["project_record_id"] == "quickbooks:Customer:58"


def test_a_deleted_transaction_has_no_rows() -> None:
    bill = quickbooks("Bill", 1, status="Deleted").tombstone()

    made = tables(*CHART, bill)

    assert rows(made, "accounting_lines") == rows(made, "rejects") == []


def test_balances_are_kept_as_quickbooks_reports_them() -> None:
    made = tables(*CHART)

    by_class = defaultdict(int)
    for each in rows(made, "accounts"):
        by_class[each["classification"]] += 1
        assert each["balance"] == D("0.00")
    assert by_class == {"Asset": 4, "Liability": 3, "Expense": 1, "Revenue": 1}


def test_a_line_with_text_of_its_own_keeps_the_note_of_its_transaction_beside_it() -> None:
    lines = posted(
        quickbooks(
            "Bill",
            1,
            TxnDate="2026-10-31",
            PrivateNote="Accrue crane",
            VendorRef={"value": "30"},
            TotalAmt=50,
            Line=[expense("1", 50, AccountRef={"value": "5"}) | {"Description": "Crane"}],
        )
    )

    assert {key: (each["memo"], each["note"]) for key, each in lines.items()} == {
        "1": ("Crane", "Accrue crane"),
        "H": ("Accrue crane", "Accrue crane"),
    }
