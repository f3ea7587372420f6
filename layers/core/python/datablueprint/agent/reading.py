"""A question is read sign by sign: nothing that could carry meaning is dropped on the way to words."""

from __future__ import annotations

import unicodedata

BREAK = "\ue001"
"""What stands in a list of words where a sentence ended."""

DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def normalised(question: str) -> str:
    """One spelling of dashes, widths and spaces; invisible signs are gone, private ones cannot pose as ours."""
    text = unicodedata.normalize("NFKC", question).translate(DASHES)
    kept = (c for c in text if unicodedata.category(c) != "Cf")
    return "".join("\ufffd" if unicodedata.category(c) == "Co" else c for c in kept)
