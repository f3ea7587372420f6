"""Facts of labor and of the office as the ledger writes them, few and by hand, for the tests of sections 11 to 16."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from tests.metrics.kit import AS_OF, fact

Row = dict[str, Any]
CODE = "03-300"
LAST_SUNDAY = date(2026, 11, 15)
_numbers = count(1)


def entity(number: str) -> str:
    return f"procore:projects:{number}"


def made(number: str | None, measure: str, value: str | None, cites: dict[str, str], **more: Any) -> Row:
    """A counted fact that cites its own amount, hours or quantity in the given roles."""
    record = f"made:{next(_numbers)}"
    row = fact(measure, value, more.pop("code", None), more.pop("kind", None), **more)
    evidence = [{"record_id": record, "pointer": f"/{name}", "role": role} for role, name in cites.items()]
    return row | {
        "fact_id": f"fact_{record}",
        "project": entity(number) if number else None,
        "evidence": evidence,
    }


def office(value: str, on: date, measure: str = "overhead") -> Row:
    """An expense without a job."""
    return made(None, measure, value, {"amount": "amount"}, accounting_on=on, basis="posted")


def cost(number: str, value: str, on: date, kind: str = "S", code: str = "26-000") -> Row:
    return made(number, "cost", value, {"amount": "amount"}, code=code, kind=kind, accounting_on=on)


def wages(number: str, value: str, hours: str | None, on: date = LAST_SUNDAY, code: str = CODE) -> Row:
    cites = {"amount": "amount"} | ({"weight": "hours"} if hours else {})
    worked = Decimal(hours) if hours else None
    return made(
        number, "cost", value, cites, code=code, kind="L", accounting_on=on, component="wages", hours=worked, rule="D6"
    )


def burden(number: str, value: str, on: date = LAST_SUNDAY, code: str = CODE) -> Row:
    return made(
        number,
        "cost",
        value,
        {"amount": "amount"},
        code=code,
        kind="L",
        accounting_on=on,
        component="burden",
        rule="D6",
    )


def applied(paid: Row, component: str, rate: str) -> Row:
    """A rate on wages."""
    value = str((paid["amount"] * Decimal(rate)).quantize(Decimal("0.01")))
    row = made(None, "cost", value, {"amount": "amount"}, code=paid["cost_code"], kind="L", basis="applied")
    rated = {"component": component, "base_fact": paid["fact_id"], "rate": Decimal(rate), "rate_on": "amount"}
    return row | rated | {"project": paid["project"], "accounting_on": paid["accounting_on"]}


def unpaid(number: str, value: str, hours: str, on: date = AS_OF, code: str = CODE) -> Row:
    """Time that is not yet in payroll."""
    cites = {"weight": "hours", "rate_amount": "amount", "rate_hours": "hours"}
    basis = {"basis": "unprocessed_time", "hours": Decimal(hours), "rule": "D7"}
    return made(number, "cost", value, cites, code=code, kind="L", accounting_on=on, **basis)


def accrued(number: str, value: str, hours: str, on: date, code: str = CODE) -> Row:
    """Time of a pay period, from the day worked; negative at the period's end, when its run pays it."""
    cites = {"weight": "hours", "rate_amount": "amount", "rate_hours": "hours"}
    run = {"basis": "unprocessed_time", "hours": Decimal(hours), "rule": "D7", "subject": "payroll:runs:9"}
    return made(number, "payroll_accrual", value, cites, code=code, kind="L", accounting_on=on, **run)


def premium_pay(number: str, measure: str, value: str, code: str = CODE) -> Row:
    """What a pay stub marks as overtime or double time."""
    return made(number, measure, value, {"amount": "amount"}, code=code, kind="L", accounting_on=LAST_SUNDAY)


def planned(
    number: str,
    *,
    budget: str | None = None,
    hours: str | None = None,
    done: str | None = None,
    reported_on: date = date(2026, 11, 10),
    code: str = CODE,
) -> list[Row]:
    """The plan of a labor code; `done` is the share of 100 planned units that is installed."""
    place = {"code": code, "kind": "L"}
    rows = []
    if budget is not None:
        rows.append(made(number, "original_budget", budget, {"amount": "amount"}, **place))
    if hours is not None:
        rows.append(made(number, "budget_hours", None, {"amount": "hours"}, hours=Decimal(hours), **place))
    if done is not None:
        units = {"amount": "quantity"}
        installed = {"quantity": Decimal(done) * 100, "accounting_on": reported_on}
        rows.append(made(number, "planned_quantity", None, units, quantity=Decimal(100), **place))
        rows.append(made(number, "installed_quantity", None, units, **installed, **place))
    return rows


def contract(number: str, value: str) -> Row:
    return made(number, "original_contract", value, {"amount": "amount"}, contract_record_id=f"contract:{number}")


def budget(number: str, value: str, code: str = "26-000", kind: str = "S") -> Row:
    return made(number, "original_budget", value, {"amount": "amount"}, code=code, kind=kind)
