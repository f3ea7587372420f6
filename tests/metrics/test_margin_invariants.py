"""Whatever the ledger: estimates hold their floors, parts foot to the cent, and every tree re-adds."""

from __future__ import annotations

import tempfile
from decimal import Decimal as D
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datablueprint.metrics import Measures, budgets, commitments, completion, erosion, methods, price
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import PROJECT, fact, measures, readded

Rows = list[dict[str, Any]]
PLACES = (("03-300", "L"), ("26-000", "S"), ("09-900", "M"), ("01-900", "O"))
FAMILIES = (price, budgets, commitments, completion, methods, erosion)
ROOT = tempfile.TemporaryDirectory()
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
money = st.integers(-300_000, 900_000).map(lambda n: D(n).scaleb(-2))
spent = st.integers(-50_000, 900_000).map(lambda n: D(n).scaleb(-2))

MEASURES = st.sampled_from(
    ["original_budget", "original_budget", "budget_modification", "budget_change", "commitment", "cost", "cost", "cost"]
)
CONTRACT_TYPES = st.sampled_from(
    [
        ContractTerms(type="lump_sum"),
        ContractTerms(type="cost_plus_percent", fee_rate=D("0.07"), non_reimbursable_codes=("09",)),
        ContractTerms(type="cost_plus_fixed_fee", fee=D(500)),
        ContractTerms(type="gmp", fee=D(100), savings_share=D("0.4")),
        ContractTerms(type="time_and_materials", billing_rates={"": D("61.5")}, markup=D("0.1")),
    ]
)


@st.composite
def ledgers(draw: st.DrawFn, *, measured: bool = True) -> Rows:
    """A signed contract, a budget, and any facts on a few cost codes: credits, overruns, several commitments."""
    parts = [("original_contract", None, None, draw(money)), ("approved_change", None, None, draw(money))]
    parts.append(("original_budget", *PLACES[1], draw(money)))
    for measure in draw(st.lists(MEASURES, max_size=14)):
        place = draw(st.sampled_from(PLACES))
        parts.append((measure, *place, draw(spent if measure == "cost" else money)))
    facts = [numbered(fact(m, str(v), code, kind), n) for n, (m, code, kind, v) in enumerate(parts)]
    for one in facts:
        if one["measure"] in ("commitment", "cost") and draw(st.booleans()):
            one["contract_record_id"] = draw(st.sampled_from(["procore:a", "procore:b"]))
    return facts + (draw(quantities()) if measured else [])


@st.composite
def quantities(draw: st.DrawFn) -> Rows:
    made: Rows = []
    for place in draw(st.lists(st.sampled_from(PLACES), unique=True)):
        done = draw(st.integers(0, 130))
        for measure, amount in (("planned_quantity", D(100)), ("installed_quantity", D(done))):
            cited = [{"record_id": f"{measure}-{place[0]}", "pointer": "/quantity", "role": "amount"}]
            made.append(fact(measure, None, *place, quantity=amount, evidence=cited))
    return made


def numbered(one: dict[str, Any], n: int) -> dict[str, Any]:
    """The fact under an id and record of its own."""
    cited = [{"record_id": f"made:{n}", "pointer": "/amount", "role": "amount"}]
    return one | {"fact_id": f"fact_{n:04}", "evidence": cited}


def found(facts: Rows, *, closed: bool = False, terms: ContractTerms | None = None) -> Measures:
    policy = Policy(contract_terms={"24-017": terms} if terms else {})
    return measures(Path(tempfile.mkdtemp(dir=ROOT.name)), facts, closed=closed, policy=policy)


def value(made: Measures, name: str) -> D:
    told = made.figure(name, made.scope("24-017")).value
    assert told is not None
    return told


@few
@given(ledgers(), st.booleans())
def test_no_estimate_is_below_what_is_spent_and_signed(facts: Rows, closed: bool):
    made = found(facts, closed=closed)

    for one in made.estimates(made.projects[PROJECT]):
        if not one.leaf.credit_only:
            assert one.eac.value >= one.actual
        if not (one.leaf.credit_only or closed):
            assert one.eac.value >= one.actual + one.open_commitment
        assert one.lowest <= one.eac.value <= one.highest
        assert one.open_commitment >= 0


@few
@given(ledgers(), st.booleans(), CONTRACT_TYPES)
def test_profit_is_price_less_estimate_and_the_fade_foots(facts: Rows, closed: bool, terms: ContractTerms):
    made = found(facts, closed=closed, terms=terms)
    profit = value(made, "gross_profit_at_completion")

    assert profit == value(made, "contract_value") - value(made, "estimated_cost_at_completion")
    assert sum(value(made, part) for part in erosion.PARTS) == profit - value(made, "original_gross_profit")
    assert value(made, "gross_profit_fade") == profit - value(made, "original_gross_profit")


@few
@given(ledgers(), st.booleans())
def test_parts_of_cost_foot(facts: Rows, closed: bool):
    made = found(facts, closed=closed)
    leaves = made.estimates(made.projects[PROJECT])

    assert value(made, "estimated_cost_at_completion") == sum(e.eac.value for e in leaves)
    assert value(made, "estimated_cost_at_completion_lowest") == sum(e.lowest for e in leaves)
    assert value(made, "estimated_cost_at_completion_highest") == sum(e.highest for e in leaves)
    assert value(made, "eac_E2") == sum(e.values.get("E2", e.eac).value for e in leaves)
    assert value(made, "actual_cost") == sum(e.actual for e in leaves)
    assert value(made, "revised_budget") == sum(e.budget for e in leaves)
    assert value(made, "open_commitments") == sum(e.open_commitment for e in leaves)
    eroded, gained = value(made, "gross_cost_code_erosion"), value(made, "gross_cost_code_gain")
    assert value(made, "cost_code_erosion") == eroded + gained == -value(made, "variance_at_completion")


@few
@given(ledgers(), money, money)
def test_an_approved_change_moves_price_by_its_price_and_estimate_by_its_cost(facts: Rows, asked: D, cost: D):
    change = [fact("approved_change", str(asked)), fact("budget_change", str(cost), "32-000", "O")]
    before, after = found(facts), found(facts + [numbered(f, 900 + n) for n, f in enumerate(change)])

    def moved(name: str) -> D:
        return value(after, name) - value(before, name)

    assert moved("contract_value") == asked
    assert moved("estimated_cost_at_completion") == cost
    assert moved("gross_profit_at_completion") == moved("gross_profit_fade") == asked - cost


@few
@given(ledgers(measured=False), st.integers(2, 9))
def test_scaling_all_money_leaves_every_ratio(facts: Rows, times: int):
    scaled = [f | {"amount": f["amount"] * times} for f in facts]
    before, after = found(facts), found(scaled)

    for one in (*completion.METRICS, *methods.METRICS, *erosion.METRICS):
        if one.unit == "ratio" and "project" in one.kinds:
            pair = [each.figure(one.name, each.scope("24-017")).value for each in (before, after)]
            assert pair[0] == pair[1]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers(), st.booleans(), CONTRACT_TYPES)
def test_every_tree_of_any_ledger_re_adds(facts: Rows, closed: bool, terms: ContractTerms):
    made = found(facts, closed=closed, terms=terms)

    for metric in (m for family in FAMILIES for m in family.METRICS):
        for scope in ("24-017", "24-017/26-000.S"):
            kind = made.scope(scope).kind
            figure = made.figure(metric.name, made.scope(scope)) if kind in metric.kinds else None
            if figure is not None and figure.term is not None:
                verdict = readded(made, figure)
                assert (verdict.discrepancies, verdict.value) == ([], figure.value)
