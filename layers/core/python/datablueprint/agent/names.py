"""A name in a question is taken only if nothing else it could mean comes near; otherwise it stays a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from datablueprint.agent.planning import lexicon
from datablueprint.agent.planning.slots import words_of

if TYPE_CHECKING:
    from datablueprint.agent.vocabulary import Vocabulary

LINK, ASK = 84, 66
"""At LINK a likeness is taken for the name; between ASK and LINK the person is asked; below, it is none (measured)."""

SUFFIXES = frozenset("inc llc co corp company ltd the and of".split())
Kind = Literal["project", "pm", "customer", "vendor"]
LETTERS = 3
"""Length of the beginnings by which unlike words are kept from being compared."""


@dataclass(frozen=True)
class Named:
    """A thing with a name: `key` is how scopes spell it."""

    kind: Kind
    key: str
    words: tuple[str, ...]


def name_words(name: str) -> tuple[str, ...]:
    return tuple(w for w in words_of(name.lower()) if w.isalnum() or "-" in w)


class Index:
    """Names by number, by whole name and by each of their words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.by_key: dict[str, list[str]] = defaultdict(list)
        for project in vocabulary.projects:
            plain = project.key.lower().replace("-", "")
            apart = {plain} if len(plain) >= 5 and plain.isdigit() else set()
            for spelled in {project.key.lower(), _short(project.key)} | apart:
                self.by_key[spelled].append(project.key)
        self.whole: dict[str, list[Named]] = defaultdict(list)
        self.holding: dict[str, set[Named]] = defaultdict(set)
        self.pairs: set[tuple[str, str]] = set()
        for named, parts in self._named():
            self._add(named, parts)
        self.near = _near(self.holding)
        self.codes: dict[tuple[str, ...], tuple[str, ...]] = {}
        for code, name in vocabulary.codes.items():
            words = name_words(name)
            self.codes[words] = (*self.codes.get(words, ()), code)
        said = lexicon.trades_by_name()
        self.trade_words = frozenset(w for words in (*self.codes, *said) for w in words)
        self._own = {p.key: name_words(p.name) for p in vocabulary.projects}

    def _named(self) -> Iterable[tuple[Named, bool]]:
        """Every name, and whether its single words name it too."""
        for project in self.vocabulary.projects:
            own = name_words(project.name)
            yield Named("project", project.key, own), True
            for alias in project.aliases:
                other = tuple(w for w in name_words(alias) if not any(c.isdigit() for c in w) or w in own)
                if own and other and other[0] == own[0]:
                    yield Named("project", project.key, other), True
        for manager in self.vocabulary.managers:
            yield Named("pm", f"pm/{manager}", name_words(manager)), True
        for customer in self.vocabulary.customers:
            yield Named("customer", f"customer/{customer}", name_words(customer)), True
        for vendor in self.vocabulary.vendors:
            words = name_words(vendor)
            yield Named("vendor", vendor, words[:-1] if len(words) > 2 and words[-1] in SUFFIXES else words), False

    def _add(self, named: Named, by_parts: bool) -> None:
        if not named.words:
            return
        self.whole[named.words[0]].append(named)
        if not by_parts:
            return
        own = Named(named.kind, named.key, ())
        words = named.words
        for word in words:
            if word not in SUFFIXES:
                self.holding[word].add(own)
        for one, two in pairwise(words):
            self.pairs.add((one, two))
            if len(one) > 2 and len(two) > 2:
                self.holding[one + two].add(own)
        letters = "".join(w[0] for w in words)
        for size in (3, 4):
            for at in range(1, len(letters) - size + 1):
                self.holding[letters[at : at + size]].add(own)

    def own_words(self, key: str) -> tuple[str, ...]:
        return self._own.get(key, ())

    def key(self, word: str) -> list[str]:
        """Projects with that number, however its zeros are written."""
        return self.by_key.get(word) or self.by_key.get(_short(word)) or []

    def at(self, words: Sequence[str], at: int) -> tuple[int, list[Named]]:
        """The longest whole names that begin at a place, and their length."""
        found: list[Named] = []
        longest = 0
        for named in self.whole.get(words[at], ()):
            size = len(named.words)
            if size >= max(longest, 2 if named.kind == "vendor" else 1) and tuple(words[at : at + size]) == named.words:
                found = [named] if size > longest else [*found, named]
                longest = size
        return longest, found

    def like(self, word: str) -> tuple[float, str]:
        """The word of a name that a misspelt word is most like, and how much (0 to 100)."""
        from rapidfuzz import fuzz

        if len(word) < 4 or not word.isalpha():
            return 0.0, ""
        best = (0.0, "")
        for own in {own for part in _parts(word) for own in self.near.get(part, ())}:
            score = 90.0 if len(word) >= 5 and own.startswith(word) else float(fuzz.ratio(word, own))
            best = max(best, (score, own), key=lambda found: (found[0], -len(found[1]), found[1]))
        return best


def _near(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= 4 and word.isalpha():
            for part in _parts(word):
                found[part].append(word)
    return {part: tuple(held) for part, held in found.items()}


def _parts(word: str) -> frozenset[str]:
    """Pairs of letters with the first one apart: two words that are alike share some."""
    return frozenset({f"^{word[0]}", *(word[i : i + LETTERS] for i in range(len(word) - LETTERS + 1))})


def _short(key: str) -> str:
    """A number without leading zeros in its parts: 26-007 as 26-7."""
    return re.sub(r"(?<![\d])0+(?=\d)", "", key.lower())
