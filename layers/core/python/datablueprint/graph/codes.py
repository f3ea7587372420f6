"""A Procore budget code is a QuickBooks item when the item is named for its project, code and cost type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from datablueprint.graph.evidence import Link, Row, native, pairs_by_key, unique_index, voted
from datablueprint.graph.votes import Vote

LEAST_LINES = 2


def cost_code_links(
    projects: list[Row], codes: list[Row], lines: list[Row], job_project: Mapping[str, str]
) -> Iterator[Link]:
    """Links of code and cost type at once: both are in the key, so a like code of another type is no match."""
    place = _Reference(projects, job_project)
    used = _used_on(lines, job_project)

    def key(code: Row, project: str | None) -> str | None:
        return f"{project}|{code['code']}|{code['cost_type']}" if project and code["code"] else None

    for left, right in pairs_by_key(
        [c for c in codes if c["system"] == "procore"],
        [c for c in codes if c["system"] == "quickbooks"],
        left_key=lambda code: key(code, code["project_record_id"]),
        right_key=lambda code: key(code, place.project(code["project_reference"])),
    ):
        sentence = f"the item is named '{right['name']}' after project, code and type"
        votes = [Vote("item name", 7.0, sentence), *_use_vote(left["project_record_id"], used[right["record_id"]])]
        yield voted("cost_code", left["record_id"], right["record_id"], votes)


class _Reference:
    """What an item's name begins with: a project number, or the QuickBooks id of the job where the number is blank."""

    def __init__(self, projects: list[Row], job_project: Mapping[str, str]) -> None:
        numbered = unique_index([p for p in projects if p["system"] == "procore"], lambda p: p["number"])
        self._by_number = {number: row["record_id"] for number, row in numbered.items()}
        self._by_job = {native(job): project for job, project in job_project.items()}

    def project(self, reference: str | None) -> str | None:
        return self._by_number.get(reference or "") or self._by_job.get(reference or "")


def _used_on(lines: list[Row], job_project: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Per item how many of its lines are on jobs of which project."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line["item_record_id"] and line["job_record_id"] in job_project:
            used[line["item_record_id"]][job_project[line["job_record_id"]]] += 1
    return used


def _use_vote(project: str, used: Counter[str]) -> Iterator[Vote]:
    total, here = used.total(), used[project]
    if here >= LEAST_LINES and here * 10 >= total * 9:
        yield Vote("item use", 1.0, f"{here} of its {total} lines are on a job of that project", "transactions")
    elif total >= LEAST_LINES and here * 10 <= total:
        sentence = f"against it: {total - here} of its {total} lines are on jobs of other projects"
        yield Vote("other use", -3.0, sentence, "against")
