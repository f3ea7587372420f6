"""Which adapter stands behind each port: the one place that knows whether this is a Lambda or a laptop."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from datablueprint.errors import SettingsError
from datablueprint.ports import Clock, Ports, Progress, Work, silent
from datablueprint.settings import Settings

if TYPE_CHECKING:
    import ssl

    import httpx

    from datablueprint.agent.model import Model
    from datablueprint.api.resolver import Resolver
    from datablueprint.api.service import Service

CONNECT_SECONDS, READ_SECONDS = 10.0, 130.0
"""QuickBooks cuts a call off after 120 s, so waiting a little longer sees its answer."""


def from_env() -> Ports:
    """The ports of a function in the tenant's AWS account, from its environment."""
    from datablueprint.adapters.athena_query import AthenaQuery
    from datablueprint.adapters.dynamodb_state import DynamoState
    from datablueprint.adapters.s3_files import S3Files
    from datablueprint.adapters.secretsmanager_secrets import SecretsManagerSecrets
    from datablueprint.adapters.system_clock import SystemClock

    settings = Settings.from_env()
    clock = SystemClock()
    return Ports(
        settings=settings,
        files=S3Files(settings.bucket),
        state=DynamoState(settings.state_table),
        secrets=SecretsManagerSecrets(),
        query=AthenaQuery(database=settings.database, workgroup=settings.workgroup, clock=clock),
        clock=clock,
        http=http_client,
    )


def local(
    home: Path, *, settings: Settings, progress: Callable[[Progress], None] = silent, clock: Clock | None = None
) -> Ports:
    """The ports of the embedded runtime whose whole state is the folder `home`."""
    from datablueprint.adapters.duckdb_query import DuckDbQuery
    from datablueprint.adapters.local_files import LocalFiles
    from datablueprint.adapters.local_secrets import LocalSecrets
    from datablueprint.adapters.sqlite_state import SqliteState
    from datablueprint.adapters.system_clock import SystemClock

    return Ports(
        settings=settings,
        files=LocalFiles(home / "files"),
        state=SqliteState(home / "state.db"),
        secrets=LocalSecrets(home / "secrets.json"),
        query=DuckDbQuery(home / "files"),
        clock=clock or SystemClock(),
        http=http_client,
        progress=progress,
    )


def model(
    settings: Settings, engine: Literal["planner", "bedrock"] | None = None, *, clock: Clock | None = None
) -> Model | None:
    """The language model that may answer, None = the embedded planner alone.

    `engine` None = Bedrock when a model id is set and credentials resolve;
    "bedrock" = that, or SettingsError saying what is missing.
    """
    chosen = settings.agent
    if engine == "planner" or (engine is None and not chosen.model_id):
        return None
    if not chosen.model_id:
        raise SettingsError("No language model is set; name one in the settings under agent.model_id")
    from datablueprint.adapters.bedrock_model import BedrockModel, reachable
    from datablueprint.adapters.system_clock import SystemClock

    if not reachable(chosen.region):
        if engine == "bedrock":
            raise SettingsError("No AWS credentials or no region resolve, so Bedrock cannot be asked; sign in first")
        return None
    return BedrockModel(chosen, clock or SystemClock())


def service(ports: Ports, work: Work, *, engine: Literal["planner", "bedrock"] | None = None) -> Service:
    """What the routes of the API and the worker share: one warm desk, the jobs, and what plans answers."""
    from datablueprint.api.desks import Desks
    from datablueprint.api.service import Service

    chosen = model(ports.settings, engine)
    return Service(ports, Desks(ports), work, engine="bedrock" if chosen else "planner", model=chosen)


def api_from_env() -> Resolver:
    """The API of a function in the tenant's AWS account; another function answers the questions."""
    from datablueprint.adapters.lambda_jobs import LambdaJobs
    from datablueprint.api import app

    ports = from_env()
    return app.create(service(ports, LambdaJobs(ports.settings.answer_function)))


def worker_from_env() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What the function that answers questions does with an event."""
    from datablueprint.adapters.lambda_jobs import LambdaJobs
    from datablueprint.api.answering import AnswerRequest, answer

    ports = from_env()
    shared = service(ports, LambdaJobs(ports.settings.answer_function))
    return lambda event: answer(AnswerRequest.model_validate(event), shared)


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificate bundle costs more than a call; one context serves every client."""
    import httpx

    return httpx.create_ssl_context()


def http_client(base_url: str) -> httpx.Client:
    """An HTTP client for one vendor; redirects are never followed, they could leave the allow-list."""
    import httpx

    return httpx.Client(
        base_url=base_url,
        verify=_trust(),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        headers={"User-Agent": "DataBlueprint/0.1 (read-only)"},
    )
