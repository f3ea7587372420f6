"""The one reader of configuration; infra builds a function's environment from the same class."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datablueprint.errors import SettingsError

ENVIRONMENT_PREFIX = "DATABLUEPRINT_"


class SourceSettings(BaseModel):
    """Where one system is and which account of it belongs to the tenant. Holds names of secrets, never values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    login_url: str = ""
    """Host of the token endpoint when it differs from base_url."""
    account: str = ""
    """Procore company id, QuickBooks realm id, Gusto company uuid, or the drop folder's prefix for files."""
    secret: str = ""
    """Name of the client credentials in Secrets."""
    options: dict[str, str] = Field(default_factory=dict)


class Policy(BaseModel):
    """The tenant's accounting choices; every default is the one `facts` of the field call usual."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget_view: str = ""
    """Name of the Procore budget view that is pinned; empty = the first of the project."""
    approved_changes_column: str = "Approved COs"
    """Budget view column that holds the COST of approved change orders."""
    time_driven_codes: tuple[str, ...] = ("01-310", "01-500")
    """Cost code prefixes whose cost runs with the calendar (supervision, trailers): method E5."""
    contingency_codes: tuple[str, ...] = ("01-900",)
    forecast_stale_days: int = 35
    payroll_accounts: tuple[str, ...] = ()
    """Names of QuickBooks accounts that carry payroll; empty = recognised by sub-type and name."""
    project_manager_roles: tuple[str, ...] = ("Project Manager",)


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    tenant: str
    company: str = ""
    """The contractor's name, for titles."""
    time_zone: str = "America/Denver"
    currency: str = "USD"
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    """Keyed by source name: procore, quickbooks_online, gusto, payroll_file."""
    policy: Policy = Policy()
    bucket: str = ""
    state_table: str = ""
    database: str = ""
    workgroup: str = ""
    """The last four are AWS names; empty on a laptop."""

    @classmethod
    def parse(cls, raw: Mapping[str, Any], *, origin: str) -> Settings:
        """Validated settings; SettingsError lists every mistake at once and names `origin`."""
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise SettingsError(f"{origin}: {wrong}") from error

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read DATABLUEPRINT_SETTINGS (JSON, written by the CDK app)."""
        name = f"{ENVIRONMENT_PREFIX}SETTINGS"
        try:
            raw = json.loads(environment[name])
        except KeyError:
            raise SettingsError(f"{name} is not set; the CDK app sets it on every function") from None
        except json.JSONDecodeError as error:
            raise SettingsError(f"{name} is not JSON: {error}") from error
        return cls.parse(raw, origin=name)

    def to_env(self) -> dict[str, str]:
        """The environment a function needs: the inverse of from_env."""
        return {f"{ENVIRONMENT_PREFIX}SETTINGS": self.model_dump_json(exclude_defaults=True)}
