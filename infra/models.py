"""A model is chosen by where it may think: in one geography's Regions, never anywhere in the world.

The Regions are those that Bedrock's geographic inference profiles route to,
looked up on 2026-11-22, in part from third parties, after docs.aws.amazon.com/bedrock/latest/userguide/
inference-profiles-support.html; no one profile uses all of its geography.
A profile that routes to a Region beyond these fails there, which is what
residency asks for; `aws bedrock get-inference-profile` lists its Regions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from datablueprint.errors import SettingsError

GEOGRAPHIES: dict[str, tuple[str, ...]] = {
    "us": ("us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    "us-gov": ("us-gov-east-1", "us-gov-west-1"),
    "eu": ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"),
    "jp": ("ap-northeast-1", "ap-northeast-3"),
    "au": ("ap-southeast-2", "ap-southeast-4"),
    "apac": (
        "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1",
        "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
    ),
}  # fmt: skip
"""Profile prefix -> Regions that a call from one of them may be routed to."""
EVERYWHERE = "global"
PROFILE = re.compile(rf"({EVERYWHERE}|apac|us-gov|[a-z]{{2}})\.")
"""Providers' names are longer than two letters."""
MODEL = re.compile(r"[a-z0-9][\w-]*\.[\w.:-]+")


@dataclass(frozen=True)
class Invocable:
    """The ARNs that a role needs for one model; `profile` "" = the model is called in its own Region."""

    profile: str
    models: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (self.profile, *self.models) if self.profile else self.models


def regions(model_id: str, region: str) -> tuple[str, ...]:
    """The Regions that may process what is asked of a model in `region`; SettingsError when that cannot be known."""
    prefix = _geography(model_id)
    if prefix is None:
        return (region,)
    if prefix == EVERYWHERE:
        raise SettingsError(
            f"{model_id} may be processed in any commercial Region; take the profile of one geography, "
            f"such as {_nearest(region)}.{model_id.removeprefix(EVERYWHERE + '.')}"
        )
    if prefix not in GEOGRAPHIES:
        known = ", ".join(f"{name}." for name in GEOGRAPHIES)
        raise SettingsError(f"{model_id}: no Regions are known for the geography {prefix!r}; known are {known}")
    if region not in GEOGRAPHIES[prefix]:
        raise SettingsError(
            f"{model_id} is processed in {', '.join(GEOGRAPHIES[prefix])}, and {region} is none of them; "
            f"take a profile of its own geography or a model in {region} itself"
        )
    return GEOGRAPHIES[prefix]


def invocable(model_id: str, *, region: str, account: str, partition: str) -> Invocable:
    """What a role in `region` must be allowed to invoke `model_id`, and nothing more."""
    within = regions(model_id, region)
    if _geography(model_id) is None:
        return Invocable("", (_model_arn(partition, region, model_id),))
    profile = f"arn:{partition}:bedrock:{region}:{account}:inference-profile/{model_id}"
    model = PROFILE.sub("", model_id, count=1)
    return Invocable(profile, tuple(_model_arn(partition, each, model) for each in within))


def _geography(model_id: str) -> str | None:
    """The prefix of a profile; None for a model that is called in its own Region."""
    if not MODEL.fullmatch(model_id):
        raise SettingsError(
            f"{model_id!r} is no model or inference profile id; "
            "write it like us.anthropic.claude-sonnet-4-6, not as an ARN"
        )
    found = PROFILE.match(model_id)
    return found[1] if found else None


def _nearest(region: str) -> str:
    """The smallest geography around a Region; "us" when none is known."""
    around = [name for name, within in GEOGRAPHIES.items() if region in within]
    return min(around, key=lambda name: len(GEOGRAPHIES[name]), default="us")


def _model_arn(partition: str, region: str, model: str) -> str:
    return f"arn:{partition}:bedrock:{region}::foundation-model/{model}"
