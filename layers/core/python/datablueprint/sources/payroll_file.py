"""A payroll export is three CSV files in a folder; it is read as it stands, except what we have no business knowing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from datablueprint.errors import MalformedRecord
from datablueprint.sources.base import Record, Source, Stream
from datablueprint.sources.job import Job
from datablueprint.sources.paginators import unpaged

INBOX = "inbox/payroll_file/"
SET = ("pay_lines", "employer_cost", "run_control")
REFUSED_COLUMN = re.compile(
    r"ssn|social[ _-]?sec|tax[ _-]?payer|\btin\b|bank|routing|iban|account[ _-]?n|birth|(?<![a-z])dob(?![a-z])",
    re.IGNORECASE,
)
REFUSED_VALUE = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")
WITHHELD = "(withheld)"


@dataclass(frozen=True)
class Row:
    """One line of a file: where it stands (1 = first below the header) and its cells by column."""

    number: int
    cells: dict[str, str]


def files(job: Job) -> None:
    """Read this stream's file of each folder whose content is new; a changed file replaces its rows."""
    prefix = _inbox(job)
    hashes = job.checkpoint.value.setdefault("files", {})
    wanted = f"/{job.stream.name}.csv"
    found = [key for key in job.ports.files.list(prefix) if key.endswith(wanted)]
    for done, key in enumerate(found):
        content = job.ports.files.read(key)
        digest = hashlib.sha256(content).hexdigest()
        if hashes.get(key) == digest and not job.full:
            continue
        job.tell(done, len(found))
        try:
            _land(job, key, content, digest)
        except MalformedRecord as problem:
            job.refused(problem)
            continue
        job.answered()
        hashes[key] = digest
    _incomplete_sets(job, prefix, found)
    job.settle()


def _inbox(job: Job) -> str:
    account = job.client.settings.account or INBOX
    return account if account.endswith("/") else f"{account}/"


def _land(job: Job, key: str, content: bytes, digest: str) -> None:
    folder = key.split("/")[-2]
    records: dict[str, Record] = {}
    withheld: set[str] = set()
    for row in read_csv(job.source.title, key, content):
        cells = {name: _clean(value) for name, value in row.cells.items() if not REFUSED_COLUMN.search(name)}
        withheld |= {name for name in row.cells if name not in cells or cells[name] != row.cells[name]}
        run = cells.get("pay_run_id") or folder
        native_id = run if job.stream.name == "run_control" else f"{run}/{row.number}"
        payload = json.dumps(cells, ensure_ascii=False)
        records[native_id] = Record(native_id, run, payload, job.now, key, digest)
    known = {k for run in {r.parent_id for r in records.values()} for k in job.raw.identities(job.stream.name, run)}
    job.replace(list(records.values()), known, url=key)
    if withheld:
        job.problems.append(
            f"{job.source.title}: {key} held personal data in {', '.join(sorted(withheld))}, which was not stored. "
            "Leave these columns out of the export"
        )


def read_csv(title: str, key: str, content: bytes) -> Iterator[Row]:
    """Rows by column name. A row of another width still comes: surplus cells as `_extra`, missing ones absent."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        for line in reader:
            if not any(cell.strip() for cell in line):
                continue
            if not header:
                header = [name.strip() for name in line]
                _check_header(title, key, header)
                number = 0
                continue
            number += 1
            cells = dict(zip(header, line, strict=False))
            surplus = line[len(header) :]
            yield Row(number, cells | ({"_extra": ",".join(surplus)} if surplus else {}))
    except csv.Error as error:
        raise MalformedRecord(
            title,
            f"the file cannot be read as CSV near line {reader.line_num}: {error}",
            record=key,
            way_out="Export the file again; rows landed earlier stay in force",
        ) from error


def _check_header(title: str, key: str, header: list[str]) -> None:
    doubled = sorted({name for name in header if header.count(name) > 1})
    if "pay_run_id" in header and not doubled:
        return
    wrong = f"column {doubled[0]!r} appears twice" if doubled else "there is no column pay_run_id"
    raise MalformedRecord(
        title, wrong, record=key, way_out="The first line must name the columns, each once; export the file again"
    )


def _clean(value: str) -> str:
    return REFUSED_VALUE.sub(WITHHELD, value)


def _incomplete_sets(job: Job, prefix: str, found: list[str]) -> None:
    """Say once, with the control file, which folders lack a file."""
    if job.stream.name != "run_control":
        return
    folders: dict[str, set[str]] = {}
    for key in job.ports.files.list(prefix):
        folder, _, name = key.rpartition("/")
        folders.setdefault(folder, set()).add(name)
    for folder, names in sorted(folders.items()):
        missing = [f"{name}.csv" for name in SET if f"{name}.csv" not in names]
        if missing and any(f"{name}.csv" in names for name in SET):
            job.problems.append(
                f"{job.source.title}: {folder} lacks {', '.join(missing)}, so this pay run cannot be footed. "
                "Put all three files of a run into one folder"
            )


PAYROLL_FILE = Source(
    name="payroll_file",
    system="payroll_file",
    title="Payroll file",
    streams=tuple(Stream(name, "", files, kind="files") for name in SET),
    paging=unpaged,
)
