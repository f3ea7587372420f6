"""Every QuickBooks transaction as debits and credits in home currency; nothing here knows what job cost is.

A line is a row, also where it posts nothing. The side QuickBooks keeps in the
header is row H, sales tax T, cash taken out of a deposit C, and what a payment
leaves unapplied U. Where QuickBooks returns every line, a record's posting rows
sum to zero.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from datablueprint.lake.conform.books import Books, account_record
from datablueprint.lake.conform.fields import CENT, Fields
from datablueprint.lake.conform.inbox import Inbox, Row, Rows
from datablueprint.lake.conform.postings import NON_POSTING, POSTERS, Line, Poster
from datablueprint.tables import record_id


def read(inbox: Inbox) -> None:
    inbox.each("quickbooks_online", "Account", _account)
    books = Books(inbox)
    for entity, post in POSTERS.items():
        inbox.each("quickbooks_online", entity, _transaction(post, books, posting=entity not in NON_POSTING))


def _account(fields: Fields) -> Rows:
    yield (
        "accounts",
        {
            "record_id": fields.record_id,
            "name": fields.text("Name"),
            "full_name": fields.maybe_text("FullyQualifiedName"),
            "number": fields.maybe_text("AcctNum"),
            "classification": fields.text("Classification"),
            "account_type": fields.text("AccountType"),
            "account_sub_type": fields.maybe_text("AccountSubType"),
            "balance": fields.maybe_money("CurrentBalance"),
            "active": fields.maybe_flag("Active"),
        },
    )


def _transaction(post: Poster, books: Books, *, posting: bool) -> Callable[[Fields], Rows]:
    """A reader of one entity: its lines in home currency under its header's columns."""

    def rows(fields: Fields) -> Rows:
        lines = list(post(fields, books))
        currency = fields.maybe_text("CurrencyRef", "value") or books.home_currency
        rate = (fields.maybe_rate("ExchangeRate") if currency != books.home_currency else None) or Decimal(1)
        header = _header(fields, books)
        header.update(posting=posting, currency=currency, voided=_voided(fields, lines))
        for line, amount in zip(lines, _home_amounts(lines, rate), strict=True):
            yield "accounting_lines", {**header, **_columns(line, books, header), "amount": amount}

    return rows


def _header(fields: Fields, books: Books) -> Row:
    party = _party(fields)
    return {
        "record_id": fields.record_id,
        "entity": fields.record.stream,
        "transaction_on": fields.day("TxnDate"),
        "document_number": fields.maybe_text("DocNumber") or fields.maybe_text("PaymentRefNum"),
        "party_record_id": record_id("quickbooks", *party) if party else None,
        "party_name": (books.name(*party) or _party_name(fields)) if party else None,
        "memo": fields.maybe_text("PrivateNote"),
        "note": fields.maybe_text("PrivateNote"),
        "origin_reference": _origin(fields),
    }


def _columns(line: Line, books: Books, header: Row) -> Row:
    own = line.party
    return {
        "line_key": line.key,
        "presentation": line.presentation,
        "account_record_id": account_record(line.account),
        "item_record_id": record_id("quickbooks", "Item", line.item) if line.item else None,
        "job_record_id": record_id("quickbooks", "Customer", line.job) if line.job else None,
        "amount_at": line.at,
        "amount_sign": line.sign,
        "billable_status": line.billable,
        "linked_record_ids": sorted(set(line.linked)) or None,
        "memo": line.memo or header["memo"],
        "party_record_id": record_id("quickbooks", *own) if own else header["party_record_id"],
        "party_name": books.name(*own) if own else header["party_name"],
    }


def _home_amounts(lines: list[Line], rate: Decimal) -> list[Decimal | None]:
    """Each line rounded by itself; the header takes the rounding, so that what balanced still balances."""
    amounts = [None if line.amount is None else (line.signed * rate).quantize(CENT, ROUND_HALF_UP) for line in lines]
    if lines and lines[-1].key == "H" and not sum((line.signed for line in lines), Decimal(0)):
        amounts[-1] = -sum((amount for amount in amounts[:-1] if amount is not None), Decimal(0))
    return amounts


def _voided(fields: Fields, lines: list[Line]) -> bool:
    """A void keeps its record, zeroes every amount and says so at the start of the private note."""
    note = fields.maybe_text("PrivateNote") or ""
    return note.lower().startswith("voided") and not any(line.amount for line in lines)


def _party(fields: Fields) -> tuple[str, str] | None:
    for entity in ("Vendor", "Customer", "Employee"):
        native = fields.maybe_text(f"{entity}Ref", "value")
        if native:
            return entity, native
    native, kind = fields.maybe_text("EntityRef", "value"), fields.maybe_text("EntityRef", "type")
    return (kind.capitalize(), native) if native and kind else None


def _party_name(fields: Fields) -> str | None:
    names = (fields.maybe_text(ref, "name") for ref in ("VendorRef", "CustomerRef", "EmployeeRef", "EntityRef"))
    return next(filter(None, names), None)


def _origin(fields: Fields) -> str | None:
    """What a Procore integration wrote into a custom field of the transaction."""
    for custom in fields.each("CustomField"):
        if "procore" in (custom.maybe_text("Name") or "").lower():
            return custom.maybe_text("StringValue")
    return None
