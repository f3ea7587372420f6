"""What a sentence says around its figures: before its subject, after its last figure, or without any figure at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from datablueprint.agent.grounding.at_figure import IF
from datablueprint.agent.grounding.claims import ABOVE_ZERO, BELOW_ZERO, BETTER, CAUSE, DOWN, GRADE, UP, WORSE
from datablueprint.agent.grounding.comparisons import COMPARED
from datablueprint.agent.grounding.evidence import GROUPS
from datablueprint.agent.grounding.ranks import SUPERLATIVE
from datablueprint.agent.grounding.sentences import Bound, Reading
from datablueprint.agent.grounding.wording import COUNT, DAY, ENTITY, FIGURE, Wrong

CHECKED = (UP, DOWN, BETTER, WORSE, BELOW_ZERO, ABOVE_ZERO, SUPERLATIVE, CAUSE, COMPARED)
"""Claims that are compared with the figures, wherever they stand."""
SO = re.compile(
    r"\b(?:is|are|was|were|been|being|be)\s+(?:now |already |all |as )*"
    r"(?P<how>closed|completed?|finished|over-?billed|under-?billed|paid|billed|invoiced|approved|rejected|posted)\b"
    rf"(?!\s+(?:by|at|to date|on|for|{FIGURE}))",
    re.IGNORECASE,
)
"""A state of a job that its figure beside it does not tell."""
GROUP_OF = {
    "closed": re.compile(r"\b(?:closed|finished|completed) (?:jobs?|projects?|work)\b", re.IGNORECASE),
    "not-started": re.compile(r"\bnot[ -]started\b", re.IGNORECASE),
}
OF_EACH = re.compile(
    r"\b(?:each|every|all) (?:of|jobs?|projects?|codes?|managers?)\b|\beverything\b(?! pending)", re.IGNORECASE
)
STATE = re.compile(
    r"\b(?:spent|billed|invoiced|paid|posted|approved|rejected|completed?|finished|closed|overbilled"
    r"|underbilled|high|low|large|small|great|long|collected|counted|included|known|current|due|higher|missing|left)\b",
    re.IGNORECASE,
)
LEAD = re.compile(rf"\s*[^{FIGURE}{ENTITY}{COUNT},:;]*,")
LEADING = frozenset(
    "a across active all also and are as at between by change changed compared comparing completion contrast currently "
    "date dollars down far first follow following for from gross here highest hypothetical hypothetically in is it its "
    "job jobs last list lowest margin margins month now of on our overall portfolio prior profit profits project "
    "projects ranked result short since so such that the then therefore these this those to today two ranking up we "
    "which with you your back parts some offset others".split()
)
LESS_OR_MORE = re.compile(r"\b(?:less|more|fewer)\b", re.IGNORECASE)
HOUSE = re.compile(r"\b(?:left out|not|no|unavailable|a required|too few|beside|if|would)\b", re.IGNORECASE)
SAID_BY_US = re.compile(r"which is not set off against it|too few jobs to rank")
TAIL = frozenset(
    "a an and as at by for in is it its of on or so the to today now then currently far date has have had been was are "
    "that this which we our left remaining spent used worked logged earned billed expected gross net profit margin "
    "margins contract value cost costs labor hours backlog revenue completion complete total jobs projects codes "
    "grade respectively versus vs would be stay change more before overhead wages tied".split()
)


def unfounded(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """Words that nothing is compared with, in the places where they would say something of their own."""
    yield from _stated(bounds, reading)
    yield from _trailing(reading)
    yield from _leading(reading)


def _stated(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """A sentence that states how things are in words that nothing is compared with."""
    queries = [result.query for result in reading.evidence.results]
    for start, end in reading.sentences():
        text, here = reading.unlabelled[start:end], [b.fact for b in bounds if start <= b.slot.at < end]
        supposing = IF.search(text) or any(fact.supposed for fact in here)
        for found in () if supposing else SO.finditer(text):
            yield Wrong("unborne", found["how"], "State it with its figure, or leave it out")
        for group, words in GROUP_OF.items():
            scorecard = group == "closed" and any(
                q.kind in ("scorecard", "wip") or q.metric.startswith("pm_") for q in queries
            )
            group_word = words.search(reading.shape[start:end])
            if group_word and not scorecard and not any(group in (q.scope, q.by or "", *q.scopes) for q in queries):
                yield Wrong("unborne", group_word[0], "No result of this turn is of those")
        of_each = OF_EACH.search(text)
        if of_each and any(fact.scope not in GROUPS for fact in here):
            yield Wrong("unborne", of_each[0], "Say it of the one whose figure it is")
        if FIGURE in text or COUNT in text or text.rstrip().endswith((":", "?")) or HOUSE.search(text):
            continue
        state = STATE.search(text)
        than = LESS_OR_MORE.search(text)
        if than:
            yield Wrong("unborne", than[0], "A comparison needs both figures in its sentence")
        if state and not any(pattern.search(text) for pattern in CHECKED):
            yield Wrong("unborne", state[0], "State it with its figure, or leave it out")


def _trailing(reading: Reading) -> Iterator[Wrong]:
    """What a sentence goes on to say after its last figure: little may stand there, for nothing is compared with it."""
    for start, end in reading.sentences():
        places = [reading.unlabelled.rfind(slot, start, end) for slot in (FIGURE, ENTITY, DAY, COUNT)]
        last = max(places)
        tail = reading.unlabelled[last + 1 : end]
        if FIGURE not in reading.unlabelled[start:end] or reading.unlabelled[last] == COUNT:
            continue
        words = [word.lower() for word in re.findall(r"[A-Za-z'’-]+", SAID_BY_US.sub(" ", GRADE.sub(" ", tail)))]
        unknown = [word for word in words if word not in TAIL and not any(p.search(word) for p in CHECKED)]
        if unknown and not tail.rstrip().endswith(":"):
            yield Wrong("unborne", unknown[0], "End the sentence with its figure")


def _leading(reading: Reading) -> Iterator[Wrong]:
    """What a sentence says before its subject: 'After overhead, ...' makes the figure another."""
    for start, end in reading.sentences():
        text = reading.unlabelled[start:end]
        lead = LEAD.match(text)
        if not lead or FIGURE not in text or IF.search(lead[0]) or re.search(r"\bwould\b", text):
            continue
        words = [
            word.lower() for word in re.findall(r"[A-Za-z'’-]+", re.sub("after that", "", lead[0], flags=re.IGNORECASE))
        ]
        unknown = [word for word in words if word not in LEADING and not any(p.search(word) for p in CHECKED)]
        if unknown:
            yield Wrong("unborne", unknown[0], "Begin with what the figure is of")
