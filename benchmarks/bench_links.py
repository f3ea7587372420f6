"""How many dollars are linked rightly without asking, and with twenty questions: `make bench-links`.

Precision counts automatic links; recall counts true pairs that automatic (or,
after questions, accepted) links join. Questions are taken from the top of the
review queue and answered from the truth.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from benchmarks.linked_world import LinkedWorld, Pair, Tables, half_gone, linked_world, without_ids
from datablueprint import graph, tables
from datablueprint.graph.clusters import Clusters

Row = dict[str, Any]
SEEDS = (7, 11, 23)
QUESTIONS = 20
KINDS = ("project", "vendor", "employee", "cost_code", "contract")
COMPARED = ("project", "vendor")
HEAD = f"{'':28}{'precision $':>12}{'count':>9}{'recall $':>12}{'count':>9}{'wrong':>7}{'links':>7}"


def main() -> None:
    args = _arguments()
    for seed in args.seeds:
        world = linked_world(seed, args.jobs)
        bare = without_ids(world.made)
        for made, what, kinds in (
            (world.made, "as it is", KINDS),
            (bare, "no ids, no job numbers", COMPARED),
            (half_gone(bare), "the same, and half of Procore is missing", COMPARED),
        ):
            print(f"\nseed {seed}, {args.jobs} jobs, {what}\n{HEAD}")
            measure(world, made, kinds, questions=args.questions)
            if not args.alone:
                beside(world, made)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--alone", action="store_true", help="without Splink beside it")
    return parser.parse_args()


def measure(world: LinkedWorld, made: Tables, kinds: Iterable[str], *, questions: int) -> None:
    """Print both measures before any question, then after so many."""
    truth = _there(world, made, kinds)
    started = time.monotonic()
    links = _links(made, {}, truth)
    took = time.monotonic() - started
    for kind in truth:
        _line(kind, truth[kind], [link for link in links if link["kind"] == kind])
    _line("together", _all(truth), links)
    decisions = answers(world, links, questions)
    _line(f"after {len(decisions)} decisions", _all(truth), _links(made, decisions, truth))
    waiting = [link for link in links if link["state"] == "proposed"]
    print(f"linked in {took:.1f} s; {len(waiting)} questions in the queue; {_dollars_told(world, links)}")


def _there(world: LinkedWorld, made: Tables, kinds: Iterable[str]) -> dict[str, dict[Pair, Decimal]]:
    """The true pairs of which both records are in the tables."""
    missing = {r for name in ("projects", "vendors") for r in world.made[name]["record_id"].to_pylist()}
    missing -= {r for name in ("projects", "vendors") for r in made[name]["record_id"].to_pylist()}
    return {kind: {pair: cost for pair, cost in world.truth[kind].items() if not pair & missing} for kind in kinds}


def _links(made: Tables, decisions: Mapping[str, Row], kinds: Iterable[str]) -> list[Row]:
    return [link for link in tables.rows(graph.link(made, decisions)["links"]) if link["kind"] in kinds]


def answers(world: LinkedWorld, links: Iterable[Row], questions: int) -> dict[str, Row]:
    """What a person who knows says to the top of the queue."""
    waiting = [link for link in links if link["state"] == "proposed"]
    queue = sorted(waiting, key=lambda link: (-link["dollars"], -link["confidence"], link["link_id"]))
    true = _all(world.truth)
    return {
        link["link_id"]: {**link, "decision": "accepted" if _pair(link) in true else "rejected", "by": "the truth"}
        for link in queue[:questions]
    }


def beside(world: LinkedWorld, made: Tables) -> None:
    """The same two kinds by Splink."""
    from benchmarks.splink_links import THRESHOLD, splink_links

    for kind in COMPARED:
        found, took = splink_links(made, kind)
        rows = [_scored(pair, kind, world.truth[kind]) for pair in found]
        _line(f"Splink {kind} at {THRESHOLD}", _there(world, made, [kind])[kind], rows)
        print(f"{'':28}in {took:.1f} s")


def _scored(pair: Pair, kind: str, truth: Mapping[Pair, Decimal]) -> Row:
    """A pair of Splink as a link; what a wrong one moves is taken as the mean of the true ones."""
    left, right = sorted(pair)
    mean = sum(truth.values(), Decimal(0)) / max(1, len(truth))
    dollars = truth.get(pair, mean)
    return {"kind": kind, "left_record_id": left, "right_record_id": right, "state": "automatic", "dollars": dollars}


def _line(what: str, truth: Mapping[Pair, Decimal], links: Iterable[Row]) -> None:
    held = [link for link in links if link["state"] in ("automatic", "accepted")]
    decided = [link for link in held if link["state"] == "automatic"]
    right = [link for link in decided if _pair(link) in truth]
    joined = Clusters({r for pair in truth for r in pair} | {r for link in held for r in _pair(link)})
    pairs = {_pair(link) for link in held}
    for link in held:
        if link["kind"] != "contract":
            joined.join(link["left_record_id"], link["right_record_id"])
    hit = {pair for pair in truth if pair in pairs or len({joined.leader(record) for record in pair}) == 1}
    figures = (
        _ratio(sum(link["dollars"] for link in right), sum(link["dollars"] for link in decided)),
        _ratio(len(right), len(decided)),
        _ratio(sum(truth[pair] for pair in hit), sum(truth.values())),
        _ratio(len(hit), len(truth)),
    )
    told = "".join(f"{figure:>{width}}" for figure, width in zip(figures, (12, 9, 12, 9), strict=True))
    print(f"{what:28}{told}{len(decided) - len(right):>7}{len(decided):>7}")


def _ratio(part: Decimal | int, whole: Decimal | int) -> str:
    return f"{Decimal(part) / Decimal(whole):.4f}" if whole else "-"


def _dollars_told(world: LinkedWorld, links: Iterable[Row]) -> str:
    """Whether the dollars of a link are those of the world."""
    true = _all(world.truth)
    told = [link for link in links if _pair(link) in true]
    equal = sum(link["dollars"] == abs(true[_pair(link)]) for link in told)
    return f"dollars as in the truth on {equal} of {len(told)} true links"


def _all(truth: Mapping[str, Mapping[Pair, Decimal]]) -> dict[Pair, Decimal]:
    return {pair: dollars for pairs in truth.values() for pair, dollars in pairs.items()}


def _pair(link: Row) -> Pair:
    return frozenset((link["left_record_id"], link["right_record_id"]))


if __name__ == "__main__":
    main()
