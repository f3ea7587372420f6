"""One token broker per system: the only function that has the system's secret and can open its tokens."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.ground import Ground
from infra.constructs.product_function import ProductFunction

LONGEST = Duration.minutes(3)
"""Four tries at a vendor that is slow to answer, or waiting for another broker's lease."""


class Brokers(Construct):
    """What hands out access tokens, for the systems that have any."""

    def __init__(
        self, scope: Construct, name: str, *, ground: Ground, secrets: Mapping[str, secretsmanager.ISecret]
    ) -> None:
        super().__init__(scope, name)
        self._ground = ground
        self._brokers = {source: self._broker(source, secret) for source, secret in secrets.items()}

    @property
    def names(self) -> dict[str, str]:
        """Source to function name, as extractors and the connect page look them up."""
        return {source: made.function.function_name for source, made in self._brokers.items()}

    @property
    def functions(self) -> dict[str, ProductFunction]:
        return dict(self._brokers)

    def allow(self, role: iam.IRole, source: str) -> None:
        """This role may ask for access tokens of one system; a system without tokens has nothing to ask for."""
        if source in self._brokers:
            role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["lambda:InvokeFunction"], resources=[self._brokers[source].function.function_arn]
                )
            )

    def _broker(self, source: str, secret: secretsmanager.ISecret) -> ProductFunction:
        ground = self._ground
        made = ProductFunction(
            self,
            source,
            ground=ground,
            folder="token_broker",
            zone="outside",
            dependencies="small",
            memory_mb=512,
            timeout=LONGEST,
            environment={"DATABLUEPRINT_SOURCE": source},
        )
        ground.state.allow(made.role, write=("token", "connection"))
        made.allow("secretsmanager:GetSecretValue", on=[secret.secret_arn])
        made.allow(
            "kms:Decrypt",
            on=[ground.key.key_arn],
            when={
                "StringEquals": {
                    "kms:ViaService": f"secretsmanager.{Stack.of(self).region}.amazonaws.com",
                    "kms:EncryptionContext:SecretARN": secret.secret_arn,
                }
            },
        )
        own = {"kms:EncryptionContext:tenant": ground.tenant.name, "kms:EncryptionContext:source": source}
        made.allow("kms:Encrypt", "kms:Decrypt", on=[ground.key.key_arn], when={"StringEquals": own})
        return made
