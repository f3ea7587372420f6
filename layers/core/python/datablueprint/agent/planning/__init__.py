"""The offline planner: a precise parser that answers, asks back or refuses, and never guesses."""

from datablueprint.agent.planning.planning import plan
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.planning.suggesting import suggest

__all__ = ["plan", "spoken", "suggest"]
