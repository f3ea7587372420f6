"""The scorecard of project managers: honest about few jobs, ties and chance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

from datablueprint.metrics import Measures
from datablueprint.metrics.formulas import scorecard as formulas
from datablueprint.metrics.people import scorecard
from tests.metrics.kit import Row, firm, job, of_job, readded

DAY = date(2026, 3, 31)


def closed(number: str, manager: str | None, margin: int, price: int = 1000) -> tuple[dict[str, list[Row]], list[Row]]:
    """A closed job of this margin in percent."""
    cost = price * (100 - margin) // 100
    facts = [
        of_job(number, "original_contract", str(price)),
        of_job(number, "original_budget", str(cost), "26-000", "S"),
        of_job(number, "cost", str(cost), "26-000", "S", accounting_on=DAY),
    ]
    return job(number, closed=True, manager=manager), facts


def company(folder: Path, margins: dict[str, list[int]]) -> Measures:
    """Closed jobs by manager; manager "" has none in Procore."""
    made = [
        closed(f"{n:02d}-{i:03d}", manager or None, margin, price=1000 * (i + 1))
        for n, (manager, own) in enumerate(margins.items())
        for i, margin in enumerate(own)
    ]
    return firm(folder, [j for j, _ in made], [f for _, facts in made for f in facts])


def test_managers_are_ranked_by_a_mean_drawn_towards_everybodys(tmp_path: Path):
    found = company(tmp_path, {"Ada": [20, 22, 24], "Bo": [10, 12, 14], "Cy": [15, 17, 19]})

    board = scorecard(found)

    assert [(r.name, r.rank, r.jobs) for r in board.rows] == [("Ada", 1, 3), ("Cy", 2, 3), ("Bo", 3, 3)]
    score = board.rows[0].score.value
    assert score is not None
    assert D("0.17") < score < D("0.22")
    assert score == formulas.score(D("0.17"), found.figure("pm_credibility", found.group("pm/Ada")).value, D("0.22"))  # type: ignore[arg-type]


def test_every_figure_of_the_scorecard_re_adds(tmp_path: Path):
    found = company(tmp_path, {"Ada": [20, 22, 24], "Bo": [10, 12, 14], "Cy": [15, 17]})

    for name in ("pm_score", "pm_score_low", "pm_score_high", "pm_mean_margin", "pm_margin_deviation", "pm_mean_fade"):
        figure = found.figure(name, found.group("pm/Ada"))
        assert figure.value is not None, name
        assert readded(found, figure).discrepancies == [], name
    assert readded(found, found.figure("pm_between_variance", found.company)).holds


def test_fewer_than_three_jobs_are_listed_and_not_ranked(tmp_path: Path):
    board = scorecard(company(tmp_path, {"Ada": [20, 22, 24], "Bo": [40, 41], "Cy": [10, 12, 14]}))

    assert [(r.name, r.rank) for r in board.rows] == [("Ada", 1), ("Cy", 2), ("Bo", None)]
    assert board.rows[2].score.grade == "C"


def test_where_chance_explains_everything_nobody_is_best(tmp_path: Path):
    board = scorecard(company(tmp_path, {"Ada": [10, 20, 30], "Bo": [11, 19, 30], "Cy": [9, 21, 30]}))

    assert "do not distinguish" in board.verdict
    assert {row.score.value for row in board.rows} == {D("0.2")}


def test_one_manager_alone_gets_no_score(tmp_path: Path):
    board = scorecard(company(tmp_path, {"Ada": [10, 20, 30]}))

    assert board.verdict.startswith("Nobody can be ranked")
    assert board.rows[0].score.value is None


def test_overlapping_intervals_are_called_tied(tmp_path: Path):
    board = scorecard(company(tmp_path, {"Ada": [20, 26, 22], "Bo": [19, 25, 21], "Cy": [2, 3, 4]}))

    assert "tied" in board.verdict
    assert [row.tied for row in board.rows] == [False, True, False]


def test_jobs_nobody_or_several_managed_count_for_nobody_and_are_named(tmp_path: Path):
    shared, facts = closed("09-001", "Ada", 10)
    shared["project_roles"] = shared["project_roles"] + [
        {**shared["project_roles"][0], "record_id": "procore:project_roles:x", "person_name": "Bo"}
    ]
    alone, more = closed("09-002", None, 10)

    board = scorecard(firm(tmp_path, [shared, alone], [*facts, *more]))

    assert board.shared == ("09-001 Job 09-001", "09-002 Job 09-002")
    assert board.rows == ()


def test_old_jobs_are_left_out(tmp_path: Path):
    made, facts = closed("09-001", "Ada", 10)
    old = [{**f, "accounting_on": date(2023, 1, 1)} if f["measure"] == "cost" else f for f in facts]

    assert scorecard(firm(tmp_path, [made], old)).rows == ()


def test_fade_is_final_less_original_margin(tmp_path: Path):
    made, facts = closed("09-001", "Ada", 10)
    faded = [*facts, of_job("09-001", "cost", "50", "01-500", "O", accounting_on=DAY)]

    figure = firm(tmp_path, [made], faded)

    assert figure.figure("pm_mean_fade", figure.group("pm/Ada")).value == D("-0.05")
