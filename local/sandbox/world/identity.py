"""Where one thing is two in the other system, or none: a job cut in two, an unknown job, codes of its own."""

from __future__ import annotations

from datetime import timedelta

from local.sandbox.world import books
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import Project, World

CHANGE_WORK = "Change work"
UNKNOWN_JOB = "Kessler Residence Porch Repair"


def keep_own_codes(world: World) -> None:
    """One running job that its number links has cost codes of its own, so the integration can never take it over."""
    running = [p for p in world.projects if p.phase == "active" and p.link == "number"]
    for project in sorted(running, key=lambda p: p.target)[:1]:
        project.remarks.add("own cost codes")


def split_a_job(world: World, ids: Ids) -> None:
    """Bookkeeping wanted the changes of one job apart: a sub-job in QuickBooks, the same project in Procore."""
    running = [p for p in world.projects if p.phase == "active" and p.link in {"origin", "number"}]
    project = max(running, key=_billed_changes, default=None)
    if project is None or not _billed_changes(project):
        return
    project.change_job_id = str(100 + ids.next("quickbooks job") - 1000)
    for invoice in (i for c in project.commitments for i in c.invoices if i.bill):
        assert invoice.bill is not None  # filtered above
        billed = [item for item in invoice.items if item.gross]
        for line, item in zip(invoice.bill.lines, billed, strict=False):
            line.on_change_job = item.is_change


def _billed_changes(project: Project) -> int:
    return sum(
        item.gross
        for commitment in project.commitments
        if not commitment.hidden
        for invoice in commitment.invoices
        if invoice.bill
        for item in invoice.items
        if item.is_change
    )


def work_unseen(world: World, ids: Ids) -> None:
    """A repair job that lives in QuickBooks alone: cost with a job, and no project anywhere."""
    suppliers = [v for v in world.vendors if v.kind == "supplier"]
    start = world.as_of - timedelta(days=80)
    job = Project(
        id=0,
        number="",
        name=UNKNOWN_JOB,
        owner=world.owners[-1],
        address="18 Cedar St",
        city="Denver",
        phase="active",
        start=start,
        contract_finish=world.as_of,
        planned_finish=world.as_of,
        finished=None,
        target=4_000_000,
        overrun=0.0,
        margin=0.0,
        quickbooks_id=str(100 + ids.next("quickbooks job") - 1000),
        quickbooks_name=UNKNOWN_JOB,
    )
    world.unlisted.append(job)
    for days, key, amount in ((6, "materials", 412_050), (19, "other_job", 96_000), (41, "materials", 233_475)):
        line = books.debit(world, key, amount, "Porch repair", job)
        books.purchase(world, start + timedelta(days=days), suppliers[days % len(suppliers)], [line], card=False)
