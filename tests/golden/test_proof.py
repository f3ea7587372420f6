"""The proof at full size: 200 jobs, three seeds, every metric against the truth, every figure from raw records.

Slow, so it is not in the default suite: `make proof`.
"""

from __future__ import annotations

import time

import pytest

from tests.golden.comparing import compare
from tests.golden.conftest import Make

pytestmark = pytest.mark.proof
SEEDS = (7, 11, 23)
JOBS = 200


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_two_hundred_jobs_is_the_truth_and_re_adds(company: Make, seed: int):
    started = time.monotonic()
    made = company(seed=seed, jobs=JOBS)
    built = time.monotonic()

    found = compare(made.desk(), made.truth)
    compared = time.monotonic()
    desk = made.desk()
    figures = [figure for figure in desk.measures.figures() if figure.value is not None]
    failing = [(f.figure_id, wrong[:1]) for f in figures if (wrong := desk.discrepancies(f))]

    print(f"seed {seed}, {JOBS} jobs: {found.summary}")
    print(f"  {len(figures) - len(failing)} of {len(figures)} figures re-add from raw records")
    took = (built - started, compared - built, time.monotonic() - compared)
    print("  built in {:.0f} s, compared in {:.0f} s, verified in {:.0f} s".format(*took))
    assert found.wrong == []
    assert failing == []
