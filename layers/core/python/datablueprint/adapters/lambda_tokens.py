"""An extractor in AWS holds no secret: it asks its system's broker, and keeps the answer while it is good."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from datablueprint.errors import DataBlueprintError, SettingsError, SourceUnavailable, from_document
from datablueprint.ports import Clock

ASK_AGAIN = timedelta(seconds=60)
"""A token with less time than this is not begun with."""
CONNECT_SECONDS, READ_SECONDS, MOST_TRIES = 3, 185, 2
"""A broker may wait three minutes for a vendor; asking twice is safe, because brokers hold leases."""


class Broker:
    """The function that hands out the access tokens of one system."""

    def __init__(self, function: str, *, title: str, client: Any = None) -> None:
        self._function, self._title, self._given = function, title, client

    @cached_property
    def _client(self) -> Any:
        if self._given:
            return self._given
        import boto3
        from botocore.config import Config

        limits = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": MOST_TRIES},
        )
        return boto3.client("lambda", config=limits)

    def ask(self, action: str, **about: Any) -> dict[str, Any]:
        """The broker's answer; its errors are raised as ours, with their sentence and way out."""
        from botocore.exceptions import BotoCoreError, ClientError

        event = json.dumps({"action": action, **{name: value for name, value in about.items() if value}}).encode()
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=event)
        except ClientError as error:
            raise self._refused(str(error.response.get("Error", {}).get("Code", ""))) from error
        except BotoCoreError as error:
            raise self._silent(type(error).__name__) from error
        told = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise self._silent(str(told.get("errorType") or "it ended early"))
        if "error" in told:
            raise from_document(told["error"])
        return dict(told)

    def _refused(self, code: str) -> DataBlueprintError:
        if code in ("AccessDeniedException", "ResourceNotFoundException"):
            return SettingsError(f"{self._title}: its token broker may not be asked or is missing ({code})")
        return self._silent(code)

    def _silent(self, why: str) -> SourceUnavailable:
        return SourceUnavailable(
            self._title,
            f"its token broker did not answer ({why})",
            way_out="The connection is kept: the next refresh tries again; the broker's log says more",
        )


class LambdaTokens:
    """`AccessTokens` by a broker; the answer is kept for the life of this object and no longer."""

    def __init__(self, broker: Broker, *, clock: Clock, calls: Counter[str]) -> None:
        self._broker, self._clock, self._calls = broker, clock, calls
        self._held: Mapping[str, Any] | None = None

    def access(self) -> str:
        if self._held and datetime.fromisoformat(self._held["expires_at"]) - self._clock.now() > ASK_AGAIN:
            return str(self._held["access_token"])
        return self._kept(self._broker.ask("access"))

    def renew(self, rejected: str | None = None) -> str:
        """The mark of the refused token goes to the broker, so tokens travel one way only."""
        mark = hashlib.sha256(rejected.encode()).hexdigest() if rejected else None
        return self._kept(self._broker.ask("renew", rejected=mark))

    def door(self) -> str:
        return str((self._held or {}).get("door") or "on the page of connections")

    def close(self) -> None:
        self._held = None

    def _kept(self, answer: Mapping[str, Any]) -> str:
        self._held = answer
        self._calls["token"] += int(answer.get("calls", 0))
        return str(answer["access_token"])
