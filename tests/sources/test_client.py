"""The client waits before it is told to, says what went wrong, and writes nothing, ever."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from datablueprint.errors import (
    AuthExpired,
    PermissionMissing,
    RateLimited,
    SourceError,
    SourceRefused,
    SourceUnavailable,
)
from datablueprint.sources import by_name
from datablueprint.sources.base import Paused
from datablueprint.sources.client import Client
from tests.fakes import World, world

VENDORS = "/rest/v1.0/vendors"
QUERY = "/v3/company/91303500/query"


def client(room: World, name: str = "procore") -> Client:
    return Client(by_name(name), room.ports)


def get(room: World, path: str = VENDORS, name: str = "procore", about: str = "vendors") -> str:
    return client(room, name).read(path, {}, kind="lists", about=about).text


def answers(*responses: httpx.Response | Exception) -> Callable[[httpx.Request], httpx.Response]:
    """One response after the other; the last one stays."""
    left = list(responses)

    def answer(_: httpx.Request) -> httpx.Response:
        response = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(response, Exception):
            raise response
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)

    return answer


OK = httpx.Response(200, json=[])

# -- headers -----------------------------------------------------------------------------------------


def test_each_vendor_gets_the_headers_it_insists_on() -> None:
    room = world()
    room.vendor.on(VENDORS, []).on(QUERY, {}).on("/v1/companies/company-7", {})

    get(room)
    get(room, QUERY, "quickbooks_online")
    get(room, "/v1/companies/company-7", "gusto")

    procore, quickbooks, gusto = (request.headers for request in room.vendor.requests)
    assert procore["Procore-Company-Id"] == "4210001"
    assert quickbooks["Accept"] == "application/json"
    assert gusto["X-Gusto-API-Version"] == "2026-06-15"
    assert procore["Authorization"] == "Bearer access-procore"


# -- rate windows ------------------------------------------------------------------------------------


def window(remaining: int, seconds: int, room: World, limit: int = 25) -> dict[str, str]:
    reset = int(room.clock.now().timestamp()) + seconds
    return {
        "X-Rate-Limit-Limit": str(limit),
        "X-Rate-Limit-Remaining": str(remaining),
        "X-Rate-Limit-Reset": str(reset),
    }


def test_the_spike_window_is_waited_out_before_it_closes() -> None:
    room = world()
    room.vendor.on(VENDORS, lambda _: httpx.Response(200, json=[], headers=window(1, 10, room)))
    procore = client(room)

    procore.read(VENDORS, {}, kind="lists", about="vendors")
    assert room.clock.slept == []
    procore.read(VENDORS, {}, kind="lists", about="vendors")

    assert room.clock.slept == [10.0]
    assert len(room.vendor.requests) == 2


def test_the_hourly_window_pauses_instead_of_sleeping() -> None:
    room = world()
    room.vendor.on(VENDORS, lambda _: httpx.Response(200, json=[], headers=window(100, 1800, room, limit=3600)))
    procore = client(room)
    procore.read(VENDORS, {}, kind="lists", about="vendors")

    with pytest.raises(Paused) as pause:
        procore.read(VENDORS, {}, kind="lists", about="vendors")

    assert pause.value.wait_seconds == pytest.approx(1800, abs=1)
    assert room.clock.slept == []


def test_calls_remaining_above_the_reserve_do_not_wait() -> None:
    room = world()
    room.vendor.on(VENDORS, lambda _: httpx.Response(200, json=[], headers=window(2, 10, room)))
    procore = client(room)

    for _ in range(3):
        procore.read(VENDORS, {}, kind="lists", about="vendors")

    assert room.clock.slept == []


def test_a_reset_is_measured_on_the_vendors_clock() -> None:
    room = world()
    headers = window(0, 3610, room) | {"Date": "Fri, 20 Nov 2026 13:00:00 GMT"}  # the vendor is an hour ahead
    room.vendor.on(VENDORS, lambda _: httpx.Response(200, json=[], headers=headers))
    procore = client(room)

    procore.read(VENDORS, {}, kind="lists", about="vendors")
    procore.read(VENDORS, {}, kind="lists", about="vendors")

    assert room.clock.slept == [10.0]


def test_gusto_windows_are_obeyed_too() -> None:
    room = world()
    headers = {"X-RateLimit-Limit": "200", "X-RateLimit-Remaining": "8", "X-RateLimit-Reset": "15"}
    room.vendor.on("/v1/companies/company-7", lambda _: httpx.Response(200, json={}, headers=headers))
    gusto = client(room, "gusto")

    for _ in range(2):
        gusto.read("/v1/companies/company-7", {}, kind="records", about="the company")

    assert room.clock.slept == [15.0]


def test_quickbooks_never_sees_more_than_eight_calls_a_second_or_500_a_minute() -> None:
    room = world()
    times: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        times.append(room.clock.monotonic())
        return httpx.Response(200, json={})

    room.vendor.on(QUERY, answer)
    quickbooks = client(room, "quickbooks_online")

    for _ in range(520):
        try:
            quickbooks.read(QUERY, {}, kind="query", about="Bill")
        except Paused as pause:
            room.clock.move(seconds=pause.wait_seconds)

    assert max(sum(start <= t < start + 1 for t in times) for start in times) <= 8
    assert max(sum(start <= t < start + 60 for t in times) for start in times) <= 500


@pytest.mark.parametrize("value", ["7", "Fri, 20 Nov 2026 12:00:07 GMT"])
def test_retry_after_is_honoured_as_number_and_as_date(value: str) -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(429, headers={"Retry-After": value}), OK))

    get(room)

    [slept] = room.clock.slept
    assert 7.0 <= slept <= 8.0


def test_a_429_without_retry_after_waits_for_the_reset() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(429, headers=window(0, 12, room)), OK))

    get(room)

    assert 12.0 <= sum(room.clock.slept) <= 13.0


def test_a_long_retry_after_pauses() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(429, headers={"Retry-After": "600"})))

    with pytest.raises(Paused) as pause:
        get(room)

    assert 600 <= pause.value.wait_seconds <= 601


def test_a_throttled_quickbooks_call_waits_a_minute_whatever_the_status_says() -> None:
    room = world()
    fault = {"Fault": {"Error": [{"Message": "ThrottleExceeded", "code": "003001"}], "type": "SERVICE"}}
    room.vendor.on(QUERY, lambda _: httpx.Response(403, json=fault))

    with pytest.raises(Paused) as pause:
        get(room, QUERY, "quickbooks_online")

    assert 60 <= pause.value.wait_seconds <= 61


def test_an_endless_429_ends_as_rate_limited_with_the_seconds_to_wait() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(429, headers={"Retry-After": "3"})))

    with pytest.raises(RateLimited, match="Procore: the rate limit is used up") as error:
        get(room)

    assert 3 <= error.value.retry_after <= 4


# -- failures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_passing_trouble_is_retried_with_growing_pauses(status: int) -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(status), httpx.Response(status), OK))

    assert get(room) == "[]"

    assert len(room.clock.slept) == 2


def test_back_off_has_full_jitter_below_a_doubling_ceiling() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(500)))

    with pytest.raises(SourceUnavailable):
        get(room)

    assert len(room.clock.slept) == 4
    assert all(0 <= slept <= 0.5 * 2 ** (n + 1) for n, slept in enumerate(room.clock.slept))


def test_a_refused_token_is_renewed_once_and_the_call_repeated() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(401), OK))
    room.vendor.on("/oauth/token", {"access_token": "second", "expires_in": 5400})

    assert get(room) == "[]"

    assert room.vendor.requests[-1].headers["Authorization"] == "Bearer second"


def test_a_fault_inside_a_good_answer_is_a_failure_in_either_spelling() -> None:
    room = world()
    fault = {"fault": {"error": [{"message": "no", "detail": "not yours", "code": "120"}], "type": "x"}}
    room.vendor.on(QUERY, fault)

    with pytest.raises(PermissionMissing, match=r"may not read this \(not yours\)"):
        get(room, QUERY, "quickbooks_online")


def test_data_that_mentions_a_fault_is_no_fault() -> None:
    room = world()
    room.vendor.on(QUERY, {"QueryResponse": {"Bill": [{"Id": "1", "Fault": "a word in a memo"}]}})

    assert "memo" in get(room, QUERY, "quickbooks_online")


def test_a_body_that_is_no_json_is_asked_for_again() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(200, text="<html>maintenance</html>"), OK))

    assert get(room) == "[]"


def test_what_is_absent_is_none_where_that_is_allowed() -> None:
    room = world()

    assert client(room).get(VENDORS, {}, kind="lists", about="vendors", missing_ok=True) is None


FAULT_610 = {"Fault": {"Error": [{"Message": "Object Not Found", "code": "610"}], "type": "ValidationFault"}}


@pytest.mark.parametrize(
    ("response", "error", "sentence"),
    [
        (httpx.Response(403, json={"message": "You do not have access"}), PermissionMissing, "You do not have access"),
        (httpx.Response(404, json={}), SourceRefused, "does not exist or the connected account cannot see it"),
        (httpx.Response(400, json={"error": {"code": "BAD_REQUEST", "message": "no"}}), SourceRefused, "BAD_REQUEST"),
        (httpx.Response(302), SourceRefused, "base_url"),
        (httpx.Response(500, json={"errors": {"base": ["oops"]}}), SourceUnavailable, "oops"),
        (httpx.Response(200, text="<html>"), SourceUnavailable, "not JSON"),
        (httpx.ConnectError("refused"), SourceUnavailable, "api.procore.test cannot be reached"),
        (httpx.ReadTimeout("slow"), SourceUnavailable, "ReadTimeout"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_failure_names_system_object_and_way_out(
    response: httpx.Response | Exception, error: type[SourceError], sentence: str
) -> None:
    room = world()
    room.vendor.on(VENDORS, answers(response))

    with pytest.raises(error) as caught:
        get(room, about="vendors of company 4210001")

    text = str(caught.value)
    assert type(caught.value) is error
    assert text.startswith("Procore: ")
    assert sentence in text
    assert "vendors of company 4210001" in text
    assert len(caught.value.way_out) > 15
    assert "access-procore" not in text


@pytest.mark.parametrize(
    ("status", "code", "error", "way_out"),
    [
        (403, "3100", PermissionMissing, "datablueprint connect quickbooks_online"),
        (400, "6190", PermissionMissing, "subscription"),
        (403, "3201", PermissionMissing, "administrator"),
        (400, "4001", SourceRefused, "report"),
        (504, "6002", SourceUnavailable, "next refresh"),
    ],
)
def test_quickbooks_codes_have_sentences_of_their_own(
    status: int, code: str, error: type[SourceError], way_out: str
) -> None:
    room = world()
    fault = {"Fault": {"Error": [{"Message": "m", "Detail": "d", "code": code}], "type": "x"}}
    room.vendor.on(QUERY, lambda _: httpx.Response(status, json=fault, headers={"intuit_tid": "1-abc"}))

    with pytest.raises(error) as caught:
        get(room, QUERY, "quickbooks_online", about="Bill")

    assert str(caught.value).startswith("QuickBooks Online: ")
    assert "Bill, request 1-abc" in str(caught.value)
    assert way_out in caught.value.way_out


def test_a_token_that_stays_refused_asks_for_a_reconnect() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(401)))
    room.vendor.on("/oauth/token", {"access_token": "second", "expires_in": 5400})

    with pytest.raises(AuthExpired, match="Reconnect with `datablueprint connect procore`"):
        get(room)


# -- counting ----------------------------------------------------------------------------------------


def test_calls_are_counted_by_kind_failed_ones_included() -> None:
    room = world()
    room.vendor.on(VENDORS, answers(httpx.Response(500), OK))
    procore = client(room)

    procore.read(VENDORS, {}, kind="lists", about="vendors")

    assert procore.calls == {"lists": 2}
