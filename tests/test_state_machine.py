"""The state machine file says what happens when something goes wrong; here it is run, not read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from datablueprint import errors
from local import state_machine
from local.state_machine import Execution, execute

DEFINITION = Path(__file__).resolve().parent.parent / "statemachines" / "refresh.asl.json"
STREAMS = {
    "procore": ["projects", "vendors"],
    "quickbooks_online": ["changes"],
    "gusto": ["employees", "payrolls"],
    "payroll_file": [],
}
Behaviour = Callable[[dict[str, Any]], dict[str, Any]]


class Functions:
    """Stands for Lambda: every state succeeds unless a test says otherwise."""

    def __init__(self, **behaviours: Behaviour) -> None:
        self.behaviours = behaviours
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.slept: list[float] = []

    def invoke(self, state: str, event: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((state, event))
        if state in self.behaviours:
            return self.behaviours[state](event)
        if state == "Plan":
            return {
                "run_id": "run-1",
                "full": event.get("full", False),
                "snapshot": "s-1",
                "sources": ["gusto"],
                **STREAMS,
            }
        if state.startswith("Extract"):
            return extracted(event["stream"])
        if state == "Publish":
            return {"snapshot": event["snapshot"], "previous": None, "new": 5, "changed": 0, "deleted": 0}
        return {**event, "tables": {state: 1}, "unchanged": False}

    def called(self, state: str) -> list[dict[str, Any]]:
        return [event for name, event in self.calls if name == state]

    def run(self, **event: Any) -> Execution:
        return execute(DEFINITION.read_text(), event, invoke=self.invoke, sleep=self.slept.append)


def extracted(stream: str, status: str = "done", wait_seconds: int = 0) -> dict[str, Any]:
    return {"stream": stream, "status": status, "wait_seconds": wait_seconds, "new": 1, "changed": 0, "deleted": 0}


def fails(error: Exception) -> Behaviour:
    def behaviour(_: dict[str, Any]) -> dict[str, Any]:
        raise error

    return behaviour


def outcome(run: Execution, source: str) -> dict[str, Any]:
    assert run.output, run.cause
    return next(each for each in run.output["outcomes"] if each["source"] == source)


def test_every_stream_of_every_source_is_read_in_order_and_the_snapshot_is_published() -> None:
    functions = Functions()

    run = functions.run(full=True)

    assert run.status == "SUCCEEDED"
    assert [event["stream"] for event in functions.called("ExtractProcore")] == ["projects", "vendors"]
    assert [event["stream"] for event in functions.called("ExtractGusto")] == ["employees", "payrolls"]
    assert all(event["full"] for event in functions.called("ExtractProcore"))
    assert [name for name, _ in functions.calls][-5:] == ["Conform", "Link", "Post", "Measure", "Publish"]
    assert run.output
    assert run.output["published"]["snapshot"] == "s-1"


def test_a_source_without_streams_is_neither_read_nor_stale() -> None:
    functions = Functions()

    run = functions.run()

    assert functions.called("ExtractPayrollFile") == []
    assert outcome(run, "payroll_file") == {"source": "payroll_file", "stale": False, "streams": []}


def test_states_hand_on_keys_and_counts_and_never_what_an_earlier_state_added() -> None:
    functions = Functions()

    functions.run()

    for state in ("Link", "Post", "Measure", "Publish"):
        assert [set(event) for event in functions.called(state)] == [{"run_id", "snapshot", "outcomes"}]
    assert max(len(json.dumps(event)) for _, event in functions.calls) < 2_000


def test_only_the_state_that_notes_freshness_is_told_which_sources_were_to_be_read() -> None:
    functions = Functions()

    functions.run(sources=["gusto"])

    assert [event["sources"] for event in functions.called("Conform")] == [["gusto"]]
    assert functions.called("Plan") == [{"sources": ["gusto"]}]


def test_a_source_that_fails_is_marked_stale_with_its_sentence_and_the_rest_goes_on() -> None:
    revoked = errors.AuthExpired("Gusto", "the connection was revoked", way_out="Reconnect it")
    functions = Functions(ExtractGusto=fails(revoked))

    run = functions.run()

    stale = outcome(run, "gusto")
    assert (stale["stale"], stale["error_type"]) == (True, "AuthExpired")
    assert json.loads(stale["error"])["errorMessage"] == str(revoked)
    assert outcome(run, "procore")["stale"] is False
    assert run.output
    assert run.output["published"]


def test_dead_credentials_are_not_tried_again() -> None:
    functions = Functions(ExtractGusto=fails(errors.AuthExpired("Gusto", "revoked", way_out="Reconnect")))

    functions.run()

    assert len(functions.called("ExtractGusto")) == 1
    assert functions.slept == []


def test_an_unreachable_vendor_is_tried_three_times_with_growing_pauses() -> None:
    down = errors.SourceUnavailable("Procore", "no answer", way_out="Later")
    functions = Functions(ExtractProcore=fails(down))

    run = functions.run()

    assert len(functions.called("ExtractProcore")) == 3
    assert len(functions.slept) == 2
    assert functions.slept[0] <= 2
    assert functions.slept[1] <= 4
    assert outcome(run, "procore")["error_type"] == "SourceUnavailable"


def test_a_fault_that_passes_costs_a_pause_and_nothing_else() -> None:
    answers = iter([fails(errors.SourceUnavailable("Procore", "503", way_out="Later"))])
    functions = Functions(ExtractProcore=lambda event: next(answers, lambda e: extracted(e["stream"]))(event))

    run = functions.run()

    assert [each["stream"] for each in outcome(run, "procore")["streams"]] == ["projects", "vendors"]
    assert len(functions.slept) == 1


def test_a_paused_stream_waits_as_long_as_it_says_and_is_asked_the_same_again() -> None:
    answers = iter([extracted("changes", "paused", 240), extracted("changes")])
    functions = Functions(ExtractQuickbooksOnline=lambda _: next(answers))

    run = functions.run()

    assert functions.slept == [240]
    first, second = functions.called("ExtractQuickbooksOnline")
    assert first == second == {"run_id": "run-1", "full": False, "stream": "changes"}
    assert outcome(run, "quickbooks_online")["streams"][0]["status"] == "done"


def test_nothing_changed_ends_the_run_before_anything_is_built() -> None:
    functions = Functions(Conform=lambda event: {**event, "tables": {}, "unchanged": True})

    run = functions.run()

    assert run.output
    assert (run.output["unchanged"], run.output["published"]) == (True, None)
    assert functions.called("Link") == []


def test_when_another_refresh_published_first_the_run_says_so_and_does_not_fail() -> None:
    functions = Functions(Publish=fails(errors.PublishConflict("s-0 was published meanwhile")))

    run = functions.run()

    assert run.status == "SUCCEEDED"
    assert run.output
    assert (run.output["superseded"], run.output["published"]) == (True, None)


@pytest.mark.parametrize("state", ["Plan", "Conform", "Link", "Post", "Measure"])
def test_a_state_that_cannot_do_its_work_fails_the_run_and_publishes_nothing(state: str) -> None:
    functions = Functions(**{state: fails(errors.LakeError("the disk is full"))})

    run = functions.run()

    assert (run.status, run.error) == ("FAILED", "LakeError")
    assert json.loads(run.cause)["errorMessage"] == "the disk is full"
    assert functions.called("Publish") == []


def test_lambda_being_busy_is_retried_in_every_state() -> None:
    class Busy(Exception):
        pass

    Busy.__name__ = "Lambda.TooManyRequestsException"
    refused: set[str] = set()
    functions = Functions()
    normal = functions.invoke

    def busy_once(state: str, event: dict[str, Any]) -> dict[str, Any]:
        if state not in refused:
            refused.add(state)
            raise Busy
        return normal(state, event)

    run = execute(DEFINITION.read_text(), {}, invoke=busy_once, sleep=functions.slept.append)

    assert run.status == "SUCCEEDED"
    assert len(refused) == len(functions.slept) == 9


def test_two_runs_at_once_keep_to_their_own_functions() -> None:
    left, right = Functions(), Functions()
    threads = [threading.Thread(target=each.run) for each in (left, right)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(name for name, _ in left.calls) == sorted(name for name, _ in right.calls)
    assert len(left.called("Publish")) == 1


def test_no_aws_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an AWS client was made")

    monkeypatch.setattr(boto3, "client", refuse)

    assert Functions().run().status == "SUCCEEDED"


def test_a_moto_that_moved_what_we_replace_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    Functions().run()
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

    monkeypatch.delattr(lambda_eval_utils, "boto_client_for")

    with pytest.raises(RuntimeError, match="moto changed: .*boto_client_for is gone"):
        state_machine._install.__wrapped__()


def test_the_branches_of_all_sources_are_the_same_but_for_the_name() -> None:
    branches = json.loads(DEFINITION.read_text())["States"]["Extract"]["Branches"]
    names = [branch["StartAt"].removesuffix("Streams") for branch in branches]

    def anonymous(name: str, branch: dict[str, Any]) -> str:
        map_state = branch["States"][f"{name}Streams"]
        snake = map_state["ItemsPath"].removeprefix("$.")
        return json.dumps(branch).replace(name, "X").replace(f'"{snake}"', '"x"').replace(f"$.{snake}", "$.x")

    assert len({anonymous(name, branch) for name, branch in zip(names, branches, strict=True)}) == 1
