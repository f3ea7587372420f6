"""A question becomes exactly the query that was asked; what could be two is asked back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from datablueprint.agent.plan import Plan
from datablueprint.agent.planning import plan
from datablueprint.agent.query import Query, Threshold
from tests.agent.names import VOCABULARY

MARGIN, PROFIT = "gross_margin_at_completion", "gross_profit_at_completion"
EAC, ACTUAL, CONTRACT = "estimated_cost_at_completion", "actual_cost", "contract_value"


def planned(question: str) -> Plan:
    return plan(question, VOCABULARY)


def one(question: str) -> Query:
    found = planned(question)
    assert len(found.queries) == 1, found.model_dump_json()
    return found.queries[0]


@pytest.mark.parametrize(
    "question",
    [
        "What will the margin at completion be on Harbor Clinic?",
        "margin for 24-017",
        "Harbor Clinic margin",
        "gross margin at completion of the Harbour Clinic",
        "What's Harbor Clinc's margin at completion?",
        "harbr clinic margin",
        "margin 24-17",
        "marign on harbor clinic pls",
    ],
)
def test_one_project_is_understood_however_it_is_put(question: str):
    assert one(question) == Query(metric=MARGIN, scope="24-017")


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("estimated cost at completion of Lakeview Tower", EAC),
        ("what will Lakeview Tower cost us", EAC),
        ("EAC Lakeview", EAC),
        ("what have we spent on Lakeview Tower", ACTUAL),
        ("jtd cost lakeview", ACTUAL),
        ("contract value of Lakeview Tower", CONTRACT),
        ("original contract on Lakeview", "original_contract_value"),
        ("contract with approved change orders, Lakeview", "revised_contract_value"),
        ("gross profit of Lakeview Tower", PROFIT),
        ("net margin Lakeview", "net_margin_at_completion"),
        ("net profit Lakeview with overhead on direct labor hours", "net_profit_at_completion_OA2"),
        ("pending COs on Lakeview", "pending_change_orders"),
        ("approved change orders lakeview", "approved_change_orders"),
        ("original budget for Lakeview", "original_budget"),
        ("current budget on Lakeview", "revised_budget"),
        ("how many hours did we budget for Lakeview", "budget_hours"),
        ("committed cost Lakeview", "committed_cost"),
        ("what's left on the subcontracts at Lakeview", "open_commitments"),
        ("how much have subs billed on lakeview", "invoiced_on_commitments"),
        ("buyout gain lakeview", "buyout_gain"),
        ("CTC lakeview", "cost_to_complete"),
        ("how much more will Lakeview cost", "cost_to_complete"),
        ("markup on lakeview", "markup_at_completion"),
        ("cpi lakeview", "cost_performance_index"),
        ("eac by earned value for lakeview", "eac_E3a"),
        ("burden rate at lakeview", "burden_rate"),
        ("labor burden dollars lakeview", "labor_burden"),
        ("labor cost lakeview", "labor_cost"),
        ("man hours on lakeview", "labor_hours"),
        ("labor rate variance lakeview", "labor_rate_variance"),
        ("productivity variance lakeview", "labor_efficiency_variance"),
        ("bid margin lakeview", "original_gross_margin"),
        ("margin fade lakeview", "margin_fade"),
        ("profit fade lakeview", "gross_profit_fade"),
        ("how far over budget is lakeview", "cost_code_erosion"),
        ("how far along is lakeview", "percent_complete"),
        ("earned revenue lakeview", "earned_revenue"),
        ("how much did we bill at lakeview", "billed_to_date"),
        ("retention lakeview", "retainage_receivable"),
        ("work on hand at lakeview", "backlog"),
        ("gross profit in backlog lakeview", "backlog_gross_profit"),
        ("how much has the owner paid us on lakeview", "job_cash_in"),
        ("cash position of lakeview", "job_cash"),
        ("break-even overhead rate lakeview", "break_even_overhead_rate"),
        ("how many weeks until lakeview runs out of labor budget", "labor_weeks_left"),
    ],
)
def test_the_metric_is_the_one_that_was_named(question: str, metric: str):
    assert one(question) == Query(metric=metric, scope="25-010")


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("What is our margin at completion?", "portfolio"),
        ("margin on closed jobs", "closed"),
        ("margin of jobs not started", "not-started"),
        ("margin on Dana's jobs", "pm/Dana Reyes"),
        ("margin for project manager Omar Lind", "pm/Omar Lind"),
        ("margin on Bluewater work", "customer/Bluewater Partners"),
        ("margin on the gmp jobs", "contract-type/gmp"),
        ("margin of jobs closed in 2025", "closed-in/2025"),
        ("margin of the sunset MOB", "26-001"),
        ("margin on job 7", "7"),
    ],
)
def test_the_scope_is_the_one_that_was_named(question: str, scope: str):
    assert one(question).scope == scope


def test_cost_codes_are_known_by_number_name_and_trade():
    assert one("drywall erosion").scope == "portfolio/09-200"
    assert one("electrical cost on Lakeview").scope == "25-010/26-100"
    assert one("26-100 cost on 25-010").scope == "25-010/26-100"
    assert one("concrete cost at Harbor Clinic").scope == "24-017/03-300"
    assert one("concrete labor hours at Harbor Clinic").scope == "24-017/03-300.L"
    assert one("concrete material cost at Harbor Clinic").scope == "24-017/03-300.M"


@pytest.mark.parametrize(
    ("question", "metric", "order", "limit"),
    [
        ("Which 3 jobs have the lowest margin?", MARGIN, "lowest", 3),
        ("top three jobs by margin", MARGIN, "highest", 3),
        ("worst cost", ACTUAL, "highest", None),
        ("best jobs", MARGIN, "highest", None),
        ("least profitable jobs", PROFIT, "lowest", None),
        ("biggest fade", "margin_fade", "lowest", None),
        ("which jobs lose the most", PROFIT, "lowest", None),
        ("overbilled jobs", "overbilled", "highest", None),
    ],
)
def test_worst_is_the_most_of_a_cost_and_the_least_of_a_profit(
    question: str, metric: str, order: str, limit: int | None
):
    found = one(question)

    assert (found.kind, found.metric, found.order, found.limit) == ("rank", metric, order, limit)


@pytest.mark.parametrize(
    ("question", "metric", "op", "value"),
    [
        ("jobs over 90% complete", "percent_complete", ">", "0.9"),
        ("which jobs have a margin below 5 percent", MARGIN, "<", "0.05"),
        ("more than $50k underbilled", "underbilled", ">", "50000"),
        ("which jobs are losing money", PROFIT, "<", "0"),
        ("jobs with negative cash position", "job_cash", "<", "0"),
        ("burn index over 1.1 by job", "burn_index", ">", "1.1"),
        ("over budget by 10k or more, which jobs", "cost_code_erosion", ">=", "10000"),
    ],
)
def test_a_bound_is_kept_in_the_metrics_own_unit(question: str, metric: str, op: str, value: str):
    found = one(question)

    assert (found.kind, found.metric) == ("rank", metric)
    assert found.threshold == Threshold(op=op, value=Decimal(value))


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("margin as of 2026-06-30", {"as_of": date(2026, 6, 30)}),
        ("margin at the June close", {"as_of": date(2026, 6, 30)}),
        ("margin on Sep 30, 2025", {"as_of": date(2025, 9, 30)}),
        ("margin last quarter", {"as_of": date(2026, 9, 30)}),
        ("margin at year end", {"as_of": date(2025, 12, 31)}),
        ("margin a week ago", {"as_of": date(2026, 11, 12)}),
        ("margin in December 2025", {"as_of": date(2025, 12, 31)}),
        ("margin today", {}),
        ("margin as we knew it at the end of June", {"known_at": date(2026, 6, 30)}),
        ("what margin did we report at the Q2 close", {"known_at": date(2026, 6, 30)}),
        ("how did margin change since Friday", {"since": date(2026, 11, 13)}),
        ("why did the margin drop since last month", {"since": date(2026, 10, 31)}),
        ("margin from June to September", {"since": date(2026, 6, 30), "as_of": date(2026, 9, 30)}),
        ("what changed in margin this month", {"since": date(2026, 10, 31)}),
    ],
)
def test_days_are_read_as_they_are_said(question: str, days: dict[str, date]):
    found = one(question)

    assert {k: v for k in ("as_of", "since", "known_at") if (v := getattr(found, k))} == days


def test_what_was_spent_within_a_month_is_a_change_over_it():
    found = one("how much did we spend in October on Harbor Clinic")

    assert (found.kind, found.since, found.as_of) == ("compare", date(2026, 9, 30), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("question", "scenario"),
    [
        ("margin of Harbor Clinic if all pending change orders are approved", ("approve all",)),
        ("what if none of the PCOs get approved on Harbor Clinic", ("reject all",)),
        ("what if PCO-003 on Harbor Clinic gets approved", ("approve 003",)),
        ("what would Harbor Clinic make if crews ran 10% slower", ("crews 10% slower",)),
        ("if burden goes up 2 points what's the margin on Harbor Clinic", ("burden +2",)),
        ("Harbor Clinic margin by earned value", ("method E3a",)),
        ("if we release the contingency, Harbor Clinic profit", ("release contingency",)),
        ("what if burden +3 and crews 5% faster on Harbor Clinic", ("burden +3", "crews 5% faster")),
    ],
)
def test_what_is_supposed_is_spelled_as_scenarios_spell_it(question: str, scenario: tuple[str, ...]):
    found = one(question)

    assert (found.kind, found.scope, found.scenario) == ("what_if", "24-017", scenario)


def test_schedules_and_states_of_the_data_need_no_metric():
    assert one("WIP schedule as of June 30").kind == "wip"
    assert one("which PM delivers the best margins").kind == "scorecard"
    assert one("is the data up to date").kind == "health"
    assert one("do the books tie").kind == "health"


def test_two_figures_are_two_queries():
    found = planned("margin and backlog for Harbor Clinic").queries

    assert [q.metric for q in found] == [MARGIN, "backlog"]
    assert {q.scope for q in found} == {"24-017"}
    assert [q.metric for q in planned("gross and net margin of Lakeview").queries] == [
        MARGIN,
        "net_margin_at_completion",
    ]


def test_two_scopes_stand_side_by_side():
    assert one("compare margin of Harbor Clinic and Lakeview").scopes == ("24-017", "25-010")
    assert one("Dana vs Omar on margin").scopes == ("pm/Dana Reyes", "pm/Omar Lind")


def test_a_name_that_fits_two_projects_is_asked_back_with_both():
    found = planned("margin of Riverside")

    assert (found.outcome, found.slot) == ("clarify", "project")
    assert [o.query.scope for o in found.options] == ["24-021", "25-003"]


def test_the_ordinal_tells_two_phases_apart():
    assert one("margin of Riverside Elementary School Phase 2").scope == "25-003"


def test_what_is_ambiguous_is_asked_back_as_whole_questions():
    found = planned("change orders on Harbor Clinic")

    assert {o.query.metric for o in found.options} >= {"approved_change_orders", "pending_change_orders"}
    assert all(plan(o.question, VOCABULARY).queries == (o.query,) for o in found.options)


@pytest.mark.parametrize("question", ["25-010", "Lakeview Tower?", "hi, tell me about lakeview please"])
def test_a_lone_project_is_answered_by_its_margin_and_says_so(question: str):
    found = planned(question)

    assert found.queries == (Query(metric=MARGIN, scope="25-010"),)
    assert "no figure was named" in found.assumptions[0]


def test_a_repaired_word_is_said():
    assert "'retanage' is read as 'retainage'" in planned("retanage on lakeview").assumptions


@pytest.mark.parametrize("question", ["which job has the lowest margin", "worst job by margin"])
def test_a_ranking_asked_for_in_the_singular_is_one_row(question: str):
    found = one(question)

    assert (found.metric, found.order, found.limit) == (MARGIN, "lowest", 1)


@pytest.mark.parametrize("question", ["what's Dana Reyes paid", "how much is Dana Reyes getting paid"])
def test_what_a_person_is_paid_is_refused(question: str):
    refusal = planned(question).refusal

    assert refusal is not None
    assert refusal.code == "personal"


def test_a_sub_is_vendor_data_which_is_not_read():
    refusal = planned("who is my worst sub").refusal

    assert refusal is not None
    assert refusal.code == "not_in_data"
    assert "QuickBooks" in refusal.fix


def test_manners_before_a_question_change_nothing():
    asked = "Do me a favor, my analyst is curious: what's the margin on Harbor Clinic, roughly?"

    assert one(asked) == Query(metric=MARGIN, scope="24-017")


def test_a_job_that_does_not_exist_is_never_taken_for_manners():
    assert not planned("margin on the nightmare job").queries
