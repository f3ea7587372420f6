"""Consent counts once, soon, for the system it was asked for, and in the browser of the administrator who asked."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from datablueprint.ports import Clock, State, StateConflict
from datablueprint.settings import Settings
from datablueprint.sources import SOURCES, by_name
from datablueprint.sources.base import Source
from datablueprint.sources.expiry import connection

PATH = "/api/connect"
"""Where the pages are, as a browser sees them."""
ADMINISTRATORS = "administrators"
SESSION, STATE = timedelta(minutes=30), timedelta(minutes=10)
BITS = 256
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?|http://(127\.0\.0\.1|localhost)(:\d+)?")


class Turned(Exception):
    """The visitor is turned away; `title` and `fix` are for a person, `status` is HTTP's."""

    def __init__(self, status: int, title: str, fix: str) -> None:
        self.status, self.title, self.fix = status, title, fix
        super().__init__(title)


class Broker(Protocol):
    """What hands a code to the vendor; its errors are ours."""

    def ask(self, action: str, **about: Any) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Session:
    """An administrator at one browser."""

    person: str
    page: str
    """The absolute address of the pages."""
    mark: str


@dataclass(frozen=True)
class System:
    """A system as the page shows it."""

    name: str
    title: str
    account: str
    by_consent: bool
    """False = client credentials, which need no consent page."""
    told: Mapping[str, Any]
    """What `sources.expiry.connection` tells."""
    read_at: str | None
    error: str | None


@dataclass(frozen=True)
class Doors:
    """Connecting the systems of one tenant."""

    settings: Settings
    state: State
    clock: Clock
    broker: Callable[[str], Broker]

    # -- who is here ----------------------------------------------------------------------------------

    def admit(self, claims: Mapping[str, Any], origin: str) -> str:
        """A session for an administrator, as the authorizer says he is; the secret that his browser keeps."""
        if self.settings.issuer and claims.get("iss") != self.settings.issuer:
            raise Turned(404, "There is nothing here", "Open the page of your own company.")
        groups = re.split(r"[\s,\[\]]+", str(claims.get("cognito:groups", "")))
        if ADMINISTRATORS not in groups:
            raise Turned(403, "Only administrators connect systems", "Ask an administrator of your company.")
        if not ORIGIN.fullmatch(origin):
            raise Turned(400, "The page's address is missing", "Open Connections on the page itself.")
        person = str(claims.get("username") or claims.get("cognito:username") or claims.get("sub") or "")
        self._tidy()
        secret = secrets.token_urlsafe(BITS // 8)
        value = {"person": person, "page": origin + PATH, "until": self._until(SESSION)}
        self.state.put(f"connect/session/{_mark(secret)}", value, expected_version=0)
        return secret

    def session(self, secret: str) -> Session:
        """Whose browser this is; Turned when nobody's, or not any more."""
        mark = _mark(secret)
        item = self.state.get(f"connect/session/{mark}") if secret else None
        if item is None or self._over(item.value):
            raise Turned(401, "You are not signed in here", "Open Connections on the page, which signs you in.")
        return Session(item.value["person"], item.value["page"], mark)

    # -- what there is --------------------------------------------------------------------------------

    def systems(self) -> list[System]:
        return [self.system(source.name) for source in SOURCES if self._known(source.name)]

    def system(self, name: str) -> System:
        source = self._source(name)
        chosen = self.settings.sources[name]
        record, freshness = self.state.get(f"connection/{name}"), self.state.get(f"freshness/{name}")
        read: Mapping[str, Any] = freshness.value if freshness else {}
        assert source.grant
        way = chosen.options.get("grant", source.grant.default)
        return System(
            name=name,
            title=source.title,
            account=chosen.account,
            by_consent=way in ("refresh_token", "authorization_code"),
            told=connection(source.title, record.value if record else {}, self.clock.now()),
            read_at=read.get("read_at"),
            error=read.get("error"),
        )

    # -- connecting -----------------------------------------------------------------------------------

    def begin(self, name: str, session: Session) -> str:
        """The vendor's consent page, with a state that brings the answer back here once."""
        self._source(name)
        state = secrets.token_urlsafe(BITS // 8)
        value = {"source": name, "session": session.mark, "until": self._until(STATE), "used": False}
        self.state.put(f"connect/state/{_mark(state)}", value, expected_version=0)
        told = self.broker(name).ask("authorize", redirect_uri=_back(session, name), state=state)
        return str(told["location"])

    def finish(self, name: str, query: Mapping[str, str], session: Session) -> System:
        """Spend the state, look at what came, and hand the code to the broker."""
        self._spend(query.get("state", ""), name, session)
        self._source(name)
        if "error" in query or not query.get("code"):
            raise _denied(by_name(name).title, query.get("error", ""))
        self._same_company(name, query)
        self.broker(name).ask(
            "connect", code=query["code"], redirect_uri=_back(session, name), page=f"{session.page}/{name}",
            by=session.person,
        )  # fmt: skip
        return self.system(name)

    def prove(self, name: str, session: Session) -> System:
        """Client credentials need nobody's consent: the broker signs in once, and that is the proof."""
        if self.system(name).by_consent:
            raise Turned(405, "This system is connected by consent", "Use its Connect button.")
        self.broker(name).ask("connect", page=f"{session.page}/{name}", by=session.person)
        return self.system(name)

    def _spend(self, state: str, name: str, session: Session) -> None:
        key = f"connect/state/{_mark(state)}"
        item = self.state.get(key) if state else None
        again = Turned(400, "This answer was not asked for, or came too late", "Connect once more.")
        if item is None or item.value["used"] or self._over(item.value):
            raise again
        try:
            self.state.put(key, {**item.value, "used": True}, expected_version=item.version)
        except StateConflict:
            raise again from None
        if item.value["source"] != name or item.value["session"] != session.mark:
            raise again

    def _same_company(self, name: str, query: Mapping[str, str]) -> None:
        """Intuit says which company was chosen; books of another one must not be read into this tenant."""
        if name != "quickbooks_online":
            return
        wanted, came = self.settings.sources[name].account, query.get("realmId", "")
        if not wanted or came != wanted:
            raise Turned(
                409,
                f"Another QuickBooks company was chosen ({_plain(came) or 'none'}, not {wanted or 'any'})",
                "Nothing was stored. Connect again and choose the company of this account; an operator changes the "
                "account in tenants.toml.",
            )

    def _source(self, name: str) -> Source:
        if not self._known(name):
            raise Turned(404, "There is no such system here", "Go back to the list.")
        return by_name(name)

    def _known(self, name: str) -> bool:
        chosen = self.settings.sources.get(name)
        return chosen is not None and any(source.name == name and source.grant for source in SOURCES)

    def _until(self, span: timedelta) -> str:
        return (self.clock.now() + span).isoformat()

    def _over(self, value: Mapping[str, Any]) -> bool:
        return datetime.fromisoformat(value["until"]) <= self.clock.now()

    def _tidy(self) -> None:
        for key, item in list(self.state.list("connect/")):
            if self._over(item.value):
                self.state.delete(key)


def _mark(secret: str) -> str:
    """What is stored of a secret: it recognises it and cannot stand in for it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _back(session: Session, name: str) -> str:
    return f"{session.page}/{name}/callback"


def _plain(text: str) -> str:
    """What somebody else's address bar may put on our page: a number or a word, and no more."""
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text) else ""


DENIED = {
    "access_denied": ("nobody agreed", "Nothing was changed. Connect again when you are ready to agree."),
    "invalid_scope": ("the app may not ask for this", "An operator adds the accounting scope to the vendor's app."),
    "unauthorized_client": ("the app is not allowed to ask", "An operator looks at the vendor's app settings."),
    "server_error": ("the vendor had an internal error", "Nothing was changed. Try again later."),
    "temporarily_unavailable": ("the vendor is too busy", "Nothing was changed. Try again later."),
}


def _denied(title: str, code: str) -> Turned:
    said, fix = DENIED.get(code, ("", "Nothing was changed. Connect once more."))
    said = said or f"the vendor sent no code ({_plain(code) or 'and no reason'})"
    return Turned(400, f"{title} is not connected: {said}", fix)
