"""What became of a question: queries to answer, one question back, or a refusal that says what would help."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from datablueprint.agent.query import Query

RefusalCode = Literal[
    "not_in_data", "action", "personal", "opinion", "external", "unsafe", "other_tenant", "not_understood"
]


class Option(BaseModel):
    """One reading of an ambiguous question; `question` asks it without ambiguity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    question: str
    query: Query


class Refusal(BaseModel):
    """Why there is no answer: `because` is a clause ('payments to vendors are not read'), `fix` a sentence or empty.

    `fix` says where it could be found or what would make it answerable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: RefusalCode
    because: str
    fix: str = ""


class Plan(BaseModel):
    """Exactly one of `queries`, `options` and `refusal` is set; `offers` are near questions that can be answered.

    Several queries are the parts of a question that asks several things; each is answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    queries: tuple[Query, ...] = ()
    slot: str = ""
    """What a clarifying question is about: project, metric, date, person, code."""
    options: tuple[Option, ...] = ()
    refusal: Refusal | None = None
    assumptions: tuple[str, ...] = ()
    """What was taken for granted, as sentences: 'no date was named: the newest day'."""
    offers: tuple[str, ...] = ()

    @property
    def outcome(self) -> Literal["answer", "clarify", "refuse"]:
        return "answer" if self.queries else "clarify" if self.options else "refuse"
