"""A laptop refresh runs the real handlers; what they raise comes back whole."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from datablueprint import steps
from datablueprint.errors import AuthExpired, DataBlueprintError, LakeError
from datablueprint.ports import Ports, Progress
from local.refresh_runner import folder_of, run_refresh, sentence
from tests.fakes import world


@pytest.fixture
def ports() -> Ports:
    return world().ports


@pytest.fixture(autouse=True)
def easy_steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Ports, str]]:
    """Steps that succeed at once and note who called them, with which ports, in which thread."""
    calls: list[tuple[str, Ports, str]] = []

    def note(name: str, ports: Ports) -> None:
        calls.append((name, ports, threading.current_thread().name))

    def plan(request: steps.PlanRequest, ports: Ports) -> steps.Plan:
        note("plan", ports)
        streams = {
            "procore": ["projects", "vendors"],
            "quickbooks_online": ["changes"],
            "gusto": [],
            "payroll_file": [],
        }
        return steps.Plan(run_id="run-1", full=request.full, snapshot="s-1", **streams)

    def extract(source: str, request: steps.ExtractRequest, ports: Ports) -> steps.Extracted:
        note(source, ports)
        return steps.Extracted(stream=request.stream, status="done", new=2)

    def build(request: steps.BuildRequest, ports: Ports) -> steps.Built:
        note("build", ports)
        return steps.Built(**request.model_dump(), tables={"projects": 3})

    def publish(request: steps.BuildRequest, ports: Ports) -> steps.Published:
        return steps.Published(snapshot=request.snapshot, previous=None, new=6, changed=0, deleted=0)

    monkeypatch.setattr(steps, "plan", plan)
    monkeypatch.setattr(steps, "extract", extract)
    monkeypatch.setattr(steps, "publish", publish)
    for name in ("conform", "link", "post", "measure"):
        monkeypatch.setattr(steps, name, build)
    return calls


def test_a_refresh_returns_what_was_published_and_how_each_source_fared(ports: Ports) -> None:
    output = run_refresh(ports, full=True)

    assert output["published"]["snapshot"] == "s-1"
    assert [outcome["source"] for outcome in output["outcomes"]] == [
        "procore",
        "quickbooks_online",
        "gusto",
        "payroll_file",
    ]
    assert [each["stream"] for each in output["outcomes"][0]["streams"]] == ["projects", "vendors"]


def test_the_branches_run_in_threads_and_see_the_given_ports(
    ports: Ports, easy_steps: list[tuple[str, Ports, str]]
) -> None:
    run_refresh(ports)

    assert all(seen.state is ports.state and seen.files is ports.files for _, seen, _ in easy_steps)
    assert threading.main_thread().name not in {thread for _, _, thread in easy_steps}


def test_progress_counts_the_streams_of_each_source(ports: Ports) -> None:
    heard: list[Progress] = []

    run_refresh(ports, on_progress=heard.append)

    procore = [(p.message, p.done, p.total) for p in heard if p.room == "ExtractProcore"]
    assert procore == [("projects", 0, 2), ("projects", 1, 2), ("vendors", 1, 2), ("vendors", 2, 2)]
    assert {"Plan", "Conform", "Link", "Post", "Measure", "Publish"} <= {p.room for p in heard}
    assert all(p.counts == {"new": 2} for p in heard if p.done == 2)


def test_without_a_listener_of_its_own_progress_goes_to_the_ports() -> None:
    given = world()

    run_refresh(given.ports)

    assert any(step.room == "Publish" for step in given.progress)


def test_a_stale_source_is_told_in_a_sentence(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    revoked = AuthExpired("Procore", "the connection was revoked", way_out="Reconnect it")
    monkeypatch.setattr(steps, "extract", lambda *_: raise_(revoked))

    output = run_refresh(ports)

    assert output["outcomes"][0]["error"] == str(revoked)
    assert output["outcomes"][0]["stale"] is True


def test_what_a_state_raised_is_raised_here_as_the_same_object(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    full = LakeError("the disk is full")
    monkeypatch.setattr(steps, "link", lambda *_: raise_(full))

    with pytest.raises(LakeError) as raised:
        run_refresh(ports)

    assert raised.value is full


def test_a_defect_keeps_its_own_class_and_is_not_dressed_as_advice(
    ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "post", lambda *_: {}["nothing"])

    with pytest.raises(KeyError, match="nothing"):
        run_refresh(ports)


def test_an_answer_that_is_not_json_fails_the_state(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    class Strange:
        def model_dump(self, *, mode: str) -> dict[str, Any]:
            return {"ports": object()}

    monkeypatch.setattr(steps, "measure", lambda *_: Strange())

    with pytest.raises(TypeError, match="not JSON serializable"):
        run_refresh(ports)


def test_waits_go_through_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    given = world()
    waits = iter([90, 0, 0])

    def extract(source: str, request: steps.ExtractRequest, ports: Ports) -> steps.Extracted:
        wait = next(waits)
        return steps.Extracted(stream=request.stream, status="paused" if wait else "done", wait_seconds=wait)

    streams = {"procore": ["projects"], "quickbooks_online": [], "gusto": [], "payroll_file": []}
    monkeypatch.setattr(steps, "extract", extract)
    monkeypatch.setattr(steps, "plan", lambda *_: steps.Plan(run_id="r", full=False, snapshot="s", **streams))

    run_refresh(given.ports)

    assert given.clock.slept == [90]
    assert any("waiting 90 s" in step.message for step in given.progress)


def test_two_refreshes_with_different_ports_do_not_mix(easy_steps: list[tuple[str, Ports, str]]) -> None:
    left, right = world().ports, world().ports
    threads = [threading.Thread(target=run_refresh, args=(each,)) for each in (left, right)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for ports in (left, right):
        assert sum(seen.state is ports.state for _, seen, _ in easy_steps) == 8


def test_a_cause_that_is_no_lambda_answer_is_shown_as_it_is() -> None:
    assert sentence("the interpreter gave up") == "the interpreter gave up"
    assert sentence('{"errorMessage": "Gusto: revoked."}') == "Gusto: revoked."


def test_a_state_name_becomes_its_folder() -> None:
    assert folder_of("ExtractQuickbooksOnline") == "extract_quickbooks_online"
    assert folder_of("Plan") == "plan"


def raise_(error: DataBlueprintError) -> None:
    raise error
