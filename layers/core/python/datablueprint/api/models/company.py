"""The company as a whole: status, links to review, the start page, the vocabulary."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from datablueprint.api.models.common import DecimalText, Fresh, Given, Taken, example
from datablueprint.api.models.figures import MetricInfo, PortfolioRow, ProjectInfo
from datablueprint.api.models.questions import SavedQuestion


class Coverage(Given):
    measure: str
    bucket: str
    """Where it was seen: in both systems, in one, unassigned, excluded."""
    amount: DecimalText | None
    facts: int


class TieOut(Given):
    """Two independent ways to the same sum."""

    tieout: str
    scope: str
    period: str
    left_label: str
    left_amount: DecimalText | None
    right_label: str
    right_amount: DecimalText | None
    difference: DecimalText | None
    tolerance: DecimalText | None
    holds: bool
    sentence: str


class Finding(Given):
    level: Literal["info", "warning", "error"]
    kind: str
    amount: DecimalText | None
    sentence: str
    way_out: str | None


class Reject(Given):
    record_id: str
    field: str
    sentence: str
    way_out: str | None


class Held(Given):
    held: int
    of: int


class Sync(Given):
    """What Procore and QuickBooks share."""

    states: list[dict[str, Any]]
    orphans: list[dict[str, Any]]
    """In one system only, the largest first; at most 200."""
    orphan_count: int
    unseen: str
    """What cannot be known."""


class Status(Given):
    """What is published, how fresh it is, and what does not fit together."""

    company: str
    snapshot: str | None
    built_at: datetime | None
    as_of: date | None
    freshness: dict[str, Fresh]
    calls: dict[str, Any]
    """API calls used, by system."""
    coverage: list[Coverage]
    tieouts: list[TieOut]
    """Those that do not hold, at most 200."""
    tieout_counts: dict[str, Held]
    """By tie-out: how many comparisons hold."""
    findings: list[Finding]
    """Errors first, then the largest; at most 200."""
    finding_count: int
    rejects: list[Reject]
    """Fields that could not be read; at most 200."""
    reject_count: int
    sync: Sync | None = None
    """Only with ?sync=true."""


class Link(Given):
    """Two records that may be one thing."""

    model_config = example(
        link_id="link_60963533b17d",
        kind="vendor",
        state="proposed",
        dollars="38216.50",
        confidence="0.90",
        evidence=["the names are the same but for abbreviations"],
        decided_by="similar name",
        left_record_id="procore:vendors:61",
        left_name="Volt LLC",
        right_record_id="quickbooks:Vendor:30",
        right_name="Volt",
        decided_since=None,
        withheld=None,
    )

    link_id: str
    kind: Literal["project", "vendor", "employee", "cost_code", "contract"]
    state: Literal["automatic", "proposed", "accepted", "rejected"]
    dollars: DecimalText | None
    """How much moves if the link is wrong; null where `withheld` says why."""
    confidence: DecimalText
    evidence: list[str]
    decided_by: str
    left_record_id: str
    left_name: str | None
    right_record_id: str
    right_name: str | None
    decided_since: Literal["accepted", "rejected"] | None
    """A decision that the next refresh will use."""
    withheld: str | None = None


class Links(Given):
    links: list[Link]
    """Most dollars first."""
    state: Literal["proposed", "all"]
    total: int
    next_cursor: str | None = None


class Decision(Taken):
    """Whether the two records are the same thing."""

    decision: Literal["accepted", "rejected"]


class Decided(Given):
    model_config = example(
        link_id="link_60963533b17d", decision="accepted", by="ann@example.com", at="2026-11-20T19:00:00Z"
    )

    link_id: str
    decision: Literal["accepted", "rejected", "undone"]
    by: str
    at: datetime | None = None


class Review(Given):
    count: int
    dollars: DecimalText | None
    """How much all of them move, but for what `withheld` names; null when nothing else moves."""
    withheld: str | None = None
    links: list[Link]
    """The costliest five."""


class Start(Given):
    """What the first page shows."""

    company: str
    as_of: date
    snapshot: str
    engine: str
    portfolio: list[PortfolioRow]
    """Active projects, the one that moved most first."""
    since: date
    """The month end that movement is counted from."""
    review: Review
    starters: list[str]
    """Questions that can be answered from these data."""
    freshness: dict[str, Fresh]
    coverage: list[Coverage]
    saved: list[SavedQuestion]


class Named(Given):
    key: str
    name: str


class Days(Given):
    newest: date
    oldest: date
    """The earliest day whose knowledge is kept (`known_at`)."""
    month_ends: list[date]


class Vocabulary(Given):
    """What a guided question can be put together from."""

    metrics: list[MetricInfo]
    projects: list[ProjectInfo]
    managers: list[str]
    customers: list[str]
    codes: list[Named]
    contract_types: list[str]
    scenarios: list[str]
    """How assumptions are spelled."""
    days: Days


class Removed(Given):
    """What was deleted."""

    model_config = example(name="all goes well", deleted=True)

    name: str
    deleted: Literal[True]
