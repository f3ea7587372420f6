"""The QuickBooks query language is one SELECT over one entity; what it lacks is refused, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from local.sandbox.servers.store import Record, Row, moment

LIST_ENTITIES = frozenset(
    {
        "Account",
        "Customer",
        "Vendor",
        "Item",
        "Class",
        "Department",
        "Employee",
        "Term",
        "PaymentMethod",
        "TaxCode",
        "TaxRate",
        "TaxAgency",
    }
)
"""Active rows only, unless Active is asked for."""
TRANSACTIONS = frozenset(
    {
        "Bill",
        "BillPayment",
        "CreditMemo",
        "Deposit",
        "Estimate",
        "Invoice",
        "JournalEntry",
        "Payment",
        "Purchase",
        "PurchaseOrder",
        "RefundReceipt",
        "SalesReceipt",
        "TimeActivity",
        "Transfer",
        "VendorCredit",
        "CreditCardPaymentTxn",
        "ReimburseCharge",
    }
)
SINGLETONS = frozenset({"CompanyInfo", "Preferences"})
ENTITIES = LIST_ENTITIES | TRANSACTIONS | SINGLETONS
COUNTED = frozenset(
    {
        "Bill",
        "BillPayment",
        "Deposit",
        "Invoice",
        "JournalEntry",
        "PurchaseOrder",
    }
)
"""Entities whose pages say totalCount; the others do not."""
MOST = 1_000
DEFAULT = 100

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
_TOKEN = re.compile(r"'(?:\\.|[^'\\])*'|[A-Za-z_][\w.]*|-?\d+(?:\.\d+)?|<=|>=|[=<>(),*]|\S")
_ALWAYS_KNOWN = frozenset(
    {
        "Id",
        "Active",
        "DocNumber",
        "TxnDate",
        "SyncToken",
        "TotalAmt",
        "Balance",
        "Name",
        "DisplayName",
    }
)
_NOT_OFFERED = frozenset({"or", "not", "join", "group"})


class BadQuery(Exception):
    """The statement cannot be answered; `code` is the one QuickBooks would use."""

    def __init__(self, problem: str, code: str = "4000") -> None:
        self.code = code
        super().__init__(problem)


@dataclass(frozen=True)
class Condition:
    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    entity: str
    counting: bool
    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    """Field and whether descending."""
    start: int = 1
    most: int = DEFAULT


class _Words:
    """The statement's tokens, read from the left."""

    def __init__(self, text: str) -> None:
        self.left: list[str] = _TOKEN.findall(text)

    def peek(self) -> str:
        """The next word in lower case, or an empty text."""
        return self.left[0].lower() if self.left else ""

    def take(self) -> str:
        if not self.left:
            raise BadQuery("QueryParserError: unexpected end of statement")
        return self.left.pop(0)

    def accept(self, *words: str) -> bool:
        """Take these words when they come next."""
        if [w.lower() for w in self.left[: len(words)]] != list(words):
            return False
        del self.left[: len(words)]
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise BadQuery(f"QueryParserError: expected {' '.join(words)} at '{self.peek()}'")


def parse(text: str) -> Query:
    """The statement as a Query; BadQuery says where it went wrong."""
    words = _Words(text)
    words.expect("select")
    counting = words.accept("count", "(", "*", ")")
    if not counting:
        words.expect("*")
    words.expect("from")
    entity = words.take()
    if entity not in ENTITIES:
        raise BadQuery(f"Invalid query: no entity '{entity}'", "4001")
    conditions: list[Condition] = []
    if words.accept("where"):
        conditions.append(_condition(words))
        while words.accept("and"):
            conditions.append(_condition(words))
    order = _order(words)
    start, most = _bounds(words)
    if words.left:
        refused = "is not supported" if words.peek() in _NOT_OFFERED else "was not expected"
        raise BadQuery(f"QueryParserError: '{words.left[0]}' {refused}")
    return Query(entity, counting, tuple(conditions), order, start, most)


def _condition(words: _Words) -> Condition:
    field, operator = words.take(), words.take().upper()
    if operator == "IN":
        words.expect("(")
        values = [_value(words.take())]
        while words.accept(","):
            values.append(_value(words.take()))
        words.expect(")")
        return Condition(field, operator, tuple(values))
    if operator not in ("=", "<", ">", "<=", ">=", "LIKE"):
        raise BadQuery(f"QueryParserError: operator '{operator}' is not supported")
    return Condition(field, operator, (_value(words.take()),))


def _value(token: str) -> str:
    if token.startswith("'"):
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    if token.lower() in ("true", "false") or re.fullmatch(r"-?\d+(\.\d+)?", token):
        return token.lower()
    raise BadQuery(f"QueryParserError: value '{token}' must stand in single quotes")


def _order(words: _Words) -> tuple[tuple[str, bool], ...]:
    if not (words.accept("orderby") or words.accept("order", "by")):
        return ()
    order = []
    while True:
        field = words.take()
        descending = words.accept("desc")
        if not descending:
            words.accept("asc")
        order.append((field, descending))
        if not words.accept(","):
            return tuple(order)


def _bounds(words: _Words) -> tuple[int, int]:
    start, most = 1, DEFAULT
    while True:
        if words.accept("startposition"):
            start = _number(words.take())
        elif words.accept("maxresults"):
            most = min(_number(words.take()), MOST)
        else:
            return start, most


def _number(token: str) -> int:
    if not token.isdigit() or int(token) < 1:
        raise BadQuery(f"QueryValidationError: '{token}' is not a positive number", "4001")
    return int(token)


def select(query: Query, rows: list[Row]) -> list[Row]:
    """Rows that satisfy the conditions, in the order asked for."""
    for field in {c.field for c in query.conditions} | {f for f, _ in query.order}:
        _check_field(query.entity, field, rows)
    conditions = [(c, *_prepared(c)) for c in query.conditions]
    chosen = [row for row in rows if all(_holds(row, *condition) for condition in conditions)]
    if query.entity in LIST_ENTITIES and not any(c.field == "Active" for c in query.conditions):
        chosen = [row for row in chosen if row.data.get("Active", True)]
    for field, descending in reversed(query.order):
        chosen = sorted(chosen, key=lambda row: _rank(row, field), reverse=descending)
    return chosen


def _check_field(entity: str, field: str, rows: list[Row]) -> None:
    head = field.split(".")[0]
    known_meta = ("MetaData.CreateTime", "MetaData.LastUpdatedTime")
    if head == "Line" or (head == "MetaData" and field not in known_meta):
        raise BadQuery(f"QueryValidationError: property {field} is not queryable", "4001")
    if head not in _ALWAYS_KNOWN and head != "MetaData" and rows and not any(head in row.data for row in rows):
        raise BadQuery(f"QueryValidationError: property {field} not found for entity {entity}", "4001")


def _read(record: Record, field: str) -> Any:
    value: Any = record
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value.get("value") if isinstance(value, dict) else value


def _comparable(value: Any) -> Any:
    """Booleans and texts as lower-case text, numbers and numeric texts as Decimal."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return Decimal(text) if _NUMBER.fullmatch(text) else text.lower()


def _prepared(condition: Condition) -> tuple[Any, ...]:
    if condition.field.startswith("MetaData."):
        moments = [moment(value) for value in condition.values]
        if None in moments:
            raise BadQuery(f"QueryValidationError: {condition.values[0]} is not a date-time", "4001")
        return (moments,)
    if condition.operator == "LIKE":
        parts = condition.values[0].split("%")
        return (re.compile(".*".join(map(re.escape, parts)), re.IGNORECASE | re.DOTALL),)
    return ([_comparable(value) for value in condition.values],)


def _holds(row: Row, condition: Condition, wanted: Any) -> bool:
    if condition.field.startswith("MetaData."):
        found: Any = row.time(condition.field)
    else:
        raw = _read(row.data, condition.field)
        if raw is None and condition.field == "Active":
            raw = True
        found = None if raw is None else str(raw) if condition.operator == "LIKE" else _comparable(raw)
    if found is None:
        return False
    match condition.operator:
        case "=" | "IN":
            return found in wanted
        case "LIKE":
            return wanted.fullmatch(found) is not None
    if type(found) is not type(wanted[0]):
        return False
    match condition.operator:
        case "<":
            return bool(found < wanted[0])
        case ">":
            return bool(found > wanted[0])
        case "<=":
            return bool(found <= wanted[0])
        case _:
            return bool(found >= wanted[0])


def _rank(row: Row, field: str) -> tuple[int, Any]:
    """A sort key that never compares unlike things: missing first, then numbers, then texts and times."""
    if field.startswith("MetaData."):
        when = row.time(field)
        return (0, 0) if when is None else (2, when)
    value = _read(row.data, field)
    if value is None:
        return (0, 0)
    found = _comparable(value)
    return (1, found) if isinstance(found, Decimal) else (2, found)
