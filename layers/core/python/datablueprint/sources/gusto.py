"""Gusto: it knows what a pay run cost per employee, and nothing of the job the hours were for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from datablueprint.settings import SourceSettings
from datablueprint.sources.base import Grant, Known, Parent, Record, Source, Stream
from datablueprint.sources.job import Job
from datablueprint.sources.jsontext import parse
from datablueprint.sources.pacing import HeaderWindow
from datablueprint.sources.paginators import one_record, page_numbers
from datablueprint.sources.reading import children, whole_list

API_VERSION = "2026-06-15"
AHEAD = timedelta(days=60)
BACK = timedelta(days=60)
YEAR = timedelta(days=364)
LEAST_YEARS, MOST_YEARS = 3, 15


def _headers(settings: SourceSettings) -> Mapping[str, str]:
    return {"X-Gusto-API-Version": API_VERSION}


def payrolls(job: Job) -> None:
    """The last 60 days every time; at first year by year into the past, beyond the third until one has no payroll.

    Within the days that were read, a payroll that is known and did not come is gone.
    """
    last = job.now.date() + AHEAD
    first_time = job.full or job.checkpoint.value.get("watermark") is None
    span = YEAR if first_time else BACK + AHEAD
    read: list[Record] = []
    for done in range(MOST_YEARS if first_time else 1):
        job.tell(done, done + 1)
        start, end = last - span, last
        found = job.fetch(job.call({"start_date": start.isoformat(), "end_date": end.isoformat()})) or []
        read += found
        if not found and done + 1 >= LEAST_YEARS:
            break
        last = start - timedelta(days=1)
    begin = "" if job.full else start.isoformat()
    known = [r.native_id for r in job.live(job.stream.name) if begin <= _period(r).get("start_date", "")]
    job.replace(read, known, url=job.call().path)
    job.checkpoint.value["watermark"] = job.watermark = job.now.isoformat()


def _period(payroll: Known) -> Mapping[str, str]:
    found: Mapping[str, str] = parse(payroll.payload).get("pay_period") or {}
    return found


def _payroll_parents(job: Job) -> Sequence[Parent]:
    """Every processed payroll; its people are read again only when its header changed."""
    found = []
    for record in job.live("payrolls"):
        year = str(parse(record.payload).get("check_date") or "undated")[:4]
        found.append(Parent(record.native_id, year, record.content_hash, open=False))
    return found


def _payroll_key(value: Mapping[str, Any], _: str | None) -> str | None:
    return value.get("payroll_uuid") or value.get("uuid")


def _compensation_key(value: Mapping[str, Any], payroll: str | None) -> str | None:
    employee = value.get("employee_uuid")
    return f"{payroll}/{employee}" if employee else None


GUSTO = Source(
    name="gusto",
    system="gusto",
    title="Gusto",
    kept=frozenset({"payrolls"}),
    streams=(
        Stream(
            "companies",
            "/v1/companies/{company}",
            whole_list,
            records=None,
            key="uuid",
            paging=one_record,
            kind="records",
        ),
        Stream("employees", "/v1/companies/{company}/employees", whole_list, key="uuid", page_size=100, guarded=True),
        Stream(
            "payrolls",
            "/v1/companies/{company}/payrolls",
            payrolls,
            {
                "processing_statuses": "processed",
                "payroll_types": "regular,off_cycle,external",
                "include": "taxes,totals",
            },
            key=_payroll_key,
            page_size=100,
        ),
        Stream(
            "employee_compensations",
            "/v1/companies/{company}/payrolls/{parent}",
            children,
            {"include": "taxes,benefits"},
            records=("employee_compensations",),
            key=_compensation_key,
            page_size=100,
            parents=_payroll_parents,
            kind="records",
        ),
    ),
    paging=page_numbers,
    grant=Grant("/oauth/token", "form", "refresh_token", renew_before=timedelta(seconds=60)),
    pace=lambda: HeaderWindow("X-RateLimit"),
    headers=_headers,
)
