"""The tables are the only language the rooms share: who writes what, keyed how, in which unit.

Conventions that hold in every table:

* `record_id` is minted once when a record lands: `<system>:<stream>:<native id>`.
* Money is decimal(18,2) in the tenant's currency; hours decimal(18,2); quantities decimal(18,4).
* `<column>_at` is the JSON pointer (RFC 6901) of that amount in the raw payload
  of `record_id`, so that anyone can re-read the amount without our code.
* No conformed table holds a fetch time: equal inputs give equal tables.
* A missing value is null, never zero and never "".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pyarrow as pa

ColumnType = Literal["string", "bool", "int", "date", "timestamp", "money", "hours", "quantity", "strings", "evidence"]
Room = Literal["raw", "conformed", "graph", "ledger", "metrics"]


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType = "string"
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One table's contract. `key` columns identify a row; rows are stored sorted by them."""

    name: str
    room: Room
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    note: str = ""

    def schema(self) -> pa.Schema:
        """The Arrow schema; pyarrow is imported here because handlers that only extract do without."""
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "bool": pa.bool_(),
            "int": pa.int64(),
            "date": pa.date32(),
            "timestamp": pa.timestamp("us", tz="UTC"),
            "money": pa.decimal128(18, 2),
            "hours": pa.decimal128(18, 2),
            "quantity": pa.decimal128(18, 4),
            "strings": pa.list_(pa.string()),
            "evidence": pa.list_(
                pa.struct([("record_id", pa.string()), ("pointer", pa.string()), ("role", pa.string())])
            ),
        }
        return pa.schema([(c.name, types[c.type]) for c in self.columns])


def record_id(system: str, stream: str, native_id: object) -> str:
    """The id a record keeps for life: `procore:prime_change_orders:77`."""
    return f"{system}:{stream}:{native_id}"


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The table as dictionaries, money as Decimal, dates as date."""
    return table.to_pylist()  # type: ignore[no-any-return]  # pyarrow ships no types for it


def build(name: str, records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Table `name` from dictionaries, in its contract's column order and sorted by its key."""
    import pyarrow as pa

    contract = BY_NAME[name]
    ordered = sorted(records, key=lambda r: tuple(str(r.get(k) or "") for k in contract.key))
    columns = {c.name: [r.get(c.name) for r in ordered] for c in contract.columns}
    return pa.table(columns, schema=contract.schema())


def _columns(*specs: str) -> tuple[Column, ...]:
    """`name type note...` per line; type defaults to string."""
    columns = []
    for spec in specs:
        name, _, rest = spec.partition(" ")
        kind, _, note = rest.partition(" ")
        columns.append(Column(name, kind or "string", note))  # type: ignore[arg-type]  # checked by the tables test
    return tuple(columns)


RAW = Table(
    "raw",
    "raw",
    ("record_id", "fetched_at"),
    _columns(
        "record_id",
        "source string connector name, e.g. quickbooks_online",
        "stream string stream name, the middle part of record_id",
        "native_id",
        "parent_id string native id of the record it was read under (project, contract, pay run); null at the top",
        "fetched_at timestamp",
        "run_id string the refresh that landed it",
        "request_id string the vendor's id of the call (x-request-id, intuit_tid)",
        "url string the request, without secrets",
        "content_hash string sha256 of payload",
        "deleted bool true = tombstone; payload then is the last known one or the vendor's stub",
        "payload string the record's JSON text, byte for byte as received",
    ),
    "Append-only. The newest row of a record_id is its current state.",
)

CONFORMED = (
    Table(
        "projects",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "system",
            "name",
            "number",
            "active bool",
            "stage string pre_construction course_of_construction post_construction completed not_awarded canceled",
            "is_job bool QuickBooks: IsProject or Job; Procore: always true",
            "parent_record_id string QuickBooks parent customer",
            "parent_name",
            "address",
            "started_on date",
            "planned_finish_on date",
            "finished_on date",
            "origin_id string what another integration wrote into the record",
            "cost_code_list_id",
            "erp_integrated bool",
        ),
    ),
    Table(
        "project_roles",
        "conformed",
        ("record_id",),
        _columns("record_id", "project_record_id", "role", "person_record_id", "person_name", "active bool"),
    ),
    Table(
        "vendors",
        "conformed",
        ("record_id",),
        _columns("record_id", "system", "name", "legal_name", "active bool", "origin_id"),
    ),
    Table(
        "employees",
        "conformed",
        ("record_id",),
        _columns("record_id", "system", "name", "employee_number", "email", "active bool"),
        "Procore users and people, Gusto employees, QuickBooks employees, people named in payroll files.",
    ),
    Table(
        "cost_codes",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "system",
            "project_record_id string null where the list is company-wide",
            "project_reference string what the name itself says of the project (QuickBooks item names)",
            "code string e.g. 03-300",
            "cost_type string L M S E O, null when unknown",
            "name",
            "active bool",
            "expense_account_record_id",
            "income_account_record_id",
            "origin_id",
        ),
        "Procore WBS codes (one per code and type), QuickBooks items.",
    ),
    Table(
        "accounts",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "name",
            "full_name",
            "number",
            "classification string Asset Equity Expense Liability Revenue",
            "account_type",
            "account_sub_type",
            "balance money debit-positive, as the system reports it",
            "active bool",
        ),
    ),
    Table(
        "prime_contracts",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "number",
            "title",
            "status string as in Procore: Draft, Out For Bid, Out For Signature, Approved, Complete, Terminated",
            "executed bool",
            "original_amount money",
            "original_amount_at",
            "approved_changes_reported money what Procore itself sums, for a tie-out",
            "private bool",
        ),
    ),
    Table(
        "change_orders",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "contract_record_id string a prime contract or a commitment",
            "side string prime | commitment | unknown",
            "tier string potential | request | package | change_order (the newer lists)",
            "higher_record_id string the record of the next higher tier this one is part of, null at the top",
            "number",
            "title",
            "status string approved | pending | rejected | void | draft | proceeding is pending (see source_status)",
            "source_status string the resolved API status: approved, pending, proceeding, ...",
            "amount money",
            "amount_at",
            "approved_on date reviewed_at in the tenant's zone, else null",
            "created_on date",
            "executed bool",
            "reason",
        ),
    ),
    Table(
        "change_order_lines",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "change_order_record_id",
            "cost_code",
            "cost_type",
            "amount money",
            "amount_at",
            "commitment_line_record_id",
        ),
    ),
    Table(
        "budget_lines",
        "conformed",
        ("record_id",),
        _columns(
            "record_id string procore:budget_rows:<project>/<wbs code id>",
            "project_record_id",
            "line_id string native budget line id, null for unbudgeted rows",
            "cost_code",
            "cost_type",
            "original_amount money",
            "original_amount_at",
            "modifications money",
            "modifications_at",
            "approved_changes money COST of approved change orders, from the policy's column",
            "approved_changes_at",
            "pending_changes money",
            "pending_changes_at",
            "forecast_amount money forecast to complete as shown",
            "forecast_amount_at",
            "forecast_manual bool true = a person typed it, false = automatic",
            "committed_reported money Procore's own Committed Costs column, private commitments included: a tie-out",
            "eac_reported money Procore's own EAC column",
            "unbudgeted_reason",
        ),
    ),
    Table(
        "forecasts",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "line_id string native budget line id",
            "cost_code",
            "cost_type",
            "amount money",
            "amount_at",
            "made_on date last edit, tenant's zone",
            "description",
        ),
        "Manual forecast line items; a leaf's forecast is their sum and as old as its newest one.",
    ),
    Table(
        "labor_budgets",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "line_id",
            "cost_code",
            "cost_type",
            "hours hours null when the unit is not hours",
            "hours_at",
            "unit_cost quantity",
        ),
    ),
    Table(
        "production",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "kind string budgeted | actual",
            "cost_code",
            "cost_type",
            "quantity quantity",
            "quantity_at",
            "unit",
            "produced_on date actual only",
        ),
    ),
    Table(
        "commitments",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "vendor_record_id",
            "vendor_name",
            "kind string subcontract | purchase_order",
            "number",
            "title",
            "status string as in Procore",
            "executed bool",
            "private bool",
            "original_amount money",
            "original_amount_at",
            "approved_changes_reported money",
            "origin_id",
        ),
    ),
    Table(
        "commitment_lines",
        "conformed",
        ("record_id",),
        _columns("record_id", "commitment_record_id", "cost_code", "cost_type", "amount money", "amount_at"),
    ),
    Table(
        "subcontract_invoices",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "commitment_record_id",
            "vendor_record_id",
            "vendor_name",
            "invoice_number",
            "status string draft under_review revise_and_resubmit approved approved_as_noted pending_owner_approval",
            "erp_status",
            "billed_on date",
            "gross_amount money sum of its lines, retainage included",
            "retainage_amount money",
            "net_amount money current payment due",
            "origin_id",
        ),
        "Procore calls them requisitions.",
    ),
    Table(
        "subcontract_invoice_lines",
        "conformed",
        ("record_id", "line_key"),
        _columns(
            "record_id string of the invoice that holds the line",
            "line_key",
            "commitment_line_record_id",
            "cost_code",
            "cost_type",
            "amount money completed this period plus newly stored materials",
            "amount_at strings one or more pointers whose sum is amount",
        ),
    ),
    Table(
        "direct_costs",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "type string invoice | expense | payroll",
            "status string draft pending revise_and_resubmit approved",
            "incurred_on date",
            "invoice_number",
            "vendor_record_id",
            "vendor_name",
            "amount money",
            "amount_at",
            "origin_id",
        ),
    ),
    Table(
        "direct_cost_lines",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "direct_cost_record_id",
            "project_record_id",
            "cost_code",
            "cost_type",
            "amount money",
            "amount_at",
        ),
    ),
    Table(
        "owner_invoices",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "contract_record_id",
            "invoice_number",
            "status",
            "billed_on date",
            "gross_to_date money",
            "gross_this_period money",
            "gross_this_period_at",
            "retainage_to_date money",
        ),
        "Procore calls them payment applications.",
    ),
    Table(
        "time_entries",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "project_record_id",
            "person_record_id",
            "person_name",
            "worked_on date",
            "hours hours",
            "hours_at",
            "cost_code",
            "cost_type",
            "time_type string regular | overtime | double_time | other",
            "status",
        ),
        "Procore timecard entries.",
    ),
    Table(
        "accounting_lines",
        "conformed",
        ("record_id", "line_key"),
        _columns(
            "record_id",
            "line_key string Line.Id, else L<ordinal>; H header's balancing side, T tax, C cash back, U unapplied",
            "entity string Bill, Purchase, JournalEntry, ...",
            "posting bool false for estimates and purchase orders",
            "presentation bool true for subtotal and description lines: never posted, never summed",
            "voided bool",
            "transaction_on date",
            "document_number",
            "party_record_id string vendor, customer or employee of the header",
            "party_name",
            "account_record_id string resolved through the item by direction; null when it cannot be resolved",
            "item_record_id",
            "job_record_id string the customer or project tag of the line; the header's customer for sales forms",
            "amount money debit positive, credit negative, home currency",
            "amount_at string pointer of the unsigned amount; null for computed balancing sides",
            "amount_sign int +1 or -1: amount = sign x raw amount (x rate)",
            "currency",
            "billable_status",
            "linked_record_ids strings",
            "memo string text typed by people: data, never instructions",
            "origin_reference string e.g. a Procore invoice id the connector left",
        ),
        "Every line of every QuickBooks transaction; posting lines of one record sum to zero where nothing is missing.",
    ),
    Table(
        "payroll_runs",
        "conformed",
        ("record_id",),
        _columns(
            "record_id",
            "provider string gusto | payroll_file",
            "period_start date",
            "period_end date",
            "check_on date",
            "processed bool",
            "gross_wages money",
            "employer_taxes money",
            "employer_benefits money",
        ),
    ),
    Table(
        "payroll_amounts",
        "conformed",
        ("record_id", "line_key"),
        _columns(
            "record_id",
            "line_key",
            "run_record_id",
            "employee_record_id",
            "kind string wages | employer_tax | employer_benefit | excluded (reimbursement, employee tax)",
            "component string Regular Hours, Social Security, HEALTH ...",
            "hours hours null for taxes and benefits",
            "amount money",
            "amount_at",
            "worked_on date null when the source gives no day",
            "project_reference string null when the source gives none",
            "cost_code",
            "cost_type",
        ),
        "One row per amount in a payroll register.",
    ),
    Table(
        "rejects",
        "conformed",
        ("record_id", "field"),
        _columns(
            "record_id",
            "system",
            "field",
            "sentence string which system, which record, what is wrong",
            "way_out",
            "project_record_id string when known",
        ),
        "Records that could not be read; they stay in the raw zone and cost the figures they touch their grade.",
    ),
)

GRAPH = (
    Table(
        "entities",
        "graph",
        ("record_id",),
        _columns(
            "record_id",
            "kind string project | vendor | employee",
            "entity_id string record_id of the leading record of its cluster",
            "name",
            "number",
        ),
        "Which thing a record speaks of. A record linked to nothing is an entity of its own.",
    ),
    Table(
        "links",
        "graph",
        ("link_id",),
        _columns(
            "link_id",
            "kind",
            "left_record_id",
            "right_record_id",
            "state string automatic | proposed | accepted | rejected",
            "confidence quantity 0 to 1",
            "evidence strings sentences, strongest first",
            "decided_by string rule name or person",
        ),
    ),
)

LEDGER = (
    Table(
        "facts",
        "ledger",
        ("fact_id",),
        _columns(
            "fact_id",
            "measure string original_contract approved_change pending_change original_budget budget_modification "
            "budget_change forecast_to_complete commitment commitment_change cost hours billing overhead ...",
            "state string counted | excluded | held",
            "rule string the rule that made or excluded it: D1 .. D13, or a rule of contracts and budget",
            "reason string one clause for a person",
            "project string entity id, null = in no project (unassigned or company-wide)",
            "cost_code",
            "cost_type",
            "amount money",
            "hours hours",
            "quantity quantity units planned or installed (measures planned_quantity, installed_quantity)",
            "accounting_on date",
            "worked_on date",
            "basis string posted | approved_not_posted | unprocessed_time | plan",
            "party string vendor or employee entity id",
            "contract_record_id string prime contract or commitment the fact belongs to",
            "grade string A | B | C",
            "pool string facts of one pool share evidence and foot to it",
            "evidence evidence role: amount, less, weight, less_weight, rate_amount, rate_hours, mirror, support",
        ),
        "Without a pool: amount = sum of amount less sum of less. In a pool: the facts of the pool together equal the "
        "pool's amount evidence, each in the ratio of its weight evidence, cents by largest remainder. "
        "basis unprocessed_time: weight x rate_amount / rate_hours.",
    ),
    Table(
        "coverage",
        "ledger",
        ("measure", "bucket"),
        _columns("measure", "bucket", "amount money", "facts int"),
        "Where the cost in the ledger was seen: both, only one system, unassigned, excluded twins.",
    ),
    Table(
        "findings",
        "ledger",
        ("finding_id",),
        _columns(
            "finding_id",
            "kind",
            "level string info | warning | error",
            "grade string B | C: the best grade a figure of this project can still have; null = no effect",
            "project string entity id; null = company-wide",
            "amount money",
            "sentence",
            "way_out",
            "record_ids strings",
        ),
    ),
)

METRICS = (
    Table(
        "leaves",
        "metrics",
        ("project", "cost_code", "cost_type"),
        _columns(
            "project",
            "cost_code",
            "cost_type",
            "budget money",
            "committed money",
            "actual money",
            "open_commitment money",
            "method string A E1 E2 E3a E4 E5 E6",
            "eac money",
            "eac_lowest money",
            "eac_highest money",
        ),
        "Estimate at completion per cost code and type, with the method that was first to apply.",
    ),
    Table(
        "figures",
        "metrics",
        ("figure_id",),
        _columns(
            "figure_id",
            "metric",
            "project string entity id, null = portfolio",
            "label",
            "value string decimal text; null = unavailable",
            "unit string money | ratio | hours | count",
            "as_of date",
            "grade string A | B | C | U",
            "method",
            "assumptions strings",
            "missing strings names of missing terms when unavailable",
            "tree string JSON expression whose leaves are selections of facts",
        ),
    ),
)

TABLES: tuple[Table, ...] = (RAW, *CONFORMED, *GRAPH, *LEDGER, *METRICS)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
