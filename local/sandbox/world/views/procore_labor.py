"""Procore's timecards: hours by person, day and budget code, and never a rate."""

from __future__ import annotations

from datetime import timedelta

from local.sandbox.world.model import Employee, Leaf, Project, World
from local.sandbox.world.money import hours
from local.sandbox.world.views.procore_company import LINE_TYPES, coded, displayed
from local.sandbox.world.views.stamps import Row, day, touched

REGULAR = {"id": 1, "time_type": "Regular Time", "abbreviated_time_type": "RT"}
OVERTIME = {"id": 2, "time_type": "Overtime", "abbreviated_time_type": "OT"}


def rows(world: World) -> dict[str, list[Row]]:
    unpaid_from = max((run.end for run in world.runs if run.processed), default=world.began)
    codes: dict[int, Row] = {}
    parties: dict[str, tuple[Row, Row | None]] = {}
    jobs: dict[int, Row] = {}
    made = []
    for entry in world.time:
        leaf, project = entry.leaf, entry.project
        if id(leaf) not in codes:
            codes[id(leaf)] = _codes(world, leaf)
        if entry.employee.number not in parties:
            parties[entry.employee.number] = _party(entry.employee)
        party, login = parties[entry.employee.number]
        approved = entry.day <= unpaid_from
        made.append(
            {
                "id": entry.id,
                "_project_id": project.id,
                "date": day(entry.day),
                "hours": hours(entry.quarters),
                "time_in": None,
                "time_out": None,
                "lunch_time": "0",
                "billable": True,
                "in_progress": False,
                "approval_status": "approved" if approved else "pending",
                "timecard_time_type": OVERTIME if entry.overtime else REGULAR,
                "party": party,
                "login_information": login,
                **codes[id(leaf)],
                "sub_job": None,
                "project": jobs.setdefault(project.id, _job(project)),
                "crew": None,
                "timesheet": {"id": entry.day.toordinal(), "status": "approved" if approved else "pending"},
                "origin_id": None,
                "deleted_at": None,
                **touched(world, entry.day, entry.day + timedelta(days=3) if approved else entry.day, entry.id % 389),
            }
        )
    return {"timecard_entries": made}


def _codes(world: World, leaf: Leaf) -> Row:
    return {**coded(world, leaf), "wbs_code_id": leaf.wbs_id, "line_item_type_id": LINE_TYPES[leaf.type][0]}


def _party(person: Employee) -> tuple[Row, Row | None]:
    login = {"id": person.user_id, "login": person.email, "name": displayed(person)} if person.user_id else None
    return {"id": person.person_id, "name": displayed(person)}, login


def _job(project: Project) -> Row:
    return {"id": project.id, "name": project.name}
