"""Every metric of the specification against a truth that shares no line with the product, to the cent."""

from __future__ import annotations

from decimal import Decimal as D

from datablueprint.metrics import people
from tests.golden.comparing import compare
from tests.golden.conftest import Company, Make, of_every_seed


def truths_of(made: Company) -> dict[str, dict[str, str | None]]:
    return {p["number"]: made.truth["metrics"][p["number"]] for p in made.truth["projects"]}


@of_every_seed
def test_every_metric_equals_the_truth_or_says_why_not(company: Make, seed: int):
    made = company(seed=seed)

    found = compare(made.read, made.truth)

    print(f"seed {seed}: {found.summary}")
    assert found.wrong == []
    assert sum(found.equal.values()) > 1000
    assert len(found.admitted) < 0.02 * sum(found.equal.values())


@of_every_seed
def test_what_is_known_of_the_company_equals_the_truth(company: Make, seed: int):
    made = company(seed=seed)
    measures = made.read.measures
    told = made.truth["metrics"]["company"]

    assert measures.figure("cash_balance", measures.company).value == D(told["cash_balance"])


@of_every_seed
def test_the_scorecard_equals_the_truth_and_ranks_as_it_does(company: Make, seed: int):
    made = company(seed=seed)
    board = people.scorecard(made.read.measures)
    told = made.truth["metrics"]["company"]["scorecard"]["managers"]

    assert {row.name: row.jobs for row in board.rows} == {name: int(D(m["n"])) for name, m in told.items()}
    for row in board.rows:
        for value, name in ((row.mean.value, "mean"), (row.score.value, "score")):
            truth = told[row.name][name]
            assert (value is None) == (truth is None), (row.name, name)
            if value is not None and truth is not None:
                assert abs(value - D(truth)) < D("1e-15"), (row.name, name)


@of_every_seed
def test_overhead_shares_of_every_month_and_base_equal_the_truth_and_add_to_the_pool(company: Make, seed: int):
    from datablueprint.metrics.overhead import months
    from datablueprint.metrics.overhead_pool import borne_by

    made = company(seed=seed)
    measures = made.read.measures
    told = made.truth["metrics"]["company"]

    for month in months(measures):
        label = f"{month.first:%Y-%m}"
        assert month.pool == D(told["overhead_pool"][label]), label
        for base in ("OA1", "OA2", "OA3", "OA4"):
            shares = {p.key: borne_by(measures, p, month, base) for p in measures.projects.values()}
            assert sum(shares.values()) + month.unallocated(base) == month.pool, (label, base)
