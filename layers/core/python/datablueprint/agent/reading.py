"""A question is read sign by sign: nothing that could carry meaning is dropped on the way to words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PROJECT, BREAK = "\ue000", "\ue001"
"""What stands in a list of words where a project was named, and where a sentence ended."""

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
SPOKEN = {"%": "percent", "$": "dollars", "&": "and"}
SILENT = frozenset(".,:()[]{}\"'’‘“”…-_/#")
PIECE = re.compile(r"[^\W_]+(?:[-./:,][^\W_]+)*|\S")
SENTENCE_END = re.compile(r"[?!;\n]+")


def normalised(question: str) -> str:
    """One spelling of dashes, widths and spaces; invisible signs are gone, private ones cannot pose as ours."""
    text = unicodedata.normalize("NFKC", question).translate(DASHES)
    kept = (c for c in text if unicodedata.category(c) != "Cf")
    return "".join("\ufffd" if unicodedata.category(c) == "Co" else c for c in kept)


def tokens(text: str) -> list[str]:
    """Lower-case words of a normalised text; a run that holds a digit stays whole, a strange sign is a word."""
    plain = SENTENCE_END.sub(f" {BREAK} ", text.lower().replace("'s", "").replace("’s", ""))
    return [word for piece in PIECE.findall(plain) for word in _words(piece)]


@lru_cache(maxsize=4096)
def name_tokens(name: str) -> tuple[str, ...]:
    """The words of a project's name."""
    return tuple(w for w in tokens(normalised(name)) if w != BREAK)


def number_like(word: str) -> bool:
    """A word with a digit that is no plain number: a date, an amount, or a job number that may not exist."""
    return not word.isdecimal() and any(c.isdigit() for c in word)


def _words(piece: str) -> list[str]:
    if piece in SILENT:
        return []
    if piece in SPOKEN:
        return [SPOKEN[piece]]
    return [piece] if any(c.isdigit() for c in piece) else re.split(r"[-./:,]", piece)
