"""Three contractors in one account: deployed, connected to simulated vendors, and ready to be refreshed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from datablueprint.settings import SourceSettings
from local.connect import DROP
from local.sandbox_home import SIGNED_IN_WITH_A_CODE
from tests.aws.athena import answering
from tests.aws.deploying import Deployment, Resource
from tests.aws.iam.account import Account
from tests.aws.iam.guard import Guard
from tests.aws.running import Functions
from tests.aws.stand_ins import REGION, operator
from tests.golden.conftest import Company

FIRST, SECOND, THIRD = "alder", "birch", "cedar"
NETWORKS = {FIRST: "dedicated", SECOND: "shared", THIRD: "shared"}


@dataclass
class Cloud:
    """A deployment at work."""

    company: Company
    deployment: Deployment
    account: Account
    guard: Guard
    functions: Functions
    first: dict[str, Any] = field(default_factory=dict)
    """The execution that read everything for the first time."""

    def one(self, kind: str, tenant: str, *, part: str = "") -> Resource:
        """The only resource of a type of a tenant whose logical id begins with `part`."""
        found = [
            each
            for each in self.deployment.of_type(kind)
            if each.stack.startswith(f"{tenant}-") and each.logical_id.startswith(part)
        ]
        (resource,) = found
        return resource

    def function(self, tenant: str, part: str) -> Resource:
        return self.one("AWS::Lambda::Function", tenant, part=part)

    def bucket(self, tenant: str) -> str:
        return self.one("AWS::S3::Bucket", tenant, part="Lake").id

    def connect(self, tenant: str) -> None:
        """What an operator does once: secrets, sign-ins through the brokers, payroll files in the drop folder."""
        secrets = operator("secretsmanager")
        given = self.company.sandbox.credentials
        for source in ("procore", *SIGNED_IN_WITH_A_CODE):
            vendor = SIGNED_IN_WITH_A_CODE.get(source, source)
            held = {name: given[vendor][name] for name in ("client_id", "client_secret")}
            secrets.put_secret_value(SecretId=f"datablueprint/{tenant}/{source}", SecretString=json.dumps(held))
            event: dict[str, Any] = {"action": "connect"}
            if source in SIGNED_IN_WITH_A_CODE:
                code = self.company.sandbox.reconnect(vendor)
                event |= {"code": code, "redirect_uri": "https://localhost/connected"}
            answer, failed = self.functions.invoke(self.function(tenant, f"Tokens{source.replace('_', '')}").id, event)
            assert not failed, answer
            assert "error" not in answer, answer
        self._drop(tenant)

    def _drop(self, tenant: str) -> None:
        s3 = operator("s3")
        folder = self.company.home.path / "files"
        for path in sorted((folder / DROP).rglob("*")):
            if path.is_file():
                key = path.relative_to(folder).as_posix()
                s3.put_object(Bucket=self.bucket(tenant), Key=key, Body=path.read_bytes())

    def refresh(self, tenant: str, event: dict[str, Any] | None = None) -> dict[str, Any]:
        machine = self.one("AWS::StepFunctions::StateMachine", tenant)
        return self.functions.execute(machine, event or {}, sleep=self.company.clock.sleep)

    def tables(self, tenant: str, snapshot: str) -> dict[str, list[dict[str, Any]]]:
        """Every table of a snapshot, read from the tenant's bucket by nobody's role."""
        import io

        import pyarrow.parquet as pq

        s3 = operator("s3")
        found = {}
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket(tenant), Prefix="tables/"):
            for key in (held["Key"] for held in page.get("Contents", [])):
                _, table, partition, _ = key.split("/")
                if partition == f"snapshot={snapshot}":
                    body = s3.get_object(Bucket=self.bucket(tenant), Key=key)["Body"].read()
                    found[table] = pq.read_table(io.BytesIO(body)).to_pylist()
        return found


def synthesised(company: Company, folder: Path) -> Any:
    """The assembly of three tenants whose systems are the simulated ones."""
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
    import aws_cdk as cdk

    from infra import app, tenants

    sources = {
        name: SourceSettings(base_url=each.base_url, login_url=each.login_url, account=each.account)
        for name, each in company.settings.sources.items()
    }
    chosen = [
        tenants.Tenant.model_validate(
            {"name": name, "company": company.settings.company, "region": REGION, "network": network}
            | {"sources": sources, "policy": company.settings.policy}
        )
        for name, network in NETWORKS.items()
    ]
    application = cdk.App(outdir=str(folder))
    app.build(application, chosen)
    return application.synth()


@contextmanager
def deployed(company: Company, assembly: Any) -> Iterator[Cloud]:
    """The assembly, deployed to an account of moto's in which the handlers run."""
    from moto import mock_aws

    from datablueprint.adapters import system_clock

    with ExitStack() as open_now:
        open_now.enter_context(mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": REGION}))
        settings: Any = {"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}}
        open_now.enter_context(mock_aws(config=settings))
        deployment = Deployment(assembly).deploy()
        account = Account(deployment)
        guard = Guard(account)
        functions = Functions(deployment, guard)
        for context in (guard.watching(), answering(account), functions.serving()):
            open_now.enter_context(context)
        open_now.enter_context(mock.patch.object(system_clock, "SystemClock", return_value=company.clock))
        yield Cloud(company, deployment, account, guard, functions)
