"""QuickBooks' transactions in the shapes of its own API, lines and quirks included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from local.sandbox.world.books import GENERAL_ITEMS
from local.sandbox.world.identity import CHANGE_WORK
from local.sandbox.world.model import Account, Project, Txn, TxnLine, Vendor, World
from local.sandbox.world.money import number
from local.sandbox.world.views.posting import open_amount
from local.sandbox.world.views.quickbooks_lists import CLASSES, currency, gone, item_name
from local.sandbox.world.views.stamps import Row, day, meta

KINDS = (
    "Bill BillPayment Purchase VendorCredit JournalEntry Invoice Payment CreditMemo Deposit Estimate PurchaseOrder "
    "Transfer"
).split()
NAMES_BY_ID = {item_id: name for item_id, name, _ in GENERAL_ITEMS.values()}
LINKED_AS = {"BillPayment": "BillPaymentCheck"}
"""QuickBooks calls every bill payment a check payment in LinkedTxn, card or not."""


def rows(world: World) -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for txn in world.txns:
        made[txn.kind].append({**_SHAPES[txn.kind](world, txn), **_header(world, txn)})
    return made


def _header(world: World, txn: Txn) -> Row:
    last = max([txn.day, *(other.day for other in txn.links)])
    row: Row = {
        "domain": "QBO",
        "sparse": False,
        "Id": txn.id,
        "SyncToken": "0" if txn.silent_edit else str(txn.edits),
        "MetaData": meta(world, txn.day, last + timedelta(days=txn.edits), int(txn.id)),
        "TxnDate": day(txn.day),
        "CurrencyRef": currency(txn.currency),
    }
    if txn.currency != "USD":
        row["ExchangeRate"] = float(txn.rate)
    if txn.document:
        row["DocNumber"] = txn.document
    if txn.note:
        row["PrivateNote"] = txn.note
    return row


def _ref(account: Account) -> Row:
    return {"value": account.id, "name": account.name}


def _vendor(vendor: Vendor | None) -> Row:
    assert vendor is not None
    assert vendor.quickbooks_id is not None  # nobody is billed by a firm that QuickBooks does not know
    return {"value": vendor.quickbooks_id, "name": gone(vendor.quickbooks_name, vendor.active)}


def _job(project: Project | None) -> Row:
    assert project is not None
    assert project.quickbooks_id is not None  # only jobs that QuickBooks knows are tagged
    return {"value": project.quickbooks_id, "name": project.quickbooks_name}


def _job_of(line: TxnLine) -> Row:
    project = line.project
    if project and line.on_change_job:
        return {"value": project.change_job_id, "name": CHANGE_WORK}
    return _job(project)


def _linked(txn: Txn) -> list[Row]:
    return [{"TxnId": other.id, "TxnType": LINKED_AS.get(other.kind, other.kind)} for other in txn.links]


def _expense_line(n: int, line: TxnLine) -> Row:
    """A line of a bill, purchase, vendor credit or purchase order."""
    base: Row = {"Id": str(n), "LineNum": n, "Amount": number(line.amount), "LinkedTxn": []}
    if line.description:
        base["Description"] = line.description
    detail: Row = {"BillableStatus": "NotBillable", "TaxCodeRef": {"value": "NON"}}
    if line.project:
        detail["CustomerRef"] = _job_of(line)
        detail["ClassRef"] = {"value": CLASSES[0][0], "name": CLASSES[0][1]}
    if line.leaf and line.project:
        name = item_name(line.project, line.leaf.code, line.leaf.type)
        detail |= {"ItemRef": {"value": line.leaf.item_id, "name": name}, "UnitPrice": number(line.amount), "Qty": 1}
        return {**base, "DetailType": "ItemBasedExpenseLineDetail", "ItemBasedExpenseLineDetail": detail}
    detail["AccountRef"] = _ref(line.account)
    return {**base, "DetailType": "AccountBasedExpenseLineDetail", "AccountBasedExpenseLineDetail": detail}


def _expense_lines(txn: Txn) -> list[Row]:
    return [_expense_line(n, line) for n, line in enumerate(txn.lines, start=1)]


def _payable(world: World, txn: Txn) -> Row:
    """Bills, vendor credits and purchase orders."""
    row: Row = {
        "VendorRef": _vendor(txn.vendor),
        "APAccountRef": _ref(txn.account or world.accounts["ap"]),
        "Line": _expense_lines(txn),
        "TotalAmt": number(txn.total),
    }
    if txn.kind == "Bill":
        row |= {
            "DueDate": day(txn.day + timedelta(days=30)),
            "Balance": number(open_amount(txn)),
            "LinkedTxn": _linked(txn),
        }
        if txn.currency != "USD":
            row["HomeBalance"] = number(txn.home(open_amount(txn)))
    elif txn.kind == "VendorCredit":
        row["Balance"] = number(txn.total)
    return {**row, **txn.extra}


def _purchase(world: World, txn: Txn) -> Row:
    assert txn.account is not None  # a purchase is paid from somewhere
    card = txn.payment_type == "CreditCard"
    code = "11" if txn.credit else "54" if card else "3"
    name_value = {
        "name": "{http://schema.intuit.com/finance/v3}NameValue",
        "declaredType": "com.intuit.schema.finance.v3.NameValue",
        "scope": "javax.xml.bind.JAXBElement$GlobalScope",
        "value": {"Name": "TxnType", "Value": code},
        "nil": False,
        "globalScope": True,
        "typeSubstituted": False,
    }
    row: Row = {
        "AccountRef": _ref(txn.account),
        "PaymentType": txn.payment_type,
        "TotalAmt": number(txn.total),
        "PurchaseEx": {"any": [name_value]},
        "Line": _expense_lines(txn),
    }
    if txn.vendor:
        row["EntityRef"] = {**_vendor(txn.vendor), "type": "Vendor"}
    if card:
        row["Credit"] = txn.credit
    return row


def _bill_payment(world: World, txn: Txn) -> Row:
    assert txn.account is not None  # paid from bank or card
    lines = [
        {"Amount": number(x.amount), "LinkedTxn": [{"TxnId": bill.id, "TxnType": "Bill"} for bill in x.links]}
        for x in txn.lines
    ]
    paid: Row = {"CheckPayment": {"BankAccountRef": _ref(txn.account), "PrintStatus": "NotSet"}}
    if txn.payment_type == "CreditCard":
        paid = {"CreditCardPayment": {"CCAccountRef": _ref(txn.account)}}
    return {
        "VendorRef": _vendor(txn.vendor),
        "PayType": txn.payment_type,
        **paid,
        "TotalAmt": number(txn.total),
        "Line": lines,
    }


def _journal(world: World, txn: Txn) -> Row:
    return {
        "Adjustment": False,
        "TotalAmt": 0,
        "Line": [_journal_line(n, line) for n, line in enumerate(txn.lines)],
        "TxnTaxDetail": {},
    }


def _journal_line(n: int, line: TxnLine) -> Row:
    detail: Row = {"PostingType": "Debit" if line.debit else "Credit", "AccountRef": _ref(line.account)}
    if line.project:
        detail["Entity"] = {"Type": "Customer", "EntityRef": _job_of(line)}
    elif line.vendor:
        detail["Entity"] = {"Type": "Vendor", "EntityRef": _vendor(line.vendor)}
    return {
        "Id": str(n),
        "Description": line.description,
        "Amount": number(line.amount),
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }


def _sales(world: World, txn: Txn) -> Row:
    """Invoices, credit memos and estimates: sales lines, then the subtotal that must not be added."""
    lines = [_sales_line(n, line) for n, line in enumerate(txn.lines, start=1)]
    subtotal: Row = {"Amount": number(txn.total), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    row: Row = {
        "CustomerRef": _job(txn.customer),
        "Line": [*lines, subtotal],
        "TxnTaxDetail": {"TotalTax": 0},
        "TotalAmt": number(txn.total),
        "LinkedTxn": _linked(txn),
    }
    if txn.kind == "Invoice":
        row |= {"Balance": number(open_amount(txn)), "DueDate": day(txn.day + timedelta(days=30))}
    elif txn.kind == "CreditMemo":
        row |= {"Balance": number(txn.total), "RemainingCredit": number(txn.total)}
    return {**row, **txn.extra}


def _sales_line(n: int, line: TxnLine) -> Row:
    assert line.item_id is not None  # sales lines are always on an item
    detail: Row = {
        "ItemRef": {"value": line.item_id, "name": NAMES_BY_ID[line.item_id]},
        "UnitPrice": number(line.amount),
        "Qty": 1,
        "ItemAccountRef": _ref(line.account),
        "TaxCodeRef": {"value": "NON"},
    }
    return {
        "Id": str(n),
        "LineNum": n,
        "Description": line.description,
        "Amount": number(line.amount),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }


def _payment(world: World, txn: Txn) -> Row:
    lines = [
        {"Amount": number(x.amount), "LinkedTxn": [{"TxnId": t.id, "TxnType": t.kind} for t in x.links]}
        for x in txn.lines
    ]
    return {
        "CustomerRef": _job(txn.customer),
        "DepositToAccountRef": {"value": world.accounts["undeposited"].id},
        "TotalAmt": number(txn.total),
        "UnappliedAmt": 0,
        "Line": lines,
        "LinkedTxn": _linked(txn),
        **txn.extra,
    }


def _deposit(world: World, txn: Txn) -> Row:
    assert txn.account is not None  # the bank account
    lines = [_deposit_line(n, line) for n, line in enumerate(txn.lines, start=1)]
    return {"DepositToAccountRef": _ref(txn.account), "TotalAmt": number(txn.total), "Line": lines}


def _deposit_line(n: int, line: TxnLine) -> Row:
    if line.links:
        linked = [{"TxnId": t.id, "TxnType": t.kind, "TxnLineId": "0"} for t in line.links]
        return {"Amount": number(line.amount), "LinkedTxn": linked}
    detail: Row = {"AccountRef": _ref(line.account)}
    if line.project:
        detail["Entity"] = {**_job_of(line), "type": "CUSTOMER"}
    return {
        "Id": str(n),
        "LineNum": n,
        "Description": line.description,
        "Amount": number(line.amount),
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": detail,
    }


def _transfer(world: World, txn: Txn) -> Row:
    assert txn.account is not None  # the account the money leaves
    return {
        "FromAccountRef": _ref(txn.account),
        "ToAccountRef": _ref(txn.lines[0].account),
        "Amount": number(txn.total),
    }


_SHAPES: dict[str, Callable[[World, Txn], Row]] = {
    "Bill": _payable,
    "VendorCredit": _payable,
    "PurchaseOrder": _payable,
    "Purchase": _purchase,
    "BillPayment": _bill_payment,
    "JournalEntry": _journal,
    "Invoice": _sales,
    "CreditMemo": _sales,
    "Estimate": _sales,
    "Payment": _payment,
    "Deposit": _deposit,
    "Transfer": _transfer,
}
