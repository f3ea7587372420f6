"""What every route works with: the ports, the desks, the workers, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datablueprint.api.desks import Desks
from datablueprint.api.jobs import Jobs
from datablueprint.errors import DataBlueprintError
from datablueprint.ports import Ports, Work

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


def person_of(event: Mapping[str, Any], tenant: str) -> str:
    """Who asks, by the claims of the authorizer and nothing else; NotYours when the claims name another tenant."""
    context = event.get("requestContext") or {}
    claims: Mapping[str, Any] = (context.get("authorizer") or {}).get("claims") or {}
    if not claims:
        raise WhoAreYou("The request carries no identity")
    if claims.get(TENANT) != tenant:
        raise NotYours("There is nothing here")
    verified = str(claims.get("email_verified", "")).lower() == "true"
    names = (claims.get("email") if verified else "", *(claims.get(key) for key in NAMES))
    person = next((str(name) for name in names if name), "")
    if not person:
        raise WhoAreYou("The request carries no name")
    return person


NAMES = ("cognito:username", "username", "client_id", "sub")
