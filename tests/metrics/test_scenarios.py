"""Assumptions are read as people say them and written back the same."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.errors import QuestionError
from datablueprint.metrics.scenarios import BASES, METHODS, Assumption, Scenario


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("approve all", Assumption(kind="approve", change="all")),
        ("Approve  PCO-003", Assumption(kind="approve", change="PCO-003")),
        ("approve PCO-003 at cost 1200.50", Assumption(kind="approve", change="PCO-003", amount=D("1200.50"))),
        ("reject all", Assumption(kind="reject", change="all")),
        ("burden +2", Assumption(kind="burden", amount=D(2))),
        ("burden -1.5 points", Assumption(kind="burden", amount=D("-1.5"))),
        ("crews 10% slower", Assumption(kind="crews", amount=D(10))),
        ("crews 5 % faster", Assumption(kind="crews", amount=D(-5))),
        ("overhead oa1", Assumption(kind="overhead", choice="OA1")),
        ("method E3a", Assumption(kind="method", choice="E3a")),
        ("release contingency", Assumption(kind="contingency")),
    ],
)
def test_an_assumption_is_read_as_it_is_said(text: str, read: Assumption):
    assert Scenario.of([text]).assumptions == (read,)


ASSUMPTIONS = st.one_of(
    st.builds(
        Assumption,
        kind=st.just("approve"),
        change=st.sampled_from(["PCO-1", "007"]),
        amount=st.none() | st.decimals("0", "1e6", places=2),
    ),
    st.builds(Assumption, kind=st.just("burden"), amount=st.decimals("-20", "20", places=1)),
    st.builds(Assumption, kind=st.just("crews"), amount=st.decimals("-50", "50", places=0).filter(bool)),
    st.builds(Assumption, kind=st.just("overhead"), choice=st.sampled_from(BASES)),
    st.builds(Assumption, kind=st.just("method"), choice=st.sampled_from(METHODS)),
)


@given(ASSUMPTIONS)
def test_what_is_written_is_read_back(assumption: Assumption):
    assert Scenario.of([assumption.text]).assumptions == (assumption,)


def test_every_assumption_that_cannot_be_read_is_named_at_once():
    with pytest.raises(QuestionError, match=r"'fire everyone', 'burden a lot'\. Say: approve all") as told:
        Scenario.of(["fire everyone", "approve all", "burden a lot"])

    assert "release contingency" in str(told.value)


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["crews 10% slower", "method E2"], "Say the method first"),
        (["method E2", "method E3a"], "Say one method only"),
        (["overhead OA1", "overhead OA2"], "Say one overhead only"),
        (["crews 150% faster"], "leaves no work to do"),
        (["approve all at cost 12000"], "a cost is of one change order"),
    ],
)
def test_what_cannot_be_stacked_is_refused_with_the_reason(texts: list[str], why: str):
    with pytest.raises(QuestionError, match=why):
        Scenario.of(texts)


def test_nothing_supposed_is_said_so():
    with pytest.raises(QuestionError, match="Nothing is supposed"):
        Scenario.of([])
