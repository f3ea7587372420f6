"""A figure opened for a page: what it is made of, a page of its records, our copy of one of them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from datablueprint import personal, references
from datablueprint.api.pages import page
from datablueprint.desk import Desk
from datablueprint.errors import Unknown

Row = dict[str, Any]
SPELLED = re.compile(r"\w+:\w+:[^\x00-\x1f]+", re.ASCII)
MOST_CITED = 400
"""Records that come with an opened figure."""
WITHHELD = "This record names a person and may hold their pay; open it in {} itself."


def opened(desk: Desk, ref: str, *, tree: bool) -> Row:
    """A figure of any kind; its proof tree only when asked for, it can be large."""
    found = references.opened(desk, ref)
    cited = personal.cited(found["citations"])
    parts = {"parts": personal.parts(found["parts"])} if found.get("parts") else {}
    return {
        **found,
        **parts,
        "citations": cited[:MOST_CITED],
        "citation_count": len(cited),
        "tree": found["tree"] if tree else None,
    }


def records(desk: Desk, ref: str, *, cursor: str | None, limit: int) -> Row:
    """One page of the records under a figure, with when each was read; records of pay by the month."""
    cited = personal.cited(references.citations(desk, ref))
    rows, following = page(cited, of=f"{desk.snapshot} {ref}", cursor=cursor, limit=limit)
    stored = desk.records(row["record_id"] for row in rows if row["record_id"])
    return {
        "figure": ref,
        "snapshot": desk.snapshot,
        "records": [{**row, "fetched_at": _read(stored.get(row["record_id"]))} for row in rows],
        "total": len(cited),
        "sums_to": str(sum((Decimal(row["amount"]) for row in cited), Decimal(0))),
        "next_cursor": following,
    }


def verification(desk: Desk, ref: str) -> Row:
    found = references.verification(desk, ref)
    return {**found, "discrepancies": personal.unnamed(found["discrepancies"])}


def record(desk: Desk, record_id: str) -> Row:
    """Our copy of a record; what names a person beside their pay stays closed."""
    found = desk.records([record_id]).get(record_id) if SPELLED.fullmatch(record_id) else None
    if found is None:
        raise Unknown(f"There is no record {record_id[:200]} in this snapshot")
    system = record_id.partition(":")[0]
    closed = personal.personal(record_id) or personal.names_a_person(found.payload)
    return {
        "record_id": record_id,
        "system": system,
        "payload": None if closed else json.loads(found.payload),
        "fetched_at": found.fetched_at.isoformat(),
        "url": found.url or None,
        "deleted": found.deleted,
        "withheld": WITHHELD.format(system.replace("_", " ")) if closed else None,
    }


def _read(stored: Any) -> str | None:
    return stored.fetched_at.isoformat() if stored else None
