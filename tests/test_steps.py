"""A step may run twice, beside another refresh, or after a failure, and nothing that landed stays unpublished."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datablueprint import review, steps, tables
from datablueprint.adapters.duckdb_query import DuckDbQuery
from datablueprint.adapters.local_files import LocalFiles
from datablueprint.desk import Desk
from datablueprint.errors import DecisionConflict, NothingRead, PublishConflict, QuestionError, SettingsError
from datablueprint.lake.raw import RawLog, RawRecord
from datablueprint.lake.snapshots import Snapshots
from datablueprint.ports import Ports
from datablueprint.settings import Policy, Settings
from local import cli, cli_links
from local.home import Home
from tests.fakes import NOON, World, world

READ = steps.Outcome(source="gusto", streams=[steps.Extracted(stream="employees", status="done", new=1)])
REVOKED = steps.Outcome(
    source="gusto", stale=True, error="Gusto: the connection was revoked.", error_type="AuthExpired"
)


def land(ports: Ports, name: str, *, run: str) -> None:
    """One payroll employee of this name arrives."""
    payload = json.dumps({"uuid": "e-1", "first_name": name, "last_name": "Hill"})
    record = RawRecord("", "gusto", "employees", "e-1", None, NOON, run, None, "https://gusto.test", "", False, payload)
    RawLog(ports.files, "gusto").land("employees", [record], run_id=run)


def request(ports: Ports, run: str, *outcomes: steps.Outcome) -> steps.BuildRequest:
    planned = steps.plan(steps.PlanRequest(run_id=run), ports)
    return steps.BuildRequest(run_id=run, snapshot=planned.snapshot, outcomes=list(outcomes or (READ,)))


def build(ports: Ports, run: str, *outcomes: steps.Outcome) -> steps.BuildRequest:
    """Everything of a refresh between extraction and publishing that readers look at."""
    asked = request(ports, run, *outcomes)
    assert not steps.conform(asked, ports).unchanged
    steps.link(asked, ports)
    return asked


def published(ports: Ports, run: str, *outcomes: steps.Outcome) -> steps.BuildRequest:
    asked = build(ports, run, *outcomes)
    steps.publish(asked, ports)
    return asked


def unchanged(ports: Ports, run: str = "later") -> bool:
    return steps.conform(request(ports, run), ports).unchanged


@pytest.fixture
def made() -> World:
    """A company whose one employee is published."""
    made = world()
    land(made.ports, "Jo", run="first")
    published(made.ports, "first")
    return made


def test_what_was_published_is_not_built_again(made: World):
    assert unchanged(made.ports)


def test_what_lands_while_another_refresh_builds_is_not_taken_for_published(made: World):
    land(made.ports, "Ann", run="a")
    ours = build(made.ports, "a")
    land(made.ports, "Bea", run="b")
    steps.publish(ours, made.ports)

    assert not unchanged(made.ports, "b")


def test_what_landed_before_a_failure_is_published_by_the_next_refresh(made: World, monkeypatch: pytest.MonkeyPatch):
    def broken(source: str, stream: str, ports: Ports, *, run_id: str, full: bool, raw: RawLog) -> None:
        land(ports, "Ann", run=run_id)
        raise KeyboardInterrupt  # not even an exception handler runs when a function is out of time

    monkeypatch.setattr("datablueprint.sources.extract.extract", broken)
    with pytest.raises(KeyboardInterrupt):
        steps.extract("gusto", steps.ExtractRequest(run_id="a", stream="employees"), made.ports)

    assert not unchanged(made.ports, "b")


def test_publishing_twice_says_the_same_and_changes_nothing(made: World):
    before = Snapshots(made.files, made.state).current().snapshot
    land(made.ports, "Ann", run="a")
    asked = build(made.ports, "a")
    first = steps.publish(asked, made.ports)
    files, items = dict(made.files.content), dict(made.state.items)

    again = steps.publish(asked, made.ports)

    assert again == first
    assert first.previous == before
    assert (made.files.content, made.state.items) == (files, items)


def test_a_publish_that_is_repeated_late_does_not_bring_an_older_snapshot_back(made: World):
    land(made.ports, "Ann", run="a")
    older = published(made.ports, "a")
    land(made.ports, "Bea", run="b")
    newer = published(made.ports, "b")
    land(made.ports, "Cleo", run="c")

    steps.publish(older, made.ports)

    assert Snapshots(made.files, made.state).current().snapshot == newer.snapshot
    assert not unchanged(made.ports, "c")


def test_a_refresh_that_came_second_is_refused_and_its_rows_join_the_next(made: World):
    land(made.ports, "Ann", run="a")
    ours = build(made.ports, "a")
    land(made.ports, "Bea", run="b")
    theirs = build(made.ports, "b")
    steps.publish(ours, made.ports)

    with pytest.raises(PublishConflict):
        steps.publish(theirs, made.ports)

    assert not unchanged(made.ports, "c")


def changed(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update=changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "CAD"},
        {"company": "Other Builders"},
        {"tenant": "other"},
        {"time_zone": "America/Phoenix"},
        {"policy": Policy(contingency_codes=("99",))},
    ],
)
def test_a_setting_that_shapes_the_data_asks_for_a_new_snapshot(made: World, changes: dict[str, Any]):
    assert not unchanged(replace(made.ports, settings=changed(made.ports.settings, **changes)))


def test_a_system_that_is_connected_or_disconnected_or_of_another_account_asks_for_a_new_snapshot(made: World):
    sources = made.ports.settings.sources
    without = {name: each for name, each in sources.items() if name != "procore"}
    other = sources | {"gusto": sources["gusto"].model_copy(update={"account": "company-8"})}

    for changes in (without, other):
        assert not unchanged(replace(made.ports, settings=changed(made.ports.settings, sources=changes)))


def test_a_setting_that_says_only_where_something_is_asks_for_nothing(made: World):
    moved = {"base_url": "https://moved.test", "login_url": "https://login.moved.test", "secret": "renamed"}
    sources = {name: each.model_copy(update=moved) for name, each in reversed(made.ports.settings.sources.items())}
    settings = changed(made.ports.settings, sources=sources, bucket="b", state_table="s", database="d", workgroup="w")

    assert unchanged(replace(made.ports, settings=settings))


def test_a_system_that_fails_or_recovers_shows_although_nothing_is_published(made: World):
    assert not Desk(made.ports).freshness["gusto"]["stale"]

    assert steps.conform(request(made.ports, "a", REVOKED), made.ports).unchanged
    assert Desk(made.ports).freshness["gusto"]["error"] == "Gusto: the connection was revoked."

    assert steps.conform(request(made.ports, "b", READ), made.ports).unchanged
    assert not Desk(made.ports).freshness["gusto"]["stale"]


def test_a_desk_does_not_show_the_build_as_a_system(made: World):
    assert set(Desk(made.ports).freshness) == {"gusto"}


def test_status_shows_a_failed_system_before_anything_was_published(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    ports = world().ports
    with pytest.raises(NothingRead):
        steps.conform(request(ports, "a", REVOKED), ports)
    monkeypatch.setattr(Home, "ports", lambda self, progress, settings=None: ports)

    assert cli.main(["status"]) == 0

    said = capsys.readouterr().out
    assert "nothing was published yet" in said
    assert "gusto: never read; stale: Gusto: the connection was revoked." in said


def test_a_plan_without_systems_says_to_connect_one():
    ports = replace(world().ports, settings=Settings(tenant="acme"))

    with pytest.raises(SettingsError, match="run `datablueprint connect`"):
        steps.plan(steps.PlanRequest(), ports)


PROJECT = {"record_id": "procore:projects:1", "system": "procore", "number": "24-017", "name": "Harbor Medical Clinic"}
JOB = {"record_id": "quickbooks:Customer:58", "system": "quickbooks", "name": "Harbor Med. Clinic"}
SNAPSHOT = "20261120T120000Z-000001"


@pytest.fixture
def reviewed(tmp_path: Path) -> Ports:
    """A published snapshot with one proposed link."""
    ports = replace(world().ports, files=LocalFiles(tmp_path), query=DuckDbQuery(tmp_path))
    snapshots = Snapshots(ports.files, ports.state)
    put(ports, JOB["name"])
    for name in ("coverage", "findings", "rejects"):
        snapshots.write(SNAPSHOT, name, tables.build(name, ()))
    asked = steps.BuildRequest(run_id="r", snapshot=SNAPSHOT)
    steps.link(asked, ports)
    manifest = snapshots.describe(SNAPSHOT, built_at=NOON, as_of=NOON.date(), freshness={})
    snapshots.publish(SNAPSHOT, manifest, None)
    return ports


def put(ports: Ports, job_name: str, snapshot: str = SNAPSHOT) -> None:
    projects = [each | {"active": True, "is_job": True} for each in (PROJECT, JOB | {"name": job_name})]
    for name in steps.CONFORMED:
        rows = projects if name == "projects" else ()
        Snapshots(ports.files, ports.state).write(snapshot, name, tables.build(name, rows))


def the_link(ports: Ports) -> str:
    [link] = review._links(ports, None)
    return str(link["link_id"])


def links_of_next(ports: Ports, job_name: str) -> list[dict[str, Any]]:
    """What the next refresh links when the job has this name."""
    asked = steps.BuildRequest(run_id="n", snapshot="20261121T120000Z-000002")
    put(ports, job_name, asked.snapshot)
    steps.link(asked, ports)
    return tables.rows(Snapshots(ports.files, ports.state).read(asked.snapshot, "links"))


def test_a_decision_holds_its_link_and_stands_when_the_names_part(reviewed: Ports):
    decided = review.decide(the_link(reviewed), "accepted", reviewed, by="Ann")

    assert (decided["left_name"], decided["kind"]) == ("Harbor Medical Clinic", "project")
    [link] = links_of_next(reviewed, "Pier 9")
    assert (link["state"], link["decided_by"], link["left_record_id"]) == ("accepted", "Ann", PROJECT["record_id"])
    assert link["evidence"] == decided["evidence"]


def test_a_decision_that_was_undone_leaves_the_link_to_its_evidence(
    reviewed: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Home, "ports", lambda self, progress, settings=None: reviewed)
    link_id = the_link(reviewed)

    assert cli.main(["links", "reject", link_id, "--by", "Ann"]) == 0
    assert links_of_next(reviewed, str(JOB["name"]))[0]["state"] == "rejected"
    assert cli.main(["links", "undo", link_id, "--by", "Ann"]) == 0

    assert "undone by Ann" in capsys.readouterr().out
    assert links_of_next(reviewed, str(JOB["name"]))[0]["state"] == "proposed"


def test_only_the_person_who_decided_undoes_it(reviewed: Ports):
    link_id = the_link(reviewed)
    review.decide(link_id, "accepted", reviewed, by="Ann")

    with pytest.raises(DecisionConflict, match="accepted by Ann"):
        review.undo(link_id, reviewed, by="Bob")


@pytest.mark.parametrize("action", ["accept", "reject", "undo"])
def test_a_decision_on_an_unknown_link_is_refused_with_a_sentence(
    action: str, reviewed: Ports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(Home, "ports", lambda self, progress, settings=None: reviewed)

    assert cli.main(["links", action, "link_none"]) == 1

    assert "link link_none; `datablueprint links --all` lists them" in capsys.readouterr().err
    assert list(reviewed.state.list(steps.DECISIONS)) == []


def test_two_people_who_decide_at_once_are_told(reviewed: Ports, monkeypatch: pytest.MonkeyPatch):
    link_id = the_link(reviewed)
    state: Any = reviewed.state

    def another(key: str) -> None:
        state.before_put = lambda key: None
        review.decide(link_id, "rejected", reviewed, by="Bob")

    state.before_put = another

    with pytest.raises(DecisionConflict, match="just now"):
        review.decide(link_id, "accepted", reviewed, by="Ann")


def test_a_decision_asks_for_a_link():
    with pytest.raises(QuestionError, match="Which link"):
        cli_links.links(cli.parser().parse_args(["links", "undo"]), _Home(), lambda _: None)  # type: ignore[arg-type]


class _Home:
    def ports(self, _: object) -> Ports:
        return world().ports


def test_only_the_systems_that_were_asked_for_are_read(made: World):
    planned = steps.plan(steps.PlanRequest(sources=["gusto"]), made.ports)

    assert planned.sources == ["gusto"]
    assert planned.gusto
    assert (planned.procore, planned.quickbooks_online, planned.payroll_file) == ([], [], [])
    assert steps.plan(steps.PlanRequest(), made.ports).sources == list(steps.SOURCES)


def test_a_system_that_is_not_connected_cannot_be_asked_for(made: World):
    with pytest.raises(SettingsError, match="finch: not connected; there is procore, quickbooks_online"):
        steps.plan(steps.PlanRequest(sources=["gusto", "finch"]), made.ports)


def test_a_system_that_was_not_to_be_read_is_as_fresh_or_stale_as_before(made: World):
    before = steps.freshness(made.ports)
    made.clock.move(hours=1)
    land(made.ports, "Ann", run="a")
    unread = [steps.Outcome(source=source) for source in ("procore", "quickbooks_online")]
    asked = request(made.ports, "a", READ, *unread).model_copy(update={"sources": ["gusto"]})

    steps.conform(asked, made.ports)

    after = steps.freshness(made.ports)
    assert after["gusto"]["read_at"] > before["gusto"]["read_at"]
    assert {name: told for name, told in after.items() if name != "gusto"} == {
        name: told for name, told in before.items() if name != "gusto"
    }
