"""One DynamoDB item per document; the version attribute is the lock, and DynamoDB the only judge of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from datablueprint.ports import StateConflict, StateItem

NAMES = {"#family": "family", "#document": "document", "#version": "version"}


class DynamoState:
    """`State` in a table with partition key `family` (S) and sort key `name` (S).

    `family` is the key's first path segment, `name` the whole key: listing
    `checkpoint/procore/` is one query, not a scan.
    """

    def __init__(self, table: str, *, resource: Any = None) -> None:
        import boto3

        self._table = (resource or boto3.resource("dynamodb")).Table(table)

    def get(self, key: str) -> StateItem | None:
        answer = self._table.get_item(Key=_place(key), ConsistentRead=True)
        return _item(answer["Item"]) if "Item" in answer else None

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        """One conditional update: the version is compared and raised by DynamoDB itself."""
        values: dict[str, Any] = {":document": json.dumps(dict(value), default=str), ":one": 1}
        request: dict[str, Any] = {}
        names = {"#document": NAMES["#document"], "#version": NAMES["#version"]}
        if expected_version == 0:
            names["#family"] = NAMES["#family"]
            request["ConditionExpression"] = "attribute_not_exists(#family)"
        elif expected_version is not None:
            values[":expected"] = expected_version
            request["ConditionExpression"] = "#version = :expected"
        try:
            answer = self._table.update_item(
                Key=_place(key),
                UpdateExpression="SET #document = :document ADD #version :one",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                **request,
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException:
            raise StateConflict(f"{key} no longer has version {expected_version}") from None
        return _item(answer["Attributes"])

    def delete(self, key: str) -> None:
        self._table.delete_item(Key=_place(key))

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        """Items whose key starts with `prefix`, in lexical order; a prefix without `/` costs a scan."""
        from boto3.dynamodb.conditions import Attr, Key

        if "/" in prefix:
            condition = Key("family").eq(_place(prefix)["family"]) & Key("name").begins_with(prefix)
            found = self._pages(self._table.query, KeyConditionExpression=condition)
        else:
            starts = {"FilterExpression": Attr("name").begins_with(prefix)} if prefix else {}
            found = self._pages(self._table.scan, **starts)
        yield from sorted(((row["name"], _item(row)) for row in found), key=lambda pair: pair[0])

    def _pages(self, ask: Any, **request: Any) -> Iterator[dict[str, Any]]:
        while True:
            answer = ask(ConsistentRead=True, **request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _place(key: str) -> dict[str, str]:
    return {"family": key.partition("/")[0], "name": key}


def _item(row: Mapping[str, Any]) -> StateItem:
    return StateItem(json.loads(row["document"]), int(row["version"]))
