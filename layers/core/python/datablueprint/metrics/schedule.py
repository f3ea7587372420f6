"""The work-in-progress schedule as a surety reads it: one line per contract, in the usual order of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from datablueprint.metrics.definition import Missing
from datablueprint.metrics.figures import Figure, pinned
from datablueprint.metrics.measures import Measures
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.terms import Term, figure

COLUMNS = (
    "contract_value",
    "estimated_cost_at_completion",
    "gross_profit_at_completion",
    "gross_margin_at_completion",
    "actual_cost",
    "percent_complete",
    "earned_revenue",
    "cost_of_revenue",
    "earned_gross_profit",
    "loss_provision",
    "billed_to_date",
    "overbilled",
    "underbilled",
    "backlog",
    "backlog_gross_profit",
    "retainage_receivable",
)
SECTIONS = ("portfolio", "not-started")
EARNED = "earned_revenue"
TOLD_BY = "gross_profit_at_completion"
"""As in groups, so that the totals are those of the lines."""


@dataclass(frozen=True)
class Line:
    """`earned_in_period` is earned revenue since the previous close; None where that was not kept."""

    project: Project
    figures: dict[str, Figure]
    earned_in_period: Term | None

    @property
    def complete(self) -> bool:
        """Whether every column can be told."""
        return all(figure.value is not None for figure in self.figures.values())


@dataclass(frozen=True)
class Section:
    """Lines with the group figures that are their totals; percent complete has none."""

    title: str
    scope: Scope
    lines: tuple[Line, ...]
    totals: dict[str, Figure]


@dataclass(frozen=True)
class Schedule:
    sections: tuple[Section, ...]
    left_out: tuple[str, ...]
    """Projects without a contract or an estimate, with what is missing."""
    notes: tuple[str, ...]

    @property
    def lines(self) -> Iterator[Line]:
        for section in self.sections:
            yield from section.lines


def schedule(measures: Measures, *, previous: Measures | None = None) -> Schedule:
    """Contracts in progress, signed and not started, and completed in the year; `previous` is the last close."""
    groups = [measures.group(key) for key in (*SECTIONS, f"closed-in/{measures.as_of.year}")]
    left_out: list[str] = []
    sections = tuple(_section(measures, group, previous, left_out) for group in groups)
    notes = dict.fromkeys(n for section in sections for f in section.totals.values() for n in f.assumptions)
    since = f"earned in the period is since {previous.as_of} as known on {previous.known_on}" if previous else ""
    kept = tuple(note for note in (since, *notes) if note and "is left out" not in note)
    return Schedule(tuple(s for s in sections if s.lines), tuple(left_out), kept)


def _section(measures: Measures, group: Scope, previous: Measures | None, left_out: list[str]) -> Section:
    lines = []
    for project in group.members:
        figures = {name: measures.project_figure(name, project) for name in COLUMNS}
        if figures[TOLD_BY].value is None:
            missing = ", ".join(figures[TOLD_BY].missing)
            left_out.append(f"{project.key} {project.name}: {missing} is missing")
        else:
            lines.append(Line(project, figures, _earned_since(measures, previous, project)))
    totals = {name: measures.figure(name, group) for name in COLUMNS if name != "percent_complete"}
    return Section(group.label, group, tuple(lines), totals)


def _earned_since(measures: Measures, previous: Measures | None, project: Project) -> Term | None:
    """ER(D) - ER(previous close): changes of estimate catch up in full."""
    if previous is None:
        return None
    try:
        ends = [(m, m.project_figure(EARNED, m.projects[project.entity])) for m in (measures, previous)]
        now, then = (figure(pinned(f.figure_id, m.snapshot), _value(f), f.label) for m, f in ends)
    except (Missing, KeyError):  # a job that was not there, or could not be told, has no revenue since
        return None
    return (now - then).named("earned in the period")


def _value(found: Figure) -> Decimal:
    if found.term is None:
        raise Missing(*found.missing)
    return found.term.value
