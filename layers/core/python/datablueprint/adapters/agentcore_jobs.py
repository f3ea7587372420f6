"""On AgentCore the runtime takes a question and answers on its own time; nobody waits on the line for it."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from typing import Any

from datablueprint.errors import Busy, SettingsError

logger = logging.getLogger(__name__)
CONNECT_SECONDS, READ_SECONDS, MOST_TRIES = 2, 9, 2
"""Both tries together end before the 29 s after which API Gateway hangs up; a repeated start does nothing."""
LATER = frozenset(
    {"ThrottlingException", "ServiceQuotaExceededException", "RetryableConflictException", "InternalServerException",
     "RuntimeClientError"}
)  # fmt: skip
"""A later try may work: no room for another session, one that is starting or going, or one that fell over."""
RETRY_SECONDS = 5


class AgentCoreJobs:
    """`Work` by InvokeAgentRuntime, one session per person.

    A session is a machine of its own with a warm desk, so follow-ups are quick
    and one person's flood of questions is refused without slowing the others.
    `asked_by` says who asked a question. Busy when there is no room for it.
    """

    def __init__(self, runtime: str, *, asked_by: Callable[[str], str], client: Any = None) -> None:
        self._runtime, self._asked_by = runtime, asked_by
        self._client = client or _client()

    def start(self, question_id: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

        try:
            told = self._invoke(question_id)
        except ReadTimeoutError:
            # The machine may still be starting and will get the question; if not, its lease runs out and says so.
            logger.warning("agent slow to take a question", extra={"question_id": question_id})
            return
        except ClientError as error:
            raise _refused(error.response) from error
        except BotoCoreError as error:
            raise _full(f"The agent cannot be reached ({type(error).__name__})") from error
        if told.get("status") != "accepted":
            raise _full("Too many questions are being asked at once")

    def _invoke(self, question_id: str) -> dict[str, Any]:
        answer = self._client.invoke_agent_runtime(
            agentRuntimeArn=self._runtime,
            runtimeSessionId=session_of(self._asked_by(question_id)),
            contentType="application/json",
            accept="application/json",
            payload=json.dumps({"question_id": question_id}).encode(),
        )
        try:
            told = json.loads(answer["response"].read())
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


def session_of(person: str) -> str:
    """A session id of 64 characters (at least 33 are asked for); it tells nobody's name."""
    return hashlib.sha256(person.encode()).hexdigest()


def _client() -> Any:
    import boto3
    from botocore.config import Config

    limits = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": MOST_TRIES},
    )
    return boto3.client("bedrock-agentcore", config=limits)


def _refused(response: Any) -> Exception:
    code = str(response.get("Error", {}).get("Code", ""))
    if code in LATER:
        return _full(f"The agent has no room for another question ({code})")
    return SettingsError(f"The agent refuses questions ({code}); the runtime or the right to invoke it is missing")


def _full(sentence: str) -> Busy:
    return Busy(sentence, retry_after=RETRY_SECONDS)
