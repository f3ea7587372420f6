"""Questions are answered by a few threads of this process; when enough wait, the next one is turned away."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable

from datablueprint.errors import Busy

logger = logging.getLogger(__name__)
THREADS, WAITING = 2, 16


class Workers:
    """`Work` on a laptop. `answer` takes a question's id; it is set once the service that needs us exists."""

    def __init__(self, *, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._queue: queue.Queue[str | None] = queue.Queue(waiting)
        self._threads = [
            threading.Thread(target=self._work, name=f"answer-{n}", daemon=True) for n in range(1, threads + 1)
        ]
        self.answer: Callable[[str], object] = logger.warning

    def begin(self, answer: Callable[[str], object]) -> None:
        self.answer = answer
        for thread in self._threads:
            thread.start()

    def start(self, question_id: str) -> None:
        try:
            self._queue.put_nowait(question_id)
        except queue.Full:
            raise Busy("Enough questions are waiting to be answered", retry_after=5) from None

    def stop(self, *, patience: float = 2.0) -> list[str]:
        """Finish what is being answered, as far as `patience` seconds go; the questions that nobody began."""
        left = []
        with contextlib.suppress(queue.Empty):
            while question := self._queue.get_nowait():
                left.append(question)
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(patience)
        return left

    def _work(self) -> None:
        while (question_id := self._queue.get()) is not None:
            try:
                self.answer(question_id)
            except Exception:
                logger.exception("a question was not answered")  # its lease ends, and whoever waits is told
