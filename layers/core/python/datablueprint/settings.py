"""The one reader of configuration; infra builds a function's environment from the same class."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from datablueprint.errors import SettingsError

ENVIRONMENT_PREFIX = "DATABLUEPRINT_"
AWS_NAMES = frozenset(
    {"bucket", "state_table", "database", "workgroup", "answer_function", "agent_runtime", "brokers", "seal_key",
     "machine", "issuer", "events_queue", "due_queue"}
)  # fmt: skip
AGENT_NAMES = {"guardrail_id", "guardrail_version"}
"""What only the deployment knows; it travels in the environment, everything else in the tenant's file."""
_DEPLOYED: dict[str, Any] = {**dict.fromkeys(AWS_NAMES, True), "agent": AGENT_NAMES}


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


class Pace(BaseModel):
    """How soon a change in a system is read after its webhook; all in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quiet_seconds: int = Field(default=120, ge=0, le=900)
    """Nothing may have arrived for so long: a burst is one refresh."""
    longest_wait_seconds: int = Field(default=900, ge=0, le=7200)
    """A burst without end is cut off after this."""
    least_gap_seconds: int = Field(default=900, ge=0, le=86400)
    """From one start to the next of the same system: vendors count calls."""


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

    @field_validator("model_id")
    @classmethod
    def _at_home(cls, model_id: str) -> str:
        if model_id.startswith("global."):
            raise ValueError(f"{model_id} may be processed in any Region of the world; take one such as us. or eu.")
        return model_id

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
    webhooks: Pace = Pace()
    bucket: str = ""
    state_table: str = ""
    database: str = ""
    workgroup: str = ""
    answer_function: str = ""
    agent_runtime: str = ""
    """ARN of the AgentCore runtime, where that answers the questions."""
    brokers: dict[str, str] = Field(default_factory=dict)
    """Source to the name of the function that hands out its access tokens."""
    seal_key: str = ""
    """ARN of the KMS key under which tokens are kept."""
    machine: str = ""
    """ARN of the refresh."""
    events_queue: str = ""
    """URL of the queue of webhook deliveries."""
    due_queue: str = ""
    """URL of the queue whose messages come back when a refresh is due."""
    issuer: str = ""
    """Who signs the tenant's identity tokens. Everything from `bucket` on are AWS names; empty on a laptop."""

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
        """The tenant's file and the AWS names, both written by the CDK app.

        Two places, because Lambda's environment holds 4 KB and a tenant's policy may be longer.
        """
        names, file = f"{ENVIRONMENT_PREFIX}SETTINGS", f"{ENVIRONMENT_PREFIX}TENANT_FILE"
        try:
            raw = _object(environment[names], names)
        except KeyError:
            raise SettingsError(f"{names} is not set; the CDK app sets it on every function") from None
        path = environment.get(file)
        if path:
            try:
                own = _object(Path(path).read_text(encoding="utf-8"), path)
            except OSError as error:
                raise SettingsError(f"{file} names {path}, which cannot be read ({error.strerror})") from None
            raw = {**own, **raw, "agent": {**own.get("agent", {}), **raw.get("agent", {})}}
        return cls.parse(raw, origin=names)

    def to_env(self) -> dict[str, str]:
        """The part of the environment that holds the AWS names and whose they are."""
        held = self.model_dump_json(exclude_defaults=True, include={"tenant": True, **_DEPLOYED})
        return {f"{ENVIRONMENT_PREFIX}SETTINGS": held}

    def to_file(self) -> str:
        """The tenant's file: everything but the AWS names."""
        return self.model_dump_json(exclude_defaults=True, exclude=_DEPLOYED, indent=1)


def _object(text: str, origin: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"{origin} is not JSON: {error}") from None
    if not isinstance(raw, dict):
        raise SettingsError(f"{origin} must be a JSON object")
    return raw
