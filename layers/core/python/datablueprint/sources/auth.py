"""A rotating token that is used before it is saved is a customer who must reconnect.

The record in State `token/<source>` holds the pair, the previous refresh token
and a lease. Whoever renews claims the lease by compare-and-swap, saves the new
pair, and only then uses it; the others wait and re-read.
"""

from __future__ import annotations

import base64
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import httpx

from datablueprint.errors import AuthExpired, DataBlueprintError, SourceUnavailable
from datablueprint.ports import Ports, StateConflict, StateItem
from datablueprint.settings import SourceSettings
from datablueprint.sources import failures, jsontext
from datablueprint.sources.base import Grant, Source

LEASE = timedelta(seconds=30)
TOKEN_ATTEMPTS = 4
Guard = Callable[[httpx.Client, str, Iterable[tuple[str, str]]], httpx.Client]


class _Refused(Exception):
    """The token endpoint said no: `code` is invalid_grant, invalid_client, ..."""

    def __init__(self, code: str) -> None:
        self.code = code


class _TryAgain(Exception):
    """The token endpoint is out of order; the connection itself is not in question."""


@dataclass
class Tokens:
    """Access tokens of one source and tenant."""

    source: Source
    grant: Grant
    ports: Ports
    settings: SourceSettings
    calls: Counter[str]
    guard: Guard
    me: str = field(default_factory=lambda: uuid.uuid4().hex)

    @classmethod
    def of(cls, source: Source, ports: Ports, calls: Counter[str], guard: Guard) -> Tokens:
        """Tokens with a client that can post to the token endpoint and do nothing else."""
        assert source.grant
        return cls(source, source.grant, ports, ports.settings.sources[source.name], calls, guard)

    @cached_property
    def http(self) -> httpx.Client:
        """Made when a token is really asked for, which most extracts need not do."""
        http = self.ports.http(self.settings.login_url or self.settings.base_url)
        return self.guard(http, self.source.title, [("POST", self.grant.token_path)])

    def close(self) -> None:
        if "http" in vars(self):
            self.http.close()

    def access(self) -> str:
        """A token that is good for a few minutes at least."""
        item = self._stored()
        return str(item.value["access_token"]) if item and self._fresh(item.value) else self.renew()

    def renew(self, rejected: str | None = None) -> str:
        """A new token, unless another worker has replaced `rejected` already."""
        patience = self.ports.clock.monotonic() + LEASE.total_seconds()
        while True:
            item = self._stored()
            value = item.value if item else {}
            if self._fresh(value) and value["access_token"] != rejected:
                return str(value["access_token"])
            if self._rotates and not value.get("refresh_token"):
                raise self._expired("is not connected yet", "Connect with")
            if self._leased_by_another(value) and self.ports.clock.monotonic() < patience:
                self.ports.clock.sleep(random.uniform(0.2, 1.0))
                continue
            claimed = self._claim(item)
            if claimed:
                return self._exchange(claimed)

    def connect(self, form: Mapping[str, str]) -> None:
        """Trade a code or a first refresh token for a stored pair, replacing what was there."""
        item = self._stored()
        try:
            answer = self._post(form)
        except _Refused as refusal:
            raise self._expired(f"refused the code or token ({refusal.code})", "Start again with") from None
        except _TryAgain as trouble:
            raise self._out_of_order(trouble) from None
        self._save(answer, item, known_refresh=form.get("refresh_token"), replace=True)

    # -- the exchange -------------------------------------------------------------------------------

    def _exchange(self, claimed: StateItem) -> str:
        """Post, save, then use. One invalid_grant is forgiven: the stored token may have moved under us."""
        used, refusals, trouble = claimed, 0, _TryAgain("no answer")
        for attempt in range(TOKEN_ATTEMPTS):
            try:
                answer = self._post(self._form(used.value))
                return self._save(answer, used, known_refresh=used.value.get("refresh_token"))
            except _Refused as refusal:
                refusals += 1
                if refusal.code != "invalid_grant" or refusals > 1:
                    self._release(used, state="needs_reconnect")
                    raise self._dead(refusal.code) from None
            except _TryAgain as again:
                trouble = again
                self.ports.clock.sleep(random.uniform(0.0, 2.0**attempt))
            used = self._stored() or used
            if used.value.get("lease_owner") != self.me:
                return self.renew()  # our lease ran out and another worker took over
        self._release(used)
        raise self._out_of_order(trouble)

    def _post(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        secret = self.ports.secrets.get(self.settings.secret)
        identity = {"client_id": secret.get("client_id", ""), "client_secret": secret.get("client_secret", "")}
        headers = {"Accept": "application/json", **self.grant.headers}
        if self.grant.client_auth == "basic":
            pair = f"{identity['client_id']}:{identity['client_secret']}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
        else:
            form = {**identity, **form}
        self.calls["token"] += 1
        try:
            response = self.http.post(self.grant.token_path, data=dict(form), headers=headers)
        except httpx.RequestError as error:
            raise _TryAgain(type(error).__name__) from error
        return self._answer(response)

    def _answer(self, response: httpx.Response) -> Mapping[str, Any]:
        if response.status_code >= 500 or response.status_code in (408, 429):
            raise _TryAgain(f"HTTP {response.status_code}")
        if response.status_code >= 400:
            code, _ = failures.words(response.text)
            raise _Refused(code or f"HTTP {response.status_code}")
        try:
            body = jsontext.parse(response.text)
        except jsontext.NotJson as error:
            raise _TryAgain("an answer that is not JSON") from error
        if not isinstance(body, dict) or "access_token" not in body:
            raise _TryAgain("an answer without access_token")
        return body

    def _form(self, value: Mapping[str, Any]) -> dict[str, str]:
        if self._rotates:
            return {"grant_type": "refresh_token", "refresh_token": str(value["refresh_token"])}
        return {"grant_type": "client_credentials"}

    # -- the record ---------------------------------------------------------------------------------

    def _save(
        self, answer: Mapping[str, Any], used: StateItem | None, *, known_refresh: str | None, replace: bool = False
    ) -> str:
        """Store the new pair before anybody uses it; keep the refresh token that it replaces."""
        now = self.ports.clock.now()
        previous = used.value if used else {}
        refresh = answer.get("refresh_token") or known_refresh
        value = {
            "access_token": str(answer["access_token"]),
            "expires_at": _after(now, answer.get("expires_in", 3600)),
            "refresh_token": refresh,
            "previous_refresh_token": known_refresh
            if known_refresh != refresh
            else previous.get("previous_refresh_token"),
            "refresh_expires_at": _after(now, answer.get("x_refresh_token_expires_in")),
            "hard_expires_at": _after(now, answer.get("x_refresh_token_hard_expires_in")),
            "state": "ok",
        }
        expected = None if replace else used.version if used else 0
        while True:
            try:
                self.ports.state.put(self._key, value, expected_version=expected)
                return str(value["access_token"])
            except StateConflict:
                item = self._stored()
                overtaken = item is not None and item.value.get("refresh_token") != previous.get("refresh_token")
                if item is not None and overtaken and self._fresh(item.value):
                    return str(item.value["access_token"])
                expected = item.version if item else 0

    def _claim(self, item: StateItem | None) -> StateItem | None:
        """The record with our lease on it; None when another worker was faster."""
        until = (self.ports.clock.now() + LEASE).isoformat()
        value = {**(item.value if item else {}), "lease_owner": self.me, "lease_until": until}
        try:
            return self.ports.state.put(self._key, value, expected_version=item.version if item else 0)
        except StateConflict:
            return None

    def _release(self, used: StateItem, state: str | None = None) -> None:
        value = {k: v for k, v in used.value.items() if k not in ("lease_owner", "lease_until")}
        if state:
            value["state"] = state
        try:
            self.ports.state.put(self._key, value, expected_version=used.version)
        except StateConflict:
            return  # someone newer holds the record; their word counts

    @property
    def _key(self) -> str:
        return f"token/{self.source.name}"

    @property
    def _rotates(self) -> bool:
        chosen = self.settings.options.get("grant", self.grant.default)
        return chosen in ("refresh_token", "authorization_code")

    def _stored(self) -> StateItem | None:
        return self.ports.state.get(self._key)

    def _fresh(self, value: Mapping[str, Any]) -> bool:
        if not value.get("access_token") or not value.get("expires_at"):
            return False
        return datetime.fromisoformat(value["expires_at"]) - self.ports.clock.now() > self.grant.renew_before

    def _leased_by_another(self, value: Mapping[str, Any]) -> bool:
        if not value.get("lease_until") or value.get("lease_owner") == self.me:
            return False
        return datetime.fromisoformat(value["lease_until"]) > self.ports.clock.now()

    # -- sentences ----------------------------------------------------------------------------------

    def _dead(self, code: str) -> DataBlueprintError:
        if code == "invalid_grant":
            return self._expired("the connection was revoked or its refresh token is used up", "Reconnect with")
        return AuthExpired(
            self.source.title,
            f"the client id or secret was refused ({code})",
            way_out=f"Correct the secret `{self.settings.secret}`, then reconnect with "
            f"`datablueprint connect {self.source.name}`",
        )

    def _expired(self, problem: str, verb: str) -> AuthExpired:
        return AuthExpired(self.source.title, problem, way_out=f"{verb} `datablueprint connect {self.source.name}`")

    def _out_of_order(self, trouble: _TryAgain) -> SourceUnavailable:
        return SourceUnavailable(
            self.source.title,
            f"the sign-in service at {self.http.base_url.host} did not answer ({trouble})",
            way_out="The connection is kept: the next refresh tries again",
        )


def _after(now: datetime, seconds: Any) -> str | None:
    return None if seconds is None else (now + timedelta(seconds=float(seconds))).isoformat()


def connect(
    source_name: str,
    ports: Ports,
    *,
    code: str | None = None,
    refresh_token: str | None = None,
    redirect_uri: str | None = None,
) -> None:
    """Store the first tokens of a source; proves them by one exchange. Give a code, a refresh token, or neither
    where the source signs in with client credentials."""
    from datablueprint.sources import by_name
    from datablueprint.sources.client import guarded

    tokens = Tokens.of(by_name(source_name), ports, Counter(), guarded)
    form = {"grant_type": "client_credentials"}
    if refresh_token:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    elif code:
        form = {"grant_type": "authorization_code", "code": code}
        form |= {"redirect_uri": redirect_uri} if redirect_uri else {}
    try:
        tokens.connect(form)
    finally:
        tokens.close()
