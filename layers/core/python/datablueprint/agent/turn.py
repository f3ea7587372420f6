"""What a turn is given and how it ends: tools, a clock and names in; results, options or a refusal out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from datablueprint.agent.plan import Option, Refusal
from datablueprint.agent.prompts import Described
from datablueprint.agent.results import ResultSet
from datablueprint.agent.text import Segment

MOST_SECONDS = 20.0
"""Of one turn."""


class Toolbox(Protocol):
    """The tools of one question and what they have found so far."""

    @property
    def tools(self) -> Sequence[Described]: ...
    @property
    def results(self) -> Mapping[str, ResultSet]: ...

    def run(self, name: str, given: Mapping[str, Any]) -> ResultSet | Mapping[str, Any]:
        """Call a tool; what the model can act on comes back as {"error": {"code", "sentence", ...}}."""
        ...


class Clock(Protocol):
    def monotonic(self) -> float: ...


@dataclass(frozen=True)
class Surroundings:
    """What is true around a question whoever answers it."""

    today: date
    known: Mapping[str, Sequence[str]]
    """Names of this company by scope."""
    clock: Clock
    progress: Callable[[str, str], None]
    """Told a stage and a message."""
    seconds: float = MOST_SECONDS


@dataclass
class Trace:
    """For logs: what happened, never the text of a record."""

    engine: str
    model: str
    prompt: str
    tools: str
    calls: list[dict[str, str]] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    """Codes of what was wrong with drafts."""
    strikes: list[str] = field(default_factory=list)
    tokens: int = 0
    turns: int = 0
    milliseconds: int = 0
    outcome: str = ""


@dataclass(frozen=True)
class Ended:
    """How a turn ended: one of segments (with results), options and refusal."""

    trace: Trace
    results: tuple[ResultSet, ...] = ()
    headline: str = ""
    segments: tuple[Segment, ...] = ()
    """Empty with results = to be told in the house's own words."""
    summary: Literal["told", "withheld"] = "told"
    slot: str = ""
    options: tuple[Option, ...] = ()
    refusal: Refusal | None = None
    broken: bool = False
    """Nothing came of the turn, for no reason that lies in the question."""


class Stopped(Exception):
    """The turn is over without an accepted draft; carries why, for the trace."""
