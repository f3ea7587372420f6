"""tenants.toml is the only thing an operator edits, so its mistakes are all reported at once, before synthesis."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from datablueprint.errors import SettingsError
from datablueprint.settings import AgentSettings, Pace, Policy, Settings, SourceSettings
from infra import models
from infra.access import Address, People

FILE = Path(__file__).with_name("tenants.toml")
Source = Annotated[str, Field(pattern="^(procore|quickbooks_online|gusto|payroll_file)$")]


class Tenant(BaseModel):
    """One contractor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    company: str
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    time_zone: str = "America/Denver"
    currency: str = "USD"
    refresh: str = Field(default="rate(6 hours)", pattern=r"^(rate|cron)\(.+\)$")
    """When the refresh starts, as EventBridge Scheduler writes it; cron in the tenant's time zone."""
    sources: dict[Source, SourceSettings] = Field(min_length=1)
    policy: Policy = Policy()
    agent: AgentSettings = AgentSettings()
    webhooks: Pace = Pace()
    """How soon a change is read after a system says so."""
    agent_host: Literal["agentcore", "lambda"] = "agentcore"
    """Where questions are answered; a Lambda needs fewer interface endpoints."""
    network: Literal["dedicated", "shared", "none"] = "dedicated"
    """A VPC of the tenant's own, one for all tenants that say `shared`, or IAM alone."""
    az_count: int = Field(default=2, ge=1, le=2)
    """Availability zones of the endpoints; they are what an idle tenant costs."""
    availability_zones: tuple[str, ...] = ()
    """By name, where AgentCore does not serve the first ones of the Region; instead of `az_count`."""
    operators: tuple[str, ...] = ()
    """ARN patterns of roles that may read the lake from outside the VPC, for restoring; nobody unless named."""
    alarm_email: str = ""
    monthly_budget: Decimal | None = Field(default=None, gt=0)
    """US dollars; a mail at 80% and when it is forecast to be exceeded."""
    tracing: bool = False
    people: People = People()
    page: Address = Address()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"there is no time zone {name!r}; write it like America/Denver")
        return name

    @model_validator(mode="after")
    def _answered_at_home(self) -> Tenant:
        """The model is asked in the tenant's Region and thinks in its geography, under the guardrail of the stack."""
        if self.agent.region not in ("", self.region):
            raise ValueError(f"agent.region: leave it out; the model is asked in {self.region}, where the tenant is")
        if self.agent.guardrail_id:
            raise ValueError("agent.guardrail_id: leave it out; the deployment makes a guardrail of its own")
        if self.agent.model_id:
            try:
                models.regions(self.agent.model_id, self.region)
            except SettingsError as error:
                raise ValueError(f"agent.model_id: {error}") from None
        return self

    def secret_name(self, source: str) -> str:
        return f"datablueprint/{self.name}/{source}"

    def settings(self) -> Settings:
        """The tenant's part of what a function reads; the AWS names are added where they are made."""
        sources = {
            name: source.model_copy(update={"secret": self.secret_name(name) if source.base_url else ""})
            for name, source in self.sources.items()
        }
        return Settings(
            tenant=self.name,
            company=self.company,
            time_zone=self.time_zone,
            currency=self.currency,
            sources=sources,
            policy=self.policy,
            agent=self.agent,
            webhooks=self.webhooks,
        )


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tenant: list[Tenant] = Field(min_length=1)


def load(path: Path = FILE) -> list[Tenant]:
    """The tenants of `path`; SettingsError names every mistake."""
    try:
        tenants = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).tenant
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name}: {error}") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"{path.name}: {wrong}") from None
    names = [tenant.name for tenant in tenants]
    if len(set(names)) < len(names):
        raise SettingsError(f"{path.name}: two tenants have the same name: {', '.join(sorted(names))}")
    return tenants


def sharing(chosen: list[Tenant]) -> dict[str, list[Tenant]]:
    """By region, the tenants whose functions stand in one VPC."""
    found: dict[str, list[Tenant]] = {}
    for tenant in chosen:
        if tenant.network == "shared":
            found.setdefault(tenant.region, []).append(tenant)
    return found
