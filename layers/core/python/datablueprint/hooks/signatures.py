"""Whether a delivery is genuine is decided on its bytes, before anything in it is read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_BODY = 256 * 1024
"""Bytes. No vendor sends more than a few kilobytes at a time."""


@dataclass(frozen=True)
class Delivery:
    """One call of a vendor: `body` is what was signed, header names are lower case with dashes."""

    source: str
    body: bytes
    headers: Mapping[str, str]

    @classmethod
    def of(cls, source: str, event: Mapping[str, Any]) -> Delivery | None:
        """The delivery in an API Gateway event; None when its body is no base64 although it says so."""
        text = event.get("body") or ""
        headers = {str(name).lower().replace("_", "-"): str(value) for name, value in _headers(event)}
        if not event.get("isBase64Encoded"):
            return cls(source, text.encode("utf-8", "surrogatepass"), headers)
        try:
            return cls(source, base64.b64decode(text, validate=True), headers)
        except (binascii.Error, ValueError):
            return None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def genuine(delivery: Delivery, keys: Sequence[str]) -> bool:
    """True when one of the keys made the signature; an empty key never does."""
    name, made = _SCHEMES[delivery.source]
    given = delivery.headers.get(name, "").encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(made(delivery.body, key.encode()), given) for key in keys if key]
    return any(matches)


def _headers(event: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    return list((event.get("headers") or {}).items())


def _intuit(body: bytes, key: bytes) -> bytes:
    return base64.b64encode(hmac.new(key, body, hashlib.sha256).digest())


def _gusto(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode()


def _procore(_: bytes, key: bytes) -> bytes:
    """Procore signs nothing: it repeats the header that was typed in when the hook was made."""
    return b"Bearer " + key


_SCHEMES: dict[str, tuple[str, Callable[[bytes, bytes], bytes]]] = {
    "quickbooks_online": ("intuit-signature", _intuit),
    "gusto": ("x-gusto-signature", _gusto),
    "procore": ("authorization", _procore),
}
