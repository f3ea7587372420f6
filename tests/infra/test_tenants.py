"""An operator's mistakes in tenants.toml are all told at once, in the file's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from datablueprint.errors import SettingsError
from infra import tenants

TENANT = '[[tenant]]\nname = "{}"\ncompany = "Acme"\nregion = "us-west-2"\nsources = {{}}\n'


def test_the_file_in_the_repository_is_valid() -> None:
    assert [tenant.name for tenant in tenants.load()] == ["example"]


def test_every_mistake_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text('[[tenant]]\nname = "Not A Name"\ncompany = "Acme"\nregoin = "us-west-2"\nsources = {}\n')

    with pytest.raises(SettingsError) as raised:
        tenants.load(file)

    for part in ("tenants.toml", "tenant.0.name", "tenant.0.region", "tenant.0.regoin"):
        assert part in str(raised.value)


def test_two_tenants_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text(TENANT.format("acme") + TENANT.format("acme"))

    with pytest.raises(SettingsError, match="two tenants have the same name: acme, acme"):
        tenants.load(file)


def test_a_tenant_s_settings_hold_the_names_of_its_secrets_and_no_value() -> None:
    (tenant,) = tenants.load()

    settings = tenant.settings(bucket="b", state_table="t")

    assert settings.sources["gusto"].secret == "datablueprint/example/gusto"
