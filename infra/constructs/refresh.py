"""The refresh in AWS is the file the laptop runs; only its tokens are filled in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constants import KEPT, ROOT
from infra.constructs.catalog import Catalog
from infra.constructs.ground import Ground
from infra.constructs.product_function import ProductFunction
from infra.constructs.tokens import Brokers
from infra.nag import acknowledge
from infra.zones import Zone

DEFINITION = ROOT / "statemachines" / "refresh.asl.json"
EXTRACT = "extract_"
EXTRACTOR_MB, BUILDER_MB = 1024, 3008


@dataclass(frozen=True)
class Access:
    """What a state touches: prefixes of the lake, families of the state table, and whether it queries."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    """Families of documents that are read."""
    notes: tuple[str, ...] = ()
    """Families of documents that are also written."""
    queries: bool = False


ACCESS = {
    "Plan": Access(reads=("raw/", "index/"), writes=("index/",), knows=("checkpoint", "calls")),
    "Conform": Access(
        reads=("raw/", "snapshots/"), writes=("tables/",), knows=("decision", "snapshot"), notes=("build", "freshness")
    ),
    "Link": Access(reads=("tables/",), writes=("tables/",), knows=("decision", "build", "snapshot")),
    "Post": Access(reads=("tables/",), writes=("tables/",), knows=("build", "snapshot")),
    "Measure": Access(writes=("tables/",), knows=("build", "freshness", "snapshot"), queries=True),
    "Publish": Access(
        reads=("tables/", "snapshots/"),
        writes=("snapshots/",),
        deletes=("tables/", "snapshots/"),
        knows=("freshness",),
        notes=("snapshot", "build"),
    ),
}


def extraction(source: str) -> Access:
    """An extractor adds to its own raw records without reading them; its index says what has landed."""
    inbox = ("inbox/",) if source == "payroll_file" else ()
    return Access(
        reads=(f"index/source={source}/", *inbox),
        writes=(f"raw/source={source}/", f"index/source={source}/"),
        notes=("checkpoint", "calls"),
    )


def tokens(definition: Path = DEFINITION) -> list[str]:
    """The names that the state machine asks for: ExtractProcore, Conform, ..."""
    return sorted(set(re.findall(r"\$\{(\w+)\}", definition.read_text(encoding="utf-8"))))


def folder_of(token: str) -> str:
    """ExtractProcore -> extract_procore."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", token).lower()


class Refresh(Construct):
    """One function per state, and the state machine."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground, catalog: Catalog, brokers: Brokers) -> None:
        super().__init__(scope, name)
        self._ground, self._catalog, self._brokers = ground, catalog, brokers
        self.functions = {token: self._function(token) for token in tokens()}
        self.machine = self._machine()

    def _function(self, token: str) -> ProductFunction:
        folder = folder_of(token)
        source = folder.removeprefix(EXTRACT) if folder.startswith(EXTRACT) else ""
        zone: Zone = "outside" if source and source != "payroll_file" else "inside"
        made = ProductFunction(
            self,
            token,
            ground=self._ground,
            folder=folder,
            zone=zone,
            dependencies="extract" if source else "build",
            memory_mb=EXTRACTOR_MB if source else BUILDER_MB,
        )
        self._admit(made.role, extraction(source) if source else ACCESS[token])
        if source in self._ground.tenant.sources:
            self._brokers.allow(made.role, source)
        return made

    def _admit(self, role: iam.IRole, access: Access) -> None:
        lake, state = self._ground.lake, self._ground.state
        if access.reads:
            lake.allow_read(role, *access.reads)
        lake.allow_write(role, *access.writes)
        if access.deletes:
            lake.allow_delete(role, *access.deletes)
        state.allow(role, read=access.knows, write=access.notes)
        if access.queries:
            self._catalog.allow_query(role)

    def _machine(self) -> sfn.StateMachine:
        machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_file(str(DEFINITION)),
            definition_substitutions={token: made.function.function_arn for token, made in self.functions.items()},
            logs=sfn.LogOptions(
                destination=logs.LogGroup(self, "Logs", retention=KEPT, encryption_key=self._ground.key),
                include_execution_data=False,
                level=sfn.LogLevel.ALL,
            ),
            timeout=Duration.hours(12),
            tracing_enabled=self._ground.tenant.tracing,
        )
        for made in self.functions.values():
            made.function.grant_invoke(machine)
        self._accept(machine)
        return machine

    def _accept(self, machine: sfn.StateMachine) -> None:
        why = "Vended logs, and X-Ray where the tenant asked for tracing, name no resource of their own"
        acknowledge(machine, "AwsSolutions-IAM5[Resource::*]", why)
        if not self._ground.tenant.tracing:
            acknowledge(machine, "AwsSolutions-SF2", "X-Ray is off by default; `tracing` turns it on for a tenant")
