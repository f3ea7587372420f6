"""The sandbox's Gusto shows what was asked for, to whom it was granted, and no more."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.limits import Limits, Window
from tests.local.sandbox_kit import MovableClock, gusto_client, gusto_token, running

PAYROLLS = "/v1/companies/c-1/payrolls"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One that tests only read from."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def ask(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with gusto_client(sandbox) as client:
        yield client


def ids(reply: httpx.Response) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [payroll["payroll_uuid"] for payroll in reply.json()]


# -- tokens and versions


def test_the_old_refresh_token_dies_when_the_new_access_token_is_first_used() -> None:
    with running() as sandbox:
        old = sandbox.credentials["gusto"]["refresh_token"]
        lost = gusto_token(sandbox, old)
        pair = gusto_token(sandbox, old).json()
        assert (lost.status_code, pair["expires_in"]) == (200, 7200)

        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        assert httpx.get(f"{sandbox.urls['gusto']}/v1/token_info", headers=bearer).json()["resource"]["uuid"] == "c-1"

        assert gusto_token(sandbox, old).json()["error"] == "invalid_grant"
        assert gusto_token(sandbox, pair["refresh_token"]).status_code == 200


def test_a_client_secret_in_the_address_is_refused(sandbox: Sandbox) -> None:
    reply = httpx.post(f"{sandbox.urls['gusto']}/oauth/token?client_secret=oops", data={})

    assert reply.status_code == 400


def test_the_version_is_echoed_and_too_old_ones_are_406(ask: httpx.Client) -> None:
    assert ask.get("/v1/token_info").headers["X-Gusto-API-Version"] == "2026-06-15"
    assert ask.get("/v1/token_info", headers={"X-Gusto-API-Version": "2024-04-01"}).status_code == 406


# -- lists


def test_employees_come_25_at_a_time_and_counts_only_to_those_who_page(ask: httpx.Client) -> None:
    plain = ask.get("/v1/companies/c-1/employees")
    paged = ask.get("/v1/companies/c-1/employees", params={"page": 2, "per": 50})

    assert (len(plain.json()), "X-Total-Count" in plain.headers) == (25, False)
    assert (len(paged.json()), paged.headers["X-Total-Count"], paged.headers["X-Total-Pages"]) == (10, "60", "2")


def test_payrolls_default_to_processed_regular_runs_of_six_months(ask: httpx.Client) -> None:
    kinds = {"payroll_types": "regular,off_cycle", "processing_statuses": "processed,unprocessed"}

    assert ids(ask.get(PAYROLLS)) == ["p-2", "p-3"]
    assert ids(ask.get(PAYROLLS, params=kinds)) == ["p-2", "p-3", "p-4", "p-5"]


def test_the_payroll_window_is_a_year_at_most(ask: httpx.Client) -> None:
    year = {"start_date": "2026-01-01", "end_date": "2026-11-20"}

    assert ids(ask.get(PAYROLLS, params=year)) == ["p-1", "p-2", "p-3"]
    assert ids(ask.get(PAYROLLS, params=year | {"date_filter_by": "check_date", "start_date": "2026-11-15"})) == ["p-3"]
    assert ask.get(PAYROLLS, params=year | {"start_date": "2025-01-01"}).status_code == 422
    assert ask.get(PAYROLLS, params=year | {"end_date": "2027-09-01"}).status_code == 422


def test_a_payroll_list_has_no_people_and_totals_only_when_included(ask: httpx.Client) -> None:
    plain, with_totals = ask.get(PAYROLLS).json()[0], ask.get(PAYROLLS, params={"include": "totals"}).json()[0]

    assert not {"employee_compensations", "totals"} & set(plain)
    assert with_totals["totals"] == {"gross_pay": "72000.00"}


def test_people_of_one_payroll_are_paged_and_taxes_come_only_when_included(ask: httpx.Client) -> None:
    plain = ask.get(f"{PAYROLLS}/p-2").json()["employee_compensations"]
    asked = ask.get(f"{PAYROLLS}/p-2", params={"include": "taxes,benefits", "per": 100, "page": 1})

    assert len(plain) == 25
    assert not {"taxes", "benefits"} & set(plain[0])
    assert len(asked.json()["employee_compensations"]) == 60
    assert asked.headers["X-Total-Count"] == "60"
    assert asked.json()["employee_compensations"][0]["taxes"][0]["amount"] == 74.4


# -- refusals


def test_a_missing_scope_is_403_and_named() -> None:
    with running() as sandbox, gusto_client(sandbox) as ask:
        sandbox.gusto_options.scopes -= {"employee_benefits:read"}
        reply = ask.get(f"{PAYROLLS}/p-2", params={"include": "benefits"})

        assert reply.status_code == 403
        assert reply.json()["errors"][0]["metadata"] == {"scopes": ["employee_benefits:read"]}
        assert ask.get(f"{PAYROLLS}/p-2").status_code == 200


def test_pay_rates_need_a_scope_of_their_own() -> None:
    with running() as sandbox, gusto_client(sandbox) as ask:
        sandbox.gusto_options.scopes -= {"compensations:read"}

        assert "jobs" not in ask.get("/v1/companies/c-1/employees").json()[0]


def test_another_companys_address_is_404_and_no_token_401(ask: httpx.Client, sandbox: Sandbox) -> None:
    assert ask.get("/v1/companies/c-2/employees").status_code == 404
    assert httpx.get(f"{sandbox.urls['gusto']}/v1/companies/c-1/employees").status_code == 401


def test_writes_are_refused_and_remembered() -> None:
    with running() as sandbox, gusto_client(sandbox) as ask:
        assert ask.put(f"{PAYROLLS}/p-2", json={}).status_code == 405
        assert [attempt.method for attempt in sandbox.write_attempts] == ["PUT"]


def test_the_limit_says_how_long_to_wait() -> None:
    clock = MovableClock()
    with running(limits=Limits(gusto=(Window(3, 60),)), clock=clock) as sandbox, gusto_client(sandbox) as ask:
        remaining = [ask.get("/v1/token_info").headers["X-RateLimit-Remaining"] for _ in range(3)]
        clock.forward(seconds=20)
        refused = ask.get("/v1/token_info")
        clock.forward(seconds=40)

        assert remaining == ["2", "1", "0"]
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
        assert ask.get("/v1/token_info").status_code == 200
