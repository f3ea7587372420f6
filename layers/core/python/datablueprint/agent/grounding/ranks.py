"""The lowest, the highest, the best: said only where the full sort says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from datablueprint.agent.grounding.claims import HIGHER_IS_BETTER, LOWER_IS_BETTER
from datablueprint.agent.grounding.evidence import Evidence, Fact
from datablueprint.agent.grounding.fitting import head_fits, heads
from datablueprint.agent.grounding.sentences import TOGETHER, Bound, Reading
from datablueprint.agent.grounding.wording import ENTITY, FIGURE, Wrong
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
CAUSES = re.compile(r"\s+(?:causes?|drivers?|parts?|reasons?)\b")


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
        return column.starts_with(run if list_of_them else [first.fact], direction_of(word, first.fact))
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


def direction_of(word: str, fact: Fact) -> str | None:
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
            direction = direction_of(word, column.values[0])
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
