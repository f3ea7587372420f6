"""The account as it was deployed: which policies have a say on a request, and what calls refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from tests.aws.deploying import Deployment, Resource
from tests.aws.iam.conditions import NotUnderstood
from tests.aws.iam.policies import Policies, Request, Statement, statements
from tests.aws.stand_ins import ACCOUNT, REGION

PINNED = re.compile(r"""FROM\s+"(\w+)"\."(\w+)"\s+WHERE\s+snapshot\s*=\s*'([0-9A-Za-z-]+)'""")
"""How the statements that ship name a table's rows of one snapshot."""


class Unreachable(Exception):
    """A function in an isolated VPC calls a service that has no endpoint there; in AWS it would wait until it ends."""


class Account:
    """Answers the evaluator's questions from the deployed templates and from moto."""

    account, region = ACCOUNT, REGION

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    # -- who may -------------------------------------------------------------------------------------

    @cached_property
    def roles(self) -> dict[str, list[Statement]]:
        """Role ARN to its statements; a role with managed policies or a boundary can't be judged and says so."""
        found = {}
        for role in self.deployment.of_type("AWS::IAM::Role"):
            path = role.properties.get("Path", "/")
            found[f"arn:aws:iam::{ACCOUNT}:role{path}{role.id}"] = self._identity(role)
        return found

    def _identity(self, role: Resource) -> list[Statement]:
        place = f"{role.stack}/{role.logical_id}"
        unsaid = {"ManagedPolicyArns", "PermissionsBoundary"} & set(role.properties)
        if unsaid:
            return [Statement(place, {"Effect": "Allow", "not understood": sorted(unsaid)})]
        found = []
        for policy in role.properties.get("Policies", []):
            found += statements(policy["PolicyDocument"], f"{place}/{policy['PolicyName']}")
        for policy in self.deployment.of_type("AWS::IAM::Policy"):
            if role.id in policy.properties.get("Roles", []):
                found += statements(policy.properties["PolicyDocument"], f"{policy.stack}/{policy.logical_id}")
        return found

    def policies(self, request: Request, role: str, function: Resource | None) -> Policies:
        """Every policy that has a say; forwarded calls of other services pass through no endpoint of ours."""
        endpoint = self._way(request, function)
        return Policies(
            identity=self.roles[role],
            resource=self._of_resource(request.resource),
            endpoint=None if endpoint is None else self._of_endpoint(endpoint),
        )

    def context(self, request: Request, role: str, function: Resource | None) -> Request:
        """The request with what AWS adds about its caller and its way."""
        known: dict[str, Any] = {
            "aws:PrincipalArn": role,
            "aws:PrincipalAccount": ACCOUNT,
            "aws:PrincipalIsAWSService": "false",
            "aws:ResourceAccount": ACCOUNT,
            "aws:RequestedRegion": REGION,
            "aws:SecureTransport": "true",
            "aws:ViaAWSService": "false",
            "kms:CallerAccount": ACCOUNT,
            "s3:TlsVersion": "1.3",
        }
        if function:
            known["lambda:SourceFunctionArn"] = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function.id}"
        endpoint = self._way(request, function)
        if endpoint:
            known["aws:SourceVpce"] = endpoint.id
            known["aws:SourceVpc"] = endpoint.properties["VpcId"]
        return Request(request.action, request.resource, {**known, **request.context})

    def _way(self, request: Request, function: Resource | None) -> Resource | None:
        """What a service asks of another in the caller's name does not come from the caller's network."""
        forwarded = request.context.get("aws:ViaAWSService") == "true"
        return None if forwarded else self.endpoint(request.action.partition(":")[0], function)

    def endpoint(self, service: str, function: Resource | None) -> Resource | None:
        """The endpoint that a function's calls of a service pass through, None outside VPCs."""
        subnets = (function.properties.get("VpcConfig") or {}).get("SubnetIds", []) if function else []
        if not subnets:
            return None
        network = self.deployment.by_id("AWS::EC2::Subnet", subnets[0]).properties["VpcId"]
        for found in self.deployment.of_type("AWS::EC2::VPCEndpoint"):
            named = found.properties["ServiceName"] == f"com.amazonaws.{REGION}.{ENDPOINTS.get(service, service)}"
            if found.properties["VpcId"] == network and named and self._routed(found, subnets):
                return found
        raise Unreachable(f"{function.id if function else ''} calls {service}, which has no endpoint in its VPC")

    def _routed(self, endpoint: Resource, subnets: list[str]) -> bool:
        """A gateway serves the subnets whose route tables name it, an interface the whole VPC by private DNS."""
        if endpoint.properties.get("VpcEndpointType") == "Interface":
            return str(endpoint.properties.get("PrivateDnsEnabled", "")).lower() == "true"
        joined = self.deployment.of_type("AWS::EC2::SubnetRouteTableAssociation")
        tables = {r.properties["RouteTableId"] for r in joined if r.properties["SubnetId"] in subnets}
        return tables <= set(endpoint.properties.get("RouteTableIds", []))

    def _of_endpoint(self, endpoint: Resource) -> list[Statement]:
        document = endpoint.properties.get("PolicyDocument")
        open_to_all = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
        return statements(document or open_to_all, f"{endpoint.stack}/{endpoint.logical_id}")

    def _of_resource(self, arn: str) -> list[Statement] | None:
        service, name = arn.split(":")[2], arn.split(":", 5)[5]
        owner = {"s3": name.partition("/")[0], "kms": name.rpartition("/")[2]}.get(service, arn)
        return self._resource_policies.get((service, owner))

    @cached_property
    def _resource_policies(self) -> dict[tuple[str, str], list[Statement]]:
        found: dict[tuple[str, str], list[Statement]] = {}
        for each in self.deployment.resources:
            place = f"{each.stack}/{each.logical_id}"
            for owner in _owners(each):
                document = each.properties.get("KeyPolicy") or each.properties.get("PolicyDocument")
                found.setdefault(owner, []).extend(statements(document or {}, place))
        unjudged = self.deployment.of_type("AWS::SecretsManager::ResourcePolicy")
        if unjudged:
            raise NotUnderstood(f"{unjudged[0].type} {unjudged[0].logical_id}")
        return found

    # -- what calls refer to -------------------------------------------------------------------------

    def bucket_key(self, bucket: str) -> str | None:
        found = self._properties("AWS::S3::Bucket", bucket).get("BucketEncryption", {})
        for rule in found.get("ServerSideEncryptionConfiguration", []):
            key = rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID")
            if key:
                return self.key_arn(key)
        return None

    def object_exists(self, bucket: str, key: str) -> bool:
        from moto.s3.models import s3_backends

        there = s3_backends[ACCOUNT]["aws"].buckets.get(bucket)
        return bool(there and key in there.keys)

    def table_key(self, table: str) -> str | None:
        wanted = self._properties("AWS::DynamoDB::GlobalTable", table)
        for replica in wanted.get("Replicas", []):
            key = replica.get("SSESpecification", {}).get("KMSMasterKeyId")
            return self.key_arn(key) if key else None
        return None

    def hash_attribute(self, table: str) -> str:
        schema = self._properties("AWS::DynamoDB::GlobalTable", table.rpartition("/")[2])["KeySchema"]
        return next(str(part["AttributeName"]) for part in schema if part["KeyType"] == "HASH")

    def secret(self, name: str) -> tuple[str, str | None]:
        for found in self.deployment.of_type("AWS::SecretsManager::Secret"):
            if name in (found.id, found.properties.get("Name")):
                key = found.properties.get("KmsKeyId")
                return found.id, self.key_arn(key) if key else None
        return f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-unknown", None

    def queue(self, url: str) -> tuple[str, str | None]:
        wanted = self._properties("AWS::SQS::Queue", url)
        key = wanted.get("KmsMasterKeyId")
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}"
        return arn, self.key_arn(key) if key else None

    def topic_key(self, arn: str) -> str | None:
        key = self._properties("AWS::SNS::Topic", arn).get("KmsMasterKeyId")
        return self.key_arn(key) if key else None

    def key_arn(self, key: str) -> str:
        return key if key.startswith("arn:") else f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}"

    def key_of_ciphertext(self, blob: bytes) -> str:
        from moto.kms.utils import _deserialize_ciphertext_blob

        return self.key_arn(_deserialize_ciphertext_blob(blob).key_id)

    def results(self, workgroup: str) -> tuple[str, str, str | None]:
        """Bucket, key prefix and KMS key of a workgroup's results."""
        wanted = self._properties("AWS::Athena::WorkGroup", workgroup)["WorkGroupConfiguration"]["ResultConfiguration"]
        bucket, _, prefix = wanted["OutputLocation"].removeprefix("s3://").partition("/")
        key = wanted.get("EncryptionConfiguration", {}).get("KmsKey")
        return bucket, prefix, self.key_arn(key) if key else None

    def workgroup_of(self, execution: str) -> str:
        from moto.athena.models import athena_backends

        workgroup = athena_backends[ACCOUNT][REGION].executions[execution].workgroup
        assert workgroup is not None, "a query without a workgroup"
        return str(workgroup.name)

    def objects_of_query(self, statement: str) -> list[tuple[str, str, str, str]]:
        """Database, table, bucket and key prefix of everything a statement reads."""
        found = []
        for database, table, snapshot in PINNED.findall(statement):
            location = self.glue_table(database, table)["Parameters"]["storage.location.template"]
            bucket, _, prefix = location.replace("${snapshot}", snapshot).removeprefix("s3://").partition("/")
            found.append((database, table, bucket, prefix.rstrip("/") + "/"))
        return found

    def glue_table(self, database: str, table: str) -> dict[str, Any]:
        return _glue_tables(self.deployment)[database, table]

    def _properties(self, kind: str, physical_id: str) -> Mapping[str, Any]:
        try:
            return self.deployment.by_id(kind, physical_id).properties
        except StopIteration:
            return {}


ENDPOINTS = {"bedrock": "bedrock-runtime"}
"""Services whose endpoint has another name than their actions."""


@cache
def _glue_tables(deployment: Deployment) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (each.properties["DatabaseName"], each.properties["TableInput"]["Name"]): dict(each.properties["TableInput"])
        for each in deployment.of_type("AWS::Glue::Table")
    }


def _owners(resource: Resource) -> list[tuple[str, str]]:
    """Whose policy a resource is."""
    wanted = resource.properties
    if resource.type == "AWS::S3::BucketPolicy":
        return [("s3", wanted["Bucket"])]
    if resource.type == "AWS::KMS::Key":
        return [("kms", resource.id)]
    if resource.type == "AWS::SQS::QueuePolicy":
        return [("sqs", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rpartition('/')[2]}") for url in wanted["Queues"]]
    if resource.type == "AWS::SNS::TopicPolicy":
        return [("sns", arn) for arn in wanted["Topics"]]
    return []
