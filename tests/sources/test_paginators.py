"""A list is complete or it is an error; how a vendor pages is its own affair."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.errors import IncompleteRead, MalformedRecord
from datablueprint.sources import by_name
from datablueprint.sources.client import Client
from datablueprint.sources.paginators import (
    Call,
    Paginator,
    Row,
    link_header,
    one_record,
    page_numbers,
    read_list,
    start_position,
    unpaged,
)
from tests.fakes import Paged, Vendor, World, world

VENDORS = "/rest/v1.0/vendors"
EMPLOYEES = "/v1/companies/company-7/employees"
QUERY = "/v3/company/91303500/query"


def read(room: World, call: Call, paging: Paginator, source: str = "procore") -> list[Row] | None:
    field = {"procore": "id", "gusto": "uuid", "quickbooks_online": "Id"}[source]
    return read_list(Client(by_name(source), room.ports), call, paging, lambda value: str(value[field]))


def ids(rows: list[Row] | None) -> list[Any]:
    assert rows is not None
    return [next(iter(piece.value.values())) for piece, _ in rows]


def gusto_pages(vendor: Vendor, rows: list[Any], most: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page, size = int(request.url.params["page"]), min(int(request.url.params["per"]), most)
        pages = max(1, -(-len(rows) // size))
        headers = {"X-Total-Pages": str(pages), "X-Total-Count": str(len(rows))}
        return httpx.Response(200, json=rows[(page - 1) * size : page * size], headers=headers)

    vendor.on(EMPLOYEES, answer)


def quickbooks_pages(vendor: Vendor, rows: list[Any]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        words = request.url.params["query"].split()
        start, most = (int(words[words.index(name) + 1]) for name in ("STARTPOSITION", "MAXRESULTS"))
        page = rows[start - 1 : start - 1 + most]
        inner = {"Bill": page, "startPosition": start, "maxResults": len(page)} if page else {}
        return httpx.Response(200, json={"QueryResponse": inner, "time": "2026-11-20T04:00:00-08:00"})

    vendor.on(QUERY, answer)


SIZES = st.integers(1, 7)
COUNTS = st.integers(0, 25)


@given(COUNTS, SIZES, SIZES)
def test_all_rows_come_by_link_whatever_the_page_size_and_its_limit(count: int, asked: int, most: int) -> None:
    room = world()
    Paged(room.vendor, most).on(VENDORS, [{"id": n} for n in range(count)])

    rows = read(room, Call(VENDORS, "vendors", page_size=asked), link_header)

    assert ids(rows) == list(range(count))


@given(COUNTS, SIZES, SIZES)
def test_all_rows_come_by_page_number(count: int, asked: int, most: int) -> None:
    room = world()
    gusto_pages(room.vendor, [{"uuid": n} for n in range(count)], most)

    rows = read(room, Call(EMPLOYEES, "employees", page_size=asked), page_numbers, "gusto")

    assert ids(rows) == list(range(count))


@given(COUNTS, SIZES)
def test_all_rows_come_by_start_position_until_a_short_page(count: int, size: int) -> None:
    room = world()
    quickbooks_pages(room.vendor, [{"Id": str(n)} for n in range(count)])
    call = Call(QUERY, "Bill", {"query": "SELECT * FROM Bill"}, ("QueryResponse", "Bill"), page_size=size)

    rows = read(room, call, start_position, "quickbooks_online")

    assert ids(rows) == [str(n) for n in range(count)]
    assert room.vendor.asked() == count // size + 1


def test_a_link_is_followed_on_our_own_host_only() -> None:
    room = world()
    link = '<https://elsewhere.test/rest/v1.0/vendors?page=2&per_page=1&view=extended>; rel="next"'
    first = httpx.Response(200, json=[{"id": 1}], headers={"Link": link, "Total": "2"})
    second = httpx.Response(200, json=[{"id": 2}], headers={"Total": "2"})
    room.vendor.on(VENDORS, lambda r: second if r.url.params["page"] == "2" else first)

    assert ids(read(room, Call(VENDORS, "vendors", {"view": "extended"}), link_header)) == [1, 2]

    assert {r.url.host for r in room.vendor.requests} == {"api.procore.test"}
    assert room.vendor.requests[1].url.params["view"] == "extended"


def test_a_repeated_page_adds_no_rows() -> None:
    room = world()
    pages = {"1": [1, 2], "2": [2, 1], "3": [3]}

    def answer(request: httpx.Request) -> httpx.Response:
        number = request.url.params["page"]
        links = {n: f'<{VENDORS}?page={int(n) + 1}>; rel="next"' for n in ("1", "2")}
        headers = {"Total": "3"} | ({"Link": links[number]} if number in links else {})
        return httpx.Response(200, json=[{"id": n} for n in pages[number]], headers=headers)

    room.vendor.on(VENDORS, answer)

    assert ids(read(room, Call(VENDORS, "vendors"), link_header)) == [1, 2, 3]


def test_a_list_that_moved_while_it_was_read_is_read_once_more() -> None:
    room = world()
    rows = [{"id": n} for n in range(4)]

    def shrinking(_: httpx.QueryParams) -> list[Any]:
        if room.vendor.asked() == 2:
            rows.pop(0)  # a row of the first page is deleted, so one of the second slides into the first
        return rows

    Paged(room.vendor, most=2).on(VENDORS, shrinking)

    assert ids(read(room, Call(VENDORS, "vendors"), link_header)) == [1, 2, 3]
    assert room.vendor.asked() == 4


def test_a_list_that_never_holds_what_it_announces_is_an_error_that_deletes_nothing() -> None:
    room = world()
    room.vendor.on(VENDORS, lambda _: httpx.Response(200, json=[{"id": 1}], headers={"Total": "2"}))

    with pytest.raises(IncompleteRead) as caught:
        read(room, Call(VENDORS, "vendors of company 1"), link_header)

    assert "Procore: announced 2 rows and sent 1, twice (vendors of company 1)" in str(caught.value)
    assert "Nothing was taken as deleted" in caught.value.way_out


def test_an_empty_query_response_has_no_rows() -> None:
    room = world()
    room.vendor.on(QUERY, {"QueryResponse": {}, "time": "2026-11-20T04:00:00-08:00"})
    call = Call(QUERY, "Bill", {"query": "SELECT * FROM Bill"}, ("QueryResponse", "Bill"))

    assert read(room, call, start_position, "quickbooks_online") == []


def test_an_object_where_a_list_was_promised_names_the_list() -> None:
    room = world()
    room.vendor.on(VENDORS, {"unexpected": True})

    with pytest.raises(MalformedRecord, match=r"Procore: the answer has another shape.*\(vendors\)"):
        read(room, Call(VENDORS, "vendors"), unpaged)


@pytest.mark.parametrize("paging", [unpaged, link_header, one_record], ids=lambda p: p.__name__)
def test_an_absent_list_is_none_and_not_empty(paging: Paginator) -> None:
    room = world()

    assert read(room, Call(VENDORS, "vendors", missing_ok=True), paging) is None
