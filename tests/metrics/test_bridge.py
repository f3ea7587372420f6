"""A bridge's parts sum to the difference of profit to the cent, and each opens the records that changed."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datablueprint.errors import QuestionError
from datablueprint.metrics import Measures
from datablueprint.metrics.bridge import Bridge, bridge
from datablueprint.metrics.definition import Missing
from tests.metrics.kit import AS_OF, PROJECT, Row, fact, measures

OCTOBER = date(2026, 10, 31)
BASE = [
    fact("original_contract", "100000"),
    fact("original_budget", "80000", "26-000", "S"),
    fact("cost", "30000", "26-000", "S", accounting_on=date(2026, 9, 1)),
]


def bridged(folder: Path, earlier: list[Row], later: list[Row]) -> Bridge:
    before = measures(folder / "before", earlier, as_of=OCTOBER)
    return bridge(before, measures(folder / "after", later), "24-017")


def told(found: Bridge) -> dict[str, D]:
    return {f"{part.cause} {part.label}".strip(): part.value for part in found.parts if part.value}


def profit(found: Measures) -> D:
    value = found.project_figure("gross_profit_at_completion", found.projects[PROJECT]).value
    assert value is not None
    return value


def test_nothing_moved_is_a_bridge_of_nothing(tmp_path: Path):
    found = bridged(tmp_path, BASE, BASE)

    assert found.term.value == 0
    assert found.parts == ()
    assert found.late == []


def test_an_approved_change_its_budget_and_an_overrun_are_told_apart(tmp_path: Path):
    later = [
        *BASE,
        fact("approved_change", "5000", accounting_on=date(2026, 11, 3)),
        fact("budget_change", "4000", "26-000", "S"),
        fact("cost", "60000", "26-000", "S", accounting_on=date(2026, 11, 10)),
    ]

    found = bridged(tmp_path, BASE, later)

    assert told(found) == {
        "approved changes approved changes": D(5000),
        "budget 26-000 S": D(-4000),
        "performance 26-000 S": D(-6000),
    }
    assert found.start.value + found.term.value == found.end.value


def test_a_bill_dated_before_the_close_and_posted_after_it_is_a_late_posting(tmp_path: Path):
    late = fact("cost", "90000", "26-000", "S", accounting_on=date(2026, 10, 15))

    found = bridged(tmp_path, BASE, [*BASE, late])

    assert [(c.what, c.amount, c.on) for c in found.late] == [("new", D(90000), date(2026, 10, 15))]
    assert late["evidence"][0]["record_id"] in found.late[0].record_ids


def test_a_back_dated_edit_is_a_change_of_the_same_record(tmp_path: Path):
    edited = {**BASE[2], "amount": D(30500)}

    found = bridged(tmp_path, BASE, [*BASE[:2], edited])

    assert [(c.what, c.amount) for c in found.late] == [("changed", D(500))]


def test_a_code_that_is_new_begins_at_nothing(tmp_path: Path):
    found = bridged(tmp_path, BASE, [*BASE, fact("cost", "700", "uncoded", "M", accounting_on=date(2026, 11, 2))])

    assert told(found) == {"performance uncoded M": D(-700)}


def test_a_point_without_a_contract_is_named(tmp_path: Path):
    with pytest.raises(Missing, match="signed prime contract in Procore.* at 2026-10-31 as known on 2026-10-31"):
        bridged(tmp_path, BASE[1:], BASE)


def test_facts_that_rest_on_one_amount_are_all_explained(tmp_path: Path):
    twin = fact("cost", "400", "26-000", "S", accounting_on=date(2026, 11, 2), fact_id="fact_twin")
    other = {**twin, "fact_id": "fact_other", "amount": D(300)}

    found = bridged(tmp_path, BASE, [*BASE, twin, other])

    assert sum(change.amount for part in found.parts for change in part.changes) == D(700)


def test_a_bridge_is_of_one_project(tmp_path: Path):
    found = measures(tmp_path, BASE)

    with pytest.raises(QuestionError, match="A bridge is of one project, not of portfolio"):
        bridge(found, found, "portfolio")


MONEY = st.integers(-90_000, 90_000).map(lambda n: str(D(n) / 100))
CODES = st.sampled_from([("26-000", "S"), ("03-300", "L"), ("uncoded", "O")])
MEASURES = st.sampled_from(["original_budget", "budget_change", "budget_modification", "commitment", "cost"])
DAYS = st.sampled_from([date(2026, 9, 5), date(2026, 10, 30), date(2026, 11, 5)])


@st.composite
def ledgers(draw: st.DrawFn) -> list[Row]:
    """Random facts of one job: negative, zero and over-spent codes included."""
    rows = [fact("original_contract", "1000"), fact("original_budget", "1", "26-000", "S")]
    for n in range(draw(st.integers(0, 8))):
        code, kind = draw(CODES)
        measure = draw(MEASURES)
        day = {"accounting_on": draw(DAYS)} if measure == "cost" else {}
        row = fact(measure, draw(MONEY), code, kind, **day)
        record = f"procore:made:{n}"
        rows.append(
            {**row, "fact_id": f"fact_{n}", "evidence": [{"record_id": record, "pointer": "", "role": "amount"}]}
        )
    if draw(st.booleans()):
        rows.append(fact("approved_change", draw(MONEY), accounting_on=draw(DAYS)))
    return rows


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ledgers(), ledgers())
def test_parts_always_sum_to_the_difference(earlier: list[Row], later: list[Row]):
    with tempfile.TemporaryDirectory() as folder:
        before = measures(Path(folder) / "before", earlier, as_of=OCTOBER)
        after = measures(Path(folder) / "after", later, as_of=AS_OF)

        found = bridge(before, after, "24-017")

        assert sum((part.value for part in found.parts), D(0)) == profit(after) - profit(before)
        assert found.term.value == profit(after) - profit(before)
