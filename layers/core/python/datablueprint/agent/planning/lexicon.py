"""One table of phrases for the planner: each has one meaning, made of the parts that its theme file gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from datablueprint.agent.planning.calendar import DATELIKE
from datablueprint.agent.planning.slots import words_of
from datablueprint.agent.planning.words import absent, exact, figures, filler, names, shapes, trades
from datablueprint.agent.planning.words.manners import HARMLESS
from datablueprint.agent.planning.words.real import REAL

Phrase = tuple[str, ...]
TOPIC = "?"
"""A meaning that starts with it is a topic that cannot be answered."""


@dataclass(frozen=True)
class Topic:
    """What is asked about that is not here: the refusal's code, why, and the way out."""

    name: str
    code: str
    because: str
    fix: str


def _blocks(text: str) -> list[tuple[str, list[str]]]:
    """`head: phrase, phrase` with continuation lines indented."""
    joined = text.strip().replace("\n  ", " ")
    found = []
    for line in joined.split("\n"):
        head, _, rest = line.partition(":")
        found.append((head.strip(), [p.strip() for p in rest.split(",") if p.strip()]))
    return found


def _topics() -> dict[str, tuple[Topic, list[str]]]:
    joined = absent.TOPICS.strip().replace("\n  ", " ")
    found = {}
    for line in joined.split("\n"):
        head, _, phrases = line.partition(";")
        name, code, because, fix = (part.strip() for part in head.split("|"))
        found[name] = (Topic(name, code, because, fix), [p.strip() for p in phrases.split(",") if p.strip()])
    return found


TOPICS = {name: topic for name, (topic, _) in _topics().items()}


@cache
def table() -> dict[Phrase, tuple[str, ...]]:
    """Every phrase with its parts; () means that it carries no meaning."""
    silent = [*filler.WORDS, *filler.PHRASES.replace("\n", " ").split(",")]
    found: dict[Phrase, tuple[str, ...]] = {tuple(words_of(said.strip())): () for said in silent}
    topics = {tuple(words_of(p)): (TOPIC + name,) for name, (_, phrases) in _topics().items() for p in phrases}
    named = {phrase: ("=" + head,) for head, phrase in _phrases(exact.NAMES)}
    typed = {phrase: (f"type_{head}",) for head, phrase in _phrases(trades.COST_TYPES)}
    told = {
        phrase: tuple(head.split()) for text in (figures.PHRASES, shapes.PHRASES) for head, phrase in _phrases(text)
    }
    found = typed | named | found | topics | told
    found.pop((), None)
    return found


def _phrases(text: str) -> Iterator[tuple[str, Phrase]]:
    for head, phrases in _blocks(text):
        for phrase in phrases:
            yield head, tuple(words_of(phrase))


@cache
def exact_names() -> dict[str, str]:
    """How a metric is said whose label does not compose."""
    return {head: phrases[0] for head, phrases in _blocks(exact.NAMES)}


@cache
def sayings() -> dict[str, str]:
    """The phrases that bring one part alone, in one text."""
    return {head: " ".join(phrases) for head, phrases in _blocks(figures.PHRASES) if " " not in head}


@cache
def starts() -> dict[str, int]:
    """The longest phrase that begins with a word."""
    longest: dict[str, int] = {}
    for phrase in table():
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return longest


@cache
def known_words() -> frozenset[str]:
    """Every word of every phrase, with those that speak of time."""
    return frozenset(word for phrase in table() for word in phrase) | DATELIKE


@cache
def alone() -> frozenset[str]:
    """Words that mean something, or nothing, by themselves."""
    return frozenset(phrase[0] for phrase in table() if len(phrase) == 1) | DATELIKE


@cache
def trades_by_name() -> dict[Phrase, Phrase]:
    """What people call a cost code, to the words of the code's own name."""
    return {
        tuple(words_of(phrase)): tuple(words_of(head))
        for head, phrases in _blocks(trades.TRADES)
        for phrase in [head, *phrases]
    }


@cache
def short_names() -> dict[Phrase, Phrase]:
    """What people say for words of a name, to those words."""
    return {tuple(words_of(p)): tuple(words_of(head)) for head, phrases in _blocks(names.SHORT) for p in phrases}


@cache
def contract_types() -> dict[Phrase, str]:
    return {tuple(words_of(p)): head for head, phrases in _blocks(trades.CONTRACT_TYPES) for p in phrases}


@cache
def buckets() -> dict[tuple[str, int], tuple[str, ...]]:
    """Known words by first letter and length, for repairing typos."""
    found: dict[tuple[str, int], list[str]] = {}
    trade = {word for phrase in trades_by_name() for word in phrase}
    for word in sorted(known_words() | trade):
        if len(word) >= 4 and word.isalpha():
            found.setdefault((word[0], len(word)), []).append(word)
    return {key: tuple(words) for key, words in found.items()}


def _longer(word: str, known: str) -> bool:
    """Only a letter is missing, as in 'totl': of so short a word no other typo is sure."""
    left = iter(known)
    return len(known) > len(word) and all(letter in left for letter in word)


def repaired(word: str) -> str | None:
    """The one known word that a typo makes of this; None when there is none or more than one equally near."""
    from rapidfuzz.distance import OSA

    if word in filler.MISSPELT:
        return filler.MISSPELT[word]
    if len(word) < 4 or not word.isalpha() or word in REAL or word in HARMLESS:
        return None
    allowed = 2 if len(word) >= 7 else 1
    near = [
        (OSA.distance(word, known, score_cutoff=allowed), known)
        for length in range(len(word) - allowed, len(word) + allowed + 1)
        for known in buckets().get((word[0], length), ())
    ]
    close = sorted(n for n in near if n[0] <= allowed and (len(word) > 4 or _longer(word, n[1])))
    if not close:
        return None
    best = [known for distance, known in close if distance == close[0][0]]
    telling = [known for known in best if (table().get((known,)) or ("?",))[0][:1] not in "?#"]
    same = {table().get((known,)) for known in best}
    return telling[0] if len(telling) == 1 else best[0] if len(best) == 1 or len(same) == 1 else None
