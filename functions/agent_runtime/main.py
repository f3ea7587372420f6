"""The agent on AgentCore Runtime: it takes a question at once and answers it after the caller has gone.

POST /invocations {"question_id": ...} -> {"status": "accepted" | "full"}
GET  /ping -> {"status": "Healthy" | "HealthyBusy", "time_of_last_update": seconds since 1970}

The platform may freeze the started process and continue copies of it as
sessions. So starting only loads modules: settings, credentials, clients and
the seed of chance are looked up when a session's first question comes.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from datablueprint import runtime
from datablueprint.api.answering import AnswerRequest

logger = logging.getLogger("agent_runtime")
ADDRESS = ("0.0.0.0", 8080)
"""What the platform calls; the only way in, and only for callers that IAM let through."""
SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
ROOM = 4
"""Questions of one session at a time: they take turns at one desk and wait for the model side by side."""
MOST_BYTES = 4096
IDLE_SECONDS = 30
"""After which a silent connection is closed."""
MODULES = (
    "boto3.dynamodb.conditions",
    "boto3.s3.inject",
    "pyarrow.compute",
    "pyarrow.parquet",
    "rapidfuzz.process",
    "datablueprint.adapters.athena_query",
    "datablueprint.adapters.bedrock_model",
    "datablueprint.adapters.dynamodb_state",
    "datablueprint.adapters.s3_files",
    "datablueprint.adapters.secretsmanager_secrets",
    "datablueprint.adapters.system_clock",
)
"""Loaded before the first question, so that a session finds them in its snapshot."""

Worker = Callable[[dict[str, Any]], dict[str, Any]]


class Questions:
    """What one session has in hand; a worker is made when the first question comes."""

    def __init__(self, worker: Callable[[], Worker], *, room: int = ROOM, now: Callable[[], float] = time.time) -> None:
        self._make, self._room, self._now = worker, room, now
        self._threads = ThreadPoolExecutor(room, thread_name_prefix="question")
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._worker: Worker | None = None
        self._in_hand = 0
        self._since: float | None = None

    def take(self, request: AnswerRequest) -> bool:
        """Begin to answer and return; False when there is no room. What the worker cannot be made of escapes."""
        with self._lock:
            self._since = self._now()
        worker = self._made()
        with self._lock:
            if self._in_hand >= self._room:
                return False
            self._in_hand += 1
            self._threads.submit(self._answer, worker, request)
        return True

    def status(self) -> dict[str, Any]:
        """Busy sessions are kept; a free one is idle since its last question ended.

        The platform measures idleness by this time alone, whatever the status
        says: it moves on while there is work and stands still when there is
        none. Before the first question it is now, not when the snapshot was made.
        """
        with self._lock:
            since = self._now() if self._in_hand or self._since is None else self._since
            return {"status": "HealthyBusy" if self._in_hand else "Healthy", "time_of_last_update": int(since)}

    def close(self) -> None:
        """Finish what is in hand."""
        self._threads.shutdown(wait=True)

    def _made(self) -> Worker:
        with self._making:
            if self._worker is None:
                random.seed()  # copies of one snapshot would all wait the same "random" times
                self._worker = self._make()
            return self._worker

    def _answer(self, worker: Worker, request: AnswerRequest) -> None:
        try:
            told = worker(request.model_dump())
            logger.info("question answered", extra={"question_id": request.question_id, "status": told.get("status")})
        except Exception:
            logger.exception("question failed", extra={"question_id": request.question_id})
        finally:
            with self._lock:
                self._in_hand -= 1
                self._since = self._now()


class Handler(BaseHTTPRequestHandler):
    """The two routes of the AgentCore HTTP contract."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: Host

    def do_GET(self) -> None:
        if self.path == "/ping":
            self._tell(HTTPStatus.OK, self.server.questions.status())
        else:
            self._tell(HTTPStatus.NOT_FOUND, {"error": "There are GET /ping and POST /invocations"})

    def do_POST(self) -> None:
        if self.path != "/invocations":
            self._refuse(HTTPStatus.NOT_FOUND, "There are GET /ping and POST /invocations")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A question's id needs no more than {MOST_BYTES} bytes")
            return
        try:
            request = AnswerRequest.model_validate_json(self.rfile.read(int(length)))
        except ValidationError:
            self._tell(HTTPStatus.BAD_REQUEST, {"error": 'The body must be {"question_id": "..."}'})
            return
        self._take(request)

    def _take(self, request: AnswerRequest) -> None:
        about = {"question_id": request.question_id, "session": self.headers.get(SESSION, "")[:100]}
        try:
            taken = self.server.questions.take(request)
        except Exception:
            logger.exception("no worker", extra=about)
            self._tell(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "The agent cannot work; its log says why"})
            return
        logger.info("question taken" if taken else "no room for a question", extra=about)
        self._tell(HTTPStatus.OK, {"status": "accepted" if taken else "full"})

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        """The body was not read, so the connection cannot be used again."""
        self.close_connection = True
        self._tell(status, {"error": sentence})

    def _tell(self, status: HTTPStatus, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Every ping would be a line; what matters is logged above."""


class Host(ThreadingHTTPServer):
    """Serves one session; pings are answered while questions are worked on."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], questions: Questions) -> None:
        self.questions = questions
        super().__init__(address, Handler)


class Lines(logging.Formatter):
    """One JSON object a line, as Lambda writes them."""

    STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in record.__dict__.items() if key not in self.STANDARD}
        line = {"level": record.levelname, "message": record.getMessage(), "logger": record.name, **extra}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def load() -> None:
    """Everything slow that is the same for every session."""
    for name in MODULES:
        importlib.import_module(name)


def main() -> None:
    """Serve until the platform ends the session; then finish what is in hand."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    os.environ.setdefault("DATABLUEPRINT_TENANT_FILE", str(Path(__file__).with_name("settings.json")))
    load()
    host = Host(ADDRESS, Questions(runtime.worker_from_env))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=host.shutdown).start())
    with host:
        host.serve_forever()
    host.questions.close()


if __name__ == "__main__":
    main()
