"""A term is a number that remembers how it came about; arithmetic on terms builds the proof while it computes.

The formulas of this room work on plain Decimals and on terms alike: with
Decimals they give the textbook answer, with terms the same answer plus a tree
whose leaves are selections of facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Term:
    """value = op(args). Leaves: `facts` (a selection to sum), `figure` (another figure) and `constant`."""

    value: Decimal
    op: str
    args: tuple[Term, ...] = ()
    label: str = ""
    detail: Mapping[str, Any] | None = None

    def __add__(self, other: Term) -> Term:
        return Term(self.value + other.value, "add", (self, other))

    def __sub__(self, other: Term) -> Term:
        return Term(self.value - other.value, "subtract", (self, other))

    def __mul__(self, other: Term) -> Term:
        return Term(self.value * other.value, "multiply", (self, other))

    def __truediv__(self, other: Term) -> Term:
        return Term(self.value / other.value, "divide", (self, other))

    def named(self, label: str) -> Term:
        return Term(self.value, self.op, self.args, label, self.detail)

    def tree(self) -> dict[str, Any]:
        """The JSON form that is stored and that the checker reads."""
        node: dict[str, Any] = {"op": self.op, "value": str(self.value)}
        if self.label:
            node["label"] = self.label
        if self.detail:
            node.update(self.detail)
        if self.args:
            node["args"] = [arg.tree() for arg in self.args]
        return node


Number = TypeVar("Number", Decimal, Term)


def constant(value: Decimal, label: str = "") -> Term:
    return Term(value, "constant", label=label)


def figure(figure_id: str, value: Decimal, label: str = "") -> Term:
    """Another figure's value; the checker re-adds that figure too."""
    return Term(value, "figure", label=label, detail={"figure": figure_id})


def largest(*numbers: Number) -> Number:
    """The greatest of the numbers."""
    if isinstance(numbers[0], Term):
        terms = [n for n in numbers if isinstance(n, Term)]
        return Term(max(t.value for t in terms), "largest", tuple(terms))
    return max(numbers)


def least(*numbers: Number) -> Number:
    """The smallest of the numbers."""
    if isinstance(numbers[0], Term):
        terms = [n for n in numbers if isinstance(n, Term)]
        return Term(min(t.value for t in terms), "least", tuple(terms))
    return min(numbers)


def root(number: Number) -> Number:
    """The square root, to 28 significant digits; the number must not be negative."""
    if isinstance(number, Term):
        return Term(number.value.sqrt(), "root", (number,))
    return number.sqrt()


def count(terms: list[Term], label: str = "") -> Term:
    """How many terms there are, each of which the checker re-adds."""
    return Term(Decimal(len(terms)), "count", tuple(terms), label)


def allocated(
    value: Decimal,
    label: str,
    *,
    project: str,
    pool: list[Mapping[str, Any]],
    base: Mapping[str, Any],
    scaled: bool = False,
) -> Term:
    """A project's share of a pool of facts in the ratio of a base of facts of every project, by largest remainder.

    `pool` are {"select": ..., "sign": 1 or -1}, `base` is a selection without a
    project; bases below zero count as zero. `scaled`: the `total` above it
    holds the scales of the base, once for all its allocations.
    """
    detail: dict[str, Any] = {"for": project, "pool": pool, "base": base}
    if scaled:
        detail["times"] = "scales"
    return Term(value, "allocated", label=label, detail=detail)


def total(
    numbers: list[Term],
    label: str = "",
    *,
    covers: Mapping[str, Any] | None = None,
    scales: Mapping[str, tuple[str, str]] | None = None,
) -> Term:
    """The sum of any number of terms, zero for none.

    `covers` is a selection of facts of which the checker demands that each one
    is in some leaf below: a sum over parts must not lose a part. `scales`
    multiplies a project's base in the allocations below by the quotient of two
    figures (ids); projects not in it then weigh nothing.
    """
    detail = {name: held for name, held in (("covers", covers), ("scales", scales)) if held is not None}
    return Term(sum((n.value for n in numbers), Decimal(0)), "add", tuple(numbers), label, detail or None)


def cents(number: Number) -> Number:
    """Rounded half up to cents: done once, where an amount is stored as a result."""
    if isinstance(number, Term):
        return Term(number.value.quantize(CENT, ROUND_HALF_UP), "cents", (number,))
    return number.quantize(CENT, ROUND_HALF_UP)


def zero(like: Number) -> Number:
    """0 of the same kind."""
    if isinstance(like, Term):
        return constant(Decimal(0))
    return Decimal(0)
