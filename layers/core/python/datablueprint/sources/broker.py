"""The broker of one system: whoever asks gets a short-lived access token and never what renews it."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from datablueprint.errors import DataBlueprintError, as_document
from datablueprint.ports import Ports
from datablueprint.sources import by_name
from datablueprint.sources.auth import Access, Tokens
from datablueprint.sources.client import guarded

logger = logging.getLogger(__name__)


class Ask(BaseModel):
    """What a broker is asked.

    access and renew hand out a token; `rejected` is the SHA-256 of one that the vendor refused.
    authorize tells where a person agrees; connect trades the code that comes back, or, without one, proves
    client credentials. No ask names a system: a broker knows one only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["access", "renew", "authorize", "connect"]
    rejected: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    redirect_uri: str = ""
    state: str = ""
    code: str = Field("", repr=False)
    page: str = ""
    """Where a person reconnects; errors of this system name it from now on."""
    by: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Ask:
        if self.action == "authorize" and not (self.redirect_uri and self.state):
            raise ValueError("authorize needs redirect_uri and state")
        if self.code and not self.redirect_uri:
            raise ValueError("a code needs the redirect_uri it was asked for with")
        return self


class Broker:
    """Answers asks about one system. Errors raised on purpose come back as {"error": ...}, so that the asker can
    raise them as its own; anything else is a fault of this function."""

    def __init__(self, source_name: str, ports: Ports) -> None:
        self.source = by_name(source_name)
        self._ports = ports

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        ask = Ask.model_validate(event)
        calls: Counter[str] = Counter()
        tokens = Tokens.of(self.source, self._ports, calls, guarded)
        try:
            answer = self._answer(ask, tokens)
        except DataBlueprintError as error:
            logger.warning("token refused", extra={"source": self.source.name, "error": type(error).__name__})
            answer = {"error": as_document(error)}
        finally:
            tokens.close()
        return {**answer, "calls": calls.total()}

    def _answer(self, ask: Ask, tokens: Tokens) -> dict[str, Any]:
        match ask.action:
            case "authorize":
                return {"location": tokens.endpoint.consent_url(ask.redirect_uri, ask.state)}
            case "connect":
                tokens.connect(_form(ask), **{n: v for n, v in (("page", ask.page), ("connected_by", ask.by)) if v})
                return {"connected": True}
            case "renew":
                return self._told(tokens.replace(ask.rejected), tokens)
            case "access":
                return self._told(tokens.current(), tokens)

    def _told(self, held: Access, tokens: Tokens) -> dict[str, Any]:
        return {"access_token": held.token, "expires_at": held.expires_at, "door": tokens.door()}


def _form(ask: Ask) -> dict[str, str]:
    if not ask.code:
        return {"grant_type": "client_credentials"}
    return {"grant_type": "authorization_code", "code": ask.code, "redirect_uri": ask.redirect_uri}
