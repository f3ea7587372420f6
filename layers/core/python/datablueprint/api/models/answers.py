"""The answer to a question."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from datablueprint.api.models.common import Cell, DecimalText, Figure, Fresh, Given, example, listed


class Segment(Given):
    """A piece of the text: exactly one of text, figure (with shown), name, day, count."""

    model_config = example(
        text=None, figure="gross_margin_at_completion/24-017/2026-11-19", shown="7.6%", name=None, day=None, count=None
    )

    text: str | None = None
    figure: str | None = None
    shown: str | None = None
    name: str | None = None
    day: str | None = None
    count: int | None = None


class Chip(Given):
    """One thing the question was understood to say, for a person to change."""

    model_config = example(slot="metric", label="gross margin at completion", value="gross_margin_at_completion")

    slot: str
    label: str
    value: Any = None


class Citation(Given):
    """One record under a figure, and the amount it brings into it."""

    figure: str | None = None
    record_id: str
    amount: DecimalText
    system: str
    on: date | None = None
    party: str | None = None
    rule: str | None = None
    url: str | None = None
    records: int | None = None
    """How many records a row without `record_id` stands for: of pay of a month, or more than there was room for."""


class Driver(Given):
    """One part of what makes or moved the figure."""

    label: str
    value: DecimalText
    unit: str
    shown: str
    ref: str = ""
    records: list[str] = listed()


class Column(Given):
    key: str
    label: str
    unit: str


class TableRow(Given):
    scope: str
    name: str
    note: str = ""
    cells: dict[str, Cell]


class ResultTable(Given):
    columns: list[Column]
    rows: list[TableRow]
    row_count: int
    """Of the whole result; `rows` may hold fewer."""


class Chart(Given):
    """What to draw: bars of rows, a waterfall of drivers, or a line over days."""

    kind: Literal["bar", "waterfall", "line"]
    title: str
    unit: str
    points: list[dict[str, Any]]
    """Each {"label", "value", "shown", "ref", "role": "start" | "part" | "end" | "point"}."""


class MethodTerm(Given):
    label: str
    value: DecimalText | None = None
    shown: str
    figure: str | None = None


class Method(Given):
    """How the headline was calculated."""

    label: str
    meaning: str
    formula: str
    method: str
    terms: list[MethodTerm]


class AnswerOption(Given):
    """One reading of a question that can be read in several ways."""

    label: str
    question: str
    query: dict[str, Any] | None = None
    shown: str | None = None


class AnswerRefusal(Given):
    code: str
    because: str
    fix: str = ""


class Engine(Given):
    """Who planned the answer. No engine writes a number."""

    name: str
    model: str = ""
    summary: str | None = None
    calls: int = 0
    milliseconds: int | None = None


class Answer(Given):
    """Every figure in it was re-added from its records before it was written."""

    status: Literal["answered", "clarify", "refused"]
    text: str
    restated: str
    """The question as it was understood."""
    figures: list[Figure]
    citations: list[Citation]
    """At most 400; GET /figures/records has all."""
    follow_ups: list[str]
    freshness: dict[str, Fresh]
    assumptions: list[str]
    snapshot: str
    ties: list[str] = listed()
    """Tie-outs the figures lean on, and whether they hold."""
    as_of: date | None = None
    known_at: date | None = None
    headline: str | None = None
    """The figure that answers; null when the table does."""
    segments: list[Segment] = listed()
    """Their concatenation is `text`."""
    queries: list[dict[str, Any]] = listed()
    chips: list[Chip] = listed()
    drivers: list[Driver] = listed()
    table: ResultTable | None = None
    chart: Chart | None = None
    method: Method | None = None
    notes: list[str] = listed()
    caveats: list[str] = listed()
    conflicts: list[str] = listed()
    hypothetical: bool = False
    """Show it as such: it supposes what has not happened."""
    options: list[AnswerOption] = listed()
    refusal: AnswerRefusal | None = None
    engine: Engine | None = None
