"""What the loop asks of a model, and the offline planner as one: the same messages in, the same tool calls out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from datablueprint.agent import prompts
from datablueprint.agent.plan import Plan, Refusal
from datablueprint.agent.query import Query
from datablueprint.agent.tools.inputs import as_call

Message = Mapping[str, Any]
Planning = Callable[[str, Sequence[Query]], Plan]
"""A question and the queries before it, to a plan."""


class Model(Protocol):
    """Anything that speaks Converse."""

    @property
    def name(self) -> str:
        """Of the engine: planner or bedrock."""
        ...

    @property
    def model_id(self) -> str: ...

    @property
    def embedded(self) -> bool:
        """Whether it is our own code, whose faults must surface and whose words need no check."""
        ...

    def converse(
        self, messages: Sequence[Message], *, system: str, tools: Mapping[str, Any], seconds: float
    ) -> Mapping[str, Any]:
        """Converse's answer: output.message, stopReason, usage. ModelUnavailable when it cannot be had in `seconds`."""
        ...

    def screen(self, texts: Sequence[str], *, seconds: float) -> bool:
        """Whether record text may be shown to it; False also when nobody can tell within `seconds`."""
        ...


class PlannerModel:
    """The offline planner behind the loop: it plans on the first turn and hands in what was found on the second."""

    name = "planner"
    model_id = "offline-grammar"
    embedded = True

    def __init__(self, planning: Planning, planned: Plan | None = None) -> None:
        """`planned` spares a question that was planned already."""
        self._planning = planning
        self.planned = planned

    def converse(
        self, messages: Sequence[Message], *, system: str, tools: Mapping[str, Any], seconds: float
    ) -> Mapping[str, Any]:
        """Plan, or hand in."""
        if len(messages) > 1:
            return self._handed_in(messages[-1]["content"])
        if self.planned is None:
            self.planned = self._planning(*prompts.opened(messages))
        return reply(*_uses(self.planned))

    def screen(self, texts: Sequence[str], *, seconds: float) -> bool:
        """It never reads record text."""
        return False

    def _handed_in(self, content: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        told = [block["toolResult"]["content"][0]["json"] for block in content]
        found = [each["result_id"] for each in told if "result_id" in each]
        if found:
            return reply(("submit_answer", {"result_ids": found}))
        why = next((str(each["error"]["sentence"]) for each in told if "error" in each), "nothing was found")
        return reply(("decline", {"code": "not_in_data", "topic": why[:160]}))


def _uses(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    if plan.outcome == "answer":
        return [as_call(query) for query in plan.queries]
    if plan.outcome == "clarify":
        options = [option.model_dump(mode="json") for option in plan.options]
        return [("ask_user", {"slot": plan.slot, "options": options[:3]})]
    refusal = plan.refusal or Refusal(code="not_understood", because="the question was not understood")
    return [("decline", {"code": refusal.code, "topic": refusal.because[:160], "fix": refusal.fix[:160]})]


def reply(*uses: tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A reply in Converse's shape that uses tools."""
    content = [
        {"toolUse": {"toolUseId": f"use-{number}", "name": name, "input": dict(given)}}
        for number, (name, given) in enumerate(uses, 1)
    ]
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0},
    }
