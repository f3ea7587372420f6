"""What all sources have in common: the registry, the counters, the progress, the budget of time."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datablueprint import sources
from datablueprint.errors import SettingsError, SourceUnavailable
from datablueprint.settings import Settings
from datablueprint.sources import SOURCES, by_name, extract
from tests.fakes import world
from tests.sources.procore_office import Office, two_projects

PEOPLE = "/rest/v1.0/companies/4210001/people"


def test_every_connector_is_listed_once_and_its_streams_have_names_of_their_own() -> None:
    assert [s.name for s in SOURCES] == ["procore", "quickbooks_online", "gusto", "payroll_file"]
    for source in SOURCES:
        names = [stream.name for stream in source.streams]
        assert len(names) == len(set(names))


def test_children_come_after_what_they_are_children_of() -> None:
    order = [stream.name for stream in by_name("procore").streams]

    for child, parents in {
        "work_order_contract_line_items": ["work_order_contracts"],
        "purchase_order_contract_line_items": ["purchase_order_contracts"],
        "potential_change_order_line_items": ["potential_change_orders", "prime_contracts"],
        "change_order_requests": ["potential_change_orders"],
        "budget_rows": ["budget_views", "projects"],
        "budget_line_items": ["budget_rows", "line_item_types"],
        "timecard_entries": ["projects"],
    }.items():
        assert all(order.index(parent) < order.index(child) for parent in parents)


def test_an_unknown_connector_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="No connector named 'procor'. There are: procore, quickbooks_online"):
        by_name("procor")


def test_a_connector_that_is_not_configured_says_so() -> None:
    room = world()
    ports = type(room.ports)(**{**vars(room.ports), "settings": Settings(tenant="acme")})

    with pytest.raises(SettingsError, match="Gusto is not configured for this tenant; configured sources: none"):
        extract.plan("gusto", ports, False)


def test_no_source_imports_another_room_or_arrow() -> None:
    allowed = ("datablueprint.sources", "datablueprint.errors", "datablueprint.ports", "datablueprint.settings")
    for path in Path(sources.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("datablueprint", "pyarrow")):
                assert (node.module or "").startswith(allowed), f"{path.name} imports {node.module}"


def test_calls_are_counted_over_all_runs_and_for_the_last_one() -> None:
    office = two_projects()
    office.read("people", "run-1")
    office.read("vendors", "run-1")
    office.read("people", "run-2")

    item = office.room.state.get("calls/procore")

    assert item
    assert item.value["total"] == 6
    assert item.value["by_kind"] == {"lists": 6}
    assert item.value["last_run"] == {"run_id": "run-2", "total": 2, "by_kind": {"lists": 2}}


def test_calls_of_an_extract_that_failed_count_too() -> None:
    office = two_projects()
    office.room.vendor.on(PEOPLE, lambda _: httpx.Response(500))

    with pytest.raises(SourceUnavailable):
        office.read("people", "run-1")

    item = office.room.state.get("calls/procore")
    assert item
    assert item.value["total"] == 5


def test_counting_survives_another_function_that_counts_at_the_same_time() -> None:
    office = two_projects()
    first = True

    def other_counts(key: str) -> None:
        nonlocal first
        if first and key == "calls/procore":
            first = False
            office.read("vendors", "run-1")

    office.room.state.before_put = other_counts

    office.read("people", "run-1")

    item = office.room.state.get("calls/procore")
    assert item
    assert item.value["total"] == 4


def test_the_state_is_written_a_few_times_per_extract_and_not_per_call() -> None:
    office = two_projects()
    office.read("projects", "run-1")
    office.room.state.puts.clear()

    office.read("wbs_codes", "run-1")

    assert office.room.state.puts == ["checkpoint/procore/wbs_codes", "calls/procore"]


def test_progress_names_room_system_and_stream() -> None:
    office = two_projects()
    office.read("projects", "run-1")
    office.read("wbs_codes", "run-1")

    lines = [(p.room, p.message, p.done, p.total) for p in office.room.progress]

    assert ("Extract", "Procore: wbs_codes", 1, 2) in lines
    assert lines[-1] == ("Extract", "Procore: wbs_codes", 1, 1)


def test_when_the_time_budget_is_used_up_the_rest_waits_for_the_next_call() -> None:
    office = two_projects()
    office.read("projects", "run-1")
    good = office.room.vendor.answers["/rest/v1.0/project_roles"]

    def slow(request: httpx.Request) -> httpx.Response:
        office.room.clock.move(minutes=11)
        return good(request)

    office.room.vendor.on("/rest/v1.0/project_roles", slow)

    first = office.read("project_roles", "run-1")
    second = office.read("project_roles", "run-1")

    assert (first.status, first.wait_seconds, first.calls) == ("paused", 1, {"lists": 1})
    assert (second.status, second.calls) == ("done", {"lists": 1})


def test_a_checkpoint_is_saved_only_after_its_records_have_landed() -> None:
    office = two_projects()
    office.add("project_roles", {"id": 1, "_project": 1})
    office.read("projects", "run-1")

    def disk_full(key: str, content: bytes) -> None:
        raise OSError("disk full")

    write, office.room.files.write = office.room.files.write, disk_full  # type: ignore[method-assign]
    with pytest.raises(OSError, match="disk full"):
        office.read("project_roles", "run-1")
    office.room.files.write = write  # type: ignore[method-assign]

    assert office.room.state.get("checkpoint/procore/project_roles") is None
    assert office.read("project_roles", "run-1").new == 1


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["vendors", "work_order_contracts", "direct_costs", "requisitions"]),
        st.integers(1, 6),
        st.sampled_from(["create", "edit", "delete"]),
    ),
    max_size=20,
)


@settings(max_examples=12, deadline=None)
@given(EDITS, st.integers(1, 3))
def test_refreshing_after_edits_gives_what_a_full_reload_gives(
    edits: list[tuple[str, int, str]], refreshes: int
) -> None:
    office = Office()
    office.add("projects", {"id": 1, "active": True})
    office.refresh("run-0")
    for number in range(refreshes):
        for name, key, what in edits[number::refreshes]:
            _apply(office, name, key, what)
        office.room.clock.move(minutes=20)
        office.refresh(f"run-{number + 1}")
        again = office.refresh(f"again-{number}")
        assert all((o.new, o.changed, o.deleted) == (0, 0, 0) for o in again.values())

    fresh = Office()
    fresh.rows = office.rows
    fresh.refresh("run-1")

    for name in {name for name, _, _ in edits}:
        assert office.raw.identities(name) == fresh.raw.identities(name)


def _apply(office: Office, name: str, key: int, what: str) -> None:
    """The edit, as far as it makes sense; the vendor list never empties, which would look like a lost permission."""
    held = [row for row in office.rows[name] if row["id"] == key]
    if what == "delete" and held:
        office.rows[name].remove(held[0])
    elif what == "edit" and held:
        held[0]["revision"] = held[0].get("revision", 0) + 1
    elif what == "create" and not held:
        office.add(name, {"id": key, "_project": 1})


def test_importing_the_connectors_loads_neither_arrow_nor_an_engine() -> None:
    program = (
        "import sys, datablueprint.sources.extract, datablueprint.sources.auth, datablueprint.lake.raw;"
        "print(sorted({'pyarrow', 'duckdb', 'boto3'} & set(sys.modules)))"
    )

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=_paths())

    assert found.stdout.strip() == "[]"


def _paths() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(sources.__file__).parents[2])}
