"""Where a model thinks is known from its id, and the rights are for those Regions alone."""

from __future__ import annotations

import re

import pytest

from datablueprint.errors import SettingsError
from infra import models

SONNET = "anthropic.claude-sonnet-4-6"
AT = {"account": "123456789012", "partition": "aws"}


def test_a_profile_needs_itself_and_the_model_in_each_region_of_its_geography() -> None:
    found = models.invocable(f"us.{SONNET}", region="us-west-2", **AT)

    assert found.profile == f"arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.{SONNET}"
    assert found.models == tuple(
        f"arn:aws:bedrock:{region}::foundation-model/{SONNET}"
        for region in ("us-east-1", "us-east-2", "us-west-1", "us-west-2")
    )
    assert found.all == (found.profile, *found.models)


def test_a_model_without_a_profile_stays_in_its_region() -> None:
    found = models.invocable("amazon.nova-lite-v1:0", region="eu-central-1", **AT)

    assert found.all == ("arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0",)


@pytest.mark.parametrize(
    "model_id", ["minimax.minimax-m2.1", "zai.glm-5", "ai21.jamba-1-5-large-v1:0", "meta.llama3.x"]
)
def test_a_dot_in_a_model_s_name_is_no_geography(model_id: str) -> None:
    assert models.regions(model_id, "us-east-1") == ("us-east-1",)


def test_a_global_profile_is_refused_with_the_one_to_take_instead() -> None:
    with pytest.raises(SettingsError, match=r"any commercial Region; .* eu\.anthropic\.claude-sonnet-4-6"):
        models.invocable(f"global.{SONNET}", region="eu-central-1", **AT)


def test_a_geography_without_known_regions_is_refused() -> None:
    with pytest.raises(SettingsError, match="no Regions are known for the geography 'sa'; known are us., us-gov., eu."):
        models.regions(f"sa.{SONNET}", "sa-east-1")


def test_a_profile_of_another_geography_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"us-west-2 is none of them"):
        models.regions(f"eu.{SONNET}", "us-west-2")


@pytest.mark.parametrize(
    "model_id", ["arn:aws:bedrock:us-west-2::foundation-model/x.y", "*", "us.*", "claude", "a b.c"]
)
def test_what_is_no_id_is_refused(model_id: str) -> None:
    with pytest.raises(SettingsError, match="no model or inference profile id"):
        models.regions(model_id, "us-west-2")


@pytest.mark.parametrize("geography", models.GEOGRAPHIES)
def test_no_arn_has_a_wildcard_or_leaves_the_geography(geography: str) -> None:
    within = models.GEOGRAPHIES[geography]

    found = models.invocable(f"{geography}.{SONNET}", region=within[0], **AT)

    assert not any("*" in arn or "?" in arn for arn in found.all)
    assert {arn.split(":")[3] for arn in found.all} == set(within)
    assert all(re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region) for region in within)


def test_geographies_do_not_cross_continents() -> None:
    begins = {name: {region.split("-")[0] for region in within} for name, within in models.GEOGRAPHIES.items()}

    assert begins == {"us": {"us"}, "us-gov": {"us"}, "eu": {"eu"}, "jp": {"ap"}, "au": {"ap"}, "apac": {"ap"}}
    assert not set(models.GEOGRAPHIES["us"]) & set(models.GEOGRAPHIES["us-gov"])
