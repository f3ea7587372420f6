"""The agent: a question becomes a typed plan, the plan becomes verified figures, the figures become a sentence.

In: a question and one pinned snapshot. Out: the answer contract of the command
line and API. It computes nothing itself and prints no figure that was not
re-added from raw records.
"""

from datablueprint.agent.asking import ask, vocabulary_of
from datablueprint.agent.planning import plan

__all__ = ["ask", "plan", "vocabulary_of"]
