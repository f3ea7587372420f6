"""What prose claims of figures without a number: whose, of when, moved which way, the least or the most, supposed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from datablueprint.agent.grounding.evidence import GROUPS, Fact
from datablueprint.agent.grounding.fitting import ASIDE
from datablueprint.agent.grounding.sentences import Bound, Reading
from datablueprint.agent.grounding.wording import DAY, ENTITY, FIGURE, Wrong
from datablueprint.metrics.scopes import GROUPINGS

UP = re.compile(
    r"\b(?:rose|risen|ris(?:es|ing)|increas(?:e|es|ed|ing)|grew|grown|growing|grows|gained|climb(?:s|ed)?|jump(?:s|ed)"
    rf"|(?:is|are|was|went|moved|been|comes?|came) up|up(?: by)? {FIGURE}|added|adds|raises|raised)\b",
    re.IGNORECASE,
)
DOWN = re.compile(
    r"\b(?:fell|fallen|falls|falling|drop(?:s|ped|ping)?|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|slipp?(?:s|ed)"
    r"|shrank|shrunk|shrinks|eroded|faded|dipped|slid|sank|reduc(?:e|es|ed|ing)|lowers|lowered|tumbled|plunged"
    rf"|(?:is|are|was|went|moved|been|comes?|came) down|down(?: by)? {FIGURE}|takes off|took off)\b",
    re.IGNORECASE,
)
BETTER = re.compile(r"\b(?:improv(?:e|es|ed|ing|ement)|recovered|recovers|strengthened)\b", re.IGNORECASE)
WORSE = re.compile(r"\b(?:worsen(?:s|ed|ing)?|deteriorat(?:e|es|ed|ing)|weakened)\b", re.IGNORECASE)
BELOW_ZERO = re.compile(
    rf"\b(?:los(?:s|ses|es|ing|e)(?! of (?!{FIGURE}))|lost money|negative|(?:below|under) zero|under ?water"
    r"|in the red|deficit|shortfall|unprofitable)\b",
    re.IGNORECASE,
)
ABOVE_ZERO = re.compile(
    r"\b(?:profitable|in the black|(?<!favorable is )(?<!favourable is )positive|above zero|mak(?:es?|ing) money)\b",
    re.IGNORECASE,
)
NEGATED = re.compile(r"(?:\b(?:no|not|never|without|nor|none|cannot)|n['’]t)(?: \w+){0,2} $", re.IGNORECASE)
SUPPOSING = re.compile(rf"\b(?:if|supposing|assuming|should)\b[^{FIGURE},.;\n]*$", re.IGNORECASE)
"""What is supposed is not claimed."""
UNIVERSAL = re.compile(
    r"\b(?:all|every|each|both|any|none|no|neither|everything|everywhere) (?:of )?(?:the |our |its )?(?:\w+ )?"
    r"(?:jobs?|projects?|codes?|managers?|it|them|active|ones?)\b|\beverywhere\b",
    re.IGNORECASE,
)
NO_SUCH_MOVE = "No change of these results goes that way; name the change by its ref and drop the word"
LOWER_IS_BETTER = frozenset(
    "cost overhead burden underbilled erosion provision hours committed wages rate retainage".split()
)
HIGHER_IS_BETTER = frozenset("margin profit cash liquidity revenue backlog contract gain fade variance score".split())
"""Words of metric names. A variance and a gain or fade are favourable when positive."""
HYPOTHETICAL = re.compile(r"\b(?:if|would|hypothetical\w*|suppos\w*|assum\w*|scenario|what-if)\b", re.IGNORECASE)
WOULD = re.compile(r"\bwould (?:be|become|make|reach|rise to|fall to|drop to|stand at|come to)\s*$", re.IGNORECASE)
CONDITIONAL = frozenset(("pending", "approve", "reject", "expected", "burn", "released", "break"))
"""Words of metrics that suppose something themselves."""
PAST = re.compile(
    r"\b(?:earlier|previous(?:ly)?|before|prior|then|was|were|stood|had|from|yesterday"
    r"|last (?:month|quarter|year|week|close))\b",
    re.IGNORECASE,
)
PAST_DAY = re.compile(
    r"(?<!since )(?<!than )\b(?:previous|prior|last (?:month|quarter|year|week)|yesterday)\b", re.IGNORECASE
)
NOW = re.compile(r"\b(?:today|now|currently|latest|at present|right now)\b", re.IGNORECASE)
KNOWN = re.compile(rf"\b(?:known|knew|recorded|believed|read)\b[^{FIGURE}]{{0,20}}{DAY}", re.IGNORECASE)
GRADE = re.compile(r"\bgrade ([A-Z])\b", re.IGNORECASE)
CAUSE = re.compile(
    r"\b(?:because|due to|thanks to|caused by|driven by|owing to|as a result of|attributable to|explained by)\b",
    re.IGNORECASE,
)


def misplaced(bound: Bound, reading: Reading) -> Iterator[Wrong]:
    """A figure said of another entity than its own."""
    fact, scopes = bound.fact, bound.scopes
    if scopes is None:
        every = {f.scope for f in reading.evidence.facts.values()}
        if fact.scope not in ("portfolio", "company") and every != {fact.scope}:
            yield Wrong("wrong_entity", fact.ref, f"Name {fact.name} with {{entity: {fact.scope}}} before its figure")
    elif fact.scope not in scopes and not (fact.scope in bound.spoken and _project_of(fact) in scopes):
        said = " or ".join(sorted(scopes))
        yield Wrong("wrong_entity", fact.ref, f"It is of {fact.name} ({fact.scope}) but is said of {said}")
    elif bound.project and (of := _project_of(fact)) and not bound.project & {of, *GROUPS}:
        yield Wrong("wrong_entity", fact.ref, f"It is part of {of}, not of what is named")


def _project_of(fact: Fact) -> str:
    """The project that a cost code or change order is part of; empty for anything else."""
    first, _, rest = fact.scope.partition("/")
    return first if rest and first not in (*GROUPINGS, *GROUPS) else ""


def mistimed(bound: Bound, reading: Reading) -> Iterator[Wrong]:
    """A figure of one day said of another, or an earlier one shown as today's."""
    fact, evidence = bound.fact, reading.evidence
    near = f"{bound.before[-80:]} {bound.after[:40]}"
    if bound.days and not KNOWN.search(bound.sentence):
        if not bound.days & fact.days:
            yield Wrong(
                "wrong_day", fact.ref, f"It is of {' and '.join(map(str, sorted(fact.days)))}; say so with {{day}}"
            )
        elif (
            evidence.today
            and evidence.today not in fact.days
            and NOW.search(f"{bound.before} {ASIDE.split(bound.after)[0]}")
        ):
            yield Wrong("wrong_day", fact.ref, f"It is of {fact.as_of}; the newest day is {evidence.today}")
        return
    if fact.change or bound.days:
        return
    if fact.as_of != evidence.newest and not PAST.search(bound.before[-60:]):
        yield Wrong(
            "wrong_day", fact.ref, f"It is of {fact.as_of}, not of {evidence.newest}; name its day with {{day}}"
        )
    elif fact.as_of == evidence.newest and PAST_DAY.search(bound.before[-40:]):
        yield Wrong("wrong_day", fact.ref, f"It is of {fact.as_of}, the newest day of these results")
    if NOW.search(near) and evidence.today and fact.as_of != evidence.today:
        yield Wrong("wrong_day", fact.ref, f"It is of {fact.as_of}; the newest day is {evidence.today}")


def unsupposed(bound: Bound) -> Iterator[Wrong]:
    """A supposed figure told as if it were so, or the other way round."""
    if bound.fact.supposed and not HYPOTHETICAL.search(bound.sentence):
        yield Wrong("hypothetical", bound.fact.ref, "It is hypothetical; say 'if' and 'would'")
    conditional = bound.fact.supposed or CONDITIONAL & set(bound.fact.metric.split("_"))
    if not conditional and WOULD.search(bound.before):
        yield Wrong("hypothetical", bound.fact.ref, "It is no hypothetical figure; use the ref with '~'")


def misgraded(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """A grade that is not the nearest figure's."""
    since = 0
    for found in GRADE.finditer(reading.shape):
        start = next((span[0] for span in reading.sentences() if span[0] <= found.start() < span[1]), 0)
        near = [b for b in bounds if max(start, since) <= b.slot.at < found.start() and b.fact.grade]
        near = near or [b for b in bounds if b.slot.at > found.start() and b.fact.grade][:1]
        since = found.end()
        if found[1].upper() not in {b.fact.grade for b in near}:
            right = " or ".join(sorted({b.fact.grade for b in near})) or "of a figure"
            yield Wrong("wrong_grade", found[0], f"The grade is {right}")


def misdirected(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """Words of movement against the sign of the change, or with no change in the evidence."""
    for pattern, up in ((UP, True), (DOWN, False), (BETTER, True), (WORSE, False)):
        judged = pattern in (BETTER, WORSE)
        for found in pattern.finditer(reading.unlabelled):
            if SUPPOSING.search(reading.shape[: found.start()]) or reading.shape.startswith(" would", found.end()):
                continue
            if UNIVERSAL.search(reading.sentence_at(found.start())):
                yield Wrong("wrong_direction", found[0], "Say it of each by its change, not of all")
                continue
            moves = [_polar(m, f) if judged else m for m, f in _movements(found.start(), bounds, reading)]
            wanted = up is not bool(NEGATED.search(reading.shape[: found.start()]))
            if not moves or any(move is None or not (move > 0 if wanted else move < 0) for move in moves):
                yield Wrong("wrong_direction", found[0].split(FIGURE)[0].strip(), NO_SUCH_MOVE)


def _movements(at: int, bounds: Sequence[Bound], reading: Reading) -> list[tuple[Decimal, Fact]]:
    """What moved where a word of movement stands: a change beside it, two figures of two days, or any of its scope."""
    here = [b for b in bounds if b.span[0] <= at < b.span[1]]
    changes = [b for b in here if b.fact.change and b.fact.value is not None]
    if changes:
        nearest = min(changes, key=lambda b: (abs(b.slot.at - at), b.slot.at))
        return [(nearest.fact.value or Decimal(0), nearest.fact)]
    for later in reversed(here):
        for first in here:
            if _two_ends(first.fact, later.fact):
                return [((later.fact.value or Decimal(0)) - (first.fact.value or Decimal(0)), later.fact)]
    scopes = reading.scopes_at(at)
    known = [f for f in reading.evidence.facts.values() if f.change and f.value is not None]
    return [(f.value or Decimal(0), f) for f in known if scopes is None or f.scope in scopes][:1] or []


def _two_ends(first: Fact, later: Fact) -> bool:
    same = (first.metric, first.scope) == (later.metric, later.scope)
    before = first.as_of < later.as_of or (later.supposed and not first.supposed)
    return same and before and None not in (first.value, later.value)


def _polar(move: Decimal, fact: Fact) -> Decimal | None:
    """A movement counted up when it is for the better; None when nobody can say."""
    words = set(fact.metric.split("_"))
    if words & HIGHER_IS_BETTER:
        return move
    return -move if words & LOWER_IS_BETTER else None


def missigned(bounds: Sequence[Bound], reading: Reading) -> Iterator[Wrong]:
    """'Losing money' of a figure above zero, and the reverse."""
    for pattern, above in ((BELOW_ZERO, False), (ABOVE_ZERO, True)):
        for found in pattern.finditer(reading.unlabelled):
            positive = above is not bool(NEGATED.search(reading.unlabelled[: found.start()]))
            facts = [b.fact for b in reading.reached(found.start(), bounds) if _has_a_sign(b.fact)]
            wrong = [f for f in facts if f.value is not None and not (f.value >= 0 if positive else f.value < 0)]
            of_all = UNIVERSAL.search(reading.sentence_at(found.start())) and not reading.evidence.agrees(positive)
            if wrong or of_all or (not facts and not reading.evidence.agrees(positive)):
                yield Wrong("wrong_sign", found[0], "The figures beside these words have the other sign")


def _has_a_sign(fact: Fact) -> bool:
    return bool(set(fact.metric.split("_")) & (HIGHER_IS_BETTER - {"contract"}))


def uncaused(reading: Reading) -> Iterator[Wrong]:
    """A cause that is no driver of the results."""
    for found in CAUSE.finditer(reading.shape):
        end = next((end for start, end in reading.sentences() if start <= found.start() < end), len(reading.shape))
        told = reading.shape[found.end() : end]
        if not re.search(rf"[{ENTITY}{FIGURE}]|\bmissing\b|\bunavailable\b", told):
            yield Wrong("cause", found[0], "Name the cause by {entity} or {figure} of a driver, or leave it out")
