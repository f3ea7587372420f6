"""The hosts that hand out tokens: Procore's login, Intuit's token service, and Gusto's own paths."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from local.sandbox.servers.bodies import invalid_grant, procore_error
from local.sandbox.servers.listener import Request, Response, as_json
from local.sandbox.servers.tokens import InvalidGrant, Pair, TokenBook

REFRESH_LIFE = timedelta(days=100)
HARD_LIFE = timedelta(days=5 * 365)


def consent(request: Request, tokens: TokenBook, account: str, **more: str) -> Response:
    """The consent page, where the person has already said yes: a redirect that carries the code."""
    if request.arg("client_id") != tokens.client_id:
        return as_json({"error": "invalid_client"}, 401)
    code = tokens.code(account)
    target = request.arg("redirect_uri")
    if not target.startswith("http"):
        return Response(body=code.encode(), content_type="text/plain")
    query = {"code": code, "state": request.arg("state")} | more
    return Response(302, headers={"Location": f"{target}?{urlencode(query)}"})


def redeem(form: dict[str, str], tokens: TokenBook) -> Pair:
    """The pair that a token request has earned; InvalidGrant otherwise."""
    if form.get("grant_type") == "authorization_code":
        return tokens.redeem(form.get("code", ""))
    if form.get("grant_type") == "refresh_token":
        return tokens.refresh(form.get("refresh_token", ""))
    raise InvalidGrant


class ProcoreLogin:
    vendor = "procore_login"

    def __init__(self, tokens: TokenBook, clock: Callable[[], datetime]) -> None:
        self.tokens = tokens
        self.clock = clock

    def admit(self, request: Request) -> Response | None:
        return None

    def finish(self, request: Request, response: Response, request_id: str) -> None:
        response.headers["x-request-id"] = request_id

    def answer(self, request: Request) -> Response:
        match (request.method, request.path):
            case ("GET", "/oauth/authorize"):
                return consent(request, self.tokens, "user")
            case ("POST", "/oauth/token"):
                return self._token(request.form())
            case ("GET", "/oauth/token/info"):
                return self._info(request.bearer())
            case ("POST", "/oauth/revoke"):
                self.tokens.revoke_token(request.form().get("token", ""))
                return as_json({})
        return procore_error(404, "Not Found")

    def _token(self, form: dict[str, str]) -> Response:
        if not self.tokens.knows(form.get("client_id", ""), form.get("client_secret", "")):
            description = "Client authentication failed due to unknown client"
            return as_json({"error": "invalid_client", "error_description": description}, 401)
        if form.get("grant_type") == "client_credentials":
            return self._reply(self.tokens.service("service"))
        try:
            pair = redeem(form, self.tokens)
        except InvalidGrant:
            return invalid_grant("The provided authorization grant is invalid, expired, revoked or was already used")
        return self._reply(pair.access, refresh_token=pair.refresh)

    def _reply(self, access: str, **more: Any) -> Response:
        life = int(self.tokens.access_life.total_seconds())
        created = int(self.clock().timestamp())
        return as_json(
            {"access_token": access, "token_type": "Bearer", "expires_in": life, **more, "created_at": created}
        )

    def _info(self, token: str) -> Response:
        account = self.tokens.account_of(token)
        if account is None:
            return as_json({"error": "invalid_token"}, 401)
        return as_json(
            {
                "resource_owner_id": 1,
                "scopes": [],
                "expires_in_seconds": self.tokens.expires_in(token),
                "application": {"uid": self.tokens.client_id},
                "created_at": int(self.clock().timestamp()),
            }
        )


class IntuitLogin:
    """Intuit's token and consent services on one host; the account of a token is the realm."""

    vendor = "quickbooks_token"

    def __init__(self, tokens: TokenBook, realms: Callable[[], list[str]], clock: Callable[[], datetime]) -> None:
        self.tokens = tokens
        self.realms = realms
        self.clock = clock
        self.born = clock()

    def admit(self, request: Request) -> Response | None:
        return None

    def finish(self, request: Request, response: Response, request_id: str) -> None:
        response.headers["intuit_tid"] = f"1-{request_id}"

    def answer(self, request: Request) -> Response:
        match (request.method, request.path):
            case ("GET", "/connect/oauth2"):
                realm = request.arg("realm") or self.realms()[0]
                return consent(request, self.tokens, realm, realmId=realm)
            case ("POST", "/oauth2/v1/tokens/bearer"):
                return self._token(request)
            case ("POST", "/v2/oauth2/tokens/revoke"):
                self.tokens.revoke_token(request.form().get("token", ""))
                return as_json({})
        return as_json({"error": "not_found"}, 404)

    def _token(self, request: Request) -> Response:
        if not self.tokens.knows(*request.basic()):
            return as_json({"error": "invalid_client"}, 401)
        try:
            pair = redeem(request.form(), self.tokens)
        except InvalidGrant:
            return invalid_grant()
        now = self.clock()
        reply: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": pair.access,
            "expires_in": int(self.tokens.access_life.total_seconds()),
            "refresh_token": pair.refresh,
            "x_refresh_token_expires_in": int((pair.refreshed_at + REFRESH_LIFE - now).total_seconds()),
        }
        if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true":
            reply["x_refresh_token_hard_expires_in"] = int((self.born + HARD_LIFE - now).total_seconds())
        if request.form().get("grant_type") == "authorization_code":
            reply["id_token"] = secrets.token_hex(8)
        return as_json(reply)


def gusto_token(request: Request, tokens: TokenBook, scopes: str) -> Response:
    """POST /oauth/token at Gusto: credentials belong in the body, never in the address."""
    if request.arg("client_secret"):
        return as_json({"error": "invalid_request", "error_description": "client_secret must not be in the URL"}, 400)
    form = request.form()
    if not tokens.knows(form.get("client_id", ""), form.get("client_secret", "")):
        return as_json({"error": "invalid_client"}, 401)
    try:
        pair = redeem(form, tokens)
    except InvalidGrant:
        return invalid_grant("The provided authorization grant is invalid, expired or revoked")
    return as_json(
        {
            "access_token": pair.access,
            "token_type": "Bearer",
            "expires_in": int(tokens.access_life.total_seconds()),
            "refresh_token": pair.refresh,
            "scope": scopes,
        }
    )
