"""How long a warm process takes to answer: each metric by project, with every figure re-added from raw records.

The desk is opened once, as a server does. A metric's first listing re-adds
what nothing before it needed; its second shows what is left when all is known.

    python -m benchmarks.bench_answers HOME [--warm] [--metrics NAME ...]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from datablueprint import agent
from datablueprint.desk import Desk
from datablueprint.metrics import METRICS
from datablueprint.metrics.definition import Metric
from datablueprint.ports import silent
from datablueprint.statements import listing
from local.home import Home

QUESTIONS = ("What is the margin of the portfolio?", "Which projects have the lowest margin?")
HEAD = f"{'seconds':44}{'figures':>9}{'withheld':>10}{'first':>9}{'again':>9}"
BYTES_OF_UNIT = 1 if sys.platform == "darwin" else 1024
"""In what the peak memory of a process is told."""


def main() -> None:
    args = _arguments()
    desk, opened = _timed(lambda: Desk(Home.at(args.home).ports(silent)))
    print(f"{'desk opened':44}{opened:>37.2f}")
    if args.warm:
        _, warmed = _timed(desk.warm)
        print(f"{'warm(): every figure re-added':44}{warmed:>37.2f}")
    asked = [*QUESTIONS, *(f"What is the margin of {p.key}?" for p in desk.measures.projects.values())]
    answers = [_timed(partial(agent.ask, question, desk))[1] for question in asked]
    print(f"{'first answer: ' + asked[0]:63}{answers[0]:>18.2f}")
    _spread(f"the next {len(answers) - 1} answers", answers[1:])
    listed(desk, [m for m in METRICS if not args.metrics or m.name in args.metrics])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_OF_UNIT
    print(f"{'peak memory, MB':44}{peak / 1e6:>37.0f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("home", help="a home with a published snapshot")
    parser.add_argument("--warm", action="store_true", help="re-add everything first, as a server does at its start")
    parser.add_argument("--metrics", nargs="+", help="names; default all")
    return parser.parse_args()


def listed(desk: Desk, chosen: Sequence[Metric]) -> None:
    """Print what each metric took, by project where it is told of projects, then the spread over metrics."""
    print(f"\n{HEAD}")
    first, again = [], []
    for metric in chosen:
        list_it = partial(listing, desk, metric.name, by=_by(metric))
        found, took = _timed(list_it)
        first.append(took)
        again.append(_timed(list_it)[1])
        figures: list[dict[str, Any]] = found["figures"]
        withheld = sum("withheld" in figure for figure in figures)
        print(f"{metric.name:44}{len(figures):>9}{withheld:>10}{first[-1]:>9.2f}{again[-1]:>9.2f}")
    _spread("\na metric, first listing", first)
    _spread("a metric, again", again)


def _by(metric: Metric) -> str | None:
    return "project" if {"project", "change"} & {*metric.kinds} else None


def _spread(what: str, seconds: Sequence[float]) -> None:
    if seconds:
        held = sorted(seconds)
        half, most = held[len(held) // 2], held[min(len(held) - 1, int(len(held) * 0.95))]
        print(f"{what:44}  p50 {half:.3f}  p95 {most:.3f}  max {held[-1]:.3f}  sum {sum(held):.2f}")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    made = work()
    return made, time.perf_counter() - started


if __name__ == "__main__":
    main()
