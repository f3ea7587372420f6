"""Planning ends early with a refusal or with one question back."""

from __future__ import annotations

from collections.abc import Sequence

from datablueprint.agent.plan import Option, Plan, Refusal, RefusalCode
from datablueprint.agent.planning.reach import told
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.query import Query
from datablueprint.agent.vocabulary import Vocabulary


class Stop(Exception):
    """Planning ended early: with a refusal or a question back."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("stopped")
        self.plan = plan


def refuse(code: RefusalCode, because: str, fix: str = "", offers: Sequence[str] = ()) -> Stop:
    return Stop(Plan(refusal=Refusal(code=code, because=because, fix=fix), offers=tuple(offers)))


def option(query: Query, label: str, vocabulary: Vocabulary) -> Option:
    return Option(label=label, question=spoken(query, vocabulary), query=query)


def clarify(slot: str, readings: Sequence[tuple[Query, str]], vocabulary: Vocabulary) -> Stop:
    """Asks back with at most three readings, each of which can be answered."""
    kept: list[tuple[Query, str]] = []
    for query, label in readings:
        if told(query) and query not in [q for q, _ in kept]:
            kept.append((query, label))
    if not kept:
        return refuse("not_understood", "I cannot tell what is meant")
    return Stop(Plan(slot=slot, options=tuple(option(q, label, vocabulary) for q, label in kept[:3])))
