"""What a tool says when it cannot: a code to act on, the field, what is allowed there, and one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from datablueprint.errors import (
    DataBlueprintError,
    FigureUnverified,
    QuestionError,
    SnapshotMissing,
    Unknown,
    UnknownFigure,
    UnknownMetric,
    UnknownProject,
)
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.whatif import SHOWN

Row = dict[str, Any]
CODES: tuple[tuple[type[DataBlueprintError], str, str], ...] = (
    (UnknownMetric, "unknown_metric", "metric"),
    (UnknownProject, "unknown_scope", "scope"),
    (UnknownFigure, "unknown_scope", "scope"),
    (Unknown, "unknown", ""),
    (SnapshotMissing, "not_kept", "known_at"),
    (FigureUnverified, "withheld", ""),
    (QuestionError, "not_possible", ""),
    (DataBlueprintError, "failed", ""),
)
NEAREST = 5


def refused(code: str | DataBlueprintError, sentence: str, *, field: str = "", allowed: Sequence[str] = ()) -> Row:
    """A typed error; of an error of ours the code follows from its class."""
    if isinstance(code, str):
        name = code
    else:
        name, field = next((said, where) for kind, said, where in CODES if isinstance(code, kind))
        allowed = _allowed(name, sentence)
    return {"error": {"code": name, "field": field, "allowed": list(allowed), "sentence": sentence}}


def _allowed(code: str, sentence: str) -> list[str]:
    if code == "unknown_metric":
        asked = sentence.partition("'")[2].partition("'")[0]
        return get_close_matches(asked, BY_NAME, n=NEAREST, cutoff=0.3)
    return list(SHOWN) if code == "not_possible" and "cannot be supposed" in sentence else []


def unreadable(invalid: ValidationError, schema: Mapping[str, Any]) -> Row:
    """An input that breaks the schema: the first field at fault and what it may hold."""
    first = invalid.errors(include_url=False, include_input=False)[0]
    where = [str(part) for part in first["loc"]]
    field = where[0] if where else ""
    known = schema.get("properties", {})
    if first["type"] == "extra_forbidden":
        return refused("invalid_input", f"There is no field '{field}'", field=field, allowed=list(known))
    allowed = _choices(known.get(field, {}))
    return refused("invalid_input", f"{'.'.join(where) or 'input'}: {first['msg']}", field=field, allowed=allowed)


def _choices(schema: Mapping[str, Any]) -> list[str]:
    held = [schema, *schema.get("anyOf", ())]
    return [str(choice) for each in held for choice in each.get("enum", ())][:60]
