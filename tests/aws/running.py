"""A Lambda of the deployed template: its own environment and nothing else, its own role, its own copy of the code.

The container is this process, so one function runs at a time. `/opt` is where
the files of the function's layers were staged, because there is no mount here.
"""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from local import state_machine
from tests.aws.deploying import Deployment, Resource
from tests.aws.iam.guard import Caller, Guard
from tests.aws.stand_ins import ACCOUNT, REGION, operator

KEPT = ("PATH", "TMPDIR", "COVERAGE_PROCESS_START")
"""What this machine needs to run Python at all."""


@dataclass(frozen=True)
class Context:
    function_name: str
    invoked_function_arn: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: int = 1024

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@dataclass
class Container:
    """One function after its cold start."""

    function: Resource
    environment: dict[str, str]
    session: Any = None
    handler: Callable[[dict[str, Any], object], Any] | None = None


class Functions:
    """Stands where the Lambda service stands."""

    def __init__(self, deployment: Deployment, guard: Guard) -> None:
        self.deployment, self.guard = deployment, guard
        self.raised: list[BaseException] = []
        self.invoked: list[str] = []
        self._containers: dict[str, Container] = {}
        self._lock = threading.RLock()

    @contextmanager
    def serving(self) -> Iterator[Functions]:
        """Every Invoke, of the SDK and of the state machine, runs the deployed code."""
        from moto.awslambda_simple.models import LambdaSimpleBackend
        from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils

        state_machine._install()  # it replaces the same name, once per process: ours is there for as long as this lasts
        functions = self

        def invoke(_: Any, name: str, qualifier: Any, body: Any, headers: Any, response_headers: Any) -> bytes:
            answer, failed = functions.invoke(name, json.loads(body or "{}"))
            if failed:
                response_headers["x-amz-function-error"] = "Unhandled"
            return json.dumps(answer).encode()

        with (
            mock.patch.object(LambdaSimpleBackend, "invoke", invoke),
            mock.patch.object(lambda_eval_utils, "boto_client_for", return_value=_MachineClient(functions)),
        ):
            yield self

    def execute(self, machine: Resource, event: dict[str, Any], *, sleep: Callable[[float], None]) -> dict[str, Any]:
        """Run the deployed machine to its end; what Step Functions says about the execution then."""
        client = operator("stepfunctions")
        name = f"test-{uuid.uuid4()}"
        state_machine._runs[name] = state_machine._Run(lambda *_: None, sleep)
        try:
            started = client.start_execution(stateMachineArn=machine.id, name=name, input=json.dumps(event))
            while True:
                execution: dict[str, Any] = client.describe_execution(executionArn=started["executionArn"])
                if execution["status"] != "RUNNING":
                    return execution
                time.sleep(0.05)
        finally:
            del state_machine._runs[name]

    def invoke(self, name: str, event: dict[str, Any]) -> tuple[Any, bool]:
        """What Lambda answers, and whether the function failed."""
        name = name.rpartition("function:")[2].partition(":")[0] if name.startswith("arn:") else name
        with self._lock:
            self.invoked.append(name)
            container = self._container(name)
            with self._inside(container):
                try:
                    assert container.handler is not None
                    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
                    return json.loads(json.dumps(container.handler(event, Context(name, arn)))), False
                except Exception as error:
                    self.raised.append(error)
                    told = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}
                    return told, True

    def named(self, logical_start: str, *, stack: str) -> Resource:
        """The function whose logical id begins so, e.g. RefreshPlan."""
        found = [
            each
            for each in self.deployment.of_type("AWS::Lambda::Function", stack=stack)
            if each.logical_id.startswith(logical_start)
        ]
        (function,) = found
        return function

    def caller(self, function: Resource) -> Caller:
        return Caller(str(function.properties["Role"]), function)

    def _container(self, name: str) -> Container:
        if name not in self._containers:
            function = self.deployment.by_id("AWS::Lambda::Function", name)
            made = Container(function, self._environment(function))
            with self._inside(made):
                made.handler = self._load(function)
            self._containers[name] = made
        return self._containers[name]

    def _environment(self, function: Resource) -> dict[str, str]:
        """The variables of the template, and those that Lambda sets."""
        role = str(function.properties["Role"])
        given = operator("sts").assume_role(RoleArn=role, RoleSessionName=function.id[-60:])
        keys = given["Credentials"]
        self.guard.callers[keys["AccessKeyId"]] = self.caller(function)
        declared = dict((function.properties.get("Environment") or {}).get("Variables", {}))
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **{name: self._mounted(str(value), function) for name, value in declared.items()},
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_LAMBDA_FUNCTION_NAME": function.id,
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def _mounted(self, value: str, function: Resource) -> str:
        if not value.startswith("/opt/"):
            return value
        for arn in function.properties.get("Layers", []):
            content = self.deployment.by_id("AWS::Lambda::LayerVersion", arn).properties["Content"]
            staged = self.deployment.asset(content["S3Key"]) / value.removeprefix("/opt/")
            if staged.exists():
                return str(staged)
        raise AssertionError(f"{function.logical_id} is told to read {value}, which none of its layers brings")

    def _load(self, function: Resource) -> Callable[[dict[str, Any], object], Any]:
        """The handler out of the staged asset, as a module of its own: what it caches is this function's alone."""
        folder = self.deployment.asset(function.properties["Code"]["S3Key"])
        file, _, name = str(function.properties["Handler"]).rpartition(".")
        spec = importlib.util.spec_from_file_location(f"deployed_{function.logical_id}", folder / f"{file}.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(folder / f"{file}.py")
        module = importlib.util.module_from_spec(spec)
        with mock.patch.object(sys, "path", [str(folder), *sys.path]):
            spec.loader.exec_module(module)
        handler: Callable[[dict[str, Any], object], Any] = getattr(module, name)
        return handler

    @contextmanager
    def _inside(self, container: Container) -> Iterator[None]:
        """Environment, SDK session and network of one function."""
        import boto3

        attached = bool((container.function.properties.get("VpcConfig") or {}).get("SubnetIds"))
        here = socket.socket.connect if not attached else _no_way_out(container.function.logical_id)
        outer = dict(os.environ), boto3.DEFAULT_SESSION
        os.environ.clear()
        os.environ.update(container.environment)
        boto3.DEFAULT_SESSION = container.session
        try:
            with mock.patch.object(socket.socket, "connect", here):
                yield
        finally:
            container.session = boto3.DEFAULT_SESSION
            os.environ.clear()
            os.environ.update(outer[0])
            boto3.DEFAULT_SESSION = outer[1]


class _MachineClient:
    """The interpreter's Lambda client, with the role of the machine whose state it is."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions

    def invoke(self, **parameters: Any) -> Any:
        stack = self._functions.deployment.by_id(
            "AWS::Lambda::Function", parameters["FunctionName"].rpartition("function:")[2].partition(":")[0]
        ).stack
        (machine,) = self._functions.deployment.of_type("AWS::StepFunctions::StateMachine", stack=stack)
        call = self._functions.guard.check(Caller(machine.properties["RoleArn"]), "lambda", "Invoke", parameters)
        self._functions.guard.calls.append(call)
        if call.refused:
            raise PermissionError(str(call))
        return operator("lambda").invoke(**parameters)


def _no_way_out(name: str) -> Callable[..., None]:
    def connect(_: socket.socket, address: Any) -> None:
        raise AssertionError(f"{name} is in an isolated VPC and tried to reach {address}")

    return connect
