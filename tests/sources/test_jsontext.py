"""Slices are the vendor's own bytes, whatever the vendor sends."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.sources import jsontext

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=15
)
LAYOUTS = st.sampled_from(
    [{}, {"indent": 1}, {"separators": (",", ":")}, {"separators": (" ,\t", "\n: ")}, {"ensure_ascii": False}]
)


def as_floats(value: Any) -> Any:
    """Decimals back to floats, to compare with what json itself reads."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [as_floats(v) for v in value]
    if isinstance(value, dict):
        return {k: as_floats(v) for k, v in value.items()}
    return value


@given(st.lists(ANY_JSON, max_size=5), LAYOUTS)
def test_the_elements_of_a_list_are_exact_substrings_that_mean_the_same(
    values: list[Any], layout: dict[str, Any]
) -> None:
    printed = [json.dumps(value, **layout) for value in values]
    document = " [\n" + " ,\r\n ".join(printed) + "\t] "

    found = jsontext.elements(document)

    assert [piece.text for piece in found] == printed
    assert as_floats([piece.value for piece in found]) == values


@given(ANY_JSON, st.lists(ANY_JSON, max_size=3), st.text(), LAYOUTS)
def test_a_list_is_found_at_its_path_beside_anything(
    other: Any, values: list[Any], key: str, layout: dict[str, Any]
) -> None:
    document = json.dumps({"before": other, key: [other, {"inner": values}], "after": other}, **layout)
    if key in ("before", "after"):
        return

    found = jsontext.elements(document, key, 1, "inner")

    assert as_floats([piece.value for piece in found]) == values
    assert all(piece.text in document for piece in found)


@given(st.dictionaries(st.text(), ANY_JSON, max_size=5), LAYOUTS)
def test_members_are_exact_substrings_by_key(value: dict[str, Any], layout: dict[str, Any]) -> None:
    document = json.dumps(value, **layout)

    found = jsontext.members(document)

    assert {key: json.loads(piece.text) for key, piece in found.items()} == value


@given(st.lists(ANY_JSON, min_size=1, max_size=3), st.data())
def test_a_document_that_was_cut_is_never_taken_for_a_shorter_list(values: list[Any], data: st.DataObject) -> None:
    document = json.dumps({"rows": values, "time": 1})
    cut = document[: data.draw(st.integers(0, len(document) - 1))]

    with pytest.raises(jsontext.NotJson):
        jsontext.elements(cut, "rows")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_money_keeps_every_digit_from_the_text_onward(amount: Decimal) -> None:
    parsed = jsontext.parse(f'{{"Amount": {amount:f}}}')

    assert Decimal(parsed["Amount"]) == amount
    assert not isinstance(parsed["Amount"], float)


def test_trailing_zeros_survive_in_the_slice() -> None:
    [line] = jsontext.elements('{"Line": [{"Amount": 1000.10, "é": 1}]}', "Line")

    assert line.text == '{"Amount": 1000.10, "é": 1}'


def test_an_absent_path_is_an_empty_list_and_another_type_is_an_error() -> None:
    assert jsontext.elements('{"QueryResponse": {}}', "QueryResponse", "Bill") == []

    with pytest.raises(jsontext.NotJson, match="expected a list"):
        jsontext.elements('{"rows": {"id": 1}}', "rows")


@pytest.mark.parametrize("document", ["", "[1,]", "[1] x", "[NaN]", "[1", "{'a': 1}", "<html></html>", "[Infinity]"])
def test_what_is_not_json_is_refused(document: str) -> None:
    with pytest.raises(jsontext.NotJson):
        jsontext.elements(document)
