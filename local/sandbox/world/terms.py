"""What only the contractor can tell: how owners pay, which premiums jobs bear, which accounts mean what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from local.sandbox.world.money import text

if TYPE_CHECKING:
    from local.sandbox.world.model import Project, World

ContractType = Literal["time_and_materials", "cost_plus_fixed_fee", "cost_plus_percent", "gmp"]
DOLLAR = 100
BURDEN_ACCOUNTS = ("workers_comp", "insurance", "training_fund")
EQUIPMENT_ACCOUNTS = ("pool_recovery", "equipment_owning")
WIP_ACCOUNTS = ("underbilled", "overbilled", "revenue_adjustment")
ALLOCATION_ACCOUNTS = ("allocated_overhead", "overhead_applied")
ONE_OFF_ACCOUNTS = ("relocation",)
"""Keys of the chart of accounts; the policy names them."""
AFFILIATE = "Summitline Equipment LLC"


@dataclass(frozen=True, slots=True)
class Terms:
    """How the owner pays where it is not a lump sum. Money in cents, rates as fractions, codes as prefixes."""

    type: ContractType
    fee: int = 0
    fee_rate: Fraction = Fraction(0)
    gmp: int | None = None
    savings_share: Fraction = Fraction(0)
    non_reimbursable: tuple[str, ...] = ()
    not_to_exceed: int | None = None
    billing_rates: dict[str, int] = field(default_factory=dict)
    """Cents per hour; "" is the rate of every other code."""
    markup: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class BurdenRate:
    """A premium that no register carries: a share of wages, or cents per hour."""

    component: str
    rate: Fraction
    codes: tuple[str, ...] = ("",)
    per: Literal["wages", "hours"] = "wages"
    starts: date = date.min
    ends: date = date.max
    overtime_premium_excluded: bool = False


def _comp(rate: str, *codes: str, starts: date = date.min, ends: date = date.max) -> BurdenRate:
    return BurdenRate("workers_comp", Fraction(rate), codes, starts=starts, ends=ends, overtime_premium_excluded=True)


BURDEN_RATES = (
    _comp("0.0185", "01"),
    _comp("0.0710", "02"),
    _comp("0.0645", "03"),
    _comp("0.0520", "03-350"),
    _comp("0.0585", "06", ends=date(2025, 12, 31)),
    _comp("0.0612", "06", starts=date(2026, 1, 1)),
    _comp("0.0430", "08", "10"),
    _comp("0.0395", "12"),
    BurdenRate("general_liability", Fraction("0.0425")),
    BurdenRate("training_fund", Fraction(22), per="hours"),
)
"""Insulation (07) has no workers' compensation class here: somebody forgot it."""


def agree(world: World) -> None:
    """Some running jobs with one contract, known to both systems by more than a name, are not let as a lump sum."""
    running = sorted((p for p in world.projects if p.phase == "active" and p.link != "name"), key=lambda p: p.target)
    usual = [p for p in running if len(p.contracts) == 1 and "losing" not in p.remarks]
    makers = (_guaranteed_maximum, _cost_plus_percent, _time_and_materials, _cost_plus_fixed_fee)
    for project, make in zip(usual[1::2] or usual[:1], makers, strict=False):
        project.terms = make(project)


def _estimated(project: Project) -> int:
    """What the job was estimated to cost, in whole thousands of dollars."""
    return sum(leaf.original for leaf in project.leaves) // (1000 * DOLLAR) * 1000 * DOLLAR


def _guaranteed_maximum(project: Project) -> Terms:
    """The fee is for overhead and profit; 40 percent of what stays below the maximum is the contractor's."""
    fee = _estimated(project) * 6 // 100
    return Terms("gmp", fee=fee, gmp=project.contracts[0].amount, savings_share=Fraction(2, 5))


def _cost_plus_percent(project: Project) -> Terms:
    """Final cleaning is at the contractor's own expense."""
    return Terms("cost_plus_percent", fee_rate=Fraction("0.0875"), non_reimbursable=("01-740",))


def _time_and_materials(project: Project) -> Terms:
    rates = {"": 61 * DOLLAR, "01-310": 88 * DOLLAR, "03": 6450, "03-350": 58 * DOLLAR}
    limit = project.contracts[0].amount * 112 // 100 // (100 * DOLLAR) * 100 * DOLLAR
    return Terms("time_and_materials", not_to_exceed=limit, billing_rates=rates, markup=Fraction("0.0725"))


def _cost_plus_fixed_fee(project: Project) -> Terms:
    return Terms("cost_plus_fixed_fee", fee=_estimated(project) * 7 // 100, non_reimbursable=("01-060", "01-740"))


def policy(world: World) -> dict[str, Any]:
    """The tenant's settings that are not the usual ones, as JSON: money and rates are decimal text."""

    def names(keys: Iterable[str]) -> list[str]:
        return [world.accounts[key].name for key in keys]

    return {
        "contract_terms": {p.number: _terms(p.terms) for p in world.projects if p.terms},
        "burden_rates": [_rate(rate) for rate in BURDEN_RATES],
        "burden_accounts": names(BURDEN_ACCOUNTS),
        "equipment_accounts": names(EQUIPMENT_ACCOUNTS),
        "wip_accounts": names(WIP_ACCOUNTS),
        "allocation_accounts": names(ALLOCATION_ACCOUNTS),
        "overhead_excluded_accounts": names(ONE_OFF_ACCOUNTS),
        "intercompany_parties": [AFFILIATE],
        "change_order_markup": None,
    }


def _terms(terms: Terms) -> dict[str, Any]:
    told: dict[str, Any] = {"type": terms.type}
    told |= {name: text(cents) for name in ("fee", "gmp", "not_to_exceed") if (cents := getattr(terms, name))}
    told |= {name: _plain(rate) for name in ("fee_rate", "savings_share", "markup") if (rate := getattr(terms, name))}
    if terms.non_reimbursable:
        told["non_reimbursable_codes"] = list(terms.non_reimbursable)
    if terms.billing_rates:
        told["billing_rates"] = {prefix: text(cents) for prefix, cents in terms.billing_rates.items()}
    return told


def _rate(rate: BurdenRate) -> dict[str, Any]:
    value = text(int(rate.rate)) if rate.per == "hours" else _plain(rate.rate)
    told: dict[str, Any] = {"component": rate.component, "per": rate.per, "rate": value, "codes": list(rate.codes)}
    if rate.starts > date.min:
        told["starts"] = rate.starts.isoformat()
    if rate.ends < date.max:
        told["ends"] = rate.ends.isoformat()
    if rate.overtime_premium_excluded:
        told["overtime_premium_excluded"] = True
    return told


def _plain(rate: Fraction) -> str:
    return str(Decimal(rate.numerator) / Decimal(rate.denominator))
