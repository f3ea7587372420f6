"""How a source says there is more: one function per dialect, and one rule for knowing that all of it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from datablueprint.errors import IncompleteRead, MalformedRecord
from datablueprint.sources import jsontext
from datablueprint.sources.jsontext import Slice

if TYPE_CHECKING:
    from datablueprint.sources.client import Client, Reply


@dataclass(frozen=True)
class Call:
    """One list to read. `about` names it in sentences: "requisitions of project 222"."""

    path: str
    about: str
    params: Mapping[str, str] = field(default_factory=dict)
    records: tuple[str | int, ...] = ()
    kind: str = "lists"
    page_size: int = 1000
    missing_ok: bool = False


@dataclass(frozen=True)
class Page:
    records: list[Slice]
    reply: Reply
    announced: int | None = None
    """How many rows the vendor says the whole list has."""


Paginator = Callable[["Client", Call], Iterator[Page]]
Row = tuple[Slice, "Reply"]


def read_list(client: Client, call: Call, paging: Paginator, key: Callable[[Any], str]) -> list[Row] | None:
    """All rows of a list, each key once; None when the list is absent and that was allowed.

    A list that moved while it was read (another total, or not as many rows as
    announced) is read once more; IncompleteRead if it moves again.
    """
    announced: set[int] = set()
    rows: dict[str, Row] = {}
    for _ in range(2):
        announced, rows, pages = set(), {}, 0
        for page in paging(client, call):
            pages += 1
            announced |= {page.announced} if page.announced is not None else set()
            rows |= {key(record.value): (record, page.reply) for record in page.records}
        if not pages:
            return None
        if not announced or announced == {len(rows)}:
            return list(rows.values())
    raise IncompleteRead(
        client.source.title,
        f"announced {' then '.join(map(str, sorted(announced)))} rows and sent {len(rows)}, twice",
        record=call.about,
        way_out="Nothing was taken as deleted; the next refresh reads this list again",
    )


def unpaged(client: Client, call: Call) -> Iterator[Page]:
    """The whole list in one answer."""
    reply = _get(client, call, call.path, call.params)
    if reply:
        yield Page(_records(client, call, reply), reply)


def link_header(client: Client, call: Call) -> Iterator[Page]:
    """Procore: follow `Link: <...>; rel="next"`; `Total` is the row count."""
    path, params = call.path, {**call.params, "page": "1", "per_page": str(call.page_size)}
    while path:
        reply = _get(client, call, path, params)
        if not reply:
            return
        yield Page(_records(client, call, reply), reply, _whole(reply.headers.get("Total")))
        path, params = _next_link(reply.headers.get("Link", "")), {}


def page_numbers(client: Client, call: Call) -> Iterator[Page]:
    """Gusto: `page` and `per`; X-Total-Pages and X-Total-Count say how much there is."""
    number, last = 1, 1
    while number <= last:
        params = {**call.params, "page": str(number), "per": str(call.page_size)}
        reply = _get(client, call, call.path, params)
        if not reply:
            return
        yield Page(_records(client, call, reply), reply, _whole(reply.headers.get("X-Total-Count")))
        last = _whole(reply.headers.get("X-Total-Pages")) or 1
        number += 1


def start_position(client: Client, call: Call, first: int = 1) -> Iterator[Page]:
    """QuickBooks: STARTPOSITION counts from 1 and a short page is the last; totals are not reliable."""
    position = first
    while True:
        statement = f"{call.params['query']} STARTPOSITION {position} MAXRESULTS {call.page_size}"
        reply = _get(client, call, call.path, {**call.params, "query": statement})
        if not reply:
            return
        records = _records(client, call, reply)
        yield Page(records, reply)
        if len(records) < call.page_size:
            return
        position += len(records)


def one_record(client: Client, call: Call) -> Iterator[Page]:
    """The answer itself is the record."""
    reply = _get(client, call, call.path, call.params)
    if reply:
        found = jsontext.slice_at(reply.text, *call.records)
        yield Page([found] if found else [], reply)


def _get(client: Client, call: Call, path: str, params: Mapping[str, str]) -> Reply | None:
    return client.get(path, params, kind=call.kind, about=call.about, missing_ok=call.missing_ok)


def _records(client: Client, call: Call, reply: Reply) -> list[Slice]:
    try:
        return jsontext.elements(reply.text, *call.records)
    except jsontext.NotJson as error:
        raise MalformedRecord(
            client.source.title,
            f"the answer has another shape than documented: {error}",
            record=call.about,
            way_out="Nothing of it was kept; report this sentence, the earlier records stay in force",
        ) from error


def _next_link(header: str) -> str:
    """Path and query of rel="next"; "" on the last page. The host is ours, whatever the link says."""
    for target, attributes in re.findall(r"<([^>]*)>([^,]*)", header):
        if re.search(r'rel="?next"?', attributes):
            return httpx.URL(target).raw_path.decode("ascii")
    return ""


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
