"""One pair of stacks per tenant: adding a tenant never touches another one's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if sys.path[0] == str(ROOT / "infra"):  # run as a script: our constructs/ would hide the library of that name
    sys.path[0] = str(ROOT)

import aws_cdk as cdk  # noqa: E402

from infra import tenants  # noqa: E402
from infra.stacks.data import DataStack  # noqa: E402
from infra.stacks.pipeline import PipelineStack  # noqa: E402


def build(app: cdk.App, chosen: list[tenants.Tenant]) -> list[cdk.Stack]:
    """The stacks of the given tenants."""
    stacks: list[cdk.Stack] = []
    for tenant in chosen:
        environment = cdk.Environment(region=tenant.region)
        data = DataStack(app, f"{tenant.name}-data", tenant=tenant, env=environment, termination_protection=True)
        stacks += [data, PipelineStack(app, f"{tenant.name}-pipeline", tenant=tenant, data=data, env=environment)]
    return stacks


if __name__ == "__main__":
    application = cdk.App(outdir=os.environ.get("CDK_OUTDIR", str(ROOT / "cdk.out")))
    build(application, tenants.load())
    application.synth()
