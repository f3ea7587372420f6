"""A field is what it must be, or the record is set aside; nothing in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.lake.conform import conform
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.settings import Settings
from tests.lake.landing import lake, landed

DENVER = ZoneInfo("America/Denver")


def fields(payload: object) -> Fields:
    return Fields.of(landed("procore", "anything", 1, payload))


@pytest.mark.parametrize(
    ("json_text", "amount"),
    [
        ('"1000.0"', "1000.00"),
        ("1000", "1000.00"),
        ("-0.1", "-0.10"),
        ('".00"', "0.00"),
        ('" 7 "', "7.00"),
        ("88.350", "88.35"),
    ],
)
def test_money_comes_as_text_or_number_and_is_exact(json_text: str, amount: str) -> None:
    assert str(fields(f'{{"a": {json_text}}}').money("a")) == amount


def test_money_never_passes_through_a_float() -> None:
    assert fields('{"a": 4503599627370.35}').money("a") == Decimal("4503599627370.35")


def test_a_fraction_of_a_cent_rounds_half_up() -> None:
    assert fields({"a": "1.005", "b": "-1.005"}).money("a") == Decimal("1.01")
    assert fields({"a": "1.005", "b": "-1.005"}).money("b") == Decimal("-1.01")


@pytest.mark.parametrize("value", ["1,000.00", "$5", "12%", "1e5", "NaN", "٣", [], {}, True, "99999999999999999"])
def test_what_is_not_an_amount_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable, match="where an amount of money was expected"):
        fields({"a": value}).maybe_money("a")


@pytest.mark.parametrize("value", [None, "", " "])
def test_null_and_blank_are_missing_values_not_zero(value: Any) -> None:
    assert fields({"a": value}).maybe_money("a") is None
    assert fields({"a": value}).maybe_text("a") is None
    with pytest.raises(Unreadable, match="/a is empty"):
        fields({"a": value}).money("a")


def test_absent_and_empty_are_told_apart() -> None:
    with pytest.raises(Unreadable, match="/a/b is missing"):
        fields({"a": {}}).text("a", "b")
    with pytest.raises(Unreadable, match="/a/b is missing"):
        fields({"a": None}).text("a", "b")
    with pytest.raises(Unreadable, match="/a holds 'x' where an object was expected"):
        fields({"a": "x"}).text("a", "b")


def test_pointers_follow_rfc_6901_through_lists_and_objects() -> None:
    found = fields({"Line": [{"a/b": {"m~n": "1"}}]})

    (line,) = found.each("Line")

    assert line.within("a/b").pointer("m~n") == "/Line/0/a~1b/m~0n"
    assert line.within("a/b").text("m~n") == "1"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (lambda f: f.day("a"), "2026-02-30", "a date"),
        (lambda f: f.day("a"), "2026-02-03T00:00:00Z", "a date"),
        (lambda f: f.day("a"), 20260203, "a date"),
        (lambda f: f.maybe_local_day(DENVER, "a"), "2026-02-03T00:00:00", "a time"),
        (lambda f: f.maybe_flag("a"), "yes", "true or false"),
        (lambda f: f.text("a"), {"x": 1}, "text"),
        (lambda f: f.text("a"), True, "text"),
        (lambda f: list(f.each("a")), {"x": 1}, "a list"),
        (lambda f: list(f.each("a")), [1], "an object"),
    ],
)
def test_another_type_is_refused_in_words(read: Callable[[Fields], Any], value: Any, expected: str) -> None:
    with pytest.raises(Unreadable, match=f"where {expected} was expected"):
        read(fields({"a": value}))


def test_a_time_stamp_becomes_the_day_it_was_where_the_tenant_is() -> None:
    found = fields({"z": "2026-07-01T05:59:00Z", "offset": "2026-11-20T23:30:00-07:00", "day": "2026-07-01"})

    assert found.maybe_local_day(DENVER, "z") == date(2026, 6, 30)
    assert found.maybe_local_day(DENVER, "offset") == date(2026, 11, 20)
    assert found.maybe_local_day(DENVER, "day") == date(2026, 7, 1)


def test_long_text_is_cut_in_sentences() -> None:
    with pytest.raises(Unreadable) as refused:
        fields({"a": "x" * 500}).money("a")

    assert len(str(refused.value)) < 120


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
REAL = {
    ("procore", "requisitions"): {
        "commitment_id": 1,
        "billing_date": "2026-01-01",
        "status": "approved",
        "items": [{}],
    },
    ("procore", "change_order_packages"): {"contract_id": 1, "status": "draft", "grand_total": "1"},
    ("procore", "budget_rows"): {"original_budget_amount": "1", "budget_modifications": "1", "budget_forecast": {}},
    ("procore", "timecard_entries"): {"date": "2026-01-01", "hours": "8", "party": {"id": 1}, "wbs_code": {}},
    ("quickbooks_online", "Bill"): {"TxnDate": "2026-01-01", "TotalAmt": 1, "Line": [{"Id": "1"}], "VendorRef": {}},
    ("quickbooks_online", "Payment"): {"TxnDate": "2026-01-01", "TotalAmt": 1, "Line": [{"Amount": 1}]},
    ("quickbooks_online", "Deposit"): {"TxnDate": "2026-01-01", "TotalAmt": 1, "Line": [{"Amount": 1}], "CashBack": {}},
    ("quickbooks_online", "Item"): {"Name": "a-01-100.S", "ParentRef": {}},
    ("gusto", "payrolls"): {"processed": True, "pay_period": {}, "totals": {}},
    ("payroll_file", "pay_lines"): {"pay_type": "REG", "hours": "1", "amount": "1", "employee_id": "1"},
}


@given(place=st.sampled_from(sorted(REAL)), damage=st.dictionaries(st.integers(0, 9), ANYTHING, max_size=3))
def test_no_payload_whatever_stops_the_others(place: tuple[str, str], damage: dict[int, Any]) -> None:
    payload = dict(REAL[place])
    names = list(payload)
    payload |= {names[key % len(names)]: value for key, value in damage.items()}
    broken = landed(*place, 1, json.dumps(payload), 5)
    vendor = landed("procore", "vendors", 2, {"id": 2, "name": "Volt LLC"})

    made = conform(lake(broken, vendor), Settings(tenant="t"))

    assert made["vendors"].num_rows == 1
