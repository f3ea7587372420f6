"""A question is read by taking out of it, one after another, what has a form of its own; the rest are words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from datablueprint.agent.reading import BREAK, normalised

SlotKind = Literal[
    "project", "pm", "customer", "code", "type", "contract_type", "change", "day", "quantity", "bound", "limit",
    "known", "vendor", "state",
]  # fmt: skip
FIRST = 0xE100
"""The first of the private characters that stand for slots; a question cannot hold one of its own."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included; `said` names its size: day, week, month, quarter, year, span."""

    first: date
    last: date
    said: str = "day"
    words: str = ""


@dataclass(frozen=True)
class Bound:
    op: Literal["<", "<=", ">", ">="]
    value: Decimal
    unit: Literal["money", "percent", "points", "hours", "plain"]


@dataclass(frozen=True)
class Slot:
    """Something named or measured. Several `keys` of a name are several readings of it."""

    kind: SlotKind
    said: str
    keys: tuple[str, ...] = ()
    period: Period | None = None
    bound: Bound | None = None
    sure: bool = True
    """False = a likeness too faint to take for granted."""


@dataclass
class Masked:
    """Lower-case text in which every slot found so far is one private character."""

    text: str
    slots: list[Slot] = field(default_factory=list)

    @classmethod
    def of(cls, question: str) -> Masked:
        text = normalised(question).lower().replace("’", "'").replace("‘", "'").replace("`", "'")
        return cls(re.sub(r"\s+", " ", re.sub(r"[“”\"]", " ", text)).strip())

    def hide(self, slot: Slot) -> str:
        """The character that stands for a slot from now on."""
        self.slots.append(slot)
        return chr(FIRST + len(self.slots) - 1)

    def take(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Slot | None]) -> None:
        """Every match becomes the slot that `make` makes of it; None leaves it as it is."""

        def replaced(match: re.Match[str]) -> str:
            slot = make(match)
            return match[0] if slot is None else f" {self.hide(slot)} "

        self.text = pattern.sub(replaced, self.text)

    def slot(self, word: str) -> Slot | None:
        """The slot that a word stands for."""
        at = ord(word) - FIRST if len(word) == 1 else -1
        return self.slots[at] if 0 <= at < len(self.slots) else None


PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:[-./:,][^\W_]+)*|\S")
SILENT = frozenset(".,:()[]{}\"'…-_/#")
SPOKEN = {"%": "percent", "$": "dollars", "&": "and", "+": "plus"}
SENTENCE_END = re.compile(r"[?!;\n]+|\.(?=\s|$)")


def words_of(text: str) -> list[str]:
    """Words of a masked text; possessive endings fall, a run that holds a digit stays whole."""
    found: list[str] = []
    text = re.sub(r"\s-+\s|\.{2,}|…|\(|\)", " , ", text)
    for piece in PIECE.findall(SENTENCE_END.sub(f" {BREAK} ", text)):
        if piece in SILENT:
            found += [","] if piece == "," else []
        elif piece in SPOKEN:
            found.append(SPOKEN[piece])
        elif any(c.isdigit() for c in piece):
            found.append(re.sub(r"'s?$", "", piece))
        else:
            found += [w for part in re.split(r"[-./:,]", piece) if (w := _bare(part))]
    return found


CONTRACTIONS = frozenset("what's where's how's who's it's that's let's there's here's he's she's".split())


def _bare(word: str) -> str:
    if word in CONTRACTIONS:
        return word
    return word[:-2] if word.endswith("'s") else word[:-1] if word.endswith("'") else word
