"""A model that does what it is told to do wrong, turn by turn, and remembers what it was shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datablueprint.agent.model import reply

Step = Mapping[str, Any] | Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]] | Exception
"""A reply, a reply made of the conversation so far, or a fault."""


@dataclass
class Scripted:
    """Says its steps in order; the last one again and again."""

    steps: Sequence[Step]
    cleared: bool = True
    """What screening record text says."""
    name: str = "scripted"
    model_id: str = "scripted-model"
    embedded: bool = False
    seen: list[list[Mapping[str, Any]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def converse(
        self, messages: Sequence[Mapping[str, Any]], *, system: str, tools: Mapping[str, Any], seconds: float
    ) -> Mapping[str, Any]:
        self.before()
        self.seen.append([dict(message) for message in messages])
        self.seconds.append(seconds)
        step = self.steps[min(len(self.seen), len(self.steps)) - 1]
        if isinstance(step, Exception):
            raise step
        return step(messages) if callable(step) else step

    def screen(self, texts: Sequence[str], *, seconds: float) -> bool:
        return self.cleared

    @property
    def told(self) -> str:
        """Everything that was ever said to it."""
        return json.dumps(self.seen, default=str, ensure_ascii=False)


def calls(*uses: tuple[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return reply(*uses)


def submits(*segments: Mapping[str, Any], results: Sequence[str] = ("r1",), headline: str = "") -> Mapping[str, Any]:
    return reply(("submit_answer", {"result_ids": list(results), "headline": headline, "segments": list(segments)}))


def says(text: str, *, stop: str = "end_turn") -> Mapping[str, Any]:
    """Free text, no tool."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": stop,
        "usage": {"inputTokens": 10, "outputTokens": 10, "totalTokens": 20},
    }
