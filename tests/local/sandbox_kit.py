"""Small hand-made collections and ready-made clients for the tests of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from local.sandbox.sandbox import REALM, Sandbox
from local.sandbox.servers.limits import Limits

TODAY = date(2026, 11, 20)
COMPANY = "4210001"
JOB, OLD_JOB = 90001, 90002


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def procore() -> dict[str, list[dict[str, Any]]]:
    """One active job with a private subcontract, one finished job."""
    stamps = {"created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-03-01T08:00:00Z"}
    inside = {"_project_id": JOB, **stamps}
    return {
        "projects": [
            {"id": JOB, "name": "Harbor Clinic", "active": True, **stamps},
            {"id": OLD_JOB, "name": "Mill Lofts", "active": False, **stamps, "updated_at": "2026-11-19T08:00:00Z"},
        ],
        "vendors": [{"id": n, "name": f"Vendor {n}", **stamps} for n in range(1, 251)],
        "budget_views": [{"id": 31, "name": "Standard"}],
        "budget_rows": [
            {"id": 9001, "wbs_code_id": 77, "original_budget_amount": "50000.0", "_budgeted": True, **inside},
            {"id": None, "wbs_code_id": 78, "original_budget_amount": "0.0", "_budgeted": False, **inside},
        ],
        "budget_line_items": [{"id": 9001, "original_budget_amount": 50000.0, "committed_costs": 1, **inside}],
        "prime_contracts": [
            {"id": 340, "number": "PC-1", "grand_total": "1000000.0", "revised_contract_amount": "1045000.0", **inside},
            {"id": 341, "number": "PC-2", "grand_total": "5000.0", **inside},
        ],
        "work_order_contracts": [
            {"id": 5150, "number": "SC-1", "private": False, "deleted_at": None, **inside},
            {"id": 5151, "number": "SC-2", "private": True, "_private": True, "deleted_at": None, **inside},
        ],
        "work_order_contract_line_items": [
            {"id": 61, "_contract_id": 5150, "amount": "100.0", "_parent_id": 5150, **inside},
            {"id": 62, "_contract_id": 5151, "amount": "200.0", "_parent_id": 5151, **inside},
        ],
        "requisitions": [
            {"id": 7000 + n, "commitment_id": 5151 if n == 40 else 5150, "number": n, **inside} for n in range(41)
        ],
        "change_order_requests": [{"id": 1, "contract_id": 340, **inside}, {"id": 2, "contract_id": 341, **inside}],
        "prime_change_orders": [{"id": 8000 + n, "contract_id": 340, **inside} for n in range(120)],
        "timecard_entries": [
            {"id": 1, "date": "2026-11-20", "hours": "8.0", "project": {"id": JOB}, "deleted_at": None, **stamps},
            {"id": 2, "date": "2026-11-16", "hours": "8.0", "project": {"id": JOB}, "deleted_at": None, **stamps},
            {"id": 3, "date": "2026-11-13", "hours": "8.0", "project": {"id": JOB}, "deleted_at": None, **stamps},
            {"id": 4, "date": "2026-10-01", "hours": "8.0", "project": {"id": JOB}, "deleted_at": None, **stamps},
        ],
    }


def _meta(updated: str = "2026-11-01T09:00:00-07:00") -> dict[str, Any]:
    times = {"CreateTime": "2026-10-01T09:00:00-07:00", "LastUpdatedTime": updated}
    return {"SyncToken": "0", "domain": "QBO", "sparse": False, "MetaData": times}


def _account(key: str, name: str, kind: str, group: str, balance: float = 0, sub: str = "") -> dict[str, Any]:
    return {
        "Id": key,
        "Name": name,
        "FullyQualifiedName": name,
        "AccountType": kind,
        "AccountSubType": sub,
        "Classification": group,
        "CurrentBalance": balance,
        "Active": True,
        **_meta(),
    }


def _line(amount: float, account: str, customer: str = "") -> dict[str, Any]:
    detail: dict[str, Any] = {"AccountRef": {"value": account}}
    if customer:
        detail["CustomerRef"] = {"value": customer}
    kind = "AccountBasedExpenseLineDetail"
    return {"Id": "1", "Amount": amount, "DetailType": kind, kind: detail}


def quickbooks() -> dict[str, list[dict[str, Any]]]:
    """Five accounts, two jobs, three bills of which one is mostly retained, an invoice and a journal."""
    journal = "JournalEntryLineDetail"
    entity = {"Type": "Customer", "EntityRef": {"value": "58"}}
    return {
        "Account": [
            _account("33", "Accounts Payable", "Accounts Payable", "Liability", -1500.0),
            _account("84", "Accounts Receivable", "Accounts Receivable", "Asset", 9000.0),
            _account("80", "Job Materials", "Cost of Goods Sold", "Expense"),
            _account("81", "Equipment Charges", "Cost of Goods Sold", "Expense"),
            _account("82", "Equipment Pool", "Expense", "Expense"),
            _account("1", "Contract Income", "Income", "Revenue"),
            _account("2", "Retained Earnings", "Equity", "Equity", 0, "RetainedEarnings"),
        ],
        "Customer": [
            {"Id": "58", "DisplayName": "Harbor Clinic", "Active": True, **_meta()},
            {"Id": "59", "DisplayName": "Mill Lofts (deleted)", "Active": False, **_meta()},
        ],
        "Vendor": [{"Id": "30", "DisplayName": "O'Brien Steel", "Active": True, **_meta()}],
        "Item": [
            {"Id": "12", "Name": "24-017-03-300.M", "IncomeAccountRef": {"value": "1"}, "Active": True, **_meta()}
        ],
        "Bill": [
            _bill("25", 1000.0, "2026-10-31", "58"),
            _bill("26", 400.0, "2025-12-15", "59"),
            _bill("27", 100.0, "2026-11-02"),
        ],
        "Invoice": [
            {
                "Id": "40",
                "TxnDate": "2026-11-03",
                "CustomerRef": {"value": "58"},
                "TotalAmt": 9000.0,
                "Line": [
                    {
                        "Id": "1",
                        "Amount": 9000.0,
                        "DetailType": "SalesItemLineDetail",
                        "SalesItemLineDetail": {"ItemRef": {"value": "12"}},
                    },
                    {"Amount": 9000.0, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
                ],
                **_meta(),
            }
        ],
        "JournalEntry": [
            {
                "Id": "50",
                "TxnDate": "2026-11-05",
                "TotalAmt": 0,
                "Line": [
                    {
                        "Id": "0",
                        "Amount": 750.0,
                        "DetailType": journal,
                        journal: {"PostingType": "Debit", "AccountRef": {"value": "81"}, "Entity": entity},
                    },
                    {
                        "Id": "1",
                        "Amount": 750.0,
                        "DetailType": journal,
                        journal: {"PostingType": "Credit", "AccountRef": {"value": "82"}},
                    },
                ],
                **_meta(),
            }
        ],
        "Purchase": [],
        "TimeActivity": [{"Id": "1", "TxnDate": "2026-11-01", "Hours": 8, **_meta()}],
    }


def _bill(key: str, amount: float, day: str, customer: str = "") -> dict[str, Any]:
    return {
        "Id": key,
        "TxnDate": day,
        "VendorRef": {"value": "30"},
        "APAccountRef": {"value": "33"},
        "TotalAmt": amount,
        "Balance": amount,
        "Line": [_line(amount, "80", customer)],
        **_meta(),
    }


def gusto() -> dict[str, Any]:
    """Sixty employees, three regular runs (one older than half a year), a bonus run and an open one."""
    people = [{"uuid": f"e-{n}", "first_name": f"P{n}", "jobs": [{"rate": "30.00"}]} for n in range(60)]
    return {
        "company": {"uuid": "c-1", "name": "Sandbox Builders"},
        "employees": people,
        "payrolls": [
            _payroll("p-1", "2026-03-02", "2026-03-08"),
            _payroll("p-2", "2026-11-02", "2026-11-08"),
            _payroll("p-3", "2026-11-09", "2026-11-15"),
            _payroll("p-4", "2026-11-08", "2026-11-08", off_cycle=True),
            _payroll("p-5", "2026-11-16", "2026-11-22", processed=False),
        ],
    }


def _payroll(key: str, start: str, end: str, *, processed: bool = True, off_cycle: bool = False) -> dict[str, Any]:
    person = {
        "gross_pay": "1200.00",
        "hourly_compensations": [{"name": "Regular Hours", "hours": "40.000", "amount": "1200.00"}],
        "taxes": [{"name": "Social Security", "employer": True, "amount": 74.4}],
        "benefits": [{"name": "Health", "company_contribution": 120.0}],
    }
    return {
        "payroll_uuid": key,
        "uuid": key,
        "processed": processed,
        "off_cycle": off_cycle,
        "external": False,
        "check_date": end,
        "pay_period": {"start_date": start, "end_date": end},
        "totals": {"gross_pay": "72000.00"},
        "employee_compensations": [{"employee_uuid": f"e-{n}", **person} for n in range(60)],
    }


@contextmanager
def running(**options: Any) -> Iterator[Sandbox]:
    """A sandbox over the collections above, with quotas that only tests of quotas meet."""
    given: dict[str, Any] = {
        "procore": procore(),
        "quickbooks": {REALM: quickbooks()},
        "gusto": gusto(),
        "today": TODAY,
        "clock": MovableClock(),
        "limits": Limits.relaxed(),
    }
    with Sandbox(**(given | options)) as sandbox:
        yield sandbox


def procore_client(sandbox: Sandbox) -> httpx.Client:
    """A client with a service account's token and the company header."""
    account = sandbox.credentials["procore"]
    form = {"grant_type": "client_credentials", **{k: account[k] for k in ("client_id", "client_secret")}}
    token = httpx.post(f"{sandbox.urls['procore_login']}/oauth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Procore-Company-Id": COMPANY}
    return httpx.Client(base_url=sandbox.urls["procore"], headers=headers)


def intuit_token(sandbox: Sandbox, refresh_token: str, **headers: str) -> httpx.Response:
    account = sandbox.credentials["quickbooks"]
    return httpx.post(
        f"{sandbox.urls['quickbooks_token']}/oauth2/v1/tokens/bearer",
        auth=(account["client_id"], account["client_secret"]),
        data={"grant_type": "refresh_token", "refresh_token": refresh_token},
        headers=headers,
    )


def quickbooks_client(sandbox: Sandbox, realm: str = REALM) -> httpx.Client:
    token = intuit_token(sandbox, sandbox.credentials[f"quickbooks:{realm}"]["refresh_token"]).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    return httpx.Client(base_url=f"{sandbox.urls['quickbooks']}/v3/company/{realm}", headers=headers)


def gusto_token(sandbox: Sandbox, refresh_token: str) -> httpx.Response:
    account = sandbox.credentials["gusto"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    secrets = {k: account[k] for k in ("client_id", "client_secret")}
    return httpx.post(f"{sandbox.urls['gusto']}/oauth/token", data=form | secrets)


def gusto_client(sandbox: Sandbox) -> httpx.Client:
    token = gusto_token(sandbox, sandbox.credentials["gusto"]["refresh_token"]).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "X-Gusto-API-Version": "2026-06-15"}
    return httpx.Client(base_url=sandbox.urls["gusto"], headers=headers)
