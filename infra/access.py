"""Who may come in, as tenants.toml says it: people, their company's own sign-in, machines, and the page's address."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

READ, WRITE = "read", "write"
ADMINISTRATORS = "administrators"
RESERVED = ("aws", "amazon", "cognito")
"""Words that Cognito takes in no prefix."""


class Federation(BaseModel):
    """The company's own sign-in; it asks for the second factor itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["saml", "oidc"]
    metadata_url: str = Field(default="", pattern=r"^(https://.+)?$")
    """Of a SAML provider."""
    issuer: str = Field(default="", pattern=r"^(https://.+)?$")
    """Of an OIDC provider."""
    client_id: str = ""
    secret: str = ""
    """Name of the Secrets Manager secret with the OIDC client's secret; the operator makes it before deploying."""

    @model_validator(mode="after")
    def _whole(self) -> Federation:
        if self.kind == "saml" and not self.metadata_url:
            raise ValueError("a SAML provider needs metadata_url")
        if self.kind == "oidc" and not (self.issuer and self.client_id and self.secret):
            raise ValueError("an OIDC provider needs issuer, client_id and secret (a secret's name)")
        return self


class People(BaseModel):
    """The tenant's user pool. Nobody signs up: an administrator adds people, or the company's sign-in has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: str = Field(default="", pattern=r"^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?$")
    """Of the sign-in page's address, unique in its region; empty = datablueprint-<tenant>."""
    mfa: Literal["required", "optional"] = "required"
    """A code from an authenticator app, for those who sign in with a password."""
    threat_protection: bool = False
    """Cognito's Plus plan: refuses stolen passwords and odd sign-ins, about $0.02 per person and month."""
    federation: dict[str, Federation] = Field(default_factory=dict)
    """By the name that the sign-in page shows."""
    machines: dict[str, Literal["read", "write"]] = Field(default_factory=dict)
    """Programs that ask: name to what they may do."""

    @field_validator("prefix")
    @classmethod
    def _allowed(cls, prefix: str) -> str:
        if any(word in prefix for word in RESERVED):
            raise ValueError(f"Cognito takes no {', '.join(RESERVED)} in a prefix")
        return prefix

    @field_validator("federation", "machines")
    @classmethod
    def _plain_names(cls, named: dict[str, object]) -> dict[str, object]:
        wrong = [name for name in named if not (name.isascii() and name.replace("-", "").isalnum() and len(name) <= 32)]
        if wrong:
            raise ValueError(f"a name has up to 32 letters, digits and hyphens; not {', '.join(map(repr, wrong))}")
        return named


class Address(BaseModel):
    """The page's own address; without one it has CloudFront's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domain: str = Field(default="", pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+)?$")
    certificate: str = Field(default="", pattern=r"^(arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate/.+)?$")
    """ARN of its certificate, which CloudFront wants in us-east-1."""

    @model_validator(mode="after")
    def _both(self) -> Address:
        if bool(self.domain) != bool(self.certificate):
            raise ValueError("domain and certificate are said together, or neither")
        return self
