"""Ten thousand deliveries with duplicates, reordering, forgeries, replays, lost messages and crashes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from datablueprint.adapters.dynamodb_state import DynamoState
from datablueprint.adapters.s3_files import S3Files
from datablueprint.adapters.secretsmanager_secrets import SecretsManagerSecrets
from datablueprint.hooks import SOURCES
from functions.coalesce import handler as coalesce
from functions.start_refresh import handler as start_refresh
from functions.webhook import handler as webhook
from tests.hooks.kit import House, keys
from tests.hooks.storm import Storm


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The storm wires the real handlers to its ports; afterwards they are as before."""
    for module, name in ((webhook, "get_reception"), (coalesce, "get_coalescer"), (start_refresh, "get_starter")):
        monkeypatch.setattr(module, name, getattr(module, name))


@pytest.fixture
def in_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Bucket, table and secrets of moto; queues and executions on the simulated clock."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        import boto3

        boto3.client("s3").create_bucket(Bucket="lake")
        boto3.resource("dynamodb").create_table(
            TableName="state",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "family", "KeyType": "HASH"}, {"AttributeName": "name", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("family", "name")],
        )
        for name, fields in keys().secrets.items():
            boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(fields))
        yield House(files=S3Files("lake"), state=DynamoState("state"), secrets=SecretsManagerSecrets())


def check(storm: Storm) -> None:
    """What must hold after any storm."""
    assert storm.wrongly_accepted == []
    assert storm.overlaps == []
    assert storm.lost() == []
    assert storm.lost_without_schedule == []  # hints alone suffice, once nobody disturbs
    assert {source for source, _, _ in storm.accepted} == set(SOURCES)
    assert {digest for _, _, digest in storm.accepted} <= storm.kept() <= storm.genuine
    board = storm.board
    assert board.runs == {}
    assert all(sync.due_at is None for sync in board.syncs.values())
    assert len(storm.begun) == len({name for name, _, _ in storm.begun})
    assert storm.house.events.dead == []


def test_a_storm_over_a_bucket_and_a_table_lets_no_forgery_in_and_loses_nothing(in_aws: House) -> None:
    check(Storm(in_aws, count=100, hours=1, seed=11).run())


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_nothing_runs_twice_in_any_storm(seed: int) -> None:
    check(Storm(House(), count=500, hours=8, seed=seed).run())


def check_thousands(house: House, count: int, hours: float) -> None:
    storm = Storm(house, count=count, hours=hours, seed=7).run()

    check(storm)
    told = dict(storm.tally)
    print(told, len(storm.accepted), "accepted,", len(storm.begun), "refreshes")
    forged = sum(n for kind, n in told.items() if "key" in kind or kind in ("altered body", "no header", "foreign"))
    assert forged > count / 5
    assert len(storm.accepted) > count * 0.6
    assert len(storm.begun) < count / 20
    assert len(list(house.state.list(""))) < 10


@pytest.mark.slow
def test_ten_thousand_deliveries_become_few_refreshes() -> None:
    check_thousands(House(), 10_000, hours=48)


@pytest.mark.slow
def test_thousands_of_deliveries_over_a_bucket_and_a_table(in_aws: House) -> None:
    check_thousands(in_aws, 2_000, hours=10)
