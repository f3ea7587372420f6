"""Every engine works with these tools: what they return was re-added, what they refuse they refuse with a way out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from datablueprint.agent.query import Query, Threshold
from datablueprint.agent.results import Cell, ResultSet
from datablueprint.agent.tools import TOOLS, Bench, as_call, caveats, run, told
from datablueprint.desk import Desk
from datablueprint.metrics import BY_NAME, Project

MARGIN, PROFIT, EROSION = "gross_margin_at_completion", "gross_profit_at_completion", "cost_code_erosion"


def active(desk: Desk) -> list[Project]:
    return [p for p in desk.measures.projects.values() if p.state == "active"]


def busiest(desk: Desk) -> Project:
    """The active project with the most spent."""
    return max(active(desk), key=lambda p: desk.measures.project_figure("actual_cost", p).value or Decimal(0))


def values(result: ResultSet, key: str) -> list[Decimal]:
    return [cell.value for line in result.lines if (cell := line.cells[key]).value is not None]


def last_month_end(desk: Desk) -> date:
    return desk.as_of.replace(day=1) - timedelta(days=1)


def error(answer: Any) -> dict[str, Any]:
    assert isinstance(answer, dict)
    found = answer["error"]
    assert found.keys() == {"code", "field", "allowed", "sentence"}
    assert found["sentence"]
    return dict(found)


# -- one figure --------------------------------------------------------------------------------------


def test_a_figure_comes_with_what_it_is_made_of_and_every_cell_ties(bench: Bench):
    project = busiest(bench.desk)

    result = bench.execute(Query(metric=MARGIN, scope=project.key))

    head = result.cells[result.headline]
    assert head.metric == MARGIN
    assert head.value == bench.desk.measures.project_figure(MARGIN, project).value
    assert {"contract_value", "estimated_cost_at_completion", PROFIT, "actual_cost"} <= result.lines[0].cells.keys()
    for cell in result.cells.values():
        assert bench.desk.verify(bench.desk.figure(cell.ref)).holds
    assert result.result_id == "r1"
    assert bench.evidence.keys() == result.cells.keys()


def test_a_waterfall_starts_ends_and_foots(bench: Bench):
    result = bench.execute(Query(metric="net_margin_at_completion", scope=busiest(bench.desk).key))

    assert result.chart is not None
    points = result.chart.points
    *parts, end = (Decimal(p["value"]) for p in points)
    print([(p["label"], p["shown"]) for p in points])
    assert result.chart.kind == "waterfall"
    assert sum(parts) == end
    assert points[-1]["role"] == "end"


def test_the_drivers_of_a_group_are_its_members_and_sum_to_it(bench: Bench):
    result = bench.execute(Query(metric="actual_cost"))

    head = result.cells[result.headline]
    assert sum(driver.value for driver in result.drivers) == head.value
    sizes = [abs(driver.value) for driver in result.drivers if driver.ref]
    assert sizes == sorted(sizes, reverse=True)
    assert all(bench.desk.figure(driver.ref).value == driver.value for driver in result.drivers if driver.ref)


def test_a_figure_that_cannot_be_told_names_what_is_missing(bench: Bench):
    without = next(p for p in bench.desk.measures.projects.values() if not bench.desk.measures.project_figure(
        MARGIN, p).term)  # fmt: skip

    result = bench.execute(Query(metric=MARGIN, scope=without.key))

    head = result.cells[result.headline]
    assert (head.value, head.grade) == (None, "U")
    assert head.missing
    assert result.drivers == ()


def test_figures_of_an_earlier_day_say_which_day(bench: Bench):
    day = last_month_end(bench.desk)

    result = bench.execute(Query(metric="actual_cost", as_of=day))

    head = result.cells[result.headline]
    assert head.as_of == day
    assert head.ref.endswith(day.isoformat())
    assert (head.value or 0) < (bench.desk.measures.portfolio_figure("actual_cost", "portfolio").value or 0)


@pytest.mark.parametrize("scope", ["portfolio/03-300", "company", "closed"])
def test_scopes_of_every_kind_have_figures(bench: Bench, scope: str):
    metric = "cash_balance" if scope == "company" else "actual_cost"

    result = bench.execute(Query(metric=metric, scope=scope))

    assert result.cells[result.headline].value is not None


def test_dollars_that_are_not_posted_are_a_caveat_with_their_amount(bench: Bench):
    waiting = [
        fact
        for fact in bench.desk.table("facts")
        if (fact["measure"], fact["state"], fact["basis"]) == ("cost", "counted", "approved_not_posted")
        and fact["project"] in {p.entity for p in active(bench.desk)}
    ]
    whole = sum((fact["amount"] for fact in waiting), Decimal(0))

    result = bench.execute(Query(metric=MARGIN))

    assert whole
    assert any(f"${whole:,.2f}" in said and "not yet posted" in said for said in result.caveats)


def test_what_two_systems_tell_differently_is_a_conflict_of_the_project_and_of_no_other(bench: Bench):
    finding = next(f for f in bench.desk.table("findings") if f["kind"] == "commitments differ from the budget")
    concerned = bench.desk.measures.projects[finding["project"]]
    other = next(p for p in active(bench.desk) if p.entity != finding["project"])

    mine, others = (bench.execute(Query(metric=MARGIN, scope=p.key)).conflicts for p in (concerned, other))

    assert any(finding["sentence"] in said for said in mine)
    assert not any(finding["sentence"] in said for said in others)


# -- rankings ----------------------------------------------------------------------------------------


def test_a_ranking_orders_the_whole_result_and_counts_who_is_left_out(bench: Bench):
    whole = {p.key: bench.desk.measures.project_figure(MARGIN, p).value for p in active(bench.desk)}
    known = {key: value for key, value in whole.items() if value is not None}

    result = bench.execute(Query(kind="rank", metric=MARGIN, order="lowest", limit=2))

    assert [line.scope for line in result.lines] == sorted(known, key=lambda key: known[key])[:2]
    assert result.row_count == len(known)
    assert result.details["members"] == len(whole)
    lacking = len(whole) - len(known)
    assert lacking
    assert any(note.startswith(f"{lacking} left out") for note in result.notes)


def test_a_threshold_is_applied_before_the_limit(bench: Bench):
    above = Threshold(op=">", value=Decimal(0))

    result = bench.execute(Query(kind="rank", metric=EROSION, by="code", order="highest", limit=3, threshold=above))

    found = values(result, EROSION)
    assert len(result.lines) == 3
    assert result.row_count > 3
    assert found == sorted(found, reverse=True)
    assert min(found) > 0


def test_a_limit_beyond_the_rows_shows_them_all(bench: Bench):
    result = bench.execute(Query(kind="rank", metric="contract_value", scope="closed", order="highest", limit=50))

    assert len(result.lines) == result.row_count


def test_every_project_of_every_state_can_be_listed(bench: Bench):
    result = bench.execute(Query(kind="list", metric="actual_cost", scope="all"))

    assert result.details["members"] == len(bench.desk.measures.projects)


def test_equal_values_are_marked_as_tied_and_a_tie_across_the_edge_is_said(bench: Bench):
    zeros = Threshold(op="<=", value=Decimal(0))

    result = bench.execute(Query(kind="rank", metric="overbilled", order="highest", limit=1, threshold=zeros))

    assert result.row_count > 1
    assert result.lines[0].note == "tied"
    assert any("the same value as the last one shown" in note for note in result.notes)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(kind="list", metric="contract_value", by="leaf"), "There is no contract value by leaf"),
        (Query(kind="list", metric="contract_value", by="code"), "There is no contract value by cost code"),
        (Query(kind="list", metric="pm_score", by="customer"), "by project manager only"),
        (Query(kind="list", metric="actual_cost", scope="closed", by="pm"), "only active projects are added up"),
        (Query(kind="list", metric="actual_cost", scope="all", by="code"), "Cost codes are added up over portfolio"),
    ],
)
def test_a_list_that_would_mean_something_else_is_refused(bench: Bench, query: Query, said: str):
    name, asked = as_call(query)

    refusal = error(run(bench, name, asked))

    assert refusal["code"] == "not_possible"
    assert said in refusal["sentence"]


# -- comparisons and scenarios -----------------------------------------------------------------------


def test_a_change_is_the_end_less_the_start_and_its_parts_foot(bench: Bench):
    project = busiest(bench.desk)

    result = bench.execute(Query(kind="compare", metric=PROFIT, scope=project.key, since=last_month_end(bench.desk)))

    cells = result.lines[0].cells
    start, end, change = (value(cells[key]) for key in ("start", "end", "change"))
    assert result.headline == cells["change"].ref
    assert start + change == end
    assert sum(driver.value for driver in result.drivers) == change
    assert any(driver.records for driver in result.drivers)


def test_a_margin_moves_by_points_and_its_profit_is_told_beside_it(bench: Bench):
    result = bench.execute(Query(kind="compare", metric=MARGIN, since=last_month_end(bench.desk)))

    margin, profit = (line.cells["change"] for line in result.lines)
    assert (margin.unit, profit.unit) == ("points", "money")
    assert [line.name for line in result.lines] == ["gross margin at completion", "gross profit at completion"]
    assert margin.shown.endswith(" points")
    assert sum(driver.value for driver in result.drivers) == profit.value
    assert result.chart is not None
    assert result.chart.points[0]["role"] == "start"


def test_where_no_snapshot_of_the_day_is_kept_it_is_said_that_only_costs_move(bench: Bench):
    result = bench.execute(Query(kind="compare", metric=MARGIN, since=last_month_end(bench.desk)))

    assert "is told from what is known now, which moves costs only" in result.notes[0]


def test_scopes_lie_side_by_side(bench: Bench):
    keys = tuple(p.key for p in active(bench.desk)[:3])

    result = bench.execute(Query(kind="compare", metric="contract_value", scopes=keys))

    assert tuple(line.scope for line in result.lines) == keys
    assert result.headline == ""


def test_a_scenario_shows_today_supposed_and_change_and_says_it_is_hypothetical(bench: Bench):
    project = next(p for p in active(bench.desk) if bench.vocabulary.pending(p.key))

    result = bench.execute(Query(kind="what_if", metric=PROFIT, scope=project.key, scenario=("approve all",)))

    cells = result.lines[0].cells
    assert result.hypothetical
    assert value(cells["today"]) + value(cells["change"]) == value(cells["supposed"])
    assert "HYPOTHETICAL" in cells["supposed"].label
    assert cells["supposed"].ref.endswith("~approve all")
    assert [driver.value for driver in result.drivers] == [value(cells["change"])]


def test_the_scorecard_says_what_the_data_allow(bench: Bench):
    result = bench.execute(Query(kind="scorecard"))

    assert result.details["verdict"]
    assert {line.name for line in result.lines} <= set(bench.vocabulary.managers)
    assert all({"score", "low", "high", "jobs"} <= line.cells.keys() for line in result.lines)


def test_the_schedule_ends_in_totals_that_are_the_sums_of_its_lines(bench: Bench):
    result = bench.execute(Query(kind="wip"))

    total = next(line for line in result.lines if line.note == "total")
    mine = [line for line in result.lines if line.note == total.name]
    assert total.cells["actual_cost"].value == sum(value(line.cells["actual_cost"]) for line in mine)
    assert result.row_count == sum(line.note != "total" for line in result.lines)


def test_the_state_of_the_data_tells_systems_dollars_and_sums(bench: Bench):
    result = bench.execute(Query(kind="health"))

    assert set(result.details["freshness"]) == set(bench.desk.freshness)
    counted = next(r["amount"] for r in bench.desk.table("coverage") if r["bucket"].startswith("counted cost"))
    assert sum(driver.value for driver in result.drivers) == counted
    assert result.details["tieouts"]["checked"] == len(bench.desk.table("tieouts"))


def test_the_state_of_one_project_has_its_own_findings_only(bench: Bench):
    finding = next(f for f in bench.desk.table("findings") if f["project"] in bench.desk.measures.projects)
    project = bench.desk.measures.projects[finding["project"]]
    mine = [f for f in bench.desk.table("findings") if f["project"] == project.entity]

    result = bench.execute(Query(kind="health", scope=project.key))

    assert result.details["finding_count"] == len(mine)


# -- what a model meets ------------------------------------------------------------------------------


def test_no_tool_takes_a_tenant_and_every_schema_is_closed():
    for tool in TOOLS:
        assert tool.schema["additionalProperties"] is False
        assert not {name for name in tool.schema["properties"] if "tenant" in name or "company" in name}
        assert len(tool.description) > 60
        assert all("description" in p or p.get("enum") or "$ref" in p for p in tool.schema["properties"].values())


@pytest.mark.parametrize("tool", [t for t in TOOLS if "metric" in t.schema["properties"]], ids=lambda t: t.name)
def test_a_metric_that_does_not_exist_cannot_be_expressed(tool: Any):
    named = tool.schema["properties"]["metric"]

    choices = named.get("enum") or [c for each in named["anyOf"] for c in each.get("enum", ())]

    assert set(BY_NAME) <= set(choices)


@pytest.mark.parametrize(
    ("name", "asked", "code", "field"),
    [
        ("query_metric", {"metric": "gross_margn_at_completion"}, "unknown_metric", "metric"),
        ("query_metric", {"metric": "contract_value", "tenant": "other"}, "invalid_input", "tenant"),
        ("query_metric", {"kind": "everything"}, "invalid_input", "kind"),
        ("query_metric", {"metric": "actual_cost", "scope": "99-999"}, "unknown_scope", "scope"),
        ("query_metric", {"metric": "actual_cost", "scope": "pm/Nobody Here"}, "unknown_scope", "scope"),
        ("query_metric", {"metric": "actual_cost", "as_of": "2099-01-01"}, "not_possible", ""),
        ("query_metric", {"metric": "actual_cost", "known_at": "1999-01-01"}, "not_kept", "known_at"),
        ("query_metric", {"metric": "change_order_price"}, "unknown_scope", "scope"),
        ("rank", {"metric": "actual_cost"}, "invalid_input", "order"),
        ("rank", {"metric": "actual_cost", "order": "lowest", "limit": 0}, "invalid_input", "limit"),
        ("compare", {"metric": "actual_cost"}, "not_possible", ""),
        ("compare", {"metric": "actual_cost", "since": "2099-01-01"}, "not_possible", ""),
        ("what_if", {"metric": "actual_cost", "scenario": ["approve all"]}, "not_possible", ""),
        ("what_if", {"metric": MARGIN, "scenario": ["make it better"]}, "not_possible", ""),
        ("open_figure", {"ref": "the margin"}, "unknown_ref", "ref"),
        ("drop_tables", {}, "unknown_tool", "name"),
    ],
)
def test_what_cannot_be_done_comes_back_as_a_typed_error(
    bench: Bench, name: str, asked: dict[str, Any], code: str, field: str
):
    refusal = error(run(bench, name, asked))

    print(refusal["sentence"])
    assert (refusal["code"], refusal["field"]) == (code, field)
    assert bench.results == {}


def test_an_unknown_metric_offers_the_nearest(bench: Bench):
    refusal = error(run(bench, "query_metric", {"metric": "gross_margn_at_completion"}))

    assert MARGIN in refusal["allowed"]


@pytest.mark.parametrize(
    "query",
    [
        Query(metric=MARGIN, scope="closed", as_of=date(2026, 10, 31)),
        Query(kind="list", metric=EROSION, by="code"),
        Query(kind="rank", metric=MARGIN, order="lowest", limit=3, threshold=Threshold(op="<", value=Decimal("0.05"))),
        Query(kind="compare", metric=MARGIN, since=date(2026, 10, 31)),
        Query(kind="what_if", metric=MARGIN, scenario=("burden +2",)),
        Query(kind="scorecard"),
        Query(kind="wip"),
        Query(kind="health", scope="portfolio"),
    ],
    ids=lambda query: query.kind,
)
def test_a_query_spelled_as_a_tool_call_is_the_same_query(query: Query):
    name, asked = as_call(query)

    read = next(tool for tool in TOOLS if tool.name == name).input.model_validate(asked)

    assert read.query() == query  # type: ignore[attr-defined]


def test_what_a_model_reads_of_a_result_holds_no_sentence_about_records(bench: Bench):
    result = bench.execute(Query(metric=MARGIN))

    read = str(told(result))

    assert result.caveats
    assert not any(said in read for said in (*result.notes, *result.caveats, *result.conflicts))
    assert result.headline in read


def test_a_name_is_found_exactly_nearly_ambiguously_or_not_at_all(bench: Bench):
    project = active(bench.desk)[0]

    def match(text: str, kind: str = "any") -> str:
        return str(run(bench, "search_entities", {"text": text, "type": kind})["match"])  # type: ignore[index]

    assert match(project.name) == "exact"
    assert match(project.key) == "exact"
    assert match(project.name[:4] + project.name[5:], "project") == "fuzzy"
    assert match("concrete", "code") == "ambiguous"
    assert match("xylophone orchestra") == "none"


def test_a_job_number_is_never_nearly_right(bench: Bench):
    found = run(bench, "search_entities", {"text": "29-998", "type": "project"})

    assert found["match"] != "exact"  # type: ignore[index]
    assert found["match"] != "fuzzy"  # type: ignore[index]


def test_an_opened_figure_lists_records_that_sum_to_it_and_no_text_unless_asked(bench: Bench):
    ref = f"actual_cost/{busiest(bench.desk).key}/{bench.desk.as_of}"

    plain, quoted = (run(bench, "open_figure", {"ref": ref, "include_text": text}) for text in (False, True))

    assert isinstance(plain, dict)
    assert isinstance(quoted, dict)
    assert plain["records_sum_to"] == str(bench.desk.figure(ref).value)
    assert plain["ties_out"] is True
    assert "text" not in plain
    words = [text for row in quoted["text"] for text in row["quoted"]]
    assert words
    assert not any(" " in text for text in words)


def test_metrics_are_listed_with_what_they_are_not(bench: Bench):
    found = run(bench, "list_metrics", {"topic": "margin completion"})

    assert isinstance(found, dict)
    by_name = {m["name"]: m for m in found["metrics"]}
    assert "net_margin_at_completion" in by_name[MARGIN]["not_to_be_confused_with"]
    assert by_name[MARGIN]["by"][0] == "project"


def value(cell: Cell) -> Decimal:
    assert cell.value is not None
    return cell.value


# -- what must be said whoever tells the figure ------------------------------------------------------


def test_a_system_that_was_not_read_is_a_caveat():
    freshness = {
        "gusto": {"read_at": "2026-11-02T19:00:00+00:00", "stale": True, "error": "the token was revoked"},
        "procore": {"read_at": "2026-11-20T19:00:00+00:00", "stale": False, "error": None},
        "payroll_file": {"read_at": None, "stale": True, "error": None},
    }

    found = list(caveats.stale(SimpleNamespace(freshness=freshness)))  # type: ignore[arg-type]

    assert found == [
        "gusto was last read on 2026-11-02: the token was revoked",
        "payroll_file was never read: the last reading failed",
    ]


def broken_tieout(bench: Bench, tieout: str, project: Project) -> str:
    """Make one comparison of a project fail; the sentence it is told with."""
    rows = [dict(row) for row in bench.table(bench.desk, "tieouts")]
    row = next(row for row in rows if row["tieout"] == tieout and row["scope"] == project.entity)
    row |= {"holds": False, "difference": Decimal("9123456.78"), "sentence": "it is far apart"}
    bench.table(bench.desk, "tieouts")[:] = rows
    return str(row["sentence"])


def test_a_tie_out_that_fails_under_a_figure_is_a_caveat_of_it_and_a_conflict_of_the_systems(bench: Bench):
    project = busiest(bench.desk)
    sentence = broken_tieout(bench, "T1", project)
    other = next(p for p in active(bench.desk) if p.key != project.key)

    mine, others = (bench.execute(Query(metric=MARGIN, scope=p.key)) for p in (project, other))

    assert f"a tie-out fails: {sentence}" in mine.caveats
    assert sentence in mine.conflicts
    assert not any(sentence in said for said in (*others.caveats, *others.conflicts))


def test_the_reason_for_a_low_grade_stands_beside_it_with_the_way_out(bench: Bench):
    finding = next(
        f for f in bench.desk.table("findings") if f["grade"] == "C" and f["project"] in bench.desk.measures.projects
    )
    project = bench.desk.measures.projects[finding["project"]]

    result = bench.execute(Query(metric="actual_cost", scope=project.key))

    assert result.cells[result.headline].grade == "C"
    assert any(
        said.startswith("grade C: ") and finding["sentence"] in said and finding["way_out"] in said
        for said in result.caveats
    )
