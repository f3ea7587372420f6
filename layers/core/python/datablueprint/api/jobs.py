"""A question is a job: it is written down, somebody works on it, and whoever asks for it again sees how far it is.

question/<id>       State: who asked what, the events so far, the outcome; no figures
answers/<id>.json   Files: the answer, written before the job says it is done
asked/<person>      State: the ids of what a person asked, newest first; what falls off its end is deleted
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datablueprint.errors import DataBlueprintError, Unknown
from datablueprint.ports import Clock, Files, State, StateConflict, StateItem

Row = dict[str, Any]
PREFIX, ASKED = "question/", "asked/"
LEASE = timedelta(seconds=90)
"""How long a worker may be silent before it counts as dead."""
LIFE = timedelta(days=90)
MOST_EVENTS = 200
MOST_ASKED = 500
"""Questions of one person that are kept."""
FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 0.05, 0.5
"""Between two looks at a job that somebody waits for: often at first, then less."""


class JobOver(DataBlueprintError):
    """The job has an outcome already, or another worker has it."""


@dataclass(frozen=True)
class Jobs:
    """Ids cannot be guessed: they are 128 random bits behind the time, newest first in lexical order."""

    state: State
    files: Files
    clock: Clock

    def ask(self, asked: Mapping[str, Any], *, by: str) -> Row:
        """Write down what was asked: question or query, context, as_of, known_at."""
        now = self.clock.now()
        job: Row = {
            "id": _countdown(now) + secrets.token_hex(16),
            "status": "running",
            "started": False,
            "by": by,
            "asked_at": now.isoformat(),
            "expires_at": (now + LIFE).isoformat(),
            "lease_until": (now + LEASE).isoformat(),
            "events": [],
            "error": None,
            **{key: asked.get(key) for key in ("question", "query", "context", "as_of", "known_at")},
        }
        self.state.put(PREFIX + job["id"], job, expected_version=0)
        self._listed(by, job["id"])
        return job

    def withdraw(self, question_id: str) -> None:
        """Forget a question that nobody could be found for."""
        self.state.delete(PREFIX + question_id)

    def begin(self, question_id: str) -> Row:
        """Take a job; JobOver when somebody has it or had it, so that a repeated start does nothing."""

        def taken(job: Row) -> Row:
            if job["started"] or job["status"] != "running":
                raise JobOver(f"{question_id} is being answered, or was")
            return self._noted({**job, "started": True}, "started", "reading the question")

        return self._change(question_id, taken)

    def note(self, question_id: str, stage: str, message: str) -> None:
        """One more event; it also says that the worker lives."""
        self._change(question_id, lambda job: self._noted(_running(job), stage, message))

    def finish(self, question_id: str, answer: Mapping[str, Any]) -> None:
        """Store the answer, then say so."""
        self.files.write(_answer_key(question_id), json.dumps(answer, default=str, ensure_ascii=False).encode())
        self._change(
            question_id, lambda job: self._noted({**_running(job), "status": "done"}, "done", "the answer is ready")
        )

    def fail(self, question_id: str, problem: Mapping[str, Any]) -> None:
        def failed(job: Row) -> Row:
            told = {**_running(job), "status": "failed", "error": dict(problem)}
            return self._noted(told, "failed", str(problem["title"]))

        self._change(question_id, failed)

    def get(self, question_id: str, *, lost: Callable[[], Mapping[str, Any]] | None = None) -> Row:
        """The job without its answer; Unknown when there is none.

        A job whose worker is gone is failed as `lost` says.
        """
        item = self._item(question_id)
        job = dict(item.value)
        if lost and job["status"] == "running" and self.clock.now() > _time(job["lease_until"]):
            with contextlib.suppress(JobOver):
                self.fail(question_id, lost())
            job = dict(self._item(question_id).value)
        return job

    def wait(self, question_id: str, *, after: int, seconds: float, lost: Callable[[], Mapping[str, Any]]) -> Row:
        """The job as soon as it has an event later than `after` or an outcome, else as it is after `seconds`."""
        end, pause = self.clock.monotonic() + seconds, FIRST_LOOK_SECONDS
        while True:
            job = self.get(question_id, lost=lost)
            left = end - self.clock.monotonic()
            if job["status"] != "running" or any(event["seq"] > after for event in job["events"]) or left <= 0:
                return job
            self.clock.sleep(min(pause, left))
            pause = min(pause * 1.5, LAST_LOOK_SECONDS)

    def answer(self, question_id: str) -> Row:
        """The answer of a finished job; Unknown when it has none."""
        if self.get(question_id)["status"] != "done":
            raise Unknown(f"The question {question_id} has no answer")
        try:
            found: Row = json.loads(self.files.read(_answer_key(question_id)))
        except FileNotFoundError:
            raise Unknown(f"The answer to {question_id} is not kept any more") from None
        return found

    def asked(self, *, by: str) -> list[str]:
        """The ids of what a person asked, newest first; what has expired is removed on the way."""
        return self._listed(by)

    def several(self, question_ids: Sequence[str]) -> list[Row]:
        """The jobs without their answers; those that are gone are left out."""
        found = []
        for question_id in question_ids:
            with contextlib.suppress(Unknown):
                found.append(self.get(question_id))
        return found

    def _listed(self, by: str, *newer: str) -> list[str]:
        """A person's list with what is newer, as short as it may be; what falls off it is deleted."""
        newest = _countdown(self.clock.now() - LIFE)
        while True:
            item = self.state.get(ASKED + by)
            held = [*newer, *(item.value["ids"] if item else ())]
            kept = [each for each in held[:MOST_ASKED] if each < newest]
            if item and kept == item.value["ids"]:
                return kept
            try:
                self.state.put(ASKED + by, {"ids": kept}, expected_version=item.version if item else 0)
            except StateConflict:
                continue
            for gone in [each for each in held if each not in kept]:
                self.state.delete(PREFIX + gone)
                self.files.delete(_answer_key(gone))
            return kept

    def _item(self, question_id: str) -> StateItem:
        item = self.state.get(PREFIX + question_id)
        if item is None or self.clock.now() > _time(item.value["expires_at"]):
            raise Unknown(f"There is no question {question_id}")
        return item

    def _change(self, question_id: str, change: Callable[[Row], Row]) -> Row:
        while True:
            item = self._item(question_id)
            changed = change(dict(item.value))
            try:
                self.state.put(PREFIX + question_id, changed, expected_version=item.version)
            except StateConflict:
                continue
            return changed

    def _noted(self, job: Row, stage: str, message: str) -> Row:
        now = self.clock.now()
        seq = job["events"][-1]["seq"] + 1 if job["events"] else 1
        event = {"seq": seq, "at": now.isoformat(), "stage": stage, "message": message}
        return {**job, "events": [*job["events"], event][-MOST_EVENTS:], "lease_until": (now + LEASE).isoformat()}


def _running(job: Row) -> Row:
    if job["status"] != "running":
        raise JobOver(f"{job['id']} is over: {job['status']}")
    return job


def _countdown(at: datetime) -> str:
    """How an id of this moment begins; later ones sort before it."""
    return f"q{10**13 - int(at.timestamp() * 1000):013d}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _answer_key(question_id: str) -> str:
    return f"answers/{question_id}.json"
