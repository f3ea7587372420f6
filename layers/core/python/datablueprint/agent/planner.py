"""A question is planned only when every one of its words is understood; otherwise it is refused or asked back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from datablueprint.agent import lexicon
from datablueprint.agent.entities import Candidate, Named, link, tokens

MARGIN, PROFIT = "gross_margin_at_completion", "gross_profit_at_completion"
DEFAULT_RANK = 5

KNOWN_WORDS = frozenset().union(
    lexicon.MARGIN,
    lexicon.PROFIT,
    lexicon.COST,
    lexicon.ESTIMATE,
    lexicon.CONTRACT,
    lexicon.WORST,
    lexicon.BEST,
    lexicon.PORTFOLIO,
    lexicon.EACH,
    lexicon.CLOSED,
    lexicon.FILLER,
    lexicon.NUMBER_WORDS,
    lexicon.NOT_YET,
)


@dataclass(frozen=True)
class Plan:
    """What is asked, typed. `options` are the projects to choose from; `because` names what is not understood."""

    outcome: Literal["project", "portfolio", "rank", "clarify", "refuse"]
    metric: str = MARGIN
    project: Candidate | None = None
    scope: str = "portfolio"
    worst_first: bool = True
    limit: int = DEFAULT_RANK
    options: tuple[Candidate, ...] = ()
    because: str = ""
    assumptions: tuple[str, ...] = ()


def plan(question: str, projects: Sequence[Candidate]) -> Plan:
    """The typed form of a question about margin, profit, cost or contract value at completion."""
    asked = tokens(question)
    if not asked:
        return Plan("refuse", because="there is no question")
    named = link(question, projects, known_words=KNOWN_WORDS)
    rest = [w for w in asked if w not in named.used]
    topic = next((lexicon.NOT_YET[w] for w in rest if w in lexicon.NOT_YET), None)
    if topic:
        return Plan("refuse", because=topic)
    limit, strange = _numbers([w for w in rest if w not in KNOWN_WORDS])
    if strange and not named.maybe:
        return Plan("refuse", because=f"the word '{strange[0]}'")
    if named.maybe and _metric(set(rest), named)[0] is None:
        return Plan("refuse", because=f"the word '{next(w for w in asked if w not in KNOWN_WORDS)}'")
    if len(named.sure) > 1 or named.maybe:
        return Plan("clarify", options=(*named.sure, *named.maybe)[:3])
    return _typed(set(rest), asked, named, limit)


def _typed(words: set[str], asked: list[str], named: Named, limit: int | None) -> Plan:
    metric, assumptions = _metric(words, named)
    if metric is None:
        return Plan("refuse", because="what to tell about it; name a metric")
    if named.sure:
        return Plan("project", metric, project=named.sure[0], assumptions=assumptions)
    scope = "closed" if words & lexicon.CLOSED else "portfolio"
    ranks = words & (lexicon.WORST | lexicon.BEST | {"rank", "ranked", "ranking"})
    listing = words & {"which", "each", "every", "list", "all"} and words & lexicon.EACH
    counted = [lexicon.NUMBER_WORDS[w] for w in asked if w in lexicon.NUMBER_WORDS and w != "one"]
    if ranks or listing:
        return Plan(
            "rank",
            metric,
            scope=scope,
            worst_first=not words & lexicon.BEST,
            limit=limit or (counted[0] if counted else DEFAULT_RANK),
            assumptions=assumptions,
        )
    if limit is not None:
        return Plan("refuse", because=f"the number {limit}")
    if words & lexicon.PORTFOLIO or words & lexicon.EACH or not words & {"it", "this", "that"}:
        return Plan("portfolio", metric, scope=scope, assumptions=assumptions)
    return Plan("refuse", because="which project is meant; name it")


def _metric(words: set[str], named: Named) -> tuple[str | None, tuple[str, ...]]:
    if words & lexicon.MARGIN:
        return MARGIN, ()
    if words & lexicon.PROFIT:
        return PROFIT, ("profit is gross profit at completion, before overhead",)
    if words & lexicon.CONTRACT and not words & lexicon.COST:
        return "contract_value", ()
    if words & lexicon.COST or "eac" in words:
        later = words & {"completion", "complete", "estimate", "estimated", "eac", "final", "end", "forecast", "will"}
        return ("estimated_cost_at_completion" if later else "actual_cost"), ()
    if words & {"make", "makes", "making", "doing"} | (words & (lexicon.WORST | lexicon.BEST)):
        return MARGIN, ("read as gross margin at completion",)
    if named.sure and not words - lexicon.FILLER:
        return MARGIN, ("no metric was named: gross margin at completion is shown",)
    return None, ()


def _numbers(unknown: list[str]) -> tuple[int | None, list[str]]:
    """A lone small number may be a rank's length; any other unknown word stays unexplained."""
    digits = [w for w in unknown if w.isdigit() and 0 < int(w) <= 50]
    strange = [w for w in unknown if w not in digits]
    if len(digits) > 1:
        return None, [*strange, *digits]
    return (int(digits[0]) if digits else None), strange
