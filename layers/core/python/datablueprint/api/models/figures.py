"""Figures opened, listed, scheduled, bridged and supposed, and the records under them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from datablueprint.api.models.answers import Citation
from datablueprint.api.models.common import Amount, Cell, DecimalText, Figure, Given, ListedFigure, Taken, example


class Term(Given):
    label: str
    value: DecimalText | None
    shown: str
    figure: str | None = None
    """The figure it is, where it is one."""


class OpenedFigure(Figure):
    """A figure with what it is made of. A change has `from`, `to` and, where it can be told, `parts`."""

    kind: Literal["plain", "supposed", "change"] = "plain"
    meaning: str
    formula: str
    method: str
    assumptions: list[str]
    missing: list[str]
    ties: list[str]
    terms: list[Term]
    citations: list[Citation]
    """The largest; GET /figures/records has all."""
    citation_count: int
    tree: dict[str, Any] | None = None
    """The proof, only with ?tree=true."""
    snapshot: str


class CitedRecord(Citation):
    fetched_at: str | None = None
    """When our copy was read."""


class FigureRecords(Given):
    """The records under a figure, largest amount first."""

    figure: str
    snapshot: str
    records: list[CitedRecord]
    total: int
    """How many rows there are. Records of pay are one row per month, which says how many it stands for."""
    sums_to: DecimalText
    """What the amounts of all of them sum to."""
    next_cursor: str | None = None


class Verification(Given):
    """What re-adding a figure from the raw records gave."""

    model_config = example(
        figure="contract_value/24-017/2026-11-19",
        stated="2745599.00",
        readded="2745599.00",
        ties=True,
        facts=4,
        records=6,
        discrepancies=[],
        constants=[],
    )

    figure: str
    stated: DecimalText | None
    readded: DecimalText | None
    ties: bool
    facts: int
    records: int
    discrepancies: list[str]
    constants: list[str]
    """What was assumed, not read from a record."""


class StoredRecord(Given):
    """Our copy of a record, as it was read."""

    model_config = example(
        record_id="procore:prime_contracts:1250",
        system="procore",
        payload={"id": 1250, "status": "Approved"},
        fetched_at="2026-11-20T19:00:00Z",
        url="https://api.procore.com/rest/v1.0/prime_contracts/1250",
        deleted=False,
        withheld=None,
    )

    record_id: str
    system: str
    payload: Any
    """null where `withheld` says why."""
    fetched_at: str
    url: str | None
    deleted: bool = False
    withheld: str | None = None


class MetricInfo(Given):
    name: str
    label: str
    unit: str
    meaning: str
    formula: str = ""
    kinds: list[str]
    """What it can be of: project, leaf, change, group, manager, company."""
    by: list[str]
    """The groupings that ?by= takes for it."""


class MetricList(Given):
    metrics: list[MetricInfo]


class MetricFigures(Given):
    metric: str
    label: str
    meaning: str
    formula: str
    snapshot: str
    as_of: date
    figures: list[ListedFigure]


class ProjectInfo(Given):
    key: str
    """As figure ids spell it."""
    name: str
    state: Literal["active", "not started", "closed"]
    customer: str
    managers: list[str]
    started_on: date | None
    planned_finish_on: date | None
    finished_on: date | None
    systems: list[str]
    cancelled: bool


class ProjectList(Given):
    projects: list[ProjectInfo]
    as_of: date
    snapshot: str


class ProjectPage(ProjectInfo):
    """A project with its main figures."""

    figures: list[ListedFigure]
    as_of: date
    snapshot: str


class WipLine(Given):
    project: str
    name: str
    cells: dict[str, Figure]
    earned_in_period: dict[str, Any] | None


class WipSection(Given):
    title: str
    lines: list[WipLine]
    totals: dict[str, Figure]


class WipColumn(Given):
    metric: str
    label: str


class Wip(Given):
    """The work-in-progress schedule."""

    as_of: date
    snapshot: str
    columns: list[WipColumn]
    sections: list[WipSection]
    left_out: list[str]
    notes: list[str]


class BridgeEnd(Amount):
    point: str
    snapshot: str


class BridgePart(Amount):
    cause: str
    label: str
    method: str
    changes: list[dict[str, Any]]


class Bridge(Given):
    """Why a job's gross profit moved; the parts sum to the difference."""

    project: str
    name: str
    from_: BridgeEnd = Field(alias="from")
    to: BridgeEnd
    difference: Amount
    parts: list[BridgePart]
    late: list[dict[str, Any]]


Assumption = Annotated[str, Field(max_length=200)]


class ScenarioToKeep(Taken):
    """Assumptions as GET /vocabulary spells them."""

    assumptions: list[Assumption] = Field(min_length=1, max_length=20, examples=[["approve all", "burden +2"]])


class KeptScenario(Given):
    model_config = example(
        name="all goes well", assumptions=["approve all"], by="ann@example.com", at="2026-11-20T19:00:00Z"
    )

    name: str
    assumptions: list[str]
    by: str
    at: str


class KeptScenarios(Given):
    scenarios: list[KeptScenario]


class Supposed(Taken):
    """Scenarios to compare on one scope: lists of assumptions, and names of kept ones."""

    scope: str = Field(min_length=1, max_length=200, examples=["24-017"])
    scenarios: list[Annotated[list[Assumption], Field(max_length=20)]] = Field(default=[], max_length=8)
    kept: list[Annotated[str, Field(max_length=80)]] = Field(default=[], max_length=8)
    as_of: date | None = None
    known_at: date | None = None


class Hypothesis(Given):
    kind: Literal["hypothetical"]
    name: str
    assumptions: list[str]
    outcomes: dict[str, Any]
    effects: list[dict[str, Any]]
    notes: list[str]


class Comparison(Given):
    """What scenarios make of a scope, beside today. Hypothetical: show it as such."""

    kind: Literal["hypothetical"]
    scope: str
    label: str
    as_of: date
    snapshot: str
    today: dict[str, Figure]
    scenarios: list[Hypothesis]


class PortfolioRow(Given):
    project: str
    name: str
    margin: Cell
    movement: Cell
    """Of gross profit at completion, since the last month end."""
    profit: Cell
    grade: str
