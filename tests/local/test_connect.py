"""Connecting is proving: nothing is kept of a connection that did not work."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import AuthExpired, SettingsError
from datablueprint.ports import Ports
from datablueprint.sources import auth
from local import cli
from local.home import Home

SECRET = {"client_id": "the id", "client_secret": "the secret", "code": "first code"}


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The exchange at the vendor, which succeeds and notes what it was given."""
    calls: list[dict[str, Any]] = []

    def connect(source: str, ports: Ports, **given: Any) -> None:
        calls.append({"source": source, "settings": ports.settings.sources[source], **given})

    monkeypatch.setattr(auth, "connect", connect)
    return calls


def connect(home: Path, *more: str, monkeypatch: pytest.MonkeyPatch, secret: object = SECRET) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(secret)))
    return cli.main(["connect", *more, "--home", str(home), "--secret-file", "-"])


def test_a_connected_system_is_in_the_settings_and_its_secret_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connected: list[dict[str, Any]]
) -> None:
    assert connect(tmp_path, "quickbooks_online", "--account", "9130", monkeypatch=monkeypatch) == 0

    home = Home.at(tmp_path)
    source = home.settings().sources["quickbooks_online"]
    assert (source.account, source.secret) == ("9130", "quickbooks_online")
    assert source.base_url == "https://quickbooks.api.intuit.com"
    assert "the secret" not in home.config.read_text()
    assert home.secrets.get("quickbooks_online") == {"client_id": "the id", "client_secret": "the secret"}


def test_a_first_code_is_exchanged_and_never_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connected: list[dict[str, Any]]
) -> None:
    connect(tmp_path, "gusto", "--account", "c", "--redirect-uri", "https://acme.test/back", monkeypatch=monkeypatch)

    (given,) = connected
    assert (given["code"], given["redirect_uri"]) == ("first code", "https://acme.test/back")
    assert "first code" not in "".join(path.read_text() for path in tmp_path.glob("*.json"))


def test_a_connection_that_fails_leaves_the_settings_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AuthExpired("Procore", "the client id or secret was refused", way_out="Correct the secret")

    monkeypatch.setattr(auth, "connect", refuse)

    assert connect(tmp_path, "procore", "--account", "42", monkeypatch=monkeypatch) == 1

    assert not Home.at(tmp_path).exists
    assert "Procore: the client id or secret was refused. Correct the secret" in capsys.readouterr().err


def test_reconnecting_keeps_what_is_not_said_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connected: list[dict[str, Any]]
) -> None:
    connect(tmp_path, "procore", "--account", "42", "--base-url", "https://procore.test", monkeypatch=monkeypatch)
    connect(tmp_path, "procore", monkeypatch=monkeypatch)

    source = Home.at(tmp_path).settings().sources["procore"]
    assert (source.account, source.base_url) == ("42", "https://procore.test")


def test_payroll_files_need_a_folder_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connected: list[dict[str, Any]]
) -> None:
    assert connect(tmp_path, "payroll_file", monkeypatch=monkeypatch) == 0

    source = Home.at(tmp_path).settings().sources["payroll_file"]
    assert source.secret == ""
    assert (tmp_path / "files" / source.account).is_dir()
    assert connected == []


@pytest.mark.parametrize(
    ("arguments", "secret", "said"),
    [
        (("gusto",), SECRET, "which account"),
        (("gusto", "--account", "c"), ["list"], "must be a JSON object"),
        (("gusto", "--account", "c"), {"client_id": "x"}, "client_id and client_secret"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_stored(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    secret: object,
    said: str,
) -> None:
    assert connect(tmp_path / "home", *arguments, monkeypatch=monkeypatch, secret=secret) == 1

    assert said in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    from local.connect import read_secret

    with pytest.raises(SettingsError, match=r"nowhere\.json cannot be read"):
        read_secret(str(tmp_path / "nowhere.json"), "gusto")
