"""Which records speak of the same job, firm, person or budget code, and how many dollars go astray if one is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from local.sandbox.world.model import Project, Vendor, World
from local.sandbox.world.money import text
from local.sandbox.world.truth_costs import COST_KINDS, signed_amount
from local.sandbox.world.truth_records import record_ids

Link = dict[str, Any]


class _Posted:
    """Cost posted in QuickBooks up to the as-of date, by whatever a link joins."""

    def __init__(self, world: World) -> None:
        self.job: dict[str | None, int] = defaultdict(int)
        self.vendor: dict[str, int] = defaultdict(int)
        self.item: dict[str, int] = defaultdict(int)
        for txn in world.txns:
            if txn.kind not in COST_KINDS or txn.voided or txn.day > world.as_of:
                continue
            for line in (line for line in txn.lines if line.account.is_cost):
                amount = txn.home(signed_amount(txn, line))
                if txn.vendor:
                    self.vendor[txn.vendor.name] += amount
                if line.project:
                    self.job[line.project.change_job_id if line.on_change_job else line.project.quickbooks_id] += amount
                if line.leaf and line.leaf.item_id:
                    self.item[line.leaf.item_id] += amount


def links(world: World) -> Iterator[Link]:
    """Clusters of records, with what QuickBooks posted (or payroll paid) under the second of them."""
    posted = _Posted(world)
    for project in world.projects:
        yield from _of_project(project, posted)
    for vendor in world.vendors:
        yield _of_vendor(vendor, posted.vendor[vendor.name])
    yield from _of_employees(world)


def _of_project(project: Project, posted: _Posted) -> Iterator[Link]:
    yield _link("project", project.link, record_ids(project), posted.job[project.quickbooks_id])
    if project.change_job_id:
        records = [f"procore:projects:{project.id}", f"quickbooks:Customer:{project.change_job_id}"]
        yield _link("project", "sub-job", records, posted.job[project.change_job_id])
    for leaf in project.leaves:
        if leaf.item_id:
            records = [f"procore:wbs_codes:{leaf.wbs_id}", f"quickbooks:Item:{leaf.item_id}"]
            yield _link("cost_code", "item name", records, posted.item[leaf.item_id])


def _of_vendor(vendor: Vendor, dollars: int) -> Link:
    records = [f"procore:vendors:{vendor.procore_id}"] if vendor.procore_id else []
    records += [f"quickbooks:Vendor:{vendor.quickbooks_id}"] if vendor.quickbooks_id else []
    return _link("vendor", "origin" if vendor.linked else "name", records, dollars)


def _of_employees(world: World) -> Iterator[Link]:
    moved = min((run.start for run in world.runs if run.provider == "gusto"), default=world.today)
    in_gusto = {e.number for e in world.employees if e.released is None or e.released >= moved}
    in_files = {s.employee.number for run in world.runs if run.provider == "payroll_file" for s in run.stubs}
    earned: dict[str, int] = defaultdict(int)
    for run in world.runs:
        for stub in run.stubs:
            earned[stub.employee.number] += stub.gross + stub.burden
    for person in world.employees:
        records = [f"procore:people:{person.person_id}"]
        records += [f"procore:users:{person.user_id}"] if person.user_id else []
        records += [f"gusto:employees:{person.gusto_uuid}"] if person.number in in_gusto else []
        records += [f"payroll_file:employees:{person.number}"] if person.number in in_files else []
        records.append(f"quickbooks:Employee:{person.quickbooks_id}")
        yield _link("employee", "number" if person.gusto_code else "e-mail", records, earned[person.number])


def _link(kind: str, how: str, records: list[str], dollars: int) -> Link:
    return {"kind": kind, "how": how, "records": records, "dollars": text(dollars)}
