"""The checker is fooled by nothing that a wrong or a malicious proof can say, and never falls over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal as D
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint import tables
from datablueprint.errors import UnknownFigure
from datablueprint.facts import Ledger
from datablueprint.proof.checker import Checker, Verdict
from local.cli_print import print_figure
from tests.metrics.kit import COMMITMENT, PROJECT, fact, of_job

Row = dict[str, Any]
DAY = date(2026, 11, 2)
STUB = "procore:made:stub"
BILL = {"record_id": "procore:made:bill", "pointer": "/amount", "role": "amount"}
COST = fact("cost", "100", "03-300", "S", accounting_on=DAY)
BUDGET = fact("original_budget", "500", "03-300", "S")
SIGNED = fact("commitment", "900", "03-300", "S", contract_record_id=COMMITMENT)
LABEL = "estimate of each cost code and type"


def raw_of(facts: list[Row]) -> dict[str, str]:
    """Records that say just what their facts do."""
    found: dict[str, Row] = {}
    for row in facts:
        for cited in row["evidence"]:
            value = row.get(cited["pointer"][1:])
            if value is not None:
                found.setdefault(cited["record_id"], {})[cited["pointer"][1:]] = str(value)
    return {record: json.dumps(held) for record, held in found.items()}


def checker(
    facts: list[Row], raw: Mapping[str, str] | None = None, figures: Mapping[str, Row] | None = None
) -> Checker:
    payloads, held = raw_of(facts) | dict(raw or {}), figures or {}

    def tree(figure_id: str) -> str | None:
        return json.dumps(held[figure_id]) if figure_id in held else None

    ledger = Ledger(tables.build("facts", facts))
    return Checker(ledger, lambda ids: {i: payloads[i] for i in ids if i in payloads}, tree)


def check(node: Any, *facts: Row, **more: Any) -> Verdict:
    return checker(list(facts), **more).check(json.dumps(node))


def constant(value: str, label: str = "") -> Row:
    return {"op": "constant", "value": value, "label": label}


def taken(value: str, *measures: str, **select: Any) -> Row:
    return {
        "op": "facts",
        "value": value,
        "select": {"column": "amount", "project": PROJECT, "measures": list(measures), **select},
    }


def leaf(value: str, *measures: str, **select: Any) -> Row:
    return taken(value, *measures, **{"cost_code": "03-300", "cost_type": "S", **select})


def node(op: str, value: str, *args: Row, **more: Any) -> Row:
    return {"op": op, "value": value, "args": list(args), **more}


def covering(value: str, *parts: Row, measures: tuple[str, ...] = ("cost", "original_budget", "commitment")) -> Row:
    covers = {"project": PROJECT, "measures": list(measures), "until": "2026-11-19"}
    return node("add", value, *parts, label=LABEL, covers=covers)


# A sum over parts loses no fact


def test_a_budget_times_nothing_covers_no_cost():
    times_nothing = node("multiply", "0.00", constant("0"), leaf("500.00", "original_budget"))

    verdict = check(covering("0.00", times_nothing), COST, BUDGET, SIGNED)

    assert f"{COST['fact_id']} (test) is in no part of {LABEL}" in verdict.discrepancies


def test_everything_times_nothing_covers_nothing():
    whole = leaf("1500.00", "cost", "original_budget", "commitment")

    verdict = check(covering("0.00", node("multiply", "0.00", whole, constant("0.0"))), COST, BUDGET, SIGNED)

    assert len(verdict.discrepancies) == 3


@pytest.mark.parametrize(
    "part",
    [
        leaf("0", "cost", until="2020-01-01"),
        leaf("0", "cost", after="2026-11-02"),
        leaf("0", "cost", project="procore:projects:999"),
        leaf("0", "cost", basis="applied"),
        leaf("0", "cost", contract="any"),
        leaf("0", "cost", column="hours"),
        leaf("0", "cost", cost_code="09-900"),
    ],
)
def test_a_part_of_other_facts_covers_nothing(part: Row):
    verdict = check(covering("0", part), COST, BUDGET)

    assert [said for said in verdict.discrepancies if COST["fact_id"] in said]


def test_a_plan_is_covered_by_the_whole_cost_that_took_its_place():
    closed = check(covering("100.00", leaf("100.00", "cost", until="2026-11-19")), COST, BUDGET, SIGNED)
    windowed = check(covering("100.00", leaf("100.00", "cost", basis="posted")), COST, BUDGET, SIGNED)

    assert closed.discrepancies == []
    assert len(windowed.discrepancies) == 2


def test_a_plan_without_any_cost_may_be_covered_by_itself_or_by_its_cost_of_nothing():
    assert check(covering("500.00", leaf("500.00", "original_budget")), BUDGET).holds
    assert check(covering("0", leaf("0", "cost", until="2026-11-19")), BUDGET).holds
    assert not check(covering("0"), BUDGET).holds
    assert not check(covering("0", leaf("0", "cost", until="2026-11-18")), BUDGET).holds


def test_facts_of_different_parts_that_cite_one_amount_are_found_where_the_parts_are_added():
    first = COST | {"evidence": [BILL]}
    second = fact("cost", "100", "09-900", "M", accounting_on=DAY, evidence=[BILL])
    parts = leaf("100.00", "cost"), leaf("100.00", "cost", cost_code="09-900", cost_type="M")

    verdict = check(covering("200.00", *parts, measures=("cost",)), first, second)

    assert "procore:made:bill/amount" in verdict.discrepancies[0]


# One amount counts once


def twice(**changes: Any) -> list[Row]:
    return [COST | {"fact_id": name, "evidence": [BILL]} | changes for name in ("a", "b")]


@pytest.mark.parametrize("measure", ["cost", "cash_out", "cash", "overtime_pay"])
def test_two_facts_that_count_one_amount_in_full_are_a_discrepancy(measure: str):
    verdict = check(taken("200.00", measure), *twice(measure=measure))

    assert verdict.discrepancies == ["a (test) and b (test) both count procore:made:bill/amount"]


def test_an_amount_that_is_added_and_taken_off_again_hides_a_cost():
    first, second = twice()
    second |= {"amount": D("-100"), "evidence": [BILL | {"role": "less"}]}

    verdict = check(taken("0.00", "cost"), first, second, raw={BILL["record_id"]: '{"amount": "100"}'})

    assert verdict.discrepancies == ["a (test) and b (test) both count procore:made:bill/amount"]


def test_a_transfer_between_two_accounts_is_one_amount_on_both():
    first, second = twice(measure="cash")
    second |= {"amount": D("-100"), "evidence": [BILL | {"role": "less"}]}

    assert check(taken("0.00", "cash"), first, second, raw={BILL["record_id"]: '{"amount": "100"}'}).holds


def test_a_fact_that_cites_one_amount_twice_is_a_discrepancy():
    doubled = COST | {"fact_id": "a", "amount": D("200"), "evidence": [BILL, BILL]}

    verdict = check(taken("200.00", "cost"), doubled, raw={BILL["record_id"]: '{"amount": "100"}'})

    assert verdict.discrepancies == ["a (test) and a (test) both count procore:made:bill/amount"]


def test_a_view_shows_an_amount_again_but_is_not_added_to_it():
    first, second = twice()
    second |= {"measure": "cash_out"}

    apart = node("subtract", "0.00", taken("100.00", "cost"), taken("100.00", "cash_out"))

    assert check(apart, first, second).holds
    assert not check(taken("200.00", "cost", "cash_out"), first, second).holds


def test_hours_of_one_timecard_count_once():
    card = {"record_id": "procore:made:card", "pointer": "/hours", "role": "weight"}
    rows = [row | {"hours": D(8), "evidence": [card]} for row in twice()]

    assert not check(taken("16.00", "cost", column="hours"), *rows).holds
    assert check(taken("8.00", "cost", column="hours"), rows[0]).holds


def test_hours_that_a_reversal_took_back_may_be_paid_again():
    card = {"record_id": "procore:made:card", "pointer": "/hours", "role": "weight"}
    paid, again = [row | {"hours": D(8), "evidence": [card]} for row in twice()]
    back = paid | {"fact_id": "c", "hours": D(-8), "evidence": [card | {"role": "less_weight"}]}
    raw = {card["record_id"]: '{"hours": "8"}'}

    assert check(taken("8.00", "cost", column="hours"), paid, back, again, raw=raw).holds
    assert not check(taken("24.00", "cost", column="hours"), paid, again, again, raw=raw).holds


# Pools


def pool(*members: tuple[str | None, str | None, str], paid: str = "1000") -> tuple[list[Row], dict[str, str]]:
    """Facts of one pool: amount, weight and cost code of each."""
    facts, raw = [], {STUB: json.dumps({"amount": paid})}
    for i, (amount, weight, code) in enumerate(members):
        evidence = [
            {"record_id": STUB, "pointer": "/amount", "role": "amount"},
            {"record_id": f"procore:made:w{i}", "pointer": "/hours", "role": "weight"},
        ]
        facts.append(fact("cost", amount, code, "L", fact_id=f"p{i}", pool="P", evidence=evidence))
        raw[f"procore:made:w{i}"] = json.dumps({} if weight is None else {"hours": weight})
    return facts, raw


def pooled(stated: str, *members: tuple[str | None, str | None, str]) -> Verdict:
    facts, raw = pool(*members)
    return check(taken(stated, "cost"), *facts, raw=raw)


def test_a_pool_in_the_ratio_of_its_weights_holds():
    assert pooled("1000.00", ("750", "6", "03-300"), ("250", "2", "09-900")).holds


@pytest.mark.parametrize("weights", [("0", "0"), ("8", "-8")])
def test_without_hours_all_of_a_pool_is_on_its_last_place(weights: tuple[str, str]):
    def split(first: str, last: str) -> Verdict:
        return pooled("1000.00", (first, weights[0], "03-300"), (last, weights[1], "09-900"))

    assert split("0", "1000").holds
    assert not split("1000", "0").holds
    assert not split("900", "100").holds


def test_a_single_member_bears_a_pool_without_hours():
    assert pooled("1000.00", ("1000", "0", "03-300")).holds


@pytest.mark.parametrize(
    "members",
    [
        (("500", "8", "03-300"), ("500", None, "09-900")),
        (("500", "8", "03-300"), ("500", "NaN", "09-900")),
        (("500", "8", "03-300"), ("500", "Infinity", "09-900")),
        (("500", "8", "03-300"), (None, "8", "09-900")),
    ],
)
def test_a_pool_that_says_too_little_is_a_discrepancy(members: tuple[tuple[str | None, str | None, str], ...]):
    verdict = pooled("1000.00", *members)

    assert "p0 (test): amount stated 500" in verdict.discrepancies[0]
    assert "do not say" in verdict.discrepancies[0]


# Overhead that is allocated


def allocation(of: str, value: str, **more: Any) -> Row:
    pool_part = {"select": {"column": "amount", "measures": ["overhead"]}, "sign": 1}
    base = {"column": "amount", "measures": ["cost"]}
    return {"op": "allocated", "value": value, "for": of, "pool": [pool_part], "base": base, **more}


ONE, TWO = "procore:projects:1", "procore:projects:2"
FIRST = of_job("1", "cost", "1000000", "03-300", "S", accounting_on=DAY)
SECOND = of_job("2", "cost", "3000000", "03-300", "S", accounting_on=DAY)
OFFICE = fact("overhead", "80", project=None, accounting_on=DAY)


def test_every_job_shows_the_discrepancy_of_the_base_it_shares():
    raw = {FIRST["evidence"][0]["record_id"]: '{"amount": "1000000.01"}'}
    figures = {"one": allocation(ONE, "20.00"), "two": allocation(TWO, "60.00")}

    made = checker([FIRST, SECOND, OFFICE], raw, figures)

    assert [made.verify(name).holds for name in figures] == [False, False]
    assert made.verify("two").facts == made.verify("one").facts == 3


def test_a_base_that_is_scaled_by_wrong_figures_is_a_discrepancy_of_every_share():
    figures = {
        "price": constant("2"),
        "wrong": node("add", "2", constant("1")),
        "one": allocation(ONE, "32.00", times={ONE: ["price", "wrong"], TWO: ["price", "price"]}),
        "two": allocation(TWO, "48.00", times={ONE: ["price", "wrong"], TWO: ["price", "price"]}),
    }

    made = checker([FIRST, SECOND, OFFICE], None, figures)

    for name in ("one", "two"):
        assert "add: stated 2, re-added 1" in made.verify(name).discrepancies


@pytest.mark.parametrize("pair", [["price"], ["price", "nothing"], ["price", "gone"]])
def test_a_base_that_cannot_be_scaled_is_a_discrepancy(pair: list[str]):
    figures = {"price": constant("2"), "nothing": constant("0")}

    assert not check(allocation(ONE, "0", times={ONE: pair}), FIRST, OFFICE, figures=figures).holds


# Whatever a proof says, the answer is a sentence


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "12",
        {},
        {"op": "constant"},
        {"op": "constant", "value": "NaN"},
        {"op": "constant", "value": "Infinity"},
        {"op": "constant", "value": "a hundred"},
        {"op": "constant", "value": True},
        {"op": ["add"], "value": "1"},
        {"op": "guess", "value": "1"},
        {"op": "constant", "value": "1", "args": [{"op": "constant", "value": "1"}]},
        {"op": "add", "value": "1", "args": "1"},
        {"op": "add", "value": "1", "args": [1]},
        {"op": "figure", "value": "1"},
        {"op": "figure", "value": "1", "figure": 7},
        {"op": "figure", "value": "1", "figure": "gone"},
        {"op": "facts", "value": "1"},
        {"op": "facts", "value": "1", "select": []},
        node("subtract", "1", constant("3"), constant("2"), constant("50")),
        node("subtract", "3", constant("3")),
        node("multiply", "3", constant("3"), constant("1"), constant("1")),
        node("divide", "3"),
        node("divide", "0", constant("3"), constant("0")),
        node("divide", "0", constant("0"), constant("0")),
        node("root", "2", constant("-4")),
        node("root", "2", constant("4"), constant("9")),
        node("cents", "1.00", constant("1"), constant("2")),
        node("cents", "1E+40", constant("1E+40")),
        node("largest", "0"),
        node("least", "0"),
        node("add", "0", covers=[]),
        node("largest", "0", constant("0"), covers={"measures": ["cost"]}),
        taken("0"),
        taken("0", "cost", "cost"),
        taken("0", "cost", party="nobody"),
        taken("0", "cost", column="rate"),
        taken("0", "cost", column=None),
        taken("0", "cost", project=7),
        taken("0", "cost", until="yesterday"),
        taken("0", "cost", after=20261119),
        taken("0", "cost", basis={"posted": 1}),
        taken("0", "cost", contract=["any"]),
        {"op": "allocated", "value": "0"},
        allocation(ONE, "0", pool=[]),
        allocation(ONE, "0", pool=[{"select": {"column": "amount", "measures": ["overhead"]}, "sign": 2}]),
        allocation(ONE, "0", base={"column": "amount", "measures": ["cost", "cost"]}),
        allocation(ONE, "0", times={ONE: "price"}),
        allocation(7, "0"),  # type: ignore[arg-type]
    ],
)
def test_a_malformed_proof_is_a_discrepancy(wrong: Any):
    verdict = check(wrong)

    assert not verdict.holds
    assert all(isinstance(said, str) and len(said) > 10 for said in verdict.discrepancies)


@pytest.mark.parametrize("text", ["", "{", "NaN", "[" * 100_000])
def test_what_is_no_json_is_a_discrepancy(text: str):
    assert not checker([]).check(text).holds


def test_a_tree_too_deep_to_read_is_a_discrepancy():
    deep = '{"op": "add", "value": "1", "args": [' * 5000 + '{"op": "constant", "value": "1"}' + "]}" * 5000

    assert "too deep" in checker([]).check(deep).discrepancies[0]


def test_a_figure_built_on_itself_is_a_discrepancy():
    figures = {
        "chicken": {"op": "figure", "value": "1", "figure": "egg"},
        "egg": {"op": "figure", "value": "1", "figure": "chicken"},
    }

    made = checker([], None, figures)

    assert "the figure chicken is built on itself" in made.verify("chicken").discrepancies
    assert not made.verify("egg").holds


def test_a_figure_that_cannot_be_opened_is_a_discrepancy():
    def refuse(figure_id: str) -> str | None:
        raise UnknownFigure(f"'{figure_id}' is no figure id")

    made = Checker(Ledger(tables.build("facts", [])), lambda _: {}, refuse)

    assert "'x' is no figure id" in made.check('{"op": "figure", "value": "1", "figure": "x"}').discrepancies[0]


def test_a_division_by_what_re_adds_to_nothing_is_a_discrepancy():
    ratio = node("divide", "1", taken("100.00", "cost"), taken("500.00", "original_budget"), label="share")

    verdict = check(ratio, COST, BUDGET, raw={BUDGET["evidence"][0]["record_id"]: '{"amount": "0"}'})

    assert "share: divide of 100.00, 0 has no result" in verdict.discrepancies


@pytest.mark.parametrize(
    "payload", ["", "{", "[]", "7", '{"amount": {}}', '{"amount": "NaN"}', '{"amount": "1e999999"}', "[" * 100_000]
)
def test_a_record_that_cannot_be_read_is_a_discrepancy(payload: str):
    assert not check(taken("100.00", "cost"), COST, raw={COST["evidence"][0]["record_id"]: payload}).holds


@pytest.mark.parametrize(
    "changes",
    [
        {"rate_on": None},
        {"rate_on": "party"},
        {"rate_on": "amount/0"},
        {"rate_on": "amount/x"},
        {"base_fact": "itself"},
        {"base_fact": "gone"},
        {"rate": None},
    ],
)
def test_a_rate_on_nothing_sensible_is_a_discrepancy(changes: Row):
    rated = COST | {"fact_id": "itself", "basis": "applied", "amount": D("10"), "rate": D("0.1"), "evidence": []}
    applied = rated | {"rate_on": "amount", "base_fact": COST["fact_id"]}

    assert check(taken("110.00", "cost"), COST, applied).holds
    assert not check(taken("110.00", "cost"), COST, applied | changes).holds


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["add", "facts", "0", "cost"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("op value args select figure covers measures column project pool base times for".split()),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)


@given(JSON)
def test_no_tree_makes_the_checker_fall_over(tree: Any):
    assert isinstance(check(tree, COST), Verdict)


# What is assumed rather than read


def test_a_verdict_names_the_constants_it_met_once_each():
    figures = {"weekly": node("multiply", "400", constant("4", "weeks"), constant("100"))}
    tree = node(
        "add",
        "804",
        {"op": "figure", "value": "400", "figure": "weekly"},
        {"op": "figure", "value": "400", "figure": "weekly"},
        constant("4", "weeks"),
    )

    assert check(tree, figures=figures).constants == ("weeks: 4", "no label: 100")


def test_a_figure_of_records_alone_assumes_nothing():
    assert check(taken("100.00", "cost"), COST).constants == ()


@pytest.mark.parametrize(("met", "last"), [(0, "to the cent."), (8, "constant 7: 1"), (10, "... and 2 more")])
def test_a_verified_figure_prints_at_most_eight_constants(capsys: pytest.CaptureFixture[str], met: int, last: str):
    verification = {
        "facts": 1,
        "records": 1,
        "ties": True,
        "discrepancies": [],
        "constants": [f"constant {i}: 1" for i in range(met)],
    }
    empty: Row = dict.fromkeys("label shown grade as_of meaning formula method".split(), "")
    none = dict.fromkeys("terms assumptions missing ties citations".split(), ())

    print_figure({**empty, **none, "dimensions": {}, "verification": verification})

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith(last)
    assert len([line for line in lines if line.startswith("  constant")]) == min(met, 8)


# Scales that several allocations share


def sharing(value: str, *shares: Row, **scales: Any) -> Row:
    return node("add", value, *shares, **scales)


def test_scales_above_allocations_are_theirs():
    figures = {"price": constant("2"), "estimate": constant("1")}
    scales = {ONE: ["price", "estimate"], TWO: ["price", "price"]}
    shares = allocation(ONE, "32.00", times="scales"), allocation(TWO, "48.00", times="scales")

    assert check(sharing("80.00", *shares, scales=scales), FIRST, SECOND, OFFICE, figures=figures).holds
    assert not check(sharing("80.00", *shares, scales={}), FIRST, SECOND, OFFICE, figures=figures).holds


def test_the_nearest_scales_count():
    figures = {"price": constant("2"), "estimate": constant("1")}
    scales = {ONE: ["price", "estimate"], TWO: ["price", "price"]}
    near = sharing("32.00", allocation(ONE, "32.00", times="scales"), scales=scales)
    plain = sharing("20.00", allocation(ONE, "20.00", times="scales"))
    both = sharing("52.00", near, plain, scales={ONE: ["price", "price"], TWO: ["price", "price"]})

    assert check(both, FIRST, SECOND, OFFICE, figures=figures).holds


def test_a_wrong_figure_among_shared_scales_is_a_discrepancy_of_every_share():
    figures = {"price": constant("2"), "wrong": node("add", "2", constant("1"))}
    scales = {ONE: ["price", "wrong"], TWO: ["price", "price"]}

    verdict = check(
        sharing("48.00", allocation(TWO, "48.00", times="scales"), scales=scales),
        FIRST,
        SECOND,
        OFFICE,
        figures=figures,
    )

    assert "add: stated 2, re-added 1" in verdict.discrepancies


def test_two_proofs_whose_scales_differ_are_allocated_apart():
    figures = {
        "price": constant("2"),
        "estimate": constant("1"),
        "doubled": sharing(
            "32.00",
            allocation(ONE, "32.00", times="scales"),
            scales={ONE: ["price", "estimate"], TWO: ["price", "price"]},
        ),
        "even": sharing(
            "20.00", allocation(ONE, "20.00", times="scales"), scales={ONE: ["price", "price"], TWO: ["price", "price"]}
        ),
        "alone": sharing("80.00", allocation(ONE, "80.00", times="scales"), scales={ONE: ["price", "price"]}),
        "unscaled": allocation(ONE, "20.00"),
    }
    made = checker([FIRST, SECOND, OFFICE], None, figures)

    assert [made.verify(name).discrepancies for name in ("doubled", "even", "alone", "unscaled")] == [[], [], [], []]


@pytest.mark.parametrize(
    "wrong",
    [
        sharing("0", allocation(ONE, "0", times="scales")),
        allocation(ONE, "0", times="scales"),
        allocation(ONE, "0", times="elsewhere"),
        sharing("0", allocation(ONE, "0", times="scales"), scales="scales"),
        sharing("0", allocation(ONE, "0", times="scales"), scales={ONE: ["price"]}),
        sharing("0", scales=None),
    ],
)
def test_scales_that_are_missing_or_malformed_are_a_discrepancy(wrong: Row):
    assert "scales its base" in check(wrong, FIRST, OFFICE).discrepancies[0]


# One checker for all requests of a server


def test_the_records_of_a_figure_are_counted_whatever_was_read_before():
    figures = {"part": taken("100.00", "cost"), "both": {"op": "figure", "value": "100.00", "figure": "part"}}
    made = checker([COST, BUDGET], None, figures | {"other": taken("500.00", "original_budget")})

    assert [made.verify(name).records for name in ("part", "both", "part", "other")] == [1, 1, 1, 1]
    assert made.check(json.dumps(taken("600.00", "cost", "original_budget"))).records == 2


def test_the_records_of_a_pool_are_those_of_all_its_members():
    assert pooled("750.00", ("750", "6", "03-300")).records == 2
    facts, raw = pool(("750", "6", "03-300"), ("250", "2", "09-900"))
    assert check(taken("750.00", "cost", cost_code="03-300"), *facts, raw=raw).records == 3


def test_threads_that_ask_for_one_figure_get_one_verdict():
    figures = {"whole": {"op": "figure", "value": "1", "figure": "part"}, "part": constant("1")}
    together = Barrier(4, timeout=10)

    def slow(figure_id: str) -> str:
        sleep(0.01)  # lets the other threads in, if anything does
        return json.dumps(figures[figure_id])

    def ask(_: int) -> Verdict:
        together.wait()
        return made.verify("whole")

    made = Checker(Ledger(tables.build("facts", [])), lambda ids: {}, slow)
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(ask, range(4)))

    assert [verdict.discrepancies for verdict in verdicts] == [[], [], [], []]
    assert len({id(verdict) for verdict in verdicts}) == 1
