"""Read as a controller would: parts that are parts, signs that are said, nothing beside a figure that is not of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from datablueprint.agent.answer import composed
from datablueprint.agent.narration import narrate
from datablueprint.agent.plan import Plan
from datablueprint.agent.query import Query
from datablueprint.agent.results import Driver, ResultSet
from datablueprint.agent.text import render
from datablueprint.agent.tools import Bench, run
from datablueprint.agent.tools.drivers import LESS
from datablueprint.errors import QuestionError, UnknownFigure
from datablueprint.formats import shown
from datablueprint.made_of import made_of
from datablueprint.metrics import Project
from datablueprint.metrics.scenarios import Scenario
from datablueprint.metrics.terms import Term, constant
from datablueprint.references import parse

MARGIN, PROFIT, LONG_AGO = "gross_margin_at_completion", "gross_profit_at_completion", date(2020, 1, 1)


def projects(bench: Bench, state: str = "active") -> list[Project]:
    return [p for p in bench.desk.measures.projects.values() if p.state == state]


def value(bench: Bench, metric: str, project: Project) -> Decimal:
    return bench.desk.measures.project_figure(metric, project).value or Decimal(0)


def told(bench: Bench, query: Query) -> str:
    result = bench.execute(query)
    shown = {d.ref: d.shown for d in result.drivers} | {ref: cell.shown for ref, cell in result.cells.items()}
    return render(narrate([result], bench.names), shown.__getitem__)


def total(drivers: tuple[Driver, ...]) -> Decimal:
    """What is taken off is called so and stands with its own sign."""
    return sum((-d.value if d.label.startswith(LESS) else d.value for d in drivers), Decimal(0))


def month_end(bench: Bench) -> date:
    return bench.desk.as_of.replace(day=1) - timedelta(days=1)


# -- what drives it ----------------------------------------------------------------------------------


def test_a_margin_is_driven_by_what_its_profit_is_made_of(bench: Bench):
    project = projects(bench)[0]

    found = bench.execute(Query(metric=MARGIN, scope=project.key)).drivers

    assert [d.label for d in found] == ["contract value", "less estimated cost at completion"]
    assert total(found) == value(bench, PROFIT, project)


def test_a_net_margin_is_driven_by_gross_profit_less_overhead(bench: Bench):
    project = projects(bench)[0]

    found = bench.execute(Query(metric="net_margin_at_completion", scope=project.key)).drivers

    assert found[0].label == "gross profit at completion"
    assert found[1].label.startswith("less overhead at completion")
    assert total(found) == value(bench, "net_profit_at_completion", project)


@pytest.mark.parametrize("metric", ["actual_cost", "labor_cost", "labor_hours", "labor_budget_hours"])
def test_a_sum_of_a_project_is_driven_by_its_cost_codes_and_nothing_beside_it(bench: Bench, metric: str):
    project = projects(bench)[0]

    found = bench.execute(Query(metric=metric, scope=project.key)).drivers

    assert len(found) > 2
    assert total(found) == value(bench, metric, project)
    assert all(parse(d.ref).scope.startswith(f"{project.key}/") for d in found if d.ref)


def test_members_of_a_group_are_told_apart_by_number(bench: Bench):
    labels = [d.label for d in bench.execute(Query(metric=MARGIN)).drivers if d.ref]

    assert {label.split()[0] for label in labels} <= {p.key for p in projects(bench)}


def test_a_waterfall_or_bars_of_drivers_go_down_for_what_is_taken_off(bench: Bench):
    chart = bench.execute(Query(metric="overhead_pool_12_months", scope="company")).chart

    assert chart is not None
    assert all(Decimal(p["value"]) < 0 for p in chart.points if p["label"].startswith(LESS))


def fact(amount: str, code: str) -> Term:
    return Term(Decimal(amount), "facts", label="budget hours", detail={"select": {"column": "hours", "code": code}})


def test_different_sums_under_one_label_are_told_as_their_sum_and_the_same_sum_once():
    tree = (fact("10", "a") + fact("5", "b") + fact("5", "b") * constant(Decimal(2))).tree()

    (part,) = made_of(tree)

    assert (part.value, part.sign) == (Decimal(15), 0)


def test_a_term_says_whether_it_is_added_or_taken_off():
    tree = (fact("10", "a").named("a") - (fact("5", "b").named("b") - fact("2", "c").named("c"))).tree()

    assert {part.label: part.sign for part in made_of(tree)} == {"a": 1, "b": -1, "c": 1}


def test_a_mean_of_margins_is_told_by_its_jobs_and_never_as_a_sum_of_percents(bench: Bench):
    manager = next(p.manager for p in projects(bench, "closed") if p.manager)

    found = bench.execute(Query(metric="pm_mean_margin", scope=f"pm/{manager}")).drivers

    assert all(d.label.endswith(": gross margin at completion") for d in found)


def test_largest_parts_that_offset_one_another_are_said_to(bench: Bench):
    text = told(bench, Query(metric="cost_code_erosion"))
    parts = bench.execute(Query(metric="cost_code_erosion")).drivers[:3]

    mixed = len({part.value > 0 for part in parts}) > 1
    assert ("some of which offset others" in text) == mixed


# -- what moved it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [19, 200])
@pytest.mark.parametrize("metric", [PROFIT, "actual_cost", "labor_hours"])
def test_what_moved_a_group_sums_to_its_change_though_projects_came_and_went(bench: Bench, metric: str, days: int):
    result = bench.execute(Query(kind="compare", metric=metric, since=bench.desk.as_of - timedelta(days=days)))

    assert result.drivers
    assert sum(d.value for d in result.drivers) == result.lines[0].cells["change"].value


def test_what_moved_the_cost_of_a_project_is_told_by_cost_code(bench: Bench):
    project = max(projects(bench), key=lambda p: value(bench, "actual_cost", p))

    result = bench.execute(Query(kind="compare", metric="actual_cost", scope=project.key, since=month_end(bench)))

    assert result.drivers
    assert sum(d.value for d in result.drivers) == result.lines[0].cells["change"].value


def test_the_change_of_a_rate_is_not_split_into_changes_of_rates(bench: Bench):
    project = max(projects(bench), key=lambda p: value(bench, "labor_cost", p))

    assert not bench.execute(
        Query(kind="compare", metric="labor_rate", scope=project.key, since=month_end(bench))
    ).drivers


def test_each_cause_of_a_change_says_which_way_it_went(bench: Bench):
    text = told(bench, Query(kind="compare", metric=PROFIT, since=bench.desk.as_of - timedelta(days=200)))

    causes = text.partition("the largest causes are ")[2]
    assert causes.count("(up)") + causes.count("(down)") == 3


def test_what_has_not_moved_is_told_once(bench: Bench):
    project = projects(bench, "closed")[0]
    end = bench.execute(Query(kind="compare", metric=MARGIN, scope=project.key, since=month_end(bench))).lines[0]

    text = told(bench, Query(kind="compare", metric=MARGIN, scope=project.key, since=month_end(bench)))

    assert f"has not moved since {month_end(bench)} and is {end.cells['end'].shown} as of " in text
    assert text.count(end.cells["end"].shown) == 1


# -- units and signs ---------------------------------------------------------------------------------


def test_a_difference_of_two_percents_is_told_in_points(bench: Bench):
    cell = next(iter(bench.execute(Query(metric="margin_fade", scope=projects(bench)[0].key)).cells.values()))

    assert cell.unit == "points"
    assert cell.shown.endswith(" points")


def test_units_are_printed_as_they_are_read():
    assert shown(Decimal("-0.05"), "money_per_hour") == "-$0.05 per hour"
    assert shown(Decimal("0.000832"), "variance") == "8.32 squared points"
    assert shown(Decimal("1E+40"), "money").startswith("$10,000,000,000")


def test_the_rates_of_all_labor_are_not_set_beside_the_variance_of_measured_codes(bench: Bench):
    project = projects(bench)[0]
    leaves = bench.desk.measures.sums.leaves(project.entity)
    scopes = [f"{project.key}/{code}.L" for _, code, kind in leaves if kind == "L"]
    known = [s for s in scopes if bench.desk.measures.figure("labor_rate_variance", bench.desk.measures.scope(s)).term]

    assert "An hour was budgeted" not in told(bench, Query(metric="labor_rate_variance", scope=project.key))
    assert "An hour was budgeted" in told(bench, Query(metric="labor_rate_variance", scope=known[0]))


def test_both_sides_of_the_billing_of_several_contracts_are_told(bench: Bench):
    assert "which is not set off against it" in told(bench, Query(metric="overbilled"))
    assert "set off" not in told(bench, Query(metric="overbilled", scope=projects(bench)[0].key))


def test_a_label_with_a_clause_of_its_own_makes_a_sentence(bench: Bench):
    project = projects(bench)[0]

    assert told(bench, Query(metric="approve_all_margin", scope=project.key)).startswith(f"For {project.key} ")
    assert f", of {project.key} {project.name}, are " in told(
        bench, Query(metric="labor_hours_per_week", scope=project.key)
    )


# -- lists -------------------------------------------------------------------------------------------


def test_a_labor_figure_by_cost_code_is_a_list_of_labor_codes(bench: Bench):
    result = bench.execute(Query(kind="rank", metric="labor_rate_variance", by="leaf", scope="all", order="lowest"))

    assert not any("self-performed labor" in note for note in result.notes)
    assert result.details["members"] < 500


def test_only_a_ranking_speaks_of_ties(bench: Bench):
    assert not any(line.note for line in bench.execute(Query(kind="list", metric="loss_provision")).lines)


def test_a_list_of_closed_jobs_is_not_called_one_of_active_projects(bench: Bench):
    by_year = Query(kind="list", metric=MARGIN, by="closed-in")
    for query in (by_year, Query(kind="rank", metric="pm_score", order="highest")):
        assert "active" not in told(bench, query)
        assert "active" not in bench.execute(query).title
    with pytest.raises(QuestionError, match="is of all closed jobs; ask it without"):
        bench.execute(by_year.model_copy(update={"scope": projects(bench)[0].key}))


def test_contract_types_have_names(bench: Bench):
    assert "_" not in told(bench, Query(kind="list", metric=MARGIN, by="contract-type"))


def test_where_there_is_nothing_to_list_that_is_said(bench: Bench):
    assert told(bench, Query(kind="rank", metric=MARGIN, order="lowest", as_of=LONG_AGO)).startswith("There are none")
    text = told(bench, Query(metric=MARGIN, as_of=LONG_AGO))
    assert text.endswith("unavailable: there are no active projects of which it can be told.")


def test_a_scope_is_not_compared_with_itself_and_a_project_can_be_with_its_code(bench: Bench):
    project = projects(bench)[0]
    code = next(code for _, code, _ in bench.desk.measures.sums.leaves(project.entity))

    with pytest.raises(QuestionError, match="at least two scopes"):
        bench.execute(Query(kind="compare", metric=MARGIN, scopes=(project.key, project.key)))
    result = bench.execute(Query(kind="compare", metric="actual_cost", scopes=(project.key, f"{project.key}/{code}")))
    assert [line.scope for line in result.lines] == [project.key, f"{project.key}/{code}"]


# -- caveats and suppositions ------------------------------------------------------------------------


def test_what_is_not_posted_on_other_codes_is_no_caveat_of_a_code(bench: Bench):
    project = next(p for p in projects(bench) if "time worked" in " ".join(_caveats(bench, p.key)))
    code, kind = next((c, k) for _, c, k in bench.desk.measures.sums.leaves(project.entity) if k == "S")

    assert "time worked" not in " ".join(_caveats(bench, f"{project.key}/{code}.{kind}"))


def _caveats(bench: Bench, scope: str) -> tuple[str, ...]:
    return bench.execute(Query(metric="actual_cost", scope=scope)).caveats


def test_the_weak_members_of_a_group_are_one_caveat(bench: Bench):
    assert sum("have grade C" in said or "has grade C" in said for said in _caveats(bench, "portfolio")) == 1


def test_a_supposition_lists_what_it_changes_only(bench: Bench):
    text = told(bench, Query(kind="what_if", metric="net_margin_at_completion", scenario=("overhead OA2",)))

    assert "($0)" not in text
    assert "Overhead at completion would be" in text


def test_effects_on_what_is_after_overhead_sum_to_its_change(bench: Bench):
    scenario = ("approve all", "burden +2", "overhead OA2")

    result = bench.execute(Query(kind="what_if", metric="net_profit_at_completion", scenario=scenario))

    assert total(result.drivers) == result.lines[0].cells["change"].value


def test_an_assumption_is_said_as_a_phrase(bench: Bench):
    text = told(bench, Query(kind="what_if", metric=MARGIN, scenario=("approve all",)))

    assert text.startswith("HYPOTHETICAL: supposing all pending change orders approved, the ")


# -- what nobody meant -------------------------------------------------------------------------------


def test_a_code_that_no_project_has_is_unknown_and_not_zero(bench: Bench):
    with pytest.raises(UnknownFigure, match="has the cost code '99-999'"):
        bench.execute(Query(metric="actual_cost", scope="portfolio/99-999"))


@pytest.mark.parametrize("assumption", ["burden +99999999999999999999", "crews 99999999999999999999% slower"])
def test_a_number_too_large_to_reckon_with_is_not_supposed(assumption: str):
    with pytest.raises(QuestionError, match="I do not understand"):
        Scenario.of([assumption])


def test_texts_too_long_for_a_name_are_not_repeated(bench: Bench):
    with pytest.raises(QuestionError, match="at most 300 letters"):
        bench.execute(Query(metric=MARGIN, scope="x" * 5000))
    with pytest.raises(UnknownFigure) as error:
        parse(f"{MARGIN}/{'x' * 100_000}/2026-11-19")
    assert len(str(error.value)) < 200


def test_nobodys_name_stands_beside_what_he_was_paid(bench: Bench):
    project = next(p for p in projects(bench) if "time worked" in " ".join(_caveats(bench, p.key)))
    people = {row["name"] for row in bench.desk.table("entities") if row["kind"] == "employee"}

    opened = run(
        bench, "open_figure", {"ref": f"labor_cost/{project.key}/{bench.desk.as_of}", "include_text": True, "limit": 50}
    )

    assert not isinstance(opened, ResultSet)
    assert not any(row["record_id"].startswith(("gusto:", "payroll_file:")) for row in opened["records"])
    quoted = " ".join(text for row in opened["text"] for text in row["quoted"]).replace("\u02c6", " ")
    assert people
    assert not any(name in quoted for name in people)


def test_figures_without_records_under_them_say_why(bench: Bench):
    result = bench.execute(Query(metric="standard_burden_rate", scope="company"))

    answer = composed(Plan(queries=(result.query,)), [result], None, bench.desk, bench=bench)

    assert answer["citations"] == []
    assert any(note.startswith("no record is cited") for note in answer["notes"])
