"""From parts of a name to a metric: a part that no frame accounts for makes it another question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from datablueprint.agent.planning.words.frames import FRAMES
from datablueprint.metrics import BY_NAME

EXACT = "="
"""A part that starts with it is a metric's whole name."""


@dataclass(frozen=True)
class Frame:
    metric: str
    needed: frozenset[str]
    allowed: frozenset[str]

    def fits(self, said: frozenset[str]) -> bool:
        return self.needed <= said <= self.needed | self.allowed


@cache
def frames() -> tuple[Frame, ...]:
    found = []
    for line in FRAMES.strip().replace("\n  ", " ").split("\n"):
        metric, _, rest = line.partition("=")
        needed, _, allowed = rest.partition("?")
        if metric.strip() in BY_NAME:
            found.append(Frame(metric.strip(), frozenset(needed.split()), frozenset(allowed.split())))
    return tuple(found)


@cache
def bases() -> frozenset[str]:
    """Parts that are a whole name by themselves."""
    return frozenset(next(iter(f.needed)) for f in frames() if len(f.needed) == 1)


@cache
def loose(metric: str) -> frozenset[str]:
    """Parts that add nothing to the name of this metric."""
    found = {"current", "total", "size"}
    if BY_NAME[metric].unit in ("money_per_hour", "hours_per_week", "money_per_week"):
        found.add("mean")
    if BY_NAME[metric].unit.startswith("money"):
        found.add("money")
    if BY_NAME[metric].unit == "ratio":
        found.add("percent")
    if not any(
        word in metric
        for word in (
            "completion",
            "profit",
            "margin",
            "eac",
            "project",
            "fade",
            "contract",
            "revenue",
            "overhead",
            "budget",
        )
    ):
        found.add("to_date")
    return frozenset(found)


@cache
def metric_of(said: frozenset[str]) -> str | None:
    """The metric whose frame accounts for every part and needs the most of them."""
    exact = [part.removeprefix(EXACT) for part in said if part.startswith(EXACT)]
    if exact:
        rest = {part for part in said if not part.startswith(EXACT)}
        own: frozenset[str] = frozenset().union(*(f.needed | f.allowed for f in frames() if f.metric == exact[0]))
        fits = len(exact) == 1 and rest <= own | {"total", "current", "money", "percent", "at_completion", "to_date"}
        return exact[0] if fits else None
    fitting = [frame for frame in frames() if frame.fits(said)] or [
        f for f in frames() if f.fits(said - (loose(f.metric) - f.needed))
    ]
    if not fitting:
        return None
    most = max(len(frame.needed) for frame in fitting)
    best = {frame.metric for frame in fitting if len(frame.needed) == most}
    return best.pop() if len(best) == 1 else next(f.metric for f in fitting if len(f.needed) == most)


def needs(said: frozenset[str]) -> int:
    """How many parts the frame of these needs; 0 when there is none."""
    fitting = [len(f.needed) for f in frames() if f.fits(said)]
    return max(fitting, default=0)


def nearly(said: frozenset[str]) -> tuple[str, ...]:
    """Metrics of which everything said is a part, those that lack least first."""
    known = {
        frame: len(frame.needed - said)
        for frame in frames()
        if said & frame.needed and said <= frame.needed | frame.allowed
    }
    ranked = sorted(known, key=lambda f: (known[f], list(BY_NAME).index(f.metric)))
    return tuple(dict.fromkeys(f.metric for f in ranked if known[f] <= 2))


def closest(said: frozenset[str]) -> tuple[str, ...]:
    """Metrics whose whole name was said beside words that belong to another, those that account for most first."""
    scored: dict[str, int] = {}
    for frame in frames():
        kept = said & (frame.needed | frame.allowed)
        if frame.needed <= said and 2 * len(kept) >= len(said):
            scored[frame.metric] = max(scored.get(frame.metric, 0), len(kept) + len(frame.needed))
    return tuple(sorted(scored, key=lambda m: (-scored[m], list(BY_NAME).index(m))))


def within(metric: str, whole: str) -> str | None:
    """The metric that is one in the other: the profit in the backlog."""
    ways = [
        one.needed | two.needed for one in frames() if one.metric == metric for two in frames() if two.metric == whole
    ]
    found = {name for way in ways if (name := metric_of(way)) and name not in (metric, whole)}
    return found.pop() if len(found) == 1 else None
