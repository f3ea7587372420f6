"""The server of this machine: only its own page may ask, only the page's files are given, and it ends when told."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import Busy, SettingsError
from local import cli
from local.web_server import CSP, MOST_BODY, Site, WebServer
from local.workers import Workers

PAGE = {"index.html": "<title>page</title>", "js/main.js": "go()", "css/base.css": "a{}", "icon.svg": "<svg/>"}
HIDDEN = {"package.json": "{}", "node_modules/x/index.js": "x", ".secret.js": "x", "notes.md": "x"}


class Echo:
    """An API that answers with the event it was given."""

    def __init__(self) -> None:
        self.events: list[Mapping[str, Any]] = []

    def __call__(self, event: Mapping[str, Any], context: object) -> dict[str, Any]:
        self.events.append(event)
        body = json.dumps({"path": event["path"], "query": event["multiValueQueryStringParameters"]})
        return {"statusCode": 200, "body": body, "multiValueHeaders": {"Content-Type": ["application/json"]}}


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def server(tmp_path: Path, echo: Echo) -> Iterator[WebServer]:
    web = tmp_path / "web"
    for name, text in {**PAGE, **HIDDEN}.items():
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(text)
    (tmp_path / "state.js").write_text("token")
    (web / "link.js").symlink_to(tmp_path / "state.js")
    running = WebServer(Site(web, echo, tenant="acme", person="ann"))
    running.start()
    yield running
    running.stop()


def ask(server: WebServer, method: str, path: str, *, body: bytes | None = None, **headers: str) -> Any:
    """The response, read, with `.content`."""
    host = server.url.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    sent = {"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **sent}
    for name, value in sent.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response: Any = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/js/main.js", "text/javascript; charset=utf-8"),
        ("/css/base.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ],
)
def test_the_page_is_served_with_its_type(server: WebServer, path: str, kind: str) -> None:
    got = ask(server, "GET", path)

    assert (got.status, got.headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{name}" for name in HIDDEN),
        "/../state.js",
        "/js/../../state.js",
        "/%2e%2e/state.js",
        "/..%2fstate.js",
        "/js/..%5c..%5cstate.js",
        "//etc/passwd",
        "/link.js",
        "/js",
        "/js/",
        "/%00.js",
        "/%ff.js",
        "/apiary",
    ],
)
def test_nothing_else_is(server: WebServer, path: str) -> None:
    got = ask(server, "GET", path)

    assert got.status == 404
    assert b"token" not in got.content


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/x"])
def test_every_answer_carries_the_strict_headers(server: WebServer, path: str) -> None:
    got = ask(server, "GET", path)

    assert got.headers["Content-Security-Policy"] == CSP
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Referrer-Policy"] == "no-referrer"
    assert got.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in got.headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8321", "127.0.0.1.evil.example", "", "localhost"])
def test_another_host_name_is_not_answered(server: WebServer, echo: Echo, host: str) -> None:
    got = ask(server, "GET", "/api/start", Host=host)

    assert got.status == 421
    assert echo.events == []


def test_localhost_is_us_too(server: WebServer) -> None:
    port = server.url.rpartition(":")[2].rstrip("/")

    assert ask(server, "GET", "/", Host=f"localhost:{port}").status == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_another_site_may_not_write(server: WebServer, echo: Echo, method: str, headers: dict[str, str]) -> None:
    got = ask(server, method, "/api/links/1/decision", body=b"{}", **headers)

    assert got.status == 403
    assert echo.events == []


def test_another_site_may_not_ask_but_may_link_to_the_page(server: WebServer, echo: Echo) -> None:
    assert ask(server, "GET", "/api/exports/wip.pdf", Sec_Fetch_Site="cross-site").status == 403
    assert ask(server, "GET", "/api/exports/wip.pdf", Sec_Fetch_Site="same-site").status == 403
    assert ask(server, "GET", "/", Sec_Fetch_Site="cross-site").status == 200
    assert echo.events == []


def test_any_method_reaches_the_api_and_none_but_reading_the_page(server: WebServer, echo: Echo) -> None:
    assert ask(server, "QUERY", "/api/start").status == 200
    assert echo.events[0]["httpMethod"] == "QUERY"
    got = ask(server, "QUERY", "/")
    assert (got.status, got.headers["Allow"]) == (405, "GET, HEAD")


def test_what_is_no_request_is_a_problem_too(server: WebServer) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2].rstrip("/"))), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 200 + b"\r\n")
        answer = raw.recv(2000)

    assert b"application/problem+json" in answer
    assert b"Content-Security-Policy" in answer


def test_a_form_of_another_site_has_the_wrong_type(server: WebServer, echo: Echo) -> None:
    got = ask(server, "POST", "/api/questions", body=b"{}", Content_Type="text/plain")

    assert got.status == 415
    assert echo.events == []


def test_the_page_itself_may_write(server: WebServer, echo: Echo) -> None:
    origin = server.url.rstrip("/")

    assert ask(server, "POST", "/api/questions", body=b"{}", Origin=origin).status == 200
    assert echo.events[0]["body"] == "{}"


@pytest.mark.parametrize(
    ("length", "status"), [(str(MOST_BODY + 1), 413), ("99999999999", 413), ("-1", 411), ("x", 411), ("²", 411)]
)
def test_a_body_that_is_too_large_is_not_read(server: WebServer, echo: Echo, length: str, status: int) -> None:
    host = server.url.removeprefix("http://").rstrip("/")
    with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=10) as raw:
        head = f"POST /api/questions HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        raw.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        answer = raw.recv(200)

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert echo.events == []


def spoken(server: WebServer, *lines: str, body: bytes = b"") -> bytes:
    """What comes back for a request written by hand."""
    host = server.url.removeprefix("http://").rstrip("/")
    head = "\r\n".join(("POST /api/questions HTTP/1.1", f"Host: {host}", "Content-Type: application/json", *lines))
    with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=10) as raw:
        raw.sendall(f"{head}\r\n\r\n".encode() + body)
        return raw.recv(4000)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("Content-Length: 2", "Content-Length: 3"), 411),
        (("Content-Length: 2", "Content-Encoding: gzip"), 415),
        (("Content-Length: 2", "Origin: https://evil.example", "Origin: null"), 403),
    ],
)
def test_what_says_two_things_or_is_packed_is_refused(
    server: WebServer, echo: Echo, lines: tuple[str, ...], status: int
) -> None:
    assert spoken(server, *lines, body=b"{}").startswith(f"HTTP/1.1 {status} ".encode())
    assert echo.events == []


def test_a_second_origin_does_not_hide_behind_ours(server: WebServer, echo: Echo) -> None:
    ours = server.url.rstrip("/")

    got = spoken(server, f"Origin: {ours}", "Origin: https://evil.example", "Content-Length: 2", body=b"{}")

    assert got.startswith(b"HTTP/1.1 403 ")
    assert echo.events == []


def test_a_body_that_does_not_come_is_not_waited_for_long(
    server: WebServer, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.web_server.BODY_SECONDS", 0.05)

    assert spoken(server, "Content-Length: 10", body=b"{}").startswith(b"HTTP/1.1 408 ")
    assert echo.events == []


def test_connections_beyond_the_room_are_closed_and_room_comes_back(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.web_server.MOST_OPEN", 1)
    running = WebServer(Site(tmp_path, echo, tenant="acme", person="ann"))
    running.start()
    port = int(running.url.rpartition(":")[2].rstrip("/"))
    with socket.create_connection(("127.0.0.1", port), timeout=10) as first:
        first.sendall(b"GET /api/a HTTP/1.1\r\n")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as second:
            assert second.recv(100) == b""
        first.sendall(f"Host: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        while first.recv(4000):
            pass

    while not running._http.lines.acquire(timeout=0.05):
        pass
    running._http.lines.release()
    assert ask(running, "GET", "/api/b").status == 200
    running.stop()


def test_a_request_becomes_the_event_of_api_gateway(server: WebServer, echo: Echo) -> None:
    ask(server, "GET", "/api/figures?id=a%2Fb%2F2026-11-19&where=x%3D1&where=y%3D2&empty=", X_User="bob")

    (event,) = echo.events
    assert event["path"] == "/figures"
    assert event["multiValueQueryStringParameters"] == {
        "id": ["a/b/2026-11-19"], "where": ["x=1", "y=2"], "empty": [""]
    }  # fmt: skip
    assert event["requestContext"]["authorizer"]["claims"] == {
        "sub": "ann", "username": "ann", "custom:tenant": "acme"
    }  # fmt: skip


def test_a_name_in_the_path_is_decoded_once(server: WebServer, echo: Echo) -> None:
    ask(server, "GET", "/api/scenarios/month%20end%2525")

    assert echo.events[0]["path"] == "/scenarios/month end%25"


@pytest.mark.parametrize(("path", "body"), [("/api/a%ff", None), ("/api/a?x=%ff", None), ("/api/a", b"\xff")])
def test_what_is_not_text_is_refused(server: WebServer, path: str, body: bytes | None) -> None:
    assert ask(server, "GET" if body is None else "POST", path, body=body).status == 400


def test_head_says_how_long_and_sends_nothing(server: WebServer) -> None:
    got = ask(server, "HEAD", "/index.html")

    assert got.content == b""
    assert int(got.headers["Content-Length"]) == len(PAGE["index.html"])


def test_a_port_in_use_is_named(server: WebServer) -> None:
    port = int(server.url.rpartition(":")[2].rstrip("/"))

    with pytest.raises(SettingsError, match=f"Port {port} cannot be used"):
        WebServer(Site(Path(), Echo(), tenant="acme", person="ann"), port=port)


def test_serve_ends_with_ctrl_c(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Interrupted:
        url = "http://127.0.0.1:1/"

        def __enter__(self) -> Interrupted:
            return self

        def __exit__(self, *_: object) -> None:
            print("stopped serving")

        def wait(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr("local.serve.serving", lambda *_, **__: Interrupted())

    assert cli.main(["serve"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "DataBlueprint is at http://127.0.0.1:1/ (Ctrl-C stops it)",
        "",
        "Stopped.",
        "stopped serving",
    ]


def test_questions_beyond_the_queue_are_turned_away() -> None:
    release, taken = threading.Event(), threading.Event()
    done: list[str] = []

    def answer(question: str) -> None:
        taken.set()
        release.wait(10)
        done.append(question)

    workers = Workers(threads=1, waiting=2)
    workers.begin(answer)
    workers.start("first")
    assert taken.wait(10)
    workers.start("second")
    workers.start("third")

    with pytest.raises(Busy):
        workers.start("fourth")

    release.set()
    while len(done) < 3:
        threading.Event().wait(0.01)
    workers.stop()
    assert done == ["first", "second", "third"]


def test_a_worker_outlives_a_question_that_breaks_it() -> None:
    answered = threading.Event()

    def answer(question: str) -> None:
        if question == "bad":
            raise RuntimeError("inside")
        answered.set()

    workers = Workers(threads=1)
    workers.begin(answer)
    workers.start("bad")
    workers.start("good")

    assert answered.wait(10)
    workers.stop()


def test_what_waits_when_the_workers_stop_is_named() -> None:
    release, taken = threading.Event(), threading.Event()

    def answer(question: str) -> None:
        taken.set()
        release.wait(10)

    workers = Workers(threads=1)
    workers.begin(answer)
    workers.start("first")
    assert taken.wait(10)
    workers.start("second")
    workers.start("third")

    left = workers.stop(patience=0)

    release.set()
    assert left == ["second", "third"]
