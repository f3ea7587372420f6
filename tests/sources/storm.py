"""A storm on one connection: many workers renew at once, some die or stall at the worst moment, time is simulated."""

from __future__ import annotations

import heapq
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from datablueprint.adapters.plain_seal import PlainSeal
from datablueprint.errors import AuthExpired, DataBlueprintError
from datablueprint.ports import Ports, Seal, State, StateItem
from datablueprint.runtime import http_client
from datablueprint.sources import auth, by_name
from datablueprint.sources.auth import Tokens
from datablueprint.sources.client import guarded
from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.tokens import TokenBook
from local.sandbox_home import settings_for
from tests.fakes import MemoryFiles, MemorySecrets, NoQuery

VENDORS = {"procore": "procore", "quickbooks_online": "quickbooks", "gusto": "gusto"}
ACCOUNTS = {"procore": "user", "gusto": "admin"}
PAGE = "https://blueprint.test/api/connect/"
Fate = Literal["lives", "dies holding the lease", "dies before saving", "dies after saving", "stalls before saving"]
STALL = 60.0
WORKERS = 50


class Killed(BaseException):
    """The process is gone: no handler runs, nothing is tidied up."""


class SharedClock:
    """Simulated time that passes only while every worker sleeps: a slow machine never makes a lease run out."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 15, tzinfo=UTC)) -> None:
        self._start = start
        self._seconds = 0.0
        self._awake = 0
        self._sleepers: list[tuple[float, int]] = []
        self._turn = threading.Condition()
        self._numbers = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    def move(self, span: timedelta) -> None:
        with self._turn:
            self._seconds += span.total_seconds()

    def sleep(self, seconds: float) -> None:
        with self._turn:
            self._numbers += 1
            mine = (self._seconds + seconds, self._numbers)
            heapq.heappush(self._sleepers, mine)
            self._rest()
            while mine in self._sleepers:
                self._turn.wait()

    def awake(self, workers: int) -> None:
        """So many workers are about to start; time stands still until they sleep or end."""
        with self._turn:
            self._awake += workers

    def ended(self) -> None:
        with self._turn:
            self._rest()

    def _rest(self) -> None:
        self._awake -= 1
        while self._awake <= 0 and self._sleepers:
            self._seconds = max(self._seconds, self._sleepers[0][0])
            while self._sleepers and self._sleepers[0][0] <= self._seconds:
                heapq.heappop(self._sleepers)
                self._awake += 1
            self._turn.notify_all()


class OneAtATime:
    """`State` whose conditional writes are atomic, as DynamoDB's are and an emulator's in one process are not."""

    def __init__(self, state: State) -> None:
        self._state, self._lock = state, threading.Lock()

    def get(self, key: str) -> StateItem | None:
        with self._lock:
            return self._state.get(key)

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        with self._lock:
            return self._state.put(key, value, expected_version=expected_version)

    def delete(self, key: str) -> None:
        with self._lock:
            self._state.delete(key)

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        with self._lock:
            return iter(list(self._state.list(prefix)))


@dataclass
class Fated:
    """`State` as one worker sees it. Whoever gets the lease gets the next fate with it; it strikes once."""

    state: State
    draw: Callable[[], Fate]
    stall: Callable[[], None]
    die: Callable[[], None] | None = None
    """How the process ends; None = by an exception that nothing catches."""
    fate: Fate = "lives"
    leased: bool = False
    struck: bool = False

    def get(self, key: str) -> StateItem | None:
        return self.state.get(key)

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        if not key.startswith("token/"):
            return self.state.put(key, value, expected_version=expected_version)
        leasing, saving = "lease_owner" in value, value.get("state") == "ok" and "lease_owner" not in value
        if saving and self.fate == "dies before saving":
            self._dies()
        if saving and self.fate == "stalls before saving" and not self.struck:
            self.struck = True
            self.stall()
        item = self.state.put(key, value, expected_version=expected_version)
        if leasing and not self.leased:
            self.leased, self.fate = True, self.draw()
        if (leasing and self.fate == "dies holding the lease") or (saving and self.fate == "dies after saving"):
            self._dies()
        return item

    def delete(self, key: str) -> None:
        self.state.delete(key)

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        return self.state.list(prefix)

    def _dies(self) -> None:
        self.struck = True
        if self.die:
            self.die()
        raise Killed


@dataclass
class Round:
    """What came of all workers asking at once."""

    tokens: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    fates: Counter[Fate] = field(default_factory=Counter)
    """Those that struck."""
    posts: int = 0
    rotations: int = 0
    locked_out: bool = False
    avoidable: bool = False
    """Whether the vendor would still have taken a token that somebody held."""

    @property
    def reconnects(self) -> list[AuthExpired]:
        return [error for error in self.errors if isinstance(error, AuthExpired)]

    @property
    def unexpected(self) -> list[BaseException]:
        return [error for error in self.errors if not isinstance(error, DataBlueprintError)]


class Storm:
    """One vendor's connection, over a given store and seal."""

    def __init__(
        self, source: str, sandbox: Sandbox, clock: SharedClock, state: State, *, seal: Seal | None = None
    ) -> None:
        self.source, self.sandbox, self.clock, self.state = source, sandbox, clock, state
        vendor = VENDORS[source]
        settings = settings_for(sandbox)
        chosen = settings.sources[source].model_copy(update={"options": {"grant": "authorization_code"}})
        given = sandbox.credentials[vendor]
        self.book: TokenBook = sandbox._tokens[vendor]
        self.ports = Ports(
            settings=settings.model_copy(update={"sources": {source: chosen}}),
            files=MemoryFiles(),
            state=state,
            secrets=MemorySecrets({chosen.secret: {name: given[name] for name in ("client_id", "client_secret")}}),
            query=NoQuery(),
            clock=clock,
            http=http_client,
            seal=seal or PlainSeal(),
        )
        self.connect()

    def connect(self) -> None:
        """A person consents, as on the page."""
        code = self.sandbox.reconnect(VENDORS[self.source])
        auth.connect(self.source, self.ports, code=code, page=PAGE + self.source)

    def tokens(self, state: State) -> Tokens:
        return Tokens.of(by_name(self.source), replace(self.ports, state=state), Counter(), guarded)

    def held(self) -> str:
        """The refresh token that is stored."""
        worker = self.tokens(self.state)
        item = worker.record.read()
        assert item
        return str(worker.record.open(item.value, "refresh_token"))

    def accepted(self, refresh: str) -> bool:
        """Whether the vendor's rule still takes this refresh token; asking changes nothing."""
        token = self.book._read(refresh, "refresh")
        if token is None:
            return False
        current, _ = self.book._current.get(token.account, (token.generation, None))
        return token.generation >= current

    def round(self, fates: Iterator[Fate], *, after: timedelta, workers: int = WORKERS) -> Round:
        """Time passes, the token ends, and all workers ask for one at the same moment."""
        self.clock.move(after)
        done, lock, gate = Round(), threading.Lock(), threading.Barrier(workers)
        before, posts = self.book._newest.copy(), self._posts()

        def work() -> None:
            state = Fated(self.state, lambda: next(fates), lambda: self.clock.sleep(STALL))
            worker = self.tokens(state)
            try:
                gate.wait()
                token = worker.access()
                used = self.book.account_of(token)
                with lock:
                    done.tokens.append(token if used else "refused by the vendor")
            except BaseException as error:
                with lock:
                    done.errors += [] if isinstance(error, Killed) else [error]
            finally:
                with lock:
                    done.fates[state.fate] += state.struck
                worker.close()
                self.clock.ended()

        self.clock.awake(workers)
        threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        assert not any(thread.is_alive() for thread in threads), "workers hang"
        done.posts = self._posts() - posts
        done.rotations = sum(self.book._newest.values()) - sum(before.values())
        done.avoidable = self.accepted(self.held())
        done.locked_out = not done.avoidable
        return done

    def _posts(self) -> int:
        return sum(each.method == "POST" and "token" in each.path for each in self.sandbox.requests)


@contextmanager
def sandbox(clock: SharedClock, seed: int = 7) -> Iterator[Sandbox]:
    """The three vendors with nothing in them but their token endpoints."""
    with Sandbox(today=clock.now().date(), clock=clock.now, seed=seed) as running:
        yield running


def fates(rng: random.Random, *, dying: float, stalling: float = 0.0) -> Iterator[Fate]:
    """What becomes of each worker that gets the lease."""
    kinds: list[Fate] = ["dies holding the lease", "dies before saving", "dies after saving"]
    while True:
        luck = rng.random()
        if luck < dying:
            yield rng.choice(kinds)
        else:
            yield "stalls before saving" if luck < dying + stalling else "lives"
