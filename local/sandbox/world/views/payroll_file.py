"""The older payroll register: three CSV files per run, of which the third says what the first two must add up to."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from local.sandbox.world.model import PayLine, PayRun, PayStub, World
from local.sandbox.world.money import hours, text

PROVIDER = "front_range_payroll"
PAY_LINES = (
    "provider pay_run_id pay_group period_start period_end check_date employee_id employee_name work_date project_ref "
    "cost_code cost_type class_code_wc work_state union_local trade_class pay_type hours rate amount"
).split()
EMPLOYER_COST = (
    "provider pay_run_id employee_id component provider_label taxable_wages rate amount project_ref cost_code".split()
)
RUN_CONTROL = (
    "provider pay_run_id period_start period_end check_date gross_wages reimbursements employer_taxes "
    "employer_benefits employee_taxes net_pay cash_required employee_count regular_hours ot_hours"
).split()
LABELS = {
    "SS": "Social Security ER", "MEDICARE": "Medicare ER", "FUTA": "Federal Unemployment", "SUTA": "CO Unemployment",
    "HEALTH": "Medical plan", "RETIREMENT": "401k match",
}  # fmt: skip


def files(world: World) -> dict[str, str]:
    """Relative path to CSV text for every run of the file era."""
    made = {}
    for run in [run for run in world.runs if run.provider == "payroll_file"]:
        folder = f"payroll_file/{run.id}"
        made[f"{folder}/pay_lines.csv"] = _csv(PAY_LINES, (_pay_line(run, s, x) for s in run.stubs for x in s.lines))
        made[f"{folder}/employer_cost.csv"] = _csv(EMPLOYER_COST, _employer_cost(run))
        made[f"{folder}/run_control.csv"] = _csv(RUN_CONTROL, [_control(run)])
    return made


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _pay_line(run: PayRun, stub: PayStub, line: PayLine) -> list[str]:
    person = stub.employee
    return [
        PROVIDER, run.id, "WEEKLY", run.start.isoformat(), run.end.isoformat(), run.check.isoformat(),
        person.number, f"{person.last}, {person.first}",
        line.day.isoformat() if line.day else "",
        line.project.payroll_ref if line.project else "",
        line.leaf.code if line.leaf else "",
        line.leaf.type if line.leaf else "",
        "8810" if person.salaried else "5403", "CO", "", person.title,
        line.pay_type, hours(line.quarters), text(line.rate), text(line.amount),
    ]  # fmt: skip


def _employer_cost(run: PayRun) -> Iterable[list[str]]:
    for stub in run.stubs:
        for cost in stub.employer:
            rate = f"{cost.per_million / 1_000_000:.5f}" if cost.per_million else ""
            taxable = text(cost.taxable) if cost.taxable else ""
            label = LABELS[cost.component]
            yield [
                PROVIDER,
                run.id,
                stub.employee.number,
                cost.component,
                label,
                taxable,
                rate,
                text(cost.amount),
                "",
                "",
            ]


def _control(run: PayRun) -> list[str]:
    benefits = sum(c.amount for s in run.stubs for c in s.employer if c.component in {"HEALTH", "RETIREMENT"})
    taxes = sum(s.burden for s in run.stubs) - benefits
    withheld = sum(amount for s in run.stubs for _, amount in s.withheld)
    net = sum(s.net for s in run.stubs)
    quarters = {
        kind: sum(x.quarters for s in run.stubs for x in s.lines if x.pay_type == kind) for kind in ("REG", "OT")
    }
    return [
        PROVIDER, run.id, run.start.isoformat(), run.end.isoformat(), run.check.isoformat(),
        text(sum(s.gross for s in run.stubs)), text(sum(s.reimbursed for s in run.stubs)), text(taxes), text(benefits),
        text(withheld), text(net), text(net + withheld + taxes), str(len(run.stubs)),
        hours(quarters["REG"]), hours(quarters["OT"]),
    ]  # fmt: skip
