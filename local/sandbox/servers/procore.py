"""Procore's API host: lists by project, hides what the account may not see, and says so by leaving it out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from local.sandbox.servers.bodies import procore_error, unauthenticated
from local.sandbox.servers.limits import Quota, Reading
from local.sandbox.servers.listener import JSON, Request, Response, as_json
from local.sandbox.servers.procore_filters import BadFilter, sort, tests
from local.sandbox.servers.procore_routes import DETAIL_ONLY, LINE_VALUE_FIELDS, Endpoint, route
from local.sandbox.servers.store import Record, Row, Store
from local.sandbox.servers.tokens import TokenBook

CONTRACTS = ("work_order_contracts", "purchase_order_contracts", "prime_contracts")
_NOTHING: frozenset[str] = frozenset()


@dataclass
class ProcoreOptions:
    """What the customer's administrator granted; may be changed while the sandbox runs."""

    company_id: str = "4210001"
    company_name: str = "Sandbox Builders"
    see_private: bool = False
    """Whether the account sees private contracts (it is Admin on the tools, or named on each)."""
    permitted_projects: frozenset[str] | None = None
    """Native ids the service account was given; null = all."""
    time_zone: str = "America/Denver"


class Refusal(Exception):
    """Carries the response that ends the request."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status)


def project_of(record: Record) -> str | None:
    """The project a record belongs to; null when it is company-wide."""
    inner = record.get("project")
    for value in (
        record.get("_project_id"),
        record.get("project_id"),
        inner.get("id") if isinstance(inner, dict) else None,
    ):
        if value is not None:
            return str(value)
    return None


def parent_of(record: Record) -> str | None:
    """The contract or change order a line belongs to."""
    holder = record.get("holder")
    holder_id = holder.get("id") if isinstance(holder, dict) else None
    for value in (record.get("_parent_id"), record.get("_contract_id"), holder_id, record.get("contract_id")):
        if value is not None:
            return str(value)
    return None


def contract_of(record: Record) -> str | None:
    for name in ("commitment_id", "contract_id", "_contract_id"):
        if record.get(name) is not None:
            return str(record[name])
    return None


class Procore:
    """The application behind the API host."""

    vendor = "procore"

    def __init__(
        self,
        store: Store,
        *,
        tokens: TokenBook,
        quota: Quota,
        options: ProcoreOptions,
        clock: Callable[[], datetime],
        says_retry_after: bool,
    ) -> None:
        self.store = store
        self.tokens = tokens
        self.quota = quota
        self.options = options
        self.clock = clock
        self.says_retry_after = says_retry_after
        self._reading = threading.local()

    # -- what the listener calls

    def admit(self, request: Request) -> Response | None:
        reading = self.quota.take()
        self._reading.value = reading
        if not reading.exceeded:
            return None
        refusal = procore_error(429, "You have surpassed the max number of requests for an application")
        if self.says_retry_after:
            refusal.headers["Retry-After"] = str(reading.wait_seconds)
        return refusal

    def finish(self, request: Request, response: Response, request_id: str) -> None:
        reading: Reading = self._reading.value
        response.headers |= {
            "X-Rate-Limit-Limit": str(reading.limit),
            "X-Rate-Limit-Remaining": str(reading.remaining),
            "X-Rate-Limit-Reset": str(reading.reset),
            "x-request-id": request_id,
        }

    def answer(self, request: Request) -> Response:
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refusal.response
        except BadFilter as problem:
            return procore_error(400, str(problem))

    def _answer(self, request: Request) -> Response:
        reads_by_post = request.method == "POST" and request.path.endswith("/budget_details")
        if request.method not in ("GET", "HEAD") and not reads_by_post:
            refusal = procore_error(405, "Method Not Allowed")
            refusal.headers["Allow"] = "GET"
            refusal.write_attempt = True
            return refusal
        self._authorise(request)
        if request.path in ("/rest/v1.0/companies", "/rest/v1.0/me"):
            return self._account(request.path)
        if reads_by_post:
            return self._budget_details(request)
        found = route(request.path)
        if found is None:
            return procore_error(404, "Not Found")
        with self.store.lock:
            return self._read(request, *found)

    # -- access

    def _authorise(self, request: Request) -> None:
        account = self.tokens.account_of(request.bearer())
        if account is None:
            raise Refusal(unauthenticated(self.vendor))
        company = request.headers.get("procore-company-id", "")
        exempt = request.path in ("/rest/v1.0/companies", "/rest/v1.0/me") and account != "service"
        if not company and not exempt:
            raise Refusal(
                Response(400, b"Missing required header: Procore-Company-Id", content_type="text/plain; charset=utf-8")
            )
        if company and company != self.options.company_id:
            raise Refusal(procore_error(403, "This app is not connected to this company"))

    def _account(self, path: str) -> Response:
        if path.endswith("/me"):
            return as_json({"id": 1, "login": "connector@example.com", "name": "DataBlueprint Service Account"})
        company = {"id": int(self.options.company_id), "name": self.options.company_name}
        return as_json([company | {"is_active": True, "my_company": True}])

    def _scope(self, request: Request, endpoint: Endpoint, names: dict[str, str]) -> str | None:
        """The project asked for, after every check that can refuse the call; null for company lists."""
        for name in endpoint.needs:
            if not (names.get(name) or request.arg(name)):
                raise Refusal(procore_error(400, f"{name} is required"))
        company = names.get("company_id") or request.arg("company_id") or self.options.company_id
        if endpoint.company and company != self.options.company_id:
            raise Refusal(procore_error(404, "Not Found"))
        if not endpoint.project:
            return None
        project = names.get("project_id") or request.arg("project_id")
        if not project:
            raise Refusal(procore_error(400, "project_id is required"))
        if self.store["projects"].find(project) is None:
            raise Refusal(procore_error(404, "Not Found"))
        if not self._permitted(project):
            raise Refusal(procore_error(403, "The account has no permission in this project"))
        return project

    def _permitted(self, project: str | None) -> bool:
        return project is None or self.options.permitted_projects is None or project in self.options.permitted_projects

    def hidden_contracts(self) -> frozenset[str]:
        """Native ids of contracts that this account cannot see."""
        if self.options.see_private:
            return _NOTHING
        return self.store.remember(
            "hidden contracts",
            lambda: frozenset(
                self.store[name].key(row.data)
                for name in CONTRACTS
                for row in self.store[name].rows
                if row.data.get("_private")
            ),
        )

    def _visible(self, row: Row, stream: str) -> bool:
        if stream == "projects":
            return self._permitted(self.store[stream].key(row.data))
        if row.data.get("_private") and not self.options.see_private:
            return False
        hidden = self.hidden_contracts()
        if hidden:
            own = self.store[stream].key(row.data) if stream in CONTRACTS else contract_of(row.data)
            if own in hidden:
                return False
        return self.options.permitted_projects is None or self._permitted(project_of(row.data))

    # -- reading

    def _read(self, request: Request, endpoint: Endpoint, names: dict[str, str]) -> Response:
        project = self._scope(request, endpoint, names)
        if endpoint.kind == "list":
            return self._list(request, endpoint, names, project)
        if endpoint.kind == "first":
            rows = [
                r for r in self.store[endpoint.stream].where(project_of, project) if self._visible(r, endpoint.stream)
            ]
            return Response(body=rows[0].text()) if rows else procore_error(404, "Not Found")
        row = self._one(endpoint.stream, names["id"], project)
        drop = frozenset(row.data) - LINE_VALUE_FIELDS if endpoint.kind == "line_value" else _NOTHING
        return Response(body=row.text(drop))

    def _one(self, stream: str, key: str, project: str | None) -> Row:
        row = self.store[stream].find(key)
        missing = row is None or bool(row.data.get("deleted_at"))
        if row is None or missing or not self._visible(row, stream) or project not in (None, project_of(row.data)):
            raise Refusal(procore_error(404, "Not Found"))
        return row

    def _list(self, request: Request, endpoint: Endpoint, names: dict[str, str], project: str | None) -> Response:
        asked = tuple(sorted((k, v[-1]) for k, v in request.query.items() if k not in ("page", "per_page")))
        today = self.clock().astimezone(ZoneInfo(self.options.time_zone)).date()
        rows = self.store.remember(
            (request.path, asked, today, self.options.see_private, self.options.permitted_projects),
            lambda: self._select(request, endpoint, names, project),
        )
        drop = DETAIL_ONLY.get(endpoint.stream, _NOTHING)
        if "P" not in endpoint.flags:
            return Response(body=_array(rows, drop))
        return self._page(request, endpoint, rows, drop)

    def _select(self, request: Request, endpoint: Endpoint, names: dict[str, str], project: str | None) -> list[Row]:
        stream = endpoint.stream
        collection = self.store[stream]
        if endpoint.parent:
            parent = self._one(endpoint.parent, names["parent_id"], project)
            rows = collection.where(parent_of, self.store[endpoint.parent].key(parent.data))
        elif project is not None:
            rows = collection.where(project_of, project)
            if stream == "budget_views":
                rows = [*collection.where(project_of, None), *rows]
        else:
            rows = collection.rows
        if stream == "budget_rows":
            rows = self._budget_rows(rows, request, names["view_id"], project)
        today = self.clock().astimezone(ZoneInfo(self.options.time_zone)).date()
        required = tests(endpoint, request, today)
        chosen = [row for row in rows if all(test(row) for test in required) and self._visible(row, stream)]
        return sort(chosen, endpoint, request.arg("sort"))

    def _budget_rows(self, rows: list[Row], request: Request, view_id: str, project: str | None) -> list[Row]:
        view = self.store["budget_views"].find(view_id)
        if view is None or project_of(view.data) not in (None, project):
            raise Refusal(procore_error(404, "Not Found"))
        rows = [row for row in rows if str(row.data.get("_budget_view_id", view_id)) == view_id]
        if request.arg("budget_row_type", "budgeted") == "all":
            return rows
        return [row for row in rows if row.data.get("_budgeted", row.data.get("id") is not None)]

    def _budget_details(self, request: Request) -> Response:
        project = request.arg("project_id")
        if self.store["projects"].find(project) is None or not self._permitted(project):
            return procore_error(404, "Not Found")
        with self.store.lock:
            rows = [
                r for r in self.store["budget_details"].where(project_of, project) if self._visible(r, "budget_details")
            ]
            return Response(body=_array(rows, _NOTHING))

    def _page(self, request: Request, endpoint: Endpoint, rows: list[Row], drop: frozenset[str]) -> Response:
        page, per_page = _positive(request, "page", 1), _positive(request, "per_page", endpoint.per_page)
        per_page = min(per_page, endpoint.per_page_most)
        pages = max(1, -(-len(rows) // per_page))
        body = _array(rows[(page - 1) * per_page : page * per_page], drop)
        headers = {"Total": str(len(rows)), "Per-Page": str(per_page)}
        if links := _links(request, page, pages, per_page):
            headers["Link"] = links
        return Response(200, body, headers, JSON)


def _array(rows: list[Row], drop: frozenset[str]) -> bytes:
    return b"[" + b",".join([row.text(drop) for row in rows]) + b"]"


def _positive(request: Request, name: str, default: int) -> int:
    text = request.arg(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise BadFilter(f"{name} must be a positive number")
    return int(text)


def _links(request: Request, page: int, pages: int, per_page: int) -> str:
    """The Link header: first and prev when there is a page before, next and last when there is one after."""
    wanted: list[tuple[str, int]] = []
    if page > 1:
        wanted += [("first", 1), ("prev", page - 1)]
    if page < pages:
        wanted += [("next", page + 1), ("last", pages)]
    host = request.headers.get("host", "127.0.0.1")

    def address(number: int) -> str:
        query: dict[str, Any] = {k: v[-1] for k, v in request.query.items()} | {"page": number, "per_page": per_page}
        return f"http://{host}{request.path}?{urlencode(query)}"

    return ", ".join(f'<{address(number)}>; rel="{name}"' for name, number in wanted)
