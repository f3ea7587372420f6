"""A case is a question, what was asked before it, and every outcome that a careful reader would accept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datablueprint.agent.query import Query, Threshold
from datablueprint.errors import QuestionError
from datablueprint.ports import Ports

SETS = ("development", "regression", "held-back")
"""Written by people who had not seen the planner; only the last was never looked at while it was written."""
FEEDBACK = "feedback/"


class Accepted(BaseModel):
    """One acceptable outcome; a field that is None may be anything unless it would narrow the question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Literal["answered", "clarify", "refused"]
    queries: tuple[Query, ...] = ()
    refusal: str | None = None
    any_metric: bool = False
    """The metric of the question is left open (a what-if shows several)."""

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Accepted:
        """From the flat spelling of the question sets, where one query's fields stand beside the status."""
        parts = raw.get("queries") or ([raw] if raw.get("status", "answered") == "answered" else [])
        return cls(
            status=raw.get("status", "answered"),
            queries=tuple(_query(part) for part in parts),
            refusal=raw.get("refusal") if isinstance(raw.get("refusal"), str) else None,
            any_metric=any(not part.get("metric") for part in parts),
        )


class Case(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    context: tuple[str, ...] = ()
    """Questions asked before, in order."""
    tags: tuple[str, ...] = ()
    accept: tuple[Accepted, ...] = Field(min_length=1)

    @property
    def answerable(self) -> bool:
        return any(each.status == "answered" for each in self.accept)


def _query(raw: Mapping[str, Any]) -> Query:
    threshold = raw.get("threshold")
    known = {name: raw[name] for name in Query.model_fields if raw.get(name) is not None}
    known["scope"] = raw.get("scope") or raw.get("among") or "portfolio"
    known["kind"] = raw.get("kind") or "figure"
    if threshold:
        known["threshold"] = Threshold.model_validate(threshold)
    return Query.model_validate(known)


def load(name: str) -> list[Case]:
    """The cases of a set or of a JSON Lines file; QuestionError names every line that cannot be read."""
    if name in SETS:
        found = resources.files("local.evaluation") / "questions" / f"{name.replace('-', '_')}.jsonl"
        text = found.read_text(encoding="utf-8")
    else:
        try:
            text = Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise QuestionError(
                f"There is no question set '{name}' ({error}); say {', '.join(SETS)} or feedback"
            ) from None
    return list(_read(text, name))


def _read(text: str, origin: str) -> Iterator[Case]:
    wrong, found = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_case(json.loads(line)))
        except (json.JSONDecodeError, ValidationError, KeyError, TypeError) as error:
            wrong.append(f"line {number}: {' '.join(str(error).split())[:200]}")
    if wrong:
        raise QuestionError(f"{origin}: {'; '.join(wrong)}")
    return iter(found)


def _case(raw: Mapping[str, Any]) -> Case:
    return Case(
        id=raw["id"],
        question=raw["question"],
        context=tuple(raw.get("context") or ()),
        tags=tuple(raw.get("tags") or ()),
        accept=tuple(Accepted.of(each) for each in raw["accept"]),
    )


def reported(ports: Ports) -> list[Case]:
    """What people marked as wrong: until somebody says what was meant, only a refusal or a question back is right."""
    cases = []
    for key, item in ports.state.list(FEEDBACK):
        if item.value.get("verdict") != "wrong" or not item.value.get("question"):
            continue
        accept = item.value.get("accept") or [{"status": "refused"}, {"status": "clarify"}]
        case_id = key.removeprefix(FEEDBACK)
        cases.append(_case({"id": case_id, "question": item.value["question"], "tags": ["feedback"], "accept": accept}))
    return cases
