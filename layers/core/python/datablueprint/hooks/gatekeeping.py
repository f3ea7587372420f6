"""What is remembered of those who were not let in is small and capped, so that nobody can fill it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from datablueprint.ports import Clock, State, StateConflict

logger = logging.getLogger(__name__)
MOST_COUNTED = 1_000
"""Refusals per source and day; more are only logged."""
MOST_TOKENS, LONGEST_TOKEN = 5, 200


class Refusals:
    """How many deliveries were refused today, by reason: for diagnosis, and never what they said."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state, self._clock = state, clock
        self._full: dict[str, str] = {}

    def count(self, source: str, reason: str) -> None:
        """Count one; when another counts at the same moment one of the two is lost, which harms nobody."""
        logger.warning("webhook refused", extra={"source_name": source, "reason": reason})
        today = self._clock.now().astimezone(UTC).date().isoformat()
        if self._full.get(source) == today:
            return
        key = f"hook/refused/{source}"
        item = self._state.get(key)
        same_day = item is not None and item.value["day"] == today
        held: dict[str, Any] = item.value if item and same_day else {"day": today, "count": 0, "reasons": {}}
        if held["count"] >= MOST_COUNTED:
            self._full[source] = today
            return
        reasons = {**held["reasons"], reason: held["reasons"].get(reason, 0) + 1}
        value = {"day": today, "count": held["count"] + 1, "reasons": reasons}
        try:
            self._state.put(key, value, expected_version=item.version if item else 0)
        except StateConflict:
            logger.info("refusal not counted", extra={"source_name": source})


class Handshakes:
    """Gusto posts the key of a new subscription to the hook itself, unsigned.

    So it is listened to only while an operator expects it, and what arrives is
    a candidate: Gusto says which is real when the operator sends it back to
    confirm the subscription, and only then does the operator make it the key.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self._state, self._clock = state, clock

    def expect(self, source: str, minutes: int) -> None:
        """Listen for so long; earlier candidates are forgotten."""
        until = self._clock.now() + timedelta(minutes=minutes)
        self._state.put(_key(source), {"until": until.isoformat(), "tokens": []}, expected_version=None)

    def note(self, source: str, token: str) -> bool:
        """True when the token was noted; False when nobody expects one, or there are too many."""
        item = self._state.get(_key(source))
        if item is None or datetime.fromisoformat(item.value["until"]) < self._clock.now():
            return False
        tokens = item.value["tokens"]
        if token in tokens:
            return True
        if len(tokens) >= MOST_TOKENS or len(token) > LONGEST_TOKEN:
            return False
        self._state.put(_key(source), {**item.value, "tokens": [*tokens, token]}, expected_version=item.version)
        return True

    def candidates(self, source: str) -> list[str]:
        """What has arrived since `expect`; they are forgotten on being told."""
        item = self._state.get(_key(source))
        if item is None:
            return []
        self._state.delete(_key(source))
        return [str(token) for token in item.value["tokens"]]


def _key(source: str) -> str:
    return f"hook/handshake/{source}"
