"""A Standard execution's name is taken for ninety days, which makes starting one idempotent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from datablueprint.ports import RefreshRun


class StepFunctionsRefreshes:
    """`Refreshes` as executions of one state machine, by its ARN."""

    def __init__(self, machine: str, *, client: Any = None) -> None:
        import boto3

        self._machine = machine
        self._client = client or boto3.client("stepfunctions")

    def start(self, name: str, request: Mapping[str, Any]) -> None:
        """Start one; a name that was used before, whatever became of it, starts nothing."""
        try:
            self._client.start_execution(
                stateMachineArn=self._machine, name=name, input=json.dumps(dict(request), sort_keys=True)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def find(self, name: str) -> RefreshRun | None:
        try:
            told = self._client.describe_execution(executionArn=self._execution(name))
        except self._client.exceptions.ExecutionDoesNotExist:
            return None
        output = json.loads(told.get("output") or "{}")
        return RefreshRun(told["status"], output if isinstance(output, dict) else {})

    def _execution(self, name: str) -> str:
        return f"{self._machine.replace(':stateMachine:', ':execution:', 1)}:{name}"
