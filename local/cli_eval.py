"""The verb that scores an engine on a question set."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from local.cli_verbs import Listener, Outcome
from local.home import Home

if TYPE_CHECKING:
    from datablueprint.agent.query import Query

MOST_NEEDLESS = 0.05
LEAST_RIGHT = 0.97


def evaluate(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Ask every question of a set; ok when nothing wrong was shown and the rates are met."""
    from datablueprint import agent, runtime
    from datablueprint.desk import Desk
    from local.evaluation.cases import load, reported
    from local.evaluation.running import report, scored

    ports = home.ports(listen)
    cases = reported(ports) if args.set == "feedback" else load(args.set)
    cases = [case for case in cases if not args.only or args.only in (case.id, *case.tags)]
    desk = Desk(ports)
    model = runtime.model(ports.settings, args.engine)

    def ask(question: str, context: Sequence[Query]) -> Mapping[str, Any]:
        return agent.ask(question, desk, model=model, context=context)

    found = report(list(scored(cases, ask, desk)))
    return Outcome({"set": args.set, "engine": args.engine, **found}, ok=passes(found))


def passes(found: Mapping[str, Any]) -> bool:
    right, needless = found["right or rightly refused"], found["needless refusals"]
    return found["wrong shown"] == 0 and right >= LEAST_RIGHT and needless < MOST_NEEDLESS


def print_evaluation(result: Mapping[str, Any]) -> None:
    """Failures first, so that the totals stand at the bottom of the terminal."""
    for case in result["failed"]:
        offered = " (the right one was offered)" if case["offered"] else ""
        print(f"{case['id']} {case['outcome']}{offered}: {case['question']}\n    got {case['got']}")
    for name, value in result.items():
        if name not in ("failed", "by tag"):
            print(f"{name}: {value}")
    print(f"by tag: {result['by tag']}")
