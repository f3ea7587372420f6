"""What a person earned stays with payroll: records of pay go out by the month, as many together as there are.

A name is told in one place and a person's record in another; whoever may see
both could put a wage beside a name. So neither a record of pay with its amount
nor what a link of two people's records moves leaves the company's own machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
SYSTEMS = ("gusto", "finch", "payroll_file")
TABLES = frozenset(
    ("employees", "users", "people", "time_activities", "timecards", "timecard_entries", "Employee", "TimeActivity")
)
PAID_TO_A_PERSON = re.compile(r'"EmployeeRef"|"[Tt]ype"\s*:\s*"Employee"')
"""How a record of QuickBooks says that somebody employed is meant."""
NAMED = re.compile(rf"\b(?:{'|'.join(SYSTEMS)}):\w+:\S+|\b\w+:(?:{'|'.join(sorted(TABLES))}):\S+", re.ASCII)
ENOUGH_PEOPLE = 5
"""Whose pay together says nothing of one of them."""
ONE_PERSON = "What moves is one person's pay; it is not shown."


def personal(record_id: str) -> bool:
    """Whether a record is of a person, or of a person's time or pay."""
    system, _, rest = record_id.partition(":")
    return system in SYSTEMS or rest.partition(":")[0] in TABLES


def names_a_person(payload: str) -> bool:
    """Whether the text of a record says that it is about somebody employed."""
    return PAID_TO_A_PERSON.search(payload) is not None


def cited(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Citations with one row per figure, system and month in place of records of pay, largest amount first.

    The amounts sum to what they did; `records` says how many a row stands for.
    """
    told: list[Row] = []
    pay: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if personal(row["record_id"]):
            key = (str(row.get("figure") or ""), str(row["system"]), str(row.get("on") or "")[:7])
            pay.setdefault(key, []).append(row)
        else:
            told.append(dict(row))
    if not pay:
        return told
    told += [_together(held, month) for (_, _, month), held in pay.items()]
    order = {figure: place for place, figure in reversed(list(enumerate(row.get("figure") for row in rows)))}
    return sorted(told, key=lambda row: (order[row.get("figure")], _is_rest(row), -abs(Decimal(row["amount"]))))


def _together(held: Sequence[Mapping[str, Any]], month: str) -> Row:
    first, count = held[0], len(held)
    return {
        **first,
        "record_id": "",
        "amount": str(sum((Decimal(row["amount"]) for row in held), Decimal(0))),
        "on": None,
        "party": f"{count} record{'s' if count > 1 else ''} of pay {f'of {month}' if month else 'without a day'}",
        "url": None,
        "records": count,
    }


def answer(told: Mapping[str, Any]) -> Row:
    """An answer as it may be kept and passed on."""
    drivers = [{**each, "records": impersonal(each.get("records") or ())} for each in told.get("drivers") or ()]
    return {**told, "citations": cited(told.get("citations") or ()), "drivers": drivers}


def bridge(told: Mapping[str, Any]) -> Row:
    """A bridge whose changes of pay are one row per part, kind and month."""
    return {**told, "parts": parts(told["parts"]), "late": _changes(told["late"])}


def parts(told: Iterable[Row]) -> list[Row]:
    return [{**part, "changes": _changes(part["changes"])} for part in told]


def _changes(rows: Sequence[Row]) -> list[Row]:
    pay: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if any(map(personal, row["records"])):
            pay.setdefault((row["measure"], row["what"], row["late"], str(row["on"] or "")[:7]), []).append(row)
    told = [row for row in rows if not any(map(personal, row["records"]))]
    for (*_, month), held in pay.items():
        amount = sum((Decimal(row["amount"]) for row in held), Decimal(0))
        reason = f"{len(held)} changes of pay {f'of {month}' if month else 'without a day'}"
        told.append({**held[0], "records": [], "amount": str(amount), "reason": reason, "on": None})
    return sorted(told, key=lambda row: -abs(Decimal(row["amount"])))


def impersonal(record_ids: Iterable[str]) -> list[str]:
    return [record for record in record_ids if not personal(record)]


def _is_rest(row: Row) -> bool:
    """A row that says how many more records there were no room for stays the last of its figure."""
    return not row["record_id"] and not row.get("party")


def unnamed(texts: Sequence[str]) -> list[str]:
    """Sentences about records, without those that tell of a record of pay."""
    told = [text for text in texts if not NAMED.search(text)]
    hidden = len(texts) - len(told)
    return [*told, f"{hidden} more of records of pay, which are not shown here"] if hidden else told


def link(row: Mapping[str, Any]) -> Row:
    """A link of people without the pay that moves with it."""
    return {**row, "dollars": None, "withheld": ONE_PERSON} if row["kind"] == "employee" else {**row, "withheld": None}


def moving(rows: Sequence[Mapping[str, Any]]) -> tuple[Decimal | None, str | None]:
    """What links move together, and what is not in it: the pay of a few people. None when nothing is left."""
    people = [row for row in rows if row["kind"] == "employee"]
    if not people or len({row["left_record_id"] for row in people}) >= ENOUGH_PEOPLE:
        return _sum(rows), None
    others = [row for row in rows if row["kind"] != "employee"]
    said = f"{len(people)} link{'s' if len(people) > 1 else ''} of people not counted: their pay is not shown."
    return (_sum(others) if others else None), said


def _sum(rows: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((row["dollars"] or Decimal(0) for row in rows), Decimal(0))
