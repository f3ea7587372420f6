"""From the vendor's call to a stored event and a message, in well under the three seconds that a vendor waits."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from datablueprint.errors import SettingsError
from datablueprint.hooks import SOURCES, folder, secret_name
from datablueprint.hooks.gatekeeping import Handshakes, Refusals
from datablueprint.hooks.notices import name_of, notices, verification_token
from datablueprint.hooks.signatures import LONGEST_BODY, Delivery, genuine
from datablueprint.ports import Clock, Files, Queue, Secrets, State
from datablueprint.settings import Settings

logger = logging.getLogger(__name__)
KEYS_KEPT_SECONDS = 60
Answer = dict[str, Any]


class Reception:
    """The route POST /hooks/{source}."""

    def __init__(
        self, settings: Settings, *, files: Files, state: State, secrets: Secrets, clock: Clock, events: Queue
    ) -> None:
        self._settings, self._files, self._secrets, self._clock, self._events = settings, files, secrets, clock, events
        self._refusals = Refusals(state, clock)
        self._handshakes = Handshakes(state, clock)
        self._keys: dict[str, tuple[float, list[str]]] = {}

    def receive(self, event: Mapping[str, Any]) -> Answer:
        """Answer one API Gateway event.

        200 when the event is kept, or genuine and not for us; 401 when it is not
        the vendor's. What fails on our side is raised: the vendor sends it again.
        """
        source = str((event.get("pathParameters") or {}).get("source", ""))
        if source not in SOURCES or source not in self._settings.sources:
            return _problem(
                404, "No such hook", "No system of that name calls here.", "Use the address in the RUNBOOK."
            )
        if len(event.get("body") or "") > 2 * LONGEST_BODY:
            return self._too_large()
        delivery = Delivery.of(source, event)
        if delivery is None:
            return _problem(400, "No base64", "The body is not the base64 it is said to be.", "Send it as it is.")
        if len(delivery.body) > LONGEST_BODY:
            return self._too_large()
        return self._judge(delivery)

    def _judge(self, delivery: Delivery) -> Answer:
        try:
            keys = self._keys_of(delivery.source)
        except SettingsError as error:
            logger.error("webhook key missing", extra={"source_name": delivery.source, "problem": str(error)})
            return _problem(503, "Not set up", "The key of this hook is not set.", "Fill in its secret.")
        if genuine(delivery, keys):
            return self._accept(delivery)
        token = verification_token(delivery.body) if delivery.source == "gusto" else None
        if token and self._handshakes.note(delivery.source, token):
            return _answer(200, {"status": "noted"})
        self._refusals.count(delivery.source, "forged")
        fix = "Check the key in the system and in the secret."
        return _problem(401, "Not genuine", "The signature does not fit the body.", fix)

    def _accept(self, delivery: Delivery) -> Answer:
        """A genuine delivery for somebody else is no error of the vendor's, who would hold back all later ones."""
        told = notices(delivery.source, delivery.body)
        account = self._settings.sources[delivery.source].account
        own = [notice for notice in told or () if account and notice.account == account]
        if not own:
            self._refusals.count(delivery.source, "unreadable" if told is None else "foreign")
            return _answer(200, {"status": "ignored"})
        now = self._clock.now().astimezone(UTC)
        self._keep(delivery, now)
        name = name_of(own, delivery.body)
        self._events.send({"source": delivery.source, "event": name, "at": now.isoformat()})
        return _answer(200, {"status": "accepted"})

    def _keep(self, delivery: Delivery, now: datetime) -> None:
        key = f"{folder(delivery.source, now.date().isoformat())}{delivery.digest}.json"
        self._files.write(key, delivery.body)

    def _keys_of(self, source: str) -> list[str]:
        """A short memory: a flood of calls must not become a flood on Secrets Manager."""
        now = self._clock.monotonic()
        held = self._keys.get(source)
        if held is None or now - held[0] > KEYS_KEPT_SECONDS:
            fields = self._secrets.get(secret_name(self._settings.tenant, source))
            held = now, [fields.get("key", ""), fields.get("previous", "")]
            self._keys[source] = held
        return held[1]

    def _too_large(self) -> Answer:
        limit = f"A delivery may have {LONGEST_BODY // 1024} KB."
        return _problem(413, "The body is too large", limit, "Send fewer events at a time.")


def _problem(status: int, title: str, detail: str, fix: str) -> Answer:
    kind = f"urn:datablueprint:problem:http-{status}"
    body = {"type": kind, "title": title, "status": status, "detail": detail, "fix": fix}
    return _answer(status, body, "application/problem+json")


def _answer(status: int, body: Mapping[str, Any], kind: str = "application/json") -> Answer:
    headers = {"Content-Type": kind, "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}
