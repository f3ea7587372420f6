"""Which QuickBooks customers are jobs, and which jobs are of the project of the job they are entered under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from datablueprint.graph.decisions import Said
from datablueprint.graph.evidence import Link, Row, native
from datablueprint.graph.names import job_numbers
from datablueprint.graph.transactions import expense_accounts, is_job_cost
from datablueprint.graph.votes import STANDS, Vote, confidence

Votes = dict[tuple[str, str], list[Vote]]
"""Votes per (Procore project, QuickBooks job)."""
ON_THE_CUSTOMER = frozenset({"origin_id", "project number"})
"""What tells that a top-level customer itself is the project, and so all that is entered under it."""
SUB_JOB_BITS = 5.5


def jobs_of(read: Mapping[str, list[Row]], procore: Mapping[str, Row]) -> dict[str, Row]:
    """Jobs and sub-customers, and top-level customers used as a job.

    A customer is used as a job when a Procore project carries its id, its name
    holds a dashed project number (24-017), or cost is posted on it.
    """
    origins = {project["origin_id"] for project in procore.values()}
    numbers = {project["number"] for project in procore.values() if "-" in (project["number"] or "")}
    accounts = expense_accounts(read["accounts"])
    costed = {line["job_record_id"] for line in read["accounting_lines"] if is_job_cost(line, accounts)}
    return {
        row["record_id"]: row
        for row in read["projects"]
        if row["system"] == "quickbooks"
        and (
            is_entered_as_job(row)
            or native(row["record_id"]) in origins
            or row["record_id"] in costed
            or numbers & set(job_numbers(row["name"]))
        )
    }


def is_entered_as_job(row: Row) -> bool:
    return bool(row["is_job"] or row["parent_record_id"])


def owners(jobs: Mapping[str, Row]) -> frozenset[str]:
    """Top-level customers with jobs of their own: a like name is the owner's, not the job's."""
    above = {row["parent_record_id"] for row in jobs.values()}
    return frozenset(record for record, row in jobs.items() if record in above and not is_entered_as_job(row))


def with_sub_jobs(claims: dict[str, Votes], jobs: Mapping[str, Row], said: Said) -> dict[str, Votes]:
    """A job entered under another job, however deep, is of its project, unless something written on it differs."""
    found = dict(claims)
    tops = owners(jobs)
    for job in _downward(jobs):
        parent = jobs[job]["parent_record_id"] or ""
        project = _project_of(parent, found, said)
        if job in found or project is None or (parent in tops and not _hands_down(parent, project, claims, jobs)):
            continue
        if not said.apart("project", project, job):
            found[job] = {(project, job): [_vote(jobs[parent])]}
    return found


def below(placed: Iterable[Link], jobs: Mapping[str, Row], linked: set[str], said: Said) -> Iterator[Link]:
    """The sub-jobs of jobs that names and money placed: never surer than the job above."""
    held = {link.right: link for link in placed}
    for job in _downward(jobs):
        above = held.get(jobs[job]["parent_record_id"] or "")
        if job in linked or job in held or above is None or above.confidence < STANDS:
            continue
        if not said.apart("project", above.left, job):
            vote = _vote(jobs[above.right])
            sure = min(above.confidence, confidence([vote]))
            held[job] = Link("project", above.left, job, sure, (vote.sentence,), vote.label)
            yield held[job]


def _downward(jobs: Mapping[str, Row]) -> list[str]:
    """Jobs under another one, each after the one it is entered under; a circle of parents is cut where it closes."""

    def depth(job: str) -> int:
        seen: set[str] = set()
        while job in jobs and job not in seen:
            seen.add(job)
            job = jobs[job]["parent_record_id"] or ""
        return len(seen)

    return sorted((job for job, row in jobs.items() if row["parent_record_id"] in jobs), key=depth)


def _project_of(job: str, claims: Mapping[str, Votes], said: Said) -> str | None:
    """What a person said, else the one project that is claimed."""
    if job in said.placed:
        return said.placed[job]
    held = claims.get(job, {})
    return next(iter(held))[0] if len(held) == 1 else None


def _hands_down(customer: str, project: str, claims: Mapping[str, Votes], jobs: Mapping[str, Row]) -> bool:
    """A customer that is the project, and not the owner of several: no job of it is told to be another project."""
    labels = {vote.label for vote in claims.get(customer, {}).get((project, customer), ())}
    under = [claims[job] for job, row in jobs.items() if row["parent_record_id"] == customer and job in claims]
    return bool(labels & ON_THE_CUSTOMER) and all(pair[0] == project for votes in under for pair in votes)


def _vote(above: Row) -> Vote:
    return Vote("sub-job", SUB_JOB_BITS, f"it is a sub-job of '{above['name']}', which is this project")
