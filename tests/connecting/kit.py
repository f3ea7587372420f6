"""A browser at the pages of connections, with the brokers in the same process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from datablueprint.connecting.doors import Doors
from datablueprint.connecting.web import Pages
from datablueprint.errors import from_document
from datablueprint.ports import Ports
from datablueprint.sources.broker import Broker
from tests.fakes import World, world

ORIGIN = "https://blueprint.test"
ADMIN = {"username": "pat@example.com", "cognito:groups": "administrators,estimators", "iss": "https://issuer"}
QBO = "quickbooks_online"


class InProcess:
    """A broker without Lambda between."""

    def __init__(self, source: str, ports: Ports) -> None:
        self.broker = Broker(source, ports)

    def ask(self, action: str, **about: Any) -> dict[str, Any]:
        answer = self.broker({"action": action, **about})
        if "error" in answer:
            raise from_document(answer["error"])
        return answer


class Browser:
    """Opens pages with the cookie it was given."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.pages = Pages(Doors(ports.settings, ports.state, ports.clock, lambda name: InProcess(name, ports)))
        self.cookie = ""
        self.seen: list[dict[str, Any]] = []

    def open(
        self, path: str, method: str = "GET", query: Mapping[str, str] | None = None, claims: Any = None, **headers: str
    ) -> dict[str, Any]:
        sent = {"Cookie": self.cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        event = {"httpMethod": method, "path": path, "headers": sent, "queryStringParameters": query,
                 "requestContext": {"authorizer": {"claims": claims}} if claims else {}}  # fmt: skip
        self.seen.append(self.pages(event))
        return self.seen[-1]

    def sign_in(self, claims: Mapping[str, str] = ADMIN, origin: str = ORIGIN) -> dict[str, Any]:
        answer = self.open("/connect", "POST", claims=claims, Origin=origin)
        if "Set-Cookie" in answer["headers"]:
            self.cookie = answer["headers"]["Set-Cookie"].split(";")[0]
        return answer

    def begin(self, name: str = QBO) -> dict[str, str]:
        """Press Connect; what the vendor's consent page is asked."""
        answer = self.open(f"/connect/{name}")
        assert answer["statusCode"] == 302
        return {key: values[0] for key, values in parse_qs(urlsplit(answer["headers"]["Location"]).query).items()}

    def back(self, name: str = QBO, **query: str) -> dict[str, Any]:
        return self.open(f"/connect/{name}/callback", query=query)


def room() -> tuple[World, Browser]:
    made = world(signed_in=False)
    ports = replace(made.ports, settings=made.ports.settings.model_copy(update={"issuer": "https://issuer"}))
    body = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3600,
            "x_refresh_token_hard_expires_in": 86400 * 20}  # fmt: skip
    for path in ("/oauth/token", "/oauth2/v1/tokens/bearer"):
        made.vendor.on(path, body)
    return made, Browser(ports)


def signed_in() -> tuple[World, Browser]:
    made, browser = room()
    assert browser.sign_in()["statusCode"] == 200
    return made, browser


def tokens(made: World, name: str = QBO) -> dict[str, Any] | None:
    item = made.state.get(f"token/{name}")
    return item.value if item else None
