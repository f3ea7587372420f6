"""Every Lambda of the product is made here, so that a decision about functions is taken once."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from datablueprint.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NOT_SHIPPED = ["**/__pycache__", "**/*.pyc"]
RUNTIME = lambda_.Runtime.PYTHON_3_13


class CoreLayer(lambda_.LayerVersion):
    """The package `datablueprint`, zipped as it lies in the repository."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(
            scope,
            name,
            code=lambda_.Code.from_asset(str(ROOT / "layers" / "core"), exclude=NOT_SHIPPED),
            compatible_architectures=[lambda_.Architecture.ARM_64],
            compatible_runtimes=[RUNTIME],
            description="datablueprint",
        )


class ProductFunction(Construct):
    """The function in `functions/<folder>`, with a role, a log group and the tenant's settings."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        folder: str,
        settings: Settings,
        core: CoreLayer,
        memory_mb: int,
    ) -> None:
        super().__init__(scope, name)
        self.function = lambda_.Function(
            self,
            "Function",
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(ROOT / "functions" / folder), exclude=NOT_SHIPPED),
            environment=settings.to_env(),
            handler="handler.lambda_handler",
            layers=[core],
            log_group=logs.LogGroup(self, "Logs", retention=logs.RetentionDays.THREE_MONTHS),
            logging_format=lambda_.LoggingFormat.JSON,
            memory_size=memory_mb,
            runtime=RUNTIME,
            timeout=Duration.minutes(15),
        )
