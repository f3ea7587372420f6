"""How a reference is spelled, and read: metric, scope, one day or two, snapshots, assumptions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from datablueprint import metrics
from datablueprint.errors import QuestionError, UnknownFigure
from datablueprint.metrics.scenarios import Scenario

Kind = Literal["plain", "supposed", "change"]
DAY, AT = r"\d{4}-\d\d-\d\d", r"(?:@[^@~/]+?)?"
MOST_LETTERS = 1000
SPELLED = re.compile(
    rf"(?P<metric>\w+)/(?P<scope>.+)/(?:(?P<since>{DAY})(?P<since_at>{AT})\.\.)?(?P<day>{DAY})(?P<at>{AT})"
    r"(?P<supposed>(?:~[^~]+)*)"
)


@dataclass(frozen=True)
class Point:
    """A day as a snapshot knows it; None = the snapshot of the desk that opens it."""

    day: date
    snapshot: str | None = None

    @property
    def text(self) -> str:
        return f"{self.day}@{self.snapshot}" if self.snapshot else self.day.isoformat()


@dataclass(frozen=True)
class Reference:
    """What a reference names, read."""

    metric: str
    scope: str
    at: Point
    since: Point | None = None
    supposed: tuple[str, ...] = ()
    """Assumptions in their canonical spelling."""

    @property
    def kind(self) -> Kind:
        return "change" if self.since else "supposed" if self.supposed else "plain"

    @property
    def text(self) -> str:
        since = f"{self.since.text}.." if self.since else ""
        return f"{self.metric}/{self.scope}/{since}{self.at.text}{''.join(f'~{text}' for text in self.supposed)}"


def parse(text: str) -> Reference:
    """A reference as it is spelled; UnknownFigure says what is wrong with any other text."""
    if len(text) > MOST_LETTERS:
        raise UnknownFigure(f"A figure id has at most {MOST_LETTERS} letters; this one has {len(text):,}")
    found = SPELLED.fullmatch(text)
    if found is None or found["metric"] not in metrics.BY_NAME:
        raise UnknownFigure(
            f"'{text}' is no figure id. One reads: gross_margin_at_completion/24-017/2026-11-19; "
            "a change ends in /2026-10-31..2026-11-19, a supposed figure in /2026-11-19~approve all"
        )
    at, since = _point(text, found["day"], found["at"]), None
    if found["since"]:
        since = _point(text, found["since"], found["since_at"])
        if since.day > at.day:
            raise UnknownFigure(f"'{text}' names the later day first; say {at.day}..{since.day}")
    supposed = tuple(found["supposed"].split("~")[1:])
    try:
        read = tuple(a.text for a in Scenario.of(supposed).assumptions) if supposed else ()
    except QuestionError as unread:
        raise UnknownFigure(f"'{text}' supposes what cannot be read. {unread}") from None
    return Reference(found["metric"], found["scope"], at, since, read)


def _point(text: str, day: str, at: str) -> Point:
    try:
        return Point(date.fromisoformat(day), at.removeprefix("@") or None)
    except ValueError:
        raise UnknownFigure(f"'{text}': {day} is no day of the calendar") from None
