"""A finding of cdk-nag that is accepted says why, beside the thing it was found on.

Wildcards at the end of an ARN are judged here by class: IAM can name a prefix
of a bucket in no other way. A class is a pattern and a reason; a wildcard in no
class stays a finding, and a bare "*" is never in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aws_cdk import Acknowledgment, CfnResource, Stack, Validations
from aws_cdk import aws_iam as iam
from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct

LEAST_WORDS = 4
WILDCARD = "AwsSolutions-IAM5"

PREFIXES = {
    r".+LakeBucket\w*/[\w=/{}-]+\*": "Objects are granted by prefix; this is one folder of the tenant's own lake.",
    r".+(Function|Fn)\w*(\.Arn>)?:\*": "The versions and aliases of one function; the function itself is named.",
    r".+:execution:<\w+\.Name>:\*": "Executions of one state machine, which are named when they start.",
    r".+:log-stream:\*": "Streams are named when they are opened; the log group is named here.",
}
"""Pattern of the whole resource, as cdk-nag writes it, to the reason why its wildcard is accepted."""


@dataclass(frozen=True)
class Finding:
    rule: str
    path: str
    """Of the construct."""


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept one finding on `construct` and what is under it, e.g. rule "AwsSolutions-L1".

    Rules that find several things on one resource name the thing: "AwsSolutions-IAM5[Resource::*]".
    """
    if len(reason.split()) < LEAST_WORDS:
        raise ValueError(f"{rule} on {construct.node.path}: say in a sentence why it is accepted")
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def findings(app: IConstruct) -> list[Finding]:
    """What nobody has accepted. Call it after `synth`: only then is a name of another stack what nag will see."""
    for child in app.node.find_all():
        if CfnResource.is_cfn_resource(child):
            _accept_prefixes(child)
    report = AwsSolutionsChecks().validate_scope(app)
    return [
        Finding(violation.rule_name, resource.construct_path or "")
        for violation in report.violations
        for resource in violation.violating_resources
    ]


def acknowledged(app: IConstruct) -> Iterator[tuple[str, str, str]]:
    """(path of the construct, rule, reason) of everything that was accepted."""
    key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY
    for child in app.node.find_all():
        for entry in child.node.metadata:
            if entry.type == key:
                for rule, reason in entry.data.items():
                    yield child.node.path, rule.removeprefix("Annotation::"), reason


def _accept_prefixes(resource: IConstruct) -> None:
    for name in _wildcards(resource):
        reason = next((why for pattern, why in PREFIXES.items() if re.fullmatch(pattern, name)), None)
        if reason:
            acknowledge(resource, f"{WILDCARD}[Resource::{name}]", reason)


def _wildcards(resource: IConstruct) -> set[str]:
    """The resources with a wildcard that the statements of a policy allow, written as cdk-nag writes them."""
    stack = Stack.of(resource)
    documents: list[Any] = []
    if isinstance(resource, iam.CfnPolicy):
        documents = [stack.resolve(resource.policy_document)]
    elif isinstance(resource, iam.CfnRole):
        documents = [each["policyDocument"] for each in stack.resolve(resource.policies) or ()]
    found: set[str] = set()
    for document in documents:
        for statement in document.get("Statement", ()):
            if statement["Effect"] == "Allow":
                named = statement["Resource"]
                found |= {_flat(each) for each in (named if isinstance(named, list) else [named])}
    return {name for name in found if "*" in name}


def _flat(reference: Any) -> str:
    """{"Fn::GetAtt": ["Bucket", "Arn"]} -> <Bucket.Arn>."""
    if isinstance(reference, str):
        return reference
    ((function, given),) = reference.items()
    if function == "Fn::Join":
        return str(given[0]).join(_flat(part) for part in given[1])
    if function == "Fn::GetAtt":
        return f"<{given[0]}.{given[1]}>"
    if function == "Fn::ImportValue":
        return _flat(given)
    return f"<{_flat(given)}>" if function == "Ref" else str(given)
