"""A snapshot is proved against the records as they were when it was built, not as they are now."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datablueprint.ports import Files

SOURCES_OF_SYSTEM = {"quickbooks": ("quickbooks_online", "quickbooks_desktop")}
COLUMNS = ["record_id", "fetched_at", "deleted", "payload", "url"]


@dataclass(frozen=True)
class Stored:
    """A record as stored: its text, where it came from and when."""

    payload: str
    url: str
    fetched_at: datetime
    deleted: bool


def stored(files: Files, record_ids: Iterable[str], *, until: datetime) -> dict[str, Stored]:
    """The newest state of each record fetched no later than `until`, tombstones included; unknown ids are absent."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record_id in record_ids:
        system, stream, _ = record_id.split(":", 2)
        wanted[system, stream].add(record_id)
    found: dict[str, Stored] = {}
    for (system, stream), ids in wanted.items():
        for source in SOURCES_OF_SYSTEM.get(system, (system,)):
            _collect(files, f"raw/source={source}/stream={stream}/", ids, until, found)
    return found


def _collect(files: Files, prefix: str, ids: set[str], until: datetime, found: dict[str, Stored]) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted = pa.array(sorted(ids))
    for key in files.list(prefix):
        table = pq.read_table(io.BytesIO(files.read(key)), columns=COLUMNS)
        table = table.filter(pc.is_in(table["record_id"], value_set=wanted))
        for row in table.to_pylist():
            held = found.get(row["record_id"])
            if row["fetched_at"] <= until and (held is None or row["fetched_at"] >= held.fetched_at):
                found[row["record_id"]] = Stored(row["payload"], row["url"], row["fetched_at"], row["deleted"])
