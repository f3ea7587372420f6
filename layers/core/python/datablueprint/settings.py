"""The one reader of configuration; infra builds a function's environment from the same class."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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


class ContractTerms(BaseModel):
    """How the owner pays for one project, where it is not a lump sum; what Procore has no field for.

    Money and ratios are decimals (0.05 = 5%). `gmp` None = the revised contract
    value is the maximum. Codes are cost code prefixes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["lump_sum", "unit_price", "time_and_materials", "cost_plus_fixed_fee", "cost_plus_percent", "gmp"]
    fee: Decimal = Decimal(0)
    fee_rate: Decimal = Decimal(0)
    gmp: Decimal | None = None
    savings_share: Decimal = Decimal(0)
    """The contractor's share of what is saved below the maximum."""
    non_reimbursable_codes: tuple[str, ...] = ()
    not_to_exceed: Decimal | None = None
    billing_rates: dict[str, Decimal] = Field(default_factory=dict)
    """Money per hour by cost code prefix; "" is the rate of every other code."""
    markup: Decimal = Decimal(0)
    """On cost that is not labor, for time and materials."""
    unit_prices: dict[str, Decimal] = Field(default_factory=dict)
    """Money per unit by cost code."""
    projected_quantities: dict[str, Decimal] = Field(default_factory=dict)
    """Final quantity per cost code."""


class BurdenRate(BaseModel):
    """One dated rate applied to jobs because no register carries it: workers' compensation, liability, fringes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    component: str
    """workers_comp, general_liability, union_fringe, ..."""
    per: Literal["wages", "hours"] = "wages"
    rate: Decimal
    """Share of wages (0.0546 = 5.46 per 100), or money per hour."""
    codes: tuple[str, ...] = ("",)
    """Cost code prefixes it is for; the longest prefix wins."""
    starts: date = date.min
    ends: date = date.max
    overtime_premium_excluded: bool = False
    """The premium part of overtime pay is not rated (most states' workers' compensation)."""


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
    contract_terms: dict[str, ContractTerms] = Field(default_factory=dict)
    """By project number; every other contract is a lump sum."""
    burden_rates: tuple[BurdenRate, ...] = ()
    burden_accounts: tuple[str, ...] = ()
    """Names of QuickBooks accounts that hold premiums which `burden_rates` apply to jobs (D8)."""
    burden_clearing: Literal["overhead", "apart"] = "overhead"
    """Where premiums paid less premiums applied go."""
    equipment_accounts: tuple[str, ...] = ()
    """Names of accounts of the equipment pool: owning cost and the credit of internal charges (D10)."""
    wip_accounts: tuple[str, ...] = ()
    """Names of accounts that WIP adjustments are booked to (D9); empty = recognised by name."""
    allocation_accounts: tuple[str, ...] = ()
    """Names of accounts through which overhead is journalled to jobs (D9)."""
    intercompany_parties: tuple[str, ...] = ()
    """Names of customers and vendors that are entities of the same tenant (D13)."""
    overhead_excluded_accounts: tuple[str, ...] = ()
    """Names of one-off expense accounts that are not overhead; interest, income tax and Other Expense never are."""
    overhead_base: Literal["OA1", "OA2", "OA3", "OA4"] = "OA4"
    change_order_markup: Decimal | None = None
    """The usual markup on change orders: the cost of an unpriced one is price / (1 + markup)."""
    restricted_cash_accounts: tuple[str, ...] = ()
    credit_line: Decimal | None = None
    """Undrawn credit: liquidity, never cash."""
    scorecard_months: int = 36


class AgentSettings(BaseModel):
    """Which language model may answer, and what watches it; without `model_id` the offline planner answers alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_id: str = ""
    """Bedrock model id or inference profile."""
    region: str = ""
    guardrail_id: str = ""
    guardrail_version: str = Field(default="", pattern="^[0-9]*$")
    """A numbered version; a draft changes underfoot."""
    max_tokens: int = Field(default=2000, ge=200, le=8000)
    """Of one reply."""
    temperature: float = Field(default=0.0, ge=0, le=1)
    planner_first: bool = True
    """The planner answers what it is sure of, and the model is not asked."""

    @model_validator(mode="after")
    def _versioned(self) -> AgentSettings:
        if self.guardrail_id and not self.guardrail_version:
            raise ValueError("guardrail_id needs guardrail_version, a number")
        return self


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
    agent: AgentSettings = AgentSettings()
    bucket: str = ""
    state_table: str = ""
    database: str = ""
    workgroup: str = ""
    answer_function: str = ""
    """The last five are AWS names; empty on a laptop."""

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
