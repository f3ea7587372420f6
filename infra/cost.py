"""What a tenant costs is counted from the templates that are deployed, not from a drawing of them.

Every line names the resources it counts, the price and what is supposed; all amounts are US dollars.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from infra.templates import Resource, Template

FILE = Path(__file__).with_name("prices.toml")
Section = Literal["month", "refresh", "questions"]
SECTIONS: dict[Section, str] = {
    "month": "at rest, per month",
    "refresh": "the scheduled refreshes, per month",
    "questions": "per 1,000 questions",
}
QUESTIONS = 1000
DAY_HOURS = 24


@dataclass(frozen=True)
class Prices:
    dated: date
    regions: list[str]
    usd: dict[str, Decimal]
    assumed: dict[str, Decimal]
    sources: dict[str, str]

    @classmethod
    def load(cls, path: Path = FILE) -> Prices:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            dated=raw["dated"],
            regions=raw["regions"],
            usd={name: Decimal(each["usd"]) for name, each in raw["prices"].items()},
            assumed={name: Decimal(str(each["value"])) for name, each in raw["assumptions"].items()},
            sources={name: each["source"] for name, each in raw["prices"].items()},
        )


@dataclass(frozen=True)
class Line:
    """`amount` = `quantity` x the price called `price`."""

    section: Section
    what: str
    counted: str
    """The resources of the template that this comes from, with their number."""
    quantity: Decimal
    price: str
    amount: Decimal


@dataclass(frozen=True)
class Estimate:
    """One tenant, or `shared` = what stands once for all who share it."""

    tenant: str
    lines: tuple[Line, ...]

    def total(self, section: Section) -> Decimal:
        return sum((line.amount for line in self.lines if line.section == section), Decimal(0))


def estimate(templates: Sequence[Template], prices: Prices) -> list[Estimate]:
    """One estimate per tenant of the templates, the shared one last."""
    by_tenant: dict[str, list[Resource]] = {}
    for template in templates:
        by_tenant.setdefault(template.tenant, []).extend(template.resources)
    made = [Estimate(tenant, tuple(_lines(_Counter(found, prices)))) for tenant, found in by_tenant.items()]
    return sorted(made, key=lambda each: (each.tenant == "shared", each.tenant))


class _Counter:
    """The resources of one tenant, and lines made from them; nothing counted, no line."""

    def __init__(self, resources: list[Resource], prices: Prices) -> None:
        self.resources = resources
        self.prices = prices
        self.assumed = prices.assumed

    def of(self, *kinds: str) -> list[Resource]:
        return [each for each in self.resources if each.kind in kinds]

    def functions(self, chosen: Callable[[str], bool]) -> list[Resource]:
        """Functions by the folder they are made from."""
        return [each for each in self.of("AWS::Lambda::Function") if chosen(each.folder)]

    def line(
        self, section: Section, what: str, price: str, quantity: Decimal | int, *, kind: str, count: int
    ) -> Iterator[Line]:
        if count and quantity:
            amount = Decimal(quantity) * self.prices.usd[price]
            yield Line(section, what, f"{count} {kind}", Decimal(quantity), price, amount)


def _lines(found: _Counter) -> Iterator[Line]:
    for part in (_endpoints, _keys, _firewall, _watching, _storage, _refresh, _asking, _model, _host):
        yield from part(found)


def _endpoints(found: _Counter) -> Iterator[Line]:
    made = [e for e in found.of("AWS::EC2::VPCEndpoint") if e.properties.get("VpcEndpointType") == "Interface"]
    hours = sum(len(e.properties["SubnetIds"]) for e in made) * found.assumed["hours_in_month"]
    yield from found.line("month", "interface endpoints", "endpoint_hour", hours, kind="AWS::EC2::VPCEndpoint "
                          "(Interface), each in every zone of its subnets", count=len(made))  # fmt: skip


def _keys(found: _Counter) -> Iterator[Line]:
    for kind, what, price in (
        ("AWS::KMS::Key", "encryption keys", "kms_key"),
        ("AWS::SecretsManager::Secret", "secrets", "secret"),
    ):
        count = len(found.of(kind))
        yield from found.line("month", what, price, count, kind=kind, count=count)
    clients = found.of("AWS::Cognito::UserPoolClient")
    count = sum("client_credentials" in each.properties.get("AllowedOAuthFlows", []) for each in clients)
    yield from found.line(
        "month", "machines that may sign in", "machine_client", count, kind="AWS::Cognito::UserPoolClient", count=count
    )


def _firewall(found: _Counter) -> Iterator[Line]:
    lists = found.of("AWS::WAFv2::WebACL")
    rules = sum(len(each.properties.get("Rules", [])) for each in lists)
    kind = "AWS::WAFv2::WebACL"
    yield from found.line("month", "firewalls", "web_acl", len(lists), kind=kind, count=len(lists))
    yield from found.line("month", "their rules", "web_acl_rule", rules, kind=f"{kind} Rules", count=rules)
    requests = len(lists) and QUESTIONS * found.assumed["requests_per_question"]
    yield from found.line("questions", "requests inspected", "web_acl_request", requests, kind=kind, count=len(lists))


def _watching(found: _Counter) -> Iterator[Line]:
    alarms = found.of("AWS::CloudWatch::Alarm")
    watched = sum(_metrics_watched(each) for each in alarms)
    for what, price, quantity, kind, count in (
        ("alarms", "alarm", watched, "AWS::CloudWatch::Alarm", len(alarms)),
        ("composite alarms", "composite_alarm", None, "AWS::CloudWatch::CompositeAlarm", None),
        ("dashboards", "dashboard", None, "AWS::CloudWatch::Dashboard", None),
        ("metrics made from logs", "custom_metric", None, "AWS::Logs::MetricFilter", None),
    ):
        number = len(found.of(kind)) if count is None else count
        yield from found.line("month", what, price, number if quantity is None else quantity, kind=kind, count=number)
    groups = len(found.of("AWS::Logs::LogGroup"))
    yield from found.line("month", "logs", "log_gb", found.assumed["logs_gb"], kind="AWS::Logs::LogGroup", count=groups)


def _metrics_watched(alarm: Resource) -> int:
    """An alarm on an expression is charged for every metric in it."""
    return max(1, sum("MetricStat" in each for each in alarm.properties.get("Metrics", [])))


def _storage(found: _Counter) -> Iterator[Line]:
    for what, price, assumed, kind in (
        ("the lake and the page", "s3_gb", "stored_gb", "AWS::S3::Bucket"),
        ("state", "table_gb", "table_stored_gb", "AWS::DynamoDB::GlobalTable"),
    ):
        yield from found.line("month", what, price, found.assumed[assumed], kind=kind, count=len(found.of(kind)))


def _refresh(found: _Counter) -> Iterator[Line]:
    schedules = [each for each in found.of("AWS::Scheduler::Schedule") if starts_a_refresh(each)]
    times = sum(runs_per_month(each, found.assumed["hours_in_month"]) for each in schedules)
    extractors = found.functions(lambda folder: folder.startswith("extract_"))
    builders = found.functions(lambda folder: folder in ("plan", "conform", "link", "post", "measure", "publish"))
    if extractors:
        seconds = times * found.assumed["streams"] * found.assumed["extract_seconds"]
        average = sum(map(memory_gb, extractors), Decimal(0)) / len(extractors)
        yield from found.line("refresh", "reading the systems", "lambda_gb_second", seconds * average,
                              kind="AWS::Lambda::Function extract_*", count=len(extractors))  # fmt: skip
    memory = sum(map(memory_gb, builders), Decimal(0))
    yield from found.line("refresh", "building the snapshot", "lambda_gb_second",
                          times * found.assumed["build_seconds"] * memory,
                          kind="AWS::Lambda::Function plan ... publish", count=len(builders))  # fmt: skip
    machines = found.of("AWS::StepFunctions::StateMachine")
    yield from found.line("refresh", "steps of the state machine", "transition",
                          times * found.assumed["transitions_per_refresh"],
                          kind="AWS::StepFunctions::StateMachine", count=len(machines))  # fmt: skip


def _asking(found: _Counter) -> Iterator[Line]:
    requests = QUESTIONS * found.assumed["requests_per_question"]
    apis, pages = found.of("AWS::ApiGateway::RestApi"), found.of("AWS::CloudFront::Distribution")
    yield from found.line(
        "questions", "requests to the API", "rest_request", requests, kind="AWS::ApiGateway::RestApi", count=len(apis)
    )
    yield from found.line("questions", "requests by way of the page", "cdn_request", requests,
                          kind="AWS::CloudFront::Distribution", count=len(pages))  # fmt: skip
    api = found.functions(lambda folder: folder == "api")
    memory = sum(map(memory_gb, api), Decimal(0))
    kind = "AWS::Lambda::Function api"
    yield from found.line("questions", "the API's work", "lambda_gb_second",
                          requests * found.assumed["api_seconds"] * memory, kind=kind, count=len(api))  # fmt: skip
    yield from found.line("questions", "the API's calls", "lambda_request", requests, kind=kind, count=len(api))
    tables = len(found.of("AWS::DynamoDB::GlobalTable"))
    operations = QUESTIONS * found.assumed["table_operations"]
    for what, price in (("state written", "table_write"), ("state read", "table_read")):
        yield from found.line("questions", what, price, operations, kind="AWS::DynamoDB::GlobalTable", count=tables)
    groups = len(found.of("AWS::Athena::WorkGroup"))
    yield from found.line("questions", "queries", "athena_query", QUESTIONS * found.assumed["athena_queries"],
                          kind="AWS::Athena::WorkGroup", count=groups)  # fmt: skip


def _model(found: _Counter) -> Iterator[Line]:
    hosts = _hosts(found)
    asked = QUESTIONS * found.assumed["model_share"]
    kind = "host that may call Bedrock"
    for what, price, tokens in (
        ("tokens the model reads", "model_input", "input_tokens"),
        ("tokens the model writes", "model_output", "output_tokens"),
    ):
        yield from found.line("questions", what, price, asked * found.assumed[tokens], kind=kind, count=len(hosts))
    rails = found.of("AWS::Bedrock::Guardrail")
    for what, price, policy in (
        ("content filters", "guardrail_content", "ContentPolicyConfig"),
        ("denied topics", "guardrail_topic", "TopicPolicyConfig"),
        ("filters of personal data", "guardrail_personal", "SensitiveInformationPolicyConfig"),
    ):
        having = [each for each in rails if policy in each.properties]
        yield from found.line("questions", what, price, asked * found.assumed["guardrail_thousands"],
                              kind=f"AWS::Bedrock::Guardrail with {policy}", count=len(having))  # fmt: skip


def _hosts(found: _Counter) -> list[Resource]:
    return found.of("AWS::BedrockAgentCore::Runtime") or found.functions(lambda folder: folder == "answer")


def _host(found: _Counter) -> Iterator[Line]:
    runtimes = found.of("AWS::BedrockAgentCore::Runtime")
    assumed, hour = found.assumed, Decimal(3600)
    if not runtimes:
        answers = found.functions(lambda folder: folder == "answer")
        memory = sum(map(memory_gb, answers), Decimal(0))
        yield from found.line("questions", "the agent's work", "lambda_gb_second",
                              QUESTIONS * assumed["answer_seconds"] * memory,
                              kind="AWS::Lambda::Function answer", count=len(answers))  # fmt: skip
        return
    kind = "AWS::BedrockAgentCore::Runtime"
    yield from found.line("questions", "the agent's processor", "agent_vcpu_hour",
                          QUESTIONS * assumed["answer_cpu_seconds"] / hour, kind=kind, count=len(runtimes))  # fmt: skip
    idle = sum(_idle_seconds(each) for each in runtimes) / Decimal(len(runtimes))
    seconds = assumed["answer_seconds"] + idle / assumed["questions_per_session"]
    yield from found.line("questions", "the agent's memory, until the session times out", "agent_gb_hour",
                          QUESTIONS * assumed["agent_gb"] * seconds / hour, kind=kind, count=len(runtimes))  # fmt: skip


def _idle_seconds(runtime: Resource) -> int:
    """AgentCore's own default is fifteen minutes."""
    return int(runtime.properties.get("LifecycleConfiguration", {}).get("IdleRuntimeSessionTimeout", 900))


def memory_gb(function: Resource) -> Decimal:
    return Decimal(str(function.properties.get("MemorySize", 128))) / 1024


def starts_a_refresh(schedule: Resource) -> bool:
    """The other schedule only looks whether something waits, which costs nothing to speak of."""
    return bool(json.loads(schedule.properties["Target"]["Input"]).get("operation") == "scheduled")


def runs_per_month(schedule: Resource, hours_in_month: Decimal) -> Decimal:
    """rate(6 hours) -> 121.7; a cron expression with one hour runs once a day."""
    expression = str(schedule.properties["ScheduleExpression"])
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        hours = {"minute": Decimal(1) / 60, "hour": Decimal(1), "day": Decimal(DAY_HOURS)}[rate[2]]
        return hours_in_month / (int(rate[1]) * hours)
    times = expression.removeprefix("cron(").split()
    each_day = len(times[1].split(",")) * len(times[0].split(",")) if len(times) > 1 and "*" not in times[1] else 24
    return hours_in_month / DAY_HOURS * each_day


def as_json(estimates: Sequence[Estimate], prices: Prices) -> dict[str, Any]:
    """What `datablueprint cost --json` prints; amounts as decimal strings."""
    return {
        "dated": prices.dated.isoformat(),
        "regions": prices.regions,
        "currency": "USD",
        "assumptions": {name: str(value) for name, value in prices.assumed.items()},
        "tenants": [
            {
                "tenant": each.tenant,
                "totals": {section: str(cents(each.total(section))) for section in SECTIONS},
                "lines": [_line(line, prices) for line in each.lines],
            }
            for each in estimates
        ],
    }


def _line(line: Line, prices: Prices) -> dict[str, str]:
    return {
        "section": line.section,
        "what": line.what,
        "counted": line.counted,
        "quantity": str(line.quantity.quantize(Decimal("0.01"))),
        "unit_usd": f"{prices.usd[line.price]:f}",
        "source": prices.sources[line.price],
        "usd": str(cents(line.amount)),
    }


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))
