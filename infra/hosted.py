"""The page as it is hosted: the laptop's files under the laptop's headers, and one origin more it may talk to."""

from __future__ import annotations

from pathlib import Path

from datablueprint.errors import SettingsError
from local.web_server import SAFE

WEB = Path(__file__).resolve().parents[1] / "web"
POLICY = "Content-Security-Policy"
CONFIG = "config.json"
SHIPPED = ("/css", "/js", "/icon.svg", "/vendor/chart.umd.min.js")
"""What the page is made of beside its document."""
_HERE = "connect-src 'self'"
_API = '<meta name="datablueprint-api" content="api">\n'


def policy(text: str, sign_in: str) -> str:
    """`text` is the laptop's policy; the origin of the sign-in pages is where tokens come from."""
    return _changed(text, _HERE, f"{_HERE} {sign_in}")


def headers(sign_in: str) -> dict[str, str]:
    """What every file of the page is sent with."""
    return {**SAFE, POLICY: policy(SAFE[POLICY], sign_in)}


def document(sign_in: str) -> str:
    """index.html, whose own policy must allow what the header does, and which says where its settings are."""
    text = (WEB / "index.html").read_text(encoding="utf-8")
    named = _changed(text, _API, f'{_API}<meta name="datablueprint-config" content="{CONFIG}">\n')
    return policy(named, sign_in)


def config(sign_in: str, *, client_id: str, api_key: str) -> dict[str, str]:
    """What the page must know to sign in; none of it is a secret."""
    scopes = "datablueprint/read datablueprint/write"
    return {"sign_in": sign_in, "client_id": client_id, "scopes": scopes, "api_key": api_key}


def _changed(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise SettingsError(f"web/index.html or its policy says {old.strip()!r} {text.count(old)} times, not once")
    return text.replace(old, new)
