"""What a check of `datablueprint doctor` found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`found` ends with what to do where it is not `ok`."""

    name: str
    ok: bool
    found: str
