"""Every call that a deployed role makes is judged before moto sees it; a call that can't be judged fails the test."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.aws.deploying import Resource
from tests.aws.iam.account import Account, Unreachable
from tests.aws.iam.calls import requests_of
from tests.aws.iam.conditions import NotUnderstood
from tests.aws.iam.policies import Request, Verdict, judge

SERVICES = {"s3": "s3", "stepfunctions": "states"}
"""How actions begin where that is not the SDK's name of the service."""


@dataclass(frozen=True)
class Caller:
    """Who makes calls with one access key: a role, and the function whose code runs, if any."""

    role: str
    function: Resource | None = None


@dataclass(frozen=True)
class Call:
    caller: Caller
    service: str
    operation: str
    requests: tuple[Request, ...]
    refused: tuple[tuple[Request, Verdict], ...] = ()

    @property
    def tells_absence(self) -> bool:
        """S3 answers 403 about an absent key to who may list only some prefixes; the product knows that."""
        return self.service == "s3" and self.operation == "GetObject" and self._lacks_listing

    @property
    def _lacks_listing(self) -> bool:
        return {request.action for request, _ in self.refused} == {"s3:ListBucket"}

    def __str__(self) -> str:
        name = self.caller.function.logical_id if self.caller.function else self.caller.role.rpartition("/")[2]
        why = "; ".join(f"{request}: {verdict.why}" for request, verdict in self.refused)
        return f"{name} called {self.service}:{self.operation}" + (f", refused: {why}" if why else "")


@dataclass
class Guard:
    """Judges the calls of known access keys; those of the test's own hands are nobody's business."""

    account: Account
    callers: dict[str, Caller] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    """What could not be judged. The test asserts that there is none, since handlers may swallow exceptions."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def refused(self) -> list[Call]:
        return [call for call in self.calls if call.refused and not call.tells_absence]

    def check(self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]) -> Call:
        """Judge one call without making it."""
        prefix = SERVICES.get(service, service)
        known = {**params, "__action__": f"{prefix}:{operation}"}
        asked = requests_of(service, operation, known, self.account)
        requests = tuple(self.account.context(request, caller.role, caller.function) for request in asked)
        judged = [(each, self.judge(each, caller)) for each in requests]
        refused = tuple((request, verdict) for request, verdict in judged if not verdict.allowed)
        return Call(caller, service, operation, requests, refused)

    def judge(self, request: Request, caller: Caller) -> Verdict:
        return judge(request, caller.role, self.account.policies(request, caller.role, caller.function))

    @contextmanager
    def watching(self) -> Iterator[Guard]:
        """Clients made from now on are watched, in every session of this process."""
        from botocore import handlers

        hooks = [("before-parameter-build", self._remember), ("before-call", self._before)]
        handlers.BUILTIN_HANDLERS.extend(hooks)
        try:
            yield self
        finally:
            for hook in hooks:
                handlers.BUILTIN_HANDLERS.remove(hook)

    def _remember(self, params: Any, context: dict[str, Any], **_: Any) -> None:
        """By reference: later handlers turn a resource's Python values into DynamoDB's in place."""
        context["datablueprint_params"] = params

    def _before(self, model: Any, request_signer: Any, context: dict[str, Any], **_: Any) -> None:
        key = request_signer._credentials.access_key
        caller = self.callers.get(key)
        if caller is None:
            return
        service = model.service_model.service_name
        try:
            call = self.check(caller, service, model.name, context["datablueprint_params"])
        except (NotUnderstood, Unreachable, KeyError, StopIteration) as fault:
            self.faults.append(fault)
            raise
        with self._lock:
            self.calls.append(call)
        if call.refused:
            raise _denied(call, model.name)


def _denied(call: Call, operation: str) -> Exception:
    from botocore.exceptions import ClientError

    code = "AccessDenied" if call.service in ("s3", "sns", "sqs") else "AccessDeniedException"
    error: Exception = ClientError({"Error": {"Code": code, "Message": str(call)}, "ResponseMetadata": {}}, operation)
    return error
