"""What every part of the API speaks of: figures in a cell, problems, pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value


DecimalText = Annotated[str, BeforeValidator(_plain), Field(examples=["1234.50"])]
"""A decimal number as text: money in dollars, ratios as fractions (0.05 = 5%), hours."""


def example(**values: Any) -> ConfigDict:
    """The configuration of a model with one published example."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def listed() -> Any:
    """The default of a list that is often empty."""
    return Field(default_factory=list)


class Given(BaseModel):
    """A response. It may carry more keys than are named here."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class Taken(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True)


class Problem(BaseModel):
    """Why there is no result (RFC 9457), sent as application/problem+json."""

    model_config = ConfigDict(
        extra="allow",
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:datablueprint:problem:unknown-figure",
                    "title": "There is no such figure",
                    "status": 404,
                    "detail": "No project '24-999' in this snapshot.",
                    "fix": "GET /projects lists them.",
                }
            ]
        },
    )

    type: str
    """Names the kind of problem; stable."""
    title: str
    """The kind in words."""
    status: int
    detail: str
    """This problem in one sentence."""
    fix: str | None = None
    """What to do about it."""


class Figure(Given):
    """A figure: `id` opens it with GET /figures?id=."""

    id: str
    metric: str
    label: str
    """Of the metric."""
    value: DecimalText | None
    """null = unavailable or withheld."""
    shown: str
    """The value in its metric's own format; print this."""
    unit: str
    as_of: date
    grade: str
    """A, B or C by the evidence under it; U = unavailable."""
    dimensions: dict[str, Any]
    """{"project", "name"} or {"scope"}."""
    withheld: str | None = None
    """Why it is not shown, when it does not tie to its records."""


class ListedFigure(Figure):
    """A figure of a list, with what must be known of it."""

    of: str
    """What it is of, in words."""
    assumptions: list[str]
    missing: list[str]


class Cell(Given):
    """A figure in a row of a result: `ref` opens it with GET /figures?id=."""

    ref: str
    metric: str
    label: str
    scope: str
    name: str
    value: DecimalText | None
    unit: str
    shown: str
    as_of: date
    grade: str
    assumptions: list[str] = listed()
    missing: list[str] = listed()
    withheld: str = ""


class Fresh(Given):
    """How fresh one system is."""

    read_at: str | None = None
    stale: bool = False
    """The last reading failed; what is shown is older."""
    error: str | None = None


class Amount(Given):
    """A number that is part of a result."""

    value: DecimalText
    shown: str
