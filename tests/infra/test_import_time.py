"""A handler is ready about as fast as an empty one that only has boto3 and Powertools.

Every handler is imported in new processes that find only its own layers, in
turn with the empty one, so that whatever else the machine does slows both. The
fastest of several runs counts: noise only ever adds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra import templates
from tests.infra import fresh

BARE = "import boto3\nfrom aws_lambda_powertools import Logger"
BARE_NEEDS = {"aws_lambda_powertools", "typing_extensions"}
MOST = 1.6
ROUNDS, MORE_ROUNDS = 3, 6


def folders(assembly: Any) -> dict[Path, fresh.Deployed]:
    return {each.folder: each for each in fresh.deployed(assembly)}


@pytest.mark.slow
def test_every_handler_is_imported_within_1_6_times_the_bare_one(assembly: Any) -> None:
    measured: dict[str, float] = {}
    waiting = folders(assembly)
    for rounds in (ROUNDS, MORE_ROUNDS):  # a second, longer look at those that were too slow in the first
        measured |= ratios(waiting, rounds)
        waiting = {folder: made for folder, made in waiting.items() if measured[folder.name] > MOST}
    print("".join(f"\n{name:<28}{ratio:5.2f}" for name, ratio in sorted(measured.items())))

    assert {name: round(ratio, 2) for name, ratio in measured.items() if ratio > MOST} == {}


def test_every_handler_folder_is_deployed(assembly: Any) -> None:
    ours = {folder.name for folder in templates.HANDLERS}

    assert ours - {folder.name for folder in folders(assembly)} <= {"answer"}, "the agent's Lambda host is an option"


def ratios(chosen: dict[Path, fresh.Deployed], rounds: int) -> dict[str, float]:
    """By folder, the fastest import over the fastest of as many imports of the bare handler beside it."""
    found = {}
    for folder, made in chosen.items():
        allowed = fresh.packages(made.dependencies)
        pairs = [
            (
                fresh.seconds(BARE, folder=None, allowed=BARE_NEEDS),
                fresh.seconds("import handler", folder=folder, allowed=allowed),
            )
            for _ in range(rounds)
        ]
        found[folder.name] = min(own for _, own in pairs) / min(bare for bare, _ in pairs)
    return found


@pytest.mark.slow
def test_what_a_function_s_first_event_asks_for_is_in_its_layers(assembly: Any) -> None:
    for folder, made in folders(assembly).items():
        allowed = fresh.packages(made.dependencies)

        fresh.run(fresh.FIRST, folder=folder, allowed=allowed, environment=fresh.environment(made))


def test_a_handler_that_needs_what_its_layers_lack_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("import rapidfuzz\n")

    with pytest.raises(AssertionError, match="rapidfuzz is neither in the layers nor in the runtime"):
        fresh.seconds("import handler", folder=tmp_path, allowed=fresh.packages("small"))


def test_every_function_with_its_layers_is_below_200_mb(assembly: Any) -> None:
    sizes = {made.name: made.bytes / fresh.bundles.MEGABYTE for made in fresh.deployed(assembly)}

    assert sizes
    assert {name: round(size) for name, size in sizes.items() if size > 200} == {}
