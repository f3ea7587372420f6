"""Requests of API Gateway in, pages out; only the first of them carries a token."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from datablueprint.connecting import pages
from datablueprint.connecting.doors import PATH, SESSION, Doors, Turned
from datablueprint.errors import AuthExpired, DataBlueprintError, SourceError, SourceUnavailable

logger = logging.getLogger(__name__)
COOKIE = "__Secure-connect"
KEPT = f"Path={PATH}; Max-Age={int(SESSION.total_seconds())}; HttpOnly; Secure; SameSite=Lax"
"""Lax: the vendor's redirect back brings the cookie along; a form on another site does not."""
Reply = dict[str, Any]


class Pages:
    """POST /connect signs an administrator's browser in; the rest is what that browser opens."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def __call__(self, event: Mapping[str, Any]) -> Reply:
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        path = [part for part in str(event["path"]).split("/") if part][1:]
        try:
            return self._answer(str(event["httpMethod"]), path, event, headers)
        except Turned as turned:
            show = pages.entrance if turned.status == 401 else pages.told
            return _page(show(turned.title, turned.fix), turned.status)
        except SourceError as error:
            logger.warning("connecting failed", extra={"system": error.system, "error": type(error).__name__})
            return _page(pages.told(f"{error.system}: {error.problem}", error.way_out), _status(error))
        except DataBlueprintError as error:
            logger.warning("connecting failed", extra={"error": type(error).__name__})
            return _page(pages.told("The system could not be connected", str(error)), 502)

    def _answer(self, method: str, path: list[str], event: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        doors = self._doors
        if (method, path) == ("POST", []):
            return self._admitted(event, headers)
        session = doors.session(_cookie(headers))
        match method, path:
            case "GET", []:
                company = doors.settings.company
                return _page(pages.listing(doors.systems(), company=company, person=session.person))
            case "GET", [name]:
                if not doors.system(name).by_consent:
                    return _moved(PATH)
                return _moved(doors.begin(name, session))
            case "POST", [name]:
                if headers.get("sec-fetch-site", "same-origin") != "same-origin":
                    raise Turned(403, "Another site may not connect systems", "Use the page itself.")
                return _page(pages.done(doors.prove(name, session)))
            case "GET", [name, "callback"]:
                query = event.get("queryStringParameters") or {}
                return _page(pages.done(doors.finish(name, query, session)))
        raise Turned(404, "There is nothing here", "Go back to the list.")

    def _admitted(self, event: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        """A problem document, because the page's own script asks."""
        context = event.get("requestContext") or {}
        claims = (context.get("authorizer") or {}).get("claims") or {}
        try:
            secret = self._doors.admit(claims, headers.get("origin", ""))
        except Turned as turned:
            told = {"type": f"urn:datablueprint:problem:http-{turned.status}", "title": turned.title,
                    "status": turned.status, "detail": f"{turned.title}.", "fix": turned.fix}  # fmt: skip
            return _reply(turned.status, json.dumps(told), {"Content-Type": "application/problem+json"})
        body = json.dumps({"location": PATH})
        return _reply(200, body, {"Content-Type": "application/json", "Set-Cookie": f"{COOKIE}={secret}; {KEPT}"})


def _status(error: SourceError) -> int:
    """What the vendor refuses is no fault of ours; what is out of order may work later."""
    return 409 if isinstance(error, AuthExpired) else 503 if isinstance(error, SourceUnavailable) else 502


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _page(html: str, status: int = 200) -> Reply:
    return _reply(status, html, pages.HEADERS)


def _moved(location: str) -> Reply:
    return _reply(302, "", {"Location": location, "Referrer-Policy": "no-referrer"})


def _reply(status: int, body: str, headers: Mapping[str, str]) -> Reply:
    return {"statusCode": status, "headers": {"Cache-Control": "no-store", **headers}, "body": body}
