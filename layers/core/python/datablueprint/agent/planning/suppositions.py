"""What is supposed, in the spelling of scenarios: 'if all pending COs are approved' is 'approve all'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from datablueprint.agent.planning.slots import Bound, Slot
from datablueprint.agent.planning.understanding import Reading

BASES = ("OA1", "OA2", "OA3", "OA4")
METHODS = ("E1", "E2", "E3a", "E3b", "E3c", "E4", "E5", "E6")
CHANGES = frozenset(["co", "pco", "pending"])
APPROVED = frozenset(["#approve", "approved"])
REJECTED = frozenset(["#reject", "rejected"])
PAST = frozenset(["#was", "#have", "#which", "#how_many"])
"""Beside them approving is something that happened, not something supposed."""
RESULTS = frozenset(["margin", "profit", "make", "money", "loss", "contract", "revenue", "net", "gross"])


@dataclass
class Supposed:
    """`spelled` are assumptions; `used` are the parts of meanings they account for."""

    spelled: list[str] = field(default_factory=list)
    used: frozenset[str] = frozenset()
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    changes: tuple[str, ...] = ()
    """Numbers of the change orders that are decided, '3'; their spelling depends on the project."""
    decision: str = ""
    cost: Decimal | None = None
    metric: str = ""
    """The metric that already is what is supposed."""
    consumed: set[int] = field(default_factory=set)
    """Places of the amounts that were used."""


DOWN = frozenset(["down", "go down", "goes down", "going down", "went down", "gone down", "headed down"])


def _down(reading: Reading) -> bool:
    return "#down" in reading.parts or any(p.words in DOWN for p in reading.pieces)


def _up(reading: Reading) -> bool:
    return "#up" in reading.parts or any("#drift" in p.parts and p.words not in DOWN for p in reading.pieces)


def suppose(reading: Reading) -> Supposed:
    """The assumptions of a question, none if nothing is supposed."""
    found = Supposed()
    parts = reading.parts
    iffy = "#if" in parts or (
        "#iffy" in parts and bool(parts & {"#approve", "#reject", "#faster", "#slower", "#release"})
    )
    amounts = list(_amounts(reading))
    _decided(found, reading, parts, iffy, amounts)
    _burden(found, reading, iffy, amounts)
    _crews(found, reading, amounts)
    _choices(found, parts, iffy, bool(reading.slots("code")))
    return found


@dataclass(frozen=True)
class Amount:
    """A quantity at its place among the pieces."""

    at: int
    bound: Bound
    said: str


def _amounts(reading: Reading) -> Iterator[Amount]:
    for at, piece in enumerate(reading.pieces):
        if piece.slot and piece.slot.kind in ("quantity", "bound") and piece.slot.bound:
            yield Amount(at, piece.slot.bound, piece.slot.said)
        elif "number" in piece.parts and piece.words.isdecimal():
            yield Amount(at, Bound(">=", Decimal(piece.words), "plain"), piece.words)


def _nearest(reading: Reading, amounts: list[Amount], *parts: str) -> Amount | None:
    """The amount that stands closest to a word that has one of these parts."""
    places = [at for at, piece in enumerate(reading.pieces) if not set(parts).isdisjoint(piece.parts)]
    ranked = sorted((min(abs(a.at - at) for at in places), a.at, a) for a in amounts) if places else []
    return ranked[0][2] if ranked else None


def _use(found: Supposed, *parts: str) -> None:
    found.used |= frozenset(parts)


def _decided(found: Supposed, reading: Reading, parts: set[str], iffy: bool, amounts: list[Amount]) -> None:
    """Change orders supposed approved or rejected: all of them, or one by its number."""
    yes = bool(parts & APPROVED) or ("without_margin" in parts and bool(parts & CHANGES))
    no = bool(parts & REJECTED) or ("#not" in parts and yes)
    changes = reading.slots("change") or (
        _by_number(found, reading) if _hypothetical(parts, iffy) and not parts & CHANGES else []
    )
    if not (yes or no) or not (parts & CHANGES or changes or "#all" in parts):
        return
    told = _told_by_a_metric(parts, iffy, yes)
    if told:
        found.metric = told
        _use(found, "#if", *CHANGES, *APPROVED)
    elif _hypothetical(parts, iffy):
        _decide(found, "reject" if no else "approve", changes, parts, amounts)


def _by_number(found: Supposed, reading: Reading) -> list[Slot]:
    """'If they approve 003': a number with leading zeros is a change order's."""
    places = [at for at, p in enumerate(reading.pieces) if "number" in p.parts and p.words.startswith("0")]
    if not reading.has(*APPROVED, *REJECTED):
        return []
    found.consumed |= set(places)
    return [Slot("change", reading.pieces[at].words, (reading.pieces[at].words.lstrip("0"),)) for at in places]


def _told_by_a_metric(parts: set[str], iffy: bool, yes: bool) -> str:
    """The metric that already is what is supposed."""
    if not iffy and parts & PAST:
        return ""
    if iffy and "budget" in parts and yes:
        return "projected_budget"
    if "without_margin" in parts:
        money = bool(parts & {"profit", "make", "money"}) and "margin" not in parts
        return "approve_all_profit_bound" if money else "approve_all_margin_bound"
    return ""


def _hypothetical(parts: set[str], iffy: bool) -> bool:
    if iffy:
        return True
    if parts & PAST:
        return False
    return bool(parts & {"#approve", "#reject"}) or (
        "approved" in parts and bool(parts & {"pending", "pco"} and parts & RESULTS)
    )


def _decide(found: Supposed, decision: str, changes: list[Slot], parts: set[str], amounts: list[Amount]) -> None:
    shares = [a for a in amounts if a.bound.unit == "percent"]
    if "#half" in parts or (shares and not parts & {"burden", "#faster", "#slower"}):
        found.problem = "a part of the pending change orders cannot be supposed; say all of them, or one by its number"
    if len(changes) > 1 and {"#approve", "#reject"} <= parts:
        found.problem = "say of every change order by itself whether it is approved or rejected"
    if changes:
        money = [a.bound.value for a in amounts if a.bound.unit == "money"]
        found.changes, found.decision = tuple(c.keys[0] for c in changes), decision
        found.cost = money[0] if money and decision == "approve" and len(changes) == 1 else None
    else:
        found.spelled.append(f"{decision} all")
    _use(found, "co", "pco", "pending", "approved", "rejected", "exposure", "worst_case", "best_case")
    _use(found, *(["cost"] if found.cost else []))


def _burden(found: Supposed, reading: Reading, iffy: bool, amounts: list[Amount]) -> None:
    amount = _nearest(reading, amounts, "burden")
    if amount is None or not (iffy or _up(reading) or _down(reading) or amount.said.strip()[:1] in "+-"):
        return
    if amount.bound.unit not in ("percent", "points", "plain"):
        found.problem = "burden moves by points of wages"
        return
    points = _plain(amount.bound)
    found.spelled.append(f"burden {-abs(points) if _down(reading) else points:+f}")
    if amount.bound.unit == "percent":
        found.notes.append("burden moves by that many points of wages")
    found.consumed.add(amount.at)
    _use(found, "burden", "rate", "labor", "percent", "points")


def _crews(found: Supposed, reading: Reading, amounts: list[Amount]) -> None:
    parts = reading.parts
    slower, faster = "#slower" in parts, "#faster" in parts
    if "efficiency" in parts and "variance" not in parts:
        slower, faster = slower or _down(reading), faster or _up(reading)
    left = [a for a in amounts if a.at not in found.consumed and a.bound.unit != "money"]
    amount = _nearest(reading, left, "#slower", "#faster", "efficiency", "labor")
    if not (slower or faster) or amount is None:
        return
    if slower and faster:
        found.problem = "crews cannot be both slower and faster"
    found.spelled.append(f"crews {_plain(amount.bound):f}% {'slower' if slower else 'faster'}")
    found.consumed.add(amount.at)
    _use(found, "labor", "efficiency", "burn", "hours", "percent", "progress")


def _plain(bound: Bound) -> Decimal:
    value = bound.value * 100 if bound.unit in ("percent", "points") else bound.value
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _choices(found: Supposed, parts: set[str], iffy: bool, reading_codes: bool) -> None:
    """One overhead base, one estimating method, contingency: only where they are supposed or change a result."""
    base = next((b for b in BASES if f"base_{b}" in parts), None)
    if base is None and iffy and "overhead" in parts:
        base = (
            "OA2"
            if "hours" in parts
            else "OA3"
            if "revenue" in parts
            else "OA1"
            if {"labor", "cost"} <= parts or {"labor", "money"} <= parts
            else None
        )
    if (
        base
        and iffy
        and parts & {"net", "margin", "profit", "make"}
        and ("overhead" in parts or "net" in parts or "rate" not in parts)
    ):
        found.spelled.append(f"overhead {base}")
        _use(found, f"base_{base}", "overhead", "labor", "hours", "revenue", "cost")
    method = next((m for m in METHODS if f"method_{m}" in parts), None)
    if method and not reading_codes and (iffy or parts & {"margin", "profit", "make"}):
        if method == "E3c":
            found.problem = "the method E3c cannot be supposed; ask for the estimated cost at completion by it"
        found.spelled.insert(0, f"method {method}")
        _use(found, f"method_{method}", "eac")
    if "contingency" in parts and (iffy or "#release" in parts) and ("#release" in parts or "#not" in parts or iffy):
        found.spelled.append("release contingency")
        _use(found, "contingency", "left", "unused", "open")
