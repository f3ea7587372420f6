"""A statutory rate belongs to a year and names its source; a year without a file has no rates, and none is guessed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from datablueprint.errors import SettingsError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class StatutoryRates:
    """What a US employer owes on wages of one year. Rates are shares; caps and bases are per employee and employer."""

    year: int
    social_security: Decimal
    social_security_cap: Decimal
    medicare: Decimal
    futa: Decimal
    """Before the credit for state unemployment tax."""
    futa_credit: Decimal
    futa_base: Decimal
    credit_reduction: Mapping[str, Decimal]
    """Part of the credit lost, by state; due with Form 940 in the January after, so pay runs do not hold it."""
    sources: Mapping[str, str]


@cache
def of_year(year: int) -> StatutoryRates:
    """The rates of a calendar year; SettingsError when no file holds them."""
    path = FOLDER / f"us_{year}.toml"
    if not path.exists():
        raise SettingsError(f"No statutory payroll tax rates of {year} are on file; add {path.name} beside the others")
    with path.open("rb") as file:
        raw = tomllib.load(file, parse_float=Decimal)
    pension, medicare, futa = raw["social_security"], raw["medicare"], raw["futa"]
    return StatutoryRates(
        year=raw["year"],
        social_security=pension["rate"],
        social_security_cap=Decimal(pension["cap"]),
        medicare=medicare["rate"],
        futa=futa["rate"],
        futa_credit=futa["credit"],
        futa_base=Decimal(futa["base"]),
        credit_reduction=futa["credit_reduction"],
        sources={
            "social_security": pension["source"],
            "medicare": medicare["source"],
            "futa": futa["source"],
            "credit_reduction": futa["credit_reduction_source"]["title"],
        },
    )


@cache
def years() -> frozenset[int]:
    """The years whose rates are on file."""
    return frozenset(int(path.stem.removeprefix("us_")) for path in FOLDER.glob("us_*.toml"))
