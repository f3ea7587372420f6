"""A model behind Bedrock's Converse, with a guardrail where one is set; when it cannot be had, it says so in time."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from datablueprint.errors import ModelUnavailable
from datablueprint.ports import Clock
from datablueprint.settings import AgentSettings

PASSING = frozenset(
    {"ThrottlingException", "ServiceUnavailableException", "ModelTimeoutException", "ModelNotReadyException",
     "InternalServerException"}
)  # fmt: skip
"""A later try may work."""
MOST_TRIES, FIRST_WAIT, LONGEST_WAIT = 5, 0.4, 4.0
"""Waits are random up to a bound that doubles (in seconds), and never beyond the time that is left."""
LEAST_SECONDS = 1.0
"""Too little for a call to come back."""
CONNECT_SECONDS = 3
SCREEN_SECONDS = 3
SCREENED = 20_000
"""Characters of record text that one ApplyGuardrail call takes safely below its limit of 25 text units."""

Clients = Callable[[int], Any]
"""A bedrock-runtime client whose answers must come within so many seconds."""


class BedrockModel:
    """Speaks Converse; `clients` and `rest` are the seams where tests stand in."""

    name = "bedrock"
    embedded = False

    def __init__(
        self,
        settings: AgentSettings,
        clock: Clock,
        *,
        clients: Clients | None = None,
        between: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._settings, self._clock, self._between = settings, clock, between
        self._clients = clients or clients_of(settings.region)

    @property
    def model_id(self) -> str:
        return self._settings.model_id

    def converse(
        self, messages: Sequence[Mapping[str, Any]], *, system: str, tools: Mapping[str, Any], seconds: float
    ) -> Mapping[str, Any]:
        """Converse's answer; ModelUnavailable when it is refused, or not had within `seconds`."""
        request = self._request(messages, system, tools)
        until = self._clock.monotonic() + seconds
        bound = FIRST_WAIT
        for _ in range(MOST_TRIES):
            left = until - self._clock.monotonic()
            if left < LEAST_SECONDS:
                break
            answer = self._try(request, left)
            if answer is not None:
                return answer
            wait = self._between(0, bound)
            if wait > until - self._clock.monotonic() - LEAST_SECONDS:
                break
            self._clock.sleep(wait)
            bound = min(2 * bound, LONGEST_WAIT)
        raise ModelUnavailable(f"The language model did not answer within {seconds:.0f} s")

    def _try(self, request: Mapping[str, Any], left: float) -> Mapping[str, Any] | None:
        """One call; None when a later one may work."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: Mapping[str, Any] = self._clients(math.floor(left)).converse(**request)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code not in PASSING:
                raise ModelUnavailable(f"The language model refused the call ({code})") from error
            return None
        except BotoCoreError as error:
            raise ModelUnavailable(f"The language model cannot be reached ({type(error).__name__})") from error
        return answer

    def _request(self, messages: Sequence[Mapping[str, Any]], system: str, tools: Mapping[str, Any]) -> dict[str, Any]:
        chosen = self._settings
        request: dict[str, Any] = {
            "modelId": chosen.model_id,
            "system": [{"text": system}],
            "messages": list(messages),
            "toolConfig": dict(tools),
            "inferenceConfig": {"maxTokens": chosen.max_tokens, "temperature": chosen.temperature},
        }
        if chosen.guardrail_id:
            request["guardrailConfig"] = {
                "guardrailIdentifier": chosen.guardrail_id,
                "guardrailVersion": chosen.guardrail_version,
                "trace": "disabled",
            }
        return request

    def screen(self, texts: Sequence[str], *, seconds: float) -> bool:
        """Whether the guardrail lets record text pass; without one, and when it cannot be asked in time, it does not.

        Converse does not evaluate tool results, so this text is sent to it apart.
        """
        chosen = self._settings
        whole = "\n".join(texts)
        if not chosen.guardrail_id or len(whole) > SCREENED or seconds < LEAST_SECONDS:
            return False
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            told = self._clients(math.floor(min(seconds, SCREEN_SECONDS))).apply_guardrail(
                guardrailIdentifier=chosen.guardrail_id,
                guardrailVersion=chosen.guardrail_version,
                source="INPUT",
                content=[{"text": {"text": whole, "qualifiers": ["guard_content"]}}],
            )
        except (ClientError, BotoCoreError):
            return False  # an outage of the guardrail may only block
        return bool(told.get("action") == "NONE")


def clients_of(region: str) -> Clients:
    """Clients by time limit, made once each; botocore tries once, the retries are ours and within the budget."""

    @cache
    def of(seconds: int) -> Any:
        import boto3
        from botocore.config import Config

        connecting = min(CONNECT_SECONDS, seconds / 3)
        limits = Config(
            region_name=region or None,
            connect_timeout=connecting,
            read_timeout=seconds - connecting,
            retries={"total_max_attempts": 1},
        )
        return boto3.client("bedrock-runtime", config=limits)

    return of


def reachable(region: str) -> bool:
    """Whether credentials and a region resolve, without calling anything."""
    import boto3

    session = boto3.Session(region_name=region or None)
    return session.region_name is not None and session.get_credentials() is not None
