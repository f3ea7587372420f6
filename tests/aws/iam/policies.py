"""One request against the policies that concern it, in the order of AWS: what is denied first, then who allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.aws.iam.conditions import Context, NotUnderstood, arn_like, hold, wildcard

Kind = Literal["identity", "resource", "endpoint", "boundary"]
UNDERSTOOD = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"
}  # fmt: skip


TELLING = ("s3:prefix", "dynamodb:LeadingKeys", "kms:ViaService", "aws:CalledVia")


@dataclass(frozen=True)
class Request:
    """One action on one resource; a call may need several, e.g. S3's and that of the key it encrypts with."""

    action: str
    resource: str
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)

    def within(self, **more: str | Sequence[str]) -> Request:
        return replace(self, context={**self.context, **more})

    def __str__(self) -> str:
        told = ", ".join(f"{name} {self.context[name]}" for name in TELLING if name in self.context)
        return f"{self.action} on {self.resource}" + (f" ({told})" if told else "")


@dataclass(frozen=True)
class Statement:
    """One statement, and in which policy it stands."""

    origin: str
    raw: Mapping[str, Any]

    @property
    def denies(self) -> bool:
        unknown = set(self.raw) - UNDERSTOOD
        if unknown:
            raise NotUnderstood(f"{self.origin}: {', '.join(sorted(unknown))}")
        return bool(self.raw["Effect"] == "Deny")

    def concerns(self, request: Request) -> bool:
        """Whether action, resource and conditions are those of the request."""
        return (
            self._about_action(request.action)
            and self._about_resource(request.resource)
            and hold(self.raw.get("Condition", {}), request.context)
        )

    def names(self, principal: str) -> bool:
        """Whether a resource's policy means this role by its own ARN or by `*`."""
        return any(each in ("*", principal) for each in self._principals())

    def trusts_account(self, account: str) -> bool:
        """Whether a resource's policy leaves the decision to the account's own IAM policies."""
        return any(each == account or each.endswith(f"::{account}:root") for each in self._principals())

    def _principals(self) -> list[str]:
        principal = self.raw.get("Principal", {})
        if isinstance(principal, str):
            return [principal]
        unknown = set(principal) - {"AWS", "Service", "CanonicalUser", "Federated"}
        if unknown:
            raise NotUnderstood(f"{self.origin}: principal {unknown}")
        return _list(principal.get("AWS", []))

    def _about_action(self, action: str) -> bool:
        listed = _list(self.raw.get("Action", self.raw.get("NotAction")))
        found = any(wildcard(each, ignore_case=True).fullmatch(action) for each in listed)
        return found != ("NotAction" in self.raw)

    def _about_resource(self, resource: str) -> bool:
        if "Resource" not in self.raw and "NotResource" not in self.raw:
            raise NotUnderstood(f"{self.origin}: a statement without Resource")
        listed = _list(self.raw.get("Resource", self.raw.get("NotResource")))
        if any("${" in each for each in listed):
            raise NotUnderstood(f"{self.origin}: policy variable in {listed}")
        return any(each == "*" or arn_like(resource, each) for each in listed) != ("NotResource" in self.raw)


@dataclass(frozen=True)
class Policies:
    """Everything that has a say on a request of one principal; None where there is no such policy."""

    identity: Sequence[Statement]
    resource: Sequence[Statement] | None = None
    endpoint: Sequence[Statement] | None = None
    """Of the VPC endpoint that the request passes through."""
    boundary: Sequence[Statement] | None = None


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    why: str
    by: tuple[Statement, ...] = ()
    """The statements that allowed or denied."""


def judge(request: Request, principal: str, policies: Policies) -> Verdict:
    """As within one account: an explicit Deny anywhere, then endpoint and boundary, then identity or resource.

    A KMS key's policy has to agree in any case, which it may do by trusting the account's IAM policies.
    """
    denying = _matching(request, principal, policies, denies=True)
    if denying:
        return Verdict(False, f"denied explicitly by {denying[0].origin}", tuple(denying))
    for name, limiting in (("VPC endpoint's policy", policies.endpoint), ("boundary", policies.boundary)):
        if limiting is not None and not _allowing(request, limiting, principal):
            return Verdict(False, f"not allowed by the {name}")
    by_identity = _allowing(request, policies.identity, None)
    by_resource = _allowing(request, policies.resource or (), principal)
    if request.action.startswith("kms:"):
        return _judge_key(request, principal, policies.resource or (), by_identity, by_resource)
    if by_identity or by_resource:
        return Verdict(True, "allowed", (*by_identity, *by_resource))
    return Verdict(False, "no policy allows it")


def _judge_key(
    request: Request,
    principal: str,
    key: Sequence[Statement],
    by_identity: list[Statement],
    by_resource: list[Statement],
) -> Verdict:
    if by_resource:
        return Verdict(True, "allowed by the key's policy", tuple(by_resource))
    account = principal.split(":")[4]
    trusting = [s for s in key if not s.denies and s.trusts_account(account) and s.concerns(request)]
    if not trusting:
        return Verdict(False, "the key's policy does not let this account's policies decide")
    if not by_identity:
        return Verdict(False, "no policy allows it")
    return Verdict(True, "allowed", tuple(by_identity))


def _matching(request: Request, principal: str, policies: Policies, *, denies: bool) -> list[Statement]:
    of_principal = [*policies.identity, *(policies.boundary or ())]
    of_others = [*(policies.resource or ()), *(policies.endpoint or ())]
    found = [s for s in of_principal if s.denies == denies and s.concerns(request)]
    named = [s for s in of_others if s.denies == denies and _means(s, principal) and s.concerns(request)]
    return found + named


def _means(statement: Statement, principal: str) -> bool:
    return statement.names(principal) or statement.trusts_account(principal.split(":")[4])


def _allowing(request: Request, statements: Iterable[Statement], principal: str | None) -> list[Statement]:
    """Allowing statements; of policies with principals only those that name this one."""
    return [
        statement
        for statement in statements
        if not statement.denies and (principal is None or statement.names(principal)) and statement.concerns(request)
    ]


def statements(document: Mapping[str, Any], origin: str) -> list[Statement]:
    """The statements of a policy document, each with its place."""
    listed = document["Statement"]
    raw = listed if isinstance(listed, list) else [listed]
    return [Statement(f"{origin}[{place}]", each) for place, each in enumerate(raw)]


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


__all__ = ["Context", "Policies", "Request", "Statement", "Verdict", "judge", "statements"]
