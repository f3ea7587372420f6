"""A typed query is what every engine makes of a question: the planner, a model, the guided builder or a program."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["figure", "list", "rank", "compare", "what_if", "scorecard", "wip", "health"]
By = Literal["project", "leaf", "code", "pm", "customer", "contract-type", "closed-in", "change"]
Order = Literal["lowest", "highest"]
MOST_ROWS = 50


class Threshold(BaseModel):
    """Only rows whose value is on this side; ratios are fractions (0.05 = 5%), money is dollars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    op: Literal["<", "<=", ">", ">="]
    value: Decimal


class Query(BaseModel):
    """What is asked, with nothing left to guess. Which fields matter depends on `kind`.

    figure     `metric` of one `scope`
    list       `metric` of every member of `scope`, one row per `by`
    rank       the same, in `order`, at most `limit` rows and only those beyond `threshold`
    compare    `metric` of `scope` since the day `since`; or of each of `scopes` side by side
    what_if    `scope` under `scenario`, beside today; `metric` is the figure that is asked for
    scorecard  project managers by what their closed jobs delivered
    wip        the work-in-progress schedule
    health     freshness, coverage, tie-outs and what is not linked, of `scope`
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = "figure"
    metric: str = ""
    """Name in the registry; empty for scorecard, wip and health."""
    scope: str = "portfolio"
    """As figure ids spell it: `portfolio`, `company`, `24-017`, `24-017/03-300.L`, `portfolio/03-300`, `pm/Dana Reyes`.

    `all` stands for the projects of every state, in lists and ranks only.
    """
    scopes: tuple[str, ...] = ()
    by: By | None = None
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST_ROWS)
    threshold: Threshold | None = None
    as_of: date | None = None
    """When it happened; None = the snapshot's newest day."""
    since: date | None = None
    known_at: date | None = None
    """When it was known; None = now."""
    scenario: tuple[str, ...] = ()
    """Assumptions as `metrics.scenarios` spells them: 'approve all', 'burden +2'."""
