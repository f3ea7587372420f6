"""Which adapter stands behind each port: the one place that knows whether this is a Lambda or a laptop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from datablueprint.errors import Busy, SettingsError
from datablueprint.ports import AccessTokens, Clock, Ports, Progress, Work, silent
from datablueprint.settings import Settings

if TYPE_CHECKING:
    import ssl

    import httpx

    from datablueprint.adapters.lambda_tokens import Broker as LambdaBroker
    from datablueprint.agent.model import Model
    from datablueprint.api.resolver import Resolver
    from datablueprint.api.service import Service
    from datablueprint.hooks.coalescer import Coalescer
    from datablueprint.hooks.reception import Reception
    from datablueprint.hooks.starter import Starter

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
        tokens=_brokered(settings, clock),
    )


def doorway_from_env() -> Ports:
    """The ports of a function that has to do with connections only: it knows no lake and starts sooner."""
    from datablueprint.adapters.dynamodb_state import DynamoState
    from datablueprint.adapters.kms_seal import KmsSeal
    from datablueprint.adapters.secretsmanager_secrets import SecretsManagerSecrets
    from datablueprint.adapters.system_clock import SystemClock

    settings = Settings.from_env()
    nothing: Any = NoLake()
    return Ports(
        settings=settings,
        files=nothing,
        state=DynamoState(settings.state_table),
        secrets=SecretsManagerSecrets(),
        query=nothing,
        clock=SystemClock(),
        http=http_client,
        seal=KmsSeal(settings.seal_key),
    )


class NoLake:
    """Stands behind the ports of the lake where a function has none."""

    def __getattr__(self, name: str) -> Any:
        raise SettingsError(f"This function has no lake, so it cannot {name}")


def broker_from_env(source: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What hands out the access tokens of one system in the tenant's AWS account."""
    from datablueprint.sources.broker import Broker

    return Broker(source, doorway_from_env())


def connect_from_env() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The pages on which the systems of the tenant's AWS account are connected."""
    from datablueprint.connecting.doors import Doors
    from datablueprint.connecting.web import Pages

    ports = doorway_from_env()
    return Pages(Doors(ports.settings, ports.state, ports.clock, brokers(ports.settings)))


def brokers(settings: Settings) -> Callable[[str], LambdaBroker]:
    """The brokers of the tenant's systems, by source name; SettingsError where a system has none."""

    def of(source: str) -> LambdaBroker:
        from datablueprint.adapters.lambda_tokens import Broker
        from datablueprint.sources import by_name

        title = by_name(source).title
        if source not in settings.brokers:
            raise SettingsError(f"{title} has no token broker; deploy again with it in tenants.toml")
        return Broker(settings.brokers[source], title=title)

    return cache(of)


def _brokered(settings: Settings, clock: Clock) -> Callable[[str, Counter[str]], AccessTokens]:
    """Nothing is imported before an extractor asks for its first token: most functions never do."""
    of = brokers(settings)

    def tokens(source: str, calls: Counter[str]) -> AccessTokens:
        from datablueprint.adapters.lambda_tokens import LambdaTokens

        return LambdaTokens(of(source), clock=clock, calls=calls)

    return tokens


def local(
    home: Path, *, settings: Settings, progress: Callable[[Progress], None] = silent, clock: Clock | None = None
) -> Ports:
    """The ports of the embedded runtime whose whole state is the folder `home`."""
    from datablueprint.adapters.duckdb_query import DuckDbQuery
    from datablueprint.adapters.local_files import LocalFiles
    from datablueprint.adapters.local_secrets import LocalSecrets
    from datablueprint.adapters.plain_seal import PlainSeal
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
        seal=PlainSeal(),
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


def engine_of(settings: Settings) -> Literal["planner", "bedrock"]:
    """Who plans answers in the tenant's account, told from the settings alone: no client, no credentials."""
    return "bedrock" if settings.agent.model_id else "planner"


def service(ports: Ports, work: Work, *, engine: Literal["planner", "bedrock"] | None = None) -> Service:
    """What the routes of the API and the worker share: one warm desk, the jobs, and what plans answers."""
    from datablueprint.api.desks import Desks
    from datablueprint.api.service import Service

    chosen = model(ports.settings, engine)
    return Service(ports, Desks(ports), work, engine="bedrock" if chosen else "planner", model=chosen)


def work(ports: Ports) -> Work:
    """Who answers questions in the tenant's account: the AgentCore runtime where there is one, else a function."""
    settings = ports.settings
    if settings.agent_runtime:
        from datablueprint.adapters.agentcore_jobs import AgentCoreJobs
        from datablueprint.api.jobs import Jobs

        jobs = Jobs(ports.state, ports.files, ports.clock)
        return AgentCoreJobs(settings.agent_runtime, asked_by=lambda question_id: str(jobs.get(question_id)["by"]))
    from datablueprint.adapters.lambda_jobs import LambdaJobs

    return LambdaJobs(settings.answer_function)


def api_from_env() -> Resolver:
    """The API of a function in the tenant's AWS account; somebody else has the model and answers the questions."""
    from datablueprint.api import app
    from datablueprint.api.desks import Desks
    from datablueprint.api.service import Service

    ports = from_env()
    return app.create(Service(ports, Desks(ports), work(ports), engine=engine_of(ports.settings)))


class Alone:
    """The `Work` of a worker, who hands nothing on."""

    def start(self, question_id: str) -> None:
        raise Busy(f"{question_id} was asked of a worker, who takes questions from the API only", retry_after=0)


def worker_from_env() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What answers a question in the tenant's account does with an event, in a function or on AgentCore."""
    from datablueprint.api.answering import AnswerRequest, answer

    shared = service(from_env(), Alone())
    return lambda event: answer(AnswerRequest.model_validate(event), shared)


def reception_from_env() -> Reception:
    """What answers the webhooks of the tenant's vendors."""
    from datablueprint.adapters.dynamodb_state import DynamoState
    from datablueprint.adapters.s3_files import S3Files
    from datablueprint.adapters.secretsmanager_secrets import SecretsManagerSecrets
    from datablueprint.adapters.sqs_queue import SqsQueue
    from datablueprint.adapters.system_clock import SystemClock
    from datablueprint.hooks.reception import Reception

    settings = Settings.from_env()
    return Reception(
        settings,
        files=S3Files(settings.bucket),
        state=DynamoState(settings.state_table),
        secrets=SecretsManagerSecrets(),
        clock=SystemClock(),
        events=SqsQueue(settings.events_queue),
    )


def coalescer_from_env() -> Coalescer:
    """What turns webhooks into due times."""
    from datablueprint.adapters.dynamodb_state import DynamoState
    from datablueprint.adapters.sqs_queue import SqsQueue
    from datablueprint.adapters.system_clock import SystemClock
    from datablueprint.hooks.coalescer import Coalescer

    settings = Settings.from_env()
    state, due = DynamoState(settings.state_table), SqsQueue(settings.due_queue)
    return Coalescer(settings, state=state, clock=SystemClock(), due=due)


def starter_from_env() -> Starter:
    """What starts refreshes, and nobody else does."""
    from datablueprint.adapters.dynamodb_state import DynamoState
    from datablueprint.adapters.s3_files import S3Files
    from datablueprint.adapters.sqs_queue import SqsQueue
    from datablueprint.adapters.stepfunctions_refreshes import StepFunctionsRefreshes
    from datablueprint.adapters.system_clock import SystemClock
    from datablueprint.hooks.starter import Starter

    settings = Settings.from_env()
    return Starter(
        settings,
        files=S3Files(settings.bucket),
        state=DynamoState(settings.state_table),
        clock=SystemClock(),
        events=SqsQueue(settings.events_queue),
        due=SqsQueue(settings.due_queue),
        refreshes=StepFunctionsRefreshes(settings.machine),
    )


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
