"""What an account is for decides where its lines go: the tenant's own lists speak first, then type, then name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from datablueprint.ledger.book import Book, Row
from datablueprint.settings import Policy

Role = Literal[
    "allocation",
    "burden",
    "equipment",
    "wip",
    "cash",
    "receivable",
    "retainage_receivable",
    "payable",
    "retainage_payable",
    "revenue",
    "expense",
    "other",
]
COST_OF_GOODS = "Cost of Goods Sold"
WIP_NAMES = re.compile(
    r"costs?( and estimated earnings)? in excess of billings?"
    r"|billings? in excess of costs?"
    r"|(under|over)[ -]?billings?\b"
    r"|revenue true[ -]?up"
    r"|contract (assets?|liabilit(y|ies))\b"
    r"|unbilled (revenues?|receivables?|billings?)\b"
    r"|(deferred|unearned) (contract )?revenues?\b"
    r"|(provision|reserve) for .*\bloss|\bloss(es)? (provision|reserve)",
    re.IGNORECASE,
)
RETAINAGE = re.compile(r"\bretain(age|ed|tion)|\bretentions?\b", re.IGNORECASE)
NOT_RETAINAGE = re.compile(r"retained earnings", re.IGNORECASE)
BELOW_THE_LINE = re.compile(r"\binterest\b|\bincome tax(es)?\b", re.IGNORECASE)


class Chart:
    """The chart of accounts of one book, each account with its one role."""

    def __init__(self, book: Book) -> None:
        self._policy = book.policy
        self._accounts = book.by_id["accounts"]
        self._roles = {record: _role(account, book.policy) for record, account in self._accounts.items()}

    def account(self, line: Row) -> Row | None:
        return self._accounts.get(line["account_record_id"])

    def role(self, line: Row) -> Role:
        return self._roles.get(line["account_record_id"], "other")

    def name(self, line: Row) -> str:
        account = self.account(line)
        return account["name"] if account else "an unknown account"

    def restricted(self, line: Row) -> bool:
        account = self.account(line)
        return account is not None and named(account, self._policy.restricted_cash_accounts)

    def below_the_line(self, line: Row) -> bool:
        """Interest, income tax, other expense and what the tenant calls one-off: no job bears it."""
        account = self.account(line)
        return account is not None and (
            account["account_type"] == "Other Expense"
            or account["account_sub_type"] == "InterestPaid"
            or bool(BELOW_THE_LINE.search(account["name"]))
            or named(account, self._policy.overhead_excluded_accounts)
        )


def named(account: Row, names: Iterable[str]) -> bool:
    """The tenant's settings name the account, by its own or its full name."""
    wanted = {name.casefold() for name in names}
    return (account["name"] or "").casefold() in wanted or (account["full_name"] or "").casefold() in wanted


def _role(account: Row, policy: Policy) -> Role:
    if named(account, policy.allocation_accounts):
        return "allocation"
    if named(account, policy.burden_accounts):
        return "burden"
    if named(account, policy.equipment_accounts):
        return "equipment"
    if named(account, policy.wip_accounts) if policy.wip_accounts else _wip_by_name(account):
        return "wip"
    return _role_by_type(account)


def _wip_by_name(account: Row) -> bool:
    """ "Contract Assets - Retainage" is retainage: owed, not restated."""
    own = account["classification"] not in ("Asset", "Liability") or not _retainage(account)
    return own and bool(WIP_NAMES.search(account["name"] or ""))


def _retainage(account: Row) -> bool:
    name = account["name"] or ""
    typed = account["account_sub_type"] == "Retainage"
    return typed or bool(RETAINAGE.search(name) and not NOT_RETAINAGE.search(name))


def _role_by_type(account: Row) -> Role:
    kind, classification = account["account_type"], account["classification"]
    retainage = _retainage(account)
    if kind == "Bank":
        return "cash"
    if classification == "Asset" and retainage:
        return "retainage_receivable"
    if classification == "Liability" and retainage:
        return "retainage_payable"
    if kind == "Accounts Receivable":
        return "receivable"
    if kind == "Accounts Payable":
        return "payable"
    if classification == "Revenue":
        return "revenue"
    return "expense" if classification == "Expense" else "other"
