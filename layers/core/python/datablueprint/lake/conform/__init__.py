"""Raw records become typed tables here, and nothing is decided: no record is matched, chosen or added to another.

In: the live raw records of every stream. Out: every table of tables.CONFORMED.
A record with a missing or retyped field becomes one row of `rejects`; nothing
raises. The same records always give the same tables, whenever this runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datablueprint.lake.conform import (
    accounting,
    budget,
    codes,
    commitments,
    contracts,
    controls,
    costs,
    invoices,
    payroll,
    people,
    projects,
    time,
)
from datablueprint.lake.conform.fields import Record
from datablueprint.lake.conform.inbox import Inbox, Reader, Records
from datablueprint.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FAMILIES", "Reader", "Record", "Records", "conform"]

FAMILIES = (
    projects,
    people,
    codes,
    contracts,
    commitments,
    budget,
    invoices,
    costs,
    time,
    accounting,
    payroll,
    controls,
)


def conform(records: Records, settings: Settings) -> dict[str, pa.Table]:
    """Every conformed table, sorted by key.

    `records` maps (source, stream) to that stream's current records, or is a
    function of the two. Tombstones may be among them and give no rows.
    """
    inbox = Inbox(records, settings)
    for family in FAMILIES:
        family.read(inbox)
    return inbox.tables()
