"""A stack that keeps and a stack that serves per tenant: adding a tenant never touches another one's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if sys.path[0] == str(ROOT / "infra"):  # run as a script: our constructs/ would hide the library of that name
    sys.path[0] = str(ROOT)

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")

import aws_cdk as cdk  # noqa: E402

from infra import tenants  # noqa: E402
from infra.stacks.data import DataStack  # noqa: E402
from infra.stacks.service import ServiceStack  # noqa: E402
from infra.stacks.shared import SharedStack  # noqa: E402


def build(app: cdk.App, chosen: list[tenants.Tenant]) -> list[cdk.Stack]:
    """The stacks of the given tenants."""
    shared = {
        region: SharedStack(app, f"datablueprint-shared-{region}", tenants=members, env=cdk.Environment(region=region))
        for region, members in tenants.sharing(chosen).items()
    }
    stacks: list[cdk.Stack] = [*shared.values()]
    for tenant in chosen:
        where = cdk.Environment(region=tenant.region)
        network = shared[tenant.region].network if tenant.network == "shared" else None
        data = DataStack(
            app, f"{tenant.name}-data", tenant=tenant, shared=network, env=where, termination_protection=True
        )
        stacks += [data, ServiceStack(app, f"{tenant.name}-service", data=data, env=where)]
    return stacks


if __name__ == "__main__":
    application = cdk.App(outdir=os.environ.get("CDK_OUTDIR", str(ROOT / "cdk.out")))
    build(application, tenants.load(Path(os.environ.get("DATABLUEPRINT_TENANTS", tenants.FILE))))
    application.synth()
