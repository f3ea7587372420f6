"""What a wrong link moves: money decides which question a person is asked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from datablueprint.graph.contracts import papers
from datablueprint.graph.evidence import Link, Row
from datablueprint.graph.transactions import BILLS, expense_accounts, is_job_cost

PAY = frozenset({"wages", "employer_tax", "employer_benefit"})
Sums = dict[str, Decimal]


class Stakes:
    """Sums of the conformed tables by record.

    Project: cost posted on the QuickBooks job. Vendor: the bills among it of the
    QuickBooks vendor. Cost code: what was posted under the item. Employee: the
    cost in pay registers of both records and all that are linked to them.
    Contract: its amount.
    """

    def __init__(self, read: Mapping[str, list[Row]]) -> None:
        self.jobs, self.vendors, self.items = _posted(read["accounting_lines"], expense_accounts(read["accounts"]))
        self.pay = _summed((r["employee_record_id"], r["amount"]) for r in read["payroll_amounts"] if r["kind"] in PAY)
        self.contracts = _summed((c["record_id"], c["original_amount"]) for c in read["commitments"])
        self.contracts |= _summed((c["record_id"], c["original_amount"]) for c in read["prime_contracts"])
        for entity in ("PurchaseOrder", "Estimate"):
            self.contracts |= {paper.record_id: paper.amount for paper in papers(read["accounting_lines"], entity)}

    def on(self, links: Iterable[Link], entity: Mapping[str, str]) -> list[Link]:
        """The links with their dollars, never negative; `entity` is what each record was joined to."""
        pay: Sums = defaultdict(Decimal)
        for record, amount in self.pay.items():
            pay[entity.get(record, record)] += amount
        return [replace(link, dollars=abs(self._of(link, entity, pay))) for link in links]

    def _of(self, link: Link, entity: Mapping[str, str], pay: Mapping[str, Decimal]) -> Decimal:
        none = Decimal(0)
        if link.kind == "employee":
            sides = {entity.get(record, record) for record in (link.left, link.right)}
            return sum((pay.get(side, none) for side in sides), none)
        if link.kind == "contract":
            return self.contracts.get(link.left, none)
        by_record = {"project": self.jobs, "vendor": self.vendors, "cost_code": self.items}[link.kind]
        return by_record.get(link.right, none) + by_record.get(link.left, none)


def _posted(lines: Iterable[Row], accounts: frozenset[str]) -> tuple[Sums, Sums, Sums]:
    """Job cost by job, by the vendor who billed it, and by item."""
    jobs: Sums = defaultdict(Decimal)
    vendors: Sums = defaultdict(Decimal)
    items: Sums = defaultdict(Decimal)
    for line in lines:
        if is_job_cost(line, accounts):
            jobs[line["job_record_id"]] += line["amount"]
            if line["entity"] in BILLS and line["party_record_id"]:
                vendors[line["party_record_id"]] += line["amount"]
            if line["item_record_id"]:
                items[line["item_record_id"]] += line["amount"]
    return jobs, vendors, items


def _summed(amounts: Iterable[tuple[str, Decimal | None]]) -> Sums:
    sums: Sums = defaultdict(Decimal)
    for record, amount in amounts:
        sums[record] += amount or 0
    return sums
