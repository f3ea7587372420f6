"""A fragment changes the slots it mentions, and only those."""

from __future__ import annotations

from datetime import date

import pytest

from datablueprint.agent.planning import plan
from datablueprint.agent.query import Query
from tests.agent.names import VOCABULARY

MARGIN, PROFIT = "gross_margin_at_completion", "gross_profit_at_completion"
FIGURE = Query(metric=MARGIN, scope="24-017")
RANK = Query(kind="rank", metric=MARGIN, by="project", order="lowest")
CASES = [
    (FIGURE, "and for Lakeview?", {"scope": "25-010"}),
    (FIGURE, "what about net?", {"metric": "net_margin_at_completion"}),
    (FIGURE, "as of June", {"as_of": date(2026, 6, 30)}),
    (FIGURE, "and the backlog?", {"metric": "backlog"}),
    (FIGURE, "by project", {"kind": "list", "scope": "portfolio", "by": "project"}),
    (FIGURE, "which jobs are worst?", {"kind": "rank", "scope": "portfolio", "by": "project", "order": "lowest"}),
    (FIGURE, "if all COs are approved?", {"kind": "what_if", "scenario": ("approve all",)}),
    (FIGURE, "why did it change since September?", {"kind": "compare", "since": date(2026, 9, 30)}),
    (RANK, "only the worst 3", {"limit": 3}),
    (RANK, "and the best?", {"order": "highest"}),
    (RANK, "same for the closed ones", {"scope": "closed"}),
    (RANK, "profit instead", {"metric": PROFIT}),
    (RANK, "by pm", {"by": "pm"}),
    (FIGURE.model_copy(update={"metric": "labor_hours"}), "in dollars", {"metric": "labor_cost"}),
]


@pytest.mark.parametrize(("before", "question", "change"), CASES)
def test_a_fragment_changes_what_it_mentions(before: Query, question: str, change: dict[str, object]):
    assert plan(question, VOCABULARY, context=[before]).queries == (before.model_copy(update=change),)


def test_a_whole_question_forgets_the_one_before():
    found = plan("backlog of Lakeview", VOCABULARY, context=[RANK.model_copy(update={"as_of": date(2026, 6, 30)})])

    assert found.queries == (Query(metric="backlog", scope="25-010"),)


@pytest.mark.parametrize("question", ["margin of that job", "is it profitable this job", "why did it drop"])
def test_a_pronoun_without_anything_before_is_no_answer(question: str):
    assert plan(question, VOCABULARY).outcome != "answer"
