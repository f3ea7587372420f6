"""Prose may not bring numbers of its own, and figures are shown in their metric's format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from datablueprint.agent.text import Count, Day, Name, Ref, render
from datablueprint.errors import FigureUnverified
from datablueprint.formats import shown


def test_names_days_and_counts_may_hold_digits():
    said = render(
        [Name("24-017 Harbor"), " as of ", Day(date(2026, 11, 19)), ": ", Ref("f"), ", ", Count(3)], lambda _: "8.1%"
    )

    assert said == "24-017 Harbor as of 2026-11-19: 8.1%, 3"


@pytest.mark.parametrize("prose", ["about 8%", "roughly eight percent", "a third of it", "twice that", "$4M"])
def test_a_number_in_prose_is_refused(prose: str):
    with pytest.raises(FigureUnverified):
        render([prose], str)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (D("0.08149"), "ratio", "8.1%"),
        (D("-0.2"), "ratio", "-20.0%"),
        (D("1234567.50"), "money", "$1,234,568"),
        (D("-12.4"), "money", "-$12"),
        (None, "ratio", "unavailable"),
    ],
)
def test_each_unit_has_one_format(value: D | None, unit: str, text: str):
    assert shown(value, unit) == text
