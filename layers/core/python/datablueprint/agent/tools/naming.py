"""What a scope is called in a sentence, and a query in words: 'the portfolio', '03-300 Cast-in-place Concrete'."""

from __future__ import annotations

import re
from functools import cached_property

from datablueprint.agent.query import Query
from datablueprint.desk import Desk
from datablueprint.formats import shown, unit_of
from datablueprint.metrics import BY_NAME, GROUPS
from datablueprint.metrics.scopes import GROUPINGS, PORTFOLIO

TYPES = {"L": "labor", "M": "material", "S": "subcontract", "E": "equipment", "O": "other"}
BY_WORDS = {
    "project": "by project",
    "leaf": "by cost code and type",
    "code": "by cost code",
    "pm": "by project manager",
    "customer": "by customer",
    "contract-type": "by contract type",
    "closed-in": "by year of closing",
    "change": "by change order",
}
CODED = re.compile(r"(?P<code>\b\d[\d-]*\d\b|\buncoded\b)(?! \d| uncoded)(?: (?P<kind>[LMSEO])\b)?")
"""A cost code, with its type if it has one, in the label of a term."""
UNCODED = "uncoded"
CONTRACTS = {
    "lump_sum": "lump-sum contracts",
    "gmp": "guaranteed-maximum contracts",
    "cost_plus_fixed_fee": "cost-plus contracts with a fixed fee",
    "cost_plus_percent": "cost-plus contracts with a fee in percent",
    "time_and_materials": "time-and-materials contracts",
    "unit_price": "unit-price contracts",
}
"""How contract types are spoken of."""


PEOPLE = {"nobody": "no project manager", "shared": "several project managers"}
"""What groupings by person call those who are none."""
NAMED = {"contract-type": CONTRACTS, "pm": PEOPLE}
"""By grouping: members whose key is no name."""
SAID = {PORTFOLIO: "the portfolio of active projects", "all": "all projects"}
GROUPED = {
    "contract-type": "the active projects on {}",
    "pm": "the active jobs of {}",
    "customer": "the active projects of {}",
}


class Names:
    """Names of one snapshot."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @cached_property
    def _keys(self) -> frozenset[str]:
        """Project numbers, which may hold a slash."""
        return frozenset(project.key for project in self._desk.measures.projects.values())

    @cached_property
    def _codes(self) -> dict[str, str]:
        """A name for every cost code, Procore's before the items of the books."""
        if "cost_codes" not in self._desk.manifest.tables:
            return {}
        found: dict[str, str] = {}
        for row in self._desk.table("cost_codes"):
            code, name = row["code"], row["name"]
            if code and name and (code not in found or row["system"] == "procore"):
                found[code] = name
        return found

    def code(self, code: str) -> str:
        """A cost code with its name."""
        name = self._codes.get(code, "")
        return f"{code} {name}" if name and name != code else code

    def of_leaf(self, code: str, kind: str) -> str:
        """A cost code and type of one project."""
        return f"{self.code(code)}, {TYPES.get(kind, kind)}"

    def of(self, scope: str, label: str) -> str:
        """The name of a scope without its key."""
        first, _, rest = scope.partition("/")
        if first in GROUPS and rest:
            return self.code(rest)
        if first in GROUPS or first in GROUPINGS or not rest or scope in self._keys or "/change/" in scope:
            return label
        place = scope.rpartition("/")[2]
        code, typed, kind = place.rpartition(".")
        return self.of_leaf(code, kind) if typed and kind in TYPES else self.code(place)

    def worded(self, label: str) -> str:
        """A term's label with the cost codes in it by name: '03-100 L at completion' says 'Concrete forming, labor'."""

        def named(found: re.Match[str]) -> str:
            code, kind = found["code"], found["kind"]
            if code not in self._codes and code != UNCODED:
                return found[0]
            return self.of_leaf(code, kind) if kind else self.code(code)

        return CODED.sub(named, label)

    def within(self, scope: str, whole: str) -> str:
        """A member of a whole: a code of the same project by its name, a project with its number."""
        project = whole if whole in self._keys else whole.rpartition("/")[0]
        if project in self._keys and scope.startswith(f"{project}/"):
            return self.of(scope, scope.removeprefix(f"{project}/"))
        return self.said(scope)

    def subject(self, metric: str, scope: str) -> str:
        """A scope as that of a metric: a person where it is told of people, else as `said`."""
        of_people = metric and "manager" in BY_NAME[metric].kinds
        return scope.removeprefix("pm/") if of_people else self.said(scope)

    def said(self, scope: str) -> str:
        """A scope as the subject of a sentence: key and name of a project, words for a group."""
        first, _, rest = scope.partition("/")
        if scope == "company":
            return self._desk.company
        if scope in SAID:
            return SAID[scope]
        if first in GROUPS and rest:
            return f"{self.code(rest)} on {GROUPS[first]}"
        if first in GROUPED:
            return GROUPED[first].format(NAMED.get(first, {}).get(rest, rest))
        held = self._desk.measures.scope(scope)
        if held.code and len(held.members) == 1:
            return f"{self.code(held.code)} of {held.members[0].key} {held.members[0].name}"
        if held.project is None:
            return f"the {held.label}"
        project = f"{held.project.key} {held.project.name}"
        if held.kind == "project":
            return project
        if held.kind == "change":
            return f"change order {rest.removeprefix('change/')} on {project}"
        return f"{self.of(scope, held.label)} of {project}"


def grouped(scope: str) -> str:
    """The name of a group that a grouping made; empty for any other scope."""
    first, _, rest = scope.partition("/")
    return NAMED.get(first, {}).get(rest, rest) if first in GROUPINGS else ""


def restated(query: Query, names: Names, desk: Desk) -> str:
    """The query in words, rendered from its fields alone, so that a wrong reading is seen."""
    label = BY_NAME[query.metric].label if query.metric else ""
    where = _where(query, names)
    day = f"as of {desk.as_of}"
    known = f", as known on {query.known_at}" if query.known_at else ""
    supposed = f", supposing {' + '.join(query.scenario)}" if query.scenario else ""
    since = f" since {query.since}" if query.since else ""
    if query.kind == "rank":
        said = f"{query.order or 'highest'} {label} {BY_WORDS[query.by or 'project']}, {where}{_beyond(query)}"
        said += f", at most {query.limit}" if query.limit else ""
    elif query.kind == "list":
        said = f"{label} {BY_WORDS[query.by or 'project']}, {where}{_beyond(query)}"
    elif query.kind in ("scorecard", "wip", "health"):
        said = {
            "scorecard": "project managers by the margin of their closed jobs",
            "wip": "work-in-progress schedule",
            "health": f"state of the data, {where}",
        }[query.kind]
    elif query.kind == "compare":
        said = f"{'change of ' if query.since else ''}{label} of {where}{since}"
    else:
        said = f"{label} of {where}"
    return f"{said}{supposed} {day}{known}"


def of_closed_jobs(query: Query) -> bool:
    """Whether the members of a list come from the closed jobs, whatever its scope."""
    return query.by == "closed-in" or (bool(query.metric) and "manager" in BY_NAME[query.metric].kinds)


def _where(query: Query, names: Names) -> str:
    if query.kind in ("list", "rank") and of_closed_jobs(query):
        return names.said("closed")
    return " and ".join(names.subject(query.metric, scope) for scope in query.scopes or (query.scope,))


def _beyond(query: Query) -> str:
    if query.threshold is None:
        return ""
    words = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}
    return f", {words[query.threshold.op]} {shown(query.threshold.value, unit_of(BY_NAME[query.metric]))}"
