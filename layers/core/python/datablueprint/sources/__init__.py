"""Reads the systems of record and changes nothing in them.

In: settings, tokens, the vendors' APIs or dropped files. Out: records as text
for the raw zone, and checkpoints of what was read. Never: a write to a vendor,
or a decision about what a record means.
"""

from __future__ import annotations

from datablueprint.errors import SettingsError
from datablueprint.sources.base import Source
from datablueprint.sources.gusto import GUSTO
from datablueprint.sources.payroll_file import PAYROLL_FILE
from datablueprint.sources.procore import PROCORE
from datablueprint.sources.quickbooks_online import QUICKBOOKS_ONLINE

SOURCES: tuple[Source, ...] = (PROCORE, QUICKBOOKS_ONLINE, GUSTO, PAYROLL_FILE)


def by_name(name: str) -> Source:
    """The source of that name; SettingsError names the ones there are."""
    for source in SOURCES:
        if source.name == name:
            return source
    raise SettingsError(f"No connector named '{name}'. There are: {', '.join(s.name for s in SOURCES)}")
