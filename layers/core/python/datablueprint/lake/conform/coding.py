"""A cost type is what Procore says it is for, then its letter, then unknown; it is never guessed from a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from datablueprint.lake.conform.fields import Fields, Unreadable

BASE_TYPES: Mapping[str, str] = {
    "labor": "L",
    "materials": "M",
    "commitment": "S",
    "equipment": "E",
    "owner_cost": "O",
    "professional_services": "O",
    "other": "O",
}
LETTERS: Mapping[str, str] = {
    "L": "L",
    "M": "M",
    "S": "S",
    "S/C": "S",
    "SC": "S",
    "E": "E",
    "O": "O",
    "OC": "O",
    "SVC": "O",
}
Leaf = tuple[str | None, str | None]
"""Cost code and cost type, each null when unknown."""


def letter(code: str | None) -> str | None:
    """The product's letter for a cost type code as customers write it."""
    return LETTERS.get(code.upper()) if code else None


def cost_type(kind: Fields | None) -> str | None:
    """The letter of a `line_item_type` object: by base_type first, then by code letter."""
    if kind is None:
        return None
    base = kind.maybe_text("base_type")
    return (BASE_TYPES.get(base.lower()) if base else None) or letter(kind.maybe_text("code"))


class Coding:
    """Finds code and type of a Procore line.

    The WBS code is the stable key, so it decides; the line's own cost code and
    cost type objects stand in where it is absent or unknown.
    """

    def __init__(self, line_item_types: Iterable[Fields], wbs_codes: Iterable[Fields]) -> None:
        self._types: dict[str, str | None] = {}
        self._names: dict[str, str | None] = {}
        for kind in line_item_types:
            try:
                found = cost_type(kind)
                self._types[kind.text("code").upper()] = found
                self._names[(kind.maybe_text("name") or "").lower()] = found
            except Unreadable:
                continue
        self._wbs: dict[str, Leaf] = {}
        for wbs in wbs_codes:
            try:
                self._wbs[wbs.text("id")] = self.leaf(wbs)
            except Unreadable:
                continue

    def leaf(self, wbs: Fields) -> Leaf:
        """Code and type of a WBS code record, from its segments."""
        code = kind = None
        for segment in wbs.each("segment_items"):
            what = segment.maybe_text("segment", "type")
            if what == "cost_code":
                code = segment.maybe_text("path_code") or segment.maybe_text("code")
            elif what == "line_item_type":
                kind = self.type_of(segment.maybe_text("code"))
        return (code, kind) if code else self._split(wbs.maybe_text("flat_code"))

    def type_of(self, code: str | None) -> str | None:
        """The letter of a cost type given by its code as this customer spells it."""
        if code is None:
            return None
        return self._types[code.upper()] if code.upper() in self._types else letter(code)

    def type_named(self, name: str | None) -> str | None:
        """The letter of a cost type given by its name (budget rows have nothing else)."""
        return self._names.get(name.lower()) if name else None

    def of(self, line: Fields) -> Leaf:
        """Code and type of a line; (None, None) when nobody coded it."""
        wbs = line.maybe_text("wbs_code_id") or line.maybe_text("wbs_code", "id")
        if wbs in self._wbs:
            return self._wbs[wbs]
        code = line.maybe_text("cost_code", "full_code")
        kind = cost_type(line.maybe_within("line_item_type"))
        if code is None:
            code, flat_type = self._split(line.maybe_text("wbs_code", "flat_code"))
            kind = kind or flat_type
        return code, kind

    def by_id(self, wbs: str | None) -> Leaf | None:
        return self._wbs.get(wbs) if wbs else None

    def known_codes(self) -> set[str]:
        """Every cost code of every project."""
        return {code for code, _ in self._wbs.values() if code}

    def _split(self, flat: str | None) -> Leaf:
        if flat is None:
            return None, None
        code, dot, kind = flat.rpartition(".")
        return (code, self.type_of(kind)) if dot else (flat, None)
