"""A pay run enters whole or not at all: every amount of its register is one row, in the kind it was paid as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Row, Rows
from datablueprint.lake.conform.payroll_file import read_files
from datablueprint.tables import record_id

WAGES, TAX, BENEFIT, EXCLUDED = "wages", "employer_tax", "employer_benefit", "excluded"
BURDEN_WORDS = (
    ("social_security", ("social security", "oasdi")),
    ("medicare", ("medicare",)),
    ("futa", ("futa", "federal unemployment")),
    ("suta", ("suta", "sui", "unemployment")),
    ("workers_comp", ("workers comp", "workers' comp")),
    ("retirement", ("401", "403", "retirement", "pension", "ira")),
    ("health", ("health", "medical", "dental", "vision")),
    ("union_fringe", ("union", "fringe")),
)
"""What a payroll's own name of a tax or benefit means; the first that fits."""
PAID_ABSENCE = ("holiday", "sick", "vacation", "pto", "paid time off", "leave", "bereavement", "jury")


def read(inbox: Inbox) -> None:
    inbox.each("gusto", "payrolls", _run)
    processed = {str(row["record_id"]): row["processed"] is True for row in inbox.rows("payroll_runs")}
    inbox.each("gusto", "employee_compensations", lambda fields: _compensation(fields, processed))
    read_files(inbox)


def _run(fields: Fields) -> Rows:
    processed = fields.maybe_flag("processed") is True
    read_total = fields.money if processed else fields.maybe_money
    yield (
        "payroll_runs",
        {
            "record_id": fields.record_id,
            "provider": "gusto",
            "period_start": fields.day("pay_period", "start_date"),
            "period_end": fields.day("pay_period", "end_date"),
            "check_on": fields.maybe_day("check_date"),
            "processed": processed,
            "gross_wages": read_total("totals", "gross_pay"),
            "employer_taxes": read_total("totals", "employer_taxes"),
            "employer_benefits": read_total("totals", "benefits"),
        },
    )


def _compensation(fields: Fields, processed: dict[str, bool]) -> Rows:
    """One employee's part of one run. An unprocessed run is a draft: it has no amounts yet, or not final ones."""
    run = record_id("gusto", "payrolls", fields.record.parent_id or fields.record.native_id.partition("/")[0])
    if run not in processed:
        raise Unreadable("", f"belongs to {run}, which could not be read", "Correct or re-read that pay run first.")
    employee = record_id("gusto", "employees", fields.text("employee_uuid"))
    if not processed[run] or fields.maybe_flag("excluded"):
        return
    for row in _amounts(fields):
        yield "payroll_amounts", {**row, "run_record_id": run, "employee_record_id": employee}


def _amounts(fields: Fields) -> Iterator[Row]:
    for line in fields.each("hourly_compensations"):
        name = line.text("name")
        absence = any(word in name.lower() for word in PAID_ABSENCE)
        yield {**_amount(line, "amount", WAGES, name), "hours": None if absence else line.hours("hours")}
    for paid in ("fixed_compensations", "paid_time_off"):
        yield from _plain(fields.each(paid), "amount", WAGES)
    for tax in fields.each("taxes"):
        employer = tax.maybe_flag("employer")
        if employer is None:
            raise Unreadable(tax.pointer("employer"), "is missing")
        name = tax.text("name")
        made = _amount(tax, "amount", TAX if employer else EXCLUDED, name)
        yield {**made, "burden": _burden(name)} if employer else made
    for benefit in fields.each("benefits"):
        name = benefit.text("name")
        yield {**_amount(benefit, "company_contribution", BENEFIT, name), "burden": _burden(name)}
        if benefit.maybe_money("employee_deduction") is not None:
            yield _amount(benefit, "employee_deduction", EXCLUDED, name)
    for kept_out in ("reimbursements", "deductions"):
        yield from _plain(fields.each(kept_out), "amount", EXCLUDED)


def _burden(name: str) -> str:
    """The component of employer cost that a name speaks of; 'other' where no word of it is known."""
    words = f" {name.lower()} "
    return next((found for found, signs in BURDEN_WORDS if any(f" {sign}" in words for sign in signs)), "other")


def _plain(lines: Iterable[Fields], field: str, kind: str) -> Iterator[Row]:
    for line in lines:
        yield _amount(line, field, kind, line.maybe_text("name") or line.maybe_text("description"))


def _amount(line: Fields, field: str, kind: str, component: str | None) -> Row:
    amount: Decimal = line.money(field)
    pointer = line.pointer(field)
    return {
        "record_id": line.record_id,
        "line_key": pointer[1:],
        "kind": kind,
        "component": component,
        "amount": amount,
        "amount_at": pointer,
    }
