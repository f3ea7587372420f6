"""A webhook is a hint that a source has changed and nothing more; the scheduled refresh is the truth.

* signatures   is a delivery the vendor's own, judged on its bytes
* notices      whose account it speaks of, and what to call it
* reception    from the vendor's call to a stored event and a message
* board        who is refreshed, who waits, and when: pure rules over one document
* coalescer    messages to a due time
* starter      the only one who starts a refresh
"""

from __future__ import annotations

SOURCES = ("procore", "quickbooks_online", "gusto")
"""Systems that call us."""


def secret_name(tenant: str, source: str) -> str:
    """Where the keys of a source's deliveries are: fields `key`, and `previous` while one is being replaced."""
    return f"datablueprint/{tenant}/hooks/{source}"


def folder(source: str, day: str) -> str:
    """Where a day's deliveries are kept, as they came; `day` is ISO, UTC."""
    return f"hooks/source={source}/day={day}/"
