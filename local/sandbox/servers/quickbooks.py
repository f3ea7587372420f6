"""QuickBooks Online's API host: one company per realm, a query language, a change feed that cuts silently."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.sandbox.servers import quickbooks_query as language
from local.sandbox.servers.bodies import quickbooks_fault, quickbooks_throttled, quickbooks_unauthenticated
from local.sandbox.servers.limits import Quota
from local.sandbox.servers.listener import JSON, Request, Response, as_json
from local.sandbox.servers.quickbooks_reports import REPORTS, BadReport, Books
from local.sandbox.servers.store import Record, Row, Store, moment
from local.sandbox.servers.tokens import TokenBook

PACIFIC = ZoneInfo("America/Los_Angeles")
CDC_DAYS = 30
CDC_MOST = 1_000
NOT_IN_CDC = frozenset({"TimeActivity", "TaxAgency", "TaxCode", "TaxRate"})
_BY_PATH = {name.lower(): name for name in language.ENTITIES}


def stamp(now: datetime) -> str:
    """How QuickBooks writes a moment in MetaData: Pacific time, with its offset."""
    return now.astimezone(PACIFIC).isoformat(timespec="seconds")


def server_time(now: datetime) -> str:
    return now.astimezone(PACIFIC).isoformat(timespec="milliseconds")


@dataclass
class Company:
    """One realm: its records, and the stubs of what was deleted."""

    realm: str
    store: Store
    stubs: dict[str, list[Record]]

    @classmethod
    def of(cls, realm: str, collections: Mapping[str, Any]) -> Company:
        """The company with a CompanyInfo and Preferences of the plainest kind where it brings none."""
        whole = dict(collections)
        whole.setdefault("CompanyInfo", [_company_info(realm)])
        whole.setdefault("Preferences", [_preferences()])
        return cls(realm, Store(whole), {})

    def singleton(self, name: str) -> Row:
        return self.store[name].rows[0]


def _meta() -> Record:
    return {"CreateTime": "2020-01-01T00:00:00-08:00", "LastUpdatedTime": "2020-01-01T00:00:00-08:00"}


def _company_info(realm: str) -> Record:
    return {
        "CompanyName": f"Sandbox Company {realm[-4:]}",
        "Country": "USA",
        "FiscalYearStartMonth": "January",
        "SupportedLanguages": "en",
        "NameValue": [{"Name": "OfferingSku", "Value": "QuickBooks Online Plus"}],
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "0",
        "MetaData": _meta(),
    }


def _preferences() -> Record:
    return {
        "AccountingInfoPrefs": {"UseAccountNumbers": False, "ClassTrackingPerTxnLine": False},
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
        "ReportPrefs": {"ReportBasis": "Accrual"},
        "OtherPrefs": {"NameValue": []},
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "0",
        "MetaData": _meta(),
    }


class QuickBooks:
    """The application behind the API host."""

    vendor = "quickbooks"

    def __init__(
        self, companies: Mapping[str, Company], *, tokens: TokenBook, quota: Quota, clock: Callable[[], datetime]
    ) -> None:
        self.companies = dict(companies)
        self.tokens = tokens
        self.quota = quota
        self.clock = clock
        self._lock = threading.Lock()

    # -- what the listener calls

    def admit(self, request: Request) -> Response | None:
        realm = request.path.split("/")[3] if request.path.count("/") >= 3 else ""
        return quickbooks_throttled(server_time(self.clock())) if self.quota.take(realm).exceeded else None

    def finish(self, request: Request, response: Response, request_id: str) -> None:
        response.headers["intuit_tid"] = f"1-{request_id}"

    def answer(self, request: Request) -> Response:
        now = server_time(self.clock())
        if request.method not in ("GET", "HEAD") and not (request.method == "POST" and request.path.endswith("/query")):
            refusal = quickbooks_fault(400, "ValidationFault", "500", "Unsupported Operation", time=now)
            refusal.write_attempt = True
            return refusal
        account = self.tokens.account_of(request.bearer())
        if account is None:
            return quickbooks_unauthenticated(now)
        parts = request.path.strip("/").split("/")
        if len(parts) < 4 or parts[:2] != ["v3", "company"]:
            return quickbooks_fault(404, "ValidationFault", "500", "Unsupported Operation", time=now)
        company = self.companies.get(parts[2])
        if company is None or account != company.realm:
            detail = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
            return quickbooks_fault(
                403, "AuthorizationFault", "3100", "ApplicationAuthorizationFailed", detail, time=now
            )
        if "application/json" not in request.headers.get("accept", ""):
            return _xml(now)
        with company.store.lock:
            return self._read(request, company, parts[3:], now)

    # -- reading

    def _read(self, request: Request, company: Company, parts: list[str], now: str) -> Response:
        try:
            match parts:
                case ["query"]:
                    return self._query(company, _statement(request), now)
                case ["cdc"]:
                    return self._cdc(request, company, now)
                case ["reports", name] if name in REPORTS:
                    return self._report(request, company, name)
                case ["companyinfo", _]:
                    return _one("CompanyInfo", company.singleton("CompanyInfo"), now)
                case ["preferences"]:
                    return _one("Preferences", company.singleton("Preferences"), now)
                case [entity, key] if entity in _BY_PATH:
                    return self._by_id(company, _BY_PATH[entity], key, now)
        except language.BadQuery as problem:
            return quickbooks_fault(400, "ValidationFault", problem.code, "Error parsing query", str(problem), time=now)
        except BadReport as problem:
            return quickbooks_fault(400, "ValidationFault", "6000", "Invalid report request", str(problem), time=now)
        return quickbooks_fault(400, "ValidationFault", "500", "Unsupported Operation", time=now)

    def _by_id(self, company: Company, entity: str, key: str, now: str) -> Response:
        row = company.store[entity].find(key)
        if row is None:
            detail = f"Object Not Found : Something you're trying to use has been made inactive. {entity} {key}"
            return quickbooks_fault(400, "ValidationFault", "610", "Object Not Found", detail, time=now)
        return _one(entity, row, now)

    def _query(self, company: Company, statement: str, now: str) -> Response:
        query = language.parse(statement)
        question = (query.entity, query.conditions, query.order)
        rows = company.store.remember(question, lambda: language.select(query, company.store[query.entity].rows))
        if query.counting:
            return as_json({"QueryResponse": {"totalCount": len(rows)}, "time": now})
        page = rows[query.start - 1 : query.start - 1 + query.most]
        total = len(rows) if query.entity in language.COUNTED else None
        inner = _block(query.entity, page, query.start, total)
        return Response(body=b'{"QueryResponse":' + inner + b',"time":"' + now.encode() + b'"}')

    def _cdc(self, request: Request, company: Company, now: str) -> Response:
        names = [name.strip() for name in request.arg("entities").split(",") if name.strip()]
        since = moment(request.arg("changedSince"))
        refused = [n for n in names if n not in language.ENTITIES or n in NOT_IN_CDC]
        if not names or since is None or refused:
            problem = f"not supported: {', '.join(refused)}" if refused else "entities and changedSince are required"
            return quickbooks_fault(400, "ValidationFault", "4001", "Invalid CDC request", problem, time=now)
        if self.clock() - since > timedelta(days=CDC_DAYS):
            problem = f"changedSince must be within the last {CDC_DAYS} days"
            return quickbooks_fault(400, "ValidationFault", "4001", "Invalid CDC request", problem, time=now)
        left, blocks = CDC_MOST, []
        for name in names:
            changed = self._changed(company, name, since)[:left]
            left -= len(changed)
            blocks.append(_block(name, changed, 1, None))
        inner = b",".join(blocks)
        return Response(body=b'{"CDCResponse":[{"QueryResponse":[' + inner + b']}],"time":"' + now.encode() + b'"}')

    @staticmethod
    def _changed(company: Company, name: str, since: datetime) -> list[Row]:
        stubs = [Row(stub) for stub in company.stubs.get(name, [])]
        field = "MetaData.LastUpdatedTime"
        return [row for row in [*company.store[name].rows, *stubs] if (row.time(field) or since) >= since]

    def _report(self, request: Request, company: Company, name: str) -> Response:
        asked = tuple(sorted((k, v[-1]) for k, v in request.query.items()))
        today = self.clock().astimezone(PACIFIC).date()

        def make() -> dict[str, Any]:
            return Books(company.store).report(name, dict(asked), today)

        report = company.store.remember(("report", name, asked, today), make)
        return as_json({**report, "Header": {"Time": stamp(self.clock()), **report["Header"]}})


def _statement(request: Request) -> str:
    if request.method == "POST":
        return request.body.decode("utf-8", "replace")
    return request.arg("query")


def _block(entity: str, rows: list[Row], start: int, total: int | None) -> bytes:
    """One QueryResponse; an empty object when there are no rows."""
    if not rows:
        return b"{}"
    texts = b",".join([row.text() for row in rows])
    tail = f'"startPosition":{start},"maxResults":{len(rows)}'
    if total is not None:
        tail += f',"totalCount":{total}'
    return b'{"' + entity.encode() + b'":[' + texts + b"]," + tail.encode() + b"}"


def _one(entity: str, row: Row, now: str) -> Response:
    return Response(
        body=b'{"' + entity.encode() + b'":' + row.text() + b',"time":"' + now.encode() + b'"}', content_type=JSON
    )


def _xml(now: str) -> Response:
    """What a caller gets who forgot to ask for JSON: the vendor's other language."""
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><IntuitResponse time="{now}" '
        'xmlns="http://schema.intuit.com/finance/v3"><Fault type="ValidationFault"><Error code="2010">'
        "<Message>The sandbox speaks JSON only: send Accept: application/json</Message></Error></Fault>"
        "</IntuitResponse>"
    )
    return Response(400, text.encode(), content_type="application/xml;charset=UTF-8")
