"""QuickBooks Online: pages once, then one change feed call for everything, and a report to hold it against."""

from __future__ import annotations

from collections.abc import Mapping

from datablueprint.errors import AuthExpired, PermissionMissing, RateLimited, SourceRefused, SourceUnavailable
from datablueprint.ports import Ports
from datablueprint.settings import SourceSettings
from datablueprint.sources.base import Grant, Source, Stream
from datablueprint.sources.failures import ASK_ADMIN, LATER, RECONNECT, Failure
from datablueprint.sources.pacing import OwnPace
from datablueprint.sources.paginators import start_position, unpaged
from datablueprint.sources.quickbooks_changes import ENTITIES, changes, load, time_activity, trial_balance

COMPANY = "/v3/company/{company}"

FAILURES: Mapping[int | str, Failure] = {
    "120": Failure("fail", PermissionMissing, "the connecting user may not read this ({said})", ASK_ADMIN),
    "610": Failure("absent", SourceRefused, "this does not exist any more (code 610)", "Refresh again"),
    "3001": Failure("wait", RateLimited, "the rate limit is used up (code 3001)", LATER, wait_seconds=60.0),
    "3100": Failure(
        "fail",
        PermissionMissing,
        "this company has not authorised the connection, or the token is of another environment (code 3100)",
        "Check realm and base_url in the settings, then reconnect {door}",
    ),
    "3200": Failure("renew", AuthExpired, "the access token was refused even after renewal (code 3200)", RECONNECT),
    "3201": Failure("fail", PermissionMissing, "the connecting user may not read this (code 3201)", ASK_ADMIN),
    "6190": Failure(
        "fail",
        PermissionMissing,
        "the QuickBooks subscription has ended or has a problem (code 6190)",
        "Settle the subscription in QuickBooks; the last published figures stay in force",
    ),
    "6002": Failure("retry", SourceUnavailable, "the request took too long at the vendor (code 6002)", LATER),
    "10000": Failure("retry", SourceUnavailable, "the vendor had an internal error (code 10000: {said})", LATER),
    429: Failure("wait", RateLimited, "the rate limit is used up ({status})", LATER, wait_seconds=60.0),
}


def plan(source: Source, ports: Ports, full: bool) -> list[str]:
    """Entity by entity until the first load is complete; afterwards one stream named `changes` lands them all."""
    memory = ports.state.get(f"checkpoint/{source.name}/changes")
    loaded = memory is not None and memory.value.get("watermark") is not None
    return [s.name for s in source.streams if s.steady or full or not loaded]


def _headers(settings: SourceSettings) -> Mapping[str, str]:
    return {"Accept": "application/json"}


def _entity(name: str) -> Stream:
    path = f"{COMPANY}/query"
    return Stream(name, path, load, records=("QueryResponse", name), key="Id", kind="query", steady=False)


QUICKBOOKS_ONLINE = Source(
    name="quickbooks_online",
    system="quickbooks",
    title="QuickBooks Online",
    streams=(
        *(_entity(name) for name in ENTITIES),
        Stream("changes", f"{COMPANY}/cdc", changes, paging=unpaged, key="Id", kind="cdc"),
        Stream(
            "TimeActivity",
            f"{COMPANY}/query",
            time_activity,
            records=("QueryResponse", "TimeActivity"),
            key="Id",
            kind="query",
        ),
        Stream("TrialBalance", f"{COMPANY}/reports/TrialBalance", trial_balance, records=None, kind="reports"),
    ),
    paging=start_position,
    failures=FAILURES,
    grant=Grant(
        "/oauth2/v1/tokens/bearer",
        "basic",
        "refresh_token",
        headers={"x-include-refresh-token-hard-expires-in": "true"},
        consent_path="/connect/oauth2",
        consent_url="https://appcenter.intuit.com",
        scope="com.intuit.quickbooks.accounting",
    ),
    pace=lambda: OwnPace(per_second=8, per_minute=500),
    headers=_headers,
    request_id="intuit_tid",
    extra_reads=(f"{COMPANY}/{{entity}}/{{id}}",),
    faults_in_success=True,
    plan=plan,
)
