"""What each QuickBooks transaction debits and credits: one function per form, one table that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from datablueprint.lake.conform.books import Books, Direction, linked_entity
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.tables import record_id

PRESENTATION = {"SubTotalLineDetail", "DescriptionOnly", "DescriptionLineDetail"}
GROUP = "GroupLineDetail"
RECEIVABLE, PAYABLE = "Accounts Receivable", "Accounts Payable"
JOB_ENTITIES = {"customer", "job"}
REDUCES = {"CreditMemo", "VendorCredit"}
"""Documents that, applied in a payment, lower what is paid."""


@dataclass(frozen=True)
class Line:
    """One side of a transaction before conversion: amount is unsigned as in the payload, sign +1 is debit."""

    key: str
    account: str | None
    amount: Decimal | None
    sign: int
    at: str | None
    item: str | None = None
    job: str | None = None
    billable: str | None = None
    linked: tuple[str, ...] = ()
    memo: str | None = None
    party: tuple[str, str] | None = None
    presentation: bool = False

    @property
    def signed(self) -> Decimal:
        return self.sign * self.amount if self.amount is not None else Decimal(0)


Lines = Iterator[Line]
Poster = Callable[[Fields, Books], Lines]


def _walk(fields: Fields) -> Iterator[tuple[str, Fields]]:
    """Every line with a key that is unique in its record; a group's own line comes before its nested lines."""
    used: set[str] = set()
    for place, line in enumerate(fields.each("Line"), 1):
        yield _key(line, str(place), used), line
        if line.maybe_text("DetailType") == GROUP:
            for inner_place, inner in enumerate(line.each(GROUP, "Line"), 1):
                yield _key(inner, f"{place}.{inner_place}", used), inner


def _key(line: Fields, place: str, used: set[str]) -> str:
    own = line.maybe_text("Id")
    key = own if own and own not in used else f"L{place}"
    used.add(key)
    return key


def _links(fields: Fields) -> tuple[str, ...]:
    return tuple(
        record_id("quickbooks", linked_entity(link.text("TxnType")), link.text("TxnId"))
        for link in fields.each("LinkedTxn")
    )


def _shown(key: str, line: Fields) -> Line:
    """A subtotal, a description or a group's own line: seen, never posted."""
    return Line(key, None, None, 1, None, memo=line.maybe_text("Description"), presentation=True)


def _is_shown(line: Fields) -> bool:
    kind = line.maybe_text("DetailType")
    return kind in PRESENTATION or kind == GROUP


def _coded_lines(fields: Fields, books: Books, direction: Direction, sign: int, job: str | None) -> Lines:
    """The lines of a bill-like or sales-like form; `job` is the header's tag, where the form belongs to one job."""
    for key, line in _walk(fields):
        if _is_shown(line):
            yield _shown(key, line)
            continue
        kind = line.text("DetailType")
        detail = line.within(kind)
        discount = kind == "DiscountLineDetail"
        item = detail.maybe_text("ItemRef", "value")
        yield Line(
            key,
            _account_of(detail, books, item, direction),
            line.money("Amount"),
            -sign if discount else sign,
            line.pointer("Amount"),
            item=item,
            job=job or _job(fields, line, detail, books),
            billable=detail.maybe_text("BillableStatus"),
            linked=_links(line),
            memo=line.maybe_text("Description"),
        )


def _account_of(detail: Fields, books: Books, item: str | None, direction: Direction) -> str | None:
    for ref in ("AccountRef", "ItemAccountRef", "DiscountAccountRef"):
        named = detail.maybe_text(ref, "value")
        if named:
            return named
    return books.item_account(item, direction)


def _job(fields: Fields, line: Fields, detail: Fields, books: Books) -> str | None:
    """Line project, then line customer, then header project; the header's payee is never a job."""
    return (
        books.project(line.maybe_within("ProjectRef"))
        or detail.maybe_text("CustomerRef", "value")
        or books.project(fields.maybe_within("ProjectRef"))
    )


def _tax(fields: Fields, books: Books, sign: int, job: str | None) -> Lines:
    tax = fields.maybe_money("TxnTaxDetail", "TotalTax")
    if tax:
        account = books.only_special("GlobalTaxPayable")
        yield Line("T", account, tax, sign, fields.pointer("TxnTaxDetail", "TotalTax"), job=job)


def _balance(fields: Fields, lines: list[Line], account: str | None, sign: int, job: str | None = None) -> Line:
    """Row H: the total, or what the lines leave when the record carries no total."""
    total = fields.maybe_money("TotalAmt")
    at = None if total is None else fields.pointer("TotalAmt")
    if total is None:
        total = -sign * sum((line.signed for line in lines), Decimal(0))
    return Line("H", account, total, sign, at, job=job, linked=_links(fields))


def _currency(fields: Fields, books: Books) -> str:
    return fields.maybe_text("CurrencyRef", "value") or books.home_currency


def _open_account(fields: Fields, books: Books, kind: str) -> str | None:
    """The AR or AP account a document names, else the only one there is."""
    named = fields.maybe_text("ARAccountRef" if kind == RECEIVABLE else "APAccountRef", "value")
    return named or books.only_account(kind, _currency(fields, books))


def _deposited_to(fields: Fields, books: Books) -> str | None:
    return fields.maybe_text("DepositToAccountRef", "value") or books.only_special("UndepositedFunds")


def _purchase_form(account: Callable[[Fields, Books], str | None], sign: int) -> Poster:
    """Bill, expense, vendor credit: coded lines and tax against one account."""

    def post(fields: Fields, books: Books) -> Lines:
        debit = -sign if fields.maybe_flag("Credit") else sign
        lines = list(_coded_lines(fields, books, "expense", debit, None))
        lines += _tax(fields, books, debit, None)
        yield from lines
        yield _balance(fields, lines, account(fields, books), -debit)

    return post


def _sales_form(account: Callable[[Fields, Books], str | None], sign: int) -> Poster:
    """Invoice, sales receipt, credit memo, refund: the whole form is one customer's or project's."""

    def post(fields: Fields, books: Books) -> Lines:
        job = _sales_job(fields, books)
        lines = list(_coded_lines(fields, books, "income", sign, job))
        lines += _tax(fields, books, sign, job)
        yield from lines
        yield _balance(fields, lines, account(fields, books), -sign, job)

    return post


def _sales_job(fields: Fields, books: Books) -> str | None:
    return books.project(fields.maybe_within("ProjectRef")) or fields.maybe_text("CustomerRef", "value")


def _estimate(fields: Fields, books: Books) -> Lines:
    yield from _coded_lines(fields, books, "income", -1, _sales_job(fields, books))


def _purchase_order(fields: Fields, books: Books) -> Lines:
    yield from _coded_lines(fields, books, "expense", 1, None)


def _payment_form(kind: str, sign: int, bank: Callable[[Fields, Books], str | None]) -> Poster:
    """Customer and bill payments: each line settles a document, and all lines meet one open-items account."""

    def post(fields: Fields, books: Books) -> Lines:
        job = _sales_job(fields, books)
        lines = []
        for key, line in _walk(fields):
            links = [(linked_entity(link.text("TxnType")), link.text("TxnId")) for link in line.each("LinkedTxn")]
            entity, native = links[0] if links else ("", "")
            account = books.document_account(entity, native) or _open_account(fields, books, kind)
            at = line.pointer("Amount")
            settles = -sign if entity in REDUCES else sign
            lines.append(Line(key, account, line.money("Amount"), settles, at, job=job, linked=_links(line)))
        rest = sign * fields.money("TotalAmt") - sum((line.signed for line in lines), Decimal(0))
        if rest:
            at_rest = fields.pointer("UnappliedAmt") if fields.maybe_money("UnappliedAmt") == sign * rest else None
            lines.append(Line("U", _open_account(fields, books, kind), sign * rest, sign, at_rest, job=job))
        yield from lines
        yield _balance(fields, lines, bank(fields, books), -sign, job)

    return post


def _paid_from(fields: Fields, books: Books) -> str | None:
    return fields.maybe_text("CheckPayment", "BankAccountRef", "value") or fields.maybe_text(
        "CreditCardPayment", "CCAccountRef", "value"
    )


def _deposit(fields: Fields, books: Books) -> Lines:
    """Linked lines empty undeposited funds; direct lines credit the account they name."""
    lines = []
    for key, line in _walk(fields):
        detail = line.maybe_within("DepositLineDetail")
        party = _entity(detail)
        lines.append(
            Line(
                key,
                _deposited_from(line, detail, books),
                line.money("Amount"),
                -1,
                line.pointer("Amount"),
                job=party[1] if party and party[0] == "Customer" else None,
                linked=_links(line),
                memo=line.maybe_text("Description"),
                party=party,
            )
        )
    cash = fields.maybe_money("CashBack", "Amount")
    if cash:
        account = fields.maybe_text("CashBack", "AccountRef", "value")
        memo = fields.maybe_text("CashBack", "Memo")
        lines.append(Line("C", account, cash, 1, fields.pointer("CashBack", "Amount"), memo=memo))
    yield from lines
    yield _balance(fields, lines, fields.maybe_text("DepositToAccountRef", "value"), 1)


def _deposited_from(line: Fields, detail: Fields | None, books: Books) -> str | None:
    named = detail.maybe_text("AccountRef", "value") if detail else None
    if named is None and _links(line):
        return books.only_special("UndepositedFunds")
    return named


def _transfer(fields: Fields, books: Books) -> Lines:
    amount = fields.money("Amount")
    yield Line("L1", fields.text("ToAccountRef", "value"), amount, 1, fields.pointer("Amount"))
    yield Line("H", fields.text("FromAccountRef", "value"), amount, -1, fields.pointer("Amount"))


def _journal(fields: Fields, books: Books) -> Lines:
    """Debits and credits as typed; only an entity of type Customer or Job makes a line job cost."""
    for key, line in _walk(fields):
        if _is_shown(line):
            yield _shown(key, line)
            continue
        detail = line.within("JournalEntryLineDetail")
        side = detail.text("PostingType")
        if side not in ("Debit", "Credit"):
            raise Unreadable(detail.pointer("PostingType"), f"holds {side!r} where Debit or Credit was expected")
        party = _entity(detail)
        yield Line(
            key,
            detail.text("AccountRef", "value"),
            line.money("Amount"),
            1 if side == "Debit" else -1,
            line.pointer("Amount"),
            job=books.project(line.maybe_within("ProjectRef"))
            or (party[1] if party and party[0] == "Customer" else None)
            or books.project(fields.maybe_within("ProjectRef")),
            billable=detail.maybe_text("BillableStatus"),
            linked=_links(line),
            memo=line.maybe_text("Description"),
            party=party,
        )


def _entity(detail: Fields | None) -> tuple[str, str] | None:
    """Whom a journal or deposit line names; a job is a customer. Both spellings of the reference occur."""
    found = detail.maybe_within("Entity") if detail else None
    if found is None:
        return None
    kind = (found.maybe_text("Type") or found.maybe_text("type") or "").lower()
    native = found.maybe_text("EntityRef", "value") or found.maybe_text("value")
    return ("Customer" if kind in JOB_ENTITIES else kind.capitalize(), native) if native and kind else None


def _payable(fields: Fields, books: Books) -> str | None:
    return _open_account(fields, books, PAYABLE)


def _receivable(fields: Fields, books: Books) -> str | None:
    return _open_account(fields, books, RECEIVABLE)


def _paid_with(fields: Fields, books: Books) -> str | None:
    return fields.maybe_text("AccountRef", "value")


NON_POSTING = {"Estimate", "PurchaseOrder"}
POSTERS: dict[str, Poster] = {
    "Bill": _purchase_form(_payable, 1),
    "VendorCredit": _purchase_form(_payable, -1),
    "Purchase": _purchase_form(_paid_with, 1),
    "PurchaseOrder": _purchase_order,
    "Invoice": _sales_form(_receivable, -1),
    "CreditMemo": _sales_form(_receivable, 1),
    "SalesReceipt": _sales_form(_deposited_to, -1),
    "RefundReceipt": _sales_form(_deposited_to, 1),
    "Estimate": _estimate,
    "Payment": _payment_form(RECEIVABLE, -1, _deposited_to),
    "BillPayment": _payment_form(PAYABLE, 1, _paid_from),
    "Deposit": _deposit,
    "Transfer": _transfer,
    "JournalEntry": _journal,
}
