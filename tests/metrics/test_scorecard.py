"""Managers are compared one job one vote, and only as far as the number of jobs can carry."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics.formulas import scorecard as formulas

MARGIN = st.decimals("-0.5", "0.6", places=4)
GROUPS = st.lists(st.lists(MARGIN, min_size=1, max_size=8), min_size=2, max_size=6).filter(
    lambda groups: sum(map(len, groups)) > len(groups)
)


def scores(groups: list[list[D]]) -> tuple[D, D, list[D], list[D], list[D]]:
    """Grand mean, variance between, and per manager mean, credibility and score."""
    means = [formulas.mean(group) for group in groups]
    jobs = [len(group) for group in groups]
    centre = formulas.grand_mean(means, jobs)
    squares = [formulas.squared_deviations(g, m) for g, m in zip(groups, means, strict=True)]
    within = formulas.within_variance(squares, jobs)
    between = formulas.between_variance(means, jobs, centre, within)
    weights = [formulas.credibility(D(n), within, between) if between else D(0) for n in jobs]
    return centre, between, means, weights, [formulas.score(centre, z, m) for z, m in zip(weights, means, strict=True)]


def test_a_balanced_design_gives_the_textbook_variance_components():
    """Three managers with three jobs each: the classic one-way analysis of variance, by hand."""
    groups = [[D("0.10"), D("0.12"), D("0.14")], [D("0.20"), D("0.22"), D("0.24")], [D("0.15"), D("0.17"), D("0.19")]]
    means = [formulas.mean(g) for g in groups]
    squares = [formulas.squared_deviations(g, m) for g, m in zip(groups, means, strict=True)]

    within = formulas.within_variance(squares, [3, 3, 3])
    between = formulas.between_variance(means, [3, 3, 3], formulas.grand_mean(means, [3, 3, 3]), within)

    assert means == [D("0.12"), D("0.22"), D("0.17")]
    assert within == D("0.0004")
    # mean square between = 3 x 0.0025; (0.0075 - 0.0004) / 3
    assert between.quantize(D("0.0000000001")) == D("0.0023666667")
    assert formulas.credibility(D(3), within, between).quantize(D("0.00001")) == D("0.94667")


@given(GROUPS)
def test_a_score_lies_between_the_own_mean_and_everybodys(groups: list[list[D]]):
    centre, _, means, _, scored = scores(groups)

    for own, score in zip(means, scored, strict=True):
        assert min(own, centre) - D("1e-20") <= score <= max(own, centre) + D("1e-20")


@given(GROUPS)
def test_more_jobs_are_never_believed_less(groups: list[list[D]]):
    _, _, _, weights, _ = scores(groups)

    ordered = [z for _, z in sorted(zip(map(len, groups), weights, strict=True))]
    assert ordered == sorted(ordered)


@given(GROUPS)
def test_equal_managers_are_never_told_apart(groups: list[list[D]]):
    _, between, _, weights, scored = scores([groups[0] + groups[1]] * 3)

    assert between == 0
    assert set(weights) == {D(0)}
    assert max(scored) - min(scored) < D("1e-20")


def test_a_slope_on_size_is_found_and_noise_is_not():
    sizes = [D(10**n) for n in range(4, 10)]

    steep = formulas.slope_t_ratio(sizes, [D(n) / 10 + D(n % 2) / 1000 for n in range(6)])
    flat = formulas.slope_t_ratio(sizes, [D("0.1"), D("0.2"), D("0.1"), D("0.2"), D("0.1"), D("0.2")])

    assert steep is not None
    assert steep > 50
    assert flat is not None
    assert abs(flat) < 2


@pytest.mark.parametrize("sizes", [[D(5), D(5), D(5)], [D(1), D(2)], [D(-1), D(2), D(3)]])
def test_size_says_nothing_where_jobs_are_few_alike_or_without_a_price(sizes: list[D]):
    assert formulas.slope_t_ratio(sizes, [D("0.1")] * len(sizes)) is None
