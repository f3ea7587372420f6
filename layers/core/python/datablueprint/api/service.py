"""What every route works with: the ports, the desks, the workers, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datablueprint.api.desks import Desks
from datablueprint.api.jobs import Jobs
from datablueprint.errors import DataBlueprintError
from datablueprint.ports import Ports, Work
from datablueprint.settings import Settings

TENANT = "custom:tenant"


class NotYours(DataBlueprintError):
    """The caller belongs to another tenant; told as if nothing were here."""


class WhoAreYou(DataBlueprintError):
    """The authorizer let somebody through without saying who."""


@dataclass(frozen=True)
class Service:
    """Built once per process by `runtime`."""

    ports: Ports
    desks: Desks
    work: Work
    engine: str = "planner"
    model: Any = None
    """What plans answers; None is the offline planner."""
    jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "jobs", Jobs(self.ports.state, self.ports.files, self.ports.clock))


@dataclass(frozen=True)
class Visit:
    """One request: the service, and the person the authorizer named."""

    service: Service
    person: str

    @property
    def ports(self) -> Ports:
        return self.service.ports

    @property
    def desks(self) -> Desks:
        return self.service.desks

    @property
    def jobs(self) -> Jobs:
        return self.service.jobs


def person_of(event: Mapping[str, Any], settings: Settings) -> str:
    """Who asks, person or machine, by the claims of the authorizer and nothing else.

    In AWS every tenant has a user pool of its own, so the pool that signed is
    the tenant; on a laptop the claims name it. NotYours when they say another's.
    """
    context = event.get("requestContext") or {}
    claims: Mapping[str, Any] = (context.get("authorizer") or {}).get("claims") or {}
    if not claims:
        raise WhoAreYou("The request carries no identity")
    if not _ours(claims, settings):
        raise NotYours("There is nothing here")
    verified = str(claims.get("email_verified", "")).lower() == "true"
    names = (claims.get("email") if verified else "", *(claims.get(key) for key in NAMES))
    person = next((str(name) for name in names if name), "")
    if not person:
        raise WhoAreYou("The request carries no name")
    return person


def _ours(claims: Mapping[str, Any], settings: Settings) -> bool:
    """An identity token is for the page that asked for it, not for us: only access tokens count."""
    if settings.issuer:
        return claims.get("iss") == settings.issuer and claims.get("token_use") == "access"
    return claims.get(TENANT) == settings.tenant


NAMES = ("cognito:username", "username", "client_id", "sub")
"""A machine has no user name; its client is its name."""
