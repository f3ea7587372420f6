"""The sandbox's Procore hides, pages and refuses the way the real one is documented to."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.limits import Limits, Window
from tests.local.sandbox_kit import COMPANY, JOB, OLD_JOB, MovableClock, procore_client, running


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One that tests only read from."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def ask(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with procore_client(sandbox) as client:
        yield client


def ids(response: httpx.Response) -> list[int]:
    assert response.status_code == 200, response.text
    return [record["id"] for record in response.json()]


def login(sandbox: Sandbox, **form: str) -> httpx.Response:
    account = sandbox.credentials["procore"]
    secrets = {k: account[k] for k in ("client_id", "client_secret")}
    return httpx.post(f"{sandbox.urls['procore_login']}/oauth/token", data=secrets | form)


# -- tokens


def test_client_credentials_give_no_refresh_token(sandbox: Sandbox) -> None:
    reply = login(sandbox, grant_type="client_credentials").json()

    assert reply["expires_in"] == 5400
    assert "refresh_token" not in reply


def test_a_wrong_secret_is_refused(sandbox: Sandbox) -> None:
    reply = login(sandbox, grant_type="client_credentials", client_secret="guess")

    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


def test_a_refresh_token_works_once() -> None:
    with running() as sandbox:
        code = sandbox.credentials["procore"]["authorization_code"]
        first = login(sandbox, grant_type="authorization_code", code=code).json()

        second = login(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"])
        again = login(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"])

        assert second.json()["refresh_token"] != first["refresh_token"]
        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        assert login(sandbox, grant_type="authorization_code", code=code).status_code == 400


def test_an_access_token_dies_after_ninety_minutes() -> None:
    clock = MovableClock()
    with running(clock=clock) as sandbox, procore_client(sandbox) as ask:
        assert ask.get("/rest/v1.0/companies").status_code == 200

        clock.forward(seconds=5400)

        assert ask.get("/rest/v1.0/companies").status_code == 401


def test_a_restarted_sandbox_knows_the_tokens_it_gave_out() -> None:
    with running(seed=11) as sandbox:
        code = sandbox.credentials["procore"]["authorization_code"]
        first = login(sandbox, grant_type="authorization_code", code=code).json()
        second = login(sandbox, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()

    with running(seed=11) as sandbox:
        third = login(sandbox, grant_type="refresh_token", refresh_token=second["refresh_token"])
        assert third.status_code == 200


def test_revoking_kills_both_tokens_and_says_200_to_rubbish() -> None:
    with running() as sandbox:
        host = sandbox.urls["procore_login"]
        code = sandbox.credentials["procore"]["authorization_code"]
        pair = login(sandbox, grant_type="authorization_code", code=code).json()
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        assert httpx.get(f"{host}/oauth/token/info", headers=bearer).json()["expires_in_seconds"] == 5400

        assert httpx.post(f"{host}/oauth/revoke", data={"token": "rubbish"}).status_code == 200
        assert httpx.post(f"{host}/oauth/revoke", data={"token": pair["access_token"]}).status_code == 200

        assert httpx.get(f"{host}/oauth/token/info", headers=bearer).status_code == 401
        assert login(sandbox, grant_type="refresh_token", refresh_token=pair["refresh_token"]).status_code == 400
        fresh = sandbox.reconnect("procore")
        assert login(sandbox, grant_type="authorization_code", code=fresh).status_code == 200


# -- access


def test_no_company_header_gives_a_plain_message(sandbox: Sandbox, ask: httpx.Client) -> None:
    bare = {"Authorization": ask.headers["Authorization"]}

    reply = httpx.get(f"{sandbox.urls['procore']}/rest/v1.0/companies", headers=bare)

    assert reply.status_code == 400
    assert reply.headers["content-type"].startswith("text/plain")


def test_unknown_addresses_and_records_are_404(ask: httpx.Client) -> None:
    assert ask.get("/rest/v9.9/anything").status_code == 404
    assert ask.get("/rest/v1.0/prime_contract/999", params={"project_id": JOB}).status_code == 404
    assert ask.get("/rest/v1.0/prime_contracts", params={"project_id": 1}).status_code == 404


def test_every_write_is_refused_and_remembered() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        reply = ask.post("/rest/v1.0/work_order_contracts", json={"title": "new"})

        assert (reply.status_code, reply.headers["Allow"]) == (405, "GET")
        assert [r.path for r in sandbox.write_attempts] == ["/rest/v1.0/work_order_contracts"]


def test_budget_details_are_read_by_post(sandbox: Sandbox, ask: httpx.Client) -> None:
    reply = ask.post("/rest/v1.0/budget_views/31/budget_details", params={"project_id": JOB})

    assert reply.status_code == 200
    assert sandbox.write_attempts == []


# -- lists


def test_pages_carry_total_per_page_and_links(ask: httpx.Client) -> None:
    seen: list[int] = []
    address = f"/rest/v1.0/vendors?company_id={COMPANY}&per_page=100"
    while address:
        reply = ask.get(address)
        assert (reply.headers["Total"], reply.headers["Per-Page"]) == ("250", "100")
        seen += ids(reply)
        address = reply.links.get("next", {}).get("url", "")

    assert seen == list(range(1, 251))
    assert set(reply.links) == {"first", "prev"}


def test_requisitions_come_thirty_at_a_time_unless_asked(ask: httpx.Client) -> None:
    default = ask.get("/rest/v1.1/requisitions", params={"project_id": JOB})
    asked = ask.get("/rest/v1.1/requisitions", params={"project_id": JOB, "per_page": 2000})

    assert (len(ids(default)), len(ids(asked))) == (30, 40)


def test_projects_allow_at_most_300_a_page(ask: httpx.Client) -> None:
    reply = ask.get("/rest/v1.1/projects", params={"company_id": COMPANY, "per_page": 1000})

    assert reply.headers["Per-Page"] == "300"


def test_prime_change_orders_are_not_paged(ask: httpx.Client) -> None:
    reply = ask.get(f"/rest/v1.0/projects/{JOB}/prime_change_orders", params={"per_page": 5})

    assert len(ids(reply)) == 120
    assert "Total" not in reply.headers


def test_closed_projects_show_only_on_request(ask: httpx.Client) -> None:
    plain = ask.get("/rest/v1.1/projects", params={"company_id": COMPANY})
    everything = ask.get("/rest/v1.1/projects", params={"company_id": COMPANY, "filters[by_status]": "All"})

    assert (ids(plain), ids(everything)) == ([JOB], [JOB, OLD_JOB])


@pytest.mark.parametrize("quote", ["", '"'])
def test_updated_at_is_a_closed_range_with_three_dots(ask: httpx.Client, quote: str) -> None:
    wanted = f"{quote}2026-11-19T00:00:00Z...2026-11-20T00:00:00Z{quote}"
    params = {"company_id": COMPANY, "filters[by_status]": "All", "filters[updated_at]": wanted}

    assert ids(ask.get("/rest/v1.1/projects", params=params)) == [OLD_JOB]
    assert ask.get("/rest/v1.1/projects", params=params | {"filters[updated_at]": "2026-11-19"}).status_code == 400


def test_a_filter_the_list_does_not_know_is_ignored(ask: httpx.Client) -> None:
    params = {"company_id": COMPANY, "filters[updated_at]": "2030-01-01...2030-01-02"}

    assert ask.get("/rest/v1.0/line_item_types", params=params).status_code == 200
    assert len(ids(ask.get(f"/rest/v1.0/projects/{JOB}/manual_forecast_line_items", params=params))) == 0
    assert ids(ask.get("/rest/v1.0/budget_views", params=params | {"project_id": JOB})) == [31]


def test_bookkeeping_keys_never_leave_the_server(ask: httpx.Client) -> None:
    records = ask.get("/rest/v1.0/work_order_contracts", params={"project_id": JOB}).json()

    assert not [key for record in records for key in record if key.startswith("_")]


def test_unbudgeted_rows_hide_by_default(ask: httpx.Client) -> None:
    address = "/rest/v1.0/budget_views/31/detail_rows"

    assert ids(ask.get(address, params={"project_id": JOB})) == [9001]
    assert ids(ask.get(address, params={"project_id": JOB, "budget_row_type": "all"})) == [9001, None]


def test_the_newer_budget_line_lost_its_cost_fields(ask: httpx.Client) -> None:
    line = ask.get("/rest/v1.1/budget_line_items/9001").json()

    assert line == {"id": 9001, "original_budget_amount": 50000.0}


def test_the_singular_prime_contract_is_only_the_first(ask: httpx.Client) -> None:
    first = ask.get("/rest/v1.0/prime_contract", params={"project_id": JOB}).json()
    listed = ask.get("/rest/v1.0/prime_contracts", params={"project_id": JOB}).json()
    detail = ask.get("/rest/v1.0/prime_contract/340", params={"project_id": JOB}).json()

    assert (first["id"], [c["id"] for c in listed]) == (340, [340, 341])
    assert ("revised_contract_amount" in detail, "revised_contract_amount" in listed[0]) == (True, False)


def test_change_order_requests_need_a_contract(ask: httpx.Client) -> None:
    address = "/rest/v1.0/change_order_requests"

    assert ask.get(address, params={"project_id": JOB}).status_code == 400
    assert ids(ask.get(address, params={"project_id": JOB, "contract_id": 341})) == [2]


def test_private_commitments_vanish_with_all_that_hangs_on_them() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        listed = "/rest/v1.0/work_order_contracts"
        lines = "/rest/v1.0/work_order_contracts/5151/line_items"
        params = {"project_id": JOB, "per_page": 2000}
        assert ids(ask.get(listed, params=params)) == [5150]
        assert ask.get(lines, params=params).status_code == 404
        assert len(ids(ask.get("/rest/v1.1/requisitions", params=params))) == 40

        sandbox.procore_options.see_private = True

        assert ids(ask.get(listed, params=params)) == [5150, 5151]
        assert ids(ask.get(lines, params=params)) == [62]
        assert len(ids(ask.get("/rest/v1.1/requisitions", params=params))) == 41


def test_projects_outside_the_permitted_list_are_forbidden() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        sandbox.procore_options.permitted_projects = frozenset({str(OLD_JOB)})
        params = {"company_id": COMPANY, "filters[by_status]": "All"}

        assert ids(ask.get("/rest/v1.1/projects", params=params)) == [OLD_JOB]
        assert ask.get("/rest/v1.0/prime_contracts", params={"project_id": JOB}).status_code == 403


def test_inactive_people_have_an_address_of_their_own() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        sandbox.edit("procore", "vendors", 7, {"is_active": False})

        listed = ids(ask.get("/rest/v1.0/vendors", params={"company_id": COMPANY, "per_page": 300}))
        assert 7 not in listed
        assert ids(ask.get(f"/rest/v1.0/companies/{COMPANY}/vendors/inactive")) == [7]


def test_timecards_without_dates_look_nearly_empty(ask: httpx.Client) -> None:
    company = f"/rest/v1.0/companies/{COMPANY}/timecard_entries"
    span = {"start_date": "2026-10-01", "end_date": "2026-11-19"}

    assert ids(ask.get(company)) == [1, 2]
    assert ids(ask.get(f"/rest/v1.0/projects/{JOB}/timecard_entries")) == [1]
    assert ids(ask.get("/rest/v1.0/timecard_entries", params={"project_id": JOB})) == [1, 2, 3]
    assert ids(ask.get(company, params=span)) == [2, 3, 4]
    assert ids(ask.get(company, params={"filters[updated_at]": "2026-01-01...2026-11-20"})) == [1, 2, 3, 4]


# -- limits


def test_rate_headers_describe_the_nearer_window() -> None:
    limits = Limits(procore=(Window(6, 3600), Window(4, 10)))
    clock = MovableClock()
    with running(limits=limits, clock=clock) as sandbox, procore_client(sandbox) as ask:
        spike = [ask.get("/rest/v1.0/companies") for _ in range(3)][-1]
        clock.forward(seconds=10)
        hourly = [ask.get("/rest/v1.0/companies") for _ in range(2)][-1]

        assert (spike.headers["X-Rate-Limit-Limit"], spike.headers["X-Rate-Limit-Remaining"]) == ("4", "1")
        assert (hourly.headers["X-Rate-Limit-Limit"], hourly.headers["X-Rate-Limit-Remaining"]) == ("6", "1")
        assert int(hourly.headers["X-Rate-Limit-Reset"]) - int(clock().timestamp()) == 3590


@pytest.mark.parametrize("says", [True, False])
def test_a_call_over_the_limit_is_429_until_the_reset(says: bool) -> None:
    clock = MovableClock()
    limits = Limits(procore=(Window(100, 3600), Window(2, 10)), procore_says_retry_after=says)
    with running(limits=limits, clock=clock) as sandbox, procore_client(sandbox) as ask:
        failed_calls_count = [ask.get("/rest/v9.9/nothing").status_code for _ in range(2)]
        refused = ask.get("/rest/v1.0/companies")
        clock.forward(seconds=10)

        assert failed_calls_count == [404, 404]
        assert (refused.status_code, refused.headers.get("Retry-After")) == (429, "10" if says else None)
        assert ask.get("/rest/v1.0/companies").status_code == 200


# -- what happens at the vendor


def test_an_edit_moves_updated_at_of_the_record_and_of_its_parent() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        today = {"project_id": JOB, "filters[updated_at]": "2026-11-20...2026-11-20"}
        listed = "/rest/v1.0/work_order_contracts"
        assert ids(ask.get(listed, params=today)) == []

        sandbox.edit("procore", "work_order_contract_line_items", 61, {"amount": "150.0"}, touch_parent=False)
        assert ids(ask.get(listed, params=today)) == []
        sandbox.edit("procore", "work_order_contract_line_items", 61, {"amount": "175.0"})

        assert ids(ask.get(listed, params=today)) == [5150]
        line = ask.get(f"{listed}/5150/line_items", params={"project_id": JOB}).json()[0]
        assert (line["amount"], line["updated_at"]) == ("175.0", "2026-11-20T15:00:00Z")


def test_deleted_commitments_show_on_request_and_other_deletions_do_not() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        sandbox.delete("procore", "work_order_contracts", 5150)
        sandbox.delete("procore", "requisitions", 7000)
        listed = "/rest/v1.0/work_order_contracts"

        assert ids(ask.get(listed, params={"project_id": JOB})) == []
        gone = ask.get(listed, params={"project_id": JOB, "filters[include_deleted]": "only"}).json()
        assert [(c["id"], c["deleted_at"]) for c in gone] == [(5150, "2026-11-20T15:00:00Z")]
        assert ask.get("/rest/v1.1/requisitions/7000", params={"project_id": JOB}).status_code == 404


def test_deleted_timecards_are_found_by_deleted_at() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        sandbox.delete("procore", "timecard_entries", 4)
        address = f"/rest/v1.0/companies/{COMPANY}/timecard_entries"

        assert ids(ask.get(address, params={"filters[deleted_at]": "2026-11-20...2026-11-20"})) == [4]
        assert ids(ask.get(address, params={"start_date": "2026-10-01", "end_date": "2026-10-01"})) == []


def test_a_created_record_gets_an_id_and_stamps() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        made = sandbox.create("procore", "prime_contracts", {"_project_id": JOB, "number": "PC-3"})

        found = ask.get(f"/rest/v1.0/prime_contract/{made['id']}", params={"project_id": JOB}).json()
        assert found == {
            "created_at": found["updated_at"],
            "updated_at": "2026-11-20T15:00:00Z",
            "number": "PC-3",
            "id": 342,
        }


def test_unbudgeted_rows_can_be_edited_by_project_and_code() -> None:
    with running() as sandbox, procore_client(sandbox) as ask:
        sandbox.edit("procore", "budget_rows", f"{JOB}/78", {"original_budget_amount": "5.0"})

        params = {"project_id": JOB, "budget_row_type": "all"}
        rows = ask.get("/rest/v1.0/budget_views/31/detail_rows", params=params).json()
        assert [row["original_budget_amount"] for row in rows] == ["50000.0", "5.0"]


def test_the_callers_records_stay_as_they_were() -> None:
    from tests.local.sandbox_kit import procore

    mine = procore()
    with running(procore=mine) as sandbox:
        sandbox.edit("procore", "projects", JOB, {"name": "Renamed"})
        sandbox.delete("procore", "vendors", 1)

    assert mine == procore()
