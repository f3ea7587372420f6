"""A question, the job that answers it, what is kept of it, and what people thought of the answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from datablueprint.agent.query import Query
from datablueprint.api.models.answers import Answer
from datablueprint.api.models.common import Given, Problem, Taken, example

LONGEST_QUESTION = 1000
MOST_NAMED, LONGEST_NAME = 50, 200


def modest(query: Query) -> Query:
    """A query that asks for no more than a page can show."""
    named = (*query.scopes, *query.scenario)
    if len(named) > MOST_NAMED:
        raise ValueError(f"name at most {MOST_NAMED} scopes and assumptions")
    if any(len(name) > LONGEST_NAME for name in (query.metric, query.scope, *named)):
        raise ValueError(f"no name has more than {LONGEST_NAME} characters")
    return query


Asked = Annotated[Query, AfterValidator(modest)]


class AskedQuestion(Taken):
    """Either `question` in plain English or `query`, typed; `context` is the id of the question it follows up."""

    question: str | None = Field(default=None, min_length=1, max_length=LONGEST_QUESTION,
                                 examples=["What is the margin at completion of 24-017?"])  # fmt: skip
    query: Asked | None = None
    context: str | None = Field(default=None, max_length=64)
    as_of: date | None = None
    """When it happened; without it the newest day."""
    known_at: date | None = None
    """When it was known; without it now."""

    @model_validator(mode="after")
    def one_of_two(self) -> AskedQuestion:
        if (self.question is None) == (self.query is None):
            raise ValueError("send either question or query")
        return self


class JobLinks(Given):
    self: str


class AcceptedQuestion(Given):
    """Ask `links.self` for the answer, with ?wait=20."""

    model_config = example(id="q8204788574", status="running", links={"self": "questions/q8204788574"})

    id: str
    status: Literal["running"]
    links: JobLinks


class JobEvent(Given):
    """One line of progress."""

    model_config = example(seq=2, at="2026-11-20T19:00:05Z", stage="figures", message="adding up the records")

    seq: int
    at: datetime
    stage: str
    """started, planning, figures, checking, writing, done or failed; others may come."""
    message: str


class QuestionJob(Given):
    """A question and what became of it."""

    id: str
    status: Literal["running", "done", "failed"]
    events: list[JobEvent]
    """Only those later than ?after=."""
    question: str | None
    query: dict[str, Any] | None = None
    by: str
    asked_at: datetime
    answer: Answer | None
    error: Problem | None


class AskedBefore(Given):
    model_config = example(
        id="q8204788574",
        question="What is the margin at completion of 24-017?",
        query=None,
        status="done",
        asked_at="2026-11-20T19:00:00Z",
    )

    id: str
    question: str | None
    query: dict[str, Any] | None = None
    status: Literal["running", "done", "failed"]
    asked_at: datetime


class RecentQuestions(Given):
    questions: list[AskedBefore]
    next_cursor: str | None = None


class QuestionToSave(Taken):
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    queries: list[Asked] = Field(default=[], max_length=10)


class SavedQuestion(Given):
    model_config = example(
        name="every friday",
        question="Which active jobs have the lowest margin at completion?",
        queries=[],
        by="ann@example.com",
        at="2026-11-20T19:00:00Z",
    )

    name: str
    question: str
    queries: list[dict[str, Any]]
    by: str
    at: datetime


class SavedQuestions(Given):
    saved: list[SavedQuestion]


class Verdict(Taken):
    """What a person thinks of an answer."""

    verdict: Literal["right", "wrong", "unclear"]
    note: str = Field(default="", max_length=2000)


class Feedback(Given):
    """A verdict with the question it is on, so that an evaluation can ask it again."""

    id: str
    question: str | None
    queries: list[dict[str, Any]]
    verdict: Literal["right", "wrong", "unclear"]
    note: str
    by: str
    at: datetime


class FeedbackList(Given):
    feedback: list[Feedback]
    next_cursor: str | None = None
