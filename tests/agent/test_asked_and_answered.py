"""The question that is answered is the one that was asked; a near miss is refused by name or asked back."""

from __future__ import annotations

from time import perf_counter

import pytest

from datablueprint.agent.entities import Candidate
from datablueprint.agent.planner import plan

PROJECTS = [
    Candidate("24-017", "Harbor Clinic"),
    Candidate("24-017A", "Harbor Clinic Annex"),
    Candidate("24-021", "Riverside Elementary School Phase 1"),
    Candidate("25-003", "Riverside Elementary School Phase 2"),
    Candidate("26-010", "Harbor Fire Station 2"),
    Candidate("2024-044", "Lakeview Tower"),
    Candidate("J-1003", "Parks and Recreation Hall"),
    Candidate("1003", "Summit Garage"),
    Candidate("7", "Tiny Shed"),
]
MARGIN, PROFIT = "gross_margin_at_completion", "gross_profit_at_completion"
EAC, ACTUAL, CONTRACT = "estimated_cost_at_completion", "actual_cost", "contract_value"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("percent complete of 26-010", "percent complete"),
        ("how complete is 26-010", "percent complete"),
        ("% complete 26-010", "percent complete"),
        ("what percent is 26-010 complete", "percent"),
        ("is 26-010 complete?", "percent complete"),
        ("how far along is 26-010", "percent complete"),
        ("progress of 26-010", "percent complete"),
        ("percent of 26-010", "percent"),
        ("what percent of the contract value is spent", "percent"),
        ("cost to complete", "cost to complete"),
        ("cost to complete of 26-010", "cost to complete"),
        ("what will it cost to finish 26-010", "cost to complete"),
        ("estimate to complete on 26-010", "cost to complete"),
        ("remaining cost of 26-010", "cost to complete"),
        ("how much is left to spend on 26-010", "cost to complete"),
        ("revenue to date", "to date"),
        ("profit to date of 26-010", "to date"),
        ("margin so far", "to date"),
        ("margin to date on 26-010", "to date"),
        ("actual margin of 26-010", "to date"),
        ("how much have we made on 26-010", "to date"),
        ("contract value to date", "to date"),
        ("margin on open and closed jobs", "open and closed"),
        ("margin of finished and running projects", "open and closed"),
        ("when will 26-010 be finished", "date"),
        ("completion date of 26-010", "date"),
        ("completion of 26-010", "completion"),
        ("how many jobs have a margin", "counts"),
        ("profit and loss of 26-010", "statement"),
        ("which jobs lose margin", "margin erosion"),
        ("original estimate of 26-010", "estimate"),
        ("value of 26-010", "value"),
        ("how much is 26-010", "metric"),
        ("is 26-010 the worst job by margin", "rank"),
        ("top 3 margin of 26-010", "26-010"),
        ("best and worst jobs", "both"),
        ("worst contract value", "worst"),
        ("biggest jobs", "metric"),
        ("which jobs have a margin", "order"),
        ("margin of this job", "which project"),
        ("margin of the project", "which project"),
        ("is it profitable", "which project"),
        ("final cost to date of 26-010", "to date and at completion"),
        ("cost to date and at completion of 26-010", "two"),
        ("how much of the projected cost of 26-010 is spent", "both"),
        ("what did we spend today", "day"),
        ("margin of 24-017B", "24-017B"),
        ("margin of 124-017", "124-017"),
        ("margin of 24-017-3", "24-017-3"),
        ("margin of 24-0171", "24-0171"),
        ("margin of 2024", "2024"),
        ("margin of 2024-045", "2024-045"),
        ("margin of J-1004", "J-1004"),
        ("margin as of 2025-06-30", "2025-06-30"),
        ("margin of 26-010 > 10", "'>'"),
        ("jobs with more than 10 percent margin", "'more'"),
        ("which jobs are not losing money", "'not'"),
        ("margin of all jobs except 26-010", "'except'"),
        ("net profit of 26-010", "net"),
        ("gross cost", "'gross'"),
        ("worst 99 jobs", "99"),
        ("Harbor Clinic Annex 5 margin", "5"),
        ("date of 26-010", "date"),
        ("so 26-010", "'so'"),
        ("far 26-010", "'far'"),
        ("26-010 to", "'to'"),
        ("projected 26-010", "metric"),
        ("completed 26-010", "closed"),
    ],
)
def test_another_question_is_refused_by_the_words_that_make_it_one(question: str, named: str):
    found = plan(question, PROJECTS)

    assert found.outcome == "refuse"
    assert named.lower() in found.because.lower()


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("margin and the cost of 26-010", ("margin", "cost")),
        ("margin, profit of 26-010", ("margin", "profit")),
        ("contract value / actual cost of 26-010", ("contract value", "cost")),
        ("cost and contract value of the portfolio", ("cost", "contract value")),
        ("what will our jobs make and which are worst", ("two",)),
        ("What is our margin? Which jobs are worst?", ("two",)),
        ("our margin and the worst jobs", ("two",)),
        ("What is our margin? Harbor Clinic Annex?", ("two",)),
        ("margin of 26-010 and of the portfolio", ("two",)),
    ],
)
def test_two_questions_are_refused_together_never_answered_by_the_first(question: str, both: tuple[str, ...]):
    found = plan(question, PROJECTS)

    assert found.outcome == "refuse"
    assert all(word in found.because for word in both)


@pytest.mark.parametrize(
    ("question", "metric"),
    [
        ("projected cost of 26-010", EAC),
        ("expected cost of 26-010", EAC),
        ("forecast cost of 26-010", EAC),
        ("cost forecast of 26-010", EAC),
        ("estimated cost of 26-010", EAC),
        ("final cost of 26-010", EAC),
        ("cost at completion of 26-010", EAC),
        ("what will 26-010 cost", EAC),
        ("how much are we going to spend on 26-010", EAC),
        ("what is 26-010 expected to cost", EAC),
        ("estimate at completion of 26-010", EAC),
        ("EAC 26-010", EAC),
        ("total projected cost of 26-010", EAC),
        ("cost to date of 26-010", ACTUAL),
        ("spent so far on 26-010", ACTUAL),
        ("cost so far of 26-010", ACTUAL),
        ("how much have we spent on 26-010?", ACTUAL),
        ("cost of 26-010", ACTUAL),
        ("actual cost of 26-010", ACTUAL),
        ("current cost of 26-010", ACTUAL),
        ("job to date cost of 26-010", ACTUAL),
        ("profit margin of 26-010", MARGIN),
        ("gross profit margin of 26-010", MARGIN),
        ("margin percentage of 26-010", MARGIN),
        ("projected margin on 26-010", MARGIN),
        ("how is 26-010 doing", MARGIN),
        ("how profitable is 26-010", PROFIT),
        ("how much profit will 26-010 make", PROFIT),
        ("how much money will 26-010 make", PROFIT),
        ("is 26-010 losing money", PROFIT),
        ("contract value of 26-010", CONTRACT),
        ("revenue of 26-010", CONTRACT),
        ("value of the contract of 26-010", CONTRACT),
    ],
)
def test_cost_is_at_completion_or_to_date_as_the_words_say(question: str, metric: str):
    found = plan(question, PROJECTS)

    assert (found.outcome, found.metric) == ("project", metric)
    assert found.project == PROJECTS[4]


@pytest.mark.parametrize("question", ["26-010", "26-010?", "Harbor Fire Station 2?", "hi, tell me about 26-010 please"])
def test_a_lone_project_is_answered_by_its_margin_and_says_so(question: str):
    found = plan(question, PROJECTS)

    assert (found.outcome, found.metric, found.project) == ("project", MARGIN, PROJECTS[4])
    assert "no metric was named" in found.assumptions[0]


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("margin of 24-017A", "24-017A"),
        ("margin of 24-017a.", "24-017A"),
        ("24-017's margin", "24-017"),
        ("margin of 24–017", "24-017"),
        ("margin of (24-017)", "24-017"),
        ("margin of #2024-044", "2024-044"),
        ("margin of j-1003?", "J-1003"),
        ("margin of 1003", "1003"),
        ("margin of job 7", "7"),
        ("margin of 24-021 Riverside", "24-021"),
        ("margin of 24-017 Harbor Clinic", "24-017"),
        ("margin of Parks & Recreation Hall", "J-1003"),
        ("margin of Harbor Clinic Annex", "24-017A"),
    ],
)
def test_a_job_number_is_taken_whole_or_not_at_all(question: str, key: str):
    found = plan(question, PROJECTS)

    assert found.outcome == "project"
    assert found.project is not None
    assert found.project.key == key


@pytest.mark.parametrize(
    "question", ["margin of 24-017 and 26-010", "margin of 24-017 Lakeview Tower", "margin of Harbor Clinic"]
)
def test_two_projects_are_asked_back_and_never_the_first_taken(question: str):
    found = plan(question, PROJECTS)

    assert (found.outcome, len(found.options)) == ("clarify", 2)


def test_a_misspelt_number_is_offered_the_nearest_one():
    found = plan("margin of 2024-045", PROJECTS)

    assert "What is the margin of 2024-044?" in found.offers


@pytest.mark.parametrize(
    ("question", "metric", "lowest"),
    [
        ("worst cost", ACTUAL, False),
        ("jobs with the worst cost", ACTUAL, False),
        ("highest projected cost", EAC, False),
        ("lowest cost jobs", ACTUAL, True),
        ("most expensive jobs", ACTUAL, False),
        ("which jobs made the most", PROFIT, False),
        ("most profit", PROFIT, False),
        ("most profitable jobs", PROFIT, False),
        ("least profitable jobs", PROFIT, True),
        ("least profit", PROFIT, True),
        ("jobs losing the most", PROFIT, True),
        ("biggest loss", PROFIT, True),
        ("worst margin", MARGIN, True),
        ("best jobs", MARGIN, False),
        ("largest contract values", CONTRACT, False),
        ("top 3 worst jobs", MARGIN, True),
    ],
)
def test_worst_is_the_most_of_a_cost_and_the_least_of_a_profit(question: str, metric: str, lowest: bool):
    found = plan(question, PROJECTS)

    assert (found.outcome, found.metric, found.lowest_first) == ("rank", metric, lowest)


@pytest.mark.parametrize(
    ("question", "scope", "metric"),
    [
        ("total profit of all projects", "portfolio", PROFIT),
        ("margin of all jobs", "portfolio", MARGIN),
        ("profit of all closed jobs together", "closed", PROFIT),
        ("total cost to date of the portfolio", "portfolio", ACTUAL),
        ("margin on open jobs", "portfolio", MARGIN),
        ("what will our jobs make", "portfolio", MARGIN),
        ("are we losing money", "portfolio", PROFIT),
    ],
)
def test_all_projects_together_are_the_portfolio(question: str, scope: str, metric: str):
    found = plan(question, PROJECTS)

    assert (found.outcome, found.scope, found.metric) == ("portfolio", scope, metric)


@pytest.mark.parametrize("question", ["margin of each job", "margin by project", "list all jobs by margin"])
def test_each_project_is_a_list_of_them_all(question: str):
    found = plan(question, PROJECTS)

    assert (found.outcome, found.limit) == ("rank", 50)


def test_a_total_cost_without_its_time_is_asked_back():
    found = plan("total cost of 26-010", PROJECTS)

    assert found.outcome == "clarify"
    assert found.offers == (
        "What is the actual cost to date of 26-010?",
        "What is the estimated cost at completion of 26-010?",
    )


@pytest.mark.parametrize(
    "question",
    [
        "margin " * 1_400 + "xx",
        "x" * 10_000,
        "zz yy " * 2_000,
        "",
        "   \n",
        "?!",
        "🏗️💰",
        "margin 🏗️",
        "Какая маржа проекта?",
        "margin маржа",
        "利润率是多少",
        "¿Cuál es el margen de Harbor?",
        "26-010 的利润",
    ],
)
def test_what_is_no_question_it_knows_is_refused_quickly(question: str):
    plan("margin of warm up", PROJECTS)
    began = perf_counter()
    found = plan(question, PROJECTS * 20)

    assert perf_counter() - began < 0.05
    assert found.outcome in ("refuse", "clarify")
    assert len(found.because) < 200


@pytest.mark.parametrize(
    "question",
    [
        "cost to complete of 26-010",
        "cost to complete",
        "profit to date of J-1003",
        "margin and cost of job 7",
        "total cost of the portfolio",
        "margin on open and closed jobs",
        "percent complete of 26-010",
        "margin of 2024-045",
    ],
)
def test_whatever_is_offered_instead_can_be_answered(question: str):
    offers = plan(question, PROJECTS).offers

    assert offers
    assert all(plan(offer, PROJECTS).outcome in ("project", "portfolio", "rank") for offer in offers)


def test_asking_back_which_project_keeps_the_metric_that_was_asked():
    found = plan("cost to date of Riverside", PROJECTS)

    assert (found.outcome, found.metric) == ("clarify", ACTUAL)
    assert found.offers == (
        "What is the actual cost to date of 24-021?",
        "What is the actual cost to date of 25-003?",
    )


@pytest.mark.parametrize(
    "question",
    ["have we lost money on 26-010", "what did we make on 26-010", "margin to date of Riverside", "profit did 26-010"],
)
def test_the_past_of_a_profit_is_not_its_completion(question: str):
    found = plan(question, PROJECTS)

    assert found.outcome == "refuse"
    assert "to date" in found.because


def test_a_letter_set_apart_from_a_number_may_belong_to_it():
    assert {p.key for p in plan("margin of 24-017 A", PROJECTS).options} == {"24-017", "24-017A"}


@pytest.mark.parametrize(
    "question", ["lowest worst cost", "top 3 bottom jobs by margin", "bottom jobs by highest cost"]
)
def test_an_order_that_contradicts_itself_is_refused(question: str):
    assert plan(question, PROJECTS).outcome == "refuse"


@pytest.mark.parametrize("question", ["total cost of Riverside", "margin to date of Riverside"])
def test_what_is_offered_for_two_projects_takes_neither_for_granted(question: str):
    offers = " ".join(plan(question, PROJECTS).offers)

    assert "24-021" in offers
    assert "25-003" in offers
