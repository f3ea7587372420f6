"""One warm desk per process, and one request at a time at it: the caches behind figures do not all lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from datablueprint.desk import Desk
from datablueprint.errors import Busy
from datablueprint.lake.snapshots import Snapshots
from datablueprint.ports import Ports

PATIENCE_SECONDS = 20.0
"""Less than the 29 s after which API Gateway hangs up."""
MOST_DAYS = 8
"""Days and snapshots that stay open between requests."""
PAUSE_SECONDS = 0.002
"""A lock alone goes back to the thread that just gave it up."""


def not_warmed(_: Desk) -> None:
    """Whoever comes first waits for what is read."""


class Desks:
    """The desk of the current snapshot; when a refresh publishes another, the next request finds that one.

    `laid` is told of each new desk, to warm it beside the requests.
    """

    def __init__(
        self, ports: Ports, *, laid: Callable[[Desk], None] = not_warmed, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._ports, self._laid, self._patience = ports, laid, patience
        self._taken = threading.Lock()
        self._desk: Desk | None = None

    @contextmanager
    def open(
        self, *, as_of: date | None = None, known_at: date | None = None, patience: float | None = None
    ) -> Iterator[Desk]:
        """The desk of a day, as known on a day, for as long as the block lasts.

        Busy when others keep it for longer than a caller can wait; NotReady before the first refresh.
        """
        if not self._taken.acquire(timeout=self._patience if patience is None else patience):
            raise Busy("Other questions are being worked on", retry_after=5)
        try:
            yield self._chosen(as_of, known_at)
        finally:
            if self._desk is not None:
                self._desk.put_away(MOST_DAYS)
            self._taken.release()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Let others at the desk while the one who has it waits for something else."""
        self._taken.release()
        try:
            yield
        finally:
            self._taken.acquire()

    def give_way(self) -> None:
        """Let whoever waits have a turn, between two steps of something long."""
        with self.left():
            time.sleep(PAUSE_SECONDS)

    def holds(self, desk: Desk) -> bool:
        """Whether a desk is still the one that others are opened from."""
        return self._desk is desk

    def _chosen(self, as_of: date | None, known_at: date | None) -> Desk:
        desk = self._current()
        if known_at:
            return desk.known(known_at, as_of)
        return desk.at(as_of=as_of)

    def _current(self) -> Desk:
        newest = Snapshots(self._ports.files, self._ports.state).current().snapshot
        if self._desk is None or self._desk.snapshot != newest:
            self._desk = Desk(self._ports, snapshot=newest)
            assert self._desk.measures.projects is not None  # read once, before others look beside us
            self._laid(self._desk)
        return self._desk
