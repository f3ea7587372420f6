"""Above and below, from and to, instead of: said only where both figures are there and say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from datablueprint.agent.grounding.evidence import Fact
from datablueprint.agent.grounding.ranks import direction_of
from datablueprint.agent.grounding.sentences import Bound, Reading, names_a_group
from datablueprint.agent.grounding.wording import DAY, ENTITY, FIGURE, LABEL, Wrong

LESS = "less fewer lower smaller below under beneath short worse".split()
MORE = "more greater higher larger bigger above over beyond exceeds exceed exceeding exceeded better".split()
COMPARED = re.compile(
    rf"\b(?P<word>{'|'.join((*LESS, *MORE))})\b(?P<than> than\b)?"
    rf"(?=(?P<rest>[^{FIGURE}.;\n]{{0,60}})(?P<figure>{FIGURE})?)",
    re.IGNORECASE,
)
FROM_TO = re.compile(rf"\bfrom (?P<first>{FIGURE})[^{FIGURE}.;\n]{{0,40}}?\bto (?P<second>{FIGURE})")
SET_AGAINST = re.compile(
    rf"(?P<first>{FIGURE}) (?:instead of|rather than|compared (?:with|to)) (?P<second>{FIGURE})"
    rf"|compared (?:with|to)[^{FIGURE}.;\n]{{0,40}}(?P<one>{FIGURE}),[^{FIGURE}.;\n]{{0,60}}(?P<two>{FIGURE})",
    re.IGNORECASE,
)
BARE = re.compile(r"\b(?:higher|lower|larger|smaller|bigger|greater|better|worse|fewer)\b", re.IGNORECASE)
LOOSE = re.compile(
    r"\b(?:nearly|almost|about|around|roughly|approximately|approx|up to|at least|at most|close to|just|well"
    r"|in excess of|as much as|as little as|some|only|barely|a further"
    rf"|upwards of|north of|south of|circa)\s*(?:the |its |a )?{FIGURE}",
    re.IGNORECASE,
)
ADJACENT = re.compile(
    r"^(?:\s|the|its|their|a|an|of|in|for|budget|cost|contract|portfolio|revised|original|value|margin|profit|estimate"
    rf"|what|was|is|'s|’s|that|than|[{ENTITY}{DAY}{LABEL}]|,)*$",
    re.IGNORECASE,
)
"""Between a word that compares and the figure it compares with."""
COPULA = re.compile(
    r"(?:\b(?:is|are|was|were|stands?|sits?|comes?|makes?|made|remains?|well|far)|,|\bmargin|\bcost)\s*(?:an? )?$"
)
"""Between the figure that is compared and the word that compares it."""
THAT_OF = re.compile(
    rf"\b[Tt]he (?P<word>higher|lower|larger|smaller|better|worse) (?:figure|one) is that of (?P<who>{ENTITY})"
)
"""After figures of a pair, side by side."""
OF_THE_NEXT = re.compile(r",? (?:at|with) ")
"""'..., while B comes in lower at {figure}': the word is about the figure after it."""
VERB = re.compile(r"\s+(?:is|are|was|were|has|have|had|will|would)\b")
"""After a figure that begins a clause of its own."""


def miscompared(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """A comparison that its two figures do not bear out, or without a second figure; hedges beside an exact figure."""
    text = reading.unlabelled
    for found in LOOSE.finditer(text):
        yield Wrong("hedge", found[0].rstrip(FIGURE).strip(), "A figure is exact; leave the word out")
    pairs = {found.start("word"): found for found in THAT_OF.finditer(reading.shape)}
    for found in COMPARED.finditer(text):
        word = found["word"].lower()
        if found.start() in pairs:
            if not _of_the_pair(pairs[found.start()], word, bounds, reading):
                yield Wrong(
                    "wrong_comparison", found["word"], "It is the other way round, or there are more than a pair"
                )
            continue
        than, rest = found["than"], found["rest"]
        close = bool(found["figure"]) and bool(ADJACENT.match(rest)) and word not in ("less", "more", "fewer")
        if than or close or BARE.fullmatch(word):
            at_figure = bool(found["figure"]) and (close or bool(than and ADJACENT.match(rest)))
            if not than and found["figure"] and OF_THE_NEXT.fullmatch(found["rest"]):
                wrong = _unequal_to_the_last(found.end("word"), word, bounds, reading)
            else:
                wrong = _unequal(found.start(), word, bounds, reading, beside=at_figure)
            if wrong:
                yield Wrong("wrong_comparison", found["word"], wrong)


def unlike(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """Two figures said to be the same thing at two ends, or set against each other, that are not alike."""
    by_place = {bound.slot.at: bound.fact for bound in bounds}
    for pattern, of_one in ((FROM_TO, True), (SET_AGAINST, False)):
        for found in pattern.finditer(reading.shape):
            ends = [found.start(name) for name in found.groupdict() if found[name]]
            first, second = (by_place.get(place) for place in ends)
            if first is None or second is None:
                continue
            alike = first.unit == second.unit and (
                not of_one or (first.metric, first.scope) == (second.metric, second.scope)
            )
            backwards = of_one and (first.as_of > second.as_of or (first.supposed and not second.supposed))
            if backwards or not alike:
                yield Wrong("wrong_comparison", found[0].strip(FIGURE), "These two figures are not of one kind")


def _unequal(at: int, word: str, bounds: Sequence[Bound], reading: Reading, *, beside: bool) -> str:
    """What is wrong with 'first word second'; empty when the two figures bear it out.

    `beside` = the second figure follows the word, so the first stands before it.
    """
    start, end = next((span for span in reading.sentences() if span[0] <= at < span[1]), (0, len(reading.shape)))
    here = [b for b in bounds if start <= b.slot.at < end and b.fact.value is not None]
    before, after = [b for b in here if b.slot.at < at], [b for b in here if b.slot.at > at]
    between = reading.shape[before[-1].slot.at + 1 : at] if before else ""
    others = [s.scopes for s in reading.slots if before and s.kind == ENTITY and before[-1].slot.at < s.at < at]
    elsewhere = any(before[-1].fact.scope not in scopes for scopes in others) or names_a_group(between)
    new_clause = after and between.rstrip().endswith(",") and VERB.match(after[0].after)
    if beside and (elsewhere or new_clause or not COPULA.search(between)):
        before = []
    pair = (before[-1].fact, after[0].fact) if before and after else ()
    if not pair and len(after) > 1 and not beside:
        pair = (after[0].fact, after[1].fact)
    if not pair:
        moved = [b.fact for b in here if b.fact.change]
        if len(here) == 1 and moved and not beside and word not in ("better", "worse"):
            return "" if _more(moved[0].value, Decimal(0)) is (word in MORE) else "The change goes the other way"
        return "A comparison needs both figures in its sentence; name the other by its ref, or drop the word"
    return _wrong_way(word, *pair)


def _of_the_pair(found: re.Match[str], word: str, bounds: Sequence[Bound], reading: Reading) -> bool:
    """Whether of the last two figures of one metric the named entity's is the higher, or whichever is said."""
    scopes = next(slot.scopes for slot in reading.slots if slot.at == found.start("who"))
    said = [b.fact for b in bounds if b.slot.at < found.start()]
    alike = [fact for fact in said if fact.metric == said[-1].metric]
    if len({fact.scope for fact in alike}) != 2:
        return False
    mine, other = ([f for f in alike if (f.scope in scopes) is own] for own in (True, False))
    return bool(mine and other) and not _wrong_way(word, mine[0], other[0])


def _unequal_to_the_last(at: int, word: str, bounds: Sequence[Bound], reading: Reading) -> str:
    """The same where the word is said of the figure that follows, compared with the one before in its sentence."""
    later = next(b for b in bounds if b.slot.at >= at)
    before = [b.fact for b in bounds if later.span[0] <= b.slot.at < at and b.fact.metric == later.fact.metric]
    return _wrong_way(word, later.fact, before[-1]) if before else "A comparison needs both figures in its sentence"


def _wrong_way(word: str, first: Fact, second: Fact) -> str:
    if first.unit != second.unit:
        return "The two figures of this comparison have different units"
    more = word in MORE
    if word in ("better", "worse") and direction_of("best", first) == "lowest":
        more = not more
    return (
        "" if _more(first.value, second.value) is more and first.value != second.value else "It is the other way round"
    )


def _more(first: Decimal | None, second: Decimal | None) -> bool:
    return (first or Decimal(0)) > (second or Decimal(0))
