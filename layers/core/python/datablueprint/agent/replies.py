"""What can be read out of a model's reply, which may hold anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError


def content(reply: Mapping[str, Any]) -> Iterable[object]:
    message = reply.get("output", {})
    message = message.get("message", {}) if isinstance(message, Mapping) else {}
    content = message.get("content", ()) if isinstance(message, Mapping) else ()
    return content if isinstance(content, Sequence) and not isinstance(content, str) else ()


def use(block: object) -> dict[str, Any] | None:
    """A tool use of a reply, None for anything else and for one that is malformed."""
    use = block.get("toolUse") if isinstance(block, Mapping) else None
    if not isinstance(use, Mapping) or not isinstance(use.get("input"), Mapping):
        return None
    if not all(isinstance(use.get(key), str) and use[key] for key in ("toolUseId", "name")):
        return None
    return {key: use[key] for key in ("toolUseId", "name", "input")}


def uses(content: Iterable[object]) -> list[dict[str, Any]]:
    """The tool uses of a reply, one per id: every id must be answered once."""
    found = (made for block in content if (made := use(block)))
    by_id: dict[str, dict[str, Any]] = {}
    for each in found:
        by_id.setdefault(each["toolUseId"], each)
    return list(by_id.values())


def spelled(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def tokens(reply: Mapping[str, Any]) -> int:
    usage = reply.get("usage")
    total = usage.get("totalTokens") if isinstance(usage, Mapping) else 0
    return total if isinstance(total, int) else 0


def said(wrong: ValidationError) -> str:
    """What is wrong with an input, field by field, without repeating the input."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors(include_input=False)[:6])


def progress(name: str, given: Mapping[str, Any]) -> str:
    metric = str(given.get("metric") or "").replace("_", " ")
    about = f": {metric}" if metric.replace(" ", "").isalnum() else ""
    return f"{name.replace('_', ' ')}{about}"
