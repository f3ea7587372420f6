"""A query in words that plan back to that very query: what options, follow-ups and chips say."""

from __future__ import annotations

from datablueprint.agent.planning import lexicon
from datablueprint.agent.planning.words.frames import INDEXES, SIGNED_DOWN
from datablueprint.agent.query import Query
from datablueprint.agent.vocabulary import CONTRACT_TYPES, Vocabulary
from datablueprint.metrics import BY_NAME

TYPES = {"L": "labor", "M": "material", "S": "subcontract", "E": "equipment", "O": "other"}
BY = {
    "project": "by project", "code": "by cost code", "leaf": "by cost code", "pm": "by project manager",
    "customer": "by customer", "contract-type": "by contract type", "closed-in": "by year closed",
    "change": "by change order",
}  # fmt: skip
METHODS = {"E1": "e1", "E2": "e2", "E3a": "e3a", "E3b": "e3b", "E4": "e4", "E5": "e5", "E6": "e6"}


def spoken(query: Query, vocabulary: Vocabulary) -> str:
    """The question in words."""
    if query.kind == "scorecard":
        return "Show the PM scorecard"
    if query.kind == "wip":
        return f"Show the WIP schedule{_day(query)}"
    if query.kind == "health":
        return (
            "Is the data fresh and complete?"
            if query.scope == "portfolio"
            else f"Is the data of {_scope(query.scope, vocabulary)} complete?"
        )
    name = lexicon.exact_names().get(query.metric) or BY_NAME[query.metric].label
    if query.kind == "what_if":
        supposed = " and ".join(map(_supposed, query.scenario))
        return f"What is the {name} of {_scope(query.scope, vocabulary)} if {supposed}{_day(query)}?"
    if query.kind == "compare" and query.scopes:
        both = " and ".join(_scope(s, vocabulary) for s in query.scopes)
        return f"Compare the {name} of {both}{_day(query)}"
    if query.kind == "compare":
        return f"How did the {name} of {_scope(query.scope, vocabulary)} change since {query.since}{_day(query)}?"
    if query.kind in ("list", "rank"):
        return _rows(query, name, vocabulary)
    if BY_NAME[query.metric].kinds == ("company",):
        return f"What is the {name}{_day(query)}?"
    return f"What is the {name} of {_scope(query.scope, vocabulary)}{_day(query)}?"


def _rows(query: Query, name: str, vocabulary: Vocabulary) -> str:
    by = BY[query.by or "project"]
    of = f" of {_scope(query.scope, vocabulary)}"
    if query.kind == "list":
        return f"List the {name}{of} {by}{_day(query)}"
    bound = f" {query.threshold.op} {_amount(query)}" if query.threshold else ""
    order = "largest" if (query.order == "highest") != (query.metric in SIGNED_DOWN) else "smallest"
    many = f" {query.limit}" if query.limit else ""
    return f"Rank the{many} {order} {name}{bound}{of} {by}{_day(query)}"


def _amount(query: Query) -> str:
    assert query.threshold is not None  # only called with one
    value, unit = query.threshold.value, BY_NAME[query.metric].unit
    if unit == "ratio" and query.metric not in INDEXES:
        return f"{(value * 100).normalize():f}%"
    return f"${value:f}" if unit.startswith("money") else f"{value:f}"


def _scope(scope: str, vocabulary: Vocabulary) -> str:
    first, _, rest = scope.partition("/")
    groups = {
        "portfolio": "the active jobs",
        "closed": "the closed jobs",
        "not-started": "the jobs not started",
        "all": "the active jobs and the closed jobs",
        "company": "the company",
    }
    if first in groups:
        return f"{rest} on {groups[first]}" if rest else groups[first]
    if first == "pm":
        return f"the jobs of project manager {rest}"
    if first == "customer":
        return f"customer {rest}"
    if first == "contract-type":
        return f"the {CONTRACT_TYPES.get(rest, rest)} jobs"
    if first == "closed-in":
        return f"the jobs closed in {rest}"
    key = f"job {first}"
    if rest.startswith("change/"):
        return f"change order {rest.removeprefix('change/')} of {key}"
    return f"{key}" if not rest else f"{rest} on {key}"


def _day(query: Query) -> str:
    known = f" as we knew it on {query.known_at}" if query.known_at else ""
    return f"{known} as of {query.as_of}" if query.as_of else known


def _supposed(text: str) -> str:
    kind, _, rest = text.partition(" ")
    if kind in ("approve", "reject"):
        verb = "approved" if kind == "approve" else "rejected"
        number, _, cost = rest.partition(" at cost ")
        at = f" at a cost of ${cost}" if cost else ""
        return f"all pending change orders are {verb}" if rest == "all" else f"change order {number} is {verb}{at}"
    if kind == "burden":
        return f"burden goes {'down' if rest.startswith('-') else 'up'} {rest.lstrip('+-')} points"
    if kind == "crews":
        return f"crews are {rest}"
    if kind == "overhead":
        return f"overhead is allocated by {rest.lower()}"
    if kind == "method":
        return f"we use method {rest.lower()}"
    return "the contingency is released"
