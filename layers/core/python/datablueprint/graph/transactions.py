"""The same money on both sides is the best witness: bills posted on a job, papers approved on a project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.graph.evidence import Row, native
from datablueprint.tables.keys import number_key

BILLS = frozenset({"Bill", "VendorCredit", "Purchase"})
NEAR = timedelta(days=60)
"""A bill is entered at most so long before or after the date of its paper."""


@dataclass(frozen=True)
class Paper:
    """A bill on one QuickBooks job, or a Procore invoice or direct cost on one project: cost before retainage."""

    record_id: str
    place: str
    vendor: str | None
    number: str
    amount: Decimal
    on: date | None
    origin: str | None = None
    """The QuickBooks id that an integration wrote on a Procore paper."""

    def near(self, other: Paper) -> bool:
        return self.on is None or other.on is None or abs(self.on - other.on) <= NEAR


@dataclass
class Papers:
    """The papers of one system, indexed once."""

    all: list[Paper]
    by_place: dict[str, list[Paper]] = field(default_factory=lambda: defaultdict(list))
    by_vendor: dict[str, list[Paper]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for paper in self.all:
            self.by_place[paper.place].append(paper)
            if paper.vendor:
                self.by_vendor[paper.vendor].append(paper)


def bills(lines: Iterable[Row], accounts: Iterable[Row]) -> Papers:
    """Per transaction and job the cost on the job's lines."""
    cost = expense_accounts(accounts)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    heads: dict[tuple[str, str], Row] = {}
    for line in lines:
        if line["entity"] in BILLS and is_job_cost(line, cost):
            key = (line["record_id"], line["job_record_id"])
            sums[key] += line["amount"]
            heads.setdefault(key, line)
    return Papers(
        [
            Paper(
                record,
                job,
                heads[record, job]["party_record_id"],
                number_key(heads[record, job]["document_number"]),
                amount,
                heads[record, job]["transaction_on"],
            )
            for (record, job), amount in sums.items()
        ]
    )


def expense_accounts(accounts: Iterable[Row]) -> frozenset[str]:
    return frozenset(a["record_id"] for a in accounts if a["classification"] == "Expense")


def is_job_cost(line: Row, cost_accounts: frozenset[str]) -> bool:
    """Posted on an expense account under a job; an account nobody lists counts, so that small extracts still vote."""
    silent = line["presentation"] or line["voided"] or line["posting"] is False
    known = not cost_accounts or line["account_record_id"] in cost_accounts
    return bool(not silent and known and line["amount"] and line["job_record_id"])


def invoices(read: Mapping[str, list[Row]]) -> Papers:
    """Procore's subcontractor invoices and direct costs other than payroll."""
    found = [_paper(row, "billed_on", "gross_amount") for row in read["subcontract_invoices"] if row["gross_amount"]]
    found += [
        _paper(row, "incurred_on", "amount")
        for row in read["direct_costs"]
        if row["amount"] and row["type"] != "payroll"
    ]
    return Papers(found)


def _paper(row: Row, on: str, amount: str) -> Paper:
    return Paper(
        row["record_id"],
        row["project_record_id"],
        row["vendor_record_id"],
        number_key(row["invoice_number"]),
        row[amount],
        row[on],
        row["origin_id"],
    )


def carried(papers: Papers, posted: Papers) -> list[tuple[Paper, Paper]]:
    """Papers whose integration id is a posted transaction's, with that transaction."""
    by_native: dict[str, list[Paper]] = defaultdict(list)
    for bill in posted.all:
        by_native[native(bill.record_id)].append(bill)
    pairs = ((paper, by_native.get(paper.origin or "", ())) for paper in papers.all)
    return [(paper, held[0]) for paper, held in pairs if len(held) == 1]


def equal_amounts(left: Iterable[Paper], right: Iterable[Paper]) -> list[tuple[Paper, Paper]]:
    """Papers equal to the cent and near in date, each used once."""
    return _paired(left, right, lambda paper: paper.amount)


def equal_numbers(left: Iterable[Paper], right: Iterable[Paper]) -> list[tuple[Paper, Paper]]:
    """Papers with the same number, near in date, each used once; callers hold the vendor fixed."""
    return _paired(left, right, lambda paper: paper.number)


def _paired(left: Iterable[Paper], right: Iterable[Paper], key: Callable[[Paper], object]) -> list[tuple[Paper, Paper]]:
    open_: dict[object, list[Paper]] = defaultdict(list)
    for paper in right:
        if key(paper):
            open_[key(paper)].append(paper)
    pairs = []
    for paper in left:
        held = open_.get(key(paper), [])
        match = next((other for other in held if paper.near(other)), None)
        if match is not None:
            held.remove(match)
            pairs.append((paper, match))
    return pairs
