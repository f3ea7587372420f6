"""Each verb asks the rooms once; `cli_print` and --json show the same result.

Rooms are imported inside the verbs: `datablueprint --help` should not wait for pyarrow.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from datablueprint.errors import QuestionError
from datablueprint.ports import Progress, silent
from local.home import Home

Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Outcome:
    """What a verb found; `ok` false ends the program with exit code 1 although there is something to print."""

    result: dict[str, Any] = field(default_factory=dict)
    ok: bool = True


def refresh(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Run the state machine once; where the systems are simulated, they are started for as long as it takes."""
    from local.refresh_runner import run_refresh
    from local.sandbox_home import systems

    with systems(home) as settings:
        output = run_refresh(home.ports(listen, settings=settings), full=args.full, sources=args.source)
    superseded = output.get("superseded", False)
    return Outcome(output, ok=not superseded and something_was_read(output["outcomes"]))


def something_was_read(outcomes: list[dict[str, Any]]) -> bool:
    """False when every system that was to be read could not be."""
    stale = any(outcome["stale"] for outcome in outcomes)
    return not stale or any(outcome.get("streams") for outcome in outcomes)


LAST_ASKED = "asked/last"
"""State key: the typed queries of the last question that was answered."""


def ask(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    from datablueprint import agent, runtime
    from datablueprint.agent.query import Query
    from local.cli_metrics import desk_at

    ports = home.ports(listen)
    held = ports.state.get(LAST_ASKED) if args.follow else None
    if args.follow and held is None:
        raise QuestionError("No question was answered here yet, so there is nothing to follow; ask without --follow")
    answer = agent.ask(
        " ".join(args.question),
        desk_at(args, ports),
        model=runtime.model(ports.settings, args.engine, clock=ports.clock),
        context=[Query.model_validate(query) for query in held.value["queries"]] if held else (),
        progress=listen if sys.stderr.isatty() else silent,
        planner_first=ports.settings.agent.planner_first,
    )
    if answer["queries"]:
        ports.state.put(LAST_ASKED, {"queries": answer["queries"]}, expected_version=None)
    return Outcome(answer)


def status(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    from datablueprint.status import read_status

    return Outcome(read_status(home.ports(listen), sync=args.sync))
