"""Reading again costs little, finds everything that changed, and ends where a full reload would."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from datablueprint import steps
from datablueprint.ports import Files, Ports
from datablueprint.sources.procore import PROCORE
from datablueprint.sources.reading import dated_list, per_project
from datablueprint.tables import BY_NAME, RAW
from local.sandbox.servers.store import Record
from tests.golden.conftest import Company, Make


@dataclass(frozen=True)
class OfAnExtractor:
    """`Files` as far as the role of an extractor goes in AWS: it adds to raw and never looks there."""

    files: Files
    source: str

    def read(self, key: str) -> bytes:
        self._check(key, "index/", "inbox/")
        return self.files.read(key)

    def list(self, prefix: str) -> Iterator[str]:
        self._check(prefix, "index/", "inbox/")
        return self.files.list(prefix)

    def write(self, key: str, content: bytes) -> None:
        self._check(key, "index/", "raw/")
        self.files.write(key, content)

    def delete(self, key: str) -> None:
        raise PermissionError(key)

    def _check(self, key: str, *zones: str) -> None:
        own = [zone if zone == "inbox/" else f"{zone}source={self.source}/" for zone in zones]
        if not key.startswith(tuple(own)) or (key.startswith("inbox/") and self.source != "payroll_file"):
            raise PermissionError(f"{self.source} may not touch {key}")


@pytest.fixture(autouse=True)
def extractors_see_no_lake(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here is tested with the rights that extractors have in AWS."""
    extract = steps.extract

    def confined(source: str, request: steps.ExtractRequest, ports: Ports) -> steps.Extracted:
        return extract(source, request, replace(ports, files=OfAnExtractor(ports.files, source)))

    monkeypatch.setattr(steps, "extract", confined)


def landed(output: dict[str, Any]) -> int:
    streams = [s for o in output["outcomes"] for s in o["streams"]]
    return sum(s[kind] for s in streams for kind in ("new", "changed", "deleted"))


def test_a_second_refresh_with_nothing_changed_lands_nothing_and_asks_little(company: Make):
    made = company(seed=11, jobs=8)
    before = {vendor: made.sandbox.calls(vendor) for vendor in ("procore", "quickbooks")}

    output = made.refresh()

    asked = {vendor: made.sandbox.calls(vendor) - before[vendor] for vendor in before}
    project_lists = sum(1 for s in PROCORE.streams if s.read is per_project and s.cycle is None)
    company_lists = sum(
        1 + len(s.also) + (s.read is dated_list)  # entries that changed and entries that were deleted are two lists
        for s in PROCORE.streams
        if s.parents is None and s.read is not per_project and s.cycle is None
    )
    projects = made.sandbox.records("procore", "projects")
    active = sum(1 for p in projects if p["active"])
    print(f"calls {asked}; {project_lists} lists x {active} active projects, {company_lists} company lists")
    assert landed(output) == 0
    assert output["unchanged"] is True
    assert asked["quickbooks"] <= 3
    assert asked["procore"] <= project_lists * active + company_lists


def test_scattered_edits_a_deletion_and_a_void_end_where_a_full_reload_ends(fresh_company: Make, tmp_path: Path):
    made = fresh_company(jobs=8)
    edits = list(scattered(made, random.Random(5)))
    for vendor, collection, key, changes in edits:
        made.sandbox.edit(vendor, collection, key, changes)
    bills = [
        b for b in made.sandbox.records("quickbooks", "Bill") if not str(b.get("PrivateNote")).startswith("Voided")
    ]
    made.sandbox.delete("quickbooks", "Bill", bills[-1]["Id"])
    made.sandbox.void_quickbooks("Bill", bills[-2]["Id"])

    output = made.refresh()

    assert len(edits) == 20
    assert landed(output) >= 22
    whole = made.another_home(tmp_path / "whole")
    whole.refresh(full=True)
    assert differences(made, whole) == []


def test_a_full_refresh_of_the_same_records_changes_no_table(fresh_company: Make):
    made = fresh_company(jobs=8)
    first = tables(made)

    output = made.refresh(full=True)

    assert landed(output) == 0
    assert output["published"] is not None
    assert tables(made) == first


def test_a_lake_from_before_there_was_an_index_gets_one_and_lands_nothing_twice(fresh_company: Make):
    made = fresh_company(jobs=8)
    index = made.home.path / "files" / "index"
    before = {path.relative_to(index): path.read_bytes() for path in index.rglob("*.parquet")}
    shutil.rmtree(index)

    output = made.refresh()

    assert landed(output) == 0
    assert {path.relative_to(index) for path in index.rglob("*.parquet")} == set(before)


def test_nothing_but_reads_ever_reached_a_vendor(company: Make):
    made = company(seed=11, jobs=8)

    assert made.sandbox.write_attempts == []
    assert {r.method for r in made.sandbox.requests if "token" not in r.path} == {"GET"}


def tables(made: Company) -> dict[str, list[dict[str, Any]]]:
    desk = made.desk()
    names = [name for name in BY_NAME if BY_NAME[name] is not RAW]
    return {name: desk.table(name) for name in names}


def differences(left: Company, right: Company) -> list[str]:
    """Tables that differ, with the first differing row of each."""
    a, b = tables(left), tables(right)
    found = []
    for name in a:
        only = [r for r in a[name] if r not in b[name]][:1] + [r for r in b[name] if r not in a[name]][:1]
        if a[name] != b[name]:
            found.append(f"{name}: {len(a[name])} and {len(b[name])} rows; {only}")
    return found


def scattered(made: Company, dice: random.Random) -> Iterator[tuple[str, str, object, Record]]:
    """Twenty edits that people make in a week, over three systems and many kinds of record."""
    read = made.sandbox.records
    projects = [p for p in read("procore", "projects") if p["active"]]
    active = {p["id"] for p in projects}

    def of_active(collection: str) -> Record:
        held = read("procore", collection)
        return dice.choice([r for r in held if r.get("_project_id") in active and not r.get("_private")])

    for collection, field, value in (
        ("projects", "name", "Renamed Project"),
        ("prime_contracts", "grand_total", "1234567.89"),
        ("change_order_packages", "status", "void"),
        ("change_order_packages", "grand_total", "777.77"),
        ("potential_change_orders", "title", "Another title"),
        ("requisitions", "status", "draft"),
        ("requisitions", "invoice_number", "CHANGED-1"),
        ("work_order_contracts", "status", "Terminated"),
        ("work_order_contract_line_items", "amount", "4321.00"),
        ("direct_costs", "invoice_number", "D-77"),
        ("payment_applications", "status", "draft"),
        ("vendors", "name", "Renamed Vendor LLC"),
    ):
        whole = {"projects": projects, "vendors": read("procore", "vendors")}.get(collection)
        record = dice.choice(whole) if whole else of_active(collection)
        yield "procore", collection, record["id"], {field: value}
    row = of_active("budget_rows")
    yield "procore", "budget_rows", f"{row['_project_id']}/{row['wbs_code_id']}", {"original_budget_amount": "99999.0"}
    entries = sorted(read("procore", "timecard_entries"), key=lambda e: (e["date"], e["id"]))[-40:]
    for entry in dice.sample(entries, 2):
        yield "procore", "timecard_entries", entry["id"], {"hours": "3.5"}
    for entity, changes in (
        ("Bill", {"DocNumber": "EDITED-9"}),
        ("Purchase", {"TxnDate": "2026-10-30"}),
        ("Invoice", {"DocNumber": "INV-EDIT"}),
        ("Vendor", {"DisplayName": "Books Vendor Renamed"}),
        ("Customer", {"DisplayName": "Books Customer Renamed"}),
    ):
        record = dice.choice([r for r in read("quickbooks", entity) if r.get("Active", True)])
        yield "quickbooks", entity, record["Id"], changes
