"""Words that every format of export shares: cleaned names, and what grades mean."""

from __future__ import annotations

import re

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
GRADES = (
    ("A", "all required terms come from their first-choice record and the tie-outs hold"),
    ("B", "a fallback record or a stated default was used"),
    ("C", "a tie-out fails, a forecast is stale, or unassigned cost could move the margin by half a point or more"),
    ("U", "unavailable: a required term is missing"),
)


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return UNPRINTABLE.sub("", text)
