"""The accounting choices of the contractor that change a figure; which account is what, the world knows itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Policy:
    """Money in cents, ratios as fractions."""

    overhead_base: str = "OA4"
    burden_clearing: str = "overhead"
    change_order_markup: Fraction | None = None
    restricted_cash: frozenset[str] = frozenset()
    """Account keys."""
    credit_line: int | None = None
    scorecard_months: int = 36
