"""Hours of webhooks on a simulated clock: what vendors, forgers, SQS, EventBridge and crashes do to three functions."""

from __future__ import annotations

import base64
import hashlib
import heapq
import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from datablueprint.hooks import SOURCES
from datablueprint.hooks.board import Board
from functions.coalesce import handler as coalesce
from functions.start_refresh import handler as start_refresh
from functions.webhook import handler as webhook
from tests.hooks.kit import HEADERS, KEYS, House, body_of, call, sign

CRASH, LOST, TWICE = 0.02, 0.1, 0.1
"""How often a call to a port kills the function, a message of EventBridge is lost, and a message comes twice."""
TICK = 5


class Killed(BaseException):
    """The function is gone between two instructions; no handler of exceptions runs."""


class Deadly:
    """A port whose every change may be the function's last act, before or after it took hold."""

    DEEDS = ("put", "write", "send", "start")

    def __init__(self, port: Any, storm: Storm) -> None:
        self._port, self._storm = port, storm

    def __getattr__(self, name: str) -> Any:
        deed = getattr(self._port, name)
        return self._risky(deed) if name in self.DEEDS else deed

    def _risky(self, deed: Callable[..., Any]) -> Callable[..., Any]:
        def risky(*arguments: Any, **options: Any) -> Any:
            self._storm.may_die()
            done = deed(*arguments, **options)
            self._storm.may_die()
            return done

        return risky


class Storm:
    """`count` deliveries in `hours`; afterwards `accepted` says what was let in, and the rest can be looked up."""

    def __init__(self, house: House, *, count: int, hours: float, seed: int) -> None:
        self.house, self.rng = house, random.Random(seed)
        self.begin = house.clock.now()
        self.calm = False
        self.accepted: list[tuple[str, datetime, str]] = []
        """Source, moment and digest of the body."""
        self.genuine: set[str] = set()
        """Digests of all that vendors sent."""
        self.tally: Counter[str] = Counter()
        self.wrongly_accepted: list[str] = []
        self.overlaps: list[str] = []
        self.begun: list[tuple[str, tuple[str, ...], datetime]] = []
        self.good: set[str] = set()
        self.lost_without_schedule: list[tuple[str, datetime]] = []
        self._numbers = itertools.count()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        house.refreshes.on_start = self._on_start
        self._wire()
        self._plan(count, hours)

    def _wire(self) -> None:
        house = self.house
        ports = [Deadly(each, self) for each in (house.files, house.state, house.events, house.due, house.refreshes)]
        house.wire(*ports)
        webhook.get_reception = lambda: house.reception  # type: ignore[assignment]
        coalesce.get_coalescer = lambda: house.coalescer  # type: ignore[assignment]
        start_refresh.get_starter = lambda: house.starter  # type: ignore[assignment]

    def may_die(self) -> None:
        if not self.calm and self.rng.random() < CRASH:
            self.tally["crashes"] += 1
            raise Killed

    # --- what happens ---------------------------------------------------------------------------------------------

    def _plan(self, count: int, hours: float) -> None:
        captured: list[dict[str, Any]] = []
        for n in range(count):
            at = self.begin + timedelta(hours=self.rng.random() ** 2 * hours)  # thick at first, thin later
            kind = self.rng.choices(("genuine", "duplicate", "forged", "foreign"), (50, 20, 25, 5))[0]
            source = self.rng.choice(SOURCES)
            if kind == "duplicate" and captured:
                self._at(at, self._delivers(self.rng.choice(captured)))
            elif kind == "forged":
                self._at(at, self._forges(*self._forgery(source, n)))
            elif kind == "foreign":
                told = call(source, body_of(source, f"f-{n}", "somebody-else"))
                self._at(at, self._forges("foreign", told))
            else:
                body = body_of(source, f"e-{n}", legacy=self.rng.random() < 0.3)
                event = call(source, body, encoded=self.rng.random() < 0.3)
                captured.append(event)
                self._at(at, self._delivers(event))
        for n in range(int(hours * 4) + 1):
            self._at(self.begin + timedelta(minutes=15 * n), self._invokes({"operation": "sweep"}))
        for n in range(int(hours / 6) + 1):
            self._at(self.begin + timedelta(hours=6 * n + 1), self._invokes({"operation": "scheduled"}))

    def _forgery(self, source: str, n: int) -> tuple[str, dict[str, Any]]:
        body = body_of(source, f"x-{n}")
        other = self.rng.choice([each for each in SOURCES if each != source])
        altered = call(source, body_of(source, f"y-{n}"))["headers"]
        ways = {
            "wrong key": call(source, body, key="guess"),
            "no header": call(source, body, {}),
            "another source's key": call(source, body, key=KEYS[other]),
            "another source's signature": call(source, body, {HEADERS[other]: sign(other, body, KEYS[other])}),
            "another tenant's key": call(source, body, key="of another tenant"),
        }
        if source != "procore":  # which signs nothing
            ways["altered body"] = call(source, body, altered)
        return self.rng.choice(sorted(ways.items()))

    def _delivers(self, event: dict[str, Any], tries: int = 8) -> Callable[[], None]:
        def act() -> None:
            source = event["pathParameters"]["source"]
            at = self.house.clock.now()
            self.tally["genuine"] += 1
            body = digest_of(event)
            self.genuine.add(body)
            answer = self._call(webhook.lambda_handler, event)
            if answer and json.loads(answer["body"]) == {"status": "accepted"}:
                self.accepted.append((source, at, body))
            elif tries:  # the vendor comes again
                self._in(self.rng.randint(10, 600), self._delivers(event, tries - 1))

        return act

    def _forges(self, kind: str, event: dict[str, Any]) -> Callable[[], None]:
        def act() -> None:
            self.tally[kind] += 1
            answer = self._call(webhook.lambda_handler, event)
            expected = 200 if kind == "foreign" else 401
            refused = answer is None or answer["statusCode"] == expected
            if not refused or (answer and json.loads(answer["body"]).get("status") == "accepted"):
                self.wrongly_accepted.append(kind)

        return act

    def _invokes(self, event: dict[str, Any], tries: int = 2) -> Callable[[], None]:
        """As EventBridge does: at least once where it matters, and in these tests sometimes never."""

        def act() -> None:
            if self._call(start_refresh.lambda_handler, event) is None and tries:
                self._in(60, self._invokes(event, tries - 1))

        return act

    def _on_start(self, name: str, request: Mapping[str, Any]) -> None:
        """Step Functions begins: nothing else of these sources may be running."""
        running = {s for other in self.house.running() for s in self.house.refreshes.requests[other]["sources"]}
        if set(request["sources"]) & running:
            self.overlaps.append(name)
        self.begun.append((name, tuple(request["sources"]), self.house.clock.now()))
        lasts = 30 if self.calm else self.rng.choice((20, 300, 1500, 6000))
        self._in(lasts, lambda: self._ends(name))
        self._in(self.rng.randint(0, 20), self._invokes(self._word(name, "RUNNING")))

    def _word(self, name: str, status: str) -> dict[str, Any]:
        return {"source": "aws.states", "detail": {"name": name, "status": status, "input": "{}"}}

    def _ends(self, name: str) -> None:
        fate = "good" if self.calm else self.rng.choices(("good", "superseded", "failed"), (80, 10, 10))[0]
        if fate == "failed":
            told = self.house.refreshes.end(name, "FAILED")
        else:
            told = self.house.refreshes.end(name, superseded=fate == "superseded")
        if fate == "good":
            self.good.add(name)
        self.tally[fate] += 1
        if not self.calm and self.rng.random() < LOST:
            self.tally["ends never told"] += 1
            return
        for _ in range(2 if self.rng.random() < TWICE else 1):
            self._in(self.rng.randint(0, 40), self._invokes(told))

    # --- time -----------------------------------------------------------------------------------------------------

    def run(self) -> Storm:
        """Everything planned happens; then it is calm for hours, with sweeps only, and one more schedule comes."""
        while self._agenda and (self.house.clock.now() - self.begin) < timedelta(days=3):
            self._tick()
        self.calm = True
        for _ in range(8 * 4):
            self._invokes({"operation": "sweep"})()
            for _ in range(900 // TICK):
                self._tick()
        self.lost_without_schedule = self.lost()
        self._invokes({"operation": "scheduled"})()
        while self._agenda or len(self.house.events) or len(self.house.due):
            self._tick()
            if not self._agenda:
                self._invokes({"operation": "sweep"})()
        return self

    def _tick(self) -> None:
        self.house.clock.move(seconds=TICK)
        now = self.house.clock.now()
        while self._agenda and self._agenda[0][0] <= now:
            heapq.heappop(self._agenda)[2]()
        self._poll(self.house.events, coalesce.lambda_handler, self.rng.choice((1, 10, 100)))
        self._poll(self.house.due, start_refresh.lambda_handler, 10)

    def _poll(self, queue: Any, handler: Callable[..., dict[str, Any]], most: int) -> None:
        """One batch, in any order, perhaps with a message twice; what is not answered for comes again."""
        records = queue.receive(most)
        if not records:
            return
        again = [each for each in records if self.rng.random() < TWICE]
        given = self.rng.sample([*records, *again], len(records) + len(again))
        answer = self._call(handler, {"Records": given})
        if answer is None:
            return
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        done = [each["messageId"] for each in records if each["messageId"] not in failed]
        queue.delete(*(name for name in done if self.calm or self.rng.random() > TWICE))

    def _call(self, handler: Callable[..., dict[str, Any]], event: dict[str, Any]) -> dict[str, Any] | None:
        """What the function answers; None when it died. Whatever it did, each source has one place to run."""
        try:
            answer = handler(event, None)
        except Killed:
            self._wire()
            answer = None
        held = [source for run in self.board.runs.values() for source in run.sources]
        if len(held) != len(set(held)):
            self.overlaps.append(f"claims {held}")
        return answer

    def _in(self, seconds: float, act: Callable[[], None]) -> None:
        self._at(self.house.clock.now() + timedelta(seconds=seconds), act)

    def _at(self, when: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (when, next(self._numbers), act))

    # --- what can be asked afterwards -----------------------------------------------------------------------------

    @property
    def board(self) -> Board:
        item = self.house.state.get("sync/board")
        return Board.model_validate(item.value) if item else Board()

    def lost(self) -> list[tuple[str, datetime]]:
        """Accepted deliveries whose source no successful refresh has read that began after them."""
        last = {
            source: max((at for name, of, at in self.begun if source in of and name in self.good), default=self.begin)
            for source in SOURCES
        }
        return [(source, at) for source, at, _ in self.accepted if at > last[source]]

    def kept(self) -> set[str]:
        return {key.rpartition("/")[2].removesuffix(".json") for key in self.house.files.list("hooks/")}


def digest_of(event: dict[str, Any]) -> str:
    """Of the bytes that were sent."""
    text: str = event["body"]
    return hashlib.sha256(base64.b64decode(text) if event["isBase64Encoded"] else text.encode()).hexdigest()
