"""What a QuickBooks transaction posts, by entity: debits positive, and whatever is missing posted where it shows.

Reports need the ledger that no entity returns, so it is rebuilt here from the
records the sandbox serves. The product has posting rules of its own; a test
that compares the two compares two independent answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from local.sandbox.servers.store import Record, Store

CENT = Decimal("0.01")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Posting:
    account: str
    """Native account id; empty when the transaction does not say (reported as Not Specified)."""
    amount: Decimal
    """Debit positive."""
    job: str = ""
    memo: str = ""
    date: str = ""
    entity: str = ""
    transaction: str = ""
    document: str = ""
    party: tuple[str, str] = ("", "")


def money(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def reference(record: Any, name: str) -> str:
    """The value of a Ref, or an empty text."""
    inner = record.get(name) if isinstance(record, dict) else None
    return str(inner.get("value", "")) if isinstance(inner, dict) else ""


class Poster:
    """Posting rules over one company's accounts, items and bills."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.accounts: dict[str, Record] = {str(r.data["Id"]): r.data for r in store["Account"].rows}
        self.items: dict[str, Record] = {str(r.data["Id"]): r.data for r in store["Item"].rows}
        self.receivable = self._by("AccountType", "Accounts Receivable")
        self.payable = self._by("AccountType", "Accounts Payable")
        self.undeposited = self._by("AccountSubType", "UndepositedFunds")
        self.tax_payable = self._by("AccountSubType", "GlobalTaxPayable")
        self._rules: dict[str, Callable[[Record], Iterator[Posting]]] = {
            "Bill": lambda r: self._purchase(r, reference(r, "APAccountRef") or self.payable, 1),
            "VendorCredit": lambda r: self._purchase(r, reference(r, "APAccountRef") or self.payable, -1),
            "Purchase": lambda r: self._purchase(r, reference(r, "AccountRef"), -1 if r.get("Credit") else 1),
            "Invoice": lambda r: self._sale(r, reference(r, "ARAccountRef") or self.receivable, 1),
            "CreditMemo": lambda r: self._sale(r, reference(r, "ARAccountRef") or self.receivable, -1),
            "SalesReceipt": lambda r: self._sale(r, reference(r, "DepositToAccountRef") or self.undeposited, 1),
            "RefundReceipt": lambda r: self._sale(r, reference(r, "DepositToAccountRef") or self.undeposited, -1),
            "Payment": self._payment,
            "BillPayment": self._bill_payment,
            "Deposit": self._deposit,
            "Transfer": lambda r: self._move(r, "ToAccountRef", "FromAccountRef"),
            "CreditCardPaymentTxn": lambda r: self._move(r, "CreditCardAccountRef", "BankAccountRef"),
            "JournalEntry": self._journal,
        }

    @property
    def entities(self) -> list[str]:
        """The entities that post."""
        return list(self._rules)

    def _by(self, field: str, value: str) -> str:
        return next((key for key, account in self.accounts.items() if account.get(field) == value), "")

    def post(self, entity: str, record: Record) -> list[Posting]:
        """The transaction's postings in home currency; they sum to zero."""
        rate = money(record.get("ExchangeRate") or 1)
        postings = [
            Posting(
                p.account,
                (p.amount * rate).quantize(CENT, ROUND_HALF_UP),
                p.job,
                p.memo or str(record.get("PrivateNote") or ""),
                str(record.get("TxnDate", "")),
                entity,
                str(record.get("Id", "")),
                str(record.get("DocNumber") or ""),
                _party(record),
            )
            for p in self._rules[entity](record)
            if p.amount
        ]
        residue = -sum((p.amount for p in postings), ZERO)
        if residue:
            last = postings[-1]
            postings.append(
                Posting("", residue, "", "", last.date, entity, last.transaction, last.document, last.party)
            )
        return postings

    def _purchase(self, record: Record, against: str, sign: int) -> Iterator[Posting]:
        for line in record.get("Line", []):
            kind = line.get("DetailType", "")
            detail = line.get(kind) or {}
            if kind not in ("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"):
                continue
            account = reference(detail, "AccountRef") or self._item_account(detail, buying=True)
            yield Posting(account, sign * money(line.get("Amount")), self._job(record, line, detail), _text(line))
        tax = money((record.get("TxnTaxDetail") or {}).get("TotalTax"))
        yield Posting(self.tax_payable, sign * tax)
        yield Posting(against, -sign * money(record.get("TotalAmt")))

    def _sale(self, record: Record, against: str, sign: int) -> Iterator[Posting]:
        job = reference(record, "CustomerRef")
        for line in _flat(record.get("Line", [])):
            kind = line.get("DetailType", "")
            detail = line.get(kind) or {}
            amount = money(line.get("Amount"))
            if kind == "SalesItemLineDetail":
                account = reference(detail, "ItemAccountRef") or self._item_account(detail, buying=False)
                yield Posting(account, -sign * amount, job, _text(line))
            elif kind == "DiscountLineDetail":
                yield Posting(reference(detail, "DiscountAccountRef"), sign * amount, job, _text(line))
        yield Posting(self.tax_payable, -sign * money((record.get("TxnTaxDetail") or {}).get("TotalTax")), job)
        yield Posting(against, sign * money(record.get("TotalAmt")), job)

    def _payment(self, record: Record) -> Iterator[Posting]:
        total, job = money(record.get("TotalAmt")), reference(record, "CustomerRef")
        yield Posting(reference(record, "DepositToAccountRef") or self.undeposited, total, job)
        yield Posting(reference(record, "ARAccountRef") or self.receivable, -total, job)

    def _bill_payment(self, record: Record) -> Iterator[Posting]:
        total = money(record.get("TotalAmt"))
        check, card = record.get("CheckPayment") or {}, record.get("CreditCardPayment") or {}
        yield Posting(self._payable_of(record), total)
        yield Posting(reference(check, "BankAccountRef") or reference(card, "CCAccountRef"), -total)

    def _payable_of(self, record: Record) -> str:
        for line in record.get("Line", []):
            for link in line.get("LinkedTxn", []):
                bill = self.store["Bill"].find(link.get("TxnId")) if link.get("TxnType") == "Bill" else None
                if bill and reference(bill.data, "APAccountRef"):
                    return reference(bill.data, "APAccountRef")
        return reference(record, "APAccountRef") or self.payable

    def _deposit(self, record: Record) -> Iterator[Posting]:
        for line in record.get("Line", []):
            detail = line.get("DepositLineDetail") or {}
            account = reference(detail, "AccountRef") or self.undeposited
            yield Posting(account, -money(line.get("Amount")), _job_of_entity(detail.get("Entity")), _text(line))
        back = record.get("CashBack") or {}
        yield Posting(reference(back, "AccountRef"), money(back.get("Amount")))
        yield Posting(reference(record, "DepositToAccountRef"), money(record.get("TotalAmt")))

    def _move(self, record: Record, to: str, origin: str) -> Iterator[Posting]:
        yield Posting(reference(record, to), money(record.get("Amount")))
        yield Posting(reference(record, origin), -money(record.get("Amount")))

    def _journal(self, record: Record) -> Iterator[Posting]:
        for line in record.get("Line", []):
            detail = line.get("JournalEntryLineDetail")
            if detail:
                sign = 1 if detail.get("PostingType") == "Debit" else -1
                job = _job_of_entity(detail.get("Entity"))
                yield Posting(reference(detail, "AccountRef"), sign * money(line.get("Amount")), job, _text(line))

    def _item_account(self, detail: Record, *, buying: bool) -> str:
        """The item's account by direction, its parent's when it has none of its own."""
        item = self.items.get(reference(detail, "ItemRef"))
        while item is not None:
            stocked = item.get("Type") == "Inventory"
            name = ("AssetAccountRef" if stocked else "ExpenseAccountRef") if buying else "IncomeAccountRef"
            if found := reference(item, name):
                return found
            item = self.items.get(reference(item, "ParentRef"))
        return ""

    @staticmethod
    def _job(record: Record, line: Record, detail: Record) -> str:
        return reference(line, "ProjectRef") or reference(detail, "CustomerRef") or reference(record, "ProjectRef")


def _flat(lines: list[Record]) -> Iterator[Record]:
    """Lines with group lines opened: the children post, the parent only adds them up."""
    for line in lines:
        if line.get("DetailType") == "GroupLineDetail":
            yield from _flat((line.get("GroupLineDetail") or {}).get("Line", []))
        else:
            yield line


def _text(line: Record) -> str:
    return str(line.get("Description") or "")


def _job_of_entity(entity: Any) -> str:
    """A journal or deposit line names a job only through an entity of type Customer (or Job)."""
    if not isinstance(entity, dict) or str(entity.get("Type") or entity.get("type")).lower() not in ("customer", "job"):
        return ""
    return reference(entity, "EntityRef") or str(entity.get("value") or "")


def _party(record: Record) -> tuple[str, str]:
    for name in ("VendorRef", "CustomerRef", "EntityRef", "EmployeeRef"):
        inner = record.get(name)
        if isinstance(inner, dict):
            return str(inner.get("value", "")), str(inner.get("name", ""))
    return "", ""
