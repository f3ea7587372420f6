"""The sandbox is five local hosts, one clock and one seed; what a test wants to know or break hangs on this class."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from local.sandbox.faults import Faults
from local.sandbox.servers.changes import Changes
from local.sandbox.servers.gusto import Gusto, GustoOptions
from local.sandbox.servers.limits import Limits, Quota
from local.sandbox.servers.listener import Application, Listener, LoggedRequest
from local.sandbox.servers.logins import IntuitLogin, ProcoreLogin
from local.sandbox.servers.procore import Procore, ProcoreOptions, project_of
from local.sandbox.servers.procore_filters import at
from local.sandbox.servers.quickbooks import Company, QuickBooks
from local.sandbox.servers.store import Record, Store
from local.sandbox.servers.tokens import Rotation, TokenBook

Records = Mapping[str, Any]
"""Collection name -> list of records (or one record, where there is only one)."""

REALM = "9130350000000042"
RECORDED_REALM = "9341457021722202"
HOSTS = ("procore", "procore_login", "quickbooks", "quickbooks_token", "gusto")


class VendorCollections(Protocol):
    """What the world hands over: the views of one contractor."""

    procore: dict[str, list[Record]]
    quickbooks: dict[str, list[Record]]
    gusto: dict[str, Any]
    files: dict[str, str]
    policy: dict[str, Any]


class SandboxClock:
    """Starts at 15:00 UTC of the simulated day and then runs at the pace of the wall clock."""

    def __init__(self, today: date) -> None:
        self._start = at(today)
        self._born = time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._born)


class Sandbox:
    """Serves given collections as Procore, QuickBooks Online and Gusto over HTTP on 127.0.0.1.

    The same seed gives the same credentials, and tokens that an earlier sandbox
    of that seed issued are still known. Rate limits, token lives and stamps
    follow `clock`, so a test may move time instead of waiting.
    """

    def __init__(
        self,
        *,
        procore: Records | None = None,
        quickbooks: Mapping[str, Records] | None = None,
        gusto: Records | None = None,
        files: Mapping[str, str] | None = None,
        policy: Mapping[str, Any] | None = None,
        today: date,
        limits: Limits | None = None,
        clock: Callable[[], datetime] | None = None,
        seed: int = 7,
        ports: Mapping[str, int] | None = None,
        see_private: bool = False,
        quickbooks_rotation: timedelta = timedelta(hours=24),
    ) -> None:
        self.today = today
        self.clock = clock or SandboxClock(today)
        self.seed = seed
        self.files = dict(files or {})
        self.policy = dict(policy or {})
        self.faults = Faults()
        self.requests: list[LoggedRequest] = []
        self.limits = limits or Limits()
        self.procore_options = ProcoreOptions(see_private=see_private)
        self.gusto_options = GustoOptions()
        self.companies = {realm: Company.of(realm, records) for realm, records in (quickbooks or {REALM: {}}).items()}
        self._procore = Store(procore or {}, {"budget_rows": _budget_row_key})
        self._gusto = Store({"company": [{"uuid": f"company-{seed}", "name": "Sandbox Builders"}], **(gusto or {})})
        self._tokens = {
            "procore": self._book("procore", minutes=90, rotation="every_refresh"),
            "quickbooks": self._book("quickbooks", minutes=60, rotation="by_age", rotate_after=quickbooks_rotation),
            "gusto": self._book("gusto", minutes=120, rotation="on_first_use"),
        }
        changes = Changes(self._procore, self.companies, self._gusto, self.clock)
        self.edit = changes.edit
        self.create = changes.create
        self.delete = changes.delete
        self.void_quickbooks = changes.void_quickbooks
        given = dict(ports or {})
        self._listeners = {
            app.vendor: Listener(
                app, faults=self.faults, log=self.requests, clock=self.clock, port=given.get(app.vendor, 0)
            )
            for app in self._applications()
        }

    @classmethod
    def of(
        cls,
        collections: VendorCollections,
        *,
        more_companies: Mapping[str, Records] | None = None,
        **options: Any,
    ) -> Sandbox:
        """The sandbox of one contractor, with further QuickBooks companies beside its own."""
        return cls(
            procore=collections.procore,
            quickbooks={REALM: collections.quickbooks, **(more_companies or {})},
            gusto=collections.gusto,
            files=collections.files,
            policy=collections.policy,
            **options,
        )

    def _book(self, vendor: str, *, minutes: int, rotation: Rotation, **more: timedelta) -> TokenBook:
        life = timedelta(minutes=minutes)
        return TokenBook(vendor, seed=self.seed, access_life=life, rotation=rotation, clock=self.clock, **more)

    def _applications(self) -> list[Application]:
        tokens, clock, limits = self._tokens, self.clock, self.limits
        return [
            Procore(
                self._procore,
                tokens=tokens["procore"],
                quota=Quota(limits.procore, clock),
                options=self.procore_options,
                clock=clock,
                says_retry_after=limits.procore_says_retry_after,
            ),
            ProcoreLogin(tokens["procore"], clock),
            QuickBooks(self.companies, tokens=tokens["quickbooks"], quota=Quota(limits.quickbooks, clock), clock=clock),
            IntuitLogin(tokens["quickbooks"], lambda: list(self.companies), clock),
            Gusto(
                self._gusto,
                tokens=tokens["gusto"],
                quota=Quota(limits.gusto, clock),
                options=self.gusto_options,
                clock=clock,
            ),
        ]

    # -- running

    def start(self) -> Sandbox:
        for listener in self._listeners.values():
            listener.start()
        return self

    def stop(self) -> None:
        with ThreadPoolExecutor(len(self._listeners)) as pool:
            list(pool.map(Listener.stop, self._listeners.values()))

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def take_down(self, host: str) -> None:
        """Make one host (a name of `urls`) unreachable, open connections included."""
        self._listeners[host].stop()

    def bring_back(self, host: str) -> None:
        """The host answers again, on the port it had."""
        self._listeners[host].start()

    @property
    def urls(self) -> dict[str, str]:
        """Base addresses: procore, procore_login, quickbooks, quickbooks_token, gusto."""
        return {name: listener.url for name, listener in self._listeners.items()}

    # -- accounts

    @property
    def credentials(self) -> dict[str, dict[str, str]]:
        """What a connection is made with, per vendor; each QuickBooks company also as `quickbooks:<realm>`."""
        given = {
            "procore": self._account("procore", "user"),
            "gusto": self._account("gusto", "admin", company=self.gusto_company),
        }
        for realm in self.companies:
            given[f"quickbooks:{realm}"] = self._account("quickbooks", realm, realm=realm)
        given["quickbooks"] = given[f"quickbooks:{next(iter(self.companies))}"]
        return given

    def _account(self, vendor: str, account: str, **more: str) -> dict[str, str]:
        book = self._tokens[vendor]
        return {
            "client_id": book.client_id,
            "client_secret": book.client_secret,
            "authorization_code": book.first_code(account),
            "refresh_token": book.first_refresh(account),
            **more,
        }

    @property
    def gusto_company(self) -> str:
        return str(self._gusto["company"].rows[0].data["uuid"])

    def revoke(self, vendor: str, *, realm: str | None = None) -> None:
        """The customer disconnects the app: every token so far is dead; `reconnect` gives a new code."""
        for account in self._accounts(vendor, realm):
            self._tokens[vendor].revoke(account)

    def reconnect(self, vendor: str, *, realm: str | None = None) -> str:
        """A person consents again: a fresh authorization code."""
        return self._tokens[vendor].code(self._accounts(vendor, realm)[0])

    def _accounts(self, vendor: str, realm: str | None) -> list[str]:
        if vendor == "quickbooks":
            return [realm or next(iter(self.companies))]
        return {"procore": ["user", "service"], "gusto": ["admin"]}[vendor]

    # -- looking back

    @property
    def write_attempts(self) -> list[LoggedRequest]:
        """Requests that would have changed something at a vendor; a read-only product makes none."""
        return [request for request in self.requests if request.write_attempt]

    def calls(self, vendor: str) -> int:
        """Requests one host has seen so far."""
        return sum(request.vendor == vendor for request in self.requests)

    # -- files

    def records(self, vendor: str, collection: str, *, realm: str | None = None) -> list[Record]:
        """A vendor's records of one kind as they are now, bookkeeping keys included."""
        company = self.companies[realm] if realm else next(iter(self.companies.values()))
        store = {"procore": self._procore, "gusto": self._gusto, "quickbooks": company.store}[vendor]
        return [row.data for row in store[collection].rows]

    def write_files(self, folder: Path) -> list[Path]:
        """Drop the payroll provider's files below a folder, as its export job would."""
        written = []
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            written.append(path)
        return written


def _budget_row_key(record: Record) -> str:
    """Unbudgeted rows have no id, so a budget row is known by its project and budget code."""
    return f"{project_of(record)}/{record.get('wbs_code_id')}"


def recorded_company(folder: Path) -> dict[str, list[Record]]:
    """The collections of a recorded QuickBooks company: one `<Entity>.json` list per file."""
    return {path.stem: list(_load(path)) for path in sorted(folder.glob("*.json"))}


def _load(path: Path) -> Iterable[Record]:
    loaded: Iterable[Record] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
