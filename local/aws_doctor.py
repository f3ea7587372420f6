"""May it be deployed in this account? Every check reads, passes or ends with what to do, and changes nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from datablueprint.errors import SettingsError
from datablueprint.ports import Progress
from local.checks import Check
from local.cli_verbs import Outcome
from local.home import Home

if TYPE_CHECKING:
    from infra.tenants import Tenant

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
LEAST_BOOTSTRAP = 6
"""The version that the templates ask for themselves."""
LEAST_CONCURRENCY = 100
"""A refresh reads up to ten streams at a time per system, and people ask beside it; a new account may have 10."""
VPCS, INTERFACE_ENDPOINTS, GATEWAY_ENDPOINTS = "L-F678F1CE", "L-29B6F2EB", "L-1B52E74A"
"""Codes of Service Quotas."""
ENDPOINTS_PER_NETWORK = 8
GATEWAYS_PER_NETWORK = 2
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnrecognizedClientException"}

Clients = Callable[[str, str], Any]
"""(service, region) -> a boto3 client."""


def doctor(args: argparse.Namespace, home: Home, listen: Callable[[Progress], None]) -> Outcome:
    """The checks for every tenant of infra/tenants.toml, or one of them."""
    from infra import tenants

    known = tenants.load()
    chosen = [tenant for tenant in known if args.tenant in (None, tenant.name)]
    if not chosen:
        names = ", ".join(tenant.name for tenant in known)
        raise SettingsError(f"There is no tenant {args.tenant!r} in infra/tenants.toml; there is {names}")
    checks = list(examine(chosen, clients()))
    return Outcome({"checks": [asdict(check) for check in checks]}, ok=all(check.ok for check in checks))


def clients() -> Clients:
    """Clients of the credentials that the AWS CLI would use; a service that is not there is told within seconds."""
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 2})
    return lambda service, region: boto3.client(service, region_name=region, config=config)


def examine(chosen: Sequence[Tenant], client: Clients) -> Iterator[Check]:
    """Who we are first; without an identity no other check would say anything."""
    region = chosen[0].region
    identity = _asked("identity", "sts:GetCallerIdentity", lambda: _identity(client("sts", region)))
    yield identity
    if not identity.ok:
        return
    for region in sorted({tenant.region for tenant in chosen}):
        yield from _region([tenant for tenant in chosen if tenant.region == region], region, client)
    for tenant in chosen:
        yield from _tenant(tenant, client)


def _region(here: Sequence[Tenant], region: str, client: Clients) -> Iterator[Check]:
    ec2, quotas = client("ec2", region), client("service-quotas", region)
    yield _asked(f"{region} enabled", "ec2:DescribeRegions", lambda: _enabled(ec2, region))
    yield _asked(f"{region} CDK bootstrap", "ssm:GetParameter", lambda: _bootstrap(client("ssm", region), region))
    placed = [tenant for tenant in here if tenant.network != "none"]
    if placed:
        yield _asked(f"{region} zones", "ec2:DescribeAvailabilityZones", lambda: _zones(ec2, placed))
        networks = sum(t.network == "dedicated" for t in here) + any(t.network == "shared" for t in here)
        yield from _network_quotas(region, networks, ec2, quotas)
    yield _asked(
        f"{region} Lambda concurrency", "lambda:GetAccountSettings", lambda: _concurrency(client("lambda", region))
    )
    if any(tenant.agent.model_id for tenant in here):
        bedrock = client("bedrock", region)
        yield _asked(f"{region} data retention", "bedrock:GetAccountDataRetention", lambda: _retention(bedrock, region))
    if any(tenant.agent_host == "agentcore" for tenant in here):
        control = client("bedrock-agentcore-control", region)
        yield _asked(f"{region} AgentCore", "bedrock-agentcore:ListAgentRuntimes", lambda: _agentcore(control))


def _network_quotas(region: str, networks: int, ec2: Any, quotas: Any) -> Iterator[Check]:
    for name, code, wanted, used in (
        ("VPCs", VPCS, networks, lambda: _count(ec2, "describe_vpcs", "Vpcs")),
        ("gateway endpoints", GATEWAY_ENDPOINTS, networks * GATEWAYS_PER_NETWORK, lambda: _gateways(ec2)),
        ("interface endpoints of a VPC", INTERFACE_ENDPOINTS, ENDPOINTS_PER_NETWORK, lambda: 0),
    ):
        yield _asked(
            f"{region} quota of {name}",
            "servicequotas:GetServiceQuota and ec2:Describe*",
            lambda name=name, code=code, wanted=wanted, used=used: _quota(  # type: ignore[misc]
                quotas, name, code, wanted=wanted, used=used()
            ),
        )


def _tenant(tenant: Tenant, client: Clients) -> Iterator[Check]:
    from infra import models

    region, model = tenant.region, tenant.agent.model_id
    if model:
        bedrock = client("bedrock", region)
        yield _asked(
            f"{tenant.name} model", "bedrock:GetFoundationModelAvailability", lambda: _model(bedrock, model, region)
        )
        if models.PROFILE.match(model):
            yield _asked(
                f"{tenant.name} profile", "bedrock:GetInferenceProfile", lambda: _profile(bedrock, model, region)
            )
    account = client("sts", region).get_caller_identity()["Account"]
    cognito = client("cognito-idp", region)
    yield _asked(
        f"{tenant.name} sign-in address",
        "cognito-idp:DescribeUserPoolDomain",
        lambda: _domain(cognito, tenant.people.prefix or f"datablueprint-{tenant.name}", account),
    )


def _asked(name: str, permission: str, look: Callable[[], tuple[bool, str]]) -> Check:
    """The check's outcome, or why it could not be made and what to do about that."""
    from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError, NoCredentialsError

    try:
        return Check(name, *look())
    except NoCredentialsError:
        return Check(name, False, "no AWS credentials were found; sign in (`aws sso login`) and run again")
    except EndpointConnectionError:
        return Check(name, False, "the service does not answer in this region; choose another in infra/tenants.toml, "
                     "or check the network")  # fmt: skip
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in DENIED:
            return Check(name, False, f"your role may not look ({permission}); ask for that permission")
        return Check(name, False, f"AWS answered {code}: {error.response['Error'].get('Message', '')}")
    except BotoCoreError as error:
        return Check(name, False, f"{error}; check the network and the AWS configuration")


def _identity(sts: Any) -> tuple[bool, str]:
    who = sts.get_caller_identity()
    return True, f"account {who['Account']}, {who['Arn']}"


def _enabled(ec2: Any, region: str) -> tuple[bool, str]:
    (found,) = ec2.describe_regions(RegionNames=[region], AllRegions=True)["Regions"]
    if found["OptInStatus"] == "not-opted-in":
        return False, f"not enabled; run `aws account enable-region --region-name {region}`"
    return True, "yes"


def _bootstrap(ssm: Any, region: str) -> tuple[bool, str]:
    what_to_do = f"run `npx cdk bootstrap aws://ACCOUNT/{region}`"
    try:
        version = int(ssm.get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return False, f"not done; {what_to_do}"
    if version < LEAST_BOOTSTRAP:
        return False, f"version {version}, {LEAST_BOOTSTRAP} is needed; {what_to_do}"
    return True, f"version {version}"


def _zones(ec2: Any, placed: Sequence[Tenant]) -> tuple[bool, str]:
    found = ec2.describe_availability_zones()["AvailabilityZones"]
    there = {zone["ZoneName"] for zone in found if zone["State"] == "available"}
    text = f"{', '.join(sorted(there))} available"
    absent = sorted({name for tenant in placed for name in tenant.availability_zones} - there)
    if absent:
        return False, f"{text}; take {', '.join(absent)} out of availability_zones"
    if max(tenant.az_count for tenant in placed) > len(there):
        return False, f"{text}; set az_count to {len(there)}"
    return True, text


def _quota(quotas: Any, name: str, code: str, *, wanted: int, used: int) -> tuple[bool, str]:
    allowed = int(quotas.get_service_quota(ServiceCode="vpc", QuotaCode=code)["Quota"]["Value"])
    text = f"{allowed} allowed, {used} used, {wanted} wanted if nothing is deployed yet"
    if used + wanted <= allowed:
        return True, text
    raise_it = f"aws service-quotas request-service-quota-increase --service-code vpc --quota-code {code}"
    what_to_do = f"ask for more {name} (`{raise_it} --desired-value {used + wanted}`)"
    return False, f'{text}; {what_to_do}, or set network = "shared"'


def _count(client: Any, operation: str, key: str) -> int:
    return sum(len(page[key]) for page in client.get_paginator(operation).paginate())


def _gateways(ec2: Any) -> int:
    pages = ec2.get_paginator("describe_vpc_endpoints").paginate(
        Filters=[{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}]
    )
    return sum(len(page["VpcEndpoints"]) for page in pages)


def _concurrency(functions: Any) -> tuple[bool, str]:
    allowed = functions.get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if allowed >= LEAST_CONCURRENCY:
        return True, f"{allowed} at a time"
    ask = "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384"
    return False, f"{allowed} at a time; ask for {LEAST_CONCURRENCY} (`{ask} --desired-value {LEAST_CONCURRENCY}`)"


def _retention(bedrock: Any, region: str) -> tuple[bool, str]:
    mode = bedrock.get_account_data_retention()["mode"]
    if mode == "none":
        return True, "none: no prompt is kept"
    what_to_do = f"`aws bedrock put-account-data-retention --mode none --region {region}`"
    return False, f"{mode}: a model may keep prompts; run {what_to_do} (it holds for the whole account there)"


def _agentcore(control: Any) -> tuple[bool, str]:
    control.list_agent_runtimes(maxResults=1)
    return True, "answers"


def _model(bedrock: Any, model: str, region: str) -> tuple[bool, str]:
    from infra.models import PROFILE

    bare = PROFILE.sub("", model, count=1)
    found = bedrock.get_foundation_model_availability(modelId=bare)
    wanting = {
        "agreement": found["agreementAvailability"]["status"] != "AVAILABLE",
        "authorization": found["authorizationStatus"] != "AUTHORIZED",
        "entitlement": found["entitlementAvailability"] != "AVAILABLE",
        "region": found["regionAvailability"] != "AVAILABLE",
    }
    lacking = [name for name, lacks in wanting.items() if lacks]
    if not lacking:
        return True, f"{bare} may be called"
    return False, f"{bare} lacks {', '.join(lacking)}; ask for it in the Bedrock console of {region} (Model access)"


def _profile(bedrock: Any, model: str, region: str) -> tuple[bool, str]:
    from infra import models

    found = bedrock.get_inference_profile(inferenceProfileIdentifier=model)
    routed = {each["modelArn"].split(":")[3] for each in found["models"]}
    beyond = sorted(routed - set(models.regions(model, region)))
    text = f"{model} is {found['status']}; it runs in {', '.join(sorted(routed))}"
    if found["status"] != "ACTIVE":
        return False, f"{text}; choose another model_id in infra/tenants.toml"
    if beyond:
        return True, f"{text}; calls that are routed to {', '.join(beyond)} are refused by the agent's role"
    return True, text


def _domain(cognito: Any, prefix: str, account: str) -> tuple[bool, str]:
    taken = cognito.describe_user_pool_domain(Domain=prefix)["DomainDescription"]
    owner = taken.get("AWSAccountId", account)
    if owner != account:
        return False, f"{prefix} belongs to another account; set people.prefix in infra/tenants.toml"
    return True, f"{prefix} is {'ours' if taken else 'free'}"
