"""An operator's mistakes in tenants.toml are all told at once, in the file's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from datablueprint.errors import SettingsError
from infra import tenants

TENANT = """
[[tenant]]
name = "{}"
company = "Acme"
region = "us-west-2"
sources.gusto = {{base_url = "https://api.gusto.com", account = "1"}}
"""


def test_the_file_in_the_repository_is_valid() -> None:
    assert [tenant.name for tenant in tenants.load()] == ["example"]


def test_every_mistake_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text(TENANT.format("Not A Name").replace("region", "regoin") + 'time_zone = "Denver"\naz_count = 0\n')

    with pytest.raises(SettingsError) as raised:
        tenants.load(file)

    for part in ("tenants.toml", "name", "region", "regoin", "America/Denver", "az_count"):
        assert part in str(raised.value)


def test_two_tenants_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text(TENANT.format("acme") + TENANT.format("acme"))

    with pytest.raises(SettingsError, match="two tenants have the same name: acme, acme"):
        tenants.load(file)


def test_a_tenant_s_settings_hold_the_names_of_its_secrets_and_no_value() -> None:
    (tenant,) = tenants.load()

    settings = tenant.settings()

    assert settings.sources["gusto"].secret == "datablueprint/example/gusto"


def test_a_source_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text(TENANT.format("acme").replace("gusto =", "sage ="))

    with pytest.raises(SettingsError, match="sources.sage"):
        tenants.load(file)


def test_tenants_that_share_a_network_are_found_by_region(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    shared = 'network = "shared"\n'
    file.write_text(TENANT.format("acme") + shared + TENANT.format("best") + TENANT.format("core") + shared)

    assert {region: [t.name for t in of] for region, of in tenants.sharing(tenants.load(file)).items()} == {
        "us-west-2": ["acme", "core"]
    }
