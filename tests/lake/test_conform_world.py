"""A whole simulated contractor goes through without a reject, and its books tie out to what its systems report."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from datablueprint.lake.conform import conform
from datablueprint.settings import Settings
from local.sandbox.world import VendorCollections, build_world, collections
from tests.lake.landing import Lake, Landed, lake, landed, rows

COMPANY_WIDE = {"projects", "vendors", "users", "people", "line_item_types", "project_stages", "change_order_statuses"}
COMPANY_WIDE |= {"standard_cost_code_lists", "timecard_entries", "budget_views", "projects_tools"}
UNDER_A_CONTRACT = {"work_order_contract_line_items", "purchase_order_contract_line_items"}
UNDER_A_CONTRACT |= {"potential_change_order_line_items"}


def served(value: dict[str, Any]) -> str:
    """The record as its vendor answers it: bookkeeping keys stay behind."""
    return json.dumps({key: item for key, item in value.items() if not key.startswith("_")}, default=float)


def procore_records(vendors: VendorCollections) -> Iterator[Landed]:
    for stream, records in vendors.procore.items():
        for value in records:
            if value.get("_private") or "id" not in value:
                continue
            project = value.get("_project_id")
            native, parent = value["id"], project
            if stream in COMPANY_WIDE:
                parent = None
            elif stream in UNDER_A_CONTRACT:
                parent = value.get("_parent_id") or value.get("_contract_id")
            elif stream == "change_order_requests":
                parent = value["contract_id"]
            elif stream == "budget_line_items":
                parent = native
            elif stream == "budget_rows":
                native = f"{project}/{value['wbs_code_id']}"
            yield landed("procore", stream, native, served(value), parent)


def other_records(vendors: VendorCollections) -> Iterator[Landed]:
    for entity, records in vendors.quickbooks.items():
        for value in records:
            yield landed("quickbooks_online", entity, value.get("Id", "1"), served(value))
    for value in vendors.gusto["employees"]:
        yield landed("gusto", "employees", value["uuid"], served(value))
    for value in vendors.gusto["payrolls"]:
        run = value["payroll_uuid"]
        yield landed("gusto", "payrolls", run, served(value))
        for part in value["employee_compensations"]:
            yield landed("gusto", "employee_compensations", f"{run}/{part['employee_uuid']}", served(part), run)
    for path, text in vendors.files.items():
        stream = path.rpartition("/")[2].removesuffix(".csv")
        for number, cells in enumerate(csv.DictReader(io.StringIO(text)), 1):
            run = cells["pay_run_id"]
            yield landed("payroll_file", stream, run if stream == "run_control" else f"{run}/{number}", cells, run)


@pytest.fixture(scope="module")
def raw() -> Lake:
    vendors = collections(build_world(jobs=8))
    return lake(*procore_records(vendors), *other_records(vendors))


@pytest.fixture(scope="module")
def made(raw: Lake) -> dict[str, pa.Table]:
    return conform(raw, Settings(tenant="world"))


def test_nothing_is_rejected_and_no_table_is_empty(made: dict[str, pa.Table]) -> None:
    assert rows(made, "rejects") == []
    reports = {"reported_balances"}  # a report is made by the server, no record of the world
    assert {name for name, table in made.items() if table.num_rows == 0} == {"rejects"} | reports


def test_every_posting_record_balances_and_names_its_accounts(made: dict[str, pa.Table]) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in rows(made, "accounting_lines"):
        if line["posting"] and not line["presentation"]:
            assert line["account_record_id"] is not None
            sums[line["record_id"]] += line["amount"]

    assert [record for record, total in sums.items() if total] == []


def test_every_balance_sheet_account_ties_to_its_reported_balance(made: dict[str, pa.Table]) -> None:
    rebuilt: dict[str, Decimal] = defaultdict(Decimal)
    for line in rows(made, "accounting_lines"):
        if line["posting"] and not line["presentation"]:
            rebuilt[line["account_record_id"]] += line["amount"]

    for account in rows(made, "accounts"):
        if account["classification"] in ("Asset", "Liability", "Equity"):
            assert rebuilt[account["record_id"]] == account["balance"], account["name"]


def test_every_processed_run_foots_to_its_totals(made: dict[str, pa.Table]) -> None:
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for amount in rows(made, "payroll_amounts"):
        paid[amount["run_record_id"], amount["kind"]] += amount["amount"]

    runs = [run for run in rows(made, "payroll_runs") if run["processed"]]
    assert {run["provider"] for run in runs} == {"gusto", "payroll_file"}
    for run in runs:
        kinds = {"wages": "gross_wages", "employer_tax": "employer_taxes", "employer_benefit": "employer_benefits"}
        for kind, column in kinds.items():
            assert paid[run["record_id"], kind] == run[column]


def test_every_procore_line_has_its_code_and_type(made: dict[str, pa.Table]) -> None:
    for table in (
        "budget_lines",
        "commitment_lines",
        "change_order_lines",
        "subcontract_invoice_lines",
        "time_entries",
    ):
        assert made[table]["cost_code"].null_count == made[table]["cost_type"].null_count == 0, table


def test_every_pointer_leads_to_its_amount(made: dict[str, pa.Table], raw: Lake) -> None:
    payloads = {record.record_id: record.payload for records in raw.values() for record in records}
    checked = 0
    for name, table in made.items():
        for column in (each for each in table.schema.names if each.endswith("_at")):
            amount = column.removesuffix("_at")
            for row in rows(made, name)[::17]:
                if row[column] is not None:
                    pointers = row[column] if isinstance(row[column], list) else [row[column]]
                    document = json.loads(payloads[row["record_id"]], parse_float=Decimal)
                    found = sum(follow(document, pointer) for pointer in pointers)
                    assert found == row[amount] * (row.get("amount_sign") or 1), (name, row)
                    checked += 1

    assert checked > 1000


def follow(document: Any, pointer: str) -> Decimal:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return Decimal(document)
