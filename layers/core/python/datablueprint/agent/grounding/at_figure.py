"""What the words right at a figure make of it: per something, what is left, a share done, a move, a supposition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datablueprint.agent.grounding.claims import BETTER, CONDITIONAL, DOWN, UP, WORSE
from datablueprint.agent.grounding.evidence import Evidence, Fact
from datablueprint.agent.grounding.fitting import ASIDE, WHOLES, head_fits, heads, not_of_the_last, own_label, words_of
from datablueprint.agent.grounding.sentences import Bound
from datablueprint.agent.grounding.wording import FIGURE, LABEL, Wrong

PER_TIME = re.compile(r"\b(?:an?|each|every|per|by the) (?:day|week|month|quarter|year|hour)\b", re.IGNORECASE)
EACH = re.compile(rf"{FIGURE}\s+(?:an?|per|each|every|apiece)\b", re.IGNORECASE)
STILL_LEFT = re.compile(
    rf"{FIGURE}\s+(?:of [a-z ]{{0,20}})?"
    r"(?:left|remaining|remains|to (?:spend|bill|go|finish|earn|collect))\b"
    rf"|\b(?:left|remaining|remains)\b[a-z ]{{0,30}}(?P<second>{FIGURE})",
    re.IGNORECASE,
)
OF_CHANGE_ORDERS = frozenset("order orders changes pending".split())
LEFT = frozenset("backlog left open contingency unbudgeted".split())
SHARE_DONE = re.compile(rf"(?P<first>{FIGURE})\s+(?:complete|completed|finished|done|billed|spent)\b", re.IGNORECASE)
CALLED = re.compile(r"\s*(?:is|was|are|were)\s+(?:the|its|our|their|an?)\s+(?P<what>.*)", re.IGNORECASE | re.DOTALL)
CHANGE_ORDERS = re.compile(
    rf"\b(?:change orders?|pending changes)\b[^{FIGURE}.;\n]{{0,30}}?\b(?:is|are|of|at|worth|total|to)\s+{FIGURE}",
    re.IGNORECASE,
)
MOVES = re.compile(
    r"\b(?:by|chang\w+|mov\w+|since|differ\w+|effect|impact|swing|swung|shift\w*|from|parts?|causes?|driver|contribut\w+"
    r"|gain\w*|los\w+|rais\w+|add\w*|cut|less|more|brought|put|takes?|took|brings?)\b",
    re.IGNORECASE,
)
BY = re.compile(
    r"\b(?:moved|changed|rose|risen|fell|fallen|grew|grown|up|down|(?:increas|decreas|declin|dropp|slipp|gain|add|reduc"
    r"|improv|worsen|erod|shrank|lower|rais)\w*)\s+by\s*$"
    r"|\b(?:change|move|drop|rise|increase|decrease|decline)\s+of\s*$",
    re.IGNORECASE,
)
MOVES_ITSELF = frozenset("fade erosion variance performance gain changes effects".split())
SAID_OF = {
    "bid": {"original", "fade"},
    "budgeted": {"budget"},
    "planned": {"budget"},
    "collected": {"cash"},
    "paid": {"cash", "paid"},
    "crews?": {"labor", "hours", "wages"},
    "overruns?": {"erosion"},
}
"""Words that tell when or how an amount came about -> words of the metrics they may be said of."""
ON_BASE = re.compile(rf" on (?:a|an|its|the) [^{FIGURE}.;\n]*")
PARTLY = re.compile(r"\b(?:some|few|most|only|without|no|not|one)\b", re.IGNORECASE)
OR_SO = re.compile(rf"{FIGURE}\s+or (?:less|more|lower|higher|so|below|above|better|worse)\b", re.IGNORECASE)
KINDS_OF_COST = re.compile(
    r"(?<!before )(?<!after )(?<!burden on )"
    r"\b(?:labor|labour|material|subcontract|equipment|overhead|burden|wages?)\b",
    re.IGNORECASE,
)
IF = re.compile(r"\b(?:if|supposing|assuming)\b", re.IGNORECASE)
WOULD = re.compile(r"\bwould\b", re.IGNORECASE)
STAYS = re.compile(r"\bwould (?:stay|remain)(?: at)?\s*$", re.IGNORECASE)
SET_BESIDE = re.compile(r"\b(?:from|than|with|against|compared to|instead of)(?: the)?(?: today's)?\s*$", re.IGNORECASE)
SUPPOSED = {
    "approve": r"approv",
    "reject": r"reject",
    "burden": r"burden",
    "crews": r"crews?\b",
    "overhead": r"overhead",
    "method": r"method",
    "release": r"contingency",
}
CLAUSE = re.compile(r"\b(?:if|supposing|assuming|were|with|should)\b[^,.;:\n]*", re.IGNORECASE)


def misread(bound: Bound, evidence: Evidence) -> Iterator[Wrong]:
    """A figure made another by the words at it."""
    yield from _quantified(bound)
    yield from _renamed(bound)
    if bound.fact.change and not _told_as_a_move(bound.before, bound.after):
        yield Wrong("wrong_metric", "change", f"{bound.fact.ref} is a change; say that it moved by it")
    if not bound.fact.change and BY.search(bound.before) and not words_of(bound.fact) & MOVES_ITSELF:
        yield Wrong("wrong_metric", "by", f"{bound.fact.ref} is no change; use the ref with '..'")
    yield from _supposed_to_be(bound, evidence)


def _quantified(bound: Bound) -> Iterator[Wrong]:
    fact, at = bound.fact, FIGURE + bound.after
    is_a = f"{fact.ref} is the {fact.label}"
    if (EACH.match(at) or PER_TIME.match(bound.after.lstrip())) and "_per_" not in fact.unit:
        yield Wrong("wrong_unit", "per", f"{is_a}, not for each of something")
    if OR_SO.match(at):
        yield Wrong("hedge", "or", "A figure is exact; leave the words out")
    left = STILL_LEFT.match(at) or STILL_LEFT.search(f"{bound.before[-60:]}{FIGURE}")
    if left and not words_of(fact) & LEFT and fact.metric != "cost_to_complete":
        yield Wrong("wrong_metric", "left", f"{is_a}, not what is left")
    if SHARE_DONE.match(at) and fact.unit == "ratio" and not words_of(fact) & {"complete", "progress"}:
        yield Wrong("wrong_metric", "complete", is_a)


def _renamed(bound: Bound) -> Iterator[Wrong]:
    fact = bound.fact
    is_a = f"{fact.ref} is the {fact.label}; call it so, or use another ref"
    for found in KINDS_OF_COST.finditer(own_label(not_of_the_last(bound), fact)):
        if found[0].lower() not in words_of(fact):
            yield Wrong("wrong_metric", found[0], is_a)
    for word, kinds in SAID_OF.items():
        if re.search(rf"\b{word}\b", bound.before, re.IGNORECASE) and not words_of(fact) & kinds:
            yield Wrong("wrong_metric", word, is_a)
    if fact.unit == "ratio" and re.search(r"\btotal\b", own_label(bound.before, fact), re.IGNORECASE):
        yield Wrong("wrong_metric", "total", is_a)
    base = ON_BASE.match(bound.after) if fact.unit == "ratio" else None
    if base and any(head not in WHOLES for run in heads(base[0])[:1] for head in run):
        yield Wrong("wrong_metric", "on", is_a)
    if CHANGE_ORDERS.search(f"{bound.before}{FIGURE}") and not words_of(fact) & OF_CHANGE_ORDERS:
        yield Wrong("wrong_metric", "change orders", is_a)
    called = CALLED.match(bound.after)
    named = heads(ASIDE.split(called["what"], maxsplit=1)[0])[:1] if called else []
    if any(not head_fits(head, fact) for run in named for head in run):
        yield Wrong("wrong_metric", " ".join(named[0]), is_a)


def _told_as_a_move(before: str, after: str) -> bool:
    near = f"{before} {ASIDE.split(after, maxsplit=1)[0]}"
    return LABEL in before or any(pattern.search(near) for pattern in (MOVES, UP, DOWN, BETTER, WORSE))


def _supposed_to_be(bound: Bound, evidence: Evidence) -> Iterator[Wrong]:
    """A figure of today after 'if' or 'would', and a supposed one under another supposition than its own."""
    fact, before = bound.fact, bound.before
    said = own_label(before, fact)
    stays = STAYS.search(before) and any(as_supposed(fact, other) for other in evidence.facts.values())
    conditional = fact.supposed or stays or CONDITIONAL & set(fact.metric.split("_"))
    if (WOULD.search(said) or IF.search(said)) and not conditional and not SET_BESIDE.search(before):
        yield Wrong("hypothetical", fact.ref, "It is no hypothetical figure; use the ref with '~'")
    if not fact.supposed:
        return
    scenario = fact.ref.split("~", 1)[1]
    clauses = " ".join(found[0] for found in CLAUSE.finditer(bound.sentence))
    if scenario.endswith(" all") and PARTLY.search(own_label(clauses, fact)):
        yield Wrong("hypothetical", "some", f"The scenario of this figure is '{scenario}'")
    for kind, stem in SUPPOSED.items():
        if re.search(rf"\b{stem}", clauses, re.IGNORECASE) and kind not in scenario and LABEL not in clauses:
            yield Wrong("hypothetical", kind, f"The scenario of this figure is '{scenario}'")


def as_supposed(fact: Fact, other: Fact) -> bool:
    """Whether the other is what the fact becomes under a scenario, and the same."""
    same = (fact.metric, fact.scope, fact.value) == (other.metric, other.scope, other.value)
    return same and other.supposed and not other.change
