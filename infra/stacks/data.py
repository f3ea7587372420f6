"""What must survive every deployment: the tenant's key, lake, state, secrets, people, and the network around them."""

from __future__ import annotations

from typing import Any

from aws_cdk import Aws, Stack, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from datablueprint import hooks
from infra.constructs.lake import Lake
from infra.constructs.network import Network
from infra.constructs.people import People
from infra.constructs.state_table import StateTable
from infra.nag import acknowledge
from infra.tenants import Tenant


class DataStack(Stack):
    """Stateful: protected against termination, and kept when it is removed all the same."""

    def __init__(
        self, scope: Construct, name: str, *, tenant: Tenant, shared: Network | None = None, **options: Any
    ) -> None:
        super().__init__(scope, name, description=f"DataBlueprint: what {tenant.company} owns", **options)
        Tags.of(self).add("tenant", tenant.name)
        self.tenant = tenant
        self.key = self._key()
        self.lake = Lake(self, "Lake", key=self.key)
        self.state = StateTable(self, "State", key=self.key)
        self.secrets = {source: self._secret(source) for source, chosen in tenant.sources.items() if chosen.base_url}
        self.hook_keys = {source: self._hook_key(source) for source in hooks.SOURCES if source in tenant.sources}
        self.people = People(self, "People", tenant=tenant)
        self.network = self._network(shared)
        self.lake.close(tenant, self.network)

    def _key(self) -> kms.Key:
        key = kms.Key(self, "Key", enable_key_rotation=True, description=f"DataBlueprint tenant {self.tenant.name}")
        logs = iam.ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")
        of_this_account = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:*"
        key.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                principals=[logs],
                resources=["*"],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": of_this_account}},
            )
        )
        return key

    def _secret(self, source: str) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            f"{source}Secret",
            description=f"Client id and secret of {source}; the operator fills it in",
            encryption_key=self.key,
            secret_name=self.tenant.secret_name(source),
        )
        acknowledge(secret, "AwsSolutions-SMG4", "The vendors renew client secrets by hand only; RUNBOOK says how")
        return secret

    def _hook_key(self, source: str) -> secretsmanager.Secret:
        """Made up here, so that nothing is genuine until the operator has told the system or taken over its key."""
        secret = secretsmanager.Secret(
            self,
            f"{source}HookKey",
            description=f"What the webhooks of {source} are checked with; `previous` is honoured while it changes",
            encryption_key=self.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_punctuation=True,
                generate_string_key="key",
                password_length=48,
                secret_string_template='{"previous": ""}',
            ),
            secret_name=hooks.secret_name(self.tenant.name, source),
        )
        reason = "The other half of this key is held by the vendor, who offers no way to rotate it by program"
        acknowledge(secret, "AwsSolutions-SMG4", reason)
        return secret

    def _network(self, shared: Network | None) -> Network | None:
        if self.tenant.network == "none":
            return None
        if self.tenant.network == "shared":
            assert shared is not None  # the app makes it when a tenant says so
            return shared
        return Network(
            self,
            "Network",
            tenants=[self.tenant],
            az_count=self.tenant.az_count,
            buckets=[self.lake.bucket.bucket_arn],
            tables=[self.state.table.table_arn],
        )
