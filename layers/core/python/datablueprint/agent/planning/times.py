"""Which of the days that were named is the day, the day since, or the day of knowing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from datablueprint.agent.planning.slots import Period
from datablueprint.agent.planning.understanding import Reading

CHANGING = frozenset(["#why", "#changed", "#up", "#down"])


POINT = re.compile(r"\b(?:end|close|closing|eom|eoy)\b")


@dataclass
class Times:
    as_of: date | None = None
    since: date | None = None
    known_at: date | None = None
    period: Period | None = None
    """The stretch of time that was named, for figures that flow."""
    year: int | None = None
    problem: str = ""
    future: bool = False
    rolled: bool = False
    """A month without a year was taken for last year's."""
    said: bool = False


def times_of(reading: Reading, newest: date, forms: frozenset[str]) -> Times:
    found = Times()
    days = [(at, p.slot.period) for at, p in enumerate(reading.pieces) if p.slot and p.slot.period]
    changing = bool(forms & CHANGING)
    drifting = changing or ("#drift" in forms and not forms & {"#if", "#iffy"})
    known = bool(reading.slots("known"))
    found.said = bool(days)
    found.future = any(period.first > newest for _, period in days)
    found.rolled = any(
        p.said == "month" and p.first.year < newest.year and not any(c.isdigit() for c in s.said)
        for s in reading.slots("day")
        if (p := s.period)
    )
    days = _nested(days)
    if len(days) > 2:
        found.problem = "it names more than two days"
    elif len(days) == 2:
        (_, first), (_, second) = sorted(days, key=lambda d: d[1].last)
        found.since, found.as_of = _since(first), _day(second, newest)
    elif days:
        at, period = days[0]
        before = [p.words for p in reading.pieces[max(0, at - 3) : at]]
        role = _role(before)
        if known and role != "since":
            found.known_at = min(period.last, newest)
            if _known_behind(reading, at):
                found.as_of = _day(period, newest)
        elif role == "since" or (drifting and period.said == "day" and "from" in " ".join(before)):
            found.since = _since(period)
        elif (changing or period.said == "span") and not _point(reading.pieces[at].words, before):
            found.since, found.as_of = _before(period), _day(period, newest)
        else:
            found.as_of = _day(period, newest)
            found.period = period if period.said != "day" and not _point(reading.pieces[at].words, before) else None
        if period.said == "year":
            found.year = period.first.year
    elif known:
        found.problem = "it does not say when it was known"
    return found


def _known_behind(reading: Reading, at: int) -> bool:
    """The day is said first, and only then that it is the knowledge of that day: 'as of June, as we knew it then'."""
    known = [i for i, p in enumerate(reading.pieces) if p.slot and p.slot.kind == "known"]
    return bool(known) and max(known) > at


UNTIL = frozenset("through thru until till by as at of to".split())


def _point(said: str, before: list[str]) -> bool:
    """A day at the end of a period: 'through October', 'at the end of last quarter', 'June close'."""
    words = [w for phrase in before for w in phrase.split() if w != "the"]
    return bool(POINT.search(said)) or bool(words and words[-1] in UNTIL)


def _nested(days: list[tuple[int, Period]]) -> list[tuple[int, Period]]:
    """Two names of one day are one: 'year end last year'."""
    kept: list[tuple[int, Period]] = []
    for at, period in days:
        same = next((i for i, (_, held) in enumerate(kept) if held.last == period.last), None)
        if same is None:
            kept.append((at, period))
    return kept


def _role(before: list[str]) -> str:
    said = " ".join(before[-3:])
    last = before[-1] if before else ""
    if (
        last.endswith(" since")
        or last in ("since", "than", "versus", "vs", "against", "after")
        or said.endswith(
            (
                "compared to",
                "compared with",
                "relative to",
                "compare to",
                "compared to the",
                "than the",
                "since the",
                "than at",
                "than in",
                "than at the",
                "than it was in",
                "than it was at",
                "than last",
                "versus the",
                "since at",
                "since our",
                "than we were at",
            )
        )
        or "since" in before[-2:]
    ):
        return "since"
    if before[-1:] == ["from"] or "than" in before[-3:]:
        return "since"
    return "at"


def _since(period: Period) -> date:
    """The close of a period, or the day; from the beginning of a period, the close before it."""
    return period.first - timedelta(1) if period.said in ("start",) or period.words.startswith("this") else period.last


def _before(period: Period) -> date:
    return period.first - timedelta(1)


def _day(period: Period, newest: date) -> date | None:
    """The last day of a period; a period that is not over ends today."""
    if period.last >= newest and period.first <= newest:
        return None
    return period.last if period.said != "start" else period.first
