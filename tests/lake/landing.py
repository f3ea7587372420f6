"""Turns plain JSON into raw records, as if a source had landed them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from datablueprint.lake.conform import conform
from datablueprint.settings import Policy, Settings

SYSTEMS = {"quickbooks_online": "quickbooks"}


@dataclass(frozen=True)
class Landed:
    """The fields of a raw record that conforming reads."""

    record_id: str
    source: str
    stream: str
    native_id: str
    parent_id: str | None
    payload: str
    deleted: bool = False

    def tombstone(self) -> Landed:
        return replace(self, deleted=True)


Lake = dict[tuple[str, str], list[Landed]]


def landed(source: str, stream: str, native_id: object, payload: object, parent: object = None) -> Landed:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    system = SYSTEMS.get(source, source)
    parent_id = None if parent is None else str(parent)
    return Landed(f"{system}:{stream}:{native_id}", source, stream, str(native_id), parent_id, text)


def lake(*records: Landed) -> Lake:
    found: Lake = {}
    for record in records:
        found.setdefault((record.source, record.stream), []).append(record)
    return found


def procore(stream: str, native_id: object, parent: object = None, **payload: Any) -> Landed:
    return landed("procore", stream, native_id, {"id": native_id, **payload}, parent)


def quickbooks(entity: str, native_id: object, **payload: Any) -> Landed:
    return landed("quickbooks_online", entity, native_id, {"Id": str(native_id), **payload})


def tables(*records: Landed, policy: Policy | None = None) -> dict[str, pa.Table]:
    return conform(lake(*records), Settings(tenant="test", policy=policy or Policy()))


def rows(made: Mapping[str, pa.Table], table: str) -> list[dict[str, Any]]:
    return made[table].to_pylist()  # type: ignore[no-any-return]


def row(made: Mapping[str, pa.Table], table: str) -> dict[str, Any]:
    (only,) = rows(made, table)
    return only


def sentences(made: Mapping[str, pa.Table]) -> Sequence[str]:
    return [str(each["sentence"]) for each in rows(made, "rejects")]
