"""What pages need beside single figures: projects, the first page, and the words of a guided question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from weakref import WeakKeyDictionary

from datablueprint import hypotheses, metrics, references, review
from datablueprint.agent.vocabulary import Vocabulary
from datablueprint.desk import Desk
from datablueprint.errors import QuestionError, Unknown, UnknownFigure, UnknownProject
from datablueprint.lake.snapshots import Snapshots
from datablueprint.metrics import Project, scopes
from datablueprint.metrics.definition import Metric
from datablueprint.metrics.scenarios import SPELLINGS, Scenario
from datablueprint.ports import Ports
from datablueprint.statements import stated
from datablueprint.status import read_status

Row = dict[str, Any]
State = Literal["active", "not started", "closed"]
MARGIN, PROFIT = "gross_margin_at_completion", "gross_profit_at_completion"
MAIN = ("contract_value", "estimated_cost_at_completion", PROFIT, MARGIN, "actual_cost", "percent_complete")
"""Figures on a project's page."""
COSTLIEST, MOST_TOLD = 5, 200
_PORTFOLIOS: WeakKeyDictionary[Desk, list[Row]] = WeakKeyDictionary()
LEVELS = ("error", "warning", "info")
GROUPS = ("pm", "customer", "contract-type", "closed-in")


def metric_list() -> list[Row]:
    """Every metric, with the groupings it can be listed by."""
    return [
        {"name": m.name, "label": m.label, "unit": m.unit, "meaning": m.meaning, "formula": m.formula,
         "kinds": list(m.kinds), "by": groupings(m)}
        for m in metrics.METRICS
    ]  # fmt: skip


def groupings(metric: Metric) -> list[str]:
    grouped = metric.over is not None or "group" in metric.kinds
    found: list[str] = [kind for kind in ("project", "leaf") if kind in metric.kinds]
    found += ["code"] if "leaf" in metric.kinds and grouped else []
    return found + (list(GROUPS) if grouped else ["pm"] if "manager" in metric.kinds else [])


def filters(texts: Sequence[str]) -> dict[str, str]:
    """`state=closed` as a filter; QuestionError for what is none."""
    read = [text.partition("=") for text in texts]
    wrong = [repr(key) for key, found, _ in read if not found]
    if wrong:
        raise QuestionError(f"{', '.join(wrong)} is no filter; say for example where=state=closed")
    return {key.strip(): value.strip() for key, _, value in read}


def projects(desk: Desk, *, state: State | None = None) -> Row:
    found = [told(p) for p in desk.measures.projects.values() if state in (None, p.state)]
    return {"projects": found, "as_of": desk.as_of, "snapshot": desk.snapshot}


def project(desk: Desk, key: str) -> Row:
    """A project with its main figures; UnknownProject when there is none."""
    found = next((p for p in desk.measures.projects.values() if p.key == key), None)
    if found is None:
        raise UnknownProject(f"There is no project {key[:200]}")
    scope = scopes.of_project(found)
    figures = [stated(desk, desk.measures.figure(name, scope)) for name in MAIN]
    return {**told(found), "figures": figures, "as_of": desk.as_of, "snapshot": desk.snapshot}


def told(project: Project) -> Row:
    return {
        "key": project.key,
        "name": project.name,
        "state": project.state,
        "customer": project.customer,
        "managers": list(project.managers),
        "started_on": project.started_on,
        "planned_finish_on": project.planned_finish_on,
        "finished_on": project.finished_on,
        "systems": sorted(project.systems),
        "cancelled": project.cancelled,
    }


def kept_scenario(ports: Ports, name: str) -> Row:
    found = next((row for row in hypotheses.kept(ports) if row["name"] == name), None)
    if found is None:
        raise Unknown(f"No scenario is kept under '{name}'")
    return found


def keep(ports: Ports, scenario: Scenario, *, by: str) -> Row:
    """Keep a scenario under its name; QuestionError when there are too many."""
    names = {row["name"] for row in hypotheses.kept(ports)}
    if scenario.name not in names and len(names) >= MOST_TOLD:
        raise QuestionError(f"{MOST_TOLD} scenarios are kept already; delete one of them first")
    return hypotheses.keep(ports, scenario, by=by)


def scenarios(ports: Ports, spelled: Sequence[Sequence[str]], kept: Sequence[str]) -> list[Scenario]:
    """Spelled scenarios and kept ones; QuestionError when there is neither."""
    found = [Scenario.of(texts) for texts in spelled] + [hypotheses.recall(ports, name) for name in kept]
    return found or [Scenario.of(())]


def status(ports: Ports, *, sync: bool) -> Row:
    """As `datablueprint status`, but only so much of it as a page can show; the counts are of the whole."""
    found = read_status(ports, sync=sync)
    counts: dict[str, Row] = {}
    for each in found["tieouts"]:
        count = counts.setdefault(each["tieout"], {"held": 0, "of": 0})
        count["held"] += each["holds"]
        count["of"] += 1
    findings = sorted(found["findings"], key=lambda each: (LEVELS.index(each["level"]), -abs(each["amount"] or 0)))
    shown = {
        "tieouts": [each for each in found["tieouts"] if not each["holds"]][:MOST_TOLD],
        "tieout_counts": counts,
        "findings": findings[:MOST_TOLD],
        "finding_count": len(findings),
        "rejects": found["rejects"][:MOST_TOLD],
        "reject_count": len(found["rejects"]),
    }
    if sync:
        told = found["sync"]
        shown["sync"] = {"states": told["states"], "orphans": told["orphans"][:MOST_TOLD], "unseen": told["unseen"],
                         "orphan_count": len(told["orphans"])}  # fmt: skip
    return {**found, **shown}


def start(desk: Desk, ports: Ports, *, between: Callable[[], None]) -> Row:
    """The first page: what moved, what waits, what could be asked. Every figure is re-added."""
    since = month_ends(date.min, desk.as_of)[0]
    rows = portfolio(desk, between=between)
    waiting = review.review(ports)
    return {
        "company": desk.company,
        "as_of": desk.as_of,
        "snapshot": desk.snapshot,
        "portfolio": rows,
        "since": since,
        "review": {
            "count": len(waiting["links"]),
            "dollars": waiting["dollars"],
            "withheld": waiting["withheld"],
            "links": waiting["links"][:COSTLIEST],
        },
        "starters": starters(desk, rows, since),
        "freshness": desk.freshness,
        "coverage": desk.table("coverage"),
    }


def portfolio(desk: Desk, *, between: Callable[[], None]) -> list[Row]:
    """The active projects, the one that moved most first; worked out once per desk.

    `between` is called after each project, so that others have their turn meanwhile.
    """
    if desk not in _PORTFOLIOS:
        since = month_ends(date.min, desk.as_of)[0]
        rows = []
        for project in [p for p in desk.measures.projects.values() if p.state == "active"]:
            rows.append(_portfolio_row(desk, project, since))
            between()
        _PORTFOLIOS[desk] = sorted(rows, key=_most_moved)
    return _PORTFOLIOS[desk]


def _portfolio_row(desk: Desk, project: Project, since: date) -> Row:
    def cell(metric: str, day: str = "") -> Row:
        ref = f"{metric}/{project.key}/{day}{desk.as_of}"
        try:
            return references.cell(desk, ref)
        except UnknownFigure as absent:
            found = references.cell(desk, f"{metric}/{project.key}/{desk.as_of}")
            return {**found, "ref": ref, "value": None, "shown": "unavailable", "grade": "U", "missing": [str(absent)]}

    margin = cell(MARGIN)
    return {
        "project": project.key,
        "name": project.name,
        "margin": margin,
        "movement": cell(PROFIT, f"{since}.."),
        "profit": cell(PROFIT),
        "grade": margin["grade"],
    }


def _most_moved(row: Row) -> tuple[bool, Decimal, str]:
    moved = row["movement"]["value"]
    return moved is None, -abs(moved or Decimal(0)), row["project"]


def starters(desk: Desk, rows: Sequence[Row], since: date) -> list[str]:
    """Questions about this company that can be answered now."""
    found = ["Which active jobs have the lowest margin at completion?"]
    if rows:
        key = rows[0]["project"]
        found += [
            f"What is the margin at completion of {key}?",
            f"Why did the profit of {key} change since {since}?",
            f"What if all pending change orders of {key} are approved?",
        ]
    return [*found, "Show the work-in-progress schedule", "Are the data complete?"]


def vocabulary(desk: Desk, ports: Ports) -> Row:
    """What a guided question can be put together from."""
    names = Vocabulary.of(desk)
    published = Snapshots(ports.files, ports.state).published()
    first = min((p.started_on for p in desk.measures.projects.values() if p.started_on), default=desk.as_of)
    return {
        "metrics": metric_list(),
        "projects": projects(desk)["projects"],
        "managers": list(names.managers),
        "customers": list(names.customers),
        "codes": [{"key": code, "name": name} for code, name in names.codes.items()],
        "contract_types": list(names.contract_types),
        "scenarios": list(SPELLINGS),
        "days": {
            "newest": desk.as_of,
            "oldest": min(manifest.as_of for manifest in published),
            "month_ends": month_ends(first, desk.as_of),
        },
    }


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months that ended between two days, newest first; at least one."""
    end = last.replace(day=1) - timedelta(days=1)
    found = [end]
    while end.replace(day=1) > first and len(found) < 60:
        end = end.replace(day=1) - timedelta(days=1)
        found.append(end)
    return found
