"""What the server of this machine says by itself: a file of the page, or why it does not answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

SERVED = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What the page is made of; nothing else in its folder is served."""
NOT_SERVED = ("node_modules", "tests")


@dataclass
class Reply:
    status: int
    content_type: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def refused(status: int, title: str, fix: str, **headers: str) -> Reply:
    """A problem document for what never reaches the API."""
    told = {"type": f"urn:datablueprint:problem:http-{status}", "title": title, "status": status, "detail": title + "."}
    body = json.dumps({**told, "fix": fix}).encode()
    return Reply(status, "application/problem+json", body, {name.replace("_", "-"): v for name, v in headers.items()})


def page(web: Path, path: str) -> Reply:
    """A file of the page; only kinds that a page is made of, and only from within its folder."""
    nothing = refused(404, "There is nothing here", "Open /.")
    try:
        parts = unquote(path, errors="strict").split("/")[1:]
    except ValueError:
        return nothing
    if parts == [""]:
        parts = ["index.html"]
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        return nothing
    if any(part in NOT_SERVED for part in parts):
        return nothing
    root = web.resolve()
    file = root.joinpath(*parts).resolve()
    if not file.is_relative_to(root) or file.suffix not in SERVED or not file.is_file():
        return nothing
    return Reply(200, SERVED[file.suffix], file.read_bytes(), {"Cache-Control": "no-cache"})
