"""The demonstration is the product: the same verbs, on a contractor whose systems are simulated."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from datablueprint.ports import Progress
from local import cli_verbs
from local.cli_verbs import Outcome
from local.home import Home

if TYPE_CHECKING:
    from datablueprint.desk import Desk

QUESTION = "What is the margin at completion of {}?"
"""Asked of the active project that will make the least."""
MARGIN = "gross_margin_at_completion"
COLUMNS = ("contract_value", "actual_cost", "estimated_cost_at_completion", "gross_profit_at_completion", MARGIN)
"""The grade shown is that of the last: the margin."""


def demo(args: argparse.Namespace, home: Home, listen: Callable[[Progress], None]) -> Outcome:
    """Simulate, refresh, and show the portfolio, one answer with its records, and what the ledger has seen."""
    from datablueprint import agent
    from datablueprint.desk import Desk
    from datablueprint.status import read_status
    from local.refresh_runner import run_refresh
    from local.sandbox_home import create, systems

    started = time.monotonic()
    marker = create(home, seed=args.seed, jobs=args.jobs)
    listen(Progress("Sandbox", f"inventing a contractor with {marker.jobs} jobs (seed {marker.seed})"))
    with systems(home) as settings:
        refreshed = run_refresh(home.ports(listen, settings=settings))
    ports = home.ports()
    desk = Desk(ports)
    status = read_status(ports)
    portfolio = _portfolio(desk)
    question = QUESTION.format(portfolio[0]["scope"])
    return Outcome(
        {
            "home": str(home.path),
            "refresh": refreshed,
            "portfolio": portfolio,
            "question": question,
            "answer": agent.ask(question, desk),
            "status": status,
            "seconds": round(time.monotonic() - started, 1),
        },
        ok=cli_verbs.something_was_read(refreshed["outcomes"]),
    )


def _portfolio(desk: Desk) -> list[dict[str, Any]]:
    """One row per active project, worst margin first, then the whole: the money its margin is made of."""
    rows: dict[str, dict[str, Any]] = {}
    for name in COLUMNS:
        for figure in (*desk.metric(name, by_project=True), *desk.metric(name, by_project=False)):
            row = rows.setdefault(
                figure.scope, {"scope": figure.scope, "label": figure.label, "project": figure.project}
            )
            row[name] = figure.value
            row["grade"] = figure.grade
    active = {project.key for project in desk.measures.projects.values() if project.state == "active"}
    projects = [row for row in rows.values() if row["scope"] in active]
    projects.sort(key=lambda row: (row[MARGIN] is None, row[MARGIN], row["scope"]))
    return [*projects, *(row for row in rows.values() if not row["project"])]
