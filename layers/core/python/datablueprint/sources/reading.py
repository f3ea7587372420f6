"""Five rules find what changed at a vendor; every stream names the one that loses nothing at the fewest calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from datablueprint.errors import PermissionMissing, SourceRefused
from datablueprint.sources.base import Known, Parent, Record
from datablueprint.sources.job import Job, iso
from datablueprint.sources.jsontext import parse

OVERLAP = timedelta(minutes=15)
SWEEP = timedelta(days=7)
"""How often lists that are read by window, and closed projects, are read whole."""
DAILY = timedelta(days=1)
SLICE = timedelta(days=92)
BEGINNING = "2000-01-01T00:00:00+00:00"


def whole_list(job: Job) -> None:
    """Read everything, compare the keys: for lists that are short or have no filter; some only once a cycle."""
    memory = job.checkpoint.value
    cycle = job.stream.cycle
    if job.full or cycle is None or job.older(memory.get("whole_at"), cycle):
        _whole(job)
        memory["whole_at"] = job.now.isoformat()


def changed_list(job: Job) -> None:
    """Read the window since the last time, and everything once a week.

    A list that fits on one page is read whole every time: it costs the same one
    call and shows deletions too.
    """
    memory = job.checkpoint.value
    fits = memory.get("total") is not None and int(memory["total"]) <= job.stream.page_size
    since = memory.get("watermark")
    if job.full or since is None or fits or job.older(memory.get("whole_at"), SWEEP):
        memory["total"] = _whole(job)
        memory["whole_at"] = job.now.isoformat()
    else:
        job.add(job.fetch(job.call(_window(job, "updated_at", since))) or [])
        job.add(_others(job))
    memory["watermark"] = job.watermark = job.began().isoformat()


def dated_list(job: Job) -> None:
    """First by slices of dates, later by two windows: what changed and what was deleted."""
    memory = job.checkpoint.value
    if job.full or memory.get("watermark") is None:
        _read_slices(job)
        return
    since = memory["watermark"]
    job.add(job.fetch(job.call(_window(job, "updated_at", since)), parent=_project_of) or [])
    job.add(job.fetch(job.call(_window(job, "deleted_at", since)), parent=_project_of) or [])
    memory["watermark"] = job.watermark = job.began().isoformat()


def per_project(job: Job) -> None:
    """Ask each project that is due for its whole list and compare the keys within the project.

    Due is an active project every time (or every `cycle`), a closed one once a
    week or when its own record changed, and all of them in a full run.
    """
    notes = job.checkpoint.value.setdefault("projects", {})
    projects = {project.native_id: project for project in job.live("projects")}
    due = [key for key, project in projects.items() if _is_due(job, project, notes.get(key))]
    for gone in sorted(set(notes) - set(projects)):
        job.forget(job.raw.identities(job.stream.name, gone), url="", parent_id=gone)
        del notes[gone]
    for done, key in enumerate(due):
        job.tell(done, len(due))
        _read_project(job, projects[key], notes)
    job.settle()


def children(job: Job) -> None:
    """Ask each parent that changed, and each open one once a day, for its own list or single record."""
    assert job.stream.parents
    by_project: dict[str, list[Parent]] = defaultdict(list)
    for parent in job.stream.parents(job):
        by_project[parent.project].append(parent)
    due: list[Parent] = []
    for project in sorted(job.partitions() | set(by_project)):
        notes = job.partition(project).value
        family = {parent.id: parent for parent in by_project.get(project, [])}
        for gone in sorted(set(notes) - set(family)):
            job.forget(_known_children(job, gone), url="", parent_id=_parent_id(job, gone, project))
            del notes[gone]
        due += [parent for parent in family.values() if _child_is_due(job, parent, notes.get(parent.id))]
    for done, parent in enumerate(due):
        if done % 25 == 0:
            job.tell(done, len(due))
        _read_children(job, parent)
    job.settle()


# -- parts -------------------------------------------------------------------------------------------


def _whole(job: Job) -> int:
    """Rows of the main list; those of further lists are replaced with them."""
    main = job.fetch(job.call()) or []
    records = [*_others(job), *main]
    known = job.raw.identities(job.stream.name)
    _suspect(job, known, records)
    job.replace(records, known, url=records[0].url if records else "")
    return len(main)


def _others(job: Job) -> list[Record]:
    return [record for call in job.other_calls() for record in job.fetch(call) or []]


def _suspect(job: Job, known: Mapping[str, str], records: list[Record]) -> None:
    """An account that lost its permission sees an empty list, not an error; that must not delete a customer."""
    gone = set(known) - {record.native_id for record in records}
    if job.stream.guarded and len(known) >= 4 and len(gone) * 2 > len(known):
        raise PermissionMissing(
            job.source.title,
            f"{len(gone)} of {len(known)} known {job.stream.name} vanished at once, which looks like a lost permission",
            record=job.stream.name,
            way_out="Check what the connected account may see (for a Procore service account: the permitted projects); "
            "nothing was taken as deleted",
        )


def _window(job: Job, field: str, since: str) -> dict[str, str]:
    """Procore's closed range; its end lies ahead so that our clock being slow loses nothing."""
    start = datetime.fromisoformat(since) - OVERLAP
    return {f"filters[{field}]": f"{iso(start)}...{iso(job.now + DAILY)}"}


def _read_slices(job: Job) -> None:
    memory = job.checkpoint.value
    load = memory.get("load")
    if not load or (load.get("run") != job.run_id and job.full):
        load = {"run": job.run_id, "next": _first_day(job).isoformat(), "started": job.began().isoformat()}
        memory["load"] = load
    last = job.now.date() + timedelta(days=31)
    first = date.fromisoformat(load["next"])
    total = max(1, (last - first) // SLICE + 1)
    for done in range(total):
        start = first + done * SLICE
        job.tell(done, total)
        span = {"start_date": start.isoformat(), "end_date": (start + SLICE - DAILY).isoformat()}
        job.add(job.fetch(job.call(span), parent=_project_of) or [])
        load["next"] = (start + SLICE).isoformat()
    if job.full:
        job.add(job.fetch(job.call(_window(job, "deleted_at", BEGINNING)), parent=_project_of) or [])
    memory["watermark"] = job.watermark = load["started"]
    del memory["load"]


def _first_day(job: Job) -> date:
    """A month before the first project began; three years ago when no project says."""
    fields = ("actual_start_date", "start_date", "created_at")
    values = (parse(project.payload).get(field) for project in job.live("projects") for field in fields)
    days = [str(value)[:10] for value in values if value]
    fallback = job.now.date() - timedelta(days=3 * 365)
    try:
        return date.fromisoformat(min(days)) - timedelta(days=31)
    except ValueError:
        return fallback


def _project_of(value: Mapping[str, Any]) -> str | None:
    project = value.get("project")
    found = project.get("id") if isinstance(project, dict) else None
    return None if found is None else str(found)


def _is_due(job: Job, project: Known, note: Mapping[str, str] | None) -> bool:
    if note is None or job.full:
        return not job.read_in_this_run(note)
    if job.read_in_this_run(note):
        return False
    active = parse(project.payload).get("active") is not False
    if active and job.stream.cycle is None:
        return True
    if note["hash"] != project.content_hash[:16] and not active:
        return True
    return job.older(note["at"], job.stream.cycle or SWEEP)


def _read_project(job: Job, project: Known, notes: dict[str, Any]) -> None:
    key = project.native_id
    known = job.raw.identities(job.stream.name, key)
    names = {"project": key}
    if "{view}" in job.stream.path:
        view = pinned_view(job, key)
        if view is None:
            job.replace([], known, url="", parent_id=key)
            return
        names["view"] = view
    call = job.call(names=names)
    try:
        records = job.fetch(call, parent=key, holder=key) or []
    except (PermissionMissing, SourceRefused) as error:
        job.refused(error)
        return
    job.answered()
    job.replace(records, known, url=call.path, parent_id=key)
    notes[key] = job.note(project.content_hash)


def pinned_view(job: Job, project: str) -> str | None:
    """Native id of the budget view that the policy names, else of the project's first; None without any."""
    wanted = job.ports.settings.policy.budget_view
    views = [parse(view.payload) for view in job.once("views", lambda: _views(job)).get(project, [])]
    if not wanted:
        return str(views[0]["id"]) if views else None
    for view in views:
        if str(view.get("name")) == wanted:
            return str(view["id"])
    names = ", ".join(f"'{view.get('name')}'" for view in views) or "none"
    job.problems.append(
        f"{job.source.title}: project {project} has no budget view named '{wanted}' (it has {names}), so its budget "
        "was not read. Set policy.budget_view to one that every project has"
    )
    return None


def _views(job: Job) -> dict[str, list[Known]]:
    by_project: dict[str, list[Known]] = defaultdict(list)
    for view in job.live("budget_views"):
        by_project[view.parent_id or ""].append(view)
    return by_project


def _child_is_due(job: Job, parent: Parent, note: Mapping[str, str] | None) -> bool:
    if note is None:
        return True
    if job.read_in_this_run(note):
        return False
    return job.full or note["hash"] != parent.content[:16] or (parent.open and job.older(note["at"], DAILY))


def _read_children(job: Job, parent: Parent) -> None:
    call = job.call(names={"parent": parent.id, "project": parent.project}, missing_ok=True)
    belongs = _parent_id(job, parent.id, parent.project)
    try:
        records = job.fetch(call, parent=belongs, holder=parent.id)
    except PermissionMissing as error:
        job.refused(error)
        return
    job.answered()
    if records is None:
        return  # the parent went away after its list was read; the next refresh sees that
    job.replace(records, _known_children(job, parent.id), url=call.path, parent_id=belongs)
    job.partition(parent.project).value[parent.id] = job.note(parent.content)


def _parent_id(job: Job, parent: str, project: str) -> str:
    """Lines belong to their contract; a single record that only completes its parent belongs to the project."""
    return project if job.stream.records is None else parent


def _known_children(job: Job, parent: str) -> set[str]:
    if job.stream.records is None:
        return {parent} & set(job.raw.identities(job.stream.name))
    return set(job.raw.identities(job.stream.name, parent))
