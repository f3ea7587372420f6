"""Every processed pay run is read, however old, and each person's part of it once."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from datablueprint.errors import PermissionMissing
from datablueprint.lake.raw import RawLog
from datablueprint.sources import extract
from datablueprint.sources.base import ExtractOutcome
from tests.fakes import World, world

HOME = "/v1/companies/company-7"


class Payroll:
    """One Gusto company: payrolls by period, each with people."""

    def __init__(self) -> None:
        self.room: World = world()
        self.raw = RawLog(self.room.files, "gusto")
        self.employees = [{"uuid": f"e-{n}", "first_name": "Ana"} for n in range(3)]
        self.runs: dict[str, dict[str, Any]] = {}
        vendor = self.room.vendor
        vendor.on(HOME, {"uuid": "company-7", "name": "Acme"})
        vendor.on(f"{HOME}/employees", lambda r: self._page(r, self.employees))
        vendor.on(f"{HOME}/payrolls", self._list)

    def pay(self, key: str, start: str, people: int = 2) -> Payroll:
        self.runs[key] = {
            "payroll_uuid": key,
            "check_date": start,
            "pay_period": {"start_date": start, "end_date": start},
            "totals": {"gross_pay": "100.00"},
            "people": [{"employee_uuid": f"e-{n}", "gross_pay": "50.00"} for n in range(people)],
        }
        self.room.vendor.on(f"{HOME}/payrolls/{key}", self._one)
        return self

    def _list(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        assert (date.fromisoformat(asked["end_date"]) - date.fromisoformat(asked["start_date"])).days <= 365
        assert asked["processing_statuses"] == "processed"
        assert asked["payroll_types"] == "regular,off_cycle,external"
        rows = [r for r in self.runs.values() if asked["start_date"] <= r["check_date"] <= asked["end_date"]]
        return self._page(request, [self._header(row) for row in rows])

    def _one(self, request: httpx.Request) -> httpx.Response:
        assert request.url.params["include"] == "taxes,benefits"
        row = self.runs[request.url.path.split("/")[-1]]
        page, headers = self._slice(request, row["people"])
        return httpx.Response(200, json={**self._header(row), "employee_compensations": page}, headers=headers)

    def _header(self, row: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in row.items() if k != "people"}

    def _page(self, request: httpx.Request, rows: list[Any]) -> httpx.Response:
        page, headers = self._slice(request, rows)
        return httpx.Response(200, json=page, headers=headers)

    def _slice(self, request: httpx.Request, rows: list[Any]) -> tuple[list[Any], dict[str, str]]:
        number, size = int(request.url.params["page"]), min(int(request.url.params["per"]), 100)
        pages = max(1, -(-len(rows) // size))
        headers = {"X-Total-Pages": str(pages), "X-Total-Count": str(len(rows))}
        return rows[(number - 1) * size : number * size], headers

    def read(self, name: str, run_id: str, *, full: bool = False) -> ExtractOutcome:
        return extract.extract("gusto", name, self.room.ports, run_id=run_id, full=full, raw=self.raw)

    def refresh(self, run_id: str, *, full: bool = False) -> dict[str, ExtractOutcome]:
        return {n: self.read(n, run_id, full=full) for n in extract.plan("gusto", self.room.ports, full)}

    def live(self, name: str) -> list[str]:
        return list(self.raw.identities(name))


def paid() -> Payroll:
    payroll = Payroll().pay("p-now", "2026-11-09").pay("p-may", "2026-05-04").pay("p-2024", "2024-03-04")
    payroll.refresh("run-1")
    payroll.room.vendor.requests.clear()
    return payroll


def test_the_first_read_goes_back_year_by_year_until_a_year_without_payroll() -> None:
    payroll = Payroll().pay("p-now", "2026-11-09").pay("p-2025", "2025-06-02").pay("p-2024", "2024-03-04")

    outcome = payroll.refresh("run-1")["payrolls"]

    assert payroll.live("payrolls") == ["p-2024", "p-2025", "p-now"]
    assert outcome.calls == {"lists": 4}


def test_each_person_of_each_run_lands_once_under_the_run() -> None:
    payroll = paid()

    assert list(payroll.raw.identities("employee_compensations", "p-now")) == ["p-now/e-0", "p-now/e-1"]


def test_a_run_with_more_people_than_a_page_is_read_to_the_end() -> None:
    payroll = Payroll().pay("p-now", "2026-11-09", people=205)

    outcome = payroll.refresh("run-1")["employee_compensations"]

    assert len(payroll.live("employee_compensations")) == 205
    assert outcome.calls == {"records": 3}


def test_a_second_refresh_asks_three_times_and_lands_nothing() -> None:
    payroll = paid()
    files = dict(payroll.room.files.content)

    outcomes = payroll.refresh("run-2")

    assert {n: o.calls for n, o in outcomes.items()} == {
        "companies": {"records": 1},
        "employees": {"lists": 1},
        "payrolls": {"lists": 1},
        "employee_compensations": {},
    }
    assert payroll.room.files.content == files


def test_people_are_read_again_when_the_header_of_their_run_changed() -> None:
    payroll = paid()
    payroll.runs["p-now"]["totals"] = {"gross_pay": "120.00"}
    payroll.runs["p-now"]["people"][0]["gross_pay"] = "70.00"

    outcomes = payroll.refresh("run-2")

    assert outcomes["payrolls"].changed == 1
    assert outcomes["employee_compensations"].calls == {"records": 1}
    assert outcomes["employee_compensations"].changed == 1


def test_a_recent_run_that_was_cancelled_is_gone_with_its_people() -> None:
    payroll = paid()
    del payroll.runs["p-now"]

    payroll.refresh("run-2")

    assert payroll.live("payrolls") == ["p-2024", "p-may"]
    assert not [key for key in payroll.live("employee_compensations") if key.startswith("p-now")]


def test_old_runs_outside_the_window_are_not_taken_as_cancelled() -> None:
    payroll = paid()

    payroll.refresh("run-2")

    assert payroll.live("payrolls") == ["p-2024", "p-may", "p-now"]


def test_a_missing_scope_names_what_it_was_needed_for() -> None:
    payroll = Payroll()
    body = {"errors": [{"category": "missing_oauth_scopes", "message": "Missing: payrolls:read"}]}
    payroll.room.vendor.on(f"{HOME}/payrolls", lambda _: httpx.Response(403, json=body))

    with pytest.raises(PermissionMissing, match=r"Gusto: .*Missing: payrolls:read\) \(payrolls"):
        payroll.read("payrolls", "run-1")
