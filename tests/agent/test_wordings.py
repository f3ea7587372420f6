"""A right figure in a wrong sentence is not shown; an honest sentence is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from datablueprint.agent import asking
from datablueprint.agent.draft import Draft
from datablueprint.agent.grounding import check
from datablueprint.agent.grounding.evidence import Evidence
from datablueprint.agent.query import Query
from datablueprint.agent.tools import Bench
from datablueprint.desk import Desk
from tests.agent.wordings import ADDED, METRICS, RIGHT, TRUE, WRONG

MARGIN = METRICS["GM"]
MARKS = re.compile(r"(\{[^}]*\}|<[^>]*>|@then|@now|#rows)")
MOMENTS = {"": "{now}", "then": "{then}", "moved": "{then}..{now}", "supposed": "{now}~approve all",
           "by": "{now}..{now}~approve all"}  # fmt: skip


class Said:
    """Drafts over what was asked of one contractor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.now, self.then = desk.as_of, desk.as_of.replace(day=1) - timedelta(days=1)
        jobs = Bench(desk).execute(Query(kind="rank", metric=MARGIN, by="project", order="highest"))
        best, second, third, *_, last = (line.scope for line in jobs.lines)
        fourth = jobs.lines[-2].scope
        managers = [line.scope for line in Bench(desk).execute(Query(kind="scorecard")).lines]
        codes = [line.scope for line in Bench(desk).execute(self._codes(last)).lines]
        self.scopes = {
            "B": best,
            "S": second,
            "M": third,
            "G": fourth,
            "L": last,
            "X": managers[0],
            "Y": managers[1],
            "portfolio": "portfolio",
        }
        self.scopes |= {f"C{n}": code for n, code in enumerate(codes, 1)}
        self.evidence = {name: self._evidence(queries) for name, queries in self._asked(last, best, third).items()}

    @staticmethod
    def _codes(job: str) -> Query:
        return Query(kind="rank", metric="cost_code_erosion", scope=job, by="leaf", order="highest", limit=5)

    def _asked(self, last: str, best: str, third: str) -> dict[str, list[Query]]:
        ranked: Callable[..., Query] = lambda **given: Query(kind="rank", by="project", **given)  # noqa: E731
        return {
            "fig": [Query(metric=MARGIN, scope=last)],
            "old": [Query(metric=MARGIN, scope=last, as_of=self.then)],
            "list": [Query(kind="list", metric=MARGIN, by="project")],
            "rank": [ranked(metric=MARGIN, order="highest", limit=3)],
            "low": [ranked(metric=MARGIN, order="lowest", limit=3)],
            "under": [ranked(metric="underbilled", order="highest")],
            "cmp": [Query(kind="compare", metric=MARGIN, scope=last, since=self.then)],
            "side": [Query(kind="compare", metric=MARGIN, scopes=(best, third))],
            "wi": [Query(kind="what_if", metric=MARGIN, scope=last, scenario=("approve all",))],
            "two": [Query(metric=MARGIN, scope=best), Query(metric="backlog", scope=best)],
            "twojobs": [Query(metric="actual_cost", scope=best), Query(metric="actual_cost", scope=last)],
            "score": [Query(kind="scorecard")],
            "codes": [self._codes(last)],
            "hours": [Query(metric="labor_hours", scope=last)],
        }

    def _evidence(self, queries: list[Query]) -> Evidence:
        bench = Bench(self.desk)
        results = tuple(bench.execute(query) for query in queries)
        known = asking.names_of(asking.vocabulary_of(self.desk), self.desk.company)
        return Evidence(results, self.desk.as_of, known)

    def _piece(self, token: str) -> dict[str, Any]:
        if token == "#rows":
            return {"count": "r1"}
        if token in ("@then", "@now"):
            return {"day": self.then if token == "@then" else self.now}
        if token.startswith("<"):
            return {"entity": self.scopes[token[1:-1]]}
        metric, scope, moment = (*token[1:-1].split("|"), "")[:3]
        day = MOMENTS[moment].format(now=self.now, then=self.then)
        return {"figure": f"{METRICS[metric]}/{self.scopes[scope]}/{day}"}

    def wrong(self, asked: str, text: str, headline: str = "") -> set[str]:
        """Codes of what is wrong with a sentence."""
        evidence = self.evidence[asked]
        pieces = [self._piece(t) if MARKS.fullmatch(t) else {"text": t} for t in MARKS.split(text) if t]
        head = self._piece(headline)["figure"] if headline else ""
        given = {"result_ids": [r.result_id for r in evidence.results], "headline": head, "segments": pieces}
        return {wrong.code for wrong in check(Draft.model_validate(given), evidence)}


@pytest.fixture(scope="session")
def said(desk: Desk) -> Said:
    return Said(desk)


@pytest.mark.parametrize("text", ADDED, ids=ascii)
def test_nothing_that_was_not_found_may_follow_a_right_sentence(text: str, said: Said):
    assert said.wrong("fig", RIGHT) == set()
    assert said.wrong("fig", RIGHT + text)


@pytest.mark.parametrize(("asked", "text"), WRONG)
def test_a_right_figure_in_a_wrong_sentence_is_held_back(asked: str, text: str, said: Said):
    assert said.wrong(asked, text)


@pytest.mark.parametrize(("asked", "text"), TRUE)
def test_an_honest_sentence_is_shown(asked: str, text: str, said: Said):
    assert said.wrong(asked, text) == set()


@pytest.mark.parametrize(
    ("asked", "text", "headline", "code"),
    [
        ("fig", RIGHT, "{CV|L}", "headline"),
        ("fig", "<L> has an actual cost to date of {AC|L}.", "{GM|L}", "headline"),
        ("fig", "<L> has an actual cost to date of {AC|L}.", "", "unanswered"),
        ("list", RIGHT, "{GM|B}", "headline"),
        ("fig", "<L> has a contract value of {CV|L} and a gross margin at completion of {GM|L}.", "{CV|L}", "headline"),
    ],
)
def test_the_headline_is_what_was_asked_and_is_told(asked: str, text: str, headline: str, code: str, said: Said):
    assert code in said.wrong(asked, text, headline)
    assert "headline" not in said.wrong("fig", RIGHT, "{GM|L}")
