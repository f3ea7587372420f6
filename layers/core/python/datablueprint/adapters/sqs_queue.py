"""SQS is a queue that may say things twice and in any order, which is all that the port promises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class SqsQueue:
    """`Queue` over one standard queue, by its URL."""

    def __init__(self, url: str, *, client: Any = None) -> None:
        import boto3

        self._url = url
        self._client = client or boto3.client("sqs")

    def send(self, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
        body = json.dumps(dict(message))
        self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay_seconds)
