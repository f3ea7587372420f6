"""The record of a connection: sealed tokens, and in plain what anybody may know of them.

State `token/<source>` holds access_token, refresh_token and previous_refresh_token
(sealed), when each ends, who holds the lease, how the last exchange ended, and
the address of the page on which a person reconnects. Its version is the fence.
State `connection/<source>` repeats what is no secret, so that who tells the
state of a connection need not read the other.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from datablueprint.errors import SettingsError
from datablueprint.ports import Ports, Seal, StateConflict, StateItem
from datablueprint.sources.expiry import ending

LEASE = timedelta(seconds=45)
"""Longer than one exchange takes at the most; it is renewed before each further try."""
SAVE_ATTEMPTS = 7
LONGEST_PAUSE = 10.0
LEASED = ("lease_owner", "lease_until")
TOLD = ("state", "refresh_expires_at", "hard_expires_at", "page", "connected_at", "connected_by")
logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class TokenRecord:
    """What is stored of one source's tokens, for one worker, who is `me`."""

    source: str
    ports: Ports
    me: str

    @property
    def _key(self) -> str:
        return f"token/{self.source}"

    @property
    def _seal(self) -> Seal:
        if self.ports.seal is None:
            raise SettingsError(f"Tokens of {self.source} are handed out by its token broker; nothing else opens them")
        return self.ports.seal

    def read(self) -> StateItem | None:
        return self.ports.state.get(self._key)

    def write(self, value: Mapping[str, Any], expected_version: int | None) -> StateItem:
        """Patient with a store that hiccups: between the vendor's rotation and here the tokens exist nowhere else."""
        return self.patiently(lambda: self.ports.state.put(self._key, value, expected_version=expected_version))

    def tell(self, value: Mapping[str, Any]) -> None:
        """What may be known of the connection. The tokens are safe by now, so a failure here is no failure."""
        known = {name: value.get(name) for name in TOLD}
        end = ending(known, self.ports.clock.now())
        if end and end.notice is not None:  # an alarm counts these lines
            logger.warning("connection ends soon", extra={"source": self.source, "days": end.days})
        try:
            self.ports.state.put(f"connection/{self.source}", known, expected_version=None)
        except Exception as error:  # whatever a store may raise: the next renewal tells again
            logger.warning("connection not told", extra={"source": self.source, "error": type(error).__name__})

    def open(self, value: Mapping[str, Any], part: str) -> str | None:
        """One token in plain; SealBroken when it was sealed for somebody else."""
        sealed = value.get(part)
        return None if sealed is None else self._seal.open(str(sealed), self._context(part))

    def sealed(self, text: str | None, part: str) -> str | None:
        return None if text is None else self.patiently(lambda: self._seal.seal(text, self._context(part)))

    def _context(self, part: str) -> dict[str, str]:
        return {"tenant": self.ports.settings.tenant, "source": self.source, "part": part}

    def patiently(self, act: Callable[[], T]) -> T:
        """Several tries within seconds; a conflict is no hiccup."""
        for attempt in range(SAVE_ATTEMPTS - 1):
            try:
                return act()
            except (StateConflict, SettingsError):
                raise
            except Exception:  # whatever a store or a key service may raise, a token is at stake
                self.ports.clock.sleep(0.1 * 2.0**attempt)
        return act()

    # -- the lease ------------------------------------------------------------------------------------

    def lease(self, item: StateItem | None) -> StateItem | None:
        """The record with our lease on it; None when another worker was faster."""
        until = (self.ports.clock.now() + LEASE).isoformat()
        value = {**(item.value if item else {}), "lease_owner": self.me, "lease_until": until}
        try:
            return self.ports.state.put(self._key, value, expected_version=item.version if item else 0)
        except StateConflict:
            return None

    def mine(self, item: StateItem | None) -> bool:
        return item is not None and item.value.get("lease_owner") == self.me

    def leased_by_another(self, value: Mapping[str, Any]) -> bool:
        if not value.get("lease_until") or value.get("lease_owner") == self.me:
            return False
        return datetime.fromisoformat(value["lease_until"]) > self.ports.clock.now()

    def release(self, held: StateItem, **outcome: Any) -> None:
        """Give the lease up and say how it ended; someone newer who holds the record has the last word."""
        value = {name: kept for name, kept in held.value.items() if name not in LEASED}
        try:
            self.ports.state.put(self._key, {**value, **outcome}, expected_version=held.version)
        except StateConflict:
            return


@dataclass
class Watch:
    """A lease that nobody renews for its whole length is dead, whatever the clocks of two machines say."""

    version: int = -1
    since: float = 0.0
    looks: int = 0

    def patient(self, item: StateItem | None, now: float) -> bool:
        version = item.version if item else 0
        if version != self.version:
            self.version, self.since = version, now
        return now - self.since < LEASE.total_seconds()

    def pause(self) -> float:
        """Seconds until the next look: an exchange is over soon, or its worker is dead."""
        self.looks += 1
        return random.uniform(0.5, 1.0) * min(LONGEST_PAUSE, 0.3 * 1.5**self.looks)


def mark(token: str) -> str:
    """What stands for a token where the token itself should not be: it tells two apart and opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def after(now: datetime, seconds: Any) -> str | None:
    return None if seconds is None else (now + timedelta(seconds=float(seconds))).isoformat()
