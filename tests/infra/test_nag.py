"""AWS's own rules of good practice: no finding that nobody decided on, and no decision without a reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import three_tenants


def unaccepted(application: Any) -> list[str]:
    from infra import nag

    return sorted(f"{found.rule} on {found.path}" for found in nag.findings(application))


def test_one_tenant_leaves_no_finding_open(application: Any, assembly: Any) -> None:
    assert unaccepted(application) == []


@pytest.mark.slow
def test_three_tenants_with_other_networks_and_hosts_leave_none_open(tmp_path: Path) -> None:
    import aws_cdk as cdk

    from infra import app

    several = cdk.App(outdir=str(tmp_path / "cdk.out"))
    app.build(several, three_tenants())
    assembly = several.synth()

    assert unaccepted(several) == []
    assert len([stack for stack in assembly.stacks if stack.stack_name.endswith("-service")]) == 3


def test_every_accepted_finding_says_why_in_a_sentence(application: Any, assembly: Any) -> None:
    from infra import nag

    accepted = list(nag.acknowledged(application))

    assert accepted
    assert [(path, rule) for path, rule, reason in accepted if len(reason.split()) < nag.LEAST_WORDS] == []


def test_a_grant_on_everything_stays_a_finding(tmp_path: Path) -> None:
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam

    from infra import nag

    app = cdk.App(outdir=str(tmp_path / "cdk.out"))
    role = iam.Role(cdk.Stack(app, "S"), "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    everything = [f"arn:aws:s3:::{name}" for name in ("*", "LakeBucket/*", "LakeBucket*")]
    role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=everything))
    app.synth()

    found = {each.rule for each in nag.findings(app)}

    assert found == {f"AwsSolutions-IAM5[Resource::{name}]" for name in everything}


def test_an_accepted_finding_needs_a_reason() -> None:
    import aws_cdk as cdk

    from infra import nag

    with pytest.raises(ValueError, match="say in a sentence why"):
        nag.acknowledge(cdk.App(), "AwsSolutions-L1", "later")
