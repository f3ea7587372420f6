"""What a tool found: rows of figures, each with the reference by which a sentence may show it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from datablueprint.agent.query import Query


class Cell(BaseModel):
    """One figure. `ref` is its id (openable with `figure ID`), `shown` its value in the metric's own format.

    A cell without a value says in `missing` what is absent, or in `withheld` why it did not tie to its records.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ref: str
    metric: str
    label: str
    """Of the metric."""
    scope: str
    name: str
    """Of the scope, without its key: 'Cherry Creek Apartments Phase 5', 'active projects'."""
    value: Decimal | None
    unit: str
    shown: str
    as_of: date
    grade: str
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    withheld: str = ""


class Line(BaseModel):
    """One row: what it is of, and its cells by column key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: str
    name: str
    cells: dict[str, Cell]
    note: str = ""
    """A word beside the row: 'tied', 'newly late'."""


class Column(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    label: str
    unit: str


class Driver(BaseModel):
    """One part of what makes or moved the figure, largest first; `ref` is empty where it is no figure of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    value: Decimal
    unit: str
    shown: str
    ref: str = ""
    records: tuple[str, ...] = ()


class Chart(BaseModel):
    """What to draw: bars of rows, a waterfall of drivers from `start` to `end`, or a line over days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["bar", "waterfall", "line"]
    title: str
    unit: str
    points: tuple[dict[str, Any], ...]
    """Each {"label", "value" (decimal string), "shown", "ref", "role": "start"|"part"|"end"|"point"}."""


class ResultSet(BaseModel):
    """The evidence of one tool call. Only what stands in it may be shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    result_id: str
    query: Query
    title: str
    """The query restated in words, for the top of an answer: metric, scope, day, assumptions supposed."""
    headline: str = ""
    """The ref of the one figure that answers, empty when the rows do."""
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()
    row_count: int = 0
    """Of the whole result; `lines` may hold fewer."""
    drivers: tuple[Driver, ...] = ()
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    """Sentences the reader must know: who was left out, what was assumed."""
    caveats: tuple[str, ...] = ()
    """Stale sources, failed tie-outs, what is not posted; they are printed whatever the model says."""
    conflicts: tuple[str, ...] = ()
    """Where Procore and QuickBooks disagree about the scope, with both amounts."""
    hypothetical: bool = False
    details: dict[str, Any] = Field(default_factory=dict)
    """The whole result of a schedule, scorecard, bridge or scenario, for pages; never text from records."""

    @property
    def cells(self) -> dict[str, Cell]:
        """Every cell by its ref."""
        return {cell.ref: cell for line in self.lines for cell in line.cells.values()}
