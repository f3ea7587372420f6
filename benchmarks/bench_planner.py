"""How long a question takes to be planned, at 40, 500 and 1,000 projects: `python -m benchmarks.bench_planner`."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date

from datablueprint.agent.planning import plan
from datablueprint.agent.vocabulary import ProjectName, Vocabulary

TOWNS = "Alder Birch Cedar Dover Elgin Fulton Glade Haven Inlet Jasper Kings Linden Mason Norwood Orchard Pine".split()
ENDS = "brook field ford ham haven hurst land mont port stead ton view ville wick wood worth".split()
KINDS = (
    "Clinic|Elementary School|Fire Station|Self Storage|Medical Office Building|Hotel|Apartments|Credit Union".split(
        "|"
    )
)
QUESTIONS = (
    "What's the gross margin at completion of {name}?",
    "how much have we spent on {name} so far",
    "net margin {typo}",
    "which jobs are over 90% complete",
    "top 5 jobs by profit fade",
    "why did the margin of {name} drop since June",
    "what if all pending change orders on {name} are approved",
    "margin and backlog for {key} as of 2026-06-30",
    "compare {name} and {other} on cost to complete",
    "bank wants to know how the WIP looks, as of last quarter please",
    "zork the frobnicated widgets of {typo} wobbly",
    "is the data up to date?",
)
SEED, ROUNDS = 7, 40


def world(projects: int) -> Vocabulary:
    """Invented projects, two hundred vendors and thirty managers."""
    pick = random.Random(SEED)
    names = [f"{pick.choice(TOWNS)}{pick.choice(ENDS)} {pick.choice(KINDS)} Phase {1 + n % 9}" for n in range(projects)]
    managers = tuple(f"{pick.choice(TOWNS)} {pick.choice(TOWNS)}{pick.choice(ENDS)}" for _ in range(30))
    found = tuple(
        ProjectName(
            f"{20 + n // 100}-{n % 100:03}", name, "active", f"{pick.choice(TOWNS)} Partners", managers[n % 30 :][:1]
        )
        for n, name in enumerate(names)
    )
    vendors = tuple(f"{pick.choice(TOWNS)}{pick.choice(ENDS)} Supply Inc" for _ in range(200))
    customers = tuple(sorted({p.customer for p in found}))
    return Vocabulary(
        found, managers, customers, vendors, {"03-300": "Cast-in-place concrete"}, newest=date(2026, 11, 19)
    )


def timed(vocabulary: Vocabulary) -> list[float]:
    """Milliseconds of each question."""
    pick = random.Random(SEED)
    took = []
    for _ in range(ROUNDS):
        for text in QUESTIONS:
            one, other = pick.choice(vocabulary.projects), pick.choice(vocabulary.projects)
            at = pick.randrange(1, 6)
            typo = one.name[:at] + one.name[at + 1 :]
            question = text.format(name=one.name, key=one.key, other=other.name, typo=typo)
            started = time.perf_counter()
            plan(question, vocabulary)
            took.append(1000 * (time.perf_counter() - started))
    return sorted(took)


def main() -> None:
    started = time.perf_counter()
    plan("margin", world(1))
    print(f"first question of a process: {1000 * (time.perf_counter() - started):.0f} ms")
    for projects in (40, 500, 1_000):
        vocabulary = replace(world(projects))
        started = time.perf_counter()
        _ = vocabulary.index
        built = 1000 * (time.perf_counter() - started)
        took = timed(vocabulary)
        p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
        print(
            f"{projects:>5} projects: index {built:.0f} ms; p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {took[-1]:.1f} ms"
        )


if __name__ == "__main__":
    main()
