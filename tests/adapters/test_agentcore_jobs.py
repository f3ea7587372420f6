"""A question reaches AgentCore as its service model says, and the API never waits for the answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from datablueprint import runtime
from datablueprint.adapters import agentcore_jobs
from datablueprint.adapters.agentcore_jobs import AgentCoreJobs, session_of
from datablueprint.adapters.lambda_jobs import LambdaJobs
from datablueprint.errors import Busy, SettingsError
from datablueprint.ports import Ports
from datablueprint.settings import AgentSettings, Settings
from functions.agent_runtime import main
from tests.agentcore import RUNTIME, Answer, Front, fronting, jobs_at, relayed
from tests.fakes import MemoryFiles, MemoryState, NoQuery, StepClock, world

pytest.importorskip("boto3")

Fronting = Callable[[Callable[[bytes], Answer]], Front]


@pytest.fixture
def front_of() -> Iterator[Fronting]:
    """Data planes that stop with the test."""
    with ExitStack() as running:
        yield lambda answer: running.enter_context(fronting(answer))


def told(**content: Any) -> Callable[[bytes], Answer]:
    return lambda _: (200, {}, json.dumps(content).encode())


def refused(status: int, code: str) -> Callable[[bytes], Answer]:
    return lambda _: (status, {"x-amzn-ErrorType": code}, b'{"message": "no"}')


def test_the_question_goes_to_the_runtime_in_the_session_of_who_asked(front_of: Fronting) -> None:
    front = front_of(told(status="accepted"))

    jobs_at(front).start("q1")

    ((path, headers, body),) = front.seen
    assert path == f"/runtimes/{RUNTIME}/invocations"
    assert json.loads(body) == {"question_id": "q1"}
    assert headers["X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"] == session_of("ann")
    assert "/bedrock-agentcore/aws4_request" in headers["Authorization"]


def test_sessions_keep_people_apart_and_tell_no_names() -> None:
    sessions = {session_of(person) for person in ("ann@acme.example", "bob@acme.example", "Ann@acme.example")}

    assert len(sessions) == 3
    assert all(33 <= len(session) <= 100 and session.isalnum() for session in sessions)
    assert not any("acme" in session for session in sessions)


def test_the_runtime_itself_answers_what_the_adapter_sent(front_of: Fronting) -> None:
    seen: list[Any] = []
    release = threading.Event()

    def worker(event: dict[str, Any]) -> dict[str, Any]:
        assert release.wait(10)
        seen.append(event)
        return {"status": "done"}

    host = main.Host(("127.0.0.1", 0), main.Questions(lambda: worker))
    threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    started = jobs_at(front_of(relayed(host)))
    for number in range(main.ROOM):
        started.start(f"q{number}")
    with pytest.raises(Busy):
        started.start("one too many")
    assert seen == []
    release.set()
    host.questions.close()
    host.shutdown()
    host.server_close()

    assert sorted(event["question_id"] for event in seen) == [f"q{number}" for number in range(main.ROOM)]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "ThrottlingException"),
        (402, "ServiceQuotaExceededException"),
        (409, "RetryableConflictException"),
        (424, "RuntimeClientError"),
        (500, "InternalServerException"),
    ],
)
def test_when_agentcore_has_no_room_the_question_is_turned_away(status: int, code: str, front_of: Fronting) -> None:
    with pytest.raises(Busy, match=code) as raised:
        jobs_at(front_of(refused(status, code))).start("q1")

    assert raised.value.retry_after > 0


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDeniedException"), (404, "ResourceNotFoundException"), (400, "ValidationException")],
)
def test_a_wrong_deployment_is_named(status: int, code: str, front_of: Fronting) -> None:
    with pytest.raises(SettingsError, match=code):
        jobs_at(front_of(refused(status, code))).start("q1")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"<html>", b'{"status": "full"}'])
def test_whatever_is_no_yes_is_a_no(content: bytes, front_of: Fronting) -> None:
    with pytest.raises(Busy):
        jobs_at(front_of(lambda _: (200, {}, content))).start("q1")


def test_a_runtime_that_cannot_be_reached_is_no_defect() -> None:
    with pytest.raises(Busy, match="cannot be reached"):
        jobs_at("http://127.0.0.1:9").start("q1")


def test_a_session_that_is_slow_to_start_has_the_question_all_the_same(front_of: Fronting) -> None:
    release = threading.Event()

    def slow(_: bytes) -> Answer:
        release.wait(10)
        return 200, {}, b'{"status": "accepted"}'

    front = front_of(slow)

    jobs_at(front, read_timeout=0.2).start("q1")

    assert [json.loads(body) for _, _, body in front.seen] == [{"question_id": "q1"}]
    release.set()


def test_a_conflict_in_a_starting_session_is_tried_again(front_of: Fronting) -> None:
    answers = [refused(409, "RetryableConflictException"), told(status="accepted")]
    front = front_of(lambda body: answers.pop(0)(body))

    jobs_at(front, tries=agentcore_jobs.MOST_TRIES).start("q1")

    assert len(front.seen) == 2


def test_all_tries_together_end_before_the_caller_is_cut_off() -> None:
    tries = agentcore_jobs.MOST_TRIES * (agentcore_jobs.CONNECT_SECONDS + agentcore_jobs.READ_SECONDS)

    assert tries + 5 < 29


@pytest.fixture
def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")


def ports(**names: Any) -> Ports:
    made = world().ports
    settings = Settings(tenant="acme", **names)
    return Ports(
        settings=settings, files=MemoryFiles(), state=MemoryState(), secrets=made.secrets, query=NoQuery(),
        clock=StepClock(), http=made.http,
    )  # fmt: skip


@pytest.mark.usefixtures("anywhere")
def test_the_runtime_answers_where_there_is_one_else_the_function() -> None:
    assert isinstance(runtime.work(ports(agent_runtime=RUNTIME)), AgentCoreJobs)
    assert isinstance(runtime.work(ports(answer_function="acme-answer")), LambdaJobs)


@pytest.mark.usefixtures("anywhere")
def test_the_api_builds_no_model_and_still_says_who_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    from datablueprint.api import app

    chosen = AgentSettings(model_id="us.anthropic.some-model-v1:0", region="us-west-2")
    services: list[Any] = []
    monkeypatch.setattr(runtime, "from_env", lambda: ports(agent_runtime=RUNTIME, agent=chosen))
    monkeypatch.setattr(runtime, "model", lambda *_, **__: pytest.fail("the API built a model"))
    monkeypatch.setattr(app, "create", services.append)

    runtime.api_from_env()

    assert (services[0].engine, services[0].model) == ("bedrock", None)


def test_a_worker_hands_nothing_on() -> None:
    with pytest.raises(Busy, match="q1"):
        runtime.Alone().start("q1")
