"""What a question's words mean together; a word that is left over is said, never skipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from datablueprint.agent.lexicon import EMPTY, LONGEST, NUMBER_WORDS, PHRASES
from datablueprint.agent.reading import BREAK, PROJECT

METRICS = {
    "margin": "margin",
    "profit": "profit",
    "cost": "cost",
    "spent": "cost spent",
    "eac": "estimated cost at completion",
    "contract": "contract value",
    "revenue": "revenue",
}
"""The meanings that name a figure, in the words of a sentence."""

LARGEST_RANK = 50


@dataclass
class Meaning:
    """The meanings of a question. `bare` says that nothing but a project and words without meaning was there."""

    said: set[str] = field(default_factory=set)
    topics: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    bare: bool = True
    sentences: int = 0

    def has(self, *meanings: str) -> bool:
        """Any of them was said."""
        return not self.said.isdisjoint(meanings)

    @property
    def metrics(self) -> list[str]:
        """The figures that were named, in a fixed order."""
        return [m for m in METRICS if m in self.said]


def meaning(words: Sequence[str]) -> Meaning:
    """Reads the longest known phrase at each place; a project's place has no words of its own."""
    found = Meaning()
    at, spoke = 0, False
    while at < len(words):
        if words[at] == BREAK:
            found.sentences += spoke
            at, spoke = at + 1, False
            continue
        phrase = _phrase(words, at)
        spoke |= _take(found, phrase)
        at += len(phrase)
    found.sentences += spoke
    return found


def _phrase(words: Sequence[str], at: int) -> tuple[str, ...]:
    for length in range(min(LONGEST, len(words) - at), 1, -1):
        if tuple(words[at : at + length]) in PHRASES:
            return tuple(words[at : at + length])
    return (words[at],)


def _take(found: Meaning, phrase: tuple[str, ...]) -> bool:
    """Adds what a phrase means; true when it means anything."""
    word = phrase[0]
    if word == PROJECT:
        return True
    if len(phrase) == 1 and (word in NUMBER_WORDS or word.isdecimal()):
        found.numbers.append(NUMBER_WORDS.get(word) or int(word[:9]))
        found.bare = False
        return True
    parts = PHRASES.get(phrase)
    if parts is None:
        found.strange.append(word)
    elif parts[:1] == ("unanswered",):
        found.topics.append(parts[1])
    else:
        found.said |= set(parts)
    if parts is None or not (set(parts) <= {"job"} and (parts or len(phrase) > 1 or word in EMPTY)):
        found.bare = False
    return parts is None or bool(parts)
