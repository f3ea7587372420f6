"""A QuickBooks job is a Procore project when an id, a job number or its own items say so; a name only proposes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from datablueprint.graph.evidence import (
    BY_BARE_NUMBER,
    BY_ITEMS,
    BY_NUMBER,
    CERTAIN,
    SURE,
    Link,
    Row,
    best_by_name,
    likeness_said,
    native,
    proposal,
    unique_index,
)
from datablueprint.graph.names import job_numbers, likeness, normal, without_numbers

LEAST_ITEM_LINES = 2
LEAST_LIKENESS = 0.80
LEAST_LIKENESS_WITH_NUMBER = 0.50


def project_links(projects: list[Row], items: list[Row], lines: list[Row]) -> Iterator[Link]:
    """Links between Procore projects and QuickBooks jobs.

    `items` are the cost_codes rows of QuickBooks (their names may begin with a
    job number), `lines` the accounting lines that carry a job and an item.
    """
    procore = [p for p in projects if p["system"] == "procore"]
    jobs = [p for p in projects if p["system"] == "quickbooks" and (p["is_job"] or p["parent_record_id"])]
    numbers = _by_number(procore, jobs)
    found = _by_origin_id(procore, jobs)
    found += [link for link in numbers if link.confidence >= SURE]
    found += _by_items(procore, jobs, items, lines)
    settled = _settle(found)
    linked = {record for link in settled for record in (link.left, link.right)}
    settled += _by_name(
        [p for p in procore if p["record_id"] not in linked], [j for j in jobs if j["record_id"] not in linked]
    )
    yield from settled
    linked = {link.right for link in settled}
    yield from _settle([link for link in numbers if link.confidence < SURE and link.right not in linked])


def _by_origin_id(procore: list[Row], jobs: list[Row]) -> list[Link]:
    by_id = {native(job["record_id"]): job for job in jobs}
    return [
        Link(
            "project",
            p["record_id"],
            by_id[p["origin_id"]]["record_id"],
            CERTAIN,
            (f"Procore carries the QuickBooks id {p['origin_id']} as origin_id",),
            "origin_id",
        )
        for p in procore
        if p["origin_id"] in by_id
    ]


def _by_number(procore: list[Row], jobs: list[Row]) -> list[Link]:
    by_number = unique_index(procore, lambda p: p["number"])
    return [
        _number_link(number, by_number[number], job)
        for job in jobs
        for number in job_numbers(job["name"])
        if number in by_number
    ]


def _number_link(number: str, project: Row, job: Row) -> Link:
    evidence, confidence = f"the QuickBooks job name contains project number {number}", BY_NUMBER
    if not _is_job_number(number, project, job):
        evidence, confidence = f"{evidence}, which may as well be a house number or a year", BY_BARE_NUMBER
    return Link("project", project["record_id"], job["record_id"], confidence, (evidence,), "project number")


def _is_job_number(number: str, project: Row, job: Row) -> bool:
    """24-017 is nothing else; 2401 alone is one where job numbers are written, or between names that are half alike."""
    if "-" in number or re.match(rf"\W*{number}(?![\w-])", job["name"]):
        return True
    names = (normal(without_numbers(row["name"])) for row in (project, job))
    return likeness(*names) >= LEAST_LIKENESS_WITH_NUMBER


def _by_items(procore: list[Row], jobs: list[Row], items: list[Row], lines: list[Row]) -> list[Link]:
    """The native connector names items `[project number]-[code].[type]`: a job bought under them is that project."""
    by_number = unique_index(procore, lambda p: p["number"])
    reference = {item["record_id"]: item["project_reference"] for item in items if item["project_reference"]}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line["job_record_id"] and line["item_record_id"] in reference:
            votes[line["job_record_id"]][reference[line["item_record_id"]]] += 1
    links = []
    for job in jobs:
        counted = votes.get(job["record_id"])
        if not counted:
            continue
        (number, most), total = counted.most_common(1)[0], sum(counted.values())
        if number in by_number and most >= LEAST_ITEM_LINES and most * 10 >= total * 9:
            links.append(
                Link(
                    "project",
                    by_number[number]["record_id"],
                    job["record_id"],
                    BY_ITEMS,
                    (f"{most} of its {total} item lines are named for project number {number}",),
                    "item names",
                )
            )
    return links


def _settle(links: list[Link]) -> list[Link]:
    """One link per job: agreeing evidence is joined; evidence that names two projects leaves only proposals."""
    by_job: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        by_job[link.right].append(link)
    settled = []
    for claims in by_job.values():
        strongest = max(claims, key=lambda link: link.confidence)
        evidence = tuple(dict.fromkeys(e for link in claims for e in link.evidence))
        if len({link.left for link in claims}) == 1:
            settled.append(
                Link("project", strongest.left, strongest.right, strongest.confidence, evidence, strongest.rule)
            )
        else:
            doubtful = Decimal("0.5000")
            settled.append(
                Link("project", strongest.left, strongest.right, doubtful, evidence, "contradicting evidence")
            )
    return settled


def _by_name(procore: list[Row], jobs: list[Row]) -> Iterator[Link]:
    names = {p["record_id"]: normal(without_numbers(p["name"])) for p in procore}
    by_record = {p["record_id"]: p for p in procore}
    taken: set[str] = set()
    matches = list(best_by_name(jobs, names, name=lambda j: normal(without_numbers(j["name"])), least=LEAST_LIKENESS))
    for job, left, score in sorted(matches, key=lambda m: -m[2]):
        if left in taken:
            continue
        taken.add(left)
        evidence = [likeness_said(score, by_record[left]["name"], job["name"])]
        if job["address"] and job["address"] == by_record[left]["address"]:
            evidence.append(f"same address: {job['address']}")
        yield Link("project", left, job["record_id"], proposal(score), tuple(evidence), "similar name")
