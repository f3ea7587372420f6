"""How an answer compares with what would have been right; nothing is rounded in the engine's favour."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from datablueprint.agent.query import Query
from datablueprint.errors import QuestionError
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.scenarios import Scenario
from local.evaluation.cases import Accepted, Case

Outcome = Literal[
    "right", "rightly refused", "rightly asked back", "wrong shown", "missed refusal", "needless refusal",
    "needless question",
]  # fmt: skip
GOOD: tuple[Outcome, ...] = ("right", "rightly refused", "rightly asked back")
SHOWN: tuple[Outcome, ...] = ("wrong shown", "missed refusal")
"""A figure that should not have been: of another question, or of a question that has no answer."""
PENALTY = 10
Z = 1.96
"""For a 95% interval."""


@dataclass(frozen=True)
class Score:
    """What became of one case. `offered` says that a needless question held the right reading among its options."""

    case: Case
    outcome: Outcome
    got: str
    offered: bool = False
    planned: float = 0.0
    """Seconds the planner alone took."""
    took: float = 0.0
    """Seconds from question to verified answer."""


def judge(case: Case, answer: Mapping[str, Any], *, newest: date) -> tuple[Outcome, bool]:
    """The outcome, and whether the right query was at least offered."""
    status = answer["status"]
    wanted = [each for each in case.accept if each.status == status]
    if status == "refused":
        return ("rightly refused", False) if wanted else ("needless refusal", False)
    if status == "clarify":
        options = [Query.model_validate(option["query"]) for option in answer.get("options", ())]
        offered = any(_same(each, (o,), newest) for each in case.accept for o in options if each.queries)
        return ("rightly asked back" if wanted else "needless question"), offered
    if not case.answerable:
        return "missed refusal", False
    asked = tuple(Query.model_validate(query) for query in answer["queries"])
    if any(_same(each, asked, newest) for each in wanted) and not typed_numbers(answer):
        return "right", False
    return "wrong shown", False


def typed_numbers(answer: Mapping[str, Any]) -> list[str]:
    """Pieces of prose that hold a digit; every number must be a figure, a name, a day or a count."""
    return [part["text"] for part in answer.get("segments", ()) if re.search(r"\d", part.get("text", ""))]


def _same(wanted: Accepted, asked: Sequence[Query], newest: date) -> bool:
    """Every part that was asked for is there, and nothing else."""
    if len(wanted.queries) != len(asked):
        return False
    left = list(asked)
    for query in wanted.queries:
        match = next((a for a in left if equal(query, a, newest, any_metric=wanted.any_metric)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def equal(wanted: Query, got: Query, newest: date, *, any_metric: bool = False) -> bool:
    """The same question: metric, members, days, bounds and suppositions; a list may also come in order."""
    if not (_kinds_fit(wanted, got) and _days_fit(wanted, got, newest)):
        return False
    if wanted.kind in ("scorecard", "wip", "health"):
        return True
    if wanted.metric != got.metric and not (any_metric and not wanted.metric):
        return False
    if wanted.kind == "what_if" and _supposed(wanted) != _supposed(got):
        return False
    if set(wanted.scopes) != set(got.scopes) or (not wanted.scopes and _scope(wanted) != _scope(got)):
        return False
    return wanted.kind not in ("list", "rank") or _rows_fit(wanted, got)


def _kinds_fit(wanted: Query, got: Query) -> bool:
    if wanted.kind == got.kind:
        return True
    return wanted.kind == "list" and got.kind == "rank" and got.limit is None and got.threshold is None


def _days_fit(wanted: Query, got: Query, newest: date) -> bool:
    days = ((wanted.as_of, got.as_of), (wanted.known_at, got.known_at))
    return all((a or newest) == (b or newest) for a, b in days) and wanted.since == got.since


def _rows_fit(wanted: Query, got: Query) -> bool:
    """Grouping, order and bounds; a limit matters only where one was asked for."""
    by = "pm" if "manager" in BY_NAME[got.metric].kinds else "project"
    if (wanted.by or by) != (got.by or by) or not _as_many(wanted, got):
        return False
    bounds = (wanted.threshold, got.threshold)
    if (bounds[0] is None) != (bounds[1] is None):
        return False
    if bounds[0] and bounds[1] and (bounds[0].op[0], bounds[0].value) != (bounds[1].op[0], bounds[1].value):
        return False
    return wanted.order is None or wanted.order == got.order or wanted.kind == "list"


def _as_many(wanted: Query, got: Query) -> bool:
    """'Which job is worst' is answered by a list whose first row is that job; 'the worst three' by three rows."""
    return wanted.limit in (None, 1, got.limit)


def _scope(query: Query) -> str:
    """The company and its groups are one where a metric is told of the company only, or of all closed jobs."""
    kinds = BY_NAME[query.metric].kinds if query.metric in BY_NAME else ()
    whole = kinds == ("company",) or ("manager" in kinds and "/" not in query.scope)
    return "company" if whole else query.scope


def _supposed(query: Query) -> list[str]:
    try:
        return sorted(a.text for a in Scenario.of(query.scenario).assumptions)
    except QuestionError:
        return sorted(query.scenario)


def summary(scores: Sequence[Score]) -> dict[str, Any]:
    """The totals: rates, RS(10) beside an engine that always abstains, and times."""
    counts = Counter(score.outcome for score in scores)
    answerable = sum(score.case.answerable for score in scores)
    good, shown = (sum(counts[o] for o in outcomes) for outcomes in (GOOD, SHOWN))
    needless = counts["needless refusal"]
    return {
        "questions": len(scores),
        "right or rightly refused": _share(good, len(scores)),
        "wrong shown": shown,
        "wrong shown, upper bound": round(_wilson(shown, len(scores)), 4),
        "missed refusals": counts["missed refusal"],
        "needless refusals": _share(needless, answerable),
        "needless questions": _share(counts["needless question"], answerable),
        "of those the right one was offered": sum(s.offered for s in scores if s.outcome == "needless question"),
        "score with a penalty of 10": round((good - PENALTY * shown) / max(1, len(scores)), 4),
        "the score of always refusing": _share(sum(_abstains(s.case) for s in scores), len(scores)),
        "outcomes": dict(sorted(counts.items())),
        "planner p95 ms": _percentile([s.planned for s in scores]),
        "answer p50 ms": _percentile([s.took for s in scores], 0.5),
        "answer p95 ms": _percentile([s.took for s in scores]),
    }


def _abstains(case: Case) -> bool:
    return any(each.status == "refused" for each in case.accept)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _percentile(seconds: Sequence[float], share: float = 0.95) -> float:
    ranked = sorted(seconds)
    return round(1000 * ranked[min(len(ranked) - 1, math.ceil(share * len(ranked)) - 1)], 1) if ranked else 0.0


def _wilson(found: int, of: int) -> float:
    """Upper end of the 95% interval of a rate (Wilson 1927)."""
    if not of:
        return 1.0
    rate, z2 = found / of, Z * Z
    middle = rate + z2 / (2 * of)
    return (middle + Z * math.sqrt(rate * (1 - rate) / of + z2 / (4 * of * of))) / (1 + z2 / of)
