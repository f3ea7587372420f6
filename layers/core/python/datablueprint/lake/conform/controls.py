"""What the vendors say of their own books: control totals and lists that no fact is made from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from datablueprint.lake.conform.books import account_record
from datablueprint.lake.conform.fields import Fields
from datablueprint.lake.conform.inbox import Inbox, Rows


def read(inbox: Inbox) -> None:
    inbox.each("procore", "standard_cost_code_lists", _cost_code_list)
    inbox.each("quickbooks_online", "TrialBalance", _trial_balance)


def _cost_code_list(fields: Fields) -> Rows:
    yield (
        "cost_code_lists",
        {
            "record_id": fields.record_id,
            "name": fields.maybe_text("name"),
            "erp": fields.maybe_flag("is_erp_list"),
        },
    )


def _trial_balance(fields: Fields) -> Rows:
    """One row per account; columns are found by their key, because their order is QuickBooks's to change."""
    day = fields.maybe_day("Header", "EndPeriod")
    keys = [_column_key(column) for column in fields.each("Columns", "Column")]
    for row in fields.each("Rows", "Row"):
        cells = dict(zip(keys, row.each("ColData"), strict=False))
        account = cells["account"].maybe_text("id") if "account" in cells else None
        for amount, pointer in _sides(cells) if account else ():
            yield (
                "reported_balances",
                {
                    "record_id": fields.record_id,
                    "account_record_id": account_record(account),
                    "amount": amount,
                    "amount_at": pointer,
                    "reported_on": day,
                },
            )


def _sides(cells: dict[str, Fields]) -> Iterator[tuple[Decimal, str]]:
    for side, sign in (("debit", 1), ("credit", -1)):
        amount = cells[side].maybe_money("value") if side in cells else None
        if amount:
            yield sign * amount, cells[side].pointer("value")


def _column_key(column: Fields) -> str:
    """Its key, else its title; the account's column has neither in every edition."""
    found = (meta.maybe_text("Value") for meta in column.each("MetaData") if meta.maybe_text("Name") == "ColKey")
    return next(found, None) or (column.maybe_text("ColTitle") or "account").lower()
