"""A draft is printed only when each word of it is borne out by this turn's results; anything doubtful is sent back.

Text may hold no quantity, figures are references, and what the words around a
reference claim (whose, of when, of what, which way, the least, supposed) is
compared with what the reference is. Being wrong here costs a repair, never a
wrong figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datablueprint.agent.draft import Draft, Piece
from datablueprint.agent.grounding import assertions, claims, comparisons, fitting, ranks
from datablueprint.agent.grounding.diction import unplain
from datablueprint.agent.grounding.evidence import Evidence
from datablueprint.agent.grounding.sentences import Reading
from datablueprint.agent.grounding.wording import (
    COUNT,
    DAY,
    ENTITY,
    FIGURE,
    Wrong,
    wrong_characters,
    wrong_symbols,
    wrong_words,
)
from datablueprint.agent.text import Count, Day, Name, Ref, Segment

MOST_TEXT = 8_000
REPORTED = 8
"""Problems told to the model at once."""
SLOT = f"[{FIGURE}{ENTITY}{DAY}{COUNT}]"
GLUED = re.compile(
    rf"[A-Za-z]{SLOT}|[{FIGURE}{DAY}{COUNT}](?=[A-Za-z{FIGURE}{DAY}{COUNT}{ENTITY}])|{ENTITY}(?=[{FIGURE}{DAY}{COUNT}])"
)
SIGNED = re.compile(
    rf"(?:(?<![\w{ENTITY}{FIGURE}]) ?[-–−]\s?|[\w{ENTITY}][-–]|\b(?:minus|negative|plus)\s){FIGURE}", re.IGNORECASE
)
LESS = re.compile(rf"{FIGURE}(?: of [a-z ]{{0,40}}?)? (?:minus|plus)\s{FIGURE}", re.IGNORECASE)
IN_PARENTHESES = re.compile(rf"\b(?:is|was|of|at|are|be|to|from|by|than)\s+\(({FIGURE})\)")
COUNTED = re.compile(rf"{COUNT}[\s-]*(?:hour|day|week|month|year|dollar|point|percent|cent|job-hour)", re.IGNORECASE)
ZERO = re.compile(r"\b(below|under|above) zero\b", re.IGNORECASE)


def check(draft: Draft, evidence: Evidence) -> list[Wrong]:
    """Everything wrong with a draft, worst first; an empty list lets it be printed."""
    wrong = [*_text(draft.segments), *_references(draft, evidence)]
    if wrong:
        return list(dict.fromkeys(wrong))
    reading = Reading(draft.segments, evidence)
    wrong = [*_words(reading), *reading.foreign, *_shape(reading)]
    return list(dict.fromkeys(wrong)) or list(dict.fromkeys(_claims(draft, reading)))


def check_words(text: str, evidence: Evidence) -> list[Wrong]:
    """What is wrong with words that no figure stands in: a topic, a label, a question offered."""
    pieces = [Piece(text=text)]
    wrong = list(_text(pieces))
    if wrong:
        return wrong
    return list(_words(Reading(pieces, evidence)))


def segments(draft: Draft, evidence: Evidence) -> list[Segment]:
    """An accepted draft as the renderer takes it."""
    return [_segment(piece, evidence) for piece in draft.segments]


def _segment(piece: Piece, evidence: Evidence) -> Segment:
    if piece.figure is not None:
        return Ref(piece.figure)
    if piece.entity is not None:
        return Name(evidence.said_of[piece.entity])
    if piece.day is not None:
        return Day(piece.day)
    if piece.count is not None:
        return Count(evidence.counts[piece.count])
    return piece.text or ""


def told(problems: Sequence[Wrong], evidence: Evidence) -> Mapping[str, Any]:
    """The problems as the model gets them back, with the references it may use."""
    return {
        "error": "draft_rejected",
        "problems": [problem._asdict() for problem in problems[:REPORTED]],
        "figures": sorted(evidence.facts)[:60],
        "entities": sorted(evidence.said_of)[:60],
        "days": sorted(map(str, evidence.days)),
        "counts": sorted(evidence.counts),
    }


def _text(pieces: Sequence[Piece]) -> Iterator[Wrong]:
    whole = "".join(piece.text or "" for piece in pieces)
    if len(whole) > MOST_TEXT:
        yield Wrong("too_long", f"{len(whole)}", f"Say it in fewer than {MOST_TEXT} characters")
        return
    yield from wrong_characters(whole)


def _references(draft: Draft, evidence: Evidence) -> Iterator[Wrong]:
    for result in draft.result_ids:
        if result not in evidence.counts:
            yield Wrong("unknown_result", result, f"Results of this turn: {', '.join(evidence.counts) or 'none'}")
    named = [piece.figure for piece in draft.segments if piece.figure is not None]
    for ref in (*named, *([draft.headline] if draft.headline else [])):
        if ref not in evidence.facts:
            yield Wrong("unknown_figure", ref, "Use a ref of this turn's results")
    for piece in draft.segments:
        if piece.entity is not None and piece.entity not in evidence.said_of:
            yield Wrong("unknown_entity", piece.entity, "Use the scope of a row of this turn's results")
        if piece.day is not None and piece.day not in evidence.days:
            yield Wrong("unknown_day", piece.day.isoformat(), "Use a day of this turn's results")
        if piece.count is not None and piece.count not in evidence.counts:
            yield Wrong("unknown_count", piece.count, "A count is named by its result_id")
    if draft.segments and not named and not any(piece.count is not None for piece in draft.segments):
        yield Wrong("no_figure", "", "An answer shows at least one {figure} or {count}")


def _words(reading: Reading) -> Iterator[Wrong]:
    yield from wrong_symbols(reading.masked)
    yield from wrong_words(ZERO.sub(" ", reading.masked))
    yield from reading.unknown


def _shape(reading: Reading) -> Iterator[Wrong]:
    shape = reading.shape
    if GLUED.search(shape):
        yield Wrong("glued", "", "Leave a space between a reference and the text or reference beside it")
    sums = [found.end() for found in LESS.finditer(shape)]
    for found in SIGNED.finditer(shape):
        if found.end() not in sums:
            yield Wrong("wrong_sign", found[0].strip(FIGURE + " "), "A figure is printed with its own sign")
    for found in IN_PARENTHESES.finditer(shape):
        fact = reading.facts.get(found.start(1))
        if fact and fact.unit.startswith("money"):
            yield Wrong("wrong_sign", "( )", "Parentheses around money read as a minus; leave them out")
    for _ in COUNTED.finditer(shape):
        yield Wrong("wrong_unit", "{count}", "A count is of rows; it has no unit")


def _claims(draft: Draft, reading: Reading) -> Iterator[Wrong]:
    yield from unplain(reading.masked)
    bounds = list(reading.bound())
    for index, bound in enumerate(bounds):
        yield from claims.misplaced(bound, reading)
        yield from claims.mistimed(bound, reading)
        yield from claims.unsupposed(bound)
        yield from fitting.ill_fitting(bound, [b.fact for b in bounds[:index]])
    yield from claims.misgraded(bounds, reading)
    yield from claims.misdirected(bounds, reading)
    yield from claims.missigned(bounds, reading)
    yield from claims.uncaused(reading)
    yield from ranks.misranked(bounds, reading)
    yield from comparisons.miscompared(bounds, reading)
    yield from comparisons.unlike(bounds, reading)
    yield from assertions.unasserted(bounds, reading)
    if draft.segments:
        yield from assertions.unanswered(bounds, draft.headline, draft.result_ids, reading)
