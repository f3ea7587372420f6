"""The day-one report says what both systems share, and ends every orphan with a way out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from datablueprint.status import sync_report
from local import cli_sync

FAILING = {
    "tieout": "T6",
    "holds": False,
    "sentence": "procore: commitment SC-1",
    "left_label": "invoiced",
    "left_amount": Decimal("10.00"),
    "right_label": "committed",
    "right_amount": Decimal("9.00"),
}


def row(record: str, state: str, amount: str | None, **changes: Any) -> dict[str, Any]:
    made = {
        "kind": "subcontract_invoice",
        "record_id": record,
        "other_record_id": None,
        "state": state,
        "project": "p",
        "amount": None if amount is None else Decimal(amount),
        "sentence": f"invoice {record}",
        "way_out": f"do {record}",
    }
    return made | changes


ROWS = [
    row("a", "synced", "10.00", other_record_id="x"),
    row("b", "unlinked_twin", "5.50", other_record_id="y"),
    row("c", "only_procore", "7.00"),
    row("d", "only_procore", "-900.00"),
    row("e", "eligible", "30.00"),
    row("p", "eligible", None, kind="project"),
]


def test_counts_and_dollars_stand_by_kind_and_state():
    states = sync_report(ROWS)["states"]

    assert [(s["kind"], s["state"], s["records"], s["amount"]) for s in states] == [
        ("project", "eligible", 1, Decimal(0)),
        ("subcontract_invoice", "synced", 1, Decimal("10.00")),
        ("subcontract_invoice", "eligible", 1, Decimal("30.00")),
        ("subcontract_invoice", "unlinked_twin", 1, Decimal("5.50")),
        ("subcontract_invoice", "only_procore", 2, Decimal("-893.00")),
    ]


def test_orphans_come_by_dollars_and_each_has_a_way_out(capsys: pytest.CaptureFixture[str]):
    found = sync_report(ROWS)

    cli_sync.print_sync(found)

    said = capsys.readouterr().out
    assert [orphan["record_id"] for orphan in found["orphans"]] == ["d", "c", "p"]
    assert said.index("do d") < said.index("do c") < said.index("do p")
    assert "in both, not linked by it (our match)" in said
    assert "have failed are not visible here" in said.splitlines()[-1]


def test_a_snapshot_without_the_comparison_says_how_to_make_it(capsys: pytest.CaptureFixture[str]):
    cli_sync.print_sync(sync_report([]))

    assert "refresh --full" in capsys.readouterr().out


def test_tie_outs_are_counted_and_those_that_fail_are_shown(capsys: pytest.CaptureFixture[str]):
    cli_sync.print_tieouts([FAILING, FAILING | {"tieout": "T1", "holds": True}])

    said = capsys.readouterr().out
    assert "T1 1 of 1, T6 0 of 1" in said
    assert "T6 procore: commitment SC-1: invoiced 10.00, committed 9.00" in said
