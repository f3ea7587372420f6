"""Records are read once, one at a time, and either all rows of a record enter the tables or none does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from datablueprint.lake.conform.coding import Coding
from datablueprint.lake.conform.fields import Fields, Record, Unreadable
from datablueprint.settings import Settings
from datablueprint.tables import CONFORMED, record_id

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, object]
Rows = Iterable[tuple[str, Row]]
"""Table name and row; columns that are left out are null."""
Reader = Callable[[str, str], Sequence[Record]]
Records = Mapping[tuple[str, str], Sequence[Record]] | Reader

SYSTEMS = {"procore": "procore", "quickbooks_online": "quickbooks", "gusto": "gusto", "payroll_file": "payroll_file"}
"""Source name -> the system its record ids begin with."""
SPOKEN = {
    "procore": "Procore",
    "quickbooks_online": "QuickBooks",
    "gusto": "Gusto",
    "payroll_file": "Payroll file",
}
PARENTS = {
    "work_order_contract_line_items": ("work_order_contracts",),
    "purchase_order_contract_line_items": ("purchase_order_contracts",),
    "potential_change_order_line_items": ("potential_change_orders",),
    "change_order_requests": ("prime_contracts", "work_order_contracts", "purchase_order_contracts"),
}
"""Streams that are read under another record of a project; all others under the project or the company."""


class Inbox:
    """Everything one conforming pass reads from and writes to.

    `zone` is the tenant's: the only thing besides the records that decides a date.
    """

    def __init__(self, records: Records, settings: Settings) -> None:
        self.settings = settings
        self.zone = ZoneInfo(settings.time_zone)
        self._records = records
        self._live: dict[tuple[str, str], list[Record]] = {}
        self._parsed: dict[tuple[str, str], list[Fields]] = {}
        self._rejected: set[tuple[str, str]] = set()
        self._rows: dict[str, list[Row]] = {table.name: [] for table in CONFORMED}

    @cached_property
    def coding(self) -> Coding:
        """How Procore lines name their cost code and type."""
        return Coding(self.records("procore", "line_item_types"), self.records("procore", "wbs_codes"))

    @cached_property
    def budget_line_homes(self) -> dict[str, str]:
        """Native budget line id -> native project id: line items are read one by one, below their row."""
        homes = {}
        for fields in self.records("procore", "budget_rows"):
            try:
                line = fields.maybe_text("id")
            except Unreadable:
                continue
            if line and fields.record.parent_id:
                homes[line] = fields.record.parent_id
        return homes

    def records(self, source: str, stream: str) -> list[Fields]:
        """Live records in the order given, kept for whoever asks again."""
        place = (source, stream)
        if place not in self._parsed:
            self._parsed[place] = list(self._parse(source, stream))
        return self._parsed[place]

    def each(self, source: str, stream: str, read: Callable[[Fields], Rows]) -> None:
        """Give every live record to `read` and keep its rows, or one reject instead of them.

        Records that nobody kept are parsed one by one and forgotten: timecards are many.
        """
        for fields in self._parsed.get((source, stream)) or self._parse(source, stream):
            try:
                rows = list(read(fields))
            except Unreadable as error:
                self.reject(fields.record, error)
                continue
            for table, row in rows:
                self._rows[table].append(row)

    def add(self, table: str, row: Row) -> None:
        """A row that stands for no single record."""
        self._rows[table].append(row)

    def rows(self, table: str) -> list[Row]:
        """The rows so far, for a family that builds on an earlier one."""
        return self._rows[table]

    def reject(self, record: Record, error: Unreadable) -> None:
        """One sentence about one record, in place of its rows."""
        if (record.record_id, error.pointer) in self._rejected:
            return
        self._rejected.add((record.record_id, error.pointer))
        system = SPOKEN[record.source]
        self.add(
            "rejects",
            {
                "record_id": record.record_id,
                "system": SYSTEMS[record.source],
                "field": error.pointer,
                "sentence": f"{system} {_place(record, error.pointer)} {error.problem}.",
                "way_out": error.way_out or f"Correct it in {system} and refresh; until then none of it is counted.",
                "project_record_id": self._project(record),
            },
        )

    def tables(self) -> dict[str, pa.Table]:
        """Every conformed table, with exactly its schema, sorted by its key."""
        import pyarrow as pa

        made = {}
        for table in CONFORMED:
            key = table.key
            rows = sorted(self._rows[table.name], key=lambda row: tuple([row[name] for name in key]))
            schema = table.schema()
            columns = [pa.array([row.get(field.name) for row in rows], type=field.type) for field in schema]
            made[table.name] = pa.Table.from_arrays(columns, schema=schema)
        return made

    def _parse(self, source: str, stream: str) -> Iterator[Fields]:
        """Live records, less those Procore itself marks deleted; what is not JSON is rejected here."""
        for record in self._raw(source, stream):
            try:
                fields = Fields.of(record)
                gone = source == "procore" and fields.maybe_text("deleted_at") is not None
            except Unreadable as error:
                self.reject(record, error)
                continue
            if not gone:
                yield fields

    def _raw(self, source: str, stream: str) -> list[Record]:
        place = (source, stream)
        if place not in self._live:
            given = self._records
            found = given.get(place, ()) if isinstance(given, Mapping) else given(source, stream)
            self._live[place] = [record for record in found if not record.deleted]
        return self._live[place]

    def _project(self, record: Record) -> str | None:
        """The project a record that cannot be read belongs to, from what is around its fields."""
        if record.source == "quickbooks_online":
            return self._only_job(record)
        if record.source != "procore":
            return None
        parent = record.native_id if record.stream == "projects" else record.parent_id
        if record.stream in PARENTS:
            holders = [holder for stream in PARENTS[record.stream] for holder in self._raw("procore", stream)]
            parent = next((holder.parent_id for holder in holders if holder.native_id == parent), None)
        elif record.stream == "budget_line_items":
            parent = self.budget_line_homes.get(parent or "")
        if parent is None:
            try:
                fields = Fields.of(record)
                parent = fields.maybe_text("project", "id") or fields.maybe_text("project_id")
            except Unreadable:
                return None
        return record_id("procore", "projects", parent) if parent else None

    def _only_job(self, record: Record) -> str | None:
        """The customer tag of a transaction's lines when they all carry the same one."""
        jobs = set()
        try:
            for line in Fields.of(record).each("Line"):
                detail = line.maybe_text("DetailType")
                if detail:
                    jobs.add(line.maybe_text(detail, "CustomerRef", "value"))
        except Unreadable:
            return None
        jobs.discard(None)
        return record_id("quickbooks", "Customer", jobs.pop()) if len(jobs) == 1 else None


def _place(record: Record, pointer: str) -> str:
    """Where a person finds the field: record and field, or file, row and column."""
    if record.source == "payroll_file":
        run, _, row = record.native_id.partition("/")
        return f"{record.stream}.csv of {run}" + f", row {row}" * bool(row) + f", column {pointer[1:]}" * bool(pointer)
    return f"{record.stream} {record.native_id}: " + (f"field {pointer}" if pointer else "the record")
