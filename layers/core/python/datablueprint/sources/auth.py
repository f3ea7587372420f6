"""A rotating token that is used before it is saved is a customer who must reconnect.

Whoever renews claims the lease by compare-and-swap, saves the new pair, and only
then uses it; the others wait and take the result, be it a token or a failure.
A refresh token is posted again only when nobody can know what became of it.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from datablueprint.errors import AuthExpired, DataBlueprintError, SourceUnavailable
from datablueprint.ports import Ports, SealBroken, StateConflict, StateItem
from datablueprint.settings import SourceSettings
from datablueprint.sources.base import Grant, Source
from datablueprint.sources.token_endpoint import Endpoint, Guard, Refused, TryAgain
from datablueprint.sources.token_record import TokenRecord, Watch, after, mark

TOKEN_ATTEMPTS = 4
REFUSED_AGAIN = timedelta(minutes=10)
"""A refresh token that was refused is not posted again before; endpoints have been seen to refuse by mistake."""
REFUSED, DEAD = "invalid_grant", "needs_reconnect"
KEPT = ("page", "connected_at", "connected_by")


@dataclass(frozen=True)
class Access:
    token: str
    expires_at: str


@dataclass
class Tokens:
    """Access tokens of one source and tenant, renewed by this process."""

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
    def endpoint(self) -> Endpoint:
        return Endpoint(self.source, self.grant, self.ports, self.settings, self.calls, self.guard)

    @cached_property
    def record(self) -> TokenRecord:
        return TokenRecord(self.source.name, self.ports, self.me)

    def close(self) -> None:
        self.endpoint.close()

    def access(self) -> str:
        return self.current().token

    def renew(self, rejected: str | None = None) -> str:
        return self.replace(mark(rejected) if rejected else None).token

    def door(self) -> str:
        item = self.record.read()
        return self._door(item.value if item else {})

    def current(self) -> Access:
        """A token that is good for a few minutes at least."""
        item = self.record.read()
        held = self._usable(item)
        return held or self.replace(None)

    def replace(self, rejected: str | None) -> Access:
        """A new token, unless another worker has replaced the one with the mark `rejected` already."""
        began, watched = self.ports.clock.now(), Watch()
        while True:
            item = self.record.read()
            value: Mapping[str, Any] = item.value if item else {}
            held = self._usable(item)
            if held and mark(held.token) != rejected:
                return held
            self._stop_where_hopeless(value, began)
            if self.record.leased_by_another(value) and watched.patient(item, self.ports.clock.monotonic()):
                self.ports.clock.sleep(watched.pause())
                continue
            attempt = self._prepared(value)
            claimed = self.record.lease(item)
            if claimed:
                return self._exchange(attempt, claimed, rejected)

    def connect(self, form: Mapping[str, str], **about: str) -> None:
        """Trade a code or a first refresh token for a stored pair, replacing what was there; `about` is kept."""
        item = self.record.read()
        self.record.sealed("a code counts once", "access_token")  # so the key is tried before the code is
        try:
            answer = self.endpoint.post(form)
        except Refused as refusal:
            raise self._expired(f"refused the code or token ({refusal.code})", "Start again", about) from None
        except TryAgain as trouble:
            raise self._out_of_order(str(trouble)) from None
        kept = {**(item.value if item else {}), "connected_at": self.ports.clock.now().isoformat(), **about}
        attempt = _Attempt(form.get("refresh_token"), None)
        value = self._value(answer, attempt, kept)
        self.record.write(value, None)
        self.record.tell(value)

    @property
    def rotates(self) -> bool:
        chosen = self.settings.options.get("grant", self.grant.default)
        return chosen in ("refresh_token", "authorization_code")

    # -- the exchange -------------------------------------------------------------------------------

    def _prepared(self, value: Mapping[str, Any]) -> _Attempt:
        """Everything that can fail happens before the vendor is asked: the secret, the key, the stored text."""
        _ = self.endpoint.identity
        if not self.rotates:
            return _Attempt(None, None)
        refresh = self._opened(value)
        return _Attempt(refresh, self.record.sealed(refresh, "previous_refresh_token"))

    def _exchange(self, attempt: _Attempt, held: StateItem, rejected: str | None) -> Access:
        """Post, save, then use; before each further post the lease is renewed, which tells who was overtaken."""
        trouble = "no answer"
        for number in range(TOKEN_ATTEMPTS):
            if number:
                self.ports.clock.sleep(random.uniform(0.0, 2.0**number))
                moved = self.record.read()
                renewed = self.record.lease(moved) if self.record.mine(moved) else None
                if renewed is None:
                    return self.replace(rejected)  # our lease ran out and another worker took over
                held, attempt = renewed, self._prepared(renewed.value)
            try:
                answer = self.endpoint.post(self._form(attempt))
            except TryAgain as again:
                trouble = str(again)
            except Refused as refusal:
                self._refused(refusal.code, attempt, held)
            else:
                return self._save(answer, attempt, held)
        self.record.release(held, trouble={"at": self._now(), "what": trouble})
        raise self._out_of_order(trouble)

    def _refused(self, code: str, attempt: _Attempt, held: StateItem) -> None:
        """A stale copy is forgiven: the stored token may have moved under us. Raises when it has not."""
        stored = self.record.read()
        if code == REFUSED and stored and stored.version != held.version:
            if not self.record.mine(stored) or self._opened(stored.value) != attempt.refresh:
                return
            held = stored
        self.record.release(held, state=DEAD, refusal={"at": self._now(), "code": code})
        self.record.tell({**held.value, "state": DEAD})
        raise self._dead(code, held.value)

    def _form(self, attempt: _Attempt) -> dict[str, str]:
        if attempt.refresh is None:
            return {"grant_type": "client_credentials"}
        return {"grant_type": "refresh_token", "refresh_token": attempt.refresh}

    def _save(self, answer: Mapping[str, Any], attempt: _Attempt, held: StateItem) -> Access:
        """Store the new pair before anybody uses it. Who was overtaken meanwhile takes the newer pair instead;
        whose lease was taken, but nothing saved, saves: the vendor may know no other pair by now."""
        value, expected = self._value(answer, attempt, held.value), held.version
        while True:
            try:
                self.record.write(value, expected)
                self.record.tell(value)
                return Access(str(answer["access_token"]), value["expires_at"])
            except StateConflict:
                item = self.record.read()
                if item and attempt.refresh and self._opened(item.value) != attempt.refresh:
                    return self._usable(item) or self.replace(None)
                expected = item.version if item else 0

    def _value(self, answer: Mapping[str, Any], attempt: _Attempt, before: Mapping[str, Any]) -> dict[str, Any]:
        now = self.ports.clock.now()
        refresh = answer.get("refresh_token") or attempt.refresh
        same = refresh == attempt.refresh
        return {
            "access_token": self.record.sealed(str(answer["access_token"]), "access_token"),
            "expires_at": after(now, answer.get("expires_in", 3600)),
            "refresh_token": self.record.sealed(refresh, "refresh_token"),
            "previous_refresh_token": before.get("previous_refresh_token") if same else attempt.kept,
            "refresh_expires_at": after(now, answer.get("x_refresh_token_expires_in")),
            "hard_expires_at": after(now, answer.get("x_refresh_token_hard_expires_in")),
            "state": "ok",
            **{name: before[name] for name in KEPT if before.get(name)},
        }

    # -- the record ---------------------------------------------------------------------------------

    def _usable(self, item: StateItem | None) -> Access | None:
        """The stored access token, when it has time left and opens."""
        if item is None or not item.value.get("access_token") or not item.value.get("expires_at"):
            return None
        ends = str(item.value["expires_at"])
        if datetime.fromisoformat(ends) - self.ports.clock.now() <= self.grant.renew_before:
            return None
        try:
            token = self.record.open(item.value, "access_token")
        except SealBroken:
            return None
        return Access(token, ends) if token else None

    def _opened(self, value: Mapping[str, Any]) -> str:
        try:
            return self.record.open(value, "refresh_token") or ""
        except SealBroken:
            raise self._expired(
                "the stored tokens were sealed for another system or tenant, or are damaged", "Reconnect", value
            ) from None

    def _stop_where_hopeless(self, value: Mapping[str, Any], began: datetime) -> None:
        """Who waited takes the failure too; and what the vendor refused a moment ago is not asked again."""
        if self.rotates and not value.get("refresh_token"):
            raise self._expired("is not connected yet", "Connect", value)
        refusal, trouble = value.get("refusal"), value.get("trouble")
        if refusal:
            at = datetime.fromisoformat(refusal["at"])
            lately = refusal["code"] == REFUSED and at > self.ports.clock.now() - REFUSED_AGAIN
            if at > began or lately:
                raise self._dead(refusal["code"], value)
        if trouble and datetime.fromisoformat(trouble["at"]) > began:
            raise self._out_of_order(trouble["what"])

    def _now(self) -> str:
        return self.ports.clock.now().isoformat()

    # -- sentences ----------------------------------------------------------------------------------

    def _door(self, value: Mapping[str, Any]) -> str:
        if value.get("page"):
            return f"at {value['page']}"
        if self.ports.settings.state_table:
            return f"on the page of connections, {self.source.title}"
        return f"with `datablueprint connect {self.source.name}`"

    def _dead(self, code: str, value: Mapping[str, Any]) -> DataBlueprintError:
        if code == REFUSED:
            return self._expired("the connection was revoked or its refresh token is used up", "Reconnect", value)
        return AuthExpired(
            self.source.title,
            f"the client id or secret was refused ({code})",
            way_out=f"Correct the secret `{self.settings.secret}`, then reconnect {self._door(value)}",
        )

    def _expired(self, problem: str, verb: str, value: Mapping[str, Any]) -> AuthExpired:
        return AuthExpired(self.source.title, problem, way_out=f"{verb} {self._door(value)}")

    def _out_of_order(self, trouble: str) -> SourceUnavailable:
        return SourceUnavailable(
            self.source.title,
            f"the sign-in service at {self.endpoint.host} did not answer ({trouble})",
            way_out="The connection is kept: the next refresh tries again",
        )


@dataclass(frozen=True)
class _Attempt:
    """What is about to be posted, and the same sealed as what it will be afterwards: the previous one."""

    refresh: str | None
    kept: str | None


def connect(
    source_name: str,
    ports: Ports,
    *,
    code: str | None = None,
    refresh_token: str | None = None,
    redirect_uri: str | None = None,
    **about: str,
) -> None:
    """Store the first tokens of a source; proves them by one exchange. Give a code, a refresh token, or neither
    where the source signs in with client credentials. `about` is kept with them: page, connected_by."""
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
        tokens.connect(form, **about)
    finally:
        tokens.close()
