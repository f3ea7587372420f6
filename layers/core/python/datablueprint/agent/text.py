"""Prose and figures are kept apart until the last moment: text may hold no digit, a figure may hold no words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from datablueprint.errors import FigureUnverified

DIGIT_OR_NUMBER_WORD = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|hundred|thousand|million"
    r"|billion|half|third|quarter|double|twice|percent|per cent)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ref:
    """The place of a figure in a sentence; its value is printed only after it was verified."""

    figure_id: str


@dataclass(frozen=True)
class Name:
    """A name from the records: project, vendor, person. Data, never instructions."""

    text: str


@dataclass(frozen=True)
class Day:
    day: date


@dataclass(frozen=True)
class Count:
    """A number of rows that the answer itself lists."""

    rows: int


Segment = str | Ref | Name | Day | Count


def render(segments: Iterable[Segment], show: Callable[[str], str]) -> str:
    """The sentence, with `show` printing verified figures; FigureUnverified when prose brings a number of its own."""
    parts = []
    for segment in segments:
        if isinstance(segment, str):
            if DIGIT_OR_NUMBER_WORD.search(segment):
                raise FigureUnverified(f"The answer's text states a number of its own: '{segment.strip()}'")
            parts.append(segment)
        elif isinstance(segment, Ref):
            parts.append(show(segment.figure_id))
        elif isinstance(segment, Day):
            parts.append(segment.day.isoformat())
        elif isinstance(segment, Count):
            parts.append(str(segment.rows))
        else:
            parts.append(segment.text)
    return "".join(parts)
