"""A figure on a screen has one name, from which it can be computed anew and proved: as it is, as supposed, as moved.

gross_margin_at_completion/24-017/2026-11-19                plain, pinned to a snapshot by `@SNAPSHOT`
gross_margin_at_completion/24-017/2026-11-19~approve all    supposed: every assumption follows a `~`
gross_margin_at_completion/24-017/2026-10-31..2026-11-19    change: the later day less the earlier
A change from a day to the same day `~approve all` is what supposing it changes.
"""

from datablueprint.references.finding import MARK, Found, cell, find, hypothesis, plain_of, stated
from datablueprint.references.opening import BRIDGED, citations, opened, terms, verification
from datablueprint.references.spelling import Point, Reference, parse

__all__ = [
    "BRIDGED",
    "MARK",
    "Found",
    "Point",
    "Reference",
    "cell",
    "citations",
    "find",
    "hypothesis",
    "opened",
    "parse",
    "plain_of",
    "stated",
    "terms",
    "verification",
]
