"""A fact is an amount, a place, a date, the rule that made it and the records that prove it; all else is derived."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from datablueprint import tables
from datablueprint.settings import Policy

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Role = Literal["amount", "less", "weight", "less_weight", "rate_amount", "rate_hours", "mirror", "support"]
UNCODED = "uncoded"


class Cite(NamedTuple):
    """Where an amount stands: a JSON pointer into one raw record ("" = the whole record)."""

    record_id: str
    pointer: str
    role: Role


def cite(row: Mapping[str, Any], column: str = "amount", *, role: Role = "amount") -> Cite:
    """The cite of a conformed row's amount column."""
    return Cite(row["record_id"], row[f"{column}_at"] or "", role)


def line_cites(line: Mapping[str, Any], role: Role) -> tuple[Cite, ...]:
    """The cites of a line whose amount stands at one pointer or is the sum of several."""
    pointers = line["amount_at"]
    many = pointers if isinstance(pointers, list) else [pointers]
    return tuple(Cite(line["record_id"], pointer, role) for pointer in many)


def mirrors(records: Iterable[str]) -> tuple[Cite, ...]:
    """Cites of whole records that were looked at and not counted."""
    return tuple(Cite(record, "", "mirror") for record in records)


@dataclass(frozen=True)
class Leaf:
    """The place of an amount inside a project. `code` UNCODED and `type` O are honest values, not gaps."""

    project: str | None
    code: str | None
    type: str | None


NOWHERE = Leaf(None, None, None)


@dataclass(frozen=True)
class Fact:
    measure: str
    rule: str
    reason: str
    evidence: tuple[Cite, ...]
    leaf: Leaf = NOWHERE
    amount: Decimal | None = None
    hours: Decimal | None = None
    quantity: Decimal | None = None
    on: date | None = None
    worked_on: date | None = None
    basis: str = "posted"
    state: str = "counted"
    party: str | None = None
    contract: str | None = None
    grade: str = "A"
    pool: str | None = None
    component: str | None = None
    subject: str | None = None
    base: str | None = None
    """Id of the fact that `rate` is on (basis applied)."""
    rate: Decimal | None = None
    rate_on: str | None = None

    def row(self) -> Row:
        return {
            "fact_id": self.fact_id(),
            "measure": self.measure,
            "state": self.state,
            "rule": self.rule,
            "reason": self.reason,
            "project": self.leaf.project,
            "cost_code": self.leaf.code,
            "cost_type": self.leaf.type,
            "amount": self.amount,
            "hours": self.hours,
            "quantity": self.quantity,
            "accounting_on": self.on,
            "worked_on": self.worked_on,
            "basis": self.basis,
            "party": self.party,
            "contract_record_id": self.contract,
            "grade": self.grade,
            "pool": self.pool,
            "component": self.component,
            "subject": self.subject,
            "base_fact": self.base,
            "rate": self.rate,
            "rate_on": self.rate_on,
            "evidence": [c._asdict() for c in self.evidence],
        }

    def fact_id(self) -> str:
        """The same records under the same rule give the same id in every snapshot."""
        leaf = self.leaf
        parts = [
            self.measure,
            self.state,
            self.rule,
            self.pool,
            leaf.project,
            leaf.code,
            leaf.type,
            str(self.worked_on),
        ]
        parts += [part for part in (self.component, self.base) if part]
        parts += [f"{c.record_id}{c.pointer}{c.role}" for c in self.evidence]
        return "fact_" + hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Finding:
    """Something a person should know; `grade` is the best grade the project's figures can still have."""

    kind: str
    sentence: str
    way_out: str
    records: tuple[str, ...]
    project: str | None = None
    amount: Decimal | None = None
    level: str = "warning"
    grade: str | None = None

    def row(self) -> Row:
        key = "|".join((self.kind, self.project or "", self.sentence, *self.records))
        return {
            "finding_id": "finding_" + hashlib.sha256(key.encode()).hexdigest()[:12],
            "kind": self.kind,
            "level": self.level,
            "grade": self.grade,
            "project": self.project,
            "amount": self.amount,
            "sentence": self.sentence,
            "way_out": self.way_out,
            "record_ids": list(self.records),
        }


@dataclass
class Book:
    """The conformed tables and the identities, indexed once for every rule family."""

    read: dict[str, list[Row]]
    policy: Policy
    currency: str
    entity: dict[str, str]
    entity_name: dict[str, str]
    links: list[Row]
    by_id: dict[str, dict[str, Row]] = field(default_factory=dict)

    @classmethod
    def open(
        cls, conformed: Mapping[str, pa.Table], graph: Mapping[str, pa.Table], policy: Policy, *, currency: str
    ) -> Book:
        entities = tables.rows(graph["entities"])
        book = cls(
            read={name: tables.rows(table) for name, table in conformed.items()},
            policy=policy,
            currency=currency,
            entity={row["record_id"]: row["entity_id"] for row in entities},
            entity_name={row["entity_id"]: row["name"] for row in entities if row["record_id"] == row["entity_id"]},
            links=tables.rows(graph["links"]),
        )
        for name in ("projects", "accounts", "prime_contracts", "commitments", "subcontract_invoices", "direct_costs"):
            book.by_id[name] = {row["record_id"]: row for row in book.read[name]}
        return book

    def project(self, record_id: str | None) -> str | None:
        """The project entity a record id stands for."""
        return self.entity.get(record_id, record_id) if record_id else None

    def party(self, record_id: str | None) -> str | None:
        """The vendor or employee entity a record id stands for."""
        return self.entity.get(record_id, record_id) if record_id else None

    def name(self, entity_id: str | None) -> str:
        return self.entity_name.get(entity_id or "", entity_id or "no project")


def grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """Rows by the value of one column, in their order."""
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def spread(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """`total` in whole cents in the ratio of `weights`, by largest remainder, so that the parts equal it exactly.

    Weights may be negative but must not sum to zero (ValueError). Ties go to the
    earlier weight. A negative total is spread as its mirror image.
    """
    if total < 0:
        return [-part for part in spread(-total, weights)]
    cents, ratio = int((total * 100).to_integral_exact()), [int(w.scaleb(4)) for w in weights]
    whole = sum(ratio)
    if whole == 0:
        raise ValueError("weights must not sum to zero")
    if whole < 0:
        whole, ratio = -whole, [-r for r in ratio]
    parts = [cents * r // whole for r in ratio]
    by_remainder = sorted(range(len(ratio)), key=lambda i: (-(cents * ratio[i] % whole), i))
    for i in by_remainder[: cents - sum(parts)]:
        parts[i] += 1
    return [Decimal(part).scaleb(-2) for part in parts]
