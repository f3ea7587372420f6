"""What bills and invoices say of two projects or two vendors: same firms, same amounts, same numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from datablueprint.graph.transactions import Paper, Papers, equal_amounts, equal_numbers
from datablueprint.graph.votes import Vote

LEAST_PAPERS = 2
"""One equal amount is chance; two begin to be a habit."""
LEAST_SHARE = 0.2
"""Of the side with fewer papers; below this, equal amounts among many are chance."""
WHOLE_SHARE = 0.5
MOST_BITS = 4.0
MOST_BITS_OF_VENDORS = 2.0
LEAST_VENDORS = 4
"""Known to both systems, on either side, before having none in common says anything."""
SPEAKING_AMOUNT = 20
"""An amount on more papers than this is a price, not a sign."""


@dataclass
class Money:
    """The papers of both systems, and which QuickBooks vendors are surely which Procore vendors."""

    invoices: Papers
    bills: Papers
    same_vendor: Mapping[str, str]

    def __post_init__(self) -> None:
        self.repeated = _repeated(self.invoices, lambda v: v) | _repeated(self.bills, self.firm)
        self._invoices_of, self._bills_of = _by_amount(self.invoices), _by_amount(self.bills)

    def firm(self, vendor: str) -> str:
        """The Procore vendor that a QuickBooks vendor surely is, else itself."""
        return self.same_vendor.get(vendor, vendor)

    def bills_of_amount(self, paper: Paper) -> list[Paper]:
        """Bills equal to the cent and near in date; none when so many are equal that it is a price."""
        return _speaking(self._bills_of.get(paper.amount, []), paper)

    def projects_billed(self, bills: Iterable[Paper]) -> set[str]:
        """Projects with at least two papers that equal these bills to the cent."""
        counted: Counter[str] = Counter()
        for bill in bills:
            counted.update({paper.place for paper in _speaking(self._invoices_of.get(bill.amount, []), bill)})
        return {project for project, count in counted.items() if count >= LEAST_PAPERS}

    def of_projects(self, project: str, job: str) -> Iterator[Vote]:
        """Votes of the papers on a project and the bills on a job."""
        papers, posted = self.invoices.by_place.get(project, []), self.bills.by_place.get(job, [])
        if not papers or not posted:
            return
        yield from self._shared_vendors(papers, posted)
        yield from _amounts(papers, posted, "of the job")
        told = [p for p, _ in self._same_numbers(papers, posted) if (p.vendor, p.number) not in self.repeated]
        yield from _share("equal invoice numbers", "invoice numbers", len(told), papers, posted, "of the job")

    def of_vendors(self, vendor: str, other: str, job_project: Mapping[str, str]) -> Iterator[Vote]:
        """Votes of the papers of two vendors on projects that are surely the same in both systems."""
        papers = [p for p in self.invoices.by_vendor.get(vendor, ()) if p.place in job_project.values()]
        posted = [p for p in self.bills.by_vendor.get(other, ()) if p.place in job_project]
        by_project: dict[str, tuple[list[Paper], list[Paper]]] = defaultdict(lambda: ([], []))
        for paper in papers:
            by_project[paper.place][0].append(paper)
        for bill in posted:
            by_project[job_project[bill.place]][1].append(bill)
        shared = [pair for pair in by_project.values() if all(pair)]
        if not shared:
            return
        if len(shared) >= LEAST_PAPERS:
            sentence = f"both bill the same {len(shared)} projects"
            yield Vote("shared projects", min(MOST_BITS_OF_VENDORS, 0.5 * len(shared)), sentence, "transactions")
        amounts = sum(len(equal_amounts(left, right)) for left, right in shared)
        numbers = sum(len(equal_numbers(left, right)) for left, right in shared)
        yield from _share("equal amounts", "amounts to the cent", amounts, papers, posted, "of the vendor")
        yield from _share("equal invoice numbers", "invoice numbers", numbers, papers, posted, "of the vendor")

    def _shared_vendors(self, papers: list[Paper], posted: list[Paper]) -> Iterator[Vote]:
        known = set(self.same_vendor.values())
        left = {p.vendor for p in papers if p.vendor in known}
        right = {self.firm(p.vendor) for p in posted if p.vendor} & known
        shared, fewer = left & right, min(len(left), len(right))
        if len(shared) >= LEAST_PAPERS and len(shared) >= fewer * WHOLE_SHARE:
            sentence = f"{len(shared)} vendors bill both, of {fewer} that could"
            yield Vote("shared vendors", min(MOST_BITS_OF_VENDORS, 0.5 * len(shared)), sentence, "transactions")
        elif not shared and fewer >= LEAST_VENDORS:
            sentence = f"against it: none of {fewer} vendors bills both"
            yield Vote("no vendor in common", -3.0, sentence, "against")

    def _same_numbers(self, papers: list[Paper], posted: list[Paper]) -> Iterator[tuple[Paper, Paper]]:
        by_vendor: dict[str, tuple[list[Paper], list[Paper]]] = defaultdict(lambda: ([], []))
        for paper in papers:
            by_vendor[paper.vendor or ""][0].append(paper)
        for bill in posted:
            by_vendor[self.firm(bill.vendor or "")][1].append(bill)
        for vendor, (left, right) in by_vendor.items():
            if vendor:
                yield from equal_numbers(left, right)


def _by_amount(papers: Papers) -> dict[object, list[Paper]]:
    found: dict[object, list[Paper]] = defaultdict(list)
    for paper in papers.all:
        found[paper.amount].append(paper)
    return found


def _speaking(held: list[Paper], paper: Paper) -> list[Paper]:
    return [other for other in held if other.near(paper)] if len(held) <= SPEAKING_AMOUNT else []


def _repeated(papers: Papers, firm: Callable[[str], str]) -> frozenset[tuple[str, str]]:
    """(vendor, number) that is used in several places ('PA1'): it tells nothing about the place."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for vendor, held in papers.by_vendor.items():
        for paper in held:
            places[firm(vendor), paper.number].add(paper.place)
    return frozenset(told for told, found in places.items() if len(found) > 1)


def _amounts(papers: list[Paper], posted: list[Paper], of: str) -> Iterator[Vote]:
    count = len(equal_amounts(papers, posted))
    yield from _share("equal amounts", "amounts to the cent", count, papers, posted, of)


def _share(label: str, what: str, count: int, papers: list[Paper], posted: list[Paper], of: str) -> Iterator[Vote]:
    """One bit per equal paper, at most four; less where they are few among many."""
    fewer = min(len(papers), len(posted))
    if count >= LEAST_PAPERS and count >= fewer * LEAST_SHARE:
        weight = min(MOST_BITS, count) * min(1.0, count / (fewer * WHOLE_SHARE))
        sentence = f"{count} of {len(posted)} bills {of} equal Procore invoices in {what.removesuffix(' to the cent')}"
        sentence += " to the cent" if what.endswith("to the cent") else ""
        yield Vote(label, weight, sentence, "transactions")
