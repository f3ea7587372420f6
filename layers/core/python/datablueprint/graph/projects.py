"""A QuickBooks job is a Procore project when an id, a job number or its own items say so; names need witnesses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from datablueprint.graph.decisions import NOTHING_SAID, Said
from datablueprint.graph.evidence import Link, Row, native, unique_index, voted
from datablueprint.graph.jobs import Votes, below, jobs_of, owners, with_sub_jobs
from datablueprint.graph.money_votes import Money
from datablueprint.graph.names import job_numbers, likeness, normal, without_numbers
from datablueprint.graph.places import Places, phase_vote
from datablueprint.graph.similar import Blocks, best, name_vote
from datablueprint.graph.told_apart import word_doubts
from datablueprint.graph.transactions import carried
from datablueprint.graph.votes import DOUBTFUL, Vote, bits, in_order

LEAST_ITEM_LINES = 2
LEAST_CARRIED = 2
LEAST_LIKENESS = 0.80
LEAST_LIKENESS_WITH_NUMBER = 0.50
LEAST_BITS_WITHOUT_NAME = 2.5
"""What transactions alone must say before a person is asked about two unlike names."""


def project_links(read: Mapping[str, list[Row]], money: Money, said: Said = NOTHING_SAID) -> Iterator[Link]:
    """Links between Procore projects and QuickBooks jobs: one per job, or a question per project that it names.

    Pairs that somebody rejected are not found again, so that the next candidate is.
    """
    procore = {p["record_id"]: p for p in read["projects"] if p["system"] == "procore"}
    jobs, said = jobs_of(read, procore), said.among(procore)
    items = [item for item in read["cost_codes"] if item["system"] == "quickbooks"]
    told, hints = _told(procore, jobs, items, read["accounting_lines"], money, said)
    claims = with_sub_jobs(_by_job(told), jobs, said)
    settled = [link for job, held in claims.items() for link in _settled(job, held, procore, jobs, money)]
    yield from settled
    linked = {record for link in settled for record in (link.left, link.right)}
    places = Places([*procore.values(), *jobs.values()])
    found = list(_Open(procore, jobs, linked, hints, money, places, said).links())
    yield from found
    yield from below(found, jobs, linked, said)


def _told(
    procore: Mapping[str, Row], jobs: Mapping[str, Row], items: list[Row], lines: list[Row], money: Money, said: Said
) -> tuple[Votes, Votes]:
    """Votes of what was written on purpose, and hints: numbers that may as well be a house number or a year."""
    told: Votes = defaultdict(list)
    hints: Votes = defaultdict(list)
    by_number = unique_index(procore.values(), lambda p: p["number"])
    for pair, vote in (
        *_by_origin_id(procore, jobs),
        *_by_number(by_number, jobs),
        *_by_items(by_number, jobs, items, lines),
        *_by_carried(procore, jobs, money),
    ):
        if not said.apart("project", *pair):
            (told if vote.nature == "purpose" else hints)[pair].append(vote)
    return told, hints


def _by_origin_id(procore: Mapping[str, Row], jobs: Mapping[str, Row]) -> Iterator[tuple[tuple[str, str], Vote]]:
    by_id = {native(job): job for job in jobs}
    for record, project in procore.items():
        origin = project["origin_id"]
        if origin in by_id:
            yield (
                (record, by_id[origin]),
                Vote("origin_id", 14.0, f"Procore carries the QuickBooks id {origin} as origin_id"),
            )


def _by_number(by_number: Mapping[str, Row], jobs: Mapping[str, Row]) -> Iterator[tuple[tuple[str, str], Vote]]:
    for record, job in jobs.items():
        for number in job_numbers(job["name"]):
            if number in by_number:
                yield (by_number[number]["record_id"], record), _number_vote(number, by_number[number], job)


def _number_vote(number: str, project: Row, job: Row) -> Vote:
    sentence = f"the QuickBooks job name contains project number {number}"
    if _is_job_number(number, project, job):
        return Vote("project number", 7.0, sentence)
    return Vote("project number", 0.6, f"{sentence}, which may as well be a house number or a year", "likeness")


def _is_job_number(number: str, project: Row, job: Row) -> bool:
    """24-017 is nothing else; 2401 alone is one where job numbers are written, or between names that are half alike."""
    if "-" in number or re.match(rf"\W*{number}(?![\w-])", job["name"]):
        return True
    names = (normal(without_numbers(row["name"])) for row in (project, job))
    return likeness(*names) >= LEAST_LIKENESS_WITH_NUMBER


def _by_items(
    by_number: Mapping[str, Row], jobs: Mapping[str, Row], items: list[Row], lines: list[Row]
) -> Iterator[tuple[tuple[str, str], Vote]]:
    """The native connector names items `[project number]-[code].[type]`: a job bought under them is that project."""
    reference = {item["record_id"]: item["project_reference"] for item in items if item["project_reference"]}
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        if line["job_record_id"] in jobs and line["item_record_id"] in reference:
            named[line["job_record_id"]][reference[line["item_record_id"]]] += 1
    for job, counted in named.items():
        (number, most), total = counted.most_common(1)[0], sum(counted.values())
        if number in by_number and most >= LEAST_ITEM_LINES and most * 10 >= total * 9:
            sentence = f"{most} of its {total} item lines are named for project number {number}"
            yield (by_number[number]["record_id"], job), Vote("item names", 6.0, sentence)


def _by_carried(
    procore: Mapping[str, Row], jobs: Mapping[str, Row], money: Money
) -> Iterator[tuple[tuple[str, str], Vote]]:
    """Papers that an integration copied between the systems kept their QuickBooks ids, and so tell their job."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for paper, bill in carried(money.invoices, money.bills):
        if bill.place in jobs and paper.place in procore:
            counted[bill.place][paper.place] += 1
    for job, projects in counted.items():
        (project, most), total = projects.most_common(1)[0], sum(projects.values())
        if most >= LEAST_CARRIED and most * 10 >= total * 9:
            sentence = f"{most} Procore documents carry the ids of bills on this job"
            yield (project, job), Vote("ids of documents", 6.0, sentence)


def _by_job(votes: Votes) -> dict[str, Votes]:
    found: dict[str, Votes] = defaultdict(dict)
    for (project, job), held in votes.items():
        found[job][project, job] = held
    return found


def _settled(
    job: str, claims: Votes, procore: Mapping[str, Row], jobs: Mapping[str, Row], money: Money
) -> Iterator[Link]:
    """Agreeing evidence is joined; evidence that names two projects leaves a question about each and joins nothing."""
    if len(claims) == 1:
        [((project, _), held)] = claims.items()
        votes = [*held, *money.of_projects(project, job), *phase_vote(procore[project], jobs[job])]
        yield voted("project", project, job, votes)
        return
    for (project, _), held in claims.items():
        others = in_order(vote for other, votes in claims.items() if other[0] != project for vote in votes)
        sentences = [vote.sentence for vote in in_order(held)] + [f"against it: {vote.sentence}" for vote in others]
        yield Link("project", project, job, DOUBTFUL, tuple(dict.fromkeys(sentences)), "contradicting evidence")


class _Open:
    """Jobs that nothing written on purpose has placed: names propose, places and money speak up."""

    def __init__(
        self,
        procore: Mapping[str, Row],
        jobs: Mapping[str, Row],
        linked: set[str],
        hints: Votes,
        money: Money,
        places: Places,
        said: Said,
    ) -> None:
        self.procore, self.jobs, self.linked, self.money, self.places = procore, jobs, linked, money, places
        self.said, self.owners = said, owners(jobs)
        self.hints = _by_job(hints)
        free = (p for record, p in procore.items() if record not in linked)
        self.names = Blocks({p["record_id"]: normal(without_numbers(p["name"])) for p in free})

    def links(self) -> Iterator[Link]:
        """The best candidate of each job if it stands out; of two jobs with a like name only, the better one."""
        free = self.jobs.keys() - self.linked - self.owners
        chosen = [found for job in sorted(free) if (found := self._choose(job))]
        taken: set[str] = set()
        for project, job, votes in sorted(chosen, key=lambda each: (-bits(each[2]), each[1])):
            by_name_only = {vote.nature for vote in votes if vote.bits > 0} <= {"name", "likeness"}
            if by_name_only and project in taken and not self._hint(project, job):
                continue
            taken.add(project)
            yield voted("project", project, job, votes)

    def _choose(self, job: str) -> tuple[str, str, list[Vote]] | None:
        candidates = {project: held for project, held in self._candidates(job).items() if self._is_worth_asking(held)}
        project = best({project: bits(held) for project, held in candidates.items()})
        return (project, job, candidates[project]) if project else None

    def _candidates(self, job: str) -> dict[str, list[Vote]]:
        row, bills = self.jobs[job], self.money.bills.by_place.get(job, ())
        name = normal(without_numbers(row["name"]))
        found = {project for project, _ in self.names.alike(name, least=LEAST_LIKENESS)}
        found |= {project for project, _ in self.hints.get(job, {})}
        found |= self.money.projects_billed(bills) & self.procore.keys()
        return {
            project: [
                *self._named(self.procore[project], row, name),
                *self._hint(project, job),
                *self.money.of_projects(project, job),
                *phase_vote(self.procore[project], row),
                *self.places.votes(self.procore[project], row, bills),
            ]
            for project in sorted(found)
            if not self.said.apart("project", project, job)
        }

    def _named(self, project: Row, job: Row, name: str) -> Iterator[Vote]:
        score = likeness(normal(without_numbers(project["name"])), name)
        if score >= LEAST_LIKENESS:
            yield name_vote(score, project["name"], job["name"])
            yield from word_doubts(without_numbers(project["name"]), without_numbers(job["name"]))

    def _hint(self, project: str, job: str) -> Iterable[Vote]:
        return self.hints.get(job, {}).get((project, job), [])

    @staticmethod
    def _is_worth_asking(votes: list[Vote]) -> bool:
        if any(vote.label == "project number" for vote in votes):
            return True
        least = 0.0 if any(vote.nature == "name" for vote in votes) else LEAST_BITS_WITHOUT_NAME
        return bits(votes) > least
