"""From a text to what was said, piece by piece: slots, parts of meanings, and whatever is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from datablueprint.agent.names import ASK
from datablueprint.agent.planning import amounts, lexicon
from datablueprint.agent.planning.calendar import DATELIKE, Calendar
from datablueprint.agent.planning.lexicon import contract_types, table, trades_by_name
from datablueprint.agent.planning.mentions import better_meant, figured, partial_names, unshortened, whole_names
from datablueprint.agent.planning.slots import Masked, Slot, words_of
from datablueprint.agent.planning.words.filler import MISSPELT
from datablueprint.agent.planning.words.knowing import KNOWN_THEN
from datablueprint.agent.planning.words.manners import HARMLESS
from datablueprint.agent.planning.words.turns import plain
from datablueprint.agent.reading import BREAK
from datablueprint.agent.vocabulary import Vocabulary

CHANGE = re.compile(
    r"\b(?:pcos?|cors?|cos?|ccos?|vos?|change orders?|change requests?|potential change orders?|changes?|variations?)"
    r"[- ]*(?:no\.?|number|num\.?|nbr|#)?[- ]*#?0*(\d{1,4})\b(?! ?%)"
)
RUN = re.compile(r"(?<![\w$.,-])#?([a-z0-9][\w./:-]*\d[\w./:-]*|\d[\w./:-]*)")
COUNTED = re.compile(r"\d{1,2}|(?:19|20)\d\d")
SAID_BEFORE = re.compile(r"(?:\b(?:job|project|number|no\.?|jobs|projects)\s*#?\s*|#)$")
CODE = re.compile(r"(\d\d-\d{3}|\d\d \d{3}|\d{5})(?:\.([lmseo]))?")
WEEKS_OF_LABOR = re.compile(r"\b(?:labor|labour|hours|hrs|overhead|oh|burden|burn|crews?|payroll|wages)\b")
LONG = {
    "qtr": "quarter", "qtrs": "quarters", "yr": "year", "yrs": "years", "wk": "week", "wks": "weeks", "mo": "month",
    "mos": "months", "eom": "month end", "eoy": "year end", "eoq": "quarter end",
}  # fmt: skip
SHORTENED = re.compile(r"\b(" + "|".join(LONG) + r")\b\.?")
YEAR_OF_LABOR = re.compile(r"\b(?:over |in |for )?the (?:last|past) year\b")
BY_THE_YEAR = re.compile(r"\b(?:overhead|oh|burden)\b")
REASON = re.compile(
    r"[,.;-]?\s*\b(?:i |we )?(?:need|want|needed|wanted) (?:it|this|that|one) (?:for|by|before|to) [^,.?!]*$"
)
CORRECTING = re.compile(r"^(?:no|nope|nah|sorry|ok|okay|well|hmm)[,. ]+(?=\w)")
"""What a reply may open with: 'no, over the last 8 weeks'."""


@dataclass(frozen=True)
class Piece:
    """A phrase or slot at its place, with the parts of its meaning."""

    words: str
    parts: tuple[str, ...] = ()
    slot: Slot | None = None
    strange: bool = False


@dataclass
class Reading:
    """`repairs` are words read as others; `maybe` are likenesses to ask about."""

    pieces: list[Piece] = field(default_factory=list)
    repairs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def strange(self) -> list[str]:
        return [p.words for p in self.pieces if p.strange]

    def slots(self, *kinds: str) -> list[Slot]:
        return [p.slot for p in self.pieces if p.slot and p.slot.kind in kinds]

    @property
    def parts(self) -> set[str]:
        return {part for p in self.pieces for part in p.parts}

    def has(self, *parts: str) -> bool:
        return not self.parts.isdisjoint(parts)


def read(question: str, vocabulary: Vocabulary, *, weekly: bool = False) -> Reading:
    """Everything a question says; nothing is dropped that could carry meaning.

    `weekly` = a figure per week is spoken of, so that 'the last 8 weeks' are part of its name.
    """
    text = Masked.of(question)
    text.text = CORRECTING.sub("", REASON.sub("", SHORTENED.sub(lambda m: LONG[m[1]], text.text)))
    text.text = plain(text.text)
    if BY_THE_YEAR.search(text.text):
        text.text = YEAR_OF_LABOR.sub("last 12 months", text.text)
    _keys(text, vocabulary)
    amounts.take(text)
    text.take(KNOWN_THEN, lambda m: Slot("known", m[0]))
    text.take(CHANGE, lambda m: Slot("change", m[0], (m[1],)))
    Calendar(vocabulary.newest).take(text, keep_weeks=weekly or bool(WEEKS_OF_LABOR.search(text.text)))
    words = words_of(text.text)
    words = whole_names(text, unshortened(words, vocabulary), vocabulary)
    words = partial_names(text, words, vocabulary)
    reading = Reading()
    words = list(_repaired(words, vocabulary, reading))
    reading.pieces = _unnamed_jobs(list(_pieces(text, words, vocabulary)))
    return reading


def _unnamed_jobs(pieces: list[Piece]) -> list[Piece]:
    """A word of no meaning right before 'job' may be a name or a filter that does not exist: it must not pass."""
    after = [*pieces[1:], Piece("")]
    return [
        replace(p, strange=True) if p.words in HARMLESS and not p.parts and {"#job", "#jobs"} & set(nxt.parts) else p
        for p, nxt in zip(pieces, after, strict=False)
    ]


def _keys(text: Masked, vocabulary: Vocabulary) -> None:
    """Job numbers and cost codes, whole or not at all."""

    def made(m: re.Match[str]) -> Slot | None:
        run = m[1].rstrip(".:,/-")
        rest = m[1][len(run) :]
        before = text.text[: m.start()] + ("#" if m[0].startswith("#") else "")
        if rest.strip(".:,/-"):
            return None
        key, _, inner = run.partition("/")
        found = vocabulary.index.key(key)
        if found and (not COUNTED.fullmatch(key) or SAID_BEFORE.search(before)):
            return _within(found, inner, key) if inner else Slot("project", key, tuple(found))
        return _code(run, vocabulary)

    text.take(RUN, made)
    text.text = re.sub(r"\b(?:job|project)?s?\s*(?:number|no\.?|#)\s*(?=[\ue100-\uf000])", " ", text.text)


def _within(found: list[str], inner: str, key: str) -> Slot | None:
    """'24-017/03-300.l' or '24-017/change/003'."""
    return Slot("project", key, tuple(f"{k}/{_cased(inner)}" for k in found))


def _cased(inner: str) -> str:
    code, dot, kind = inner.rpartition(".")
    return f"{code}.{kind.upper()}" if dot else inner


def _code(run: str, vocabulary: Vocabulary) -> Slot | None:
    match = CODE.fullmatch(run)
    if not match:
        return None
    code = match[1].replace(" ", "-") if len(match[1]) == 6 else f"{match[1][:2]}-{match[1][2:]}"
    if code not in vocabulary.codes:
        return None
    return Slot("code", run, (code, *([match[2].upper()] if match[2] else [])))


def _repaired(words: list[str], vocabulary: Vocabulary, reading: Reading) -> Iterator[str]:
    """Misspelt words as the known ones they must be; what is repaired is remembered and told.

    Where a name would stand, a word that carries no meaning is no repair: it may be a name.
    """
    known, trades = lexicon.known_words() | amounts.WORDS.keys(), vocabulary.index.trade_words
    for at, word in enumerate(words):
        better = None if word in known or word in trades or word in BREAK else lexicon.repaired(word)
        likeness = vocabulary.index.like(word)[0] if better else 0.0
        named = likeness >= ASK and not better_meant(word, likeness)
        behind = bool(at) and words[at - 1] in NAMING
        if word in MISSPELT:
            named = behind = False
        if better and ((named and behind) or ((named or behind) and not figured(better) and better not in trades)):
            better = None
        if better:
            reading.repairs.append((word, better))
        yield better or word


NAMING = frozenset("of on for at in from job project site by the".split())
"""Words behind which a name may stand."""


def _pieces(text: Masked, words: list[str], vocabulary: Vocabulary) -> Iterator[Piece]:
    at = 0
    while at < len(words):
        word = words[at]
        slot = text.slot(word)
        if slot:
            yield Piece(slot.said, (), slot)
            at += 1
        elif word in (BREAK, ","):
            yield Piece(word, (word,))
            at += 1
        else:
            end = at
            while end < len(words) and words[end] not in (BREAK, ",") and not text.slot(words[end]):
                end += 1
            yield from _segmented(words[at:end], vocabulary)
            at = end


def _segmented(words: list[str], vocabulary: Vocabulary) -> list[Piece]:
    """The reading of a stretch of words that leaves the fewest of them over, in the fewest phrases."""
    best: list[tuple[int, int, int, list[Piece]]] = [(0, 0, 0, [])]
    for end in range(1, len(words) + 1):
        ways = []
        for start in range(max(0, end - LONGEST_PHRASE), end):
            piece = _phrase(tuple(words[start:end]), vocabulary)
            if piece:
                left, pieces, known, before = best[start]
                topic = any(part.startswith(lexicon.TOPIC) for part in piece.parts)
                ways.append((left + piece.strange, pieces + 1, known - topic, [*before, piece]))
        best.append(min(ways, key=lambda way: way[:3]))
    return best[-1][3]


LONGEST_PHRASE = 8


def _phrase(phrase: tuple[str, ...], vocabulary: Vocabulary) -> Piece | None:
    """What these words are together: a meaning, a kind of work, a type of contract, a number, one word left over."""
    said = " ".join(phrase)
    work = _work(phrase, vocabulary)
    parts = table().get(phrase)
    if work and not (parts and not parts[0].startswith(("type_", "?"))):
        return Piece(said, (), Slot("code", said, work))
    if phrase in contract_types():
        return Piece(said, (), Slot("contract_type", said, (contract_types()[phrase],)))
    if parts is not None:
        return Piece(said, parts)
    if len(phrase) > 1:
        return None
    word = phrase[0]
    if word.isdecimal() or word in amounts.WORDS:
        return Piece(word if word.isdecimal() else str(amounts.WORDS[word]), ("number",))
    if word in HARMLESS:
        return Piece(word)
    return Piece(word, ("date?",) if word in DATELIKE else (), strange=True)


def _work(phrase: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The cost codes that a kind of work is, among those that exist."""
    named = trades_by_name().get(phrase, phrase)
    return vocabulary.index.codes.get(named, ())
