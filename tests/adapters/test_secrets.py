"""Secrets are found by name, and an error never shows one."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from datablueprint.adapters.local_secrets import LocalSecrets
from datablueprint.adapters.secretsmanager_secrets import SecretsManagerSecrets
from datablueprint.errors import SettingsError
from datablueprint.ports import Secrets

Opener = Callable[[dict[str, str]], Secrets]


@pytest.fixture(params=["file", "secrets manager"])
def holding(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    def in_file(secrets: dict[str, str]) -> Secrets:
        local = LocalSecrets(tmp_path / "secrets.json")
        for name, fields in secrets.items():
            local.put(name, json.loads(fields))
        return local

    def in_aws(secrets: dict[str, str]) -> Secrets:
        import boto3

        for name, fields in secrets.items():
            boto3.client("secretsmanager").create_secret(Name=name, SecretString=fields)
        return SecretsManagerSecrets()

    if request.param == "file":
        yield in_file
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield in_aws


def test_a_secret_is_found_by_name(holding: Opener) -> None:
    secrets = holding({"procore": '{"client_id": "a", "client_secret": "b"}', "gusto": '{"client_id": "c"}'})

    assert secrets.get("procore") == {"client_id": "a", "client_secret": "b"}


def test_a_missing_secret_is_named_in_the_error(holding: Opener) -> None:
    with pytest.raises(SettingsError, match="no secret named 'procore'"):
        holding({}).get("procore")


def test_a_secret_that_is_not_an_object_of_texts_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3

        boto3.client("secretsmanager").create_secret(Name="procore", SecretString="hunter2")
        with pytest.raises(SettingsError) as refused:
            SecretsManagerSecrets().get("procore")

    assert "procore" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secrets.json"
    LocalSecrets(path).put("procore", {"client_id": "a"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    path.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        LocalSecrets(path).get("procore")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b'{"gusto": "x"}', b"{"])
def test_a_damaged_file_is_said_in_one_sentence_without_what_is_in_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(SettingsError, match=r"secrets\.json .*; restore it"):
        LocalSecrets(path).names()


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SettingsError, match="cannot be"):
        LocalSecrets(tmp_path / "file" / "secrets.json").put("gusto", {})
