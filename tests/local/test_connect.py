"""Connecting is proving: nothing is kept of a connection that did not work."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import AuthExpired, SettingsError, SourceUnavailable
from datablueprint.ports import Ports
from datablueprint.sources import auth
from local import cli
from local.home import Home, SandboxMarker

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


def test_a_failed_reconnection_leaves_the_working_one_as_it_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    connected: list[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    connect(tmp_path, "gusto", "--account", "c", monkeypatch=monkeypatch)
    before = Home.at(tmp_path).config.read_text(), Home.at(tmp_path).secrets.get("gusto")
    tried = []

    def refuse(source: str, ports: Ports, **_: object) -> None:
        tried.append(ports.secrets.get(source)["client_secret"])
        raise AuthExpired("Gusto", "refused the code or token (invalid_client)", way_out="Start again")

    monkeypatch.setattr(auth, "connect", refuse)
    wrong = {**SECRET, "client_secret": "mistyped"}
    assert connect(tmp_path, "gusto", "--account", "other", monkeypatch=monkeypatch, secret=wrong) == 1

    assert tried == ["mistyped"]
    assert (Home.at(tmp_path).config.read_text(), Home.at(tmp_path).secrets.get("gusto")) == before
    assert "Gusto: the client id or secret was refused. Nothing was stored." in capsys.readouterr().err


def test_a_silent_login_host_keeps_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def silent(*_: object, **__: object) -> None:
        raise SourceUnavailable("Gusto", "the sign-in service did not answer", way_out="The connection is kept")

    monkeypatch.setattr(auth, "connect", silent)

    assert connect(tmp_path, "gusto", "--account", "c", monkeypatch=monkeypatch) == 1
    said = capsys.readouterr().err
    assert "Nothing was stored" in said
    assert "kept" not in said


@pytest.mark.parametrize("url", ["", "nonsense", "https://", "ftp://acme.test", "https://a b", "http://x:port", "//x"])
@pytest.mark.parametrize("option", ["--base-url", "--login-url"])
def test_an_address_that_is_none_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: str, url: str
) -> None:
    assert connect(tmp_path / "home", "gusto", "--account", "c", option, url, monkeypatch=monkeypatch) == 1

    assert f"{option}: {url!r} is not a web address" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("account", ["/etc", "../outside", "inbox/../..", ".", "a//b", "~/x", "/"])
def test_payroll_files_are_below_the_home_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], account: str
) -> None:
    assert connect(tmp_path / "home", "payroll_file", "--account", account, monkeypatch=monkeypatch) == 1

    assert "is not a folder below the home's files/" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_a_simulated_contractor_is_not_connected_to_real_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Home.at(tmp_path).save_sandbox(SandboxMarker(7, 40, date(2026, 11, 20), datetime.now(UTC)))

    assert connect(tmp_path, "gusto", "--account", "c", monkeypatch=monkeypatch) == 1
    assert "this home is a simulated contractor; choose another with --home" in capsys.readouterr().err
