"""In AWS a question is answered by another function, invoked without waiting for it."""

from __future__ import annotations

import json
from typing import Any

from datablueprint.errors import Busy


class LambdaJobs:
    """`Work` by asynchronous invocation of the function `answer`; Busy when Lambda has no room."""

    def __init__(self, function: str, *, client: Any = None) -> None:
        import boto3

        self._function = function
        self._client = client or boto3.client("lambda")

    def start(self, question_id: str) -> None:
        event = json.dumps({"question_id": question_id}).encode()
        try:
            self._client.invoke(FunctionName=self._function, InvocationType="Event", Payload=event)
        except self._client.exceptions.TooManyRequestsException:
            raise Busy("Too many questions are being asked at once", retry_after=5) from None
