"""One question in, one plan out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from datablueprint.agent.plan import Plan, Refusal
from datablueprint.agent.planning import lexicon
from datablueprint.agent.planning.calendar import DATELIKE
from datablueprint.agent.planning.deciding import Deciding
from datablueprint.agent.planning.drafting import draft
from datablueprint.agent.planning.following_up import carried
from datablueprint.agent.planning.slots import Masked
from datablueprint.agent.planning.stopping import Stop, refuse
from datablueprint.agent.planning.suggesting import suggest
from datablueprint.agent.planning.understanding import Reading, read
from datablueprint.agent.planning.words.forbidden import PATTERNS
from datablueprint.agent.query import Query
from datablueprint.agent.reading import BREAK
from datablueprint.agent.vocabulary import Vocabulary

LONGEST_QUESTION = 400
"""Characters; a longer text is no question about a figure."""
MOST_PARTS = 3


def plan(question: str, vocabulary: Vocabulary, *, context: Sequence[Query] = ()) -> Plan:
    """What a question asks for: queries, a question back, or a refusal that says what is missing."""
    try:
        return _planned(question, vocabulary, context)
    except Stop as stop:
        return _with_offers(stop.plan, question, vocabulary)


def _with_offers(stopped: Plan, question: str, vocabulary: Vocabulary) -> Plan:
    """A refusal of what was not understood offers the nearest questions that can be answered."""
    refusal = stopped.refusal
    if (
        refusal is None
        or refusal.code not in ("not_understood", "not_in_data", "opinion")
        or stopped.offers
        or len(question) > LONGEST_QUESTION
    ):
        return stopped
    named = [s.keys[0] for s in read(question, vocabulary).slots("project") if len(s.keys) == 1 and s.sure]
    return stopped.model_copy(
        update={"offers": suggest(question, vocabulary, scope=named[0] if named else "portfolio")}
    )


def _planned(question: str, vocabulary: Vocabulary, context: Sequence[Query]) -> Plan:
    _demand_readable(question)
    _demand_allowed(question)
    before = context[-1].metric if context else ""
    reading = read(question, vocabulary, weekly="per_week" in before or "overhead" in before)
    _demand_known(reading, vocabulary)
    said = draft(reading, vocabulary.newest)
    deciding = Deciding(said, vocabulary, carried(said, context[-1] if context else None))
    queries = deciding.queries()
    if len(queries) > MOST_PARTS:
        raise refuse("not_understood", f"it asks for {len(queries)} figures; ask for at most {MOST_PARTS} at a time")
    unread = " ".join(p.words for p in reading.pieces if p.strange)
    notes = [
        *deciding.assumptions,
        *([f"not used: '{unread}'"] if unread else []),
        *(f"'{a}' is read as '{b}'" for a, b in reading.repairs),
    ]
    return Plan(queries=queries, assumptions=tuple(dict.fromkeys(notes)))


def _demand_readable(question: str) -> None:
    if not question.strip():
        raise refuse("not_understood", "there is no question in it")
    if len(question) > LONGEST_QUESTION:
        raise refuse("not_understood", f"it is longer than {LONGEST_QUESTION} characters")


@cache
def _patterns() -> tuple[tuple[str, str, str, re.Pattern[str]], ...]:
    return tuple((code, because, fix, re.compile(pattern)) for code, because, fix, pattern in PATTERNS)


def _demand_allowed(question: str) -> None:
    text = Masked.of(question).text
    for code, because, fix, pattern in _patterns():
        if pattern.search(text):
            raise refuse(code, because, fix)  # type: ignore[arg-type]


def _demand_known(reading: Reading, vocabulary: Vocabulary) -> None:
    """Topics that are not here are refused by name, then words that are not known."""
    said = {p[1:] for piece in reading.pieces for p in piece.parts if p.startswith(lexicon.TOPIC)}
    topics = [
        lexicon.TOPICS[name]
        for name in lexicon.TOPICS
        if name in said and not EXCUSED.get(name, frozenset()) & reading.parts
    ]
    if topics:
        topic = topics[0]
        raise Stop(Plan(refusal=Refusal(code=topic.code, because=topic.because, fix=topic.fix)))  # type: ignore[arg-type]
    idle = _idle(reading)
    strange = [
        p.words
        for at, p in enumerate(reading.pieces)
        if p.strange and at not in idle and not _excused(p.words, reading)
    ]
    if strange:
        word = strange[0][:40]
        raise refuse("not_understood", f"I do not understand '{word}'")


def _excused(word: str, reading: Reading) -> bool:
    """An adverb, or a unit of time beside a figure that is measured in it."""
    if word.endswith("ly") and len(word) > 5 and word.isalpha() and word not in PERIODIC:
        return True
    return word in ("week", "weeks") and reading.has("weeks_left", "per_week", "weeks1", "weeks4", "weeks8")


PERIODIC = frozenset(
    "monthly weekly quarterly yearly annually daily hourly bimonthly fortnightly biweekly family assembly".split()
)
EXCUSED = {
    "the schedule": frozenset(["weeks_left", "#wip", "#fresh", "method_E3c", "by_time"]),
    "quantities": frozenset(["progress"]),
    "spend with a vendor": frozenset(["committed"]),
    "tax": frozenset(["unburdened", "burden"]),
    "financial statements": frozenset(["credit_line"]),
    "receivables by age": frozenset(["retainage"]),
    "addresses and contacts": frozenset(["#by_pm", "#scorecard"]),
    "people and crews": frozenset(["#faster", "#slower", "burden"]),
}
"""Meanings beside which the words of a topic are only a way to put it."""

LIMITING = frozenset(
    """but except excluding only not without if in for of on at with by from to since before after under over above
    below because per unless until till through during between outside inside near like as""".split()
)


def _idle(reading: Reading) -> set[int]:
    """Places in clauses that say nothing of figures: 'I have a meeting at noon, what is our margin'."""
    clauses: list[list[int]] = [[]]
    for at, piece in enumerate(reading.pieces):
        if piece.parts in ((",",), (BREAK,)):
            clauses.append([])
        else:
            clauses[-1].append(at)
    idle: set[int] = set()
    for clause in clauses:
        pieces = [reading.pieces[at] for at in clause]
        says = any(p.slot or (p.parts and not set(p.parts) <= SMALL) for p in pieces) or any(
            c.isdigit() for p in pieces for c in p.words
        )
        if (
            len(pieces) > 2
            and not says
            and pieces[0].words.split()[0] in OPENERS
            and not any(p.words in LIMITING for p in pieces[1:] if p.strange)
            and all((p.words not in DATELIKE and p.words.isalpha()) or not p.strange for p in pieces)
            and len(clauses) > 1
        ):
            idle |= set(clause)
    return idle


OPENERS = frozenset(
    """i i'm im my boss he she they trying getting asking sorry thanks thank want need wanted hope guys the got
    have just ok hey""".split()
)
SMALL = frozenset(["#it", "#have", "#was", "#iffy", "#our", "#which"])
