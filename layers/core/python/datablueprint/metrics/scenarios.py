"""A scenario is a named stack of assumptions, each spelled as a person would say it: 'approve all', 'burden +2'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal

from pydantic import BaseModel, ConfigDict

from datablueprint.errors import QuestionError

Kind = Literal["approve", "reject", "burden", "crews", "overhead", "method", "contingency"]
BASES = ("OA1", "OA2", "OA3", "OA4")
METHODS = ("E1", "E2", "E3a", "E3b", "E4", "E5", "E6")
ALL = "all"
SPELLINGS = (
    "approve all | approve PCO-003 [at cost 12000]",
    "reject all | reject PCO-003",
    "burden +2 (points)",
    "crews 10% slower | crews 5% faster",
    "overhead OA1 | OA2 | OA3 | OA4",
    "method E1 | E2 | E3a | E3b | E4 | E5 | E6",
    "release contingency",
)


class Assumption(BaseModel):
    """One thing supposed. `text` is its canonical spelling, which `parse` reads back to the same assumption."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    change: str = ""
    """Number of a change order, or ALL."""
    amount: Decimal | None = None
    """Points of burden, percent of speed (10 = 10% slower, negative = faster), or the cost of a change."""
    choice: str = ""
    """Overhead base or estimating method."""

    @property
    def text(self) -> str:
        if self.kind in ("approve", "reject"):
            cost = f" at cost {self.amount}" if self.amount is not None else ""
            return f"{self.kind} {self.change}{cost}"
        if self.kind == "burden":
            return f"burden {self.amount:+}"
        if self.kind == "crews":
            amount = self.amount or Decimal(0)
            return f"crews {abs(amount)}% {'slower' if amount >= 0 else 'faster'}"
        return "release contingency" if self.kind == "contingency" else f"{self.kind} {self.choice}"


class Scenario(BaseModel):
    """Assumptions in the order in which they are stacked."""

    model_config = ConfigDict(frozen=True)

    name: str
    assumptions: tuple[Assumption, ...]

    @classmethod
    def of(cls, texts: Sequence[str], *, name: str = "") -> Scenario:
        """From spelled assumptions; QuestionError lists every one that cannot be read, and how they are spelled."""
        wrong = [text for text in texts if _read(text) is None]
        if wrong or not texts:
            said = (
                f"I do not understand {', '.join(repr(text) for text in wrong)}. " if wrong else "Nothing is supposed. "
            )
            raise QuestionError(f"{said}Say: {'; '.join(SPELLINGS)}")
        read = tuple(assumption for text in texts if (assumption := _read(text)))
        _demand_order(read)
        return cls(name=name or " + ".join(a.text for a in read), assumptions=read)


def _demand_order(read: Sequence[Assumption]) -> None:
    """A method replaces estimates, so it comes before what changes them; there is one of it and one base."""
    kinds = [assumption.kind for assumption in read]
    for kind in ("method", "overhead"):
        if kinds.count(kind) > 1:
            raise QuestionError(f"Say one {kind} only; compare two as two scenarios")
    if "method" in kinds and {"burden", "crews", "contingency"} & set(kinds[: kinds.index("method")]):
        raise QuestionError("Say the method first: it replaces the estimates that burden, crews and contingency change")
    for assumption in read:
        amount = assumption.amount or Decimal(0)
        if assumption.kind == "crews" and amount <= -100:
            raise QuestionError(f"'{assumption.text}' leaves no work to do; crews can be less than 100% faster")
        if assumption.change == ALL and assumption.amount is not None:
            raise QuestionError(f"'{assumption.text}': a cost is of one change order; name it")


NUMBER = r"([+-]?\d{1,12}(?:\.\d{1,6})?)"
"""As large as any change order, and no larger than arithmetic is exact for."""
PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("approve", rf"approve (.+?)(?: at cost {NUMBER})?"),
    ("reject", r"reject (.+)"),
    ("burden", rf"burden {NUMBER}(?: points?)?"),
    ("crews", rf"crews {NUMBER} ?% (slower|faster)"),
    ("overhead", rf"overhead ({'|'.join(BASES)})"),
    ("method", rf"method ({'|'.join(METHODS)})"),
    ("contingency", r"release contingency"),
)


def _read(text: str) -> Assumption | None:
    plain = " ".join(text.split())
    for kind, pattern in PATTERNS:
        found = re.fullmatch(pattern, plain, re.IGNORECASE)
        if found:
            return _assumption(kind, *found.groups())
    return None


def _assumption(kind: Kind, first: str = "", second: str | None = None) -> Assumption:
    if kind in ("approve", "reject"):
        named = ALL if first.lower() == ALL else first
        return Assumption(kind=kind, change=named, amount=_number(second))
    if kind == "burden":
        return Assumption(kind=kind, amount=_number(first))
    if kind == "crews":
        speed = _number(first) or Decimal(0)
        return Assumption(kind=kind, amount=speed if second and second.lower() == "slower" else -speed)
    known = {spelling.lower(): spelling for spelling in (*BASES, *METHODS)}
    return Assumption(kind=kind, choice=known.get(first.lower(), ""))


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None
