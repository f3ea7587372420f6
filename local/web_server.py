"""HTTP on 127.0.0.1: /api/ becomes API Gateway events for the same resolver, the rest is files of the page.

Who can reach the port can ask; a page of another site cannot, because its Host
or Origin is not ours (DNS rebinding, cross-site writes).
"""

from __future__ import annotations

import base64
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from datablueprint.errors import SettingsError
from local.web_replies import Reply, page, refused

logger = logging.getLogger(__name__)
HOST = "127.0.0.1"
API = "/api"
MOST_BODY = 64 * 1024
MOST_AT_ONCE, MOST_OPEN = 64, 256
"""Requests that are worked on, and connections that may be open, most of them idle."""
IDLE_SECONDS, BODY_SECONDS, LOOK_SECONDS = 30.0, 10.0, 0.05
WRITES = ("POST", "PUT", "DELETE", "PATCH")
ELSEWHERE = ("cross-site", "same-site")
"""What a browser says of pages that are not ours; another port of this machine is the same site."""
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
SAFE = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
Resolve = Callable[[Mapping[str, Any], Any], dict[str, Any]]


@dataclass(frozen=True)
class Site:
    """The page's folder, the API, and the person whose machine this is."""

    web: Path
    resolve: Resolve
    tenant: str
    person: str


class _Http(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = MOST_AT_ONCE

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        self.room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self.lines = threading.BoundedSemaphore(MOST_OPEN)
        super().__init__((HOST, port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread per connection, as far as there is room; beyond that it is closed unheard."""
        if self.lines.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.lines.release()

    @property
    def names(self) -> tuple[str, ...]:
        """What our Host header may be."""
        return tuple(f"{name}:{self.server_port}" for name in (HOST, "localhost"))


class WebServer:
    """A threaded server on the loopback interface; ready when `start` returns."""

    def __init__(self, site: Site, *, port: int = 0) -> None:
        """SettingsError when something else has the port."""
        try:
            self._http = _Http(site, port)
        except OSError as error:
            raise SettingsError(f"Port {port} cannot be used ({error.strerror}); choose another with --port") from None
        self._thread = threading.Thread(target=self._http.serve_forever, args=(LOOK_SECONDS,), name="web", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._http.server_port}/"

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        while self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection: what may not come from our own page is refused before anything reads it."""

    server: _Http
    protocol_version = "HTTP/1.1"
    server_version = "DataBlueprint"
    sys_version = ""
    timeout = IDLE_SECONDS

    def answer(self) -> None:
        if not self.server.room.acquire(blocking=False):
            self.close_connection = True
            self.send(refused(503, "Too much is asked at once", "Try again in a moment.", Retry_After="2"))
            return
        try:
            self.send(self.told())
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        finally:
            self.server.room.release()

    def __getattr__(self, name: str) -> Any:
        """Every method is answered; the API says which are not for a path."""
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no HTTP request is told as a problem too."""
        self.close_connection = True
        self.send(refused(code, message or "The request cannot be read", "Send an HTTP/1.1 request."))

    def told(self) -> Reply:
        wrong = self.unwelcome() or self.too_much()
        if wrong:
            self.close_connection = True  # what follows of this request stays unread
            return wrong
        body = self.body(int(self.headers.get("Content-Length") or 0))
        if body is None:
            self.close_connection = True
            return refused(408, "The body did not come", f"Send all of it within {BODY_SECONDS:.0f} seconds.")
        target = urlsplit(self.path)
        if target.path == API or target.path.startswith(API + "/"):
            path = target.path[len(API) :] or "/"
            return asked(self.server.site, self.command, path, target.query, dict(self.headers.items()), body)
        if self.command not in ("GET", "HEAD"):
            return refused(405, "The page is only read", "Say GET.", Allow="GET, HEAD")
        return page(self.server.site.web, target.path)

    def body(self, length: int) -> bytes | None:
        """The body, or None when it is shorter than was said or takes too long to come."""
        end, read = time.monotonic() + BODY_SECONDS, b""
        while len(read) < length:
            left = end - time.monotonic()
            if left <= 0:
                return None
            self.connection.settimeout(left)
            try:
                part = self.rfile.read1(length - len(read))
            except TimeoutError:
                return None
            if not part:
                return None
            read += part
        self.connection.settimeout(IDLE_SECONDS)
        return read

    def unwelcome(self) -> Reply | None:
        """Why this request cannot come from the page itself, or from a program of this machine."""
        here = f"http://{self.server.names[0]}/"
        if self.headers.get_all("Host", []) not in [[name] for name in self.server.names]:
            return refused(421, "The Host is not this machine", f"Ask {here}.")
        site = self.headers.get("Sec-Fetch-Site")
        if site in ELSEWHERE and self.path.startswith(API):
            return refused(403, "Another site may not ask here", f"Use the page at {here}.")
        if self.command not in WRITES:
            return None
        if {*self.headers.get_all("Origin", [])} - {
            f"http://{name}" for name in self.server.names
        } or site in ELSEWHERE:
            return refused(403, "Another site may not write here", f"Use the page at {here}.")
        kind = (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if self.command != "DELETE" and kind != "application/json":
            return refused(415, "The body has another type", "Send Content-Type: application/json.")
        if self.headers.get("Content-Encoding", "identity").lower() != "identity":
            return refused(415, "The body is packed", "Send it without Content-Encoding.")
        return None

    def too_much(self) -> Reply | None:
        told = self.headers.get_all("Content-Length", ["0"])
        length = told[0] or "0"
        if len(told) > 1 or self.headers.get("Transfer-Encoding") or not (length.isascii() and length.isdigit()):
            return refused(411, "The length of the body is not told", "Send Content-Length.")
        if int(length) > MOST_BODY:
            return refused(413, "The body is too large", f"Send at most {MOST_BODY:,} bytes.")
        return None

    def send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {"Cache-Control": "no-store", **SAFE, **reply.headers, "Content-Length": str(len(reply.body))}
        if reply.content_type:
            headers["Content-Type"] = reply.content_type
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if getattr(self, "command", None) != "HEAD":  # there is none when the request could not be read
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        logger.debug(format, *args)


def asked(site: Site, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """One request to the API, as an API Gateway REST proxy event and back."""
    try:
        text = body.decode("utf-8")
        path = unquote(path, errors="strict")
        many = parse_qs(query, keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        return refused(400, "The request cannot be read", "Send UTF-8.")
    read = "GET" if method == "HEAD" else method
    answer = site.resolve(event(site, read, path, many, headers, text), None)
    sent = {name: ", ".join(map(str, values)) for name, values in answer.get("multiValueHeaders", {}).items()}
    sent |= {name: str(value) for name, value in (answer.get("headers") or {}).items()}
    content = answer["body"] or ""
    return Reply(
        answer["statusCode"],
        sent.pop("Content-Type", ""),
        base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode("utf-8"),
        sent,
    )


def event(
    site: Site, method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], body: str
) -> dict[str, Any]:
    """What API Gateway would send (payload format 1.0), with the person of this machine as its authorizer says."""
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": dict(headers.items()),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": dict(query) or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "stage": "local",
            "path": path,
            "httpMethod": method,
            "resourcePath": "/{proxy+}",
            "identity": {"sourceIp": HOST},
            "authorizer": {"claims": {"sub": site.person, "username": site.person, "custom:tenant": site.tenant}},
        },
        "body": body or None,
        "isBase64Encoded": False,
    }
