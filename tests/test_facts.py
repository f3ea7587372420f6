"""The ledger's rows are those of its table, each made once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from datablueprint import tables
from datablueprint.facts import Ledger
from datablueprint.proof.index import FactIndex
from tests.metrics.kit import fact

Row = dict[str, Any]
DAYS = [date(2026, month, 1) for month in (1, 2, 3)]
ONE, TWO = "procore:projects:1", "procore:projects:2"
FACTS = [
    fact("cost", "10", "03-300", "S", project=ONE, fact_id="a", accounting_on=DAYS[1], pool="P", hours=D(2)),
    fact("cost", "20", "03-300", "S", project=TWO, fact_id="b", accounting_on=DAYS[0], pool="P"),
    fact("cost", "30", "03-300", None, project=ONE, fact_id="c", accounting_on=None, evidence=[]),
    fact("cost", "40", "03-300", "O", project=ONE, fact_id="d", accounting_on=DAYS[2]),
    fact("cost", "50", "09-900", "S", project=ONE, fact_id="e", accounting_on=DAYS[0], state="excluded"),
    fact("overtime_pay", "60", "03-300", "L", project=ONE, fact_id="f", accounting_on=DAYS[0]),
    fact("overhead", "70", project=None, fact_id="g", accounting_on=DAYS[0]),
]


def ledger() -> Ledger:
    return Ledger(tables.build("facts", FACTS))


def test_every_row_is_what_the_table_says():
    made = ledger()

    found = {row["fact_id"]: row for project in (ONE, TWO, None) for row in made.of_project(project)}

    assert found == {row["fact_id"]: row for row in tables.rows(tables.build("facts", FACTS))}
    assert made.projects() == [ONE, TWO]
    assert made.of_project("procore:projects:9") == []


def test_a_fact_of_a_pool_and_of_a_project_is_one_row():
    made = ledger()

    [first, second] = made.of_pools(["P"])

    assert first is made.of_project(ONE)[0]
    assert second is made.of_project(TWO)[0]
    assert made.of_pools(["Q"]) == []


@pytest.mark.parametrize(
    ("select", "named"),
    [
        ({"project": ONE}, "cad"),
        ({"project": "*"}, "cadb"),
        ({}, ""),
        ({"measures": ["overhead"]}, "g"),
        ({"project": ONE, "measures": ["overtime_pay", "cost"]}, "fcad"),
        ({"project": ONE, "cost_code": "03-300", "cost_type": "S"}, "a"),
        ({"project": ONE, "cost_code": "03-300", "cost_type": "O"}, "cd"),
        ({"project": ONE, "cost_code": ["03-300", "09-900"], "cost_type": "O"}, "cd"),
        ({"project": ONE, "cost_code": "03-300"}, "cad"),
        ({"project": ONE, "cost_code": None}, ""),
        ({"project": ONE, "cost_code": "03-300", "cost_type": "O", "after": "2026-02-28"}, "d"),
        ({"project": ONE, "until": "2026-02-01"}, "ca"),
        ({"project": ONE, "after": "2026-02-01"}, "d"),
        ({"project": ONE, "contract": "any"}, ""),
    ],
)
def test_a_selection_names_the_counted_facts_that_it_describes(select: Row, named: str):
    found = FactIndex(ledger()).selected({"measures": ["cost"], "column": "amount", **select})

    assert "".join(row["fact_id"] for row in found) == named
