"""Of what a delivery says only two things are read: whose account it speaks of, and what to call it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Notice:
    """`account` is company, realm or company uuid; `event` the vendor's id of the event, "" where it gives none."""

    account: str
    event: str


def notices(source: str, body: bytes) -> list[Notice] | None:
    """What a genuine delivery speaks of; None when it has no shape we know."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if source == "quickbooks_online":
        rows = told if isinstance(told, list) else _legacy(told)
        return None if rows is None else [_of(row, "intuitaccountid", "id") for row in _objects(rows)]
    if not isinstance(told, dict):
        return None
    if source == "procore":
        return [_of(told, "company_id", "ulid" if told.get("ulid") else "id")]
    return [_of(told, "resource_uuid", "uuid")]


def verification_token(body: bytes) -> str | None:
    """Gusto's handshake: a body that holds its new key and nothing else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or set(told) != {"verification_token"}:
        return None
    token = told["verification_token"]
    return token if isinstance(token, str) and token else None


def name_of(own: Sequence[Notice], body: bytes) -> str:
    """One short name for the delivery: the same however often and in whichever order its events come again."""
    ids = sorted({notice.event for notice in own})
    text = body if "" in ids else "\n".join(ids).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:16]


def _legacy(told: Any) -> list[Any] | None:
    """Intuit's format before CloudEvents: an object of notifications, one per realm, without ids."""
    rows = told.get("eventNotifications") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        return None
    return [{"intuitaccountid": row.get("realmId", "")} for row in _objects(rows)]


def _objects(rows: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    return (row for row in rows if isinstance(row, dict))


def _of(row: Mapping[str, Any], account: str, event: str) -> Notice:
    return Notice(_text(row.get(account)), _text(row.get(event)))


def _text(value: Any) -> str:
    """Ids are integers in one version of a format and strings in the next."""
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
