"""Reviewing links at the command line: dollars first, any two records may be linked, contradictions are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datablueprint import steps, tables
from datablueprint.adapters.duckdb_query import DuckDbQuery
from datablueprint.adapters.local_files import LocalFiles
from datablueprint.lake.snapshots import POINTER, Snapshots
from datablueprint.ports import Ports
from local import cli
from local.home import Home
from tests.fakes import NOON, world
from tests.graph.kit import bill, job, project, vendor

Run = Callable[..., tuple[int, Any]]
PROJECTS = [
    project("1", "Harbor Medical Clinic"),
    project("2", "Ridge School"),
    job("58", "Harbor Med. Clinic"),
    job("59", "Ridge Schol"),
    job("60", "Waterfront"),
]
VENDORS = [vendor("procore:61", "Volt LLC"), vendor("quickbooks:30", "Volt")]
LINES = [bill(1, "100.00", job="58"), bill(2, "900.00", job="59")]
HARBOR, RIDGE, FIRST, SECOND, THIRD = (row["record_id"] for row in PROJECTS)


def build(ports: Ports, snapshot: str) -> None:
    """One refresh, from conformed tables to a published snapshot."""
    snapshots = Snapshots(ports.files, ports.state)
    read = {"projects": PROJECTS, "vendors": VENDORS, "accounting_lines": LINES}
    for name in steps.CONFORMED:
        snapshots.write(snapshot, name, tables.build(name, read.get(name, ())))
    steps.link(steps.BuildRequest(run_id="r", snapshot=snapshot), ports)
    manifest = snapshots.describe(snapshot, built_at=NOON, as_of=NOON.date(), freshness={})
    pointer = ports.state.get(POINTER)
    snapshots.publish(snapshot, manifest, pointer.value["snapshot"] if pointer else None)


@pytest.fixture
def ports(tmp_path: Path) -> Ports:
    made = replace(world().ports, files=LocalFiles(tmp_path), query=DuckDbQuery(tmp_path))
    build(made, "20261120T120000Z-000001")
    return made


@pytest.fixture
def run(ports: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `datablueprint links ... --json`; the exit code and what it said."""
    monkeypatch.setattr(Home, "ports", lambda self, progress, settings=None: ports)

    def run_it(*words: str) -> tuple[int, Any]:
        code = cli.main(["links", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run_it


def test_the_costliest_question_comes_first(run: Run) -> None:
    _, said = run("review")

    assert [link["dollars"] for link in said["links"]] == ["900.00", "100.00"]
    assert {link["state"] for link in said["links"]} == {"proposed"}


def test_people_read_how_much_moves(
    ports: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Home, "ports", lambda self, progress, settings=None: ports)

    assert cli.main(["links"]) == 0

    assert "$900 move if it is wrong" in capsys.readouterr().out


def test_a_decided_link_leaves_the_queue_at_once_and_comes_back_when_undone(run: Run) -> None:
    first = run("review")[1]["links"][0]["link_id"]

    run("accept", first)
    assert first not in [link["link_id"] for link in run("review")[1]["links"]]
    assert [x["decided_since"] for x in run("--all")[1]["links"] if x["link_id"] == first] == ["accepted"]

    run("undo", first)
    assert first in [link["link_id"] for link in run("review")[1]["links"]]


def test_a_link_that_was_not_found_can_be_stated_and_a_second_job_joined(run: Run, ports: Ports) -> None:
    code, said = run("accept", THIRD, HARBOR, "--by", "Ann")
    assert (code, said["left_record_id"], said["right_record_id"]) == (0, HARBOR, THIRD)
    assert run("accept", HARBOR, FIRST, "--by", "Ann")[0] == 0

    build(ports, "20261121T120000Z-000002")

    accepted = {x["right_record_id"]: x for x in run("--all")[1]["links"] if x["state"] == "accepted"}
    assert set(accepted) == {FIRST, THIRD}
    assert accepted[THIRD]["evidence"] == ["stated by Ann"]
    assert {x["left_record_id"] for x in accepted.values()} == {HARBOR}


def test_a_job_of_one_project_is_refused_to_another(run: Run) -> None:
    run("accept", HARBOR, FIRST)

    code, said = run("accept", RIDGE, FIRST)

    assert code == 1
    assert said["error"]["type"] == "DecisionConflict"
    assert "A QuickBooks job belongs to one project" in said["error"]["text"]
    assert "links undo" in said["error"]["text"]


def test_an_accepted_chain_may_not_join_what_somebody_told_apart(run: Run) -> None:
    run("accept", HARBOR, FIRST)
    run("reject", FIRST, SECOND, "--by", "Bob")

    code, said = run("accept", HARBOR, SECOND)

    assert (code, said["error"]["type"]) == (1, "DecisionConflict")
    assert "decided by Bob" in said["error"]["text"]


def test_a_stated_link_can_be_undone_by_its_records(run: Run, ports: Ports) -> None:
    run("accept", HARBOR, THIRD)

    assert run("undo", THIRD, HARBOR)[1]["decision"] == "undone"
    assert list(ports.state.list(steps.DECISIONS)) == []


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ((HARBOR, "quickbooks:Customer:404"), "There is no record quickbooks:Customer:404"),
        ((HARBOR, VENDORS[1]["record_id"]), "are a project and a vendor; only records of one kind"),
        ((HARBOR, HARBOR), "a link needs two"),
    ],
)
def test_records_that_cannot_be_linked_are_refused_with_a_sentence(
    pair: tuple[str, str], sentence: str, run: Run, ports: Ports
) -> None:
    code, said = run("accept", *pair)

    assert code == 1
    assert sentence in said["error"]["text"]
    assert list(ports.state.list(steps.DECISIONS)) == []


def test_decisions_stored_at_the_same_moment_that_contradict_go_back_to_the_queue(run: Run, ports: Ports) -> None:
    run("accept", HARBOR, FIRST)
    held = dict(ports.state.list(steps.DECISIONS))
    [(key, item)] = held.items()
    ports.state.delete(key)
    run("accept", RIDGE, FIRST)
    ports.state.put(key, dict(item.value), expected_version=None)

    build(ports, "20261121T120000Z-000002")

    doubted = [x for x in run("review")[1]["links"] if x["decided_by"] == "contradicting decisions"]
    assert {x["left_record_id"] for x in doubted} == {HARBOR, RIDGE}
    assert Decimal(doubted[0]["dollars"]) == 100
