"""The lowest, the highest, above and below: said only where the full sort, or both figures, say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from datablueprint.agent.grounding.claims import HIGHER_IS_BETTER, LOWER_IS_BETTER
from datablueprint.agent.grounding.evidence import Evidence, Fact
from datablueprint.agent.grounding.fitting import head_fits, heads
from datablueprint.agent.grounding.sentences import TOGETHER, Bound, Reading, names_a_group
from datablueprint.agent.grounding.wording import DAY, ENTITY, FIGURE, LABEL, Wrong
from datablueprint.agent.results import Driver, Line, ResultSet

LOWEST = "lowest smallest least weakest minimum thinnest slimmest leanest tiniest poorest".split()
HIGHEST = "leads led lead highest largest biggest greatest strongest maximum most main".split()
BEST, WORST = ("best", "healthiest", "leading"), ("worst", "riskiest", "sickest")
SUPERLATIVE = re.compile(
    rf"\b(?:{'|'.join((*LOWEST, *HIGHEST, *BEST, *WORST))})\b(?! recent)"
    r"(?<!next lowest)(?<!next highest)(?<!next largest)(?<!at most)(?<!at least)"
    r"|\b(?:top|bottom)(?= (?:of the|project|job|margin|cost|manager|code|performer|\w+s\b))(?<!on top)",
    re.IGNORECASE,
)
MOST_OF_IT = re.compile(r"most of (?:it|this|that|the (?:change|difference|move|drop|gain))\b", re.IGNORECASE)
MOST_OF = re.compile(r"most of\b", re.IGNORECASE)
HINT = "Only the full sort of a result may say so; rank first, or drop the word"
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
CAUSES = re.compile(r"\s+(?:causes?|drivers?|parts?|reasons?)\b")
THAT_OF = re.compile(
    rf"\b[Tt]he (?P<word>higher|lower|larger|smaller|better|worse) (?:figure|one) is that of (?P<who>{ENTITY})"
)
"""After figures of a pair, side by side."""
OF_THE_NEXT = re.compile(r",? (?:at|with) ")
"""'..., while B comes in lower at {figure}': the word is about the figure after it."""
VERB = re.compile(r"\s+(?:is|are|was|were|has|have|had|will|would)\b")
"""After a figure that begins a clause of its own."""


def misranked(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """A superlative that the full sort does not bear out."""
    for found in SUPERLATIVE.finditer(reading.unlabelled):
        if MOST_OF.match(reading.shape, found.start()):
            if not MOST_OF_IT.match(reading.shape, found.start()) or not _mostly(found.start(), bounds, reading):
                yield Wrong("wrong_rank", "most of it", "Name the largest drivers, which must make more than the rest")
        elif not _borne_out(found.start(), found.end(), found[0].lower(), bounds, reading):
            yield Wrong("wrong_rank", found[0], HINT)


def _mostly(at: int, bounds: Sequence[Bound], reading: Reading) -> bool:
    """Whether the drivers named after 'most of it' make the greater part of what the drivers sum to."""
    for result, first in _drivers_named(at, reading):
        whole = sum((driver.value for driver in result.drivers), Decimal(0))
        named = sum((driver.value for driver in first), Decimal(0))
        if named * (1 if whole > 0 else -1) > abs(whole) / 2:
            return True
    return False


def _drivers_named(at: int, reading: Reading) -> Iterator[tuple[ResultSet, list[Driver]]]:
    """Per result the drivers that the rest of a sentence names."""
    end = next(end for start, end in reading.sentences() if start <= at < end)
    named = {reading.said[slot.at] for slot in reading.slots if at < slot.at < end and slot.at in reading.said}
    said = {re.sub(r" \((?:up|down)\)$", "", name) for name in named}
    for result in reading.evidence.results:
        found = [driver for driver in result.drivers if driver.label.lower() in said]
        if found:
            yield result, found


def _largest_drivers(at: int, word: str, reading: Reading) -> bool:
    """Whether the drivers that are named are the first by size."""
    if word not in ("largest", "biggest", "main", "greatest", "strongest"):
        return False
    for result, named in _drivers_named(at, reading):
        sizes = sorted((abs(driver.value) for driver in result.drivers), reverse=True)
        if sorted((abs(driver.value) for driver in named), reverse=True) == sizes[: len(named)]:
            return True
    return False


def _borne_out(at: int, end: int, word: str, bounds: Sequence[Bound], reading: Reading) -> bool:
    told = re.split(rf"[{FIGURE}{ENTITY}.,;:\n]", reading.shape[end : end + 60])[0]
    if CAUSES.match(told) and _largest_drivers(at, word, reading):
        return True
    named = (heads(told) or [[]])[0]
    spoken = [b for b in _spoken(at, bounds, reading) if all(head_fits(head, b.fact) for head in named)]
    columns = [(b, column) for b in spoken for column in _columns(b.fact, reading.evidence)]
    if columns:
        first, column = columns[0]
        if not _of_that_kind(reading.unlabelled[end : end + len(told)], first.fact, column):
            return False
        run = [b.fact for b in spoken if any(cell.ref == b.fact.ref for cell in column.values)]
        list_of_them = _opens_a_list(at, first, reading)
        return column.starts_with(run if list_of_them else [first.fact], _direction(word, first.fact))
    return _largest_drivers(at, word, reading) or _by_name(at, word, named, reading)


def _of_that_kind(told: str, fact: Fact, column: Column) -> bool:
    """Whether the rows are what it is said of: 'the worst manager', 'the highest margin of the company'."""
    mine = "manager" if fact.scope.startswith("pm/") else "code" if re.search(r"/\d", fact.scope) else "job"
    if (re.search(r"\bmanagers?\b", told) and mine != "manager") or (re.search(r"\bcodes?\b", told) and mine == "job"):
        return False
    named = [group for group, words in TOGETHER.items() if words.search(told)]
    return not named or column.result.query.scope in (*named, "all")


def _spoken(at: int, bounds: Sequence[Bound], reading: Reading) -> list[Bound]:
    """Figures after the word until the next superlative or full stop; else those before it in its sentence."""
    start, end = next((span for span in reading.sentences() if span[0] <= at < span[1]), (0, len(reading.shape)))
    other = SUPERLATIVE.search(reading.unlabelled, at + 1)
    here = [b for b in bounds if start <= b.slot.at < end]
    after = [b for b in here if b.slot.at > at and (other is None or b.slot.at < other.start())]
    if after and ":" in reading.shape[at : after[0].slot.at]:
        return _until_stop(at, bounds, reading)
    return after or here[::-1] or _until_stop(at, bounds, reading)


def _until_stop(at: int, bounds: Sequence[Bound], reading: Reading) -> list[Bound]:
    stop = re.compile(r"[.!?](?=\s|$)").search(reading.shape, at)
    return [b for b in bounds if at < b.slot.at < (stop.start() if stop else len(reading.shape))]


def _opens_a_list(at: int, first: Bound, reading: Reading) -> bool:
    between = reading.shape[at : first.slot.at]
    plural = re.search(r"\b(?:projects|jobs|codes|managers|ones|margins|costs|are|by)\b", between)
    return ":" in between or bool(plural)


class Column:
    """One metric of every row of a result, or its drivers."""

    def __init__(self, result: ResultSet, values: Sequence[Fact], *, whole: bool, order: str | None) -> None:
        self.result, self.values, self.whole, self.order = result, values, whole, order

    def starts_with(self, facts: Sequence[Fact], direction: str | None) -> bool:
        """Whether these are the first of the full sort, in order; equal values may change places."""
        if direction is None or len(self.values) < (1 if self.order else 2):
            return False
        if not self.whole and self.order != direction:
            return False
        told = [fact.value for fact in dict.fromkeys(facts) if fact.value is not None]
        known = sorted((f.value for f in self.values if f.value is not None), reverse=direction == "highest")
        if told == known[: len(told)]:
            return bool(told)
        by_size = sorted((v for v in known), key=lambda v: -abs(v))
        return direction == "highest" and told == by_size[: len(told)] and self.order == "size"


def _columns(fact: Fact, evidence: Evidence) -> Iterator[Column]:
    """The columns and drivers in which a figure stands among others."""
    for result in evidence.results:
        if result.result_id not in fact.sources:
            continue
        keys = [key for line in result.lines for key, cell in line.cells.items() if cell.ref == fact.ref]
        for key in dict.fromkeys(keys):
            yield _column(result, key, evidence)
        refs = [driver.ref for driver in result.drivers if driver.ref]
        if fact.ref in refs:
            yield Column(result, [evidence.facts[ref] for ref in refs], whole=True, order="size")


def _column(result: ResultSet, key: str, evidence: Evidence) -> Column:
    facts = [evidence.facts[line.cells[key].ref] for line in result.lines if key in line.cells]
    sorted_by_it = bool(facts) and facts[0].metric == result.query.metric
    order = result.query.order if sorted_by_it else None
    return Column(result, facts, whole=result.row_count <= len(result.lines), order=order)


def _direction(word: str, fact: Fact) -> str | None:
    """Which end of the sort a superlative means for a metric; None when nobody can say."""
    if word in LOWEST or word in HIGHEST or word in ("top", "bottom"):
        return "lowest" if word in LOWEST or word == "bottom" else "highest"
    words = set(fact.metric.split("_"))
    good = words & HIGHER_IS_BETTER or not words & LOWER_IS_BETTER
    if not words & (HIGHER_IS_BETTER | LOWER_IS_BETTER):
        return None
    return "highest" if bool(good) is (word in BEST) else "lowest"


def _by_name(at: int, word: str, named: Sequence[str], reading: Reading) -> bool:
    """A superlative beside a name and no figure: its row must be first; beside neither, a result must be so sorted."""
    start, end = next((span for span in reading.sentences() if span[0] <= at < span[1]), (0, len(reading.shape)))
    scopes = [slot.scopes for slot in reading.slots if slot.kind == ENTITY and start <= slot.at < end and slot.scopes]
    for result in reading.evidence.results:
        if result.query.order == word and not result.lines:
            return True
        if len(result.lines) < 2 and not result.query.order:
            continue
        for key in dict.fromkeys(key for line in result.lines for key in line.cells):
            column = _column(result, key, reading.evidence)
            if not column.values or not all(head_fits(head, column.values[0]) for head in named):
                continue
            direction = _direction(word, column.values[0])
            if not scopes:
                if column.order == direction:
                    return True
            elif _row(result.lines, scopes[0], key, reading.evidence, column, direction):
                return True
    return False


def _row(
    lines: Sequence[Line], scopes: frozenset[str], key: str, evidence: Evidence, column: Column, direction: str | None
) -> bool:
    mine = [evidence.facts[line.cells[key].ref] for line in lines if line.scope in scopes and key in line.cells]
    return bool(mine) and column.starts_with(mine[:1], direction)


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
    if word in ("better", "worse") and _direction("best", first) == "lowest":
        more = not more
    return (
        "" if _more(first.value, second.value) is more and first.value != second.value else "It is the other way round"
    )


def _more(first: Decimal | None, second: Decimal | None) -> bool:
    return (first or Decimal(0)) > (second or Decimal(0))
