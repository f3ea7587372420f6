"""Plain pages without a script: every text that is not ours is escaped, and the look is the page's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from datablueprint.connecting.doors import PATH, System

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STATES = {
    "ok": ("Connected", "holds"),
    "needs_reconnect": ("Must be reconnected", "fails"),
    "not_connected": ("Not connected yet", "quiet"),
}
LOGO = (
    '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">'
    '<path d="M3 3h18v18H3z" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M3 15h8V9h10M11 15v6" fill="none" stroke="currentColor" stroke-width="2"/></svg>'
)


def page(title: str, body: str) -> str:
    """A whole document; `body` is HTML already."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · DataBlueprint</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/css/base.css">
<link rel="stylesheet" href="/css/controls.css">
<link rel="stylesheet" href="/css/panel.css">
<link rel="stylesheet" href="/css/screens.css">
</head>
<body>
<header class="top"><div class="top-in"><a class="brand" href="/">{LOGO}<span>DataBlueprint</span></a></div></header>
<main id="main">
{body}
</main>
</body>
</html>
"""


def listing(systems: Iterable[System], *, company: str, person: str) -> str:
    cards = "\n".join(_card(system) for system in systems)
    return page(
        "Connections",
        f"""<h1>Connections</h1>
<p>Systems that {escape(company) or "this company"} is read from. Nothing in them is ever changed.</p>
{cards or "<p>No system with a sign-in is set up.</p>"}
<p class="quiet">Signed in as {escape(person)}. To disconnect a system, remove DataBlueprint in its own list of
connected apps.</p>""",
    )


def done(system: System) -> str:
    return page(
        f"{system.title} is connected",
        f"""<section class="card"><h1>{escape(system.title)} is connected</h1>
<p>The next refresh reads it.</p>
<p><a class="button primary" href="{PATH}">Back to the connections</a></p></section>""",
    )


def told(title: str, fix: str) -> str:
    """A failure, and what to do."""
    return page(
        title,
        f"""<section class="card problem"><h1>{escape(title)}</h1>
<p class="fix">{escape(fix)}</p>
<p><a class="button" href="{PATH}">Back to the connections</a></p></section>""",
    )


def entrance(title: str, fix: str) -> str:
    """For a visitor nobody knows: the page signs people in and brings them here."""
    return page(
        title,
        f"""<section class="card"><h1>{escape(title)}</h1>
<p>{escape(fix)}</p>
<p><a class="button primary" href="/#/connect">Sign in</a></p></section>""",
    )


def _card(system: System) -> str:
    state = str(system.told["state"])
    words, look = STATES.get(state, STATES["needs_reconnect"])
    facts = [
        ("Account", escape(system.account)),
        ("Last read", _when(system.read_at) or "never"),
        ("Ends if unused until", _when(system.told["unused_until"])),
        ("Ends for good", _when(system.told["ends_on"])),
    ]
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if value)
    notes = [str(note) for note in (system.told["warning"], system.error) if note]
    trouble = "".join(f'<p class="fix">{escape(note)}</p>' for note in notes)
    problem = " problem" if notes or state == "needs_reconnect" else ""
    return f"""<section class="card{problem}"><h2>{escape(system.title)}</h2>
<p class="{look}">{words}</p>
{trouble}<dl class="fields">{rows}</dl>
{_button(system, connected=state != "not_connected")}</section>"""


def _button(system: System, *, connected: bool) -> str:
    target = f"{PATH}/{escape(system.name)}"
    again = "Reconnect" if connected else "Connect"
    if system.by_consent:
        return f'<p><a class="button primary" href="{target}">{again} {escape(system.title)}</a></p>'
    word = "Test the connection" if connected else "Connect"
    return f"""<form method="post" action="{target}"><button class="primary">{word}</button></form>
<p class="quiet">Signs in with its own client id and secret; nobody has to agree anew.</p>"""


def _when(iso: object) -> str:
    if not iso:
        return ""
    at = datetime.fromisoformat(str(iso))
    return f'<time datetime="{escape(str(iso))}">{at:%d %B %Y}</time>'.replace(">0", ">")
