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
KINDS = ("project", "vendor", "commitment", "subcontract_invoice", "direct_cost", "bill")
STATES = {
    "synced": "synced by the integration",
    "eligible": "could be synced, is not",
    "unlinked_twin": "in both, not linked by it (our match)",
    "cannot_integrate": "cannot be integrated",
    "only_procore": "only in Procore",
    "only_quickbooks": "only in QuickBooks",
    "voided": "voided in QuickBooks",
}
UNSEEN = "Exports that were rejected or have failed are not visible here; Procore's ERP Integrations tool lists them."
SHOWN = 15
STATEMENT = (
    "SELECT kind, record_id, other_record_id, state, project, amount, sentence, way_out "
    "FROM sync_states ORDER BY kind, state, record_id"
)


def report(rows: Iterable[Row]) -> dict[str, Any]:
    """Count and dollars by kind and state, and every orphan, the largest first."""
    read = list(rows)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in read:
        groups.setdefault((row["kind"], row["state"]), []).append(row)
    ordered = sorted(groups, key=lambda group: (KINDS.index(group[0]), list(STATES).index(group[1])))
    return {
        "states": [
            {
                "kind": kind,
                "state": state,
                "records": len(groups[kind, state]),
                "amount": _together(groups[kind, state]),
            }
            for kind, state in ordered
        ],
        "orphans": sorted(
            filter(_is_orphan, read), key=lambda row: (-abs(row["amount"] or Decimal(0)), row["record_id"])
        ),
        "records": read,
        "unseen": UNSEEN,
    }


def _is_orphan(row: Row) -> bool:
    """In one system only, although it should be in both: it carries money, or is a project."""
    expected = row["state"] not in ("synced", "eligible") or row["kind"] == "project"
    alone = row["other_record_id"] is None and row["state"] != "synced"
    return alone and expected and bool(row["amount"] or row["kind"] == "project")


def _together(rows: Iterable[Row]) -> Decimal:
    return sum((row["amount"] or Decimal(0) for row in rows), Decimal(0))


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
