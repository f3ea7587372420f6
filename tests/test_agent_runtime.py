"""The agent's host takes a question at once, answers when the caller has gone, and says whether it is at work."""

from __future__ import annotations

import http.client
import importlib
import json
import logging
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from datablueprint.api import answering
from datablueprint.api.jobs import Jobs
from datablueprint.errors import SettingsError, Unknown
from functions.agent_runtime import main
from tests.fakes import MemoryFiles, MemoryState, StepClock

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 10
"""Longer than anything here takes; only a hang meets it."""


class Slow:
    """A worker that is at it until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Event()
        self.done: list[str] = []

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        self.begun.release()
        assert self.go.wait(SECONDS)
        self.done.append(event["question_id"])
        return {"question_id": event["question_id"], "status": "done"}


class Clock:
    """Seconds that pass when told to."""

    at = 1_000.0

    def __call__(self) -> float:
        return self.at


Hosting = Callable[..., main.Host]


@pytest.fixture
def hosting() -> Iterator[Hosting]:
    """Hosts on loopback that stop with the test."""
    running: list[main.Host] = []

    def start(worker: Callable[[], main.Worker], **options: Any) -> main.Host:
        host = main.Host(("127.0.0.1", 0), main.Questions(worker, **options))
        threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        running.append(host)
        return host

    yield start
    for host in running:
        host.shutdown()
        host.server_close()


def call(host: main.Host, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(*host.server_address[:2], timeout=SECONDS)  # type: ignore[arg-type]
    connection.request(method, path, body=body, headers={main.SESSION: "a" * 33, "Content-Type": "application/json"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told


def ask(host: main.Host, question_id: str) -> tuple[int, dict[str, Any]]:
    return call(host, "POST", "/invocations", json.dumps({"question_id": question_id}).encode())


def ping(host: main.Host) -> dict[str, Any]:
    status, told = call(host, "GET", "/ping")
    assert status == 200
    return told


def settled(host: main.Host) -> None:
    """Wait for what is in hand."""
    host.questions.close()


def test_it_serves_where_the_platform_calls() -> None:
    assert main.ADDRESS == ("0.0.0.0", 8080)


def test_a_question_is_taken_before_it_is_answered(hosting: Hosting) -> None:
    slow = Slow()
    host = hosting(lambda: slow)

    assert ask(host, "q1") == (200, {"status": "accepted"})

    assert slow.done == []
    slow.go.set()
    settled(host)
    assert slow.done == ["q1"]


def test_the_session_is_busy_as_long_as_a_question_is_worked_on(hosting: Hosting) -> None:
    slow, clock = Slow(), Clock()
    host = hosting(lambda: slow, now=clock)
    ask(host, "q1")

    clock.at += 500
    busy = ping(host)
    slow.go.set()
    settled(host)
    clock.at += 300
    free = ping(host)

    assert busy == {"status": "HealthyBusy", "time_of_last_update": 1_500}
    assert free == {"status": "Healthy", "time_of_last_update": 1_500}


def test_a_session_has_one_worker_for_all_its_questions(hosting: Hosting) -> None:
    made: list[Slow] = []

    def make() -> main.Worker:
        made.append(Slow())
        made[-1].go.set()
        return made[-1]

    host = hosting(make)

    for name in ("q1", "q2", "q3"):
        ask(host, name)
    settled(host)

    assert [sorted(each.done) for each in made] == [["q1", "q2", "q3"]]


def test_pings_do_not_keep_a_free_session_alive(hosting: Hosting) -> None:
    slow, clock = Slow(), Clock()
    host = hosting(lambda: slow, now=clock)
    slow.go.set()
    ask(host, "q1")
    settled(host)

    times = []
    for _ in range(3):
        clock.at += 100
        times.append(ping(host)["time_of_last_update"])

    assert times == [1_000, 1_000, 1_000]


def test_a_session_from_an_old_snapshot_is_not_taken_for_idle(hosting: Hosting) -> None:
    clock = Clock()
    host = hosting(Slow, now=clock)
    assert ping(host) == {"status": "Healthy", "time_of_last_update": 1_000}

    clock.at += 86_400

    assert ping(host)["time_of_last_update"] == 87_400


def test_the_answer_comes_although_the_caller_hung_up(hosting: Hosting) -> None:
    slow = Slow()
    host = hosting(lambda: slow)
    body = b'{"question_id": "q1"}'
    with socket.create_connection(host.server_address[:2], timeout=SECONDS) as caller:  # type: ignore[arg-type]
        caller.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    assert slow.begun.acquire(timeout=SECONDS)
    slow.go.set()
    settled(host)

    assert slow.done == ["q1"]


def test_questions_of_a_session_are_worked_on_side_by_side_up_to_a_number(hosting: Hosting) -> None:
    slow = Slow()
    host = hosting(lambda: slow, room=2)

    told = [ask(host, name)[1]["status"] for name in ("q1", "q2", "q3")]

    assert told == ["accepted", "accepted", "full"]
    assert all(slow.begun.acquire(timeout=SECONDS) for _ in range(2))
    slow.go.set()
    settled(host)
    assert sorted(slow.done) == ["q1", "q2"]


class OneQuestion:
    """As much of a service as answering needs; its desk counts who came."""

    def __init__(self) -> None:
        self.jobs = Jobs(MemoryState(), MemoryFiles(), StepClock())
        self.model, self.desks, self.came = None, self, 0

    def open(self, **_: Any) -> Any:
        self.came += 1
        raise Unknown("There is no project 99")

    def worker(self) -> main.Worker:
        service: Any = self
        return lambda event: answering.answer(answering.AnswerRequest.model_validate(event), service)


def test_a_question_that_was_begun_is_not_answered_twice(hosting: Hosting) -> None:
    service = OneQuestion()
    question = service.jobs.ask({"question": "What is the margin of 99?"}, by="ann")["id"]
    host = hosting(service.worker)

    told = [ask(host, question)[1]["status"] for _ in range(3)]
    settled(host)

    assert told == ["accepted"] * 3
    assert service.came == 1
    assert service.jobs.get(question)["status"] == "failed"


def test_a_question_that_breaks_the_worker_leaves_the_session_free(
    hosting: Hosting, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("table gone")

    host = hosting(lambda: broken)

    assert ask(host, "q1")[1] == {"status": "accepted"}
    settled(host)

    assert ping(host)["status"] == "Healthy"
    assert "table gone" in caplog.text


def test_a_session_that_cannot_work_says_so_and_tries_again_with_the_next_question(hosting: Hosting) -> None:
    slow = Slow()
    workers: list[Any] = [SettingsError("DATABLUEPRINT_SETTINGS is not set"), slow]

    def make() -> main.Worker:
        made = workers.pop(0)
        if isinstance(made, Exception):
            raise made
        return made  # type: ignore[no-any-return]

    host = hosting(make)

    assert ask(host, "q1") == (500, {"error": "The agent cannot work; its log says why"})
    assert ask(host, "q1") == (200, {"status": "accepted"})
    slow.go.set()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"question_id": 7}', b'{"question_id": "q", "tenant": "other"}', b"\xff\xfe"]
)
def test_a_body_that_is_no_question_is_refused(body: bytes, hosting: Hosting) -> None:
    host = hosting(Slow)

    assert call(host, "POST", "/invocations", body)[0] == 400


def test_a_long_body_is_not_read_and_never_taken_for_the_next_request(hosting: Hosting) -> None:
    host = hosting(Slow)
    connection = http.client.HTTPConnection(*host.server_address[:2], timeout=SECONDS)  # type: ignore[arg-type]

    connection.request("POST", "/invocations", body=b"x" * (main.MOST_BYTES + 1))
    answer = connection.getresponse()

    assert (answer.status, answer.getheader("Connection")) == (413, "close")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/invocations"), ("POST", "/ping")])
def test_there_is_nothing_else(method: str, path: str, hosting: Hosting) -> None:
    host = hosting(Slow)

    assert call(host, method, path, b"{}" if method == "POST" else None)[0] == 404


def test_each_copy_of_a_snapshot_has_chances_of_its_own(hosting: Hosting) -> None:
    slow, drawn = Slow(), []
    slow.go.set()
    for _ in range(2):
        random.seed(7)  # what both copies were frozen with
        host = hosting(lambda: slow)
        ask(host, "q1")
        settled(host)
        drawn.append(random.random())

    assert drawn[0] != drawn[1]


def test_stopping_finishes_what_is_in_hand(hosting: Hosting) -> None:
    slow = Slow()
    host = hosting(lambda: slow)
    ask(host, "q1")
    assert slow.begun.acquire(timeout=SECONDS)

    host.shutdown()
    slow.go.set()
    host.questions.close()

    assert slow.done == ["q1"]


def test_starting_needs_no_settings_credentials_or_network() -> None:
    script = (
        "import socket, threading\n"
        "def no(*a, **k): raise AssertionError('a connection while starting')\n"
        "socket.socket.connect = no\n"
        "from functions.agent_runtime import main\n"
        "main.load()\n"
        "import boto3\n"
        "print(boto3.DEFAULT_SESSION, threading.active_count())"
    )
    path = {"PYTHONPATH": f"{ROOT / 'layers/core/python'}:{ROOT}"}

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=path, check=True)

    assert done.stdout.split() == ["None", "1"]


AS_DEPLOYED = """
import json
import main

class Told(main.Host):
    def __init__(self, *given):
        super().__init__(*given)
        print(json.dumps({"port": self.server_address[1]}), flush=True)

main.Host, main.ADDRESS = Told, ("127.0.0.1", 0)
main.main()
"""


def test_it_runs_from_a_flat_folder_tells_why_it_cannot_work_and_stops_when_told(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_bytes(Path(main.__file__).read_bytes())
    search = {"PYTHONPATH": f"{ROOT / 'layers/core/python'}:{tmp_path}"}
    process = subprocess.Popen([sys.executable, "-c", AS_DEPLOYED], stdout=subprocess.PIPE, text=True, env=search)
    assert process.stdout is not None
    connection = http.client.HTTPConnection("127.0.0.1", json.loads(process.stdout.readline())["port"], timeout=30)

    connection.request("POST", "/invocations", body=b'{"question_id": "q1"}', headers={main.SESSION: "s" * 40})
    status = connection.getresponse().status
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in process.stdout]

    assert status == 500
    assert process.wait(SECONDS) == 0
    assert [line["message"] for line in lines] == ["no worker"]
    assert lines[0]["session"] == "s" * 40
    assert "DATABLUEPRINT_SETTINGS is not set" in lines[0]["exception"]


def test_what_is_loaded_at_the_start_exists() -> None:
    assert all(importlib.import_module(name) for name in main.MODULES)


def test_a_log_line_is_one_object_with_its_fields() -> None:
    record = logging.makeLogRecord({"msg": "question taken", "levelname": "INFO", "name": "n", "session": "s1\n"})

    line = main.Lines().format(record)

    assert "\n" not in line
    assert json.loads(line) == {"level": "INFO", "message": "question taken", "logger": "n", "session": "s1\n"}
