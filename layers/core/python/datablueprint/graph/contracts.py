"""A commitment may be a QuickBooks purchase order, a prime contract an estimate: papers that post nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from datablueprint.graph.evidence import Link, Row, native, voted
from datablueprint.graph.similar import best
from datablueprint.graph.votes import Vote, bits
from datablueprint.tables.keys import number_key

LEAST_BITS = 3.0
"""What must be said before a person is asked."""


@dataclass(frozen=True)
class Paper:
    """A purchase order or an estimate: its lines added up."""

    record_id: str
    number: str
    party: str | None
    jobs: frozenset[str]
    amount: Decimal


def papers(lines: Iterable[Row], entity: str) -> list[Paper]:
    """The QuickBooks purchase orders or estimates in the accounting lines."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for line in lines:
        if line["entity"] == entity and not line["presentation"] and not line["voided"]:
            grouped[line["record_id"]].append(line)
    return [
        Paper(
            record,
            number_key(held[0]["document_number"]),
            held[0]["party_record_id"],
            frozenset(line["job_record_id"] for line in held if line["job_record_id"]),
            abs(sum((line["amount"] or Decimal(0) for line in held), Decimal(0))),
        )
        for record, held in grouped.items()
    ]


def contract_links(
    read: Mapping[str, list[Row]], same_vendor: Mapping[str, str], job_project: Mapping[str, str]
) -> Iterator[Link]:
    """Commitments to purchase orders, prime contracts to estimates; one paper may have several contracts."""
    orders = _Orders(papers(read["accounting_lines"], "PurchaseOrder"), same_vendor, job_project)
    for commitment in read["commitments"]:
        votes = {order.record_id: list(orders.votes(commitment, order)) for order in orders.near(commitment)}
        yield from _best(commitment["record_id"], votes)
    yield from _estimate_links(read, job_project)


def _estimate_links(read: Mapping[str, list[Row]], job_project: Mapping[str, str]) -> Iterator[Link]:
    """Within one project only: an estimate names its customer's job."""
    estimates: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers(read["accounting_lines"], "Estimate"):
        for project in {job_project[job] for job in paper.jobs if job in job_project}:
            estimates[project].append(paper)
    contracts: dict[str, list[Row]] = defaultdict(list)
    for contract in read["prime_contracts"]:
        contracts[contract["project_record_id"]].append(contract)
    numbers = {p["record_id"]: p["number"] for p in read["projects"]}
    for project, held in contracts.items():
        for contract in held:
            votes = {
                e.record_id: list(_estimate_votes(contract, e, numbers.get(project), held)) for e in estimates[project]
            }
            yield from _best(contract["record_id"], votes)


def _best(contract: str, votes: Mapping[str, list[Vote]]) -> Iterator[Link]:
    found = {paper: bits(held) for paper, held in votes.items() if bits(held) >= LEAST_BITS}
    paper = best(found)
    if paper:
        yield voted("contract", contract, paper, votes[paper])


class _Orders:
    """Purchase orders, found by number, vendor, amount or id: the ways in which one can be a commitment's."""

    def __init__(self, orders: list[Paper], same_vendor: Mapping[str, str], job_project: Mapping[str, str]) -> None:
        self.same_vendor, self.job_project = same_vendor, job_project
        self._by_key: dict[object, list[Paper]] = defaultdict(list)
        for order in orders:
            for key in {native(order.record_id), order.number, self._vendor(order), order.amount}:
                self._by_key[key].append(order)

    def near(self, commitment: Row) -> list[Paper]:
        keys = (commitment["origin_id"], number_key(commitment["number"]), commitment["vendor_record_id"])
        held = (self._by_key.get(key, ()) for key in (*keys, *_amounts(commitment).values()) if key)
        return list({order.record_id: order for orders in held for order in orders}.values())

    def votes(self, commitment: Row, order: Paper) -> Iterator[Vote]:
        if commitment["origin_id"] == native(order.record_id):
            sentence = f"Procore carries the QuickBooks id {commitment['origin_id']} as origin_id"
            yield Vote("origin_id", 14.0, sentence)
        if order.number and order.number == number_key(commitment["number"]):
            yield Vote("number", 3.0, f"same number {commitment['number']}", "name")
        yield from _agrees("vendor", commitment["vendor_record_id"], {self._vendor(order)})
        projects = {self.job_project.get(job) for job in order.jobs}
        yield from _agrees("project", commitment["project_record_id"], projects)
        yield from _amount(order.amount, _amounts(commitment))

    def _vendor(self, order: Paper) -> str | None:
        return self.same_vendor.get(order.party or "")


def _estimate_votes(contract: Row, estimate: Paper, project: str | None, contracts: list[Row]) -> Iterator[Vote]:
    yield from _agrees("project", contract["project_record_id"], {contract["project_record_id"]})
    for told, what in ((contract["number"], "contract"), (project, "project")):
        if told and len(number_key(told)) > 2 and number_key(told) in estimate.number:
            yield Vote("number", 3.0, f"the estimate's number holds {what} number {told}", "name")
            break
    whole = sum((c["original_amount"] or Decimal(0) for c in contracts), Decimal(0))
    yield from _amount(estimate.amount, {**_amounts(contract), "sum of the project's contracts": whole})


def _agrees(what: str, mine: str | None, others: set[str | None]) -> Iterator[Vote]:
    """Same vendor or project; another known one speaks against, an unknown one says nothing."""
    known = others - {None}
    if mine and mine in known:
        yield Vote(f"same {what}", 1.5, f"same {what}", "transactions")
    elif mine and known:
        yield Vote(f"other {what}", -4.0, f"against it: another {what}", "against")


def _amounts(contract: Row) -> dict[str, Decimal]:
    original: Decimal = contract["original_amount"] or Decimal(0)
    changes: Decimal = contract["approved_changes_reported"] or Decimal(0)
    return {"original amount": original, "amount with changes": original + changes}


def _amount(amount: Decimal, candidates: Mapping[str, Decimal]) -> Iterator[Vote]:
    for what, value in candidates.items():
        if amount and amount == value:
            yield Vote("equal amount", 3.0, f"{amount:,.2f} is the {what}, to the cent", "transactions")
            return
