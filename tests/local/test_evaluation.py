"""The score of an engine: what counts as right, what as a wrong figure, and what a question set must look like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datablueprint.agent.query import Query, Threshold
from datablueprint.errors import QuestionError
from local.evaluation.cases import SETS, Accepted, Case, load
from local.evaluation.scoring import Score, equal, judge, summary, typed_numbers

NEWEST = date(2026, 11, 19)
MARGIN = "gross_margin_at_completion"


def case(*accept: Mapping[str, Any]) -> Case:
    return Case(id="T-1", question="?", accept=tuple(Accepted.of(a) for a in accept))


def answered(*queries: Query, text: str = "fine") -> dict[str, Any]:
    return {
        "status": "answered",
        "queries": [q.model_dump(mode="json") for q in queries],
        "segments": [{"text": text}],
    }


ASKED = {"status": "answered", "kind": "figure", "metric": MARGIN, "scope": "24-017"}


def test_the_same_typed_query_is_right_and_another_project_is_a_wrong_figure() -> None:
    right = answered(Query(metric=MARGIN, scope="24-017"))
    wrong = answered(Query(metric=MARGIN, scope="24-018"))
    assert judge(case(ASKED), right, newest=NEWEST)[0] == "right"
    assert judge(case(ASKED), wrong, newest=NEWEST)[0] == "wrong shown"


def test_naming_the_newest_day_is_naming_no_day() -> None:
    assert equal(Query(metric=MARGIN), Query(metric=MARGIN, as_of=NEWEST), NEWEST)
    assert not equal(Query(metric=MARGIN), Query(metric=MARGIN, as_of=date(2026, 10, 31)), NEWEST)


def test_half_of_a_question_of_two_parts_is_a_wrong_answer() -> None:
    both = case({"status": "answered", "queries": [ASKED, {**ASKED, "metric": "backlog"}]})
    assert judge(both, answered(Query(metric=MARGIN, scope="24-017")), newest=NEWEST)[0] == "wrong shown"
    parts = (Query(metric="backlog", scope="24-017"), Query(metric=MARGIN, scope="24-017"))
    assert judge(both, answered(*parts), newest=NEWEST)[0] == "right"


def test_an_answer_to_what_cannot_be_answered_is_a_missed_refusal() -> None:
    assert judge(case({"status": "refused"}), answered(Query(metric=MARGIN)), newest=NEWEST)[0] == "missed refusal"


def test_prose_with_a_digit_of_its_own_is_never_right() -> None:
    told = answered(Query(metric=MARGIN, scope="24-017"), text="about 5 percent")
    assert typed_numbers(told)
    assert judge(case(ASKED), told, newest=NEWEST)[0] == "wrong shown"


def test_asking_back_counts_as_needless_even_when_the_right_reading_is_offered() -> None:
    option = {"label": "x", "question": "?", "query": Query(metric=MARGIN, scope="24-017").model_dump(mode="json")}
    assert judge(case(ASKED), {"status": "clarify", "options": [option]}, newest=NEWEST) == ("needless question", True)
    assert judge(case({"status": "clarify"}), {"status": "clarify", "options": []}, newest=NEWEST)[0] == (
        "rightly asked back"
    )


def test_a_bound_and_an_order_are_part_of_the_question() -> None:
    low = Query(kind="rank", metric=MARGIN, order="lowest", threshold=Threshold(op="<", value=Decimal("0.05")))
    assert equal(low, low.model_copy(update={"limit": 5}), NEWEST)
    assert not equal(low, low.model_copy(update={"threshold": None}), NEWEST)
    assert not equal(low, low.model_copy(update={"order": "highest"}), NEWEST)
    assert not equal(low.model_copy(update={"limit": 3}), low, NEWEST)
    assert equal(low.model_copy(update={"limit": 1}), low, NEWEST)


def test_scenarios_are_compared_by_what_they_suppose() -> None:
    wanted = Query(kind="what_if", metric=MARGIN, scope="24-017", scenario=("burden 2",))
    assert equal(wanted, wanted.model_copy(update={"scenario": ("burden +2 points",)}), NEWEST)
    assert not equal(wanted, wanted.model_copy(update={"scenario": ("burden -2",)}), NEWEST)


def test_the_totals_name_wrong_figures_refusals_and_what_always_refusing_would_score() -> None:
    refusable, answerable = case({"status": "refused"}), case(ASKED)
    scores = [
        Score(answerable, "right", ""),
        Score(answerable, "needless refusal", ""),
        Score(refusable, "rightly refused", ""),
        Score(refusable, "missed refusal", ""),
    ]
    told = summary(scores)
    assert told["right or rightly refused"] == 0.5
    assert told["wrong shown"] == 1
    assert told["needless refusals"] == 0.5
    assert told["score with a penalty of 10"] == -2.0
    assert told["the score of always refusing"] == 0.5


def test_a_question_set_with_faults_names_every_line(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    good = json.dumps({"id": "X-1", "question": "?", "accept": [ASKED]})
    file.write_text(f'{good}\nnot json\n{{"id": "X-2", "question": "?", "accept": []}}\n')
    with pytest.raises(QuestionError, match=r"line 2.*line 3"):
        load(str(file))


@pytest.mark.parametrize("name", SETS)
def test_the_sets_hold_known_metrics_and_no_case_twice(name: str) -> None:
    from datablueprint.metrics import BY_NAME

    cases = load(name)
    assert len(cases) >= 75
    assert len({c.id for c in cases}) == len(cases)
    assert {q.metric for c in cases for a in c.accept for q in a.queries if q.metric} <= BY_NAME.keys()


def test_no_question_that_was_worked_on_is_held_back() -> None:
    held = {c.question.lower() for c in load("held-back")}
    assert not held & {c.question.lower() for name in SETS[:2] for c in load(name)}
