"""A word has one meaning or none: what has none is listed as filler, what has another is never filler."""

from __future__ import annotations

from datablueprint.agent.unanswered import NOT_YET

MEANINGS = {
    "margin": "margin, margins, profit margin, profit margins, gross profit margin, margin percent, margin percentage, "
    "margin pct, percent margin, percentage margin, profit percent, profit percentage, margin in percent, "
    "margin as a percent, margin as a percentage",
    "profit": "profit, profits, gain, earnings, profitability, profitable",
    "loss": "losing, lose, loses, loss, losses, lost, unprofitable",
    "cost": "cost, costs, spend, spending, job cost, job costs",
    "spent": "spent",
    "eac": "eac, estimate at completion, cost estimate at completion",
    "contract": "contract value, contract values, contract amount, contract amounts, contract price, contract sum, "
    "value of the contract, value of contract, value of the contracts",
    "revenue": "revenue, revenues",
    "make": "make, makes, making, to make",
    "made": "made",
    "doing": "doing, looking, stand, standing",
    "money": "money, dollars, how much",
    "gross": "gross",
    "total": "total, in total, sum, combined, together, altogether",
    "at completion": "at completion, at the completion, at complete, at final completion, on completion, "
    "upon completion, when complete, when completed, when done, when finished, when it is complete, "
    "when it is completed, when it is done, when it is finished, when they are done, at the end, in the end, at end, "
    "final, projected, expected, expect, expecting, forecast, forecasted, forecasts, estimated, anticipated, eventual, "
    "will, going to, expected to, projected to, forecast to, estimated to, going to be, end up, finish at, "
    "finish with, finish up at, come out at, come in at, cost estimate",
    "to date": "to date, so far, thus far, up to now, until now, to now, till now, up to today, already, yet, "
    "incurred, actual, actually, job to date, project to date",
    "now": "now, right now, currently, current, presently, at the moment, as of now, as of today",
    "today": "today",
    "worst": "worst, weakest, thinnest, poorest",
    "best": "best, strongest, healthiest, fattest",
    "most": "most, highest, largest, biggest, greatest",
    "least": "least, lowest, smallest",
    "top": "top",
    "bottom": "bottom",
    "cost most": "most expensive, costliest, most costly",
    "cost least": "cheapest, least expensive, least costly",
    "rank": "rank, ranked, ranking, order, ordered, sort, sorted",
    "list": "list, listed",
    "which": "which",
    "each": "each, every, per job, per project, by job, by project",
    "all": "all",
    "jobs": "jobs, projects",
    "jobs each": "jobs by, projects by",
    "portfolio": "portfolio, company, overall, everything, business",
    "open": "open, active, running, ongoing, in progress",
    "open jobs": "current jobs, current projects",
    "closed": "closed, finished, completed",
    "job": "job, project",
    "it": "it, its, this, that, these, those",
    "and": "and, or, plus, also, both, as well as",
    "have": "have, has, had",
    "did": "did",
}
"""Every phrase that means something, by what it means; the longest phrase at a place is the one that is read."""

EMPTY = frozenset(
    "a an the of on about for hi hello hey please thanks can could you me give tell show see get let know want".split()
)
"""Words without meaning even beside a lone project."""

LIGHT = EMPTY | frozenset(
    """what whats how much is are was were be been being do does would in at by with our my your we us i their
    there one ones figure number""".split()
)
"""Words that add nothing to a metric that is named."""

EMPTY_PHRASES = (
    "i want to know, want to know, i want to see, want to see, i would like to know, would like to know, like to see, "
    "i need to know, need to know, what about, how about"
)

NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip


def _table() -> dict[tuple[str, ...], tuple[str, ...]]:
    table: dict[tuple[str, ...], tuple[str, ...]] = {tuple(w.split()): () for w in LIGHT}
    table |= {tuple(phrase.split()): ("unanswered", topic) for phrase, topic in NOT_YET.items()}
    table |= {tuple(phrase.split()): () for phrase in EMPTY_PHRASES.split(", ")}
    for meaning, phrases in MEANINGS.items():
        parts = (meaning,) if meaning in ("at completion", "to date") else tuple(meaning.split())
        table |= {tuple(phrase.split()): parts for phrase in phrases.split(", ")}
    return table


PHRASES = _table()
"""What each phrase means: nothing, one or two meanings, or ("unanswered", topic)."""

LONGEST = max(len(phrase) for phrase in PHRASES)
KNOWN_WORDS = frozenset(w for phrase in PHRASES for w in phrase) | frozenset(NUMBER_WORDS)
