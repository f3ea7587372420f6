"""Who stands where and may do what, read from the templates: policies, event sources, endpoints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from infra.templates import Resource, Template

Zone = Literal["inside", "outside", ""]
RUNTIME = "AWS::BedrockAgentCore::Runtime"


@dataclass(frozen=True)
class Grant:
    action: str
    on: str
    """The resource as text: names of what it refers to, and its prefix."""


@dataclass(frozen=True)
class Part:
    """A function or the agent's runtime, with its role."""

    name: str
    """The folder of functions/ it runs."""
    id: str
    zone: Zone
    """By the path of its role; empty for the CDK's own."""
    grants: tuple[Grant, ...]

    def may(self, *actions: str) -> bool:
        return any(grant.action in actions for grant in self.grants)

    def prefixes(self, action: str) -> list[str]:
        """Folders of the lake on which an action is allowed: raw, tables, ..."""
        found = (re.search(r"Lake\w*?/([^*]+)/\*$", grant.on) for grant in self.grants if grant.action == action)
        return sorted({each[1] for each in found if each})


@dataclass(frozen=True)
class Wiring:
    """One tenant's resources as parts and what connects them."""

    resources: tuple[Resource, ...]
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, templates: Sequence[Template]) -> Wiring:
        resources = tuple(each for template in templates for each in template.resources)
        return cls(resources, tuple(_parts(resources)))

    def all(self, kind: str) -> list[Resource]:
        return [each for each in self.resources if each.kind == kind]

    def zone(self, zone: Zone) -> list[Part]:
        return [part for part in self.parts if part.zone == zone]

    def named(self, *names: str) -> list[Part]:
        return [part for part in self.parts if part.name in names]

    def invokes(self, role_text: str, target: Part) -> bool:
        """Whether a policy whose construct path holds `role_text` allows invoking the target."""
        return any(
            grant.action in ("lambda:InvokeFunction", "bedrock-agentcore:InvokeAgentRuntime") and target.id in grant.on
            for policy in self.all("AWS::IAM::Policy")
            if role_text in policy.path
            for grant in _grants(policy.properties["PolicyDocument"])
        )

    def endpoints(self) -> dict[str, list[str]]:
        """Names of the VPC's endpoints: {"Gateway": ["dynamodb", "s3"], "Interface": [...]}."""
        found: dict[str, list[str]] = {}
        for each in self.all("AWS::EC2::VPCEndpoint"):
            service = text_of(each.properties["ServiceName"]).rstrip(".").split(".", 3)[-1]
            found.setdefault(each.properties["VpcEndpointType"], []).append(re.sub(r"^.*>\.", "", service))
        return {kind: sorted(names) for kind, names in found.items()}

    def queues(self, part: Part, *, sends: bool) -> list[str]:
        """Logical ids of queues that a part sends to, or is started by."""
        if sends:
            return [queue.id for queue in self.all("AWS::SQS::Queue") if self._sends(part, queue)]
        sources = self.all("AWS::Lambda::EventSourceMapping")
        mine = [each for each in sources if part.id in text_of(each.properties["FunctionName"])]
        started = [text_of(each.properties["EventSourceArn"]) for each in mine]
        return [queue.id for queue in self.all("AWS::SQS::Queue") if any(queue.id in text for text in started)]

    @staticmethod
    def _sends(part: Part, queue: Resource) -> bool:
        return any(grant.action == "sqs:SendMessage" and queue.id in grant.on for grant in part.grants)


def text_of(value: Any) -> str:
    """{"Fn::Join": ["", [{"Fn::GetAtt": ["Lake", "Arn"]}, "/raw/*"]]} -> Lake/raw/*."""
    if isinstance(value, str):
        return value
    ((function, given),) = value.items()
    if function == "Fn::Join":
        return str(given[0]).join(text_of(part) for part in given[1])
    if function == "Fn::GetAtt":
        return str(given[0])
    if function == "Fn::ImportValue":
        return re.sub(r"^.*ExportsOutput(FnGetAtt|Ref)", "", text_of(given))
    return text_of(given) if isinstance(given, str | dict) else json.dumps(given)


def _parts(resources: Sequence[Resource]) -> Iterator[Part]:
    roles = {each.id: each for each in resources if each.kind == "AWS::IAM::Role"}
    policies = [each for each in resources if each.kind == "AWS::IAM::Policy"]
    for each in resources:
        name = "agent_runtime" if each.kind == RUNTIME else each.folder
        if each.kind not in ("AWS::Lambda::Function", RUNTIME) or not name:
            continue
        role = text_of(each.properties["RoleArn" if each.kind == RUNTIME else "Role"])
        path = str(roles[role].properties.get("Path", "/"))
        documents = [p.properties["PolicyDocument"] for p in policies if {"Ref": role} in p.properties["Roles"]]
        documents += [each["PolicyDocument"] for each in roles[role].properties.get("Policies", [])]
        grants = tuple(grant for document in documents for grant in _grants(document))
        zone: Zone = "inside" if path.endswith("/inside/") else "outside" if path.endswith("/outside/") else ""
        yield Part(name, each.id, zone, grants)


def _grants(document: dict[str, Any]) -> Iterator[Grant]:
    for statement in document["Statement"]:
        if statement["Effect"] == "Allow":
            for action in _listed(statement["Action"]):
                for resource in _listed(statement["Resource"]):
                    yield Grant(action, text_of(resource))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
