"""One listener is one vendor host: every request passes the quota, then the faults, then the application."""

from __future__ import annotations

import base64
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """One request as an application sees it; header names are lower case."""

    vendor: str
    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, list[str]]

    def arg(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def form(self) -> dict[str, str]:
        """The body as form fields, or as a JSON object when it says so."""
        if "json" in self.headers.get("content-type", ""):
            try:
                fields = json.loads(self.body or b"{}")
            except ValueError:
                return {}
            return {str(k): str(v) for k, v in fields.items()} if isinstance(fields, dict) else {}
        return {k: v[-1] for k, v in parse_qs(self.body.decode("utf-8", "replace")).items()}

    def bearer(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def basic(self) -> tuple[str, str]:
        """User and password of HTTP Basic; two empty strings when there are none."""
        scheme, _, encoded = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            return "", ""
        return user, password


@dataclass
class Response:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON
    write_attempt: bool = False
    hang_up: bool = False
    """Close the connection without a word."""
    cut_short: bool = False
    """Announce the whole body, send half of it, close."""
    delay_seconds: float = 0.0


def as_json(value: object, status: int = 200, **headers: str) -> Response:
    """A JSON response; keyword names become header names with `_` as `-`."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Response(status, body, {name.replace("_", "-"): text for name, text in headers.items()})


@dataclass(frozen=True)
class LoggedRequest:
    """What a test may ask about afterwards."""

    vendor: str
    method: str
    path: str
    query: str
    status: int
    """0 when the connection was dropped without an answer."""
    when: datetime
    write_attempt: bool
    request_id: str


class Application(Protocol):
    """A vendor's behaviour behind one host."""

    vendor: str

    def admit(self, request: Request) -> Response | None:
        """Count the call against the quota; the refusal, if it is over."""
        ...

    def answer(self, request: Request) -> Response: ...

    def finish(self, request: Request, response: Response, request_id: str) -> None:
        """Add the headers that every response of this vendor carries."""
        ...


class Interference(Protocol):
    """What `faults` offers the listener."""

    def before(self, request: Request) -> Response | None: ...

    def after(self, request: Request, response: Response) -> Response: ...


_numbers = itertools.count(1)


class Listener:
    """Serves one application on 127.0.0.1; can be taken down and brought back on the same port."""

    def __init__(
        self,
        application: Application,
        *,
        faults: Interference,
        log: list[LoggedRequest],
        clock: Callable[[], datetime],
        port: int = 0,
    ) -> None:
        self.application = application
        self.faults = faults
        self.log = log
        self.clock = clock
        self.port = port
        self.connections: set[socket.socket] = set()
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        handler = type("Handler", (_Handler,), {"listener": self})
        self._server = _Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True, name=self.application.vendor
        ).start()

    def stop(self) -> None:
        """Refuse new connections and cut the open ones; stopping twice is not an error."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server = None
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client closed it first

    def respond(self, request: Request) -> Response:
        number = next(_numbers)
        request_id = f"{number:08x}-0000-4000-8000-{number:012x}"
        response = self.application.admit(request)
        if response is None:
            response = self.faults.before(request) or self.application.answer(request)
            response = self.faults.after(request, response)
        self.application.finish(request, response, request_id)
        self.log.append(
            LoggedRequest(
                request.vendor,
                request.method,
                request.path,
                request.raw_query,
                0 if response.hang_up else response.status,
                self.clock(),
                response.write_attempt,
                request_id,
            )
        )
        return response


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no event here; anything else is a defect of the sandbox and is printed."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    listener: Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.listener.connections.add(self.connection)

    def finish(self) -> None:
        self.listener.connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """The listener keeps its own log."""

    def _serve(self) -> None:
        path, _, raw_query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.listener.application.vendor,
            self.command,
            unquote(path),
            raw_query,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length) if length else b"",
            parse_qs(raw_query, keep_blank_values=True),
        )
        response = self.listener.respond(request)
        if response.delay_seconds:
            time.sleep(response.delay_seconds)
        self._send(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve

    def _send(self, response: Response) -> None:
        if response.hang_up:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response_only(response.status)
        self.send_header("Date", format_datetime(self.listener.clock()).replace("+0000", "GMT"))
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if response.cut_short:
            self.wfile.write(response.body[: len(response.body) // 2])
            self.close_connection = True
            return
        self.wfile.write(response.body)
