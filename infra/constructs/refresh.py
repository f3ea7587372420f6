"""The refresh in AWS is the file the laptop runs; only its tokens are filled in here."""

from __future__ import annotations

import re
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from datablueprint.settings import Settings
from infra.constructs.lake import Lake
from infra.constructs.product_function import ROOT, CoreLayer, ProductFunction
from infra.constructs.state_table import StateTable
from infra.tenants import Tenant

DEFINITION = ROOT / "statemachines" / "refresh.asl.json"
EXTRACT = "extract_"
EXTRACTOR_MB, BUILDER_MB = 1024, 3008


def tokens(definition: Path = DEFINITION) -> list[str]:
    """The names that the state machine asks for: ExtractProcore, Conform, ..."""
    return sorted(set(re.findall(r"\$\{(\w+)\}", definition.read_text(encoding="utf-8"))))


def folder_of(token: str) -> str:
    """ExtractProcore -> extract_procore."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", token).lower()


class Refresh(Construct):
    """One function per state, the state machine, its schedule, one secret per system."""

    def __init__(
        self, scope: Construct, name: str, *, tenant: Tenant, lake: Lake, state: StateTable, core: CoreLayer
    ) -> None:
        super().__init__(scope, name)
        settings = tenant.settings(bucket=lake.bucket.bucket_name, state_table=state.table.table_name)
        self.secrets = {source: self._secret(tenant, source) for source in tenant.sources}
        self.functions = {token: self._function(token, settings, core) for token in tokens()}
        for token, made in self.functions.items():
            lake.bucket.grant_read_write(made.function)
            state.table.grant_read_write_data(made.function)
            self._grant_own_secret(token, made)
        self.machine = self._machine()
        self._start(tenant)

    def _secret(self, tenant: Tenant, source: str) -> secretsmanager.Secret:
        return secretsmanager.Secret(
            self,
            f"{source}Secret",
            secret_name=tenant.secret_name(source),
            description=f"Client id and secret of {source}; the operator fills it in",
        )

    def _function(self, token: str, settings: Settings, core: CoreLayer) -> ProductFunction:
        folder = folder_of(token)
        memory = EXTRACTOR_MB if folder.startswith(EXTRACT) else BUILDER_MB
        return ProductFunction(self, token, folder=folder, settings=settings, core=core, memory_mb=memory)

    def _grant_own_secret(self, token: str, made: ProductFunction) -> None:
        """An extractor reads the secret of its own system; nobody else reads any."""
        secret = self.secrets.get(folder_of(token).removeprefix(EXTRACT))
        if secret:
            secret.grant_read(made.function)

    def _machine(self) -> sfn.StateMachine:
        machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_file(str(DEFINITION)),
            definition_substitutions={token: made.function.function_arn for token, made in self.functions.items()},
            logs=sfn.LogOptions(
                destination=logs.LogGroup(self, "Logs", retention=logs.RetentionDays.THREE_MONTHS),
                level=sfn.LogLevel.ERROR,
            ),
            timeout=Duration.hours(12),
            tracing_enabled=True,
        )
        for made in self.functions.values():
            made.function.grant_invoke(machine)
        return machine

    def _start(self, tenant: Tenant) -> None:
        scheduler.Schedule(
            self,
            "Schedule",
            schedule=scheduler.ScheduleExpression.expression(tenant.refresh),
            target=targets.StepFunctionsStartExecution(
                self.machine, input=scheduler.ScheduleTargetInput.from_object({})
            ),
        )
