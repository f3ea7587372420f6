"""The change feed forgets after 30 days and cuts at 1,000 objects without a word; both ends are watched here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from datablueprint.errors import IncompleteRead, MalformedRecord
from datablueprint.sources import jsontext
from datablueprint.sources.base import Record
from datablueprint.sources.client import Reply
from datablueprint.sources.job import Job, iso
from datablueprint.sources.jsontext import Slice
from datablueprint.sources.paginators import Call, start_position

LISTS = ("Account", "Customer", "Vendor", "Item", "Employee", "Class")
"""Active rows only, unless both are asked for."""
SINGLETONS = ("CompanyInfo", "Preferences")
TRANSACTIONS = (
    "Bill",
    "Purchase",
    "VendorCredit",
    "JournalEntry",
    "Invoice",
    "CreditMemo",
    "Payment",
    "BillPayment",
    "Deposit",
    "SalesReceipt",
    "RefundReceipt",
    "Transfer",
    "Estimate",
    "PurchaseOrder",
)
ENTITIES = (*SINGLETONS, *LISTS, *TRANSACTIONS)
"""All that the change feed reports on; TimeActivity is not among it."""

OVERLAP = timedelta(minutes=10)
FEED_REACHES = timedelta(days=29, hours=12)
FEED_MOST = 1000
RELIST = timedelta(days=7)


def load(job: Job) -> None:
    """Every row of one entity, by pages; the change feed that follows covers what moved meanwhile."""
    _load(job, job.stream.name)


def changes(job: Job) -> None:
    """One call for all entities since the watermark, which is the server's time less an overlap.

    Without a watermark, in a full run, or when the feed no longer reaches back
    far enough, entities that are not loaded yet are loaded first.
    """
    memory = job.checkpoint.value
    since = memory.get("watermark")
    if since is None or job.full or job.older(since, FEED_REACHES):
        stale = since is not None or job.full
        since = min(_loaded(job, entity, stale) for entity in ENTITIES)
    heard = _read_feed(job, ENTITIES, since)
    memory["watermark"] = job.watermark = (heard - OVERLAP).isoformat()


def time_activity(job: Job) -> None:
    """By a query on LastUpdatedTime, and once a week whole, because deletions show nowhere else."""
    memory = job.checkpoint.value
    since = memory.get("watermark")
    if since is None or job.full or job.older(memory.get("listed_at"), RELIST):
        started = datetime.fromisoformat(_load(job, "TimeActivity"))
        memory["listed_at"] = job.now.isoformat()
    else:
        started = _changed_since(job, "TimeActivity", since)
    memory["watermark"] = job.watermark = (started - OVERLAP).isoformat()


def trial_balance(job: Job) -> None:
    """The whole history on the accrual basis as one control total; lands when more than its time stamp differs."""
    today = job.ports.today().isoformat()
    params = {"start_date": "2000-01-01", "end_date": today, "accounting_method": "Accrual", "minorversion": "75"}
    call = job.call(params)
    reply = job.client.read(call.path, call.params, kind=call.kind, about=call.about)
    report = jsontext.slice_at(reply.text)
    assert report
    _check_header(job, report.value, today)
    content = _without_time(report.value)
    if content != job.checkpoint.value.get("content") or not job.raw.identities(job.stream.name):
        job.add([job.record(report, reply, native_id="Accrual")])
    job.checkpoint.value["content"] = content


# -- loading -----------------------------------------------------------------------------------------


def _loaded(job: Job, entity: str, stale: bool) -> str:
    """Server time at which a complete load of this entity began; loads it now where there is none to use."""
    note = job.remember(entity).value.get("loaded")
    if note and (note["run"] == job.run_id or not (stale or job.older(note["started"], FEED_REACHES))):
        return str(note["started"])
    return _load(job, entity)


def _load(job: Job, entity: str) -> str:
    """Read all pages, twice if the count disagrees; returns the server's time of the first page."""
    memory = job.remember(entity).value
    for _ in range(2):
        started, complete = _read_pages(job, entity)
        memory.pop("load", None)
        if complete:
            memory["loaded"] = {"run": job.run_id, "started": started}
            return started
    raise IncompleteRead(
        job.source.title,
        "fewer rows came than count(*) says there are, twice",
        record=entity,
        way_out="Nothing was taken as deleted; the next refresh reads it again",
    )


def _read_pages(job: Job, entity: str) -> tuple[str, bool]:
    """One pass over the pages. A first load goes on after a pause; any other pass begins again."""
    memory = job.remember(entity).value
    known = set(job.raw.identities(entity))
    place = memory.get("load") or {}
    going_on = bool(place.get("first")) and place.get("run") == job.run_id
    if not going_on:
        place = {"run": job.run_id, "next": 1, "started": None, "first": not known}
    call = _query(job, entity)
    seen: set[str] = set()
    pages = 0
    for page in start_position(job.client, call, first=int(place["next"])):
        place["started"] = place["started"] or _server_time(job, page.reply)
        records = [job.record(piece, page.reply) for piece in page.records]
        seen |= {record.native_id for record in records}
        job.add(records, entity)
        pages += 1
        place["next"] = int(place["next"]) + len(records)
        memory["load"] = dict(place)
        job.tell(pages, pages)
        job.breathe()
    found = len(seen | known) if going_on else len(seen)
    if (pages > 1 or going_on) and found < _count(job, entity):
        return str(place["started"]), False
    if not going_on:
        job.forget(known - seen, url=call.path, stream=entity)
    return str(place["started"]), True


def _changed_since(job: Job, entity: str, since: str) -> datetime:
    call = _query(job, entity, f"MetaData.LastUpdatedTime >= '{since}'", "MetaData.LastUpdatedTime")
    times = []
    for page in start_position(job.client, call):
        times.append(_server_time(job, page.reply))
        job.add((job.record(piece, page.reply) for piece in page.records), entity)
    return datetime.fromisoformat(min(times))


def _query(job: Job, entity: str, where: str = "", order: str = "Id") -> Call:
    conditions = [c for c in (where, "Active IN (true, false)" if entity in LISTS else "") if c]
    statement = f"SELECT * FROM {entity}"
    statement += f" WHERE {' AND '.join(conditions)}" if conditions else ""
    statement += f" ORDERBY {order}" if entity not in SINGLETONS else ""
    return Call(
        path=f"/v3/company/{job.client.settings.account}/query",
        about=entity,
        params={"query": statement, "minorversion": "75"},
        records=("QueryResponse", entity),
        kind="query",
    )


def _count(job: Job, entity: str) -> int:
    statement = f"SELECT count(*) FROM {entity}"
    statement += " WHERE Active IN (true, false)" if entity in LISTS else ""
    call = _query(job, entity)
    params = {**call.params, "query": statement}
    reply = job.client.read(call.path, params, kind="query", about=f"count of {entity}")
    found = jsontext.slice_at(reply.text, "QueryResponse", "totalCount")
    return int(found.value) if found and isinstance(found.value, int) else 0


# -- the change feed ---------------------------------------------------------------------------------


def _read_feed(job: Job, entities: Sequence[str], since: str) -> datetime:
    """Land what changed; a feed that may have been cut is asked again in halves, then replaced by a load."""
    job.breathe()
    call = job.call({"entities": ",".join(entities), "changedSince": _feed_time(since), "minorversion": "75"})
    reply = job.client.read(call.path, call.params, kind="cdc", about=f"changes since {since}")
    blocks = _blocks(reply)
    if sum(len(pieces) for block in blocks for pieces in block.values()) >= FEED_MOST:
        return _read_cut_feed(job, entities, since)
    heard = datetime.fromisoformat(_server_time(job, reply))
    for position, block in enumerate(blocks):
        if not {"Fault", "fault"} & set(block):
            for entity, pieces in block.items():
                job.add([_change(job, entity, piece, reply) for piece in pieces], entity)
        elif position < len(entities):
            heard = min(heard, datetime.fromisoformat(_load(job, entities[position])))
    return heard


def _read_cut_feed(job: Job, entities: Sequence[str], since: str) -> datetime:
    if len(entities) == 1:
        return datetime.fromisoformat(_load(job, entities[0]))
    middle = len(entities) // 2
    return min(_read_feed(job, entities[:middle], since), _read_feed(job, entities[middle:], since))


def _blocks(reply: Reply) -> list[dict[str, list[Slice]]]:
    """Per QueryResponse of the feed its lists by entity; a Fault inside one is kept as an empty list."""
    found = []
    for block in jsontext.elements(reply.text, "CDCResponse", 0, "QueryResponse"):
        members = jsontext.members(block.text)
        lists = {name: jsontext.elements(m.text) for name, m in members.items() if isinstance(m.value, list)}
        found.append(lists | {name: [] for name in ("Fault", "fault") if name in members})
    return found


def _change(job: Job, entity: str, piece: Slice, reply: Reply) -> Record:
    """A changed record, or a tombstone once a read of its own has confirmed that it is gone."""
    if not isinstance(piece.value, dict) or piece.value.get("status") != "Deleted":
        return job.record(piece, reply)
    native_id = job.key(piece.value)
    if native_id in job.raw.identities(entity):
        path = f"/v3/company/{job.client.settings.account}/{entity.lower()}/{native_id}"
        alive = job.client.get(
            path, {"minorversion": "75"}, kind="confirm", about=f"{entity} {native_id}", missing_ok=True
        )
        found = jsontext.slice_at(alive.text, entity) if alive else None
        if alive and found:
            return job.record(found, alive)
    return job.record(piece, reply, deleted=True)


def _feed_time(since: str) -> str:
    return iso(datetime.fromisoformat(since))


def _server_time(job: Job, reply: Reply) -> str:
    """The server's own clock, which alone may set a watermark: LastUpdatedTime can lie in the future."""
    found = jsontext.slice_at(reply.text, "time")
    try:
        return datetime.fromisoformat(str(found.value if found else "")).isoformat()
    except ValueError as error:
        raise MalformedRecord(
            job.source.title,
            "the answer carries no server time, so no watermark can be set",
            record=job.stream.name,
            way_out="Nothing was lost: the same span is read again by the next refresh",
        ) from error


# -- the control total -------------------------------------------------------------------------------


def _check_header(job: Job, report: Any, today: str) -> None:
    """Unknown report parameters are ignored in silence, so what came back is compared with what was asked."""
    header = report.get("Header", {}) if isinstance(report, dict) else {}
    asked = {"ReportBasis": "Accrual", "EndPeriod": today}
    wrong = [f"{name} is {header.get(name)}" for name, value in asked.items() if header.get(name) != value]
    if wrong:
        raise MalformedRecord(
            job.source.title,
            f"the trial balance is not the one asked for ({', '.join(wrong)})",
            record="TrialBalance",
            way_out="It was not kept; report this sentence, the entities themselves are not affected",
        )


def _without_time(report: Any) -> str:
    header = {k: v for k, v in report["Header"].items() if k != "Time"}
    text = json.dumps({**report, "Header": header}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
