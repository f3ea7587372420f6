"""Looking things up in synthesised templates."""

from __future__ import annotations

import json
from typing import Any

Resources = dict[str, dict[str, Any]]


def written(stack: Any) -> Resources:
    """The resources of a stack's template."""
    from aws_cdk.assertions import Template

    found: Resources = Template.from_stack(stack).to_json()["Resources"]
    return found


def of(resources: Resources, kind: str) -> Resources:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def one(resources: Resources, kind: str) -> dict[str, Any]:
    (found,) = of(resources, kind).values()
    return found


def actions_of(resources: Resources, role: str) -> dict[str, set[str]]:
    """What the role with this logical id may do: action to the resources, as JSON."""
    found: dict[str, set[str]] = {}
    for policy in of(resources, "AWS::IAM::Policy").values():
        if {"Ref": role} not in policy["Properties"]["Roles"]:
            continue
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                for action in _many(statement["Action"]):
                    found.setdefault(action, set()).update(map(json.dumps, _many(statement["Resource"])))
    return found


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
