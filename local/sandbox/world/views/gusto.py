"""Gusto's company, employees and payrolls; some amounts are text and some are numbers, as in the real API."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta

from local.sandbox.world.company import COMPANY
from local.sandbox.world.model import Employee, PayLine, PayRun, PayStub, World
from local.sandbox.world.money import number, text
from local.sandbox.world.views.stamps import Row, day, utc

TAX_NAMES = {"SS": "Social Security", "MEDICARE": "Medicare", "FUTA": "FUTA", "SUTA": "CO SUI"}
BENEFIT_NAMES = {"HEALTH": "Health", "RETIREMENT": "401(k)"}
LEAVE_NAMES = {"PTO": "Vacation Hours", "SICK": "Sick Hours", "HOL": "Holiday Hours"}


def company_uuid(world: World) -> str:
    return str(uuid.UUID(int=random.Random(f"{world.seed}/gusto company").getrandbits(128), version=4))


def rows(world: World) -> dict[str, list[Row]]:
    runs = [run for run in world.runs if run.provider == "gusto"]
    first = min((run.start for run in runs), default=world.today)
    staff = [e for e in world.employees if e.released is None or e.released >= first]
    company = {
        "uuid": company_uuid(world),
        "name": COMPANY,
        "trade_name": COMPANY,
        "company_status": "Approved",
        "tier": "plus",
    }
    return {
        "companies": [company],
        "company": [company],
        "employees": [_employee(world, e) for e in staff],
        "payrolls": [_payroll(world, run) for run in runs],
    }


def _job_uuid(person: Employee) -> str:
    return str(uuid.uuid5(uuid.UUID(person.gusto_uuid), "job"))


def _employee(world: World, person: Employee) -> Row:
    pay = {
        "rate": text(person.rate * 2080 if person.salaried else person.rate),
        "payment_unit": "Year" if person.salaried else "Hour",
    }
    compensation = str(uuid.uuid5(uuid.UUID(person.gusto_uuid), "pay"))
    flsa = "Exempt" if person.salaried else "Nonexempt"
    job = {
        "uuid": _job_uuid(person),
        "employee_uuid": person.gusto_uuid,
        "title": person.title,
        "primary": True,
        **pay,
        "current_compensation_uuid": compensation,
        "compensations": [{"uuid": compensation, **pay, "flsa_status": flsa, "effective_date": day(person.hired)}],
        "hire_date": day(person.hired),
    }
    return {
        "uuid": person.gusto_uuid,
        "company_uuid": company_uuid(world),
        "first_name": person.first,
        "last_name": person.last,
        "email": person.email if person.has_login else None,
        "work_email": person.email if person.has_login else None,
        "employee_code": person.gusto_code,
        "department": "Office" if person.salaried else "Field",
        "terminated": person.released is not None,
        "onboarded": True,
        "ssn": "",
        "jobs": [job],
    }


def _payroll(world: World, run: PayRun) -> Row:
    schedule = None if run.off_cycle else str(uuid.uuid5(uuid.UUID(company_uuid(world)), "weekly"))
    processed_on = run.check - timedelta(days=2)
    header: Row = {
        "payroll_uuid": run.id,
        "uuid": run.id,
        "company_uuid": company_uuid(world),
        "check_date": day(run.check),
        "processed": run.processed,
        "processed_date": day(processed_on) if run.processed else None,
        "calculated_at": utc(processed_on, 1) if run.processed else None,
        "off_cycle": run.off_cycle,
        "off_cycle_reason": "Bonus" if run.off_cycle else None,
        "external": False,
        "final_termination_payroll": False,
        "pay_period": {"start_date": day(run.start), "end_date": day(run.end), "pay_schedule_uuid": schedule},
        "created_at": utc(min(run.start, world.as_of), 2),
        "company_taxes": [],
    }
    if not run.processed:
        return {**header, "totals": None, "payroll_taxes": [], "employee_compensations": []}
    return {
        **header,
        "totals": _totals(run),
        "payroll_taxes": _run_taxes(run),
        "employee_compensations": [_compensation(stub) for stub in run.stubs],
    }


def _totals(run: PayRun) -> Row:
    taxes = sum(c.amount for s in run.stubs for c in s.employer if c.component in TAX_NAMES)
    benefits = sum(s.burden for s in run.stubs) - taxes
    withheld = sum(amount for s in run.stubs for _, amount in s.withheld)
    gross, net = sum(s.gross for s in run.stubs), sum(s.net for s in run.stubs)
    amounts = {
        "gross_pay": gross,
        "net_pay": net,
        "employer_taxes": taxes,
        "employee_taxes": withheld,
        "benefits": benefits,
        "employee_benefits_deductions": 0,
        "reimbursements": sum(s.reimbursed for s in run.stubs),
        "company_debit": net + withheld + taxes,
        "net_pay_debit": net,
        "tax_debit": withheld + taxes,
        "employee_bonuses": sum(line.amount for s in run.stubs for line in s.lines if line.pay_type == "BONUS"),
        "check_amount": 0,
    }
    return {name: text(amount) for name, amount in amounts.items()}


def _run_taxes(run: PayRun) -> list[Row]:
    sums: dict[tuple[str, bool], int] = {}
    for stub in run.stubs:
        for row in _taxes(stub):
            key = (row[0], row[1])
            sums[key] = sums.get(key, 0) + row[2]
    return [{"name": name, "employer": employer, "amount": number(amount)} for (name, employer), amount in sums.items()]


def _taxes(stub: PayStub) -> list[tuple[str, bool, int]]:
    employer = [(TAX_NAMES[c.component], True, c.amount) for c in stub.employer if c.component in TAX_NAMES]
    return employer + [(name, False, amount) for name, amount in stub.withheld if amount]


def _compensation(stub: PayStub) -> Row:
    person = stub.employee
    return {
        "employee_uuid": person.gusto_uuid,
        "excluded": False,
        "gross_pay": text(stub.gross),
        "net_pay": text(stub.net),
        "check_amount": text(stub.net),
        "payment_method": "Direct Deposit",
        "fixed_compensations": [
            {"name": "Bonus", "amount": text(line.amount), "job_uuid": _job_uuid(person)}
            for line in stub.lines
            if line.pay_type == "BONUS"
        ],
        "hourly_compensations": _hourly(stub),
        "paid_time_off": _leave(stub.lines),
        "reimbursements": [
            {"amount": text(line.amount), "description": "Mileage"} for line in stub.lines if line.pay_type == "REIMB"
        ],
        "deductions": [],
        "taxes": [{"name": name, "employer": who, "amount": number(amount)} for name, who, amount in _taxes(stub)],
        "benefits": [
            {
                "name": BENEFIT_NAMES[c.component],
                "employee_deduction": 0,
                "company_contribution": number(c.amount),
                "imputed": False,
            }
            for c in stub.employer
            if c.component in BENEFIT_NAMES
        ],
    }


def _hourly(stub: PayStub) -> list[Row]:
    made = []
    for name, kind, factor in (("Regular Hours", "REG", 1.0), ("Overtime", "OT", 1.5)):
        lines = [line for line in stub.lines if line.pay_type == kind]
        if lines:
            made.append(
                {
                    "name": name,
                    "hours": _thousandths(sum(line.quarters for line in lines)),
                    "amount": text(sum(line.amount for line in lines)),
                    "job_uuid": _job_uuid(stub.employee),
                    "compensation_multiplier": factor,
                    "flsa_status": "Exempt" if stub.employee.salaried else "Nonexempt",
                }
            )
    return made


def _leave(lines: list[PayLine]) -> list[Row]:
    taken: dict[str, tuple[int, int]] = {}
    for line in lines:
        if line.pay_type in LEAVE_NAMES:
            quarters, amount = taken.get(line.pay_type, (0, 0))
            taken[line.pay_type] = (quarters + line.quarters, amount + line.amount)
    return [
        {"name": LEAVE_NAMES[kind], "hours": _thousandths(quarters), "amount": text(amount)}
        for kind, (quarters, amount) in taken.items()
    ]


def _thousandths(quarters: int) -> str:
    return f"{quarters // 4}.{quarters % 4 * 250:03d}"
