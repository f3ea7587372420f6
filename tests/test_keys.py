"""One number, however it is typed, has one key."""

from __future__ import annotations

import pytest

from datablueprint.tables.keys import number_key


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-0088", "inv 88"), ("#88", "88"), ("24-017-03", "24/17/3"), ("PA #4", "pa4"), ("88-R", "88r"), (None, " - ")],
)
def test_spellings_of_one_number_have_one_key(one: str | None, other: str):
    assert number_key(one) == number_key(other)


@pytest.mark.parametrize(("one", "other"), [("1-12", "11-2"), ("88", "880"), ("1-1", "11"), ("88 & 89", "8889")])
def test_two_numbers_have_two_keys(one: str, other: str):
    assert number_key(one) != number_key(other)
