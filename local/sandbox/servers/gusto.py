"""Gusto's host shows little unless asked: one page, processed regular payrolls of six months, no taxes, no benefits."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.sandbox.servers.bodies import gusto_error, unauthenticated
from local.sandbox.servers.limits import Quota, Reading
from local.sandbox.servers.listener import Request, Response, as_json
from local.sandbox.servers.logins import consent, gusto_token
from local.sandbox.servers.store import Record, Row, Store, public
from local.sandbox.servers.tokens import TokenBook

SCOPES = frozenset(
    {
        "companies:read",
        "employees:read",
        "compensations:read",
        "payrolls:read",
        "employee_benefits:read",
    }
)
NEWEST_VERSION = "2026-06-15"
LIST_INCLUDES = frozenset({"taxes", "payroll_status_meta", "totals", "risk_blockers", "reversals"})
ONE_INCLUDES = LIST_INCLUDES | {"benefits", "deductions", "payroll_taxes"}
COMPANY = "company"


@dataclass
class GustoOptions:
    """What the connection was granted; may be changed while the sandbox runs."""

    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    minimum_version: str = "2025-06-15"
    time_zone: str = "America/Denver"


class Refusal(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status)


class Gusto:
    """The application behind Gusto's only host: tokens and API together."""

    vendor = "gusto"

    def __init__(
        self, store: Store, *, tokens: TokenBook, quota: Quota, options: GustoOptions, clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.tokens = tokens
        self.quota = quota
        self.options = options
        self.clock = clock
        self._reading = threading.local()
        self._routes: list[tuple[re.Pattern[str], Callable[..., Response]]] = [
            (re.compile(path), answer)
            for path, answer in (
                (r"/v1/token_info", self._token_info),
                (r"/v1/companies/(?P<company>[^/]+)", self._company),
                (r"/v1/companies/(?P<company>[^/]+)/employees", self._employees),
                (r"/v1/companies/(?P<company>[^/]+)/departments", self._departments),
                (r"/v1/companies/(?P<company>[^/]+)/payrolls", self._payrolls),
                (r"/v1/companies/(?P<company>[^/]+)/payrolls/(?P<payroll>[^/]+)", self._payroll),
                (r"/v1/employees/(?P<employee>[^/]+)", self._employee),
            )
        ]

    # -- what the listener calls

    def admit(self, request: Request) -> Response | None:
        if request.path.startswith("/oauth/"):
            self._reading.value = None
            return None
        reading = self._reading.value = self.quota.take()
        if not reading.exceeded:
            return None
        refusal = gusto_error(429, "rate_limit_exceeded", "Too many requests")
        refusal.headers["Retry-After"] = str(reading.wait_seconds)
        return refusal

    def finish(self, request: Request, response: Response, request_id: str) -> None:
        response.headers["X-Request-Id"] = request_id
        reading: Reading | None = self._reading.value
        if reading is None:
            return
        response.headers |= {
            "X-RateLimit-Limit": str(reading.limit),
            "X-RateLimit-Remaining": str(reading.remaining),
            "X-RateLimit-Reset": str(reading.reset),
            "X-Gusto-API-Version": self._version(request),
        }

    def answer(self, request: Request) -> Response:
        if request.path.startswith("/oauth/"):
            return self._oauth(request)
        if request.method not in ("GET", "HEAD"):
            refusal = gusto_error(405, "method_not_allowed", "This connection only reads")
            refusal.write_attempt = True
            return refusal
        if self.tokens.account_of(request.bearer()) is None:
            return unauthenticated(self.vendor)
        version = self._version(request)
        if not self.options.minimum_version <= version <= NEWEST_VERSION:
            return gusto_error(406, "invalid_api_version", f"API version {version} is not available")
        for pattern, answer in self._routes:
            if found := pattern.fullmatch(request.path):
                try:
                    with self.store.lock:
                        return answer(request, **found.groupdict())
                except Refusal as refused:
                    return refused.response
        return _not_found()

    def _oauth(self, request: Request) -> Response:
        match (request.method, request.path):
            case ("GET", "/oauth/authorize"):
                return consent(request, self.tokens, "admin")
            case ("POST", "/oauth/token"):
                return gusto_token(request, self.tokens, " ".join(sorted(self.options.scopes)))
            case ("POST", "/oauth/revoke"):
                self.tokens.revoke_token(request.form().get("token", ""))
                return as_json({})
        return _not_found()

    def _version(self, request: Request) -> str:
        return request.headers.get("x-gusto-api-version", self.options.minimum_version)

    def _need(self, *scopes: str) -> None:
        missing = [scope for scope in scopes if scope not in self.options.scopes]
        if missing:
            message = f"OAuth scopes are insufficient. Missing: {', '.join(missing)}"
            raise Refusal(gusto_error(403, "missing_oauth_scopes", message, scopes=missing))

    def company(self) -> Record:
        """The one company record."""
        return self.store[COMPANY].rows[0].data

    def company_uuid(self) -> str:
        return str(self.company().get("uuid"))

    def _own(self, company: str) -> None:
        if company != self.company_uuid():
            raise Refusal(_not_found())

    # -- reading

    def _token_info(self, request: Request) -> Response:
        resource = {"type": "Company", "uuid": self.company_uuid()}
        return as_json({"scope": " ".join(sorted(self.options.scopes)), "resource": resource, "resource_owner": None})

    def _company(self, request: Request, company: str) -> Response:
        self._own(company)
        self._need("companies:read")
        return Response(body=self.store[COMPANY].rows[0].text())

    def _employees(self, request: Request, company: str) -> Response:
        self._own(company)
        self._need("employees:read")
        rows = self.store["employees"].rows
        wanted = request.arg("terminated")
        if wanted in ("true", "false"):
            rows = [row for row in rows if bool(row.data.get("terminated")) is (wanted == "true")]
        page, headers = _page(request, len(rows))
        return Response(body=_array([self._employee_text(row) for row in rows[page]]), headers=headers)

    def _employee(self, request: Request, employee: str) -> Response:
        self._need("employees:read")
        row = self.store["employees"].find(employee)
        return Response(body=self._employee_text(row)) if row else _not_found()

    def _employee_text(self, row: Row) -> bytes:
        """Jobs carry pay, so they come only with compensations:read."""
        return row.text(frozenset() if "compensations:read" in self.options.scopes else frozenset({"jobs"}))

    def _departments(self, request: Request, company: str) -> Response:
        self._own(company)
        return Response(body=_array([row.text() for row in self.store["departments"].rows]))

    def _payrolls(self, request: Request, company: str) -> Response:
        self._own(company)
        self._need("payrolls:read")
        include = _includes(request, LIST_INCLUDES)
        start, end = self._span(request)
        rows = [row for row in self.store["payrolls"].rows if _wanted(row.data, request, start, end)]
        page, headers = _page(request, len(rows))
        shown = [_header(row.data, include) for row in rows[page]]
        return Response(200, as_json(shown).body, headers)

    def _span(self, request: Request) -> tuple[str, str]:
        """The dates asked for: six months back by default, a year at most, three months ahead at most."""
        today = self.clock().astimezone(ZoneInfo(self.options.time_zone)).date()
        first, last = request.arg("start_date"), request.arg("end_date")
        try:
            end = date.fromisoformat(last) if last else None
            start = date.fromisoformat(first) if first else (end or today) - timedelta(days=183)
        except ValueError:
            raise Refusal(gusto_error(422, "invalid_attribute_value", "start_date and end_date are dates")) from None
        furthest = today + timedelta(days=92)
        end = end or (min(furthest, start + timedelta(days=365)) if first else furthest)
        if end > furthest:
            raise Refusal(gusto_error(422, "invalid_attribute_value", "end_date is at most 3 months ahead"))
        if (first and last) and (end - start).days > 366:
            raise Refusal(gusto_error(422, "invalid_attribute_value", "the range is at most 1 year"))
        return start.isoformat(), end.isoformat()

    def _payroll(self, request: Request, company: str, payroll: str) -> Response:
        self._own(company)
        self._need("payrolls:read")
        include = _includes(request, ONE_INCLUDES)
        if "benefits" in include:
            self._need("employee_benefits:read")
        row = self.store["payrolls"].find(payroll)
        if row is None:
            return _not_found()
        people = row.data.get("employee_compensations", [])
        page, headers = _page(request, len(people))
        whole = _header(row.data, include)
        whole["employee_compensations"] = [_compensation(person, include) for person in people[page]]
        return Response(200, as_json(whole).body, headers)


def _not_found() -> Response:
    return gusto_error(404, "not_found", "The requested resource was not found.")


def _array(texts: list[bytes]) -> bytes:
    return b"[" + b",".join(texts) + b"]"


def _includes(request: Request, known: frozenset[str]) -> frozenset[str]:
    asked = {name.strip() for name in request.arg("include").split(",") if name.strip()}
    if unknown := asked - known:
        message = f"include does not know {', '.join(sorted(unknown))}"
        raise Refusal(gusto_error(422, "invalid_attribute_value", message))
    return frozenset(asked)


def _page(request: Request, total: int) -> tuple[slice, dict[str, str]]:
    """25 unless `per` says otherwise, 100 at most; the counts come only to those who page."""
    texts = request.arg("page", "1"), request.arg("per", "25")
    if not all(text.isdigit() and int(text) > 0 for text in texts):
        raise Refusal(gusto_error(422, "invalid_attribute_value", "page and per are positive numbers"))
    page, per = int(texts[0]), min(int(texts[1]), 100)
    headers = {}
    if "page" in request.query or "per" in request.query:
        pages = max(1, -(-total // per))
        headers = {"X-Page": page, "X-Per-Page": per, "X-Total-Count": total, "X-Total-Pages": pages}
    return slice((page - 1) * per, page * per), {name: str(value) for name, value in headers.items()}


def _kind(payroll: Record) -> str:
    return "external" if payroll.get("external") else "off_cycle" if payroll.get("off_cycle") else "regular"


def _wanted(payroll: Record, request: Request, start: str, end: str) -> bool:
    statuses = request.arg("processing_statuses", "processed").split(",")
    kinds = request.arg("payroll_types", "regular").split(",")
    if ("processed" if payroll.get("processed") else "unprocessed") not in statuses or _kind(payroll) not in kinds:
        return False
    if request.arg("date_filter_by") == "check_date":
        return start <= str(payroll.get("check_date")) <= end
    period = payroll.get("pay_period") or {}
    return str(period.get("end_date")) >= start and str(period.get("start_date")) <= end


def _header(payroll: Record, include: frozenset[str]) -> dict[str, Any]:
    """The payroll without its people, and with only the blocks that were asked for."""
    dropped = {"employee_compensations"}
    dropped |= {
        name for name in ("totals", "payroll_status_meta", "risk_blockers", "payroll_taxes") if name not in include
    }
    if "taxes" not in include:
        dropped.add("company_taxes")
    return {k: v for k, v in public(payroll).items() if k not in dropped}


def _compensation(person: Record, include: frozenset[str]) -> dict[str, Any]:
    dropped = {name for name in ("taxes", "benefits", "deductions") if name not in include}
    return {k: v for k, v in public(person).items() if k not in dropped}
