"""The tables are the only language the rooms share: who writes what, keyed how, in which unit.

Conventions that hold in every table:

* `record_id` is minted once when a record lands: `<system>:<stream>:<native id>`.
* Money is decimal(18,2) in the tenant's currency; hours decimal(18,2); quantities decimal(18,4).
* `<column>_at` is the JSON pointer (RFC 6901) of that amount in the raw payload
  of `record_id`, so that anyone can re-read the amount without our code.
* No conformed table holds a fetch time: equal inputs give equal tables.
* A missing value is null, never zero and never "".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from datablueprint.tables.booked import BOOK_SIDE
from datablueprint.tables.contract import Column, ColumnType, Room, Table
from datablueprint.tables.derived import GRAPH, LEDGER, METRICS
from datablueprint.tables.landed import PROJECT_SIDE, RAW

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "BY_NAME",
    "CONFORMED",
    "GRAPH",
    "LEDGER",
    "METRICS",
    "RAW",
    "TABLES",
    "Column",
    "ColumnType",
    "Room",
    "Table",
    "build",
    "record_id",
    "rows",
]

CONFORMED: tuple[Table, ...] = (*PROJECT_SIDE, *BOOK_SIDE)
TABLES: tuple[Table, ...] = (RAW, *CONFORMED, *GRAPH, *LEDGER, *METRICS)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}


def record_id(system: str, stream: str, native_id: object) -> str:
    """The id a record keeps for life: `procore:prime_change_orders:77`."""
    return f"{system}:{stream}:{native_id}"


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The table as dictionaries, money as Decimal, dates as date."""
    return table.to_pylist()  # type: ignore[no-any-return]  # pyarrow ships no types for it


def build(name: str, records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Table `name` from dictionaries, in its contract's column order and sorted by its key."""
    import pyarrow as pa

    contract = BY_NAME[name]
    ordered = sorted(records, key=lambda r: tuple(str(r.get(k) or "") for k in contract.key))
    columns = {c.name: [r.get(c.name) for r in ordered] for c in contract.columns}
    return pa.table(columns, schema=contract.schema())
