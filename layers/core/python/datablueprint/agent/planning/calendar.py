"""Days, months and quarters in a question; whatever looks like a date and is not understood stays visible."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from datablueprint.agent.planning.slots import Masked, Period, Slot

MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
        "october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {name: n for n, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
NUMBERS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    )
} | {"a": 1, "an": 1, "couple": 2, "couple of": 2, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}
QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": 4}
M = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
N = r"(\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
Y = r"(?:,? ?(?:of )?((?:19|20)\d\d|'\d\d)\b)?"
CLOSE = r"(?:[- ]*(?:month)?[- ]*(?:close|end|closing|closeout|eom)\b)?"
THE = "(?:the )?"
SIZES = "day|week|month|quarter|year"
SIZE = f"({SIZES})"
PAST = "last|past|previous|prior"
ENDING = "end of |close of "
SHUT = "(?:[- ](?:close|end))?"
WHICH = "(?:the |this |last |)"
CLOSED = "(?:[- ](?:end|close|closing))?"
YEARLY = "fiscal year |fy ?|calendar year |the year |year "
WEEKDAY = "|".join(WEEKDAYS)
Made = Callable[[re.Match[str]], "Period | None"]
Form = tuple[str, Made]
"""A pattern and what its match means."""
DATELIKE = frozenset(
    """january february march april june july august september october november december jan feb mar apr jun jul aug
    sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow week weeks
    month months quarter quarters year years day days ago tonight q1 q2 q3 q4 fy ytd mtd qtd previous prior next
    yesterday's weekend date earlier later spring summer fall autumn winter christmas
    thanksgiving january's june's night""".split()
)
"""Words that speak of time; one that is left over is never skipped."""


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The nth weekday of a month; the last one for -1."""
    days = [date(year, month, d) for d in range(1, monthrange(year, month)[1] + 1)]
    same = [d for d in days if d.weekday() == weekday]
    return same[number - 1] if number > 0 else same[number]


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "labor day": lambda y: _nth(y, 9, 0, 1),
    "memorial day": lambda y: _nth(y, 5, 0, -1),
    "thanksgiving(?: day)?": lambda y: _nth(y, 11, 3, 4),
    "halloween": lambda y: date(y, 10, 31),
    "christmas(?: day)?": lambda y: date(y, 12, 25),
    "new year'?s(?: day)?": lambda y: date(y, 1, 1),
    "(?:the )?(?:fourth|4th) of july|independence day": lambda y: date(y, 7, 4),
}


class Calendar:
    """Reads dates as seen on the newest day of the data."""

    def __init__(self, newest: date) -> None:
        self.newest = newest

    def take(self, text: Masked, *, keep_weeks: bool) -> None:
        """Dates become slots; `keep_weeks` leaves 'last 4 weeks' and 'last 12 months' to the names of metrics."""
        for pattern, make in self._forms(keep_weeks):
            text.take(re.compile(pattern), self._slot(make))

    def _slot(self, make: Made) -> Callable[[re.Match[str]], Slot | None]:
        def made(match: re.Match[str]) -> Slot | None:
            try:
                period = make(match)
            except (ValueError, OverflowError):
                return None
            return Slot("day", match[0].strip(), period=period) if period else None

        return made

    def _forms(self, keep_weeks: bool) -> list[Form]:
        """Every way to say a time, the longest first; a later form never sees what an earlier one took."""
        spans: list[Form] = [] if keep_weeks else [(rf"\b{THE}(?:{PAST}|trailing) {N} {SIZE}s?\b", self._span)]
        return [
            *self._written(),
            *spans,
            *self._to_come(),
            *self._holidays(),
            *self._months(),
            *self._quarters(),
            *self._relative(),
            (r"\byesterday(?:'s)?\b", lambda _: _at(self.newest - timedelta(1))),
            (r"\b(?:end of day |)today(?:'s)?\b", lambda _: Period(self.newest, self.newest, "day", "today")),
            (rf"\b{THE}(?:{ENDING}|year[- ]?end |{YEARLY})?(20[0-3]\d)(?:'s)?(?: year[- ]?end)?{SHUT}\b", self._year),
            (r"\bfy ?'?(\d\d)\b", self._year),
            (r"(?<=\s)(\d{1,2})/(\d{1,2})\b(?![/\d])", self._numbers),
        ]  # fmt: skip

    def _written(self) -> list[Form]:
        return [
            (r"\b((?:19|20)\d\d)[-/](\d{1,2})[-/](\d{1,2})\b", lambda m: _day(int(m[1]), int(m[2]), int(m[3]))),
            (r"\b(\d{1,2})[/-](\d{1,2})[/-]((?:20)?\d\d)\b", lambda m: _day(_year(m[3]), int(m[1]), int(m[2]))),
            (r"\b((?:19|20)\d\d)[-/](\d{1,2})\b(?![-/\d])", lambda m: _month(int(m[1]), int(m[2]))),
        ]

    def _to_come(self) -> list[Form]:
        """Days that have not come: read as one, so that they are refused."""

        def tomorrow(_: re.Match[str]) -> Period:
            return _at(self.newest + timedelta(1))

        return [
            (
                rf"\b{THE}(?:next|coming|upcoming|following) (?:{N} )?(?:{M}|{SIZE}s?|q[1-4]|{WEEKDAY})(?:'s)?\b",
                tomorrow,
            ),
            (r"\b(?:tomorrow|tonight)(?:'s)?\b", tomorrow),
            (rf"\bby {THE}(?:end of (?:the |this )?(?:year|month|quarter)|(?:year|month|quarter)[- ]end)\b", tomorrow),
            (rf"\b{THE}(?:end|rest|remainder) of (?:this|the current) {SIZE}\b", tomorrow),
            (r"\b(?:at )?this time last year\b", lambda _: _at(self._back(1, "year"))),
            (rf"\b(?:over|in|within|during) the (?:last|past) {SIZE}\b", lambda m: self._over(m[1])),
            (rf"\b{N} {SIZE}s? (?:ago|back|earlier|before)\b", self._ago),
        ]

    def _months(self) -> list[Form]:
        return [
            (rf"\b{THE}(?:end|close|finish)(?: of|) {THE}{M}{Y}{CLOSE}", self._of_month),
            (rf"\b{THE}(?:beginning|start|1st|first(?: day)?) of {THE}{M}{Y}", self._start_of_month),
            (rf"\b{M} (\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? ?((?:19|20)\d\d)\b)?", self._dated),
            (rf"\b{THE}(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{M}{Y}", self._dated_first),
            (rf"\b(?:last |this past |this )?{M}(?:'s)?{Y}{CLOSE}", self._of_month),
        ]

    def _quarters(self) -> list[Form]:
        ordinal = "first|second|third|fourth|1st|2nd|3rd|4th"
        return [
            (rf"\b{THE}(?:{ENDING})?{THE}q([1-4])(?:'s)?(?:,? ?(?:of )?(20\d\d|'\d\d))?{SHUT}\b", self._quarter),
            (rf"\b{THE}(?:{ENDING})?{THE}({ordinal}) quarter(?: of)?(?: ?(20\d\d))?{SHUT}\b", self._quarter),
        ]  # fmt: skip

    def _relative(self) -> list[Form]:
        recent = "last|previous|prior|most recent|latest"
        return [
            (rf"\b{THE}(?:beginning|start|first(?: day)?|1st|top) of {WHICH}({SIZES}|20\d\d)\b", self._start),
            (rf"\b{THE}(?:end|close) of {THE}(?:last|previous|prior) {SIZE}\b", lambda m: self._last(m[1])),
            (rf"\b{THE}(?:{PAST}) (?:calendar |fiscal |closed )?{SIZE}(?:'s)?{CLOSED}\b", lambda m: self._last(m[1])),
            (rf"\b{THE}(?:(?:{recent}) )?{SIZE}[- ]?(?:end|close)\b(?! ?(?:of )?20\d\d)", lambda m: self._last(m[1])),
            (rf"\b{THE}(?:{recent}) (?:close|closing|period)\b", lambda _: self._last("month")),
            (rf"\b(?:this|the current) {SIZE}(?:'s)?(?: so far)?\b", lambda m: self._this(m[1])),
            (r"\b(?:year[- ]to[- ]date|ytd)\b", lambda _: self._this("year")),
            (r"\b(?:month[- ]to[- ]date|mtd)\b", lambda _: self._this("month")),
            (r"\b(?:quarter[- ]to[- ]date|qtd)\b", lambda _: self._this("quarter")),
            (rf"\b(?:(?:last|this past|past|previous) )?({WEEKDAY})(?:'s)?\b", self._weekday),
        ]  # fmt: skip

    def _holidays(self) -> list[Form]:
        """Days that have a name."""

        def latest(made: Callable[[int], date]) -> Made:
            days = (made(self.newest.year), made(self.newest.year - 1))
            return lambda _: _at(max(day for day in days if day <= self.newest))

        return [(rf"\b{name}\b", latest(made)) for name, made in HOLIDAYS.items()]

    def _numbers(self, m: re.Match[str]) -> Period | None:
        """'6/30' is a day only behind a word that brings one."""
        return self._on(int(m[2]), int(m[1]), None) if self._introduced(m) else None

    def _on(self, day: int, month: int, year: str | None) -> Period:
        if year:
            return _day(_year(year), month, day)
        this = date(self.newest.year, month, day)
        return _at(this if this <= self.newest else date(self.newest.year - 1, month, day))

    def _dated(self, m: re.Match[str]) -> Period:
        return self._on(int(m[2]), MONTHS[m[1]], m[3])

    def _dated_first(self, m: re.Match[str]) -> Period:
        return self._on(int(m[1]), MONTHS[m[2]], m[3])

    def _of_month(self, m: re.Match[str]) -> Period | None:
        name, year = m[1], m[2]
        if name in ("may", "mar", "march") and not year and m[0].strip() == name and not self._introduced(m):
            return None
        month = MONTHS[name]
        if year:
            return _month(_year(year), month)
        return _month(self.newest.year - (month > self.newest.month), month)

    def _introduced(self, m: re.Match[str]) -> bool:
        before = m.string[: m.start()].rstrip().split(" ")[-1]
        words = (
            "thru since in of for at by from to through last until till during as back and vs versus between than end "
            "close on after before the our"
        )
        return before in words.split() or not before

    def _start_of_month(self, m: re.Match[str]) -> Period | None:
        whole = self._of_month(m)
        return _at(whole.first) if whole else None

    def _quarter(self, m: re.Match[str]) -> Period:
        number = int(m[1]) if m[1].isdigit() else QUARTERS[m[1]]
        if m[2]:
            return _quarter(_year(m[2]), number)
        this = (self.newest.month - 1) // 3 + 1
        return _quarter(self.newest.year - (number > this), number)

    def _start(self, m: re.Match[str]) -> Period:
        if m[1].isdigit():
            return Period(date(int(m[1]), 1, 1), date(int(m[1]), 1, 1), "start")
        whole = self._last(m[1]) if " last " in m[0] else self._this(m[1])
        return Period(whole.first, whole.first, "start")

    def _this(self, size: str) -> Period:
        day = self.newest
        if size == "year":
            return Period(date(day.year, 1, 1), date(day.year, 12, 31), "year", "this year")
        if size == "quarter":
            return _quarter(day.year, (day.month - 1) // 3 + 1)
        if size == "month":
            return _month(day.year, day.month)
        monday = day - timedelta(day.weekday())
        return Period(monday, monday + timedelta(6), "week", "this week")

    def _last(self, size: str) -> Period:
        before = self._this(size).first - timedelta(1)
        if size == "year":
            return Period(date(before.year, 1, 1), before, "year", "last year")
        if size == "quarter":
            return _quarter(before.year, (before.month - 1) // 3 + 1)
        if size == "month":
            return _month(before.year, before.month)
        return Period(before - timedelta(6), before, "week", "last week")

    def _span(self, m: re.Match[str]) -> Period:
        start = self._back(_count(m[1]), m[2])
        return Period(start + timedelta(1), self.newest, "span")

    def _over(self, size: str) -> Period:
        return Period(self._back(1, size) + timedelta(1), self.newest, "span")

    def _ago(self, m: re.Match[str]) -> Period:
        return _at(self._back(_count(m[1]), m[2]))

    def _back(self, count: int, size: str) -> date:
        if size in ("day", "week"):
            return self.newest - timedelta(count * (7 if size == "week" else 1))
        months = count * {"month": 1, "quarter": 3, "year": 12}[size]
        year, month = divmod(self.newest.year * 12 + self.newest.month - 1 - months, 12)
        return date(year, month + 1, min(self.newest.day, monthrange(year, month + 1)[1]))

    def _weekday(self, m: re.Match[str]) -> Period:
        back = (self.newest.weekday() - WEEKDAYS[m[1]]) % 7 or 7
        return _at(self.newest - timedelta(back))

    def _year(self, m: re.Match[str]) -> Period:
        year = _year(m[1])
        return Period(date(year, 1, 1), date(year, 12, 31), "year")


def _count(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _year(text: str) -> int:
    digits = text.strip("' ")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _at(day: date) -> Period:
    return Period(day, day)


def _day(year: int, month: int, day: int) -> Period:
    return _at(date(year, month, day))


def _month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _quarter(year: int, number: int) -> Period:
    last = number * 3
    return Period(date(year, last - 2, 1), date(year, last, monthrange(year, last)[1]), "quarter")
