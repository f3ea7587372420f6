"""A token endpoint says three things: here is a token, no, or nothing intelligible; only a plain no is about us."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin

import httpx

from datablueprint.ports import Ports
from datablueprint.settings import SourceSettings
from datablueprint.sources import failures, jsontext
from datablueprint.sources.base import Grant, Source

PATIENCE = httpx.Timeout(5.0, read=15.0)
"""All of one exchange fits into a lease, so nobody posts the same token while an answer is still on its way."""
Guard = Callable[[httpx.Client, str, Iterable[tuple[str, str]]], httpx.Client]


class Refused(Exception):
    """The token endpoint said no: `code` is invalid_grant, invalid_client, ..."""

    def __init__(self, code: str) -> None:
        self.code = code


class TryAgain(Exception):
    """The token endpoint is out of order; the connection itself is not in question."""


@dataclass
class Endpoint:
    """Where one source's tokens come from."""

    source: Source
    grant: Grant
    ports: Ports
    settings: SourceSettings
    calls: Counter[str]
    guard: Guard

    @cached_property
    def http(self) -> httpx.Client:
        """Made when a token is really asked for, which most extracts need not do; it can do nothing else."""
        http = self.ports.http(self.settings.login_url or self.settings.base_url)
        return self.guard(http, self.source.title, [("POST", self.grant.token_path)])

    @property
    def host(self) -> str:
        return self.http.base_url.host

    @cached_property
    def identity(self) -> dict[str, str]:
        """Client id and secret; SettingsError when the secret is missing."""
        secret = self.ports.secrets.get(self.settings.secret)
        return {"client_id": secret.get("client_id", ""), "client_secret": secret.get("client_secret", "")}

    def close(self) -> None:
        if "http" in vars(self):
            self.http.close()

    def consent_url(self, redirect_uri: str, state: str) -> str:
        """Where a person of the customer agrees to be read; the answer comes to `redirect_uri` with a code."""
        base = self.settings.options.get("consent_url") or self.grant.consent_url
        place = urljoin(base or self.settings.login_url or self.settings.base_url, self.grant.consent_path)
        asked = {"response_type": "code", "client_id": self.identity["client_id"], "redirect_uri": redirect_uri}
        scope = {"scope": self.grant.scope} if self.grant.scope else {}
        return f"{place}?{urlencode({**asked, **scope, 'state': state})}"

    def post(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """One exchange; Refused or TryAgain."""
        identity = self.identity
        headers = {"Accept": "application/json", **self.grant.headers}
        if self.grant.client_auth == "basic":
            pair = f"{identity['client_id']}:{identity['client_secret']}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
        else:
            form = {**identity, **form}
        self.calls["token"] += 1
        try:
            response = self.http.post(self.grant.token_path, data=dict(form), headers=headers, timeout=PATIENCE)
        except httpx.RequestError as error:
            raise TryAgain(type(error).__name__) from error
        return _read(response)


def _read(response: httpx.Response) -> Mapping[str, Any]:
    if response.status_code >= 500 or response.status_code in (408, 429):
        raise TryAgain(f"HTTP {response.status_code}")
    if response.status_code >= 400:
        code, _ = failures.words(response.text)
        raise Refused(code or f"HTTP {response.status_code}")
    try:
        body = jsontext.parse(response.text)
    except jsontext.NotJson as error:
        raise TryAgain("an answer that is not JSON") from error
    if not isinstance(body, dict) or "access_token" not in body:
        raise TryAgain("an answer without access_token")
    return body
