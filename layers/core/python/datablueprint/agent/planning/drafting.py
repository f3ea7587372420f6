"""From what was said to the slots of a query; what was not said stays open, so that a follow-up can fill it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from datablueprint.agent.planning.forms import one_row, rows_by
from datablueprint.agent.planning.meanings import bases, metric_of, needs
from datablueprint.agent.planning.slots import Bound, Slot
from datablueprint.agent.planning.suppositions import Supposed, suppose
from datablueprint.agent.planning.times import CHANGING, Times, times_of
from datablueprint.agent.planning.understanding import Reading
from datablueprint.agent.query import By
from datablueprint.agent.reading import BREAK

STATES = {"#open": "portfolio", "#closed": "closed", "#notstarted": "not-started"}
TOGETHER = {
    frozenset(["eac", "range"]): ("estimated_cost_at_completion_lowest", "estimated_cost_at_completion_highest"),
    frozenset(["over_under"]): ("overbilled", "underbilled"),
}
"""Names of two figures at once."""
ADJECTIVES = frozenset(["overbilled", "underbilled", "overbudget", "loss", "erosion", "fade", "underbudget"])
"""Before 'jobs' they ask which ones."""
BARE = frozenset(
    """the a an on of about for tell me show give please hi hey hello job project what how is status update summary
    overview look at see let check whats what's hows how's where are we with do can you us quick and so ok my
    our to know want i how're are doing looking is's it going faring current now right today look looks going at
    on with over""".split()
)
PLANNED = frozenset("budget original standard revised".split())
"""What a plan is called beside what was done: 'budgeted rate against actual'."""
SHARE_OF = {
    "gross_profit_at_completion": "gross_margin_at_completion",
    "net_profit_at_completion": "net_margin_at_completion",
    "original_gross_profit": "original_gross_margin",
}
"""'... and what percent is that' asks for the other figure too."""
WEAK = frozenset("done size worth".split())
"""Parts that name a figure only where nothing else does."""
HARD, SOFT = frozenset(["#and", BREAK, "#versus"]), frozenset([",", "#or"])
"""What always parts two names, and what does so only where the names do not belong together."""
BASE_PARTS = {
    "base_OA1": ("labor", "cost"), "base_OA2": ("labor", "hours"), "base_OA3": ("revenue",), "base_OA4": ("cost",),
}  # fmt: skip
"""What the bases of overhead mean where no overhead is spoken of."""
FREE = frozenset("total current money percent at_completion to_date".split())
"""Parts that make no name by themselves."""


@dataclass
class Draft:
    """What a question said, sorted by slot."""

    forms: frozenset[str] = frozenset()
    groups: list[frozenset[str]] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    projects: list[Slot] = field(default_factory=list)
    people: list[Slot] = field(default_factory=list)
    customers: list[Slot] = field(default_factory=list)
    codes: list[Slot] = field(default_factory=list)
    contract_types: list[Slot] = field(default_factory=list)
    cost_types: list[str] = field(default_factory=list)
    changes: list[Slot] = field(default_factory=list)
    vendors: list[Slot] = field(default_factory=list)
    state: str | None = None
    by: By | None = None
    limit: int | None = None
    numbers: list[int] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    amounts: list[str] = field(default_factory=list)
    """Quantities that bound nothing."""
    times: Times = field(default_factory=Times)
    supposed: Supposed = field(default_factory=Supposed)
    parts: frozenset[str] = frozenset()
    either: bool = False
    """One or the other of two metrics is asked for."""
    who: bool = False
    """It asks who."""
    one: bool = False
    """A single row is asked for: 'which job has the most'."""
    bare: bool = False
    """Nothing but names and words that only ask was said."""

    def has(self, *forms: str) -> bool:
        return not self.forms.isdisjoint(forms)

    @property
    def named(self) -> bool:
        """Something to tell a figure of was named."""
        return bool(
            self.projects
            or self.people
            or self.customers
            or self.codes
            or self.contract_types
            or self.changes
            or self.state
        )

    @property
    def ordered(self) -> bool:
        return self.has("#worst", "#best", "#most", "#least", "#top", "#bottom")


def draft(reading: Reading, newest: date) -> Draft:
    parts = frozenset(reading.parts)
    supposed = suppose(reading)
    used = supposed.used
    forms = frozenset(p for p in parts if p.startswith("#"))
    for one, two in pairwise(reading.pieces):
        if ADJECTIVES & set(one.parts) and {"#jobs", "#customers"} & set(two.parts):
            forms |= {"#such_jobs"}
    if (ADJECTIVES - {"loss"}) & parts and "#which" in forms and not parts & {"#reject", "cost_code"}:
        forms |= {"#such_jobs"}
    for jobs, by, name in zip(reading.pieces, reading.pieces[1:], reading.pieces[2:], strict=False):
        if "#jobs" in jobs.parts and by.words == "by" and any(map(_naming, name.parts)):
            forms |= {"#rank"}
    found = Draft(forms=forms, parts=parts, supposed=supposed)
    found.groups = _groups(reading, used, HARD)
    found.metrics = _metrics(found.groups)
    if not found.metrics:
        found.metrics = _metrics(_groups(reading, used, HARD | SOFT))
        found.either = "#or" in forms and len(found.metrics) > 1
    only = _only(reading, used)
    if len(found.metrics) > 1 and only:
        found.metrics = [only]
    if supposed.metric:
        found.metrics, found.forms = [supposed.metric], forms - {"#if", "#approve", "#iffy"}
    found.projects = _merged(reading)
    found.people, found.customers = reading.slots("pm"), reading.slots("customer")
    found.codes, found.contract_types = reading.slots("code"), reading.slots("contract_type")
    found.changes, found.vendors = reading.slots("change"), reading.slots("vendor")
    found.cost_types = sorted(p.removeprefix("type_") for p in parts if p.startswith("type_"))
    told = {f for at, p in enumerate(reading.pieces) for f in p.parts if f in STATES and not _opens(reading, at)}
    states = {STATES[f] for f in told}
    found.state = "all" if len(states) > 1 else next(iter(states), None)
    found.by = rows_by(reading, coded=bool(found.codes))
    rest = [p for at, p in enumerate(reading.pieces) if at not in supposed.consumed]
    found.numbers = [int(p.words) for p in rest if "number" in p.parts and p.words.isdecimal()]
    found.bounds = [p.slot.bound for p in rest if p.slot and p.slot.kind == "bound" and p.slot.bound]
    found.amounts = [p.slot.said for p in rest if p.slot and p.slot.kind == "quantity"]
    found.times = times_of(reading, newest, forms)
    found.one = one_row(reading)
    found.who = any(p.words in ("who", "who all", "anybody", "anyone") for p in reading.pieces)
    found.bare = all(
        p.slot or set(p.words.split()) <= BARE or p.parts in (("#doing",), ("#job",), (",",), (BREAK,))
        for p in reading.pieces
    )
    weekly = _last_week(found, reading)
    if weekly:
        found.metrics, found.times = [weekly], Times()
    return found


def _only(reading: Reading, used: frozenset[str]) -> str | None:
    """The one figure behind 'just' at the end: 'earned against billed, just the overbilled is fine'."""
    places = [at for at, p in enumerate(reading.pieces) if "#only" in p.parts and p.words in ("just", "only")]
    if not places or not any({",", BREAK} & set(p.parts) for p in reading.pieces[: places[-1]]):
        return None
    behind = _metrics(_groups(Reading(reading.pieces[places[-1] :]), used, HARD))
    return behind[0] if len(behind) == 1 else None


def _last_week(said: Draft, reading: Reading) -> str | None:
    """'Last week' beside hours or labor cost is a week of work, not a day."""
    slots = [s for s in reading.slots("day") if s.period and s.period.words == "last week"]
    if len(slots) != 1 or len(reading.slots("day")) != 1 or said.forms & CHANGING or "#since" in said.forms:
        return None
    found = metric_of(frozenset().union(*said.groups) | {"weeks1"}) if said.groups else None
    return found if found and found.endswith("_1") else None


def _merged(reading: Reading) -> list[Slot]:
    """Projects named; a number beside a name that fits it is one mention."""
    found: list[Slot] = []
    for piece in reading.pieces:
        if piece.slot and piece.slot.kind == "project":
            slot = piece.slot
            both = tuple(k for k in slot.keys if found and k in found[-1].keys)
            if both and found:
                found[-1] = Slot("project", f"{found[-1].said} {slot.said}", both, sure=True)
            else:
                found.append(slot)
    return found


def _groups(reading: Reading, used: frozenset[str], edges: frozenset[str]) -> list[frozenset[str]]:
    """The parts of names between 'and', commas and sentence ends."""
    groups: list[set[str]] = [set()]
    bases = not reading.has("overhead", "net", "base_no")
    for at, piece in enumerate(reading.pieces):
        if set(piece.parts) & edges:
            groups.append(set())
        opened = ("open",) if _opens(reading, at) else ()
        if "#approve" in piece.parts and "#approve" not in used and not reading.has("#if"):
            opened = (*opened, "approved")
        if piece.slot and piece.slot.period and piece.slot.period.words == "today":
            opened = (*opened, "current")
        if "labor" in piece.parts and _of_code(reading, at):
            continue
        parts = [*opened, *(q for p in piece.parts for q in (BASE_PARTS.get(p, (p,)) if bases else (p,)))]
        groups[-1] |= {p for p in parts if _naming(p) and p not in used}
    return [frozenset(g) for g in groups if g]


def _of_code(reading: Reading, at: int) -> bool:
    """'Concrete labor' is a cost type of that code, unless a cost or hours follow it."""
    before = reading.pieces[at - 1].slot if at else None
    after = reading.pieces[at + 1].parts if at + 1 < len(reading.pieces) else ()
    return bool(
        before and before.kind == "code" and not {"cost", "hours", "rate", "variance", "burden", "money"} & set(after)
    ) and reading.has("cost", "budget", "eac", "etc", "erosion", "overbudget")


def _opens(reading: Reading, at: int) -> bool:
    """'Open' beside commitments is what is not invoiced, not the state of a job."""
    after = reading.pieces[at + 1].parts if at + 1 < len(reading.pieces) else ()
    return "#open" in reading.pieces[at].parts and not {"committed", "subs"}.isdisjoint(after)


def _naming(part: str) -> bool:
    return (
        part[:1] not in ("#", "?", ",")
        and part not in (BREAK, "number", "date?")
        and not part.startswith("type_")
        and part != "cost_code"
    )


def _metrics(groups: list[frozenset[str]]) -> list[str]:
    """The metrics named: one per group if every group names one, else what all of them name together."""
    for names, both in TOGETHER.items():
        if names == frozenset().union(*groups) - FREE:
            return list(both)
    whole = [g for g in groups if not g <= FREE | WEAK]
    pair = _pair(groups, whole)
    if pair:
        return pair
    loose = frozenset().union(*(g for g in groups if g <= FREE))
    if not whole:
        found = metric_of(frozenset().union(*groups)) if groups else None
        return [found] if found else []
    union = frozenset().union(*groups)
    if len(whole) == 1 and len(groups) > 1 and loose & {"to_date", "at_completion"}:
        one, other = metric_of(whole[0]), metric_of((whole[0] - PLANNED) | loose)
        return [one, other] if one and other and one != other else []
    if len(whole) > 1 and not (needs(union) >= 3 or "credit_line" in union):
        each = [metric_of(g) for g in whole]
        if not all(each):
            each = [one or metric_of(g | _head(whole, at)) for at, (one, g) in enumerate(zip(each, whole, strict=True))]
        if all(each):
            return list(dict.fromkeys(filter(None, each)))
    found = metric_of(union) or (
        None
        if loose & {"to_date", "at_completion"} and len(whole) == 1 and len(groups) > 1
        else metric_of(union - loose)
    )
    return [found] if found else []


def _pair(groups: list[frozenset[str]], whole: list[frozenset[str]]) -> list[str]:
    """A figure and its share of the contract, or its plan, said by one word: 'profit, and what percent is that'."""
    one = metric_of(whole[0]) if whole else None
    if one and len(whole) == 1 and frozenset(["percent"]) in groups and one in SHARE_OF:
        return [one, SHARE_OF[one]]
    if one and len(whole) == 1 and frozenset(["current"]) in groups and whole[0] & PLANNED:
        now = metric_of(whole[0] - PLANNED)
        return [one, now] if now and now != one else []
    if one and len(whole) == 2 and whole[1] - FREE and whole[1] - FREE <= PLANNED:
        other = metric_of(whole[0] | whole[1])
        return [one, other] if other and other != one else []
    return []


def _head(groups: list[frozenset[str]], at: int) -> frozenset[str]:
    """The noun that a group shares with its neighbour: 'gross and net margin', 'budget, original and revised'."""
    beside = groups[at + 1] if at + 1 < len(groups) else groups[at - 1]
    ways = [frozenset([p]) for p in sorted(beside) if metric_of(groups[at] | {p})]
    based = [w for w in ways if w <= bases()]
    return (based or ways or [frozenset()])[0]
