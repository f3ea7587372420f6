"""The verbs about AWS read what `make synth` wrote; neither changes anything."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from local.cli_table import table
from local.cli_verbs import Listener, Outcome
from local.home import Home

COLUMNS = {"what": "what", "quantity": "quantity", "unit_usd": "each", "usd": "dollars", "counted": "counted"}


def cost(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Idle, refreshing and per 1,000 questions, for every tenant of the templates."""
    from infra import templates
    from infra.cost import Prices, as_json, estimate

    prices = Prices.load()
    return Outcome(as_json(estimate(templates.read(args.templates or templates.OUT), prices), prices))


def print_cost(result: Mapping[str, Any]) -> None:
    from infra.cost import SECTIONS

    regions = " and ".join(result["regions"])
    print(f"US dollars at the prices of {result['dated']} in {regions}, before tax, free tiers and discounts.")
    for tenant in result["tenants"]:
        for section, title in SECTIONS.items():
            lines = [line for line in tenant["lines"] if line["section"] == section]
            if lines:
                print(f"\n{tenant['tenant']}, {title}: {tenant['totals'][section]}\n")
                rows = [
                    (line["what"], line["quantity"], line["unit_usd"], line["usd"], line["counted"]) for line in lines
                ]
                print(table(("what", "quantity", "each", "dollars", "counted"), rows, right=frozenset({1, 2, 3})))
    print("\nSupposed: " + ", ".join(f"{name} {value}" for name, value in result["assumptions"].items()) + ".")
    print("Prices and suppositions are in infra/prices.toml, with their sources.")
