"""A question is planned only when every one of its words is understood; otherwise it is refused or asked back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from datablueprint.agent.entities import Candidate, Named, link, nearest_keys
from datablueprint.agent.lexicon import KNOWN_WORDS
from datablueprint.agent.meaning import LARGEST_RANK, METRICS, Meaning, meaning
from datablueprint.agent.reading import BREAK, number_like
from datablueprint.agent.unanswered import COST_TO_COMPLETE, PERCENT_COMPLETE

MARGIN, PROFIT = "gross_margin_at_completion", "gross_profit_at_completion"
EAC, ACTUAL, CONTRACT = "estimated_cost_at_completion", "actual_cost", "contract_value"
SPOKEN = {
    MARGIN: "margin",
    PROFIT: "profit",
    EAC: "estimated cost at completion",
    ACTUAL: "actual cost to date",
    CONTRACT: "contract value",
}
DEFAULT_RANK = 5
LONGEST_QUESTION = 400
"""Characters; a longer text is no question about a figure."""

DIRECTIONS = ("worst", "best", "most", "least", "top", "bottom")


@dataclass(frozen=True)
class Plan:
    """What is asked, typed.

    `options` are the projects to choose from, `because` is a clause that says what was not understood, and
    `offers` are near questions that can be answered.
    """

    outcome: Literal["project", "portfolio", "rank", "clarify", "refuse"]
    metric: str = MARGIN
    project: Candidate | None = None
    scope: str = "portfolio"
    lowest_first: bool = True
    below_zero: bool = False
    """Only projects whose figure is a loss."""
    limit: int = DEFAULT_RANK
    options: tuple[Candidate, ...] = ()
    because: str = ""
    offers: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()


def plan(question: str, projects: Sequence[Candidate]) -> Plan:
    """The typed form of a question about margin, profit, cost or contract value; a refusal for any other."""
    unreadable = hopeless(question)
    if unreadable:
        return unreadable
    named = link(question, projects, known_words=KNOWN_WORDS)
    if not any(word != BREAK for word in named.words):
        return _refuse("there is no question in it")
    asked = meaning(named.words)
    return _not_understood(asked, named, projects) or _two_at_once(asked, named) or _typed(asked, named)


def hopeless(question: str) -> Plan | None:
    """The refusal of a text that needs no look at any project."""
    if not question.strip():
        return _refuse("there is no question in it")
    if len(question) > LONGEST_QUESTION:
        return _refuse(f"it is longer than {LONGEST_QUESTION} characters")
    return None


def _refuse(because: str, *offers: str) -> Plan:
    return Plan("refuse", because=because, offers=offers)


def _offers(named: Named, *metrics: str) -> tuple[str, ...]:
    subject = named.sure[0].spoken if len(named.sure) == 1 else "the portfolio"
    return tuple(f"What is the {SPOKEN[m]} of {subject}?" for m in metrics)


def _not_understood(asked: Meaning, named: Named, projects: Sequence[Candidate]) -> Plan | None:
    """Refuses topics that cannot be answered and words, signs and numbers that are not known."""
    if asked.topics:
        topic = next((t for t in (PERCENT_COMPLETE, COST_TO_COMPLETE) if t in asked.topics), asked.topics[0])
        near = _offers(named, EAC, ACTUAL) if "complete" in topic or "percent" in topic else ()
        return _refuse(f"it asks about {topic}", *near)
    if asked.strange:
        word = next(filter(number_like, asked.strange), asked.strange[0])
        shown = word.upper() if number_like(word) else word
        shown = shown if len(shown) <= 40 else f"{shown[:40]}..."
        if number_like(word):
            near = tuple(f"What is the margin of {p.spoken}?" for p in nearest_keys(word, projects))
            return _refuse(f"no project has the number '{shown}' and I cannot read it as anything else", *near)
        if not (named.maybe and word.isalpha() and (asked.metrics or asked.has("make"))):
            kind = "word" if any(c.isalnum() for c in word) else "sign"
            return _refuse(f"I do not understand the {kind} '{shown}'")
    if asked.has("gross") and not asked.has("margin", "profit", "loss"):
        return _refuse("I do not understand the word 'gross' there")
    if asked.has("today") and asked.has("cost", "spent") and not asked.has("at completion"):
        return _refuse("it asks about the cost of a single day", *_offers(named, ACTUAL))
    if asked.has("loss") and asked.has("margin"):
        return _refuse("it asks about margin erosion", *_offers(named, MARGIN))
    if len(asked.numbers) > 1 or any(not 0 < n <= LARGEST_RANK for n in asked.numbers):
        return _refuse(f"I do not understand the number {asked.numbers[-1]}")
    return None


def _two_at_once(asked: Meaning, named: Named) -> Plan | None:
    """Two metrics, times, scopes, projects or sentences are never answered by the first of them."""
    metrics = [*asked.metrics, *(["profit"] if asked.has("loss") and not asked.has("profit") else [])]
    if asked.has("made", "make") and asked.has("cost", "spent", "eac", "contract", "revenue"):
        metrics.append("profit")
    if len(metrics) > 1:
        both = " and ".join(METRICS[m] for m in dict.fromkeys(metrics))
        types = dict.fromkeys(_metric_of(m, asked) for m in metrics)
        return _refuse(f"it asks about both {both}; I tell one at a time", *_offers(named, *types))
    if asked.has("open") and asked.has("closed"):
        near = ("What is the margin of the open jobs?", "What is the margin of the closed jobs?")
        return _refuse("it asks about open and closed projects at once", *near)
    if asked.has("to date") and (asked.has("at completion") or asked.has("eac")):
        return _refuse("it asks for two figures at once, to date and at completion", *_offers(named, ACTUAL, EAC))
    if _contradicts_itself(asked):
        near = ("Which projects have the lowest margin?", "Which projects have the highest margin?")
        return _refuse("it asks for both ends of a ranking", *near)
    if len(named.sure) > 1 or named.maybe:
        return _which_project(asked, named)
    if asked.has("and") or asked.sentences > 1:
        return _refuse("it asks two things at once; I tell one at a time", *_offers(named, MARGIN))
    if named.sure:
        return _beside_a_project(asked, named.sure[0])
    return None


def _contradicts_itself(asked: Meaning) -> bool:
    """Both ends of an order; a cost is worst where it is most, and 'top' before 'lowest' only counts."""
    low, high = ("best", "worst") if asked.has("cost", "spent", "eac") else ("worst", "best")
    if asked.has("loss"):
        return False
    lows = asked.has(low, "least", "bottom")
    return lows and (asked.has(high, "most") or (asked.has("bottom") and asked.has("top")))


def _which_project(asked: Meaning, named: Named) -> Plan:
    """Asks back with the same question about each project it may mean; refuses what no project would answer."""
    options = tuple(dict.fromkeys((*named.sure, *named.maybe)))[:3]
    each = [_typed(asked, Named((option,), (), named.words)) for option in options]
    if each[0].outcome != "project":
        return replace(each[0], offers=tuple(dict.fromkeys(offer for p in each for offer in p.offers)))
    offers = tuple(f"What is the {SPOKEN[p.metric]} of {o.spoken}?" for p, o in zip(each, options, strict=True))
    return Plan("clarify", each[0].metric, options=options, offers=offers)


def _beside_a_project(asked: Meaning, project: Candidate) -> Plan | None:
    near = f"What is the margin of {project.spoken}?"
    if asked.has(*DIRECTIONS, "rank", "which", "each", "list"):
        return _refuse(f"it asks how {project.key} ranks among the others", near)
    scope = next((s for s in ("closed", "open", "jobs", "portfolio", "all") if asked.has(s)), None)
    if scope:
        others = {"closed": "closed projects", "open": "open projects"}.get(scope, "several projects")
        return _refuse(f"it asks about {project.key} and about {others} at once", near)
    if asked.numbers:
        return _refuse(f"I do not understand the number {asked.numbers[0]} beside {project.key}", near)
    return None


def _typed(asked: Meaning, named: Named) -> Plan:
    metric, assumptions = _metric(asked, named)
    past = asked.has("to date", "made") or asked.has("did") or (asked.has("have") and asked.has("loss"))
    if past and metric != ACTUAL and not _made_the_most(asked):
        near = _offers(named, metric or MARGIN, ACTUAL)
        return _refuse("it asks about figures to date other than cost", *near)
    if metric is None:
        return _refuse("I do not know which metric to tell or to rank by; name a metric", *_offers(named, MARGIN))
    if asked.has("total") and metric == ACTUAL and not asked.has("to date", "spent", "now", *DIRECTIONS, "rank"):
        return Plan("clarify", metric, offers=_offers(named, ACTUAL, EAC))
    if named.sure:
        return Plan("project", metric, project=named.sure[0], assumptions=assumptions)
    scope = "closed" if asked.has("closed") else "portfolio"
    losers = asked.has("loss") and asked.has("which", "jobs", "job")
    listing = asked.has("each") or (asked.has("list") and asked.has("jobs"))
    if asked.has(*DIRECTIONS, "rank") or losers or listing:
        return _rank(asked, metric, scope, assumptions, everyone=listing)
    if asked.numbers:
        return _refuse(f"I do not understand the number {asked.numbers[0]}")
    if asked.has("which"):
        near = tuple(f"Which projects have the {end} {SPOKEN[metric]}?" for end in ("lowest", "highest"))
        return _refuse("it does not say in which order; say lowest or highest", *near)
    if asked.has("it", "job"):
        return _refuse("I do not know which project is meant; name it", *_offers(named, metric))
    return Plan("portfolio", metric, scope=scope, assumptions=assumptions)


def _rank(asked: Meaning, metric: str, scope: str, assumptions: tuple[str, ...], *, everyone: bool) -> Plan:
    """Worst is the most of a cost and the least of a profit; of a contract value it is nothing."""
    if metric == CONTRACT and asked.has("worst", "best"):
        near = ("Which projects have the lowest contract value?", "Which projects have the highest contract value?")
        return _refuse("I do not know what is worst or best of a contract value", *near)
    if asked.has("loss") and asked.has("least", "best", "bottom"):
        return _refuse("I do not understand the order of losses", "Which projects have the lowest profit?")
    of_cost = metric in (ACTUAL, EAC)
    if asked.has("loss"):
        lowest = True
        assumptions = (*assumptions, "a project loses money where its gross profit at completion is below zero")
    elif asked.has("worst", "best"):
        lowest = asked.has("best") if of_cost else asked.has("worst")
    elif asked.has("most", "least"):
        lowest = asked.has("least")
    elif asked.has("top", "bottom"):
        lowest = asked.has("bottom")
    else:
        lowest = metric in (MARGIN, PROFIT)
    losing = asked.has("loss") and metric in (MARGIN, PROFIT)
    everyone = losing or (everyone and not asked.has(*DIRECTIONS))
    limit = asked.numbers[0] if asked.numbers else LARGEST_RANK if everyone else DEFAULT_RANK
    return Plan(
        "rank", metric, scope=scope, lowest_first=lowest, below_zero=losing, limit=limit, assumptions=assumptions
    )


def _made_the_most(asked: Meaning) -> bool:
    return asked.has("made") and asked.has("most", "least", "best", "worst") and not asked.has("to date", "have")


def _metric_of(name: str, asked: Meaning) -> str:
    if name in ("cost", "eac"):
        return EAC if name == "eac" or asked.has("at completion") else ACTUAL
    return {"margin": MARGIN, "profit": PROFIT, "spent": ACTUAL}.get(name, CONTRACT)


def _metric(asked: Meaning, named: Named) -> tuple[str | None, tuple[str, ...]]:
    """The metric that the words name, with what had to be assumed."""
    if asked.has("margin"):
        return MARGIN, ()
    if asked.has("profit", "loss") or _made_the_most(asked):
        return PROFIT, ("profit is gross profit at completion, before overhead",)
    if asked.has("contract"):
        return CONTRACT, ()
    if asked.has("revenue"):
        return CONTRACT, ("revenue at completion is the contract value",)
    if asked.has("eac") or (asked.has("cost", "spent") and asked.has("at completion")):
        return EAC, ()
    if asked.has("cost", "spent"):
        stated = asked.has("to date", "spent", "now")
        return ACTUAL, () if stated else ("no time was named: cost to date is shown, not cost at completion",)
    return _unnamed(asked, named)


def _unnamed(asked: Meaning, named: Named) -> tuple[str | None, tuple[str, ...]]:
    if asked.has("make"):
        if asked.has("money", "most", "least"):
            return PROFIT, ("read as gross profit at completion, before overhead",)
        return MARGIN, ("read as gross margin at completion",)
    if asked.has("doing", "worst", "best"):
        return MARGIN, ("read as gross margin at completion",)
    if named.sure and asked.bare:
        return MARGIN, ("no metric was named: gross margin at completion is shown",)
    return None, ()
