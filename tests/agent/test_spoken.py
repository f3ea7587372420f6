"""Whatever a query says in words is read back as that very query."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datablueprint.agent.planning import plan, spoken
from datablueprint.agent.planning.lexicon import table
from datablueprint.agent.planning.reach import told
from datablueprint.agent.query import Query, Threshold
from datablueprint.metrics import BY_NAME, METRICS
from tests.agent.names import PROJECTS, VOCABULARY

PLACES = [
    "portfolio", "closed", "not-started", "company", "pm/Dana Reyes", "customer/Kestrel County", "contract-type/gmp",
    "closed-in/2025", "portfolio/03-300", "24-017/03-300.L", "24-017/06-100.L", "24-017/change/003",
    *(p.key for p in PROJECTS),
]  # fmt: skip
DAYS = st.none() | st.dates(date(2024, 1, 1), date(2026, 11, 18))
SUPPOSED = [
    "approve all", "reject all", "approve 003", "reject 003", "burden +2", "burden -1", "crews 10% slower",
    "crews 5% faster", "overhead OA2", "method E2", "method E3a", "release contingency",
]  # fmt: skip


@pytest.mark.parametrize("metric", [m.name for m in METRICS])
def test_every_metric_can_be_asked_for_by_its_name(metric: str):
    queries = [q for scope in PLACES if told(q := Query(metric=metric, scope=scope))]
    apart = metric == "expected_margin"  # of a manager it is his weighted margin

    assert queries
    for query in queries:
        if not (apart and query.scope.startswith("pm/")):
            assert plan(spoken(query, VOCABULARY), VOCABULARY).queries == (query,)


@st.composite
def rows(draw: st.DrawFn) -> Query:
    metric = draw(st.sampled_from(METRICS))
    by = draw(st.sampled_from(["project", "pm", "customer", "contract-type"]))
    bound = draw(st.none() | st.integers(1, 400))
    scale = Decimal(100) if metric.unit == "ratio" else Decimal(1)
    threshold = (
        None if bound is None else Threshold(op=draw(st.sampled_from(["<", ">", "<=", ">="])), value=bound / scale)
    )
    order = draw(st.sampled_from(["lowest", "highest"]))
    limit = draw(st.none() | st.integers(1, 50))
    return Query(
        kind="rank", metric=metric.name, by=by, order=order, limit=limit, threshold=threshold, as_of=draw(DAYS)
    )


@given(rows())
def test_rankings_survive_being_said(query: Query):
    assume(told(query) and BY_NAME[query.metric].kinds not in (("manager",), ("company",)))
    assume(query.metric not in ("expected_margin", "margin_fade", "pm_worst_fade"))

    assert plan(spoken(query, VOCABULARY), VOCABULARY).queries == (query,)


@given(st.sampled_from(SUPPOSED), st.sampled_from(["gross_margin_at_completion", "gross_profit_at_completion"]), DAYS)
def test_suppositions_survive_being_said(text: str, metric: str, as_of: date | None):
    query = Query(kind="what_if", metric=metric, scope="24-017", scenario=(text,), as_of=as_of)

    assert plan(spoken(query, VOCABULARY), VOCABULARY).queries == (query,)


@given(st.sampled_from(METRICS), st.sampled_from(PLACES), DAYS, DAYS)
def test_figures_of_a_day_survive_being_said(metric: object, scope: str, as_of: date | None, known_at: date | None):
    query = Query(metric=metric.name, scope=scope, as_of=as_of, known_at=known_at)  # type: ignore[attr-defined]
    assume(told(query) and query.metric != "expected_margin" and not (as_of and known_at))
    assume(not scope.startswith("closed-in"))

    assert plan(spoken(query, VOCABULARY), VOCABULARY).queries == (query,)


@given(
    st.lists(st.sampled_from([" ".join(p) for p in table()]) | st.sampled_from([p.name for p in PROJECTS]), max_size=9)
)
def test_any_words_give_a_plan_whose_options_and_offers_can_be_answered(words: list[str]):
    found = plan(" ".join(words), VOCABULARY)

    assert [bool(found.queries), bool(found.options), found.refusal is not None].count(True) == 1
    assert len(found.queries) <= 3
    assert len(found.options) <= 3
    assert all(plan(option.question, VOCABULARY).queries == (option.query,) for option in found.options)
    assert all(plan(offer, VOCABULARY).outcome == "answer" for offer in found.offers)


@given(st.text(max_size=80))
def test_any_text_gives_a_plan(text: str):
    found = plan(text, VOCABULARY)

    assert found.outcome in ("answer", "clarify", "refuse")
