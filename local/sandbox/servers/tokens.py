"""Tokens are signed, not stored, so a sandbox that was restarted with the same seed knows those it gave out before.

The three vendors differ in one thing only: when a refresh token stops working.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Rotation = Literal["every_refresh", "by_age", "on_first_use"]
"""Procore: each refresh burns the old one. QuickBooks: the value changes about
daily. Gusto: the old one dies when the new access token is first used."""

CODE_LIFE = timedelta(minutes=10)


class InvalidGrant(Exception):
    """The code or refresh token is unknown, used, superseded or revoked."""


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str
    refreshed_at: datetime
    """When this refresh value came into being."""


@dataclass(frozen=True)
class _Token:
    kind: str
    account: str
    generation: int
    issued: int
    text: str


class TokenBook:
    """Issues and checks the tokens of one vendor. `account` is whom a token speaks for (a realm, a user, a service)."""

    def __init__(
        self,
        vendor: str,
        *,
        seed: int,
        access_life: timedelta,
        rotation: Rotation,
        clock: Callable[[], datetime],
        rotate_after: timedelta = timedelta(hours=24),
    ) -> None:
        self.vendor = vendor
        self.access_life = access_life
        self.rotation = rotation
        self.rotate_after = rotate_after
        self.client_id = self._digest(seed, vendor, "client_id")
        self.client_secret = self._digest(seed, vendor, "client_secret")
        self._key = self._digest(seed, vendor, "key").encode()
        self._clock = clock
        self._born = clock()
        self._lock = threading.Lock()
        self._current: dict[str, tuple[int, datetime]] = {}
        self._newest: dict[str, int] = {}
        self._dead: dict[str, int] = {}
        self._used: set[str] = set()

    @staticmethod
    def _digest(*parts: object) -> str:
        return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:40]

    def _issue(self, kind: str, account: str, generation: int, issued: int = 0) -> str:
        stem = f"{kind}-{account}-{generation}-{issued}"
        return f"{stem}-{hmac.new(self._key, stem.encode(), hashlib.sha256).hexdigest()[:24]}"

    def _read(self, text: str, kind: str) -> _Token | None:
        parts = text.rsplit("-", 3)
        if len(parts) != 4 or not parts[0].startswith(f"{kind}-") or not (parts[1] + parts[2]).isdigit():
            return None
        token = _Token(kind, parts[0][len(kind) + 1 :], int(parts[1]), int(parts[2]), text)
        genuine = self._issue(kind, token.account, token.generation, token.issued)
        alive = token.generation > self._dead.get(token.account, -1)
        return token if alive and hmac.compare_digest(genuine, text) else None

    def knows(self, client_id: str, client_secret: str) -> bool:
        return client_id == self.client_id and client_secret == self.client_secret

    def code(self, account: str) -> str:
        """A single-use authorization code: what the person brings back from the consent page."""
        with self._lock:
            generation = max(self._newest.get(account, 0), self._dead.get(account, -1) + 1)
            return self._issue("code", account, generation, int(self._clock().timestamp()))

    def first_code(self, account: str) -> str:
        """A code that does not age, so that tests and demos can be given one beforehand."""
        return self._issue("code", account, 0)

    def first_refresh(self, account: str) -> str:
        """The refresh token of a connection that was made before the sandbox started."""
        return self._issue("refresh", account, 0)

    def service(self, account: str) -> str:
        """An access token without a refresh token (client credentials)."""
        return self._issue("access", account, self._dead.get(account, -1) + 1, int(self._clock().timestamp()))

    def redeem(self, code: str) -> Pair:
        """Exchange an authorization code: once, and within ten minutes."""
        with self._lock:
            token = self._read(code, "code")
            now = self._clock()
            if token is None or code in self._used:
                raise InvalidGrant
            if token.issued and now.timestamp() > token.issued + CODE_LIFE.total_seconds():
                raise InvalidGrant
            self._used.add(code)
            return self._grant(token.account, max(self._newest.get(token.account, 0), token.generation) + 1, now)

    def _grant(self, account: str, generation: int, now: datetime) -> Pair:
        self._newest[account] = generation
        if self.rotation != "on_first_use" or account not in self._current:
            self._current[account] = (generation, now)
        return self._pair(account, generation, now)

    def _pair(self, account: str, generation: int, refreshed_at: datetime) -> Pair:
        access = self._issue("access", account, generation, int(self._clock().timestamp()))
        return Pair(access, self._issue("refresh", account, generation), refreshed_at)

    def refresh(self, refresh_token: str) -> Pair:
        with self._lock:
            token = self._read(refresh_token, "refresh")
            if token is None:
                raise InvalidGrant
            now, account = self._clock(), token.account
            current, since = self._current.get(account, (token.generation, self._born))
            if token.generation < current:
                raise InvalidGrant
            newest = max(self._newest.get(account, 0), token.generation)
            self._current[account] = (token.generation, since)
            if self.rotation == "by_age" and now - since < self.rotate_after:
                return self._pair(account, token.generation, since)
            return self._grant(account, newest + 1, now)

    def account_of(self, access_token: str) -> str | None:
        """Whom a valid access token speaks for; using it is what retires Gusto's older refresh token."""
        token = self._read(access_token, "access")
        if token is None or self._clock().timestamp() >= token.issued + self.access_life.total_seconds():
            return None
        if self.rotation == "on_first_use":
            with self._lock:
                if token.generation > self._current.get(token.account, (0, self._born))[0]:
                    self._current[token.account] = (token.generation, self._clock())
        return token.account

    def expires_in(self, access_token: str) -> int:
        token = self._read(access_token, "access")
        left = token.issued + self.access_life.total_seconds() - self._clock().timestamp() if token else 0
        return max(0, int(left))

    def revoke(self, account: str) -> None:
        """Everything issued to this account so far stops working; only a new code helps."""
        with self._lock:
            issued = self._newest.get(account, 0), self._current.get(account, (0, self._born))[0]
            self._dead[account] = max(*issued, self._dead.get(account, -1) + 1)

    def revoke_token(self, text: str) -> None:
        """Revoke by any token of the pair; an unknown one is ignored."""
        token = self._read(text, "access") or self._read(text, "refresh")
        if token:
            self.revoke(token.account)
