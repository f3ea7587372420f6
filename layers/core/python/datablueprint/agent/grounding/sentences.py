"""A draft read as sentences: what is named where, and which entity and day each figure is said of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from datablueprint.agent.draft import Piece
from datablueprint.agent.grounding.evidence import METRICS, Evidence, Fact
from datablueprint.agent.grounding.slots import (
    WORDS,
    Slot,
    any_of,
    blanked,
    flat,
    opens_a_sentence,
    replaced,
    run_of,
    with_names,
)
from datablueprint.agent.grounding.wording import DAY, ENTITY, FIGURE, Wrong
from datablueprint.metrics import BY_NAME

END = re.compile(r"[.!?;](?=\s|$)|\n+")
TOGETHER = {
    "portfolio": re.compile(r"\b(?:portfolio|(?:all |our )?active (?:projects|jobs)|overall)\b", re.IGNORECASE),
    "company": re.compile(r"\b(?:company|firm|overall|home office)\b", re.IGNORECASE),
    "closed": re.compile(r"\b(?:closed|finished|completed) (?:projects|jobs|portfolio|work)\b", re.IGNORECASE),
    "not-started": re.compile(r"\b(?:not started|not-started|upcoming)\b", re.IGNORECASE),
    "all": re.compile(r"\ball (?:projects|jobs)\b", re.IGNORECASE),
}
"""Words that name a group of projects."""
PRONOUN = re.compile(r"\b(?:its?|(?:the|this|that) (?:project|job))\b", re.IGNORECASE)
AFTERWARDS = re.compile(
    rf"(?:[\s(]*(?:(?:of|in) (?:the |its )?(?:[a-z]+ ){{0,4}})?(?:at|for|on|in|of|from)\s+(?:the\s+)?|\s\(){ENTITY}"
)
"""'... {figure} of gross profit at {entity}', '{figure} ({entity})'; it ends in the entity."""
LATER = re.compile(
    rf"[^{FIGURE}{ENTITY}]*?\b(?:at|on|for|of|in|to|from)\s+(?:the\s+)?(?P<who>{ENTITY})(?=\s*(?:[.,;:!?)]|as of\b|$))"
)
"""'{figure} has been spent on {entity}.', where the sentence has named nothing before."""
THAN = re.compile(
    rf"{ENTITY}(?:'s|’s)?[a-z ]* (?:higher|lower|larger|smaller|bigger|greater|better|worse)[a-z ]* than {ENTITY}"
    rf"(?:'s|’s)?[:,]? (?:at )?{FIGURE} (?:versus|vs|against|compared with|compared to|and|to) {FIGURE}"
)
"""'A has a higher margin than B: {figure} versus {figure}'; which is higher is compared elsewhere."""
LEADING = re.compile(rf",\s*(?P<who>{ENTITY})")
"""'At {figure}, {entity} makes ...'."""
BETWEEN = re.compile(rf"\b(?:between|from) {DAY} (?:and|to) {DAY}", re.IGNORECASE)
SINCE = re.compile(rf"\b(?:since|until)\s+{DAY}", re.IGNORECASE)
DAY_AFTER = re.compile(rf"[^{FIGURE}{ENTITY},;]{{0,40}}?\b(?:as of|on|at|by|in|of)\s+{DAY}")
CAPITAL = re.compile(r"[A-Z][^\W_]*")
PROPER = frozenset(
    "procore quickbooks gusto wip gmp hypothetical hypothetically eac co cos pm pms i a b c u ar roi us our we you no "
    "the of for and with at on in by to as it its is are was be that this these those all each every both from or an "
    "than then there here what which who why how when where if not but so after before since until under over more "
    "most new main only also overall compared still while together".split()
)
"""Words that name no project, person or company however they are written."""


EVERY_LABEL = any_of(label for label in METRICS if " " in label)
METRIC_WORDS = frozenset(word for metric in BY_NAME.values() for word in WORDS.findall(metric.label.lower()))


@dataclass(frozen=True)
class Bound:
    """A figure in its sentence. `before` reaches back to the last figure, `after` on to the next; both stay in it."""

    fact: Fact
    slot: Slot
    before: str
    after: str
    sentence: str
    heading: str
    """Everything before it since the last paragraph, other figures included."""
    scopes: frozenset[str] | None
    """What the reader takes it to be of; None = nothing was named."""
    spoken: frozenset[str]
    """Everything its sentence has named before it."""
    project: frozenset[str] | None
    """The project named last, for what is one part of a project."""
    days: frozenset[date]
    """The days its words name; empty = none."""
    span: tuple[int, int]
    """Of the sentence."""


class Reading:
    """`shape` is the draft with one private character in place of each thing that was named."""

    def __init__(self, pieces: Sequence[Piece], evidence: Evidence) -> None:
        self.evidence = evidence
        self.unknown: list[Wrong] = []
        self.foreign: list[Wrong] = []
        """Names of this company that no result is about: an offer or a refusal may say them, an answer may not."""
        line, given = flat(pieces)
        self.shape, self.slots = with_names(line, given, evidence)
        self._spot_names()
        self.facts = {s.at: evidence.facts[s.ref] for s in self.slots if s.kind == FIGURE and s.ref in evidence.facts}

    @property
    def said(self) -> dict[int, str]:
        """The names that stood in the text, by place."""
        return {slot.at: slot.said for slot in self.slots if slot.said}

    @cached_property
    def masked(self) -> str:
        """The shape without the metric labels of the evidence, which may hold numbers of their own; as long as it."""
        return blanked(self.shape, any_of(label for label in self.evidence.labels if not label.isalpha()))

    @cached_property
    def unlabelled(self) -> str:
        """The shape without any metric label, in which 'gain' and 'loss' are names; as long as it."""
        own = any_of(self.evidence.labels - METRICS)
        return blanked(blanked(self.shape, own), EVERY_LABEL)

    def sentence_at(self, place: int) -> str:
        """The sentence that holds a place."""
        return next((self.shape[start:end] for start, end in self.sentences() if start <= place < end), self.shape)

    def scopes_at(self, place: int) -> frozenset[str] | None:
        """What is spoken of at a place; None when nothing was named."""
        named = [slot.scopes for slot in self.slots if slot.kind == ENTITY and slot.at < place and slot.scopes]
        after = [s.scopes for s in self.slots if s.kind == ENTITY and s.at > place and s.scopes]
        return next(iter(named[-1:] or after[:1]), None)

    def reached(self, place: int, bounds: Sequence[Bound]) -> list[Bound]:
        """The figures a word speaks of: the nearest of its sentence; after a colon, every one of the list it opens."""
        start, end = next((span for span in self.sentences() if span[0] <= place < span[1]), (0, len(self.shape)))
        here = [b for b in bounds if start <= b.slot.at < end]
        after = [b for b in here if b.slot.at > place]
        colon = self.shape.find(":", place, end)
        if here and (colon < 0 or not after or after[0].slot.at < colon):
            return [min(here, key=lambda b: (abs(b.slot.at - place), b.slot.at))]
        stop = re.compile(r"[.!?](?=\s|$)").search(self.shape, end if not here else place)
        return [b for b in bounds if place < b.slot.at < (stop.start() if stop else len(self.shape))]

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Where each begins and ends; lines of a list are sentences."""
        start = 0
        for found in END.finditer(self.shape):
            yield start, found.end()
            start = found.end()
        if start < len(self.shape):
            yield start, len(self.shape)

    def bound(self) -> Iterator[Bound]:
        """Every figure with what it is said of."""
        topic: frozenset[str] | None = None
        project: frozenset[str] | None = None
        by_place = {slot.at: slot for slot in self.slots}
        for start, end in self.sentences():
            named, last, first = topic, start, None
            for at in sorted(place for place in by_place if start <= place < end):
                slot = by_place[at]
                named = _carried(self.unlabelled[last:at], named, first or topic)
                first = first or (named if named is not topic else None)
                if slot.kind == ENTITY and slot.scopes:
                    named = slot.scopes
                    first = first or named
                    project = project if any("/" in scope for scope in named) else named
                elif slot.kind == FIGURE and at in self.facts:
                    yield self._bind(slot, (start, end), named, by_place, project)
                last = at
            said = first or _carried(self.unlabelled[last:end], topic, topic)
            goes_on = start and self.shape[start - 1] == ";"
            topic = topic if topic and (goes_on or self._lists((start, end))) else said

    def _lists(self, span: tuple[int, int]) -> bool:
        """Whether a sentence says of its subject what several others are: 'The largest parts are A, B and C.'"""
        sentence = self.shape[slice(*span)]
        named = [slot.at - span[0] for slot in self.slots if slot.kind == ENTITY and span[0] <= slot.at < span[1]]
        return len(named) > 1 and bool(re.search(r"\b(?:are|were)\b[^.]*$", sentence[: named[0]]))

    def _bind(
        self,
        slot: Slot,
        span: tuple[int, int],
        named: frozenset[str] | None,
        places: dict[int, Slot],
        project: frozenset[str] | None,
    ) -> Bound:
        start, end = span
        earlier = max((at for at in self.facts if start <= at < slot.at), default=start - 1)
        later = min((at for at in self.facts if slot.at < at < end), default=end)
        after = self.shape[slot.at + 1 : later]
        named = self._named_after(slot, start, after, places) or named
        return Bound(
            fact=self.facts[slot.at],
            slot=slot,
            before=self.shape[earlier + 1 : slot.at],
            after=after,
            sentence=self.shape[start:end],
            heading=self.shape[: slot.at],
            scopes=self._in_turn(slot, span) or named,
            spoken=frozenset(x for s in self.slots if start <= s.at < slot.at for x in s.scopes),
            project=project,
            days=self._days(slot.at, start, later, after, places),
            span=span,
        )

    def _named_after(self, slot: Slot, start: int, after: str, places: dict[int, Slot]) -> frozenset[str] | None:
        """The entity that is said just after a figure, which is then not that named before."""
        opened = any(start <= s.at < slot.at and s.scopes for s in self.slots if s.kind == ENTITY)
        leads = re.fullmatch(r"\s*(?:at|with)\s+", self.shape[start : slot.at], re.IGNORECASE)
        beside = AFTERWARDS.match(after)
        if beside:
            return places[slot.at + beside.end()].scopes or None
        found = (leads and LEADING.match(after)) or (not opened and LATER.match(after))
        return (places[slot.at + 1 + found.start("who")].scopes or None) if found else None

    def _days(self, at: int, start: int, later: int, after: str, places: dict[int, Slot]) -> frozenset[date]:
        """The day named just after a figure, else the last one before it in its sentence."""
        if DAY_AFTER.match(after):
            found = [places[p].day for p in range(at, later) if p in places and places[p].kind == DAY]
            return frozenset(day for day in found[:1] if day)
        taken = {m.end() - 1 for p in self.facts if start <= p < at for m in [DAY_AFTER.match(self.shape, p + 1)] if m}
        ranges = {found.end() - 1 for found in SINCE.finditer(self.shape, start, at)}
        free = [p for p in range(start, at) if p in places and places[p].kind == DAY and p not in taken | ranges]
        several = free if BETWEEN.search(self.shape, start, at) else free[-1:]
        return frozenset(day for p in several if (day := places[p].day))

    def _in_turn(self, slot: Slot, span: tuple[int, int]) -> frozenset[str] | None:
        """'A and B have margins of X and Y': as many figures as entities, and every entity before the first figure."""
        here = [s for s in self.slots if span[0] <= s.at < span[1]]
        named, figures = ([s for s in here if s.kind == kind] for kind in (ENTITY, FIGURE))
        if len(named) < 2 or len(named) != len(figures) or named[-1].at > figures[0].at:
            return None
        between = [self.shape[one.at + 1 : two.at] for one, two in pairwise(named)]
        than = len(named) == 2 and THAN.fullmatch(self.shape, named[0].at, figures[1].at + 1)
        if not than and not all(re.fullmatch(r"\s*(?:,|and|, and|&)\s*", text) for text in between):
            return None
        return named[figures.index(slot)].scopes or None

    @cached_property
    def _told(self) -> frozenset[str]:
        """Scopes the results are about."""
        return frozenset(scope for scopes in self.evidence.names.values() for scope in scopes)

    def _spot_names(self) -> None:
        """Parts of names ('Riverside'), and names of this company that no result holds; unknown names are noted."""
        tokens, spots, done = self.evidence.tokens, [], -1
        for found in CAPITAL.finditer(self.shape):
            word = found[0].lower()
            if found.start() < done or word in PROPER or word in METRIC_WORDS:
                continue
            run, scopes = run_of(self.shape, found.start(), tokens.get(word, ()))
            if scopes and not scopes & self._told:
                self.foreign.append(Wrong("unknown_name", found[0], "No result of this turn is about that; ask first"))
            if scopes:
                done = run
                spots.append(Slot(ENTITY, found.start(), scopes=scopes, day=None, piece=run))
            elif not opens_a_sentence(self.shape, found.start()):
                self.unknown.append(Wrong("unknown_name", found[0], "Name things with {entity: scope} of a result"))
        if spots:
            self.shape, self.slots = replaced(self.shape, self.slots, spots)


def names_a_group(text: str) -> bool:
    """Whether words speak of a group of projects."""
    return any(words.search(text) for words in TOGETHER.values())


def _carried(text: str, named: frozenset[str] | None, topic: frozenset[str] | None) -> frozenset[str] | None:
    """What is spoken of after these words: a group they name, for 'its' the topic of the sentence."""
    places = [(found.end(), key) for key, words in TOGETHER.items() for found in words.finditer(text)]
    pronoun = max((found.end() for found in PRONOUN.finditer(text)), default=-1)
    last = max((place for place, _ in places), default=-1)
    if last > pronoun:
        return frozenset(key for place, key in places if place == last)
    return topic if pronoun >= 0 and topic else named
