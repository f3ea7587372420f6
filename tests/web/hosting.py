"""The page as AWS serves it, on this machine: another origin signs people in, and the API lets in who has a token."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra import hosted
from local import web_server
from local.web_replies import Reply
from local.web_server import Resolve, Site, WebServer

CLIENT, KEY, PERSON = "page-client", "page-key", "ann@example.com"
LIFE = 1800
"""Seconds that an access token lives unless a test says otherwise."""


@dataclass
class SignIn:
    """An identity provider that does what OAuth 2.1 says, of what Cognito's managed login has."""

    life: int = LIFE
    refuses: str = ""
    """The OAuth error with which it sends everybody back."""
    url: str = ""
    visits: list[str] = field(default_factory=list)
    """Paths that were asked for, in order."""
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    access: dict[str, float] = field(default_factory=dict)
    """Token to the time it ends."""
    back: str = ""
    """The one address that people are sent back to."""

    def expire(self, *, whole: bool = False) -> None:
        """Nothing that was given out opens anything; with `whole`, nobody is signed in any more either."""
        self.access.clear()
        if whole:
            self.refresh.clear()

    def authorize(self, asked: Mapping[str, str]) -> str:
        """Where the browser goes next."""
        assert asked["redirect_uri"] == self.back
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        if self.refuses:
            told = {"error": self.refuses, "error_description": "Your account is not assigned to this application."}
            return f"{self.back}?{urlencode({**told, 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{self.back}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: Mapping[str, str]) -> dict[str, Any] | None:
        """None = invalid_grant."""
        if form["client_id"] != CLIENT:
            return None
        if form["grant_type"] == "authorization_code":
            asked = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if not asked or asked["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("="):
                return None
        elif form["refresh_token"] in self.refresh:
            self.refresh.remove(form["refresh_token"])  # rotated
        else:
            return None
        claims = {"username": PERSON, "jti": secrets.token_hex(8)}
        middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        made, kept = f"header.{middle}.signature", secrets.token_urlsafe(16)
        self.access[made] = time.time() + self.life
        self.refresh.add(kept)
        return {"access_token": made, "refresh_token": kept, "expires_in": self.life, "token_type": "Bearer"}

    def lets_in(self, authorization: str) -> bool:
        return self.access.get(authorization.removeprefix("Bearer "), 0) > time.time()


def _provider(sign_in: SignIn) -> type[BaseHTTPRequestHandler]:
    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = urlsplit(self.path)
            asked = dict(parse_qsl(target.query))
            sign_in.visits.append(target.path)
            if target.path == "/oauth2/authorize":
                self._sent(302, location=sign_in.authorize(asked))
            else:
                assert (target.path, asked) == ("/logout", {"client_id": CLIENT, "logout_uri": sign_in.back})
                self._sent(302, location=sign_in.back)

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            sign_in.visits.append(f"{self.path} {form.get('grant_type', '')}".strip())
            if self.path == "/oauth2/revoke":
                sign_in.refresh.discard(form["token"])
                self._sent(200, body={})
                return
            told = sign_in.token(form)
            self._sent(200 if told else 400, body=told or {"error": "invalid_grant"})

        def _sent(self, status: int, *, location: str = "", body: Any = None) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Provider


class _Edge(web_server.Handler):
    """The laptop's server under the headers that CloudFront sends."""

    headers_sent: Mapping[str, str]

    def told(self) -> Reply:
        if self.path == f"/{hosted.CONFIG}":
            return Reply(200, "application/json", (self.server.site.web / hosted.CONFIG).read_bytes())
        return super().told()

    def send(self, reply: Reply) -> None:
        reply.headers = {**reply.headers, **self.headers_sent}
        super().send(reply)


@dataclass
class Hosted:
    url: str
    sign_in: SignIn


@contextmanager
def hosting(resolve: Resolve, tenant: str, folder: Path) -> Iterator[Hosted]:
    """`resolve` behind an authorizer, beside the page that `infra` would deploy."""
    sign_in = SignIn()
    provider = ThreadingHTTPServer(("127.0.0.1", 0), _provider(sign_in))
    threading.Thread(target=provider.serve_forever, args=(0.05,), daemon=True).start()
    sign_in.url = f"http://127.0.0.1:{provider.server_port}"

    server = WebServer(Site(_files(folder, sign_in.url), _authorized(resolve, sign_in), tenant, PERSON))
    edge = type("Edge", (_Edge,), {"headers_sent": hosted.headers(sign_in.url)})
    server._http.RequestHandlerClass = edge
    server.start()
    sign_in.back = server.url
    try:
        yield Hosted(server.url, sign_in)
    finally:
        server.stop()
        provider.shutdown()
        provider.server_close()


def _files(folder: Path, sign_in: str) -> Path:
    web = folder / "page"
    for shipped in hosted.SHIPPED:
        origin, place = hosted.WEB / shipped.lstrip("/"), web / shipped.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, place)
        elif origin.exists():
            shutil.copy(origin, place)
    (web / "index.html").write_text(hosted.document(sign_in), encoding="utf-8")
    config = hosted.config(sign_in, client_id=CLIENT, api_key=KEY)
    (web / hosted.CONFIG).write_text(json.dumps(config), encoding="utf-8")
    return web


def _authorized(resolve: Resolve, sign_in: SignIn) -> Resolve:
    """What API Gateway does before a function is asked."""

    def asked(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        sent = {name.lower(): value for name, value in event["headers"].items()}
        if not sign_in.lets_in(sent.get("authorization", "")) or sent.get("x-api-key") != KEY:
            body = {"title": "Nobody is signed in", "status": 401, "detail": "Nobody is signed in.", "fix": "Sign in."}
            return {"statusCode": 401, "headers": {"Content-Type": "application/problem+json"},
                    "body": json.dumps(body)}  # fmt: skip
        return resolve(event, context)

    return asked
