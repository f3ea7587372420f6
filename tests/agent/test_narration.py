"""The house's own words for each kind of result: right in shape, with every number by reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from datablueprint.agent.narration import narrate
from datablueprint.agent.query import Query, Threshold
from datablueprint.agent.results import Cell, Column, Line, ResultSet
from datablueprint.agent.text import DIGIT_OR_NUMBER_WORD, Day, Name, Ref, Segment, render
from datablueprint.agent.tools import Bench
from datablueprint.metrics import METRICS, Project

MARGIN = "gross_margin_at_completion"
DAY = date(2026, 11, 19)


def active(bench: Bench) -> list[Project]:
    return [p for p in bench.desk.measures.projects.values() if p.state == "active"]


def said(bench: Bench, *queries: Query) -> str:
    results = [bench.execute(query) for query in queries]
    return printed(narrate(results, bench.names), results)


def printed(segments: Sequence[Segment], results: Sequence[ResultSet]) -> str:
    shown = {d.ref: d.shown for result in results for d in result.drivers}
    shown |= {ref: cell.shown for result in results for ref, cell in result.cells.items()}
    text = render(segments, shown.__getitem__)
    print(text)
    return text


def month_end(bench: Bench) -> date:
    return bench.desk.as_of.replace(day=1) - timedelta(days=1)


def test_a_margin_says_what_makes_it(bench: Bench):
    project = active(bench)[0]
    cells = bench.execute(Query(metric=MARGIN, scope=project.key)).lines[0].cells

    text = said(bench, Query(metric=MARGIN, scope=project.key))

    assert text == (
        f"The gross margin at completion of {project.key} {project.name} is {cells[MARGIN].shown} as of "
        f"{bench.desk.as_of} (grade {cells[MARGIN].grade}). That is {cells['gross_profit_at_completion'].shown} of "
        f"gross profit on a contract value of {cells['contract_value'].shown} and an estimated cost of "
        f"{cells['estimated_cost_at_completion'].shown}; {cells['actual_cost'].shown} is spent."
    )


@pytest.mark.parametrize("metric", [m for m in METRICS if "project" in m.kinds], ids=lambda m: m.name)
def test_every_metric_of_a_project_can_be_told_without_a_number_of_its_own(bench: Bench, metric: object):
    result = bench.execute(Query(metric=metric.name, scope=active(bench)[0].key))  # type: ignore[attr-defined]

    segments = narrate([result], bench.names)

    prose = [segment for segment in segments if isinstance(segment, str)]
    assert prose
    assert not any(DIGIT_OR_NUMBER_WORD.search(piece) for piece in prose)
    assert {s.figure_id for s in segments if isinstance(s, Ref)} <= {*result.cells, *(d.ref for d in result.drivers)}


def test_a_group_names_its_largest_members(bench: Bench):
    assert "The largest parts are " in said(bench, Query(metric="actual_cost"))
    assert "The largest parts of the gross profit at completion" in said(bench, Query(metric=MARGIN))


def test_a_figure_that_is_unavailable_says_what_is_missing_and_where_it_is_entered(bench: Bench):
    without = next(p for p in bench.desk.measures.projects.values() if not bench.desk.measures.project_figure(
        MARGIN, p).term)  # fmt: skip

    text = said(bench, Query(metric=MARGIN, scope=without.key))

    assert "is unavailable: contract value (a signed prime contract in Procore)" in text
    assert "is missing. It can be told once that is entered there" in text


def test_a_ranking_says_how_many_of_how_many_and_lists_them(bench: Bench):
    text = said(bench, Query(kind="rank", metric=MARGIN, order="lowest", limit=2))

    first, *rows = text.splitlines()
    assert first.startswith("Active projects with the lowest gross margin at completion, 2 of ")
    assert len([row for row in rows if row.startswith("  ")]) == 2
    assert rows[-1].startswith("Left out because a required term is missing: ")


def test_a_threshold_is_said_as_it_was_asked(bench: Bench):
    text = said(bench, Query(kind="rank", metric=MARGIN, order="lowest", threshold=Threshold(op="<", value="0.05")))

    assert "whose gross margin at completion is below 5.0%: " in text


def test_a_change_is_told_with_its_sign_both_ends_and_what_moved_it(bench: Bench):
    text = said(bench, Query(kind="compare", metric="actual_cost", since=month_end(bench)))

    assert re.search(rf"moved by \+\$[\d,]+ since {month_end(bench)}, from \$[\d,]+ to \$[\d,]+ as of ", text)
    assert "; the largest causes are " in text


def test_the_change_of_a_margin_is_also_told_in_dollars(bench: Bench):
    text = said(bench, Query(kind="compare", metric=MARGIN, since=month_end(bench)))

    assert " points since " in text
    assert "Gross profit at completion moved by " in text


def test_several_projects_are_laid_side_by_side_and_the_highest_is_named(bench: Bench):
    first, second = active(bench)[:2]
    values = {p.key: bench.desk.measures.project_figure("contract_value", p).value or 0 for p in (first, second)}
    highest = max((first, second), key=lambda p: values[p.key])

    text = said(bench, Query(kind="compare", metric="contract_value", scopes=(first.key, second.key)))

    assert text.endswith(f"The higher figure is that of {highest.key} {highest.name}.")


def test_a_supposition_is_marked_before_anything_else(bench: Bench):
    text = said(bench, Query(kind="what_if", metric=MARGIN, scenario=("burden +2",)))

    assert text.startswith("HYPOTHETICAL: supposing burden +2, the gross margin at completion of ")
    assert " would be " in text
    assert " instead of " in text


def test_a_scorecard_opens_with_the_verdict(bench: Bench):
    verdict = bench.execute(Query(kind="scorecard")).details["verdict"]

    assert said(bench, Query(kind="scorecard")).startswith(verdict)


def test_the_schedule_and_the_state_of_the_data_are_told_in_counts(bench: Bench):
    assert "contracts. Together the active projects have: earned revenue $" in said(bench, Query(kind="wip"))
    assert re.search(r"Tie-outs that hold: \d+ of \d+\.", said(bench, Query(kind="health")))


def test_each_part_of_a_question_is_told(bench: Bench):
    text = said(bench, Query(metric=MARGIN), Query(metric="cash_balance", scope="company"))

    assert text.count("\n\n") == 1
    assert "The cash of " in text


# -- by hand -----------------------------------------------------------------------------------------


def made(value: str | None, **changes: object) -> Cell:
    base = {
        "ref": f"{MARGIN}/24-017/{DAY}",
        "metric": MARGIN,
        "label": "gross margin at completion",
        "scope": "24-017",
        "name": "Harbor Clinic",
        "value": value,
        "unit": "ratio",
        "shown": "withheld",
        "as_of": DAY,
        "grade": "U",
    }
    return Cell.model_validate(base | changes)


def result(cell: Cell) -> ResultSet:
    return ResultSet(
        result_id="r1",
        query=Query(metric=MARGIN, scope="24-017"),
        title="",
        headline=cell.ref,
        columns=(Column(key=MARGIN, label=cell.label, unit="ratio"),),
        lines=(Line(scope="24-017", name=cell.name, cells={MARGIN: cell}),),
    )


def test_a_withheld_figure_says_why_and_shows_no_value():
    segments = narrate([result(made(None, withheld="quickbooks:Bill:1 states another amount"))])

    assert not any(isinstance(segment, Ref) for segment in segments)
    assert "is withheld: it does not re-add" in render(segments, str)


def test_names_from_records_are_data_and_never_prose():
    spoilt = "Tower 9. The margin is 99%"

    segments = narrate([result(made("0.05", name=spoilt, shown="5.0%", grade="A"))])

    assert Name(f"24-017 {spoilt}") in segments
    assert Day(DAY) in segments
    assert not any(spoilt in segment for segment in segments if isinstance(segment, str))
