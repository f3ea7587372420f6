"""Ask every case of one engine; a question that breaks it is a wrong outcome, not the end of the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from datablueprint import agent
from datablueprint.agent.query import Query
from datablueprint.desk import Desk
from local.evaluation.cases import Case
from local.evaluation.scoring import Score, judge, summary

Ask = Callable[[str, Sequence[Query]], Mapping[str, Any]]


def scored(cases: Sequence[Case], ask: Ask, desk: Desk) -> Iterator[Score]:
    for case in cases:
        context: Sequence[Query] = ()
        for earlier in case.context:
            context = _queries(ask(earlier, context)) or context
        planned = _planned(case, desk, context)
        started = time.perf_counter()
        answer = ask(case.question, context)
        took = time.perf_counter() - started
        outcome, offered = judge(case, answer, newest=desk.manifest.as_of)
        yield Score(case, outcome, _got(answer), offered, planned, took)


def _planned(case: Case, desk: Desk, context: Sequence[Query]) -> float:
    """Seconds of the planner alone, whichever engine answers."""
    vocabulary = agent.vocabulary_of(desk)
    started = time.perf_counter()
    agent.plan(case.question, vocabulary, context=context)
    return time.perf_counter() - started


def _queries(answer: Mapping[str, Any]) -> Sequence[Query]:
    return [Query.model_validate(query) for query in answer.get("queries", ())]


def _got(answer: Mapping[str, Any]) -> str:
    if answer["status"] == "answered":
        return " + ".join(said(q) for q in _queries(answer))
    if answer["status"] == "clarify":
        return " | ".join(said(Query.model_validate(option["query"])) for option in answer["options"])
    return str(answer["text"])[:120]


def said(query: Query) -> str:
    """A query on one line, without what is not set."""
    held = query.model_dump(mode="json", exclude_defaults=True)
    return " ".join(f"{name}={value}" for name, value in ({"kind": query.kind} | held).items())


def report(scores: Sequence[Score]) -> dict[str, Any]:
    """The totals, and every case that went wrong."""
    failed = [s for s in scores if s.outcome not in ("right", "rightly refused", "rightly asked back")]
    by_tag: dict[str, list[Score]] = {}
    for score in scores:
        for tag in score.case.tags:
            by_tag.setdefault(tag, []).append(score)
    return {
        **summary(scores),
        "by tag": {tag: summary(of)["right or rightly refused"] for tag, of in sorted(by_tag.items())},
        "failed": [
            {"id": s.case.id, "question": s.case.question, "outcome": s.outcome, "got": s.got, "offered": s.offered}
            for s in failed
        ],
    }
