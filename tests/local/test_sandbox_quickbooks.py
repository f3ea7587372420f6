"""The sandbox's QuickBooks answers queries, change feeds and reports with the documented gaps and traps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.sandbox.sandbox import REALM, RECORDED_REALM, Sandbox, recorded_company
from local.sandbox.servers.limits import Limits, Window
from tests.local.sandbox_kit import MovableClock, intuit_token, quickbooks, quickbooks_client, running

RECORDED = Path(__file__).parents[3] / "shared" / "fixtures" / "quickbooks_online_recorded"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One that tests only read from."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def ask(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with quickbooks_client(sandbox) as client:
        yield client


def select(ask: httpx.Client, statement: str) -> dict[str, Any]:
    reply = ask.get("/query", params={"query": statement, "minorversion": "75"})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()["QueryResponse"]
    return found


def ids(ask: httpx.Client, statement: str) -> list[str]:
    entity = statement.split()[3]
    return [record["Id"] for record in select(ask, statement).get(entity, [])]


def fault(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["Fault"]["Error"][0]["code"]


# -- tokens


def test_the_refresh_value_changes_about_daily_and_the_old_one_dies() -> None:
    clock = MovableClock()
    with running(clock=clock) as sandbox:
        first = sandbox.credentials["quickbooks"]["refresh_token"]
        same = intuit_token(sandbox, first).json()
        clock.forward(hours=25)
        changed = intuit_token(sandbox, first).json()
        superseded = intuit_token(sandbox, first)

        assert (same["refresh_token"], same["expires_in"]) == (first, 3600)
        assert changed["refresh_token"] != first
        assert changed["x_refresh_token_expires_in"] == 8_640_000
        assert (superseded.status_code, superseded.json()) == (400, {"error": "invalid_grant"})


def test_rotation_can_be_asked_for_on_every_call() -> None:
    with running(quickbooks_rotation=timedelta(0)) as sandbox:
        first = sandbox.credentials["quickbooks"]["refresh_token"]

        assert intuit_token(sandbox, first).json()["refresh_token"] != first
        assert intuit_token(sandbox, first).status_code == 400


def test_the_hard_expiry_is_told_only_to_those_who_ask(sandbox: Sandbox) -> None:
    token = sandbox.credentials["quickbooks"]["refresh_token"]
    asked = intuit_token(sandbox, token, **{"x-include-refresh-token-hard-expires-in": "true"}).json()

    assert "x_refresh_token_hard_expires_in" in asked
    assert "x_refresh_token_hard_expires_in" not in intuit_token(sandbox, token).json()


def test_client_credentials_travel_by_http_basic(sandbox: Sandbox) -> None:
    form = {"grant_type": "refresh_token", **sandbox.credentials["quickbooks"]}

    assert httpx.post(f"{sandbox.urls['quickbooks_token']}/oauth2/v1/tokens/bearer", data=form).status_code == 401


def test_the_consent_page_hands_over_code_and_realm(sandbox: Sandbox) -> None:
    params = {
        "client_id": sandbox.credentials["quickbooks"]["client_id"],
        "redirect_uri": "http://127.0.0.1/back",
        "state": "s1",
    }

    landed = httpx.get(f"{sandbox.urls['quickbooks_token']}/connect/oauth2", params=params).headers["Location"]

    assert httpx.URL(landed).params["realmId"] == REALM
    assert httpx.URL(landed).params["state"] == "s1"


def test_a_token_of_another_company_is_3100() -> None:
    with running(quickbooks={REALM: quickbooks(), "77": quickbooks()}) as sandbox, quickbooks_client(sandbox) as ask:
        other = f"{sandbox.urls['quickbooks']}/v3/company/77/companyinfo/77"

        assert fault(ask.get(other)) == (403, "3100")


def test_an_expired_token_is_3200_in_lower_case() -> None:
    clock = MovableClock()
    with running(clock=clock) as sandbox, quickbooks_client(sandbox) as ask:
        clock.forward(hours=1)
        reply = ask.get("/preferences")

        assert (reply.status_code, reply.json()["fault"]["error"][0]["code"]) == (401, "3200")


# -- queries


def test_lists_show_active_rows_only_unless_asked(ask: httpx.Client) -> None:
    assert ids(ask, "select * from Customer") == ["58"]
    assert ids(ask, "select * from Customer where Active in (true, false)") == ["58", "59"]


def test_no_rows_is_an_empty_object(ask: httpx.Client) -> None:
    assert select(ask, "select * from Purchase") == {}
    assert select(ask, "select * from Bill startposition 4") == {}


def test_max_results_is_what_came_and_total_count_only_for_some(ask: httpx.Client) -> None:
    bills = select(ask, "SELECT * FROM Bill STARTPOSITION 2 MAXRESULTS 1000")
    customers = select(ask, "SELECT * FROM Customer")

    assert (bills["startPosition"], bills["maxResults"], bills["totalCount"]) == (2, 2, 3)
    assert "totalCount" not in customers
    assert select(ask, "select count(*) from Customer") == {"totalCount": 1}


def test_pages_are_100_rows_unless_asked_and_1000_at_most() -> None:
    vendors = [{"Id": str(n), "DisplayName": f"V{n}", "Active": True} for n in range(1500)]
    with running(quickbooks={REALM: {"Vendor": vendors}}) as sandbox, quickbooks_client(sandbox) as ask:
        assert select(ask, "select * from Vendor")["maxResults"] == 100
        assert select(ask, "select * from Vendor maxresults 5000")["maxResults"] == 1000


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("TotalAmt > '399'", ["25", "26"]),
        ("TxnDate >= '2026-01-01' AND TxnDate <= '2026-10-31'", ["25"]),
        ("Id IN ('25', '27')", ["25", "27"]),
        ("Id > '9'", ["25", "26", "27"]),
        ("VendorRef = '30' ORDERBY TxnDate DESC", ["27", "25", "26"]),
        ("MetaData.LastUpdatedTime >= '2026-11-01T16:00:00Z' ORDER BY MetaData.LastUpdatedTime", ["25", "26", "27"]),
        ("MetaData.LastUpdatedTime > '2026-11-01T16:00:00Z'", []),
    ],
)
def test_where_compares_numbers_dates_and_moments(ask: httpx.Client, where: str, found: list[str]) -> None:
    assert ids(ask, f"select * from Bill where {where}") == found


def test_like_and_escaped_apostrophes(ask: httpx.Client) -> None:
    assert ids(ask, "select * from Vendor where DisplayName = 'O\\'Brien Steel'") == ["30"]
    assert ids(ask, "select * from Vendor where DisplayName like 'O%Steel'") == ["30"]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from bill",
        "select Id from Bill",
        "select * from Bill where Id = '1' OR Id = '2'",
        "select * from Bill where Line.Amount = '5'",
        "select * from Bill where Nonsense = '5'",
        "select * from Bill where Id = unquoted",
        "select * from Bill startposition 0",
    ],
)
def test_what_the_language_lacks_is_refused(ask: httpx.Client, statement: str) -> None:
    status, code = fault(ask.get("/query", params={"query": statement}))

    assert status == 400
    assert code in ("4000", "4001")


def test_a_query_may_be_posted_as_text(ask: httpx.Client, sandbox: Sandbox) -> None:
    reply = ask.post("/query", content="select * from Bill", headers={"Content-Type": "application/text"})

    assert reply.json()["QueryResponse"]["maxResults"] == 3
    assert sandbox.write_attempts == []


def test_every_other_post_is_a_write_attempt() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        assert ask.post("/bill?operation=delete", json={"Id": "25"}).status_code == 400
        assert ask.post("/batch", json={"BatchItemRequest": []}).status_code == 400
        assert len(sandbox.write_attempts) == 2
        assert ids(ask, "select * from Bill") == ["25", "26", "27"]


# -- single records


def test_one_record_by_id_and_610_for_none(ask: httpx.Client) -> None:
    assert ask.get("/bill/25").json()["Bill"]["Id"] == "25"
    assert fault(ask.get("/bill/999")) == (400, "610")
    assert "CompanyName" in ask.get(f"/companyinfo/{REALM}").json()["CompanyInfo"]
    assert ask.get("/preferences").json()["Preferences"]["ReportPrefs"] == {"ReportBasis": "Accrual"}


def test_without_accept_the_answer_is_xml(ask: httpx.Client) -> None:
    reply = ask.get("/bill/25", headers={"Accept": "*/*"})

    assert reply.headers["content-type"].startswith("application/xml")


def test_every_answer_has_a_time_and_an_intuit_tid(ask: httpx.Client) -> None:
    reply = ask.get("/query", params={"query": "select * from Bill"})

    assert reply.json()["time"] == "2026-11-20T07:00:00.000-08:00"
    assert reply.headers["intuit_tid"]


# -- change data capture


def changed(ask: httpx.Client, entities: str, since: str = "2026-11-20T00:00:00-08:00") -> list[dict[str, Any]]:
    reply = ask.get("/cdc", params={"entities": entities, "changedSince": since})
    assert reply.status_code == 200, reply.text
    blocks: list[dict[str, Any]] = reply.json()["CDCResponse"][0]["QueryResponse"]
    return blocks


def test_the_change_feed_has_one_block_per_entity_and_stubs_for_the_deleted() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        assert changed(ask, "Bill,Invoice") == [{}, {}]

        sandbox.edit("quickbooks", "Bill", 25, {"DocNumber": "B-9"})
        sandbox.delete("quickbooks", "Bill", 27)
        bills, invoices = changed(ask, "Bill,Invoice")

        assert [(b["Id"], b.get("SyncToken"), b.get("status")) for b in bills["Bill"]] == [
            ("25", "1", None),
            ("27", None, "Deleted"),
        ]
        assert set(bills["Bill"][1]) == {"status", "Id", "domain", "MetaData"}
        assert invoices == {}
        assert fault(ask.get("/bill/27")) == (400, "610")


def test_the_change_feed_looks_back_thirty_days_and_never_at_time_activities(ask: httpx.Client) -> None:
    old = {"entities": "Bill", "changedSince": "2026-10-01T00:00:00Z"}
    unknown = {"entities": "Bill,TimeActivity", "changedSince": "2026-11-19T00:00:00Z"}

    assert ask.get("/cdc", params=old).status_code == 400
    assert ask.get("/cdc", params=unknown).status_code == 400


def test_the_change_feed_stops_at_1000_objects_without_a_word() -> None:
    meta = {"LastUpdatedTime": "2026-11-20T06:00:00-08:00"}
    rows = [{"Id": str(n), "MetaData": meta} for n in range(700)]
    with running(quickbooks={REALM: {"Vendor": rows, "Customer": rows}}) as sandbox, quickbooks_client(sandbox) as ask:
        blocks = changed(ask, "Vendor,Customer")

        assert [block["maxResults"] for block in blocks] == [700, 300]


# -- what happens at the vendor


def test_a_posted_change_moves_balances_and_stamps_but_not_sync_tokens() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        bill = sandbox.edit("quickbooks", "Bill", 25, {})
        line = {**bill["Line"][0], "Amount": 1100.0}
        sandbox.edit("quickbooks", "Bill", 25, {"TotalAmt": 1100.0, "Line": [line]})

        payable = ask.get("/account/33").json()["Account"]
        vendor = ask.get("/vendor/30").json()["Vendor"]
        assert (payable["CurrentBalance"], payable["SyncToken"]) == (-1600.0, "0")
        assert vendor["MetaData"]["LastUpdatedTime"] == "2026-11-20T07:00:00-08:00"
        assert ask.get("/account/80").json()["Account"]["CurrentBalance"] == 0


def test_a_linked_payment_changes_a_bill_without_moving_its_sync_token() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        sandbox.edit("quickbooks", "Bill", 25, {"Balance": 0}, move_sync_token=False)

        bill = ask.get("/bill/25").json()["Bill"]
        assert (bill["Balance"], bill["SyncToken"]) == (0, "0")
        assert bill["MetaData"]["LastUpdatedTime"] > bill["MetaData"]["CreateTime"]


def test_a_void_stays_with_zero_amounts_and_a_note() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        sandbox.void_quickbooks("Bill", "25")

        bill = ask.get("/bill/25").json()["Bill"]
        assert (bill["TotalAmt"], bill["Line"][0]["Amount"], bill["SyncToken"]) == (0, 0, "1")
        assert bill["PrivateNote"].startswith("Voided")
        assert ask.get("/account/33").json()["Account"]["CurrentBalance"] == -500.0


def test_deleting_a_list_record_only_makes_it_inactive() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        sandbox.delete("quickbooks", "Vendor", 30)

        assert ids(ask, "select * from Vendor") == []
        assert ask.get("/vendor/30").json()["Vendor"]["DisplayName"] == "O'Brien Steel (deleted)"


def test_a_new_transaction_takes_the_next_id_of_all_transactions() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        made = sandbox.create("quickbooks", "Purchase", {"TxnDate": "2026-11-20", "TotalAmt": 0, "Line": []})

        assert made["Id"] == "51"
        assert ids(ask, "select * from Purchase") == ["51"]


# -- reports


def report(ask: httpx.Client, name: str, **params: str) -> dict[str, Any]:
    reply = ask.get(f"/reports/{name}", params=params)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def cells(row: dict[str, Any]) -> list[str]:
    return [cell["value"] for cell in row["ColData"]]


def test_the_trial_balance_balances_and_closes_earlier_years() -> None:
    with running() as sandbox, quickbooks_client(sandbox) as ask:
        found = report(ask, "TrialBalance", start_date="2026-01-01", end_date="2026-11-20")

        rows = {row["ColData"][0]["value"]: cells(row)[1:] for row in found["Rows"]["Row"] if "ColData" in row}
        assert rows["Accounts Payable"] == ["", "1500.00"]
        assert rows["Retained Earnings"] == ["400.00", ""]
        assert rows["Job Materials"] == ["1100.00", ""]
        assert rows["Contract Income"] == ["", "9000.00"]
        assert cells(found["Rows"]["Row"][-1]["Summary"]) == ["TOTAL", "11250.00", "11250.00"]
        assert found["Header"]["ReportBasis"] == "Accrual"


def test_profit_and_loss_by_customer_is_a_control_total_per_job(ask: httpx.Client) -> None:
    found = report(
        ask, "ProfitAndLoss", start_date="2025-01-01", end_date="2026-11-20", summarize_column_by="Customers"
    )

    keys = [column["MetaData"][0]["Value"] for column in found["Columns"]["Column"]]
    groups = {row["group"]: row for row in found["Rows"]["Row"]}
    assert keys == ["account", "58", "59", "not_specified", "total"]
    assert cells(groups["Income"]["Summary"])[1:] == ["9000.00", "", "", "9000.00"]
    assert cells(groups["COGS"]["Summary"])[1:] == ["1750.00", "400.00", "100.00", "2250.00"]
    assert cells(groups["NetIncome"]["Summary"])[1:] == ["7250.00", "-400.00", "650.00", "7500.00"]


def test_the_general_ledger_names_the_account_on_the_section_only(ask: httpx.Client) -> None:
    columns = "tx_date,txn_type,debt_amt,credit_amt"
    found = report(ask, "GeneralLedger", start_date="2026-10-01", end_date="2026-10-31", columns=columns)

    sections = {section["Header"]["ColData"][0]["id"]: section for section in found["Rows"]["Row"]}
    row = sections["80"]["Rows"]["Row"][0]
    assert cells(row) == ["2026-10-31", "Bill", "1000.00", ""]
    assert row["ColData"][1]["id"] == "25"
    assert cells(sections["33"]["Rows"]["Row"][0])[0] == "Beginning Balance"


def test_on_cash_the_unpaid_bills_vanish(ask: httpx.Client) -> None:
    period = {"start_date": "2026-01-01", "end_date": "2026-11-20"}
    found = report(ask, "ProfitAndLoss", accounting_method="Cash", **period)

    assert "Job Materials" not in str(found["Rows"])
    assert found["Header"]["ReportBasis"] == "Cash"


def test_report_dates_come_in_pairs_and_unknown_parameters_are_ignored(ask: httpx.Client) -> None:
    assert ask.get("/reports/TrialBalance", params={"start_date": "2026-01-01"}).status_code == 400
    found = report(ask, "TrialBalance", as_of="2020-01-01")
    assert (found["Header"]["StartPeriod"], found["Header"]["EndPeriod"]) == ("2026-01-01", "2026-11-20")


# -- limits


def test_the_eleventh_call_of_a_second_is_throttled_with_3001() -> None:
    limits = Limits(quickbooks=(Window(500, 60), Window(10, 1)))
    clock = MovableClock()
    with running(limits=limits, clock=clock) as sandbox, quickbooks_client(sandbox) as ask:
        statuses = [ask.get("/preferences").status_code for _ in range(10)]
        assert fault(ask.get("/preferences")) == (429, "3001")
        clock.forward(seconds=1)

        assert set(statuses) == {200}
        assert ask.get("/preferences").status_code == 200


# -- the recorded company


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded company is not beside this repository")
def test_the_recorded_company_is_served_whole_and_its_receivables_tie() -> None:
    recorded = recorded_company(RECORDED)
    companies = {REALM: quickbooks(), RECORDED_REALM: recorded}
    with running(quickbooks=companies) as sandbox, quickbooks_client(sandbox, RECORDED_REALM) as ask:
        for entity, records in recorded.items():
            active = " where Active in (true, false)" if "Active" in records[0] else ""
            assert select(ask, f"select count(*) from {entity}{active}")["totalCount"] == len(records)
        found = report(ask, "TrialBalance", start_date="2000-01-01", end_date="2026-12-31")

        rows = {row["ColData"][0]["value"]: cells(row)[1:] for row in found["Rows"]["Row"] if "ColData" in row}
        assert rows["Accounts Receivable (A/R)"] == ["4681.52", ""]
        assert rows["Mastercard"] == ["", "157.72"]
