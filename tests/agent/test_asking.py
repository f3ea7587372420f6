"""One entry answers questions and typed queries; a model is asked only when it is needed, and never trusted."""

from __future__ import annotations

from random import Random

import pytest

from datablueprint import agent
from datablueprint.agent.query import Query
from datablueprint.agent.turn import Trace
from datablueprint.desk import Desk
from datablueprint.errors import ModelUnavailable
from datablueprint.ports import Progress
from tests.agent.adversary import Scripted, calls, submits

MARGIN = "gross_margin_at_completion"


@pytest.fixture(scope="session")
def job(desk: Desk) -> str:
    active = [p.key for p in desk.measures.projects.values() if p.state == "active" and "-" in p.key]
    return next(key for key in active if desk.measures.figure(MARGIN, desk.measures.scope(key)).value is not None)


def told(desk: Desk, job: str) -> Scripted:
    """A model that answers well."""
    ref = f"{MARGIN}/{job}/{desk.as_of}"
    answer = submits(
        {"text": "We make "}, {"figure": ref}, {"text": " on "}, {"entity": job}, {"text": "."}, headline=ref
    )
    return Scripted((calls(("query_metric", {"metric": MARGIN, "scope": job})), answer))


def test_the_planner_answers_alone_and_says_what_it_does(desk: Desk, job: str):
    steps: list[Progress] = []

    answer = agent.ask(f"What is the gross margin of {job}?", desk, progress=steps.append)

    assert answer["status"] == "answered"
    assert answer["headline"] == f"{MARGIN}/{job}/{desk.as_of}"
    assert answer["engine"]["name"] == "planner"
    assert answer["engine"]["calls"] == 1
    assert list(dict.fromkeys(step.room for step in steps)) == ["planning", "figures", "checking", "writing"]


def test_a_typed_query_is_answered_as_a_question_is(desk: Desk, job: str):
    asked = agent.ask(f"What is the gross margin of {job}?", desk)

    typed = agent.ask(Query(metric=MARGIN, scope=job), desk, model=Scripted((RuntimeError("not asked"),)))

    assert typed["text"] == asked["text"]
    assert typed["queries"] == [{"metric": MARGIN, "scope": job}]


def test_what_the_planner_is_sure_of_the_model_is_not_asked(desk: Desk, job: str):
    model = told(desk, job)

    answer = agent.ask(f"What is the gross margin of {job}?", desk, model=model)

    assert answer["engine"]["name"] == "planner"
    assert model.seen == []


def test_a_model_answers_in_its_own_words_where_it_goes_first(desk: Desk, job: str):
    answer = agent.ask("How are we doing there?", desk, model=told(desk, job), planner_first=False)

    shown = desk.open(f"{MARGIN}/{job}/{desk.as_of}")["shown"]
    assert answer["text"].startswith(f"We make {shown} on ")
    assert answer["engine"]["name"] == "scripted"
    assert answer["engine"]["summary"] == "told"
    assert answer["queries"] == [{"metric": MARGIN, "scope": job}]
    assert answer["citations"]


def test_a_model_that_cannot_be_had_is_replaced_by_the_planner_and_the_answer_says_so(desk: Desk, job: str):
    away = Scripted((ModelUnavailable("The language model refused the call (AccessDeniedException)"),))

    answer = agent.ask(f"What is the gross margin of {job}?", desk, model=away, planner_first=False)

    assert answer["status"] == "answered"
    assert answer["engine"]["name"] == "planner"
    assert any("AccessDenied" in caveat and "planner" in caveat for caveat in answer["caveats"])


def test_a_model_that_brings_nothing_is_replaced_by_the_planner_and_the_answer_says_so(desk: Desk, job: str):
    lost = Scripted((RuntimeError("boom"),))
    kept: list[Trace] = []

    answer = agent.ask(f"What is the gross margin of {job}?", desk, model=lost, planner_first=False, traced=kept.append)

    assert answer["status"] == "answered"
    assert any("RuntimeError" in caveat and "planner" in caveat for caveat in answer["caveats"])
    assert "boom" not in repr(answer)
    assert [trace.engine for trace in kept] == ["scripted", "planner"]


def test_a_summary_that_is_not_borne_out_is_withheld_and_the_figures_stay(desk: Desk, job: str):
    lies = submits({"text": "The margin is forty percent, I promise. "}, {"figure": f"{MARGIN}/{job}/{desk.as_of}"})
    model = Scripted((calls(("query_metric", {"metric": MARGIN, "scope": job})), lies))
    plain = agent.ask(Query(metric=MARGIN, scope=job), desk)

    answer = agent.ask("How are we doing there?", desk, model=model, planner_first=False)

    assert answer["text"] == plain["text"]
    assert answer["engine"]["summary"] == "withheld"
    assert any("withheld" in caveat for caveat in answer["caveats"])


def test_no_digit_of_a_lying_model_reaches_any_part_of_the_answer(desk: Desk, job: str):
    random = Random(7)
    for _ in range(20):
        number = f"{random.randint(100, 999)}{random.randint(100, 999)}{random.randint(100, 999)}"
        lie = submits({"text": f"It is {number}. "}, {"figure": f"{MARGIN}/{job}/{desk.as_of}"}, headline=number)
        model = Scripted((calls(("query_metric", {"metric": MARGIN, "scope": job})), lie))

        answer = agent.ask("How are we doing there?", desk, model=model, planner_first=False)

        assert number not in repr(answer)


def test_the_trace_of_an_answer_can_be_kept(desk: Desk, job: str):
    kept: list[Trace] = []

    agent.ask(f"What is the gross margin of {job}?", desk, traced=kept.append)

    assert kept[0].calls == [{"tool": "query_metric", "outcome": "r1"}]
    assert kept[0].outcome == "told"


def test_names_are_gathered_once_per_desk(desk: Desk):
    assert agent.vocabulary_of(desk) is agent.vocabulary_of(desk)
