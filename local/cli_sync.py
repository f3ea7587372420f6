"""The day-one report: which records Procore and QuickBooks share, which they do not, and what each would take.

Two sentences on what cannot be known belong to it: exports that were rejected
or failed are shown by Procore's own ERP tool only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from local.cli_table import dollars, table

Row = Mapping[str, Any]
STATES = {
    "synced": "synced by the integration",
    "eligible": "could be synced, is not",
    "unlinked_twin": "in both, not linked by it (our match)",
    "cannot_integrate": "cannot be integrated",
    "only_procore": "only in Procore",
    "only_quickbooks": "only in QuickBooks",
    "voided": "voided in QuickBooks",
}
SHOWN = 15


def print_sync(found: Row) -> None:
    """Counts and dollars by state, then the orphans by dollars, each with a way out."""
    if not found["states"]:
        print("This snapshot does not compare the two systems yet; run `datablueprint refresh --full`.")
        return
    print("Procore and QuickBooks, record by record (projects and vendors: their job cost to date)\n")
    lines = [
        (row["kind"].replace("_", " "), STATES[row["state"]], f"{row['records']:,}", dollars(row["amount"]))
        for row in found["states"]
    ]
    print(table(("kind", "state", "records", "amount"), lines, right=frozenset({2, 3})))
    orphans = found["orphans"]
    print(f"\n{len(orphans):,} records are in one system only; the largest:")
    for row in orphans[:SHOWN]:
        print(f"  {dollars(row['amount']):>12}  {row['sentence']} ({row['record_id']})\n{'':16}-> {row['way_out']}")
    if len(orphans) > SHOWN:
        print(f"  ... and {len(orphans) - SHOWN:,} more: `datablueprint status --sync --json`")
    print(f"\n{found['unseen']}")


def print_tieouts(found: Iterable[Row]) -> None:
    """How many hold, by kind, and each one that does not."""
    rows = list(found)
    held: dict[str, list[bool]] = {}
    for row in rows:
        held.setdefault(row["tieout"], []).append(row["holds"])
    told = ", ".join(f"{name} {sum(each):,} of {len(each):,}" for name, each in sorted(held.items()))
    if told:
        print(f"\nTie-outs that hold: {told}")
    for row in rows:
        if not row["holds"]:
            print(
                f"  {row['tieout']} {row['sentence']}: {row['left_label']} {Decimal(str(row['left_amount'])):,.2f}, "
                f"{row['right_label']} {Decimal(str(row['right_amount'])):,.2f}"
            )
