"""One entry for every question, whoever plans it: an answer with figures that were re-added, or why there is none."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from weakref import WeakKeyDictionary

from datablueprint.agent import loop, tools
from datablueprint.agent.answer import composed
from datablueprint.agent.model import Model, PlannerModel
from datablueprint.agent.plan import Plan
from datablueprint.agent.planning import plan
from datablueprint.agent.query import Query
from datablueprint.agent.results import ResultSet
from datablueprint.agent.tools import TOOLS, Bench, Tool
from datablueprint.agent.turn import Clock, Ended, Surroundings, Trace
from datablueprint.agent.vocabulary import Vocabulary
from datablueprint.desk import Desk
from datablueprint.errors import ModelUnavailable
from datablueprint.ports import Progress, silent

logger = logging.getLogger(__name__)
WITHHELD = "The summary of the model was withheld because it could not be borne out; the figures are told as they are"
INSTEAD = "{why}; the offline planner answered instead"
WRITING = "writing"


class SystemTime:
    """Seconds of this machine."""

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True)
class Box:
    """The tools on one bench, as the loop takes them."""

    bench: Bench

    @property
    def tools(self) -> tuple[Tool, ...]:
        return TOOLS

    @property
    def results(self) -> Mapping[str, ResultSet]:
        return self.bench.results

    def run(self, name: str, given: Mapping[str, Any]) -> ResultSet | Mapping[str, Any]:
        return tools.run(self.bench, name, dict(given))


def ask(
    question: str | Query,
    desk: Desk,
    *,
    model: Model | None = None,
    context: Sequence[Query] = (),
    progress: Callable[[Progress], None] = silent,
    clock: Clock | None = None,
    planner_first: bool = True,
    traced: Callable[[Trace], None] = lambda _: None,
) -> dict[str, Any]:
    """Answer a question, or a typed query, as the contract says. `context` are the queries asked before.

    `model` None = the offline planner alone. With one, `planner_first` lets
    the planner answer what it is sure of without asking the model, and it
    answers whenever the model cannot be had.
    """

    def told(stage: str, message: str) -> None:
        progress(Progress(stage, message))

    ticking = clock or SystemTime()
    began = ticking.monotonic()
    bench = Bench(desk)
    known = bench.__dict__["vocabulary"] = vocabulary_of(desk)
    told(loop.PLANNING, "reading the question")
    around = Surroundings(desk.as_of, names_of(known, desk.company), ticking, told)
    first = _planned(question, known, context)
    caveats: list[str] = []
    if model is None or isinstance(question, Query) or (planner_first and sure(first)):
        ended, chosen = _by_planner(first, question, context, bench, around), first
    else:
        try:
            ended = loop.converse(question, context, Box(bench), model, around)
            chosen = _plan_of(ended)
            if ended.broken:
                _log(ended, traced)
                raise ModelUnavailable(f"The language model brought nothing to check ({ended.trace.outcome})")
        except ModelUnavailable as why:
            caveats.append(INSTEAD.format(why=str(why).rstrip(".")))
            ended, chosen = _by_planner(first, question, context, bench, around), first
    told(WRITING, "writing the answer")
    if ended.refusal and chosen.outcome == "answer":
        chosen = Plan(refusal=ended.refusal, assumptions=chosen.assumptions, offers=chosen.offers)
    if ended.summary == "withheld":
        caveats.append(WITHHELD)
    _log(ended, traced)
    segments = ended.segments or None
    answer = composed(chosen, _headed(ended), segments, desk, _engine(ended, began, ticking), bench=bench)
    return {**answer, "caveats": [*answer.get("caveats", ()), *caveats]}


_VOCABULARIES: WeakKeyDictionary[Desk, Vocabulary] = WeakKeyDictionary()


def vocabulary_of(desk: Desk) -> Vocabulary:
    """The names of a desk's snapshot, gathered once per desk."""
    if desk not in _VOCABULARIES:
        _VOCABULARIES[desk] = Vocabulary.of(desk)
    return _VOCABULARIES[desk]


def sure(planned: Plan) -> bool:
    """Whether the planner's reading took nothing for granted."""
    return planned.outcome == "answer" and not planned.assumptions


def names_of(known: Vocabulary, company: str) -> dict[str, tuple[str, ...]]:
    """Every name of this company by scope; what is none of a result's may not be spoken of."""
    named: dict[str, tuple[str, ...]] = {p.key: (p.key, p.name, *p.aliases) for p in known.projects}
    named |= {f"pm/{name}": (name,) for name in known.managers}
    named |= {f"customer/{name}": (name,) for name in known.customers}
    named |= {f"vendor/{name}": (name,) for name in known.vendors}
    return named | ({"company": (company,)} if company else {})


def _planned(question: str | Query, known: Vocabulary, context: Sequence[Query]) -> Plan:
    return Plan(queries=(question,)) if isinstance(question, Query) else plan(question, known, context=context)


def _by_planner(
    planned: Plan, question: str | Query, context: Sequence[Query], bench: Bench, around: Surroundings
) -> Ended:
    text = question if isinstance(question, str) else ""
    return loop.converse(text, context, Box(bench), PlannerModel(lambda *_: planned), around)


def _plan_of(ended: Ended) -> Plan:
    """What a model's turn comes to, as a plan: the restated queries, its question back, or its refusal."""
    if ended.results:
        return Plan(queries=tuple(result.query for result in ended.results))
    if ended.options:
        return Plan(slot=ended.slot, options=ended.options)
    return Plan(refusal=ended.refusal)


def _headed(ended: Ended) -> list[ResultSet]:
    """The results, that of the headline first."""
    if not ended.headline:
        return list(ended.results)
    mine = [result for result in ended.results if ended.headline in result.cells]
    others = [result for result in ended.results if result not in mine[:1]]
    return [*(result.model_copy(update={"headline": ended.headline}) for result in mine[:1]), *others]


def _engine(ended: Ended, began: float, clock: Clock) -> dict[str, Any]:
    return {
        "name": ended.trace.engine,
        "model": ended.trace.model,
        "summary": ended.summary,
        "calls": len(ended.trace.calls),
        "milliseconds": round((clock.monotonic() - began) * 1000),
    }


def _log(ended: Ended, traced: Callable[[Trace], None]) -> None:
    logger.info("question answered", extra={"trace": asdict(ended.trace)})
    traced(ended.trace)
