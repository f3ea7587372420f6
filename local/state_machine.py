"""The state machine file runs on a laptop because moto interprets it, not because anyone wrote it twice.

moto's interpreter reaches for a Lambda client and for `time.sleep`. Both are
replaced here, and only here: `execute` hands every task to a Python callable
and every wait to another. No AWS client is made, no address is resolved, no
credential is read, and other users of boto3 in the process notice nothing.
The names it replaces are not a public interface of moto, whose version is
therefore pinned; `_install` refuses to go on when one of them has moved.

moto is imported on the first execution, which costs about two seconds; a
third is saved by leaving out its AWS Batch task, which loads all of EC2.
"""

from __future__ import annotations

import functools
import io
import json
import logging
import re
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

REGION, ACCOUNT = "us-east-1", "000000000000"
TOKEN = re.compile(r"\$\{(\w+)\}")
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Execution:
    """How an execution ended: `output` when it succeeded, else `error` and `cause` as Step Functions gives them."""

    status: str
    output: dict[str, Any] | None
    error: str
    cause: str


@dataclass(frozen=True)
class _Run:
    invoke: Callable[[str, dict[str, Any]], Any]
    sleep: Callable[[float], None]


_runs: dict[str, _Run] = {}
_retrying = threading.local()


def execute(
    definition: str,
    event: Mapping[str, Any],
    *,
    invoke: Callable[[str, dict[str, Any]], Any],
    sleep: Callable[[float], None] = time.sleep,
) -> Execution:
    """Run `definition`, whose tasks are `${Name}` tokens, and return when it has ended.

    `invoke(name, event)` does the work of a task, in a thread of the
    interpreter; what it raises reaches Retry and Catch under its class name,
    as from Lambda. `sleep(seconds)` is called for Wait states and retries.
    """
    backend = _install()(REGION, ACCOUNT)
    token = f"run{uuid.uuid4().hex}"
    _runs[token] = _Run(invoke, sleep)
    try:
        machine = backend.create_state_machine(
            name=token,
            definition=TOKEN.sub(lambda found: _arn(token, found[1]), definition),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/laptop",
        )
        execution = backend.start_execution(machine.arn, token, json.dumps(dict(event)))
        while execution.status == "RUNNING":
            time.sleep(POLL_SECONDS)
        return Execution(execution.status, execution.output, execution.error or "", execution.cause or "")
    finally:
        del _runs[token]


def _arn(token: str, name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{token}-{name}"


class _LambdaInProcess:
    """As much of a Lambda client as moto's interpreter uses."""

    def invoke(self, FunctionName: str, Payload: bytes, **_: object) -> dict[str, Any]:
        token, _dash, name = FunctionName.rpartition(":")[2].partition("-")
        try:
            answer, failed = _runs[token].invoke(name, json.loads(Payload)), {}
        except Exception as error:  # whatever a handler raises, Lambda reports
            answer = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}
            failed = {"FunctionError": "Unhandled"}
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode()), **failed}


@functools.cache
def _install() -> Callable[[str, str], Any]:
    """Replace moto's Lambda client and its sleeping, once per process; returns its backend class."""
    logging.getLogger("moto").setLevel(logging.CRITICAL + 1)  # it prints its parse tree for every error that is caught
    _leave_out_batch()
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
    from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function import wait_function
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    retry: Callable[[Any, Any], None] = retrier_decl.RetrierDecl._eval_body

    def retry_of_a_run(self: Any, env: Any) -> None:
        _retrying.run = _run_of(env)
        retry(self, env)

    def wait_of_a_run(self: Any, env: Any, wait_seconds: int) -> None:
        _run_of(env).sleep(wait_seconds)

    replacements: tuple[tuple[Any, str, Any], ...] = (
        (lambda_eval_utils, "boto_client_for", lambda **_: _LambdaInProcess()),
        (retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: _retrying.run.sleep(seconds))),
        (retrier_decl.RetrierDecl, "_eval_body", retry_of_a_run),
        (wait_function.WaitFunction, "_wait_interval", wait_of_a_run),
    )
    for owner, name, ours in replacements:
        if not hasattr(owner, name):
            raise RuntimeError(f"moto changed: {owner.__name__}.{name} is gone; install the locked version")
        setattr(owner, name, ours)
    return StepFunctionsParserBackend


def _leave_out_batch() -> None:
    """Stand in for moto's AWS Batch task, unless somebody else has loaded it."""
    services = "moto.stepfunctions.parser.asl.component.state.exec.state_task.service"
    stand_in = ModuleType(f"{services}.state_task_service_batch")
    stand_in.StateTaskServiceBatch = object  # type: ignore[attr-defined]
    sys.modules.setdefault(stand_in.__name__, stand_in)


def _run_of(env: Any) -> _Run:
    return _runs[env.states.context_object.context_object_data["Execution"]["Name"]]
