"""A home is one folder; what is wrong with it is said in a sentence that names the file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from datablueprint.errors import SettingsError
from datablueprint.settings import Settings, SourceSettings
from local.home import Home, SandboxMarker

SETTINGS = Settings(tenant="acme", sources={"gusto": SourceSettings(base_url="https://api.gusto.test", account="c")})


def test_the_folder_is_the_one_given_else_the_environment_s_else_the_person_s(tmp_path: Path) -> None:
    environment = {"DATABLUEPRINT_HOME": str(tmp_path / "from-environment")}

    assert Home.at(tmp_path / "given", environment).path == tmp_path / "given"
    assert Home.at(None, environment).path == tmp_path / "from-environment"
    assert Home.at(None, {}).path == Path.home() / ".datablueprint"


def test_settings_come_back_as_they_were_stored(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")

    home.save_settings(SETTINGS)

    assert home.exists
    assert home.settings() == SETTINGS


def test_a_missing_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="datablueprint demo.*datablueprint connect"):
        Home.at(tmp_path / "nowhere").settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "is not JSON"), ("[]", "must hold one JSON object"), ('{"tenat": "x"}', "tenant.*tenat|tenat.*tenant")],
)
def test_damaged_settings_name_the_file_and_the_fault(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "config.json").write_text(text)

    with pytest.raises(SettingsError, match=said) as raised:
        Home.at(tmp_path).settings()

    assert "config.json" in str(raised.value)


def test_looking_at_a_home_creates_nothing(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")

    assert not home.exists
    assert home.sandbox() is None
    assert not home.path.exists()


def test_secrets_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")

    home.secrets.put("gusto", {"client_id": "i", "client_secret": "s"})

    assert (home.path / "secrets.json").stat().st_mode & 0o077 == 0


def test_two_processes_on_one_simulated_home_agree_on_the_time(tmp_path: Path) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    Home.at(tmp_path).save_sandbox(SandboxMarker(7, 40, date(2026, 11, 20), an_hour_ago))

    first, second = (Home.at(tmp_path).sandbox() for _ in range(2))

    assert first
    assert second
    assert abs(first.clock().now() - second.clock().now()) < timedelta(seconds=5)
    assert first.clock().now() - datetime(2026, 11, 20, 20, tzinfo=UTC) < timedelta(minutes=1)


def test_a_damaged_sandbox_marker_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sandbox.json").write_text('{"seed": "seven"}')

    with pytest.raises(SettingsError, match=r"sandbox\.json is damaged .* delete the folder"):
        Home.at(tmp_path).sandbox()


def test_a_home_that_is_made_is_for_its_owner_only(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")

    home.make(home.path / "files" / "inbox")

    assert [path.stat().st_mode & 0o077 for path in (home.path, home.path / "files")] == [0, 0]


def test_settings_that_cannot_be_read_name_the_file(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_bytes(b"\xff\xfe{")
    with pytest.raises(SettingsError, match=r"config\.json is not UTF-8"):
        Home.at(tmp_path).settings()

    config.unlink()
    config.mkdir()
    with pytest.raises(SettingsError, match=r"config\.json cannot be read \(Is a directory\)"):
        Home.at(tmp_path).settings()


@pytest.mark.parametrize("name", ["/dev/null", "a file"])
def test_a_home_that_is_not_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a file").write_text("")
    home = Home.at(tmp_path / name)

    with pytest.raises(SettingsError, match="is not a folder; choose another"):
        home.settings()
    with pytest.raises(SettingsError, match="is not a folder; choose another"):
        home.save_settings(SETTINGS)
