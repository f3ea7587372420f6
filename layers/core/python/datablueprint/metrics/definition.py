"""A metric is a name, a sentence, and a rule that tells its term for one scope or names what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from datablueprint.metrics.terms import Term

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures
    from datablueprint.metrics.scopes import Scope

Unit = Literal[
    "money",
    "ratio",
    "hours",
    "hours_per_week",
    "money_per_week",
    "money_per_hour",
    "weeks",
    "days",
    "count",
    "variance",
]
Kind = Literal["project", "leaf", "change", "group", "manager", "company"]
"""What a figure can be of: a project, one cost code and type of it, one change order, a group of projects, the firm."""


@dataclass(frozen=True)
class Told:
    """What a rule found: the term, how it was told, and what a reader must know of it.

    `lowered` are reasons that cost this figure its grade beyond its project's: (grade, sentence).
    """

    term: Term
    method: str
    assumptions: tuple[str, ...] = ()
    lowered: tuple[tuple[str, str], ...] = ()


class Missing(Exception):
    """A required term that nothing supports. Raised by rules; the figure becomes `unavailable` and names `terms`."""

    def __init__(self, *terms: str) -> None:
        super().__init__(", ".join(terms))
        self.terms = tuple(dict.fromkeys(terms))


Rule = Callable[["Measures", "Scope"], Told]


@dataclass(frozen=True)
class Ratio:
    """A group's ratio is recomputed from the sums of these two metrics, never averaged."""

    numerator: str
    denominator: str
    positive: bool = True
    """The denominator must be above zero (a margin on no revenue does not exist)."""


@dataclass(frozen=True)
class Metric:
    """`meaning` is one sentence for a person; `formula` names terms, not columns.

    `rule` tells the metric of one scope of the `kinds` it is made for. `over`
    says how a group of projects gets it: "sum" of the projects' figures, a
    Ratio of two such sums, or None where a group has none. A rule that takes
    groups itself lists "group" among its kinds.
    """

    name: str
    label: str
    unit: Unit
    meaning: str
    formula: str
    rule: Rule
    kinds: tuple[Kind, ...] = ("project",)
    over: Literal["sum"] | Ratio | None = None
    needs: tuple[str, ...] = ()
    """Parts of the data it cannot be told without: contract, budget, cost."""
    section: int = 0
    """Of the metrics specification."""
