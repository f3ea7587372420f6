"""Two spellings of one number have one key."""

from __future__ import annotations

import re


def number_key(text: str | None) -> str:
    """Equal for spellings of a document number that differ in case, punctuation and leading zeros only.

    'INV-0088' and 'inv 88' are one number, '1-12' and '11-2' are two: what stands
    between digits still parts them.
    """
    parted = re.sub(r"(?<=\d)[^a-z0-9]+(?=\d)", "-", (text or "").lower())
    flat = re.sub(r"[^a-z0-9-]|(?<!\d)-|-(?!\d)", "", parted)
    return re.sub(r"(?<!\d)0+(?=\d)", "", flat)
