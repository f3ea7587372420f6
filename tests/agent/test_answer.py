"""The answer contract: whatever is shown was re-added, whatever is cited sums, whatever is missing is said."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datablueprint import agent
from datablueprint.agent.answer import composed
from datablueprint.agent.plan import Option, Plan, Refusal
from datablueprint.agent.query import Query, Threshold
from datablueprint.agent.text import Ref
from datablueprint.agent.tools import Bench
from datablueprint.desk import Desk
from datablueprint.errors import FigureUnverified
from datablueprint.metrics import Project
from local.home import Home
from tests.golden.conftest import Company
from tests.golden.test_statements import _alter, _bills_of, _project_of

MARGIN, EROSION = "gross_margin_at_completion", "cost_code_erosion"
KEYS = frozenset(
    (
        "status text restated figures citations follow_ups freshness assumptions snapshot ties as_of known_at headline "
        "segments queries chips drivers table chart method notes caveats conflicts hypothetical options refusal engine"
    ).split()
)


def active(desk: Desk) -> list[Project]:
    return [p for p in desk.measures.projects.values() if p.state == "active"]


def asked(desk: Desk, *queries: Query) -> dict[str, Any]:
    bench = Bench(desk)
    results = [bench.execute(query) for query in queries]
    answer = composed(Plan(queries=queries), results, None, desk, bench=bench)
    print(answer["text"])
    return answer


PRODUCT = {
    "margin at the current burn rate": Query(metric="margin_at_current_burn"),
    "which cost codes erode margin": Query(
        kind="rank", metric=EROSION, by="code", order="highest", threshold=Threshold(op=">", value=Decimal(0))
    ),
    "true net margin after overhead": Query(metric="net_margin_at_completion"),
    "labor burden and its variances": Query(metric="labor_burden"),
    "all pending change orders approved": Query(kind="what_if", metric=MARGIN, scenario=("approve all",)),
    "project managers with the best margins": Query(kind="scorecard"),
}


@pytest.mark.parametrize("query", PRODUCT.values(), ids=PRODUCT)
def test_the_product_questions_have_figures_that_verify_and_citations_that_sum(desk: Desk, query: Query):
    answer = asked(desk, query)

    assert answer["status"] == "answered"
    assert answer.keys() == KEYS
    assert json.loads(json.dumps(answer)) == answer
    assert answer["figures"]
    stated = {f["id"]: f for f in answer["figures"]}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for cited in answer["citations"]:
        sums[cited["figure"]] += Decimal(cited["amount"])
    assert sums
    assert {ref: Decimal(stated[ref]["value"]) for ref in sums} == sums
    assert len(answer["citations"]) <= 400


@pytest.mark.parametrize("query", PRODUCT.values(), ids=PRODUCT)
def test_the_text_is_its_segments_and_shows_figures_of_the_answer_only(desk: Desk, query: Query):
    answer = asked(desk, query)

    pieces = [next(iter(s.values())) if "figure" not in s else s["shown"] for s in answer["segments"]]
    assert "".join(pieces) == answer["text"]
    stated = {f["id"]: f["shown"] for f in answer["figures"]}
    named = {s["figure"]: s["shown"] for s in answer["segments"] if "figure" in s}
    assert named
    assert named.items() <= (stated | {d["ref"]: d["shown"] for d in answer["drivers"]}).items()


def test_a_figure_with_more_records_than_fit_ends_in_a_row_with_the_rest(desk: Desk):
    answer = asked(desk, Query(metric="actual_cost"))

    cited = [c for c in answer["citations"] if c["figure"] == answer["headline"]]
    assert cited[-1]["record_id"] == ""
    assert cited[-1]["rule"] == f"{cited[-1]['records']} more records"
    assert sum(Decimal(c["amount"]) for c in cited) == Decimal(answer["figures"][0]["value"])


def test_an_answer_says_how_its_headline_is_made(desk: Desk):
    project = active(desk)[0]

    answer = asked(desk, Query(metric=MARGIN, scope=project.key))

    assert answer["headline"] == f"{MARGIN}/{project.key}/{desk.as_of}"
    assert answer["method"]["formula"] == "gross profit at completion / contract value"
    assert [t["label"] for t in answer["method"]["terms"]] == ["gross profit at completion", "contract value"]
    assert any(line.startswith("T1 ") for line in answer["ties"])
    assert answer["snapshot"] == desk.snapshot


def test_chips_are_the_query_slot_by_slot(desk: Desk):
    query = Query(
        kind="rank", metric=MARGIN, order="lowest", limit=3, threshold=Threshold(op="<", value=Decimal("0.1"))
    )

    found = {chip["slot"]: chip for chip in asked(desk, query)["chips"]}

    assert found.keys() == {"metric", "scope", "by", "order", "limit", "threshold", "as_of"}
    assert found["metric"]["value"] == MARGIN
    assert found["threshold"]["label"] == "below 10.0%"
    assert found["as_of"]["value"] == desk.as_of.isoformat()


def test_a_hypothetical_answer_is_marked(desk: Desk):
    answer = asked(desk, PRODUCT["all pending change orders approved"])

    assert answer["hypothetical"] is True
    assert answer["restated"].startswith("HYPOTHETICAL: ")
    assert answer["headline"].endswith("~approve all")
    assert [chip["value"] for chip in answer["chips"] if chip["slot"] == "scenario"] == ["approve all"]


def test_the_table_counts_rows_that_it_does_not_show(desk: Desk):
    table = asked(desk, Query(kind="rank", metric="contract_value", order="highest", limit=2))["table"]

    assert len(table["rows"]) == 2
    assert table["row_count"] > 2


def test_an_unavailable_figure_is_refused_with_what_is_missing_and_what_to_do(desk: Desk):
    without = next(p for p in desk.measures.projects.values() if not desk.measures.project_figure(MARGIN, p).term)

    answer = asked(desk, Query(metric=MARGIN, scope=without.key))

    assert (answer["status"], answer["headline"]) == ("refused", None)
    assert "unavailable" in answer["text"]
    assert "signed prime contract" in answer["refusal"]["because"]
    assert answer["refusal"]["fix"]


def test_each_part_of_a_question_is_answered(desk: Desk):
    answer = asked(desk, Query(metric=MARGIN), Query(metric="cash_balance", scope="company"))

    assert len(answer["queries"]) == 2
    assert {"gross_margin_at_completion", "cash_balance"} <= {f["metric"] for f in answer["figures"]}


def test_a_part_that_is_unavailable_does_not_hide_the_other(desk: Desk):
    without = next(p for p in desk.measures.projects.values() if not desk.measures.project_figure(MARGIN, p).term)

    answer = asked(desk, Query(metric=MARGIN, scope=without.key), Query(metric=MARGIN))

    assert answer["status"] == "answered"
    assert "is unavailable" in answer["text"]


def test_a_refusal_names_the_class_the_reason_and_the_way_out(desk: Desk):
    plan = Plan(
        refusal=Refusal(code="not_in_data", because="the schedule is not read", fix="Look in Procore's schedule."),
        offers=("What is the percent complete of the portfolio?",),
    )

    answer = composed(plan, [], None, desk)

    assert (answer["status"], answer["figures"]) == ("refused", [])
    assert answer["text"] == "I can't answer that yet: the schedule is not read. Look in Procore's schedule."
    assert answer["follow_ups"] == list(plan.offers)
    assert answer["refusal"]["code"] == "not_in_data"


def test_a_question_back_has_the_value_of_each_reading(desk: Desk):
    first, second = active(desk)[:2]
    options = tuple(
        Option(label=f"{p.key} {p.name}", question=f"margin of {p.key}", query=Query(metric=MARGIN, scope=p.key))
        for p in (first, second)
    )

    answer = composed(Plan(slot="project", options=options), [], None, desk)

    values = [desk.measures.project_figure(MARGIN, p) for p in (first, second)]
    assert answer["status"] == "clarify"
    assert answer["text"].startswith("Which project do you mean: ")
    assert [option["shown"] for option in answer["options"]] == [
        Bench(desk).cell(desk, figure).shown for figure in values
    ]
    assert answer["follow_ups"] == [option.question for option in options]


def test_segments_that_bring_a_number_or_an_unknown_figure_are_not_printed(desk: Desk):
    bench = Bench(desk)
    result = bench.execute(Query(metric=MARGIN))
    plan = Plan(queries=(result.query,))

    with pytest.raises(FigureUnverified, match="a number of its own"):
        composed(plan, [result], ["The margin is 12% this year."], desk, bench=bench)
    with pytest.raises(FigureUnverified, match="was not looked up"):
        composed(plan, [result], ["It is ", Ref(f"{MARGIN}/closed/{desk.as_of}")], desk, bench=bench)


def test_follow_ups_are_offered_and_none_repeats_the_question(desk: Desk):
    answer = asked(desk, Query(metric=MARGIN, scope=active(desk)[0].key))

    assert 1 < len(answer["follow_ups"]) <= 4
    assert len(set(answer["follow_ups"])) == len(answer["follow_ups"])


@pytest.mark.parametrize("query", PRODUCT.values(), ids=PRODUCT)
def test_every_follow_up_can_be_answered(desk: Desk, query: Query):
    for question in asked(desk, query)["follow_ups"]:
        answer = agent.ask(question, desk)
        print(question, "->", answer["text"])
        assert answer["status"] == "answered"


# -- altered records ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def altered(contractor: Company, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, str, str]:
    """A copy of the home in which one bill states another amount; the project and the bill."""
    desk = contractor.desk()
    record = next(iter(_bills_of(desk, active(desk)[0].key)))
    project = _project_of(desk, record)
    copy = tmp_path_factory.mktemp("altered") / "home"
    shutil.copytree(contractor.home.path, copy)
    _alter(Path(copy), record)
    return Desk(Home.at(copy).ports()), project, record


def test_a_figure_that_does_not_tie_withholds_the_answer_and_names_the_record(altered: tuple[Desk, str, str]):
    desk, project, record = altered

    answer = asked(desk, Query(metric="actual_cost", scope=project))

    assert (answer["status"], answer["figures"], answer["refusal"]["code"]) == ("refused", [], "withheld")
    assert "I withhold this answer" in answer["text"]
    assert record in answer["refusal"]["because"]


def test_a_ranking_leaves_a_withheld_row_out_and_says_so(altered: tuple[Desk, str, str]):
    desk, project, _ = altered

    answer = asked(desk, Query(kind="rank", metric="actual_cost", order="highest"))

    assert answer["status"] == "answered"
    assert project not in {row["scope"] for row in answer["table"]["rows"]}
    assert any(said.startswith(f"{project} is withheld") for said in answer["caveats"])


@pytest.mark.parametrize(
    "query",
    [
        Query(metric=MARGIN),
        Query(kind="what_if", metric=MARGIN, scenario=("burden +2",)),
        Query(kind="list", metric="actual_cost", by="contract-type", scope="portfolio"),
    ],
    ids=["portfolio", "supposed", "list"],
)
def test_what_is_built_on_a_figure_that_does_not_tie_shows_no_value(altered: tuple[Desk, str, str], query: Query):
    desk, _, _ = altered
    touched = {"actual_cost", "estimated_cost_at_completion", MARGIN, "gross_profit_at_completion"}

    answer = asked(desk, query)

    broken = [f for f in answer["figures"] if f["metric"] in touched and f["dimensions"]["scope"] == "portfolio"]
    assert all(figure["value"] is None for figure in broken)
    assert answer["status"] == "refused" or broken or query.kind == "list"
