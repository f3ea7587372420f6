"""What a table's contract is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

ColumnType = Literal[
    "string", "bool", "int", "date", "timestamp", "money", "hours", "quantity", "rate", "strings", "evidence"
]
Room = Literal["raw", "conformed", "graph", "ledger", "metrics"]


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType = "string"
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One table's contract. `key` columns identify a row; rows are stored sorted by them."""

    name: str
    room: Room
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    note: str = ""

    def schema(self) -> pa.Schema:
        """The Arrow schema; pyarrow is imported here because handlers that only extract do without."""
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "bool": pa.bool_(),
            "int": pa.int64(),
            "date": pa.date32(),
            "timestamp": pa.timestamp("us", tz="UTC"),
            "money": pa.decimal128(18, 2),
            "hours": pa.decimal128(18, 2),
            "quantity": pa.decimal128(18, 4),
            "rate": pa.decimal128(18, 8),
            "strings": pa.list_(pa.string()),
            "evidence": pa.list_(
                pa.struct([("record_id", pa.string()), ("pointer", pa.string()), ("role", pa.string())])
            ),
        }
        return pa.schema([(c.name, types[c.type]) for c in self.columns])


def columns(*specs: str) -> tuple[Column, ...]:
    """Columns from `name type note...` texts; the type defaults to string."""
    found = []
    for spec in specs:
        name, _, rest = spec.partition(" ")
        kind, _, note = rest.partition(" ")
        found.append(Column(name, kind or "string", note))  # type: ignore[arg-type]  # checked by the tables test
    return tuple(found)
