"""What whole phrases claim beyond their figures: that it is not so, of nobody else, for each, still to come, in order.

Each of these is said of a figure that is right and leaves the reader with
something wrong; the words are all ordinary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from datablueprint.agent.grounding import around, at_figure
from datablueprint.agent.grounding.around import CHECKED
from datablueprint.agent.grounding.at_figure import PER_TIME, as_supposed
from datablueprint.agent.grounding.claims import ABOVE_ZERO, BELOW_ZERO
from datablueprint.agent.grounding.evidence import Fact
from datablueprint.agent.grounding.fitting import words_of
from datablueprint.agent.grounding.sentences import Bound, Reading
from datablueprint.agent.grounding.wording import COUNT, DAY, ENTITY, FIGURE, Wrong

NEGATION = re.compile(r"\b(?:not|never|cannot)\b|n['’]t\b", re.IGNORECASE)
MAY_BE_DENIED = re.compile(
    r"[\s-]*(?:yet |been |be |in |all |have )*"
    r"(?:set|included|counted|enough|the|started|carried|ranked|available|known)\b"
)
UNMOVED = re.compile(r" (?:moved|changed)\b")
HAS = r"(?:has|have|had|is|are|was|were|makes?|made|stands?|sits?|earns?|shows?|costs?|will|would)\b"
ELSEWHERE = re.compile(
    rf"\b(?:but|besides?|without|neither|nor|instead of)\s+(?:for\s+)?{ENTITY}|{ENTITY} included\b"
    rf"|,\s*(?!(?:of|for|on|at) )[a-z]+(?: (?:by|as|at|on|to|of|for))?\s+{ENTITY}\s*,\s*{HAS}"
    rf"|(?<!within )(?<!between )\bmanagers?\s+(?:of|on|for|at)\s+{ENTITY}"
    rf"|{FIGURE}\s+(?:is|was|belongs?|goes|comes)\s+(?:to |from |for |with )?(?:the )?(?:that of )?{ENTITY}"
    rf"|\b(?:lost|loses?|spent|owes?|cost|costs|makes?|made|worth)\s+{ENTITY}",
    re.IGNORECASE,
)
"""A name that stands where the figure after it, or before it, is no figure of its own."""
TO_COME = re.compile(r"\b(?:next|coming|following) (?:day|week|month|quarter|year)s?\b", re.IGNORECASE)
GONE_BY = re.compile(r"\b(?:last|previous|prior) (?P<period>day|week|month|quarter|year)\b", re.IGNORECASE)
ON_PLAN = re.compile(
    r"\b(?:on|in|within|to|at) (?:the |its )?(?:budget|plan|time|forecast|estimate)\b(?! of)", re.IGNORECASE
)
ASIDE_MOVE = re.compile(r"\((?:up|down)\)", re.IGNORECASE)
SINCE = re.compile(rf"\bsince\s+{DAY}", re.IGNORECASE)
WILL = re.compile(r"\bwill\b", re.IGNORECASE)
AT_THE_END = frozenset("completion estimated eac projected expected complete approve reject burn backlog".split())
ONLY = re.compile(rf"\bonly\s+(?P<who>{ENTITY})", re.IGNORECASE)
BOTH = re.compile(r"\b(?:both|the two)\b", re.IGNORECASE)
ORDERED = re.compile(r"\b(?:followed by|follows?|next|after that|then)\b", re.IGNORECASE)
COUNTED = re.compile(rf"{COUNT}(?! of {COUNT})\s+(?P<what>[a-z][a-z -]*)", re.IGNORECASE)
ROWS: dict[str | None, str] = {"project": "projects jobs contracts", "pm": "managers", "customer": "customers",
                               "leaf": "codes lines", "code": "codes", "change": "orders changes"}  # fmt: skip
ANY_ROWS = frozenset("rows row lines ones results items active open closed of project job manager code".split())
AT_FIRST = re.compile(r"\bat first\b(?! sight)", re.IGNORECASE)
ONLY_SOME = re.compile(rf"\b(?:our|your|the) only\b(?! {ENTITY})", re.IGNORECASE)


def unasserted(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """Everything this module knows how to doubt."""
    for bound in bounds:
        yield from at_figure.misread(bound, reading.evidence)
    yield from _denied(reading)
    yield from _placed(reading)
    yield from _in_time(bounds, reading)
    yield from _of_several(bounds, reading)
    yield from _in_order(bounds, reading)
    yield from _counted(reading)
    yield from around.unfounded(bounds, reading)


def _denied(reading: Reading) -> Iterator[Wrong]:
    """A negation may only deny what is compared with the figures; 'does not make {figure}' is never true."""
    text = reading.unlabelled
    for found in NEGATION.finditer(text):
        rest = text[found.end() :]
        near = " ".join(rest.split()[:4])
        unmoved = UNMOVED.match(rest) and any(f.change and f.value == 0 for f in reading.evidence.facts.values())
        if not unmoved and not MAY_BE_DENIED.match(rest) and not any(p.search(near) for p in CHECKED[:6]):
            yield Wrong("denied", found[0], "Say what is so; leave the negation out")


def _placed(reading: Reading) -> Iterator[Wrong]:
    for found in ELSEWHERE.finditer(reading.shape):
        said = re.sub(r"[^\w ,']", "", found[0]).strip()
        yield Wrong("wrong_entity", said, "Name whose figure it is just before it, with {entity: scope}")
    for found in (
        *ON_PLAN.finditer(reading.unlabelled),
        *ASIDE_MOVE.finditer(reading.shape),
        *AT_FIRST.finditer(reading.shape),
        *ONLY_SOME.finditer(reading.shape),
    ):
        yield Wrong("unborne", found[0], "No result says so; leave it out")


def _in_time(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """Days and stretches of time that no figure of the sentence is of."""
    for start, end in reading.sentences():
        text, here = reading.unlabelled[start:end], [b for b in bounds if start <= b.slot.at < end]
        for pattern in (TO_COME, PER_TIME):
            found = pattern.search(text)
            if found and not any("_per_" in b.fact.unit for b in here):
                yield Wrong("wrong_day", found[0], "No figure of these results is of that time")
        for found in GONE_BY.finditer(text):
            if not any(_within(b.fact, found["period"].lower(), reading.evidence.today) for b in bounds):
                yield Wrong("wrong_day", found[0], "No figure of these results is of that time")
        began = [s.day for s in reading.slots for found in SINCE.finditer(text) if s.at == start + found.end() - 1]
        every = {min(f.days) for f in reading.evidence.facts.values() if f.change}
        if not here and _a_day_alone(text) and not every.intersection(day for day in began if day):
            yield Wrong("wrong_day", "{day}", "A day stands beside the figure that is of it")
        changes = [b.fact for b in here if b.fact.change and len(b.fact.days) > 1]
        if began and changes and not any(min(fact.days) in began for fact in changes):
            yield Wrong("wrong_day", "since", f"The change is since {min(changes[0].days)}")
        if began and here and not every.intersection(began) and not any(b.fact.days.intersection(began) for b in here):
            yield Wrong("wrong_day", "since", "No figure of this sentence is of that day")
        if WILL.search(text) and any(
            not words_of(b.fact) & AT_THE_END and b.fact.metric != "contract_value" for b in here
        ):
            yield Wrong("wrong_day", "will", "This is a figure of today, not of the end of the job")


def _a_day_alone(text: str) -> bool:
    """Whether a sentence has a day and nothing that is of it; a heading's stands in the lines below."""
    told = COUNT in text or text.rstrip().endswith(":") or re.match(r"\s*Last read", text)
    return DAY in text and not told


def _within(fact: Fact, period: str, today: date | None) -> bool:
    """Whether a figure has a day of the calendar period before today's."""
    if today is None:
        return False
    first = {"month": today.replace(day=1), "year": today.replace(month=1, day=1),
             "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
             "week": today - timedelta(days=today.weekday()), "day": today}[period]  # fmt: skip
    back = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[period]
    return any(first - timedelta(days=back) <= day < first for day in fact.days)


def _of_several(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """'Only', 'both', and one figure said of two."""
    entities = [slot for slot in reading.slots if slot.kind == ENTITY and slot.scopes]
    if BOTH.search(reading.shape) and len({scope for slot in entities for scope in sorted(slot.scopes)[:1]}) != 2:
        yield Wrong("unborne", "both", "'Both' needs exactly the pair that is named")
    for found in ONLY.finditer(reading.shape):
        if not _alone(found, reading):
            yield Wrong("unborne", "only", "Every row of a result must bear 'only' out; leave it out")
    for start, end in reading.sentences():
        here = [slot for slot in entities if start <= slot.at < end]
        figures = [b.slot.at for b in bounds if start <= b.slot.at < end]
        for one, two in pairwise(here):
            joined = re.fullmatch(r"\s*(?:,|and|, and|&|or)\s*", reading.shape[one.at + 1 : two.at])
            after = [at for at in figures if at > two.at]
            if joined and after and len(figures) != len(here) and ENTITY not in reading.shape[two.at + 1 : after[0]]:
                yield Wrong("wrong_entity", "and", "Give each of these its own figure")


def _alone(found: re.Match[str], reading: Reading) -> bool:
    """Whether the named row is the only one on its side of zero."""
    sentence = reading.unlabelled[found.end() : found.end() + 80]
    below = next((p is BELOW_ZERO for p in (BELOW_ZERO, ABOVE_ZERO) if p.search(sentence)), None)
    scopes = next(slot.scopes for slot in reading.slots if slot.at == found.start("who"))
    for result in reading.evidence.results:
        cells = [cell for line in result.lines for cell in line.cells.values() if cell.metric == result.query.metric]
        there = {c.scope for c in cells if c.value is not None and (c.value < 0) is below}
        if below is not None and result.row_count <= len(result.lines) and there and there <= scopes:
            return True
    return False


def _in_order(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """'Followed by' of rows that do not follow each other in the full sort."""
    for first, second in pairwise(bounds):
        between = reading.unlabelled[first.slot.at : second.slot.at]
        if (
            not ORDERED.search(between)
            or first.fact.metric != second.fact.metric
            or first.fact.scope == second.fact.scope
        ):
            continue
        if not any(_neighbours(first.fact, second.fact, values) for values in _sorted(first.fact.metric, reading)):
            yield Wrong("wrong_rank", "next", "These rows do not follow each other in the full sort")


def _sorted(metric: str, reading: Reading) -> Iterator[list[str]]:
    for result in reading.evidence.results:
        cells = [c for line in result.lines for c in line.cells.values() if c.metric == metric and c.value is not None]
        whole = result.row_count <= len(result.lines) or (metric == result.query.metric and result.query.order)
        yield [c.ref for c in sorted(cells, key=lambda c: c.value or 0)] if whole else []
        yield [d.ref for d in result.drivers]


def _neighbours(first: Fact, second: Fact, refs: Sequence[str]) -> bool:
    if first.ref not in refs or second.ref not in refs:
        return False
    return abs(refs.index(first.ref) - refs.index(second.ref)) == 1 or first.value == second.value


def _counted(reading: Reading) -> Iterator[Wrong]:
    """A count of rows said of something else than rows, or of rows of which not all are as the sentence says."""
    queries = {result.result_id: result.query for result in reading.evidence.results}
    for found in COUNTED.finditer(reading.unlabelled):
        slot = next(slot for slot in reading.slots if slot.at == found.start())
        query = queries.get(slot.result)
        if query is None:
            continue
        by = query.by or ("pm" if query.kind == "scorecard" else "project")
        fitting = ANY_ROWS | set(ROWS.get(by, "").split())
        words = found["what"].lower().replace("-", " ").split()
        noun = next((word for word in words[:4] if word.endswith("s") and word not in ("is", "has", "was", "its")), "")
        if noun and noun not in fitting and noun.rstrip("s") not in fitting:
            yield Wrong("wrong_unit", noun, f"This counts the rows of {slot.result}, by {by}")
        about = reading.unlabelled[found.start() : found.end()]
        for pattern, above in ((BELOW_ZERO, False), (ABOVE_ZERO, True)):
            if pattern.search(about) and not (reading.evidence.agrees(above) and query.threshold):
                yield Wrong("wrong_sign", "{count}", "Not all of these rows are so; list them by a threshold")


def unanswered(bounds: Sequence[Bound], headline: str, result_ids: Sequence[str], reading: Reading) -> Iterator[Wrong]:
    """A headline that was not asked for or is not told, and an answer without any figure that was asked for."""
    shown = {(b.fact.metric, b.fact.scope) for b in bounds}
    refs = {b.fact.ref for b in bounds}
    named = [result for result in reading.evidence.results if result.result_id in result_ids]
    fact = reading.evidence.facts.get(headline)
    ends = [b for b in bounds if fact and fact.change and (b.fact.metric, b.fact.scope) == (fact.metric, fact.scope)]
    if (
        fact
        and headline not in refs
        and len(ends) < (2 if fact.value else 1)
        and not any(as_supposed(b.fact, fact) for b in bounds)
    ):
        yield Wrong("headline", headline, "The headline is one of the figures that the segments show")
    asked = {result.query.metric for result in named}
    if fact and "" not in asked and fact.metric not in asked:
        yield Wrong("headline", headline, f"The question was about {', '.join(sorted(asked))}")
    heads_of = [cell for result in named if (cell := result.cells.get(result.headline))]
    if heads_of and len(heads_of) == len(named) and not any((c.metric, c.scope) in shown for c in heads_of):
        yield Wrong("unanswered", heads_of[0].ref, "Tell the figure that was asked for")
