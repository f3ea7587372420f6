"""Ten thousand deliveries with duplicates, reordering, forgeries, replays, lost messages and crashes."""

from __future__ import annotations

import base64
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
from tests.fakes import MemoryState
from tests.hooks.kit import House, keys
from tests.hooks.storm import Storm, digest


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
        import json

        for name, fields in keys().secrets.items():
            boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(fields))
        yield House(files=S3Files("lake"), state=DynamoState("state"), secrets=SecretsManagerSecrets())


def check(storm: Storm) -> None:
    """What must hold after any storm."""
    assert storm.wrongly_accepted == []
    assert storm.overlaps == []
    assert storm.lost() == []
    assert {source for source, _, _ in storm.accepted} == set(SOURCES)
    _only_what_was_accepted_is_kept(storm)
    board = storm.board
    assert board.runs == {}
    assert all(sync.due_at is None for sync in board.syncs.values())
    assert len(storm.begun) == len({name for name, _, _ in storm.begun})
    assert storm.house.events.dead == []


def _only_what_was_accepted_is_kept(storm: Storm) -> None:
    """A delivery that was kept and then not handed on was sent again; a forged one was never kept."""
    accepted = set()
    for _, _, body in storm.accepted:
        accepted.add(digest(body.encode()))
        if not body.startswith(("{", "[")):
            accepted.add(digest(base64.b64decode(body)))
    assert storm.kept() <= accepted
    assert len(storm.kept()) >= len({body for _, _, body in storm.accepted}) * 0.99


def test_a_storm_over_a_bucket_and_a_table_lets_no_forgery_in_and_loses_nothing(in_aws: House) -> None:
    check(Storm(in_aws, count=500, hours=6, seed=11).run())


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_nothing_runs_twice_in_any_storm(seed: int) -> None:
    check(Storm(House(), count=500, hours=8, seed=seed).run())


@pytest.mark.slow
def test_ten_thousand_deliveries_become_few_refreshes() -> None:
    house = House()
    storm = Storm(house, count=10_000, hours=48, seed=7).run()

    check(storm)
    forged = sum(n for kind, n in storm.tally.items() if kind not in ("genuine", "good", "superseded", "failed"))
    print(dict(storm.tally), len(storm.accepted), "accepted,", len(storm.begun), "refreshes")
    assert forged > 2_000
    assert len(storm.accepted) > 6_000
    assert len(storm.begun) < 500
    assert isinstance(house.state, MemoryState)
    assert len(house.state.items) < 10
