"""A draft as one line in which everything that was named, by reference or in words, is one private character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from datablueprint.agent.draft import Piece
from datablueprint.agent.grounding.evidence import GROUPS, Evidence
from datablueprint.agent.grounding.wording import COUNT, DAY, ENTITY, FIGURE, LABEL

MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Slot:
    """Something named by reference, or a name or day of the evidence that stood in the text."""

    kind: str
    at: int
    ref: str = ""
    scopes: frozenset[str] = frozenset()
    day: date | None = None
    result: str = ""
    piece: int = 0
    said: str = ""
    """A name as it stood in the text, in lower case."""


def any_of(labels: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(labels, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def blanked(text: str, pattern: re.Pattern[str] | None) -> str:
    return pattern.sub(lambda found: LABEL * len(found[0]), text) if pattern else text


def flat(pieces: Sequence[Piece]) -> tuple[str, list[Slot]]:
    parts, slots, at = [], [], 0
    for index, piece in enumerate(pieces):
        if piece.text is not None:
            parts.append(piece.text)
            at += len(piece.text)
            continue
        if piece.figure is not None:
            slots.append(Slot(FIGURE, at, ref=piece.figure, piece=index))
        elif piece.entity is not None:
            slots.append(Slot(ENTITY, at, scopes=frozenset([piece.entity]), piece=index))
        elif piece.day is not None:
            slots.append(Slot(DAY, at, day=piece.day, piece=index))
        else:
            slots.append(Slot(COUNT, at, result=piece.count or "", piece=index))
        parts.append(slots[-1].kind)
        at += 1
    return "".join(parts), slots


def with_names(line: str, given: Iterable[Slot], evidence: Evidence) -> tuple[str, list[Slot]]:
    """Names and days of the evidence that stand in the text become slots as well."""
    days = {form.lower(): day for day in evidence.days for form in _forms(day)}
    names = {n: s for n, s in evidence.names.items() if n not in evidence.labels and n not in GROUPS}
    pattern = any_of((*names, *days))
    spots = []
    for found in pattern.finditer(line) if pattern else ():
        text = found[0].lower()
        if text in names:
            spots.append(Slot(ENTITY, found.start(), scopes=names[text], piece=found.end(), said=text))
        elif text != "may" or found[0] == "May":
            spots.append(Slot(DAY, found.start(), day=days[text], piece=found.end()))
    return replaced(line, given, spots)


def replaced(text: str, given: Iterable[Slot], spots: Sequence[Slot]) -> tuple[str, list[Slot]]:
    """Put one character in place of each spot, whose `piece` is where it ends; the slots move with the text."""
    parts, moved, at, length = [], [], 0, 0
    given = sorted(given, key=lambda slot: slot.at)
    for spot in spots:
        moved += [_at(slot, slot.at - at + length) for slot in given if at <= slot.at < spot.at]
        parts += [text[at : spot.at], spot.kind]
        length += spot.at - at
        moved.append(_at(spot, length))
        length, at = length + 1, spot.piece
    moved += [_at(slot, slot.at - at + length) for slot in given if slot.at >= at]
    return "".join((*parts, text[at:])), moved


def _at(slot: Slot, place: int) -> Slot:
    return Slot(**{**slot.__dict__, "at": place})


def _forms(day: date) -> Iterator[str]:
    """How a day of the evidence may be written."""
    month, short = MONTHS[day.month - 1], MONTHS[day.month - 1][:3]
    yield day.isoformat()
    for name in (month, short, f"{short}."):
        yield from (f"{name} {day.day}, {day.year}", f"{day.day} {name} {day.year}", f"{name} {day.day}")
        yield from (f"{name} {day.year}", name)
    yield WEEKDAYS[day.weekday()]


def run_of(shape: str, start: int, entries: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[int, frozenset[str]]:
    """How far a name goes on from here, and whose it can be: the longest run of words that follow each other in it."""
    best = start
    scopes: set[str] = set()
    words = [(found[0].lower(), found.end()) for _, found in zip(range(10), WORDS.finditer(shape, start), strict=False)]
    for scope, name in entries:
        place = name.index(words[0][0])
        length = 0
        while length < min(len(words), len(name) - place) and words[length][0] == name[place + length]:
            length += 1
        end = words[length - 1][1]
        if end > best:
            best, scopes = end, set()
        if end == best:
            scopes.add(scope)
    return best, frozenset(scopes)


def opens_a_sentence(shape: str, at: int) -> bool:
    before = shape[:at].rstrip(" \"'“‘(•*-–—")
    return not before or before[-1] in ".!?:;\n"
