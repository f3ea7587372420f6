"""Vendors and employees are linked by id, then number, then exact name; a similar name is only a proposal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from datablueprint.graph.evidence import (
    BY_EXACT_NAME,
    BY_NUMBER,
    CERTAIN,
    Link,
    Row,
    best_by_name,
    likeness_said,
    native,
    pairs_by_key,
    proposal,
)
from datablueprint.graph.names import normal

LEAST_VENDOR_LIKENESS = 0.88
LEAST_EMPLOYEE_LIKENESS = 0.90


def vendor_links(vendors: list[Row]) -> Iterator[Link]:
    """Procore companies to QuickBooks vendors."""
    procore = [v for v in vendors if v["system"] == "procore"]
    books = [v for v in vendors if v["system"] == "quickbooks"]
    by_id = {native(v["record_id"]): v for v in books}
    done: set[str] = set()
    for vendor in procore:
        if vendor["origin_id"] in by_id:
            match = by_id[vendor["origin_id"]]
            done |= {vendor["record_id"], match["record_id"]}
            evidence = f"Procore carries the QuickBooks id {vendor['origin_id']} as origin_id"
            yield Link("vendor", vendor["record_id"], match["record_id"], CERTAIN, (evidence,), "origin_id")
    yield from _by_names("vendor", procore, books, done, least=LEAST_VENDOR_LIKENESS)


def employee_links(employees: list[Row]) -> Iterator[Link]:
    """People of every pair of lists: Procore users, Procore people, payroll employees, QuickBooks employees."""
    lists: dict[str, list[Row]] = {}
    for row in employees:
        lists.setdefault(row["record_id"].rsplit(":", 1)[0], []).append(row)
    for left, right in combinations(sorted(lists), 2):
        done: set[str] = set()
        for a, b in pairs_by_key(
            lists[left], lists[right], left_key=lambda e: e["employee_number"], right_key=lambda e: e["employee_number"]
        ):
            done |= {a["record_id"], b["record_id"]}
            evidence = f"same employee number {a['employee_number']}"
            yield Link("employee", a["record_id"], b["record_id"], BY_NUMBER, (evidence,), "employee number")
        rest = [[e for e in lists[side] if e["record_id"] not in done] for side in (left, right)]
        for a, b in list(pairs_by_key(*rest, left_key=_email, right_key=_email)):
            if not _numbers_differ(a, b):
                done |= {a["record_id"], b["record_id"]}
                yield Link(
                    "employee", a["record_id"], b["record_id"], BY_NUMBER, (f"same e-mail {a['email']}",), "e-mail"
                )
        yield from _by_names("employee", lists[left], lists[right], done, least=LEAST_EMPLOYEE_LIKENESS)


def _by_names(kind: str, left: list[Row], right: list[Row], done: set[str], *, least: float) -> Iterator[Link]:
    def open_rows(rows: list[Row]) -> list[Row]:
        return [r for r in rows if r["record_id"] not in done]

    for a, b in list(
        pairs_by_key(
            open_rows(left),
            open_rows(right),
            left_key=lambda r: normal(r["name"]),
            right_key=lambda r: normal(r["name"]),
        )
    ):
        if _numbers_differ(a, b):
            continue
        done |= {a["record_id"], b["record_id"]}
        evidence = f"same name: '{a['name']}' and '{b['name']}'"
        yield Link(kind, a["record_id"], b["record_id"], BY_EXACT_NAME, (evidence,), "exact name")
    names = {r["record_id"]: normal(r["name"]) for r in open_rows(right)}
    by_record = {r["record_id"]: r for r in right}
    for row, other, score in best_by_name(open_rows(left), names, name=lambda r: normal(r["name"]), least=least):
        if _numbers_differ(row, by_record[other]):
            continue
        evidence = likeness_said(score, row["name"], by_record[other]["name"])
        yield Link(kind, row["record_id"], other, proposal(score), (evidence,), "similar name")


def _email(row: Row) -> str | None:
    return row["email"].lower() if row["email"] else None


def _numbers_differ(a: Row, b: Row) -> bool:
    """Two employee numbers that differ outweigh any likeness of names."""
    left, right = a.get("employee_number"), b.get("employee_number")
    return bool(left and right and left != right)
