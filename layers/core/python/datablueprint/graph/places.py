"""Where and when a job is built: an equal address or date supports a like name, another one speaks against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from datablueprint.graph.evidence import Row
from datablueprint.graph.names import contradictions, words
from datablueprint.graph.transactions import Paper
from datablueprint.graph.votes import Vote

SAME_DAY = timedelta(days=31)
OTHER_DAY = timedelta(days=180)
BEFORE_START = timedelta(days=90)
AFTER_FINISH = timedelta(days=270)
LEAST_BILLS = 3


class Places:
    """Addresses of all projects and jobs; one that several share is an office's, not a site's."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._sites = Counter((row["system"], street(row["address"])) for row in rows if row["address"])

    def votes(self, project: Row, job: Row, bills: Iterable[Paper]) -> Iterator[Vote]:
        yield from self._address(project, job)
        yield from _days("start", project["started_on"], job["started_on"])
        yield from _days("finish", _finish(project), _finish(job))
        yield from _period(project, list(bills))

    def _address(self, project: Row, job: Row) -> Iterator[Vote]:
        sites = [(row["system"], street(row["address"])) for row in (project, job)]
        if any(not site or self._sites[system, site] > 1 for system, site in sites):
            return
        if sites[0][1] == sites[1][1]:
            yield Vote("address", 2.0, f"same address: {job['address']}", "likeness")
        else:
            sentence = f"against it: the addresses differ, {project['address']} and {job['address']}"
            yield Vote("other address", -1.0, sentence, "against")


def street(address: str | None) -> str:
    """House number and street: what comes before the first comma, spelled out."""
    return " ".join(words((address or "").split(",")[0]))


def phase_vote(project: Row, job: Row) -> Iterator[Vote]:
    """Phase 2 is never phase 1, tower B never tower A and north never south, whatever else agrees."""
    for word, mine, other in contradictions(project["name"], job["name"]):
        sentence = f"against it: {word} {mine} in Procore is {word} {other} in QuickBooks"
        yield Vote("other phase", -3.0, sentence, "against")


def _finish(row: Row) -> date | None:
    found: date | None = row["finished_on"] or row["planned_finish_on"]
    return found


def _days(which: str, left: date | None, right: date | None) -> Iterator[Vote]:
    if left is None or right is None:
        return
    if abs(left - right) <= SAME_DAY:
        yield Vote(f"{which} date", 1.0, f"the {which} dates are near: {left} and {right}", "likeness")
    elif abs(left - right) > OTHER_DAY:
        sentence = f"against it: the {which} dates are far apart, {left} and {right}"
        yield Vote(f"other {which} date", -1.0, sentence, "against")


def _period(project: Row, bills: list[Paper]) -> Iterator[Vote]:
    """Most cost of a job is posted while its project is built."""
    days = [bill.on for bill in bills if bill.on]
    starts, ends = project["started_on"], _finish(project)
    if len(days) < LEAST_BILLS or starts is None or ends is None:
        return
    during = sum(starts - BEFORE_START <= day <= ends + AFTER_FINISH for day in days)
    if during * 2 < len(days):
        sentence = f"against it: {len(days) - during} of {len(days)} bills of the job are outside the project's dates"
        yield Vote("other period", -2.0, sentence, "against")
