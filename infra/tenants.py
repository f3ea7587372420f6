"""tenants.toml is the only thing an operator edits, so its mistakes are all reported at once, before synthesis."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datablueprint.errors import SettingsError
from datablueprint.settings import Policy, Settings, SourceSettings

FILE = Path(__file__).with_name("tenants.toml")


class Tenant(BaseModel):
    """One contractor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    company: str
    region: str
    time_zone: str = "America/Denver"
    currency: str = "USD"
    refresh: str = Field("rate(6 hours)", pattern=r"^(rate|cron)\(.+\)$")
    """When the refresh starts, as EventBridge Scheduler writes it."""
    sources: dict[str, SourceSettings]
    policy: Policy = Policy()

    def secret_name(self, source: str) -> str:
        return f"datablueprint/{self.name}/{source}"

    def settings(self, *, bucket: str, state_table: str) -> Settings:
        """What a function of this tenant reads from its environment."""
        sources = {
            name: source.model_copy(update={"secret": self.secret_name(name)}) for name, source in self.sources.items()
        }
        return Settings(
            tenant=self.name,
            company=self.company,
            time_zone=self.time_zone,
            currency=self.currency,
            sources=sources,
            policy=self.policy,
            bucket=bucket,
            state_table=state_table,
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
