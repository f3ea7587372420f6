"""What a model hands in: segments that name figures, entities, days and counts, and text between them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, model_validator

from datablueprint.agent.plan import Option, RefusalCode

MOST_SEGMENTS, MOST_TEXT = 600, 600
"""Segments of an answer, and characters of one text segment."""


class Piece(BaseModel):
    """One segment; exactly one of the fields is set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str | None = Field(default=None, max_length=MOST_TEXT, description="Words, without any number, name or date")
    figure: str | None = Field(default=None, max_length=400, description="The ref of a cell or driver of a result")
    entity: str | None = Field(default=None, max_length=200, description="The scope of a row, e.g. 24-017 or portfolio")
    day: date | None = Field(default=None, description="A day of a result, e.g. its as_of")
    count: str | None = Field(default=None, max_length=40, description="A result_id: prints how many rows it has")

    @model_validator(mode="after")
    def _one_of_them(self) -> Piece:
        if len(self.model_fields_set) != 1 or all(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError("a segment has exactly one of text, figure, entity, day and count")
        return self


class Draft(BaseModel):
    """Input of submit_answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    result_ids: tuple[str, ...] = Field(min_length=1, max_length=12, description="The results the answer stands on")
    headline: str = Field(default="", max_length=400, description="The ref of the figure that answers; '' for a list")
    segments: tuple[Piece, ...] = Field(default=(), max_length=MOST_SEGMENTS)
    """None = told in the house's own words."""


class AskUser(BaseModel):
    """Input of ask_user."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: str = Field(
        pattern="^(project|metric|date|person|code)$", description="project, metric, date, person or code"
    )
    options: tuple[Option, ...] = Field(min_length=1, max_length=3)


class Decline(BaseModel):
    """Input of decline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: RefusalCode
    topic: str = Field(default="", max_length=160, description="What is missing, as a clause without numbers")
    fix: str = Field(default="", max_length=160, description="A sentence: what would help")
