"""What breaks real connectors can be made to happen here, once, often, or to one record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local.sandbox import faults
from local.sandbox.sandbox import REALM, Sandbox
from tests.local.sandbox_kit import (
    COMPANY,
    JOB,
    gusto_client,
    gusto_token,
    intuit_token,
    procore_client,
    quickbooks_client,
    running,
)

VENDORS = f"/rest/v1.0/vendors?company_id={COMPANY}"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


def test_a_fault_strikes_as_often_as_it_says_and_then_lets_go(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask:
        sandbox.faults.add(faults.unavailable("procore", "*/vendors", retry_after=3).limited(times=2, skip=1))

        replies = [ask.get(VENDORS) for _ in range(4)]

        assert [reply.status_code for reply in replies] == [200, 503, 503, 200]
        assert replies[1].headers["Retry-After"] == "3"
        assert sandbox.faults.struck == 2


def test_faults_meet_only_their_own_vendor_path_and_query(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask:
        sandbox.faults.add(faults.not_found("procore", "*/vendors").limited(query="*page=2*"))

        assert ask.get(VENDORS).status_code == 200
        assert ask.get("/rest/v1.0/companies").status_code == 200
        assert ask.get(f"{VENDORS}&page=2").status_code == 404


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.revoked_token("procore"), 401),
        (faults.no_permission("procore", "*"), 403),
        (faults.rate_limited("procore"), 429),
        (faults.unavailable("procore", code=500), 500),
        (faults.unavailable("procore", code=504), 504),
    ],
)
def test_refusals_keep_the_vendors_headers(sandbox: Sandbox, fault: faults.Fault, status: int) -> None:
    with procore_client(sandbox) as ask, sandbox.faults.during(fault):
        reply = ask.get(VENDORS)

        assert reply.status_code == status
        assert "X-Rate-Limit-Remaining" in reply.headers
        assert "Retry-After" not in reply.headers


def test_a_fault_may_come_inside_http_200_and_in_lower_case(sandbox: Sandbox) -> None:
    with quickbooks_client(sandbox) as ask:
        sandbox.faults.add(faults.quickbooks_fault("*/cdc", "10000", lower_case=True))
        sandbox.faults.add(faults.subscription_ended("*/query"))
        sandbox.faults.add(faults.wrong_environment("*/preferences"))

        inside = ask.get("/cdc")
        ended = ask.get("/query")

        assert (inside.status_code, inside.json()["fault"]["error"][0]["code"]) == (200, "10000")
        assert (ended.status_code, ended.json()["Fault"]["Error"][0]["code"]) == (403, "6190")
        assert ask.get("/preferences").json()["Fault"]["Error"][0]["code"] == "3100"


def test_connections_drop_before_or_in_the_middle_of_an_answer(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask:
        for fault in (faults.dropped_connection("procore"), faults.cut_short("procore")):
            sandbox.faults.add(fault)
            with pytest.raises(httpx.RemoteProtocolError):
                ask.get(VENDORS)

        assert ask.get(VENDORS).status_code == 200
        assert [r.status for r in sandbox.requests if r.vendor == "procore"] == [0, 200, 200]


def test_truncated_json_arrives_as_if_it_were_whole(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask:
        sandbox.faults.add(faults.truncated_json("procore"))

        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            ask.get(VENDORS).json()


def test_a_slow_answer_meets_the_callers_timeout(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask:
        sandbox.faults.add(faults.slow("procore", seconds=0.3))

        with pytest.raises(httpx.ReadTimeout):
            ask.get(VENDORS, timeout=0.05)


def test_a_page_can_lie_about_its_total(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask, quickbooks_client(sandbox) as books:
        sandbox.faults.add(faults.lying_total("procore", "*/vendors", by=3))
        sandbox.faults.add(faults.lying_total("quickbooks", "*/query", by=1))

        assert ask.get(VENDORS).headers["Total"] == "253"
        reply = books.get("/query", params={"query": "select * from Bill"}).json()["QueryResponse"]
        assert (reply["totalCount"], reply["maxResults"]) == (4, 3)


def test_one_record_loses_a_field_or_has_it_retyped_everywhere_it_appears(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask, quickbooks_client(sandbox) as books, gusto_client(sandbox) as pay:
        sandbox.faults.add(
            faults.without_field("procore", "*/work_order_contracts*", 5150, "number"),
            faults.with_field("quickbooks", "*", "25", "VendorRef.value", ["30"]),
            faults.with_field("gusto", "*/payrolls/p-2", "e-3", "gross_pay", None),
        )

        contract = ask.get("/rest/v1.0/work_order_contracts", params={"project_id": JOB}).json()[0]
        bills = books.get("/query", params={"query": "select * from Bill"}).json()["QueryResponse"]["Bill"]
        people = pay.get("/v1/companies/c-1/payrolls/p-2").json()["employee_compensations"]
        assert "number" not in contract
        assert [bill["VendorRef"]["value"] for bill in bills] == [["30"], "30", "30"]
        assert books.get("/bill/25").json()["Bill"]["VendorRef"]["value"] == ["30"]
        assert [p["employee_uuid"] for p in people if p["gross_pay"] is None] == ["e-3"]


def test_a_lost_token_answer_has_rotated_the_token_all_the_same(sandbox: Sandbox) -> None:
    account = sandbox.credentials["procore"]
    form = {"grant_type": "refresh_token", **{k: account[k] for k in ("client_id", "client_secret", "refresh_token")}}
    address = f"{sandbox.urls['procore_login']}/oauth/token"
    sandbox.faults.add(faults.lost_answer("procore_login", "/oauth/token"))

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(address, data=form)

    assert httpx.post(address, data=form).json()["error"] == "invalid_grant"


def test_an_unreachable_vendor_refuses_even_open_connections(sandbox: Sandbox) -> None:
    with gusto_client(sandbox) as pay, procore_client(sandbox) as ask:
        assert pay.get("/v1/token_info").status_code == 200
        address = sandbox.urls["gusto"]

        sandbox.take_down("gusto")
        with pytest.raises(httpx.TransportError):
            pay.get("/v1/token_info")
        assert ask.get(VENDORS).status_code == 200
        sandbox.bring_back("gusto")

        assert sandbox.urls["gusto"] == address
        assert pay.get("/v1/token_info").status_code == 200


def test_a_revoked_connection_needs_a_person(sandbox: Sandbox) -> None:
    sandbox.revoke("quickbooks")
    sandbox.revoke("gusto")

    assert intuit_token(sandbox, sandbox.credentials["quickbooks"]["refresh_token"]).status_code == 400
    assert gusto_token(sandbox, sandbox.credentials["gusto"]["refresh_token"]).status_code == 400
    account = sandbox.credentials["quickbooks"]
    again = httpx.post(
        f"{sandbox.urls['quickbooks_token']}/oauth2/v1/tokens/bearer",
        auth=(account["client_id"], account["client_secret"]),
        data={"grant_type": "authorization_code", "code": sandbox.reconnect("quickbooks")},
    ).json()
    assert intuit_token(sandbox, again["refresh_token"]).status_code == 200


def test_the_log_knows_vendor_path_status_and_simulated_time(sandbox: Sandbox) -> None:
    with procore_client(sandbox) as ask:
        ask.get("/rest/v1.0/nothing?a=1")

    seen = sandbox.requests[-1]
    assert (seen.vendor, seen.method, seen.path, seen.query, seen.status) == (
        "procore",
        "GET",
        "/rest/v1.0/nothing",
        "a=1",
        404,
    )
    assert seen.when == sandbox.clock()


def test_the_same_seed_gives_the_same_credentials() -> None:
    with running(seed=3) as one, running(seed=3) as same, running(seed=4) as other:
        assert one.credentials == same.credentials
        assert one.credentials["procore"] != other.credentials["procore"]
        assert set(one.credentials) == {"procore", "quickbooks", f"quickbooks:{REALM}", "gusto"}


def test_payroll_files_are_dropped_below_a_folder(tmp_path: Path) -> None:
    with running(files={"payroll_file/PR-1/pay_lines.csv": "a,b\r\n1,2\r\n"}) as sandbox:
        written = sandbox.write_files(tmp_path)

    assert written == [tmp_path / "payroll_file/PR-1/pay_lines.csv"]
    assert written[0].read_bytes() == b"a,b\r\n1,2\r\n"
