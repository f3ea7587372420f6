"""A QuickBooks company in a dictionary: pages, counts, a change feed that cuts at its limit, and one report."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import httpx

from datablueprint.lake.raw import RawLog
from datablueprint.sources import extract
from datablueprint.sources.base import ExtractOutcome
from datablueprint.sources.quickbooks_changes import ENTITIES
from tests.fakes import World, world

Row = dict[str, Any]
HOME = "/v3/company/91303500"


class Books:
    """Rows by entity; every edit stamps LastUpdatedTime with the company's clock."""

    def __init__(self, room: World | None = None) -> None:
        self.room = room or world()
        self.rows: dict[str, list[Row]] = {name: [] for name in (*ENTITIES, "TimeActivity")}
        self.stubs: dict[str, list[Row]] = {}
        self.feed_most = 1000
        self.balance = "100.00"
        self.before_page: Any = lambda entity, start: None
        self.counts: dict[str, int] = {}
        self.fault_in_feed: str | None = None
        self.raw = RawLog(self.room.files, "quickbooks_online")
        vendor = self.room.vendor
        vendor.on(f"{HOME}/query", self._query).on(f"{HOME}/cdc", self._feed)
        vendor.on(f"{HOME}/reports/TrialBalance", self._trial_balance)

    # -- the vendor

    def time(self) -> str:
        return self.room.clock.now().astimezone().isoformat(timespec="milliseconds")

    def _query(self, request: httpx.Request) -> httpx.Response:
        statement = request.url.params["query"]
        found = re.fullmatch(
            r"SELECT (\*|count\(\*\)) FROM (\w+)(?: WHERE (.*?))?(?: ORDERBY ([\w.]+))?"
            r"(?: STARTPOSITION (\d+) MAXRESULTS (\d+))?",
            statement,
        )
        assert found, statement
        what, entity, where, _, start, most = found.groups()
        self.before_page(entity, int(start or 1))
        rows = self.rows[entity]
        if not (where and "Active IN (true, false)" in where):
            rows = [r for r in rows if r.get("Active", True)]
        if where and (since := re.search(r"LastUpdatedTime >= '([^']+)'", where)):
            rows = [r for r in rows if moment(r) >= datetime.fromisoformat(since[1])]
        if what != "*":
            return self._json({"QueryResponse": {"totalCount": self.counts.get(entity, len(rows))}})
        page = rows[int(start) - 1 : int(start) - 1 + int(most)]
        return self._json({"QueryResponse": block(entity, page)})

    def _feed(self, request: httpx.Request) -> httpx.Response:
        since = datetime.fromisoformat(request.url.params["changedSince"])
        assert self.room.clock.now() - since <= timedelta(days=30), "the feed does not reach back that far"
        left = self.feed_most
        blocks: list[Row] = []
        for entity in request.url.params["entities"].split(","):
            if entity == self.fault_in_feed:
                blocks.append({"Fault": {"Error": [{"Message": "x", "code": "10000"}], "type": "SystemFault"}})
                continue
            changed = [r for r in (*self.rows[entity], *self.stubs.get(entity, [])) if moment(r) >= since][:left]
            left -= len(changed)
            blocks.append(block(entity, changed))
        return self._json({"CDCResponse": [{"QueryResponse": blocks}]})

    def _trial_balance(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        header = {
            "Time": self.time(),
            "ReportName": "TrialBalance",
            "ReportBasis": asked["accounting_method"],
            "StartPeriod": asked["start_date"],
            "EndPeriod": asked["end_date"],
        }
        row = {"ColData": [{"value": "Checking", "id": "35"}, {"value": self.balance}, {"value": ""}]}
        return httpx.Response(200, json={"Header": header, "Columns": {}, "Rows": {"Row": [row]}})

    def _json(self, body: Row) -> httpx.Response:
        return httpx.Response(200, json={**body, "time": self.time()}, headers={"intuit_tid": "1-abc"})

    def _read_one(self, request: httpx.Request) -> httpx.Response:
        *_, name, key = request.url.path.split("/")
        entity = next(e for e in self.rows if e.lower() == name)
        for row in self.rows[entity]:
            if row["Id"] == key:
                return self._json({entity: row})
        fault = {"Error": [{"Message": "Object Not Found", "code": "610"}], "type": "ValidationFault"}
        return httpx.Response(400, json={"Fault": fault, "time": self.time()})

    # -- what tests do

    def add(self, entity: str, *keys: str, **fields: Any) -> Books:
        for key in keys:
            self.rows[entity].append({"Id": key, "MetaData": {"LastUpdatedTime": self.time()}, **fields})
            self.room.vendor.on(f"{HOME}/{entity.lower()}/{key}", self._read_one)
        return self

    def edit(self, entity: str, key: str, **fields: Any) -> None:
        row = next(r for r in self.rows[entity] if r["Id"] == key)
        row |= {**fields, "MetaData": {"LastUpdatedTime": self.time()}}

    def remove(self, entity: str, key: str, *, stub: bool = True) -> None:
        self.rows[entity] = [r for r in self.rows[entity] if r["Id"] != key]
        if stub:
            self.flag_deleted(entity, key)

    def flag_deleted(self, entity: str, key: str) -> None:
        stub = {"status": "Deleted", "Id": key, "domain": "QBO", "MetaData": {"LastUpdatedTime": self.time()}}
        self.stubs.setdefault(entity, []).append(stub)

    def read(self, name: str, run_id: str, *, full: bool = False) -> ExtractOutcome:
        return extract.extract("quickbooks_online", name, self.room.ports, run_id=run_id, full=full, raw=self.raw)

    def refresh(self, run_id: str, *, full: bool = False) -> dict[str, ExtractOutcome]:
        names = extract.plan("quickbooks_online", self.room.ports, full)
        return {name: self.to_the_end(name, run_id, full=full) for name in names}

    def to_the_end(self, name: str, run_id: str, *, full: bool = False) -> ExtractOutcome:
        """As the state machine does: wait and call again while the answer is `paused`."""
        while True:
            outcome = self.read(name, run_id, full=full)
            if outcome.status == "done":
                return outcome
            self.room.clock.move(seconds=outcome.wait_seconds)

    def live(self, entity: str) -> list[str]:
        return list(self.raw.identities(entity))


def block(entity: str, rows: list[Row]) -> Row:
    return {entity: rows, "startPosition": 1, "maxResults": len(rows)} if rows else {}


def moment(row: Row) -> datetime:
    return datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"])


def loaded() -> Books:
    """A small company after its first refresh, an hour later."""
    books = Books()
    books.add("CompanyInfo", "1").add("Preferences", "1").add("Account", "33", "35").add("Vendor", "7", Active=False)
    books.add("Bill", "25", "26", TotalAmt=10.5).add("TimeActivity", "1", "2")
    books.refresh("run-1")
    books.room.clock.move(hours=1)
    books.room.vendor.requests.clear()
    return books
