"""What a call of the SDK asks of IAM: its own action, and what the services it passes through ask in the caller's name.

A call that is not listed here is an error: nothing goes unjudged. Sources are
the services' own pages on permissions; where they say "may need", it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from tests.aws.iam.conditions import NotUnderstood
from tests.aws.iam.policies import Request


class World(Protocol):
    """What one has to know of the account's resources; ARNs, None where there is nothing."""

    account: str
    region: str

    def bucket_key(self, bucket: str) -> str | None: ...
    def object_exists(self, bucket: str, key: str) -> bool: ...
    def table_key(self, table: str) -> str | None: ...
    def hash_attribute(self, table: str) -> str: ...
    def secret(self, name: str) -> tuple[str, str | None]: ...
    def queue(self, url: str) -> tuple[str, str | None]: ...
    def topic_key(self, arn: str) -> str | None: ...
    def key_arn(self, key: str) -> str: ...
    def key_of_ciphertext(self, blob: bytes) -> str: ...
    def results(self, workgroup: str) -> tuple[str, str, str | None]: ...
    def workgroup_of(self, execution: str) -> str: ...
    def objects_of_query(self, statement: str) -> list[tuple[str, str, str, str]]: ...


Params = Mapping[str, Any]
Rule = Callable[[Params, World], Iterator[Request]]
RULES: dict[tuple[str, str], Rule] = {}
ATHENA = "athena.amazonaws.com"


def requests_of(service: str, operation: str, params: Params, world: World) -> list[Request]:
    """Everything that has to be allowed; the first is the call's own action."""
    rule = RULES.get((service, operation))
    if rule is None:
        raise NotUnderstood(f"{service}:{operation} is not in tests/aws/iam/calls.py; say there what it asks of IAM")
    return list(rule(params, world))


def rule(service: str, *operations: str) -> Callable[[Rule], Rule]:
    def add(function: Rule) -> Rule:
        RULES.update({(service, operation): function for operation in operations})
        return function

    return add


def through(service: str, key: str | None, actions: tuple[str, ...], world: World, **context: str) -> Iterator[Request]:
    """What a service asks of the key in the caller's name."""
    if key:
        known = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
        for action in actions:
            yield Request(
                f"kms:{action}",
                key,
                {"kms:ViaService": f"{service}.{world.region}.amazonaws.com", "aws:ViaAWSService": "true", **known},
            )


def _object(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}"


@rule("s3", "GetObject", "HeadObject")
def _read(params: Params, world: World) -> Iterator[Request]:
    bucket, key = params["Bucket"], params["Key"]
    yield Request("s3:GetObjectVersion" if "VersionId" in params else "s3:GetObject", _object(bucket, key))
    if not world.object_exists(bucket, key):  # S3 tells absence only to those who may list, and answers 403 to others
        yield Request("s3:ListBucket", f"arn:aws:s3:::{bucket}")
    else:
        yield from through("s3", world.bucket_key(bucket), ("Decrypt",), world, **{"aws:s3:arn": _bucket_arn(bucket)})


@rule("s3", "PutObject")
def _write(params: Params, world: World) -> Iterator[Request]:
    bucket = params["Bucket"]
    asked = {"ServerSideEncryption": "s3:x-amz-server-side-encryption"}
    asked["SSEKMSKeyId"] = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    context = {name: params[field] for field, name in asked.items() if field in params}
    yield Request("s3:PutObject", _object(bucket, params["Key"]), context)
    context_of_key = {"aws:s3:arn": _bucket_arn(bucket)}
    yield from through("s3", world.bucket_key(bucket), ("GenerateDataKey",), world, **context_of_key)


@rule("s3", "DeleteObject")
def _remove(params: Params, world: World) -> Iterator[Request]:
    action = "s3:DeleteObjectVersion" if "VersionId" in params else "s3:DeleteObject"
    yield Request(action, _object(params["Bucket"], params["Key"]))


@rule("s3", "ListObjectsV2", "ListObjects")
def _listing(params: Params, world: World) -> Iterator[Request]:
    fields = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"}
    context = {name: str(params[field]) for field, name in fields.items() if field in params}
    yield Request("s3:ListBucket", _bucket_arn(params["Bucket"]), context)


def _bucket_arn(bucket: str) -> str:
    return f"arn:aws:s3:::{bucket}"


@rule("dynamodb", "GetItem", "PutItem", "UpdateItem", "DeleteItem")
def _item(params: Params, world: World) -> Iterator[Request]:
    attribute = world.hash_attribute(params["TableName"])
    held = params["Key"] if "Key" in params else params["Item"]
    yield from _of_table(_action(params), params["TableName"], [_text(held[attribute])], world)


@rule("dynamodb", "Query")
def _query(params: Params, world: World) -> Iterator[Request]:
    """The partition asked for is the value that the key condition compares the hash attribute with."""
    attribute = world.hash_attribute(params["TableName"])
    names = params.get("ExpressionAttributeNames", {})
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", params["KeyConditionExpression"]):
        if names.get(name, name) == attribute:
            leading = [_text(params["ExpressionAttributeValues"][value])]
            yield from _of_table("dynamodb:Query", params["TableName"], leading, world)
            return
    raise NotUnderstood(f"dynamodb:Query without a value for {attribute}: {params['KeyConditionExpression']}")


@rule("dynamodb", "Scan")
def _scan(params: Params, world: World) -> Iterator[Request]:
    yield from _of_table("dynamodb:Scan", params["TableName"], None, world)


@rule("dynamodb", "DescribeTable")
def _describe_table(params: Params, world: World) -> Iterator[Request]:
    yield Request("dynamodb:DescribeTable", _table_arn(params["TableName"], world))


@rule("dynamodb", "TransactWriteItems")
def _transaction(params: Params, world: World) -> Iterator[Request]:
    """DynamoDB asks for the action of each item, not for one of the transaction."""
    actions = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
    for item in params["TransactItems"]:
        for kind, inner in item.items():
            attribute = world.hash_attribute(inner["TableName"])
            held = inner["Item"] if kind == "Put" else inner["Key"]
            yield from _of_table(f"dynamodb:{actions[kind]}", inner["TableName"], [_text(held[attribute])], world)


def _of_table(action: str, table: str, leading: list[str] | None, world: World) -> Iterator[Request]:
    name = table.rpartition("/")[2]
    yield Request(action, _table_arn(table, world), {"dynamodb:LeadingKeys": leading} if leading else {})
    context = {"aws:dynamodb:tableName": name, "aws:dynamodb:subscriberId": world.account}
    yield from through("dynamodb", world.table_key(name), ("Decrypt",), world, **context)


def _table_arn(table: str, world: World) -> str:
    return table if table.startswith("arn:") else f"arn:aws:dynamodb:{world.region}:{world.account}:table/{table}"


def _action(params: Params) -> str:
    return str(params["__action__"])


def _text(value: Any) -> str:
    """A key as DynamoDB writes it, {"S": "checkpoint"}, or as the resource interface does."""
    return str(next(iter(value.values()))) if isinstance(value, dict) else str(value)


@rule("secretsmanager", "GetSecretValue", "DescribeSecret", "PutSecretValue", "UpdateSecret")
def _secret(params: Params, world: World) -> Iterator[Request]:
    arn, key = world.secret(params["SecretId"])
    yield Request(_action(params), arn)
    needed = {"GetSecretValue": ("Decrypt",), "DescribeSecret": ()}
    actions = needed.get(_action(params).partition(":")[2], ("GenerateDataKey", "Decrypt"))
    yield from through("secretsmanager", key, actions, world, SecretARN=arn)


@rule("kms", "Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey")
def _key(params: Params, world: World) -> Iterator[Request]:
    key = world.key_arn(params["KeyId"]) if "KeyId" in params else world.key_of_ciphertext(params["CiphertextBlob"])
    context = params.get("EncryptionContext", {})
    known: dict[str, Any] = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    if context:
        known["kms:EncryptionContextKeys"] = sorted(context)
    yield Request(_action(params), key, known)


@rule("lambda", "Invoke")
def _invoke(params: Params, world: World) -> Iterator[Request]:
    name = params["FunctionName"]
    arn = name if name.startswith("arn:") else f"arn:aws:lambda:{world.region}:{world.account}:function:{name}"
    yield Request("lambda:InvokeFunction", f"{arn}:{params['Qualifier']}" if "Qualifier" in params else arn)


@rule("stepfunctions", "StartExecution", "ListExecutions")
def _machine(params: Params, world: World) -> Iterator[Request]:
    yield Request(_action(params), params["stateMachineArn"])


@rule("stepfunctions", "DescribeExecution")
def _execution(params: Params, world: World) -> Iterator[Request]:
    yield Request("states:DescribeExecution", params["executionArn"])


@rule("sqs", "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
def _queue(params: Params, world: World) -> Iterator[Request]:
    arn, key = world.queue(params["QueueUrl"])
    action = _action(params).removesuffix("Batch")
    yield Request(action, arn)
    needed = {"sqs:SendMessage": ("GenerateDataKey", "Decrypt"), "sqs:ReceiveMessage": ("Decrypt",)}
    yield from through("sqs", key, needed.get(action, ()), world)


@rule("sns", "Publish")
def _publish(params: Params, world: World) -> Iterator[Request]:
    yield Request("sns:Publish", params["TopicArn"])
    yield from through("sns", world.topic_key(params["TopicArn"]), ("GenerateDataKey", "Decrypt"), world)


@rule("bedrock-runtime", "Converse", "ConverseStream", "InvokeModel")
def _model(params: Params, world: World) -> Iterator[Request]:
    model = params["modelId"]
    kind = "inference-profile" if re.match(r"[a-z]+\.[a-z]+\.", model) else "foundation-model"
    account = world.account if kind == "inference-profile" else ""
    arn = model if model.startswith("arn:") else f"arn:aws:bedrock:{world.region}:{account}:{kind}/{model}"
    guardrail = params.get("guardrailConfig", {})
    named = {"bedrock:GuardrailIdentifier": guardrail["guardrailIdentifier"]} if guardrail else {}
    yield Request("bedrock:InvokeModel", arn, named)


@rule("bedrock-agentcore", "InvokeAgentRuntime")
def _runtime(params: Params, world: World) -> Iterator[Request]:
    yield Request("bedrock-agentcore:InvokeAgentRuntime", params["agentRuntimeArn"])


@rule("glue", "GetTable", "GetDatabase", "GetTables")
def _catalog(params: Params, world: World) -> Iterator[Request]:
    database = params.get("DatabaseName", params.get("Name", ""))
    yield from _glue(_action(params), database, params.get("Name") if "DatabaseName" in params else None, world)


def _glue(action: str, database: str, table: str | None, world: World) -> Iterator[Request]:
    """Glue wants the action on the catalogue and on every level down to the thing."""
    base = f"arn:aws:glue:{world.region}:{world.account}"
    yield Request(action, f"{base}:catalog")
    yield Request(action, f"{base}:database/{database}")
    if table:
        yield Request(action, f"{base}:table/{database}/{table}")


@rule("athena", "StartQueryExecution")
def _ask(params: Params, world: World) -> Iterator[Request]:
    workgroup = params.get("WorkGroup", "primary")
    yield Request("athena:StartQueryExecution", _workgroup(workgroup, world))
    for request in _behind_query(params["QueryString"], workgroup, world):
        yield request.within(**{"aws:CalledVia": [ATHENA], "aws:ViaAWSService": "true"})


def _behind_query(statement: str, workgroup: str, world: World) -> Iterator[Request]:
    """What Athena does in the caller's name: the catalogue, the objects, and the result."""
    for database, table, bucket, prefix in world.objects_of_query(statement):
        yield from _glue("glue:GetDatabase", database, None, world)
        yield from _glue("glue:GetTable", database, table, world)
        yield Request("s3:ListBucket", _bucket_arn(bucket), {"s3:prefix": prefix})
        yield Request("s3:GetObject", _object(bucket, f"{prefix}data.parquet"))
        context = {"aws:s3:arn": _bucket_arn(bucket)}
        yield from through("s3", world.bucket_key(bucket), ("Decrypt",), world, **context)
    bucket, prefix, key = world.results(workgroup)
    yield Request("s3:GetBucketLocation", _bucket_arn(bucket))
    yield Request("s3:PutObject", _object(bucket, f"{prefix}result.csv"))
    yield from through("s3", key or world.bucket_key(bucket), ("GenerateDataKey", "Decrypt"), world)


@rule("athena", "GetQueryResults")
def _answer(params: Params, world: World) -> Iterator[Request]:
    workgroup = world.workgroup_of(params["QueryExecutionId"])
    yield Request("athena:GetQueryResults", _workgroup(workgroup, world))
    bucket, prefix, key = world.results(workgroup)
    behind = [Request("s3:GetObject", _object(bucket, f"{prefix}result.csv"))]
    behind += through("s3", key or world.bucket_key(bucket), ("Decrypt",), world)
    for request in behind:
        yield request.within(**{"aws:CalledVia": [ATHENA], "aws:ViaAWSService": "true"})


@rule("athena", "GetQueryExecution", "StopQueryExecution")
def _progress(params: Params, world: World) -> Iterator[Request]:
    yield Request(_action(params), _workgroup(world.workgroup_of(params["QueryExecutionId"]), world))


def _workgroup(name: str, world: World) -> str:
    return f"arn:aws:athena:{world.region}:{world.account}:workgroup/{name}"
