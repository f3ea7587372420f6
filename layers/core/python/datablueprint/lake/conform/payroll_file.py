"""Payroll files are believed only when pay lines and employer cost foot to the provider's own control totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from datablueprint.lake.conform.coding import letter
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Row
from datablueprint.lake.conform.people import file_employee
from datablueprint.tables import record_id

SOURCE = "payroll_file"
WORKED = {"REG", "OT", "DT"}
REPAID = {"REIMB", "PERDIEM"}
OTHER_PAY = {"PTO", "SICK", "HOL", "BONUS", "COMM", "OTHER"}
COMPONENTS = {
    "SS": ("employer_tax", "social_security"),
    "MEDICARE": ("employer_tax", "medicare"),
    "FUTA": ("employer_tax", "futa"),
    "SUTA": ("employer_tax", "suta"),
    "STATE_OTHER": ("employer_tax", "state_other"),
    "LOCAL": ("employer_tax", "local"),
    "HEALTH": ("employer_benefit", "health"),
    "RETIREMENT": ("employer_benefit", "retirement"),
    "UNION_FRINGE": ("employer_benefit", "union_fringe"),
    "WC": ("employer_benefit", "workers_comp"),
    "OTHER": ("employer_benefit", "other"),
}
"""The file's code -> kind of amount and the burden it is."""
ZERO = Decimal("0.00")
WAY_OUT = "Drop the corrected files again and refresh; until then the whole run is held and nothing of it is counted."


@dataclass
class Run:
    """One pay run gathered from its three files."""

    control: Fields | None = None
    amounts: list[Row] = field(default_factory=list)
    employees: dict[str, str | None] = field(default_factory=dict)
    unreadable: int = 0
    first: Fields | None = None

    def total(self, *kinds: str) -> Decimal:
        return sum((_money(row["amount"]) for row in self.amounts if row["kind"] in kinds), ZERO)


def read_files(inbox: Inbox) -> None:
    """Rows of every run that can be read whole and foots; one sentence about every other run."""
    runs: dict[str, Run] = defaultdict(Run)
    _gather(inbox, "run_control", runs, lambda fields, run: setattr(run, "control", fields))
    _gather(inbox, "pay_lines", runs, _pay_line)
    _gather(inbox, "employer_cost", runs, _employer_cost)
    named: dict[str, str | None] = {}
    for name in sorted(runs):
        run = runs[name]
        try:
            header = _checked(name, run)
        except Unreadable as error:
            about = run.control or run.first
            if about is not None:
                inbox.reject(about.record, error)
            continue
        inbox.add("payroll_runs", header)
        for row in run.amounts:
            inbox.add("payroll_amounts", {**row, "run_record_id": header["record_id"]})
        named |= {number: called or named.get(number) for number, called in run.employees.items()}
    for number in sorted(named):
        for table, row in file_employee(number, named[number]):
            inbox.add(table, row)


def _gather(inbox: Inbox, stream: str, runs: dict[str, Run], take: Callable[[Fields, Run], None]) -> None:
    for fields in inbox.records(SOURCE, stream):
        run = runs[fields.record.parent_id or fields.record.native_id.partition("/")[0]]
        run.first = run.first or fields
        try:
            take(fields, run)
        except Unreadable as error:
            run.unreadable += 1
            inbox.reject(fields.record, Unreadable(error.pointer, error.problem, WAY_OUT))


def _pay_line(fields: Fields, run: Run) -> None:
    pay_type = fields.text("pay_type").upper()
    if pay_type not in WORKED | REPAID | OTHER_PAY:
        fields.refuse(("pay_type",), "a known pay type")
    row = _row(fields, "excluded" if pay_type in REPAID else "wages", pay_type)
    row["hours"] = fields.hours("hours") if pay_type in WORKED else None
    row["worked_on"] = fields.maybe_day("work_date")
    row["cost_type"] = letter(fields.maybe_text("cost_type"))
    run.employees[fields.text("employee_id")] = fields.maybe_text("employee_name")
    run.amounts.append(row)


def _employer_cost(fields: Fields, run: Run) -> None:
    component = fields.text("component").upper()
    if component not in COMPONENTS:
        fields.refuse(("component",), "a known component of employer cost")
    kind, burden = COMPONENTS[component]
    row = {**_row(fields, kind, fields.maybe_text("provider_label") or component), "burden": burden}
    run.employees.setdefault(fields.text("employee_id"), None)
    run.amounts.append(row)


def _row(fields: Fields, kind: str, component: str) -> Row:
    return {
        "record_id": fields.record_id,
        "line_key": "amount",
        "employee_record_id": record_id(SOURCE, "employees", fields.text("employee_id")),
        "kind": kind,
        "component": component,
        "amount": fields.money("amount"),
        "amount_at": fields.pointer("amount"),
        "project_reference": fields.maybe_text("project_ref"),
        "cost_code": fields.maybe_text("cost_code"),
    }


def _checked(name: str, run: Run) -> Row:
    """The run's header row, or Unreadable with the sum that differs and by how much."""
    control = run.control
    if control is None:
        raise Unreadable("", f"belongs to run {name}, which has no row in run_control.csv", WAY_OUT)
    if run.unreadable:
        raise Unreadable("", f"is held: {run.unreadable} of the run's rows cannot be read", WAY_OUT)
    sums = {
        "gross_wages": ("pay_lines.csv", run.total("wages")),
        "reimbursements": ("pay_lines.csv", run.total("excluded")),
        "employer_taxes": ("employer_cost.csv", run.total("employer_tax")),
        "employer_benefits": ("employer_cost.csv", run.total("employer_benefit")),
    }
    for column, (file, found) in sums.items():
        stated = control.maybe_money(column) if column == "reimbursements" else control.money(column)
        stated = ZERO if stated is None else stated
        if stated != found:
            raise Unreadable(
                control.pointer(column),
                f"says {stated}, but the rows of {file} add up to {found}: a difference of {found - stated}",
                WAY_OUT,
            )
    return {
        "record_id": control.record_id,
        "provider": SOURCE,
        "period_start": control.day("period_start"),
        "period_end": control.day("period_end"),
        "check_on": control.maybe_day("check_date"),
        "processed": True,
        "gross_wages": control.money("gross_wages"),
        "employer_taxes": control.money("employer_taxes"),
        "employer_benefits": control.money("employer_benefits"),
    }


def _money(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value
