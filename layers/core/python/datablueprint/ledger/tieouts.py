"""Two ways to one sum that share no step: where they part, a person looks, and nothing is adjusted.

T1 job cost, T5 billing and collection, T6 commitments, T7 budget and T8 matched
invoices are computed here, T2 by the payroll rules, the trial balance in
`trial`; T3 and T4 need figures and belong to the metrics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from datablueprint.ledger.book import Book, Fact, Finding, Row
from datablueprint.ledger.chart import COST_OF_GOODS, Chart
from datablueprint.ledger.costs import Costs

ZERO = Decimal(0)
SALES = frozenset({"Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt"})
OF_COST = frozenset(
    "cost overhead burden_paid equipment_pool wip_adjustment allocation_journal below_the_line none".split()
)
"""Measures of which exactly one tells what became of a line on a job-cost account; others repeat or place lines."""
REPORTED = frozenset({"T2", "T8"})
"""Their differences are findings already, made where the match or the pay run is."""


@dataclass(frozen=True)
class TieOut:
    """`left` and `right` should be one amount; `at_most`: left should not exceed right."""

    tieout: str
    scope: str
    left_label: str
    left: Decimal
    right_label: str
    right: Decimal
    sentence: str
    period: str = ""
    records: tuple[str, ...] = ()
    tolerance: Decimal = ZERO
    at_most: bool = False
    parts_hold: bool = True
    """False when the sums agree only because parts of them differ in opposite directions."""
    project: str | None = None
    grade: str | None = None
    """What a failure costs the figures of `project`, of every project when that is null; null: not job cost."""
    way_out: str = ""
    told_by_parts: bool = False
    """The rows of single jobs explain all of the difference, so that it needs no finding of its own."""

    @property
    def difference(self) -> Decimal:
        return self.left - self.right

    @property
    def holds(self) -> bool:
        apart = self.difference if self.at_most else abs(self.difference)
        return apart <= self.tolerance and self.parts_hold

    def row(self) -> Row:
        return {
            "tieout": self.tieout,
            "scope": self.scope,
            "period": self.period,
            "left_label": self.left_label,
            "left_amount": self.left,
            "right_label": self.right_label,
            "right_amount": self.right,
            "difference": self.difference,
            "tolerance": self.tolerance,
            "holds": self.holds,
            "sentence": self.sentence,
            "record_ids": [] if self.holds else list(self.records),
        }

    def finding(self) -> Finding:
        return Finding(
            kind=f"tie-out {self.tieout} fails",
            sentence=(
                f"{self.sentence}: {self.left_label} {self.left:,.2f}, {self.right_label} {self.right:,.2f}, "
                f"difference {self.difference:,.2f}"
            ),
            way_out=self.way_out,
            records=self.records or (f"{self.tieout} {self.scope}",),
            project=self.project,
            amount=self.difference,
            grade=self.grade,
        )


def tieouts(book: Book, costs: Costs, facts: list[Fact]) -> Iterator[TieOut]:
    """Every tie-out that needs no figure, failing or not."""
    yield from _job_cost(book, facts)
    yield from _billing(book, facts)
    yield from _commitments(book, facts)
    yield from _budget(book)
    yield from _matched(book, costs)


def failures(found: Iterable[TieOut]) -> Iterator[Finding]:
    """One finding per tie-out that fails, unless the rule itself has reported it; months are in their total."""
    return (
        tie.finding() for tie in found if not (tie.holds or tie.period or tie.told_by_parts or tie.tieout in REPORTED)
    )


# -- T1 ----------------------------------------------------------------------------------------------


def _job_cost(book: Book, facts: list[Fact]) -> Iterator[TieOut]:
    """Per month, per job and in all: cost facts of QuickBooks and what a rule set aside = the accounts themselves.

    Labor is on both sides as its journal lines; the register is tied to them by T2.
    """
    lines = {
        (line["record_id"], line["amount_at"]): line for line in book.read["accounting_lines"] if _cost(book, line)
    }
    left, right = _Sums(), _Sums()
    for line in lines.values():
        right.add(line["amount"], book.project(line["job_record_id"]), line["transaction_on"].strftime("%Y-%m"))
    for fact in facts:
        own = ((c.record_id, c.pointer) for c in fact.evidence if c.role != "mirror")
        cited = next((lines[place] for place in own if place in lines), None)
        if cited and fact.amount and fact.measure in OF_COST:
            month = cited["transaction_on"].strftime("%Y-%m")
            left.add(fact.amount, book.project(cited["job_record_id"]), month)
    of_jobs = sum(left.job.values()) - sum(right.job.values())
    whole = _t1(left.whole, right.whole, "all jobs and unassigned")
    yield replace(whole, told_by_parts=whole.difference == of_jobs)
    for month in sorted(left.month.keys() | right.month.keys()):
        yield _t1(left.month[month], right.month[month], f"the month {month}", period=month)
    for job in sorted(left.job.keys() | right.job.keys()):
        yield _t1(left.job[job], right.job[job], book.name(job), project=job)


class _Sums:
    """One side of T1, summed three ways."""

    def __init__(self) -> None:
        self.whole = ZERO
        self.month: dict[str, Decimal] = defaultdict(Decimal)
        self.job: dict[str, Decimal] = defaultdict(Decimal)

    def add(self, amount: Decimal, job: str | None, month: str) -> None:
        self.whole += amount
        self.month[month] += amount
        if job:
            self.job[job] += amount


def _cost(book: Book, line: Row) -> bool:
    """On a cost of goods sold account, or on another expense account with a job."""
    account = book.by_id["accounts"].get(line["account_record_id"])
    counts = line["posting"] and not line["presentation"] and not line["voided"] and line["amount"] is not None
    if not counts or account is None or account["classification"] != "Expense" or line["amount_at"] is None:
        return False
    return account["account_type"] == COST_OF_GOODS or bool(line["job_record_id"])


def _t1(left: Decimal, right: Decimal, of: str, *, project: str | None = None, period: str = "") -> TieOut:
    return TieOut(
        tieout="T1",
        scope=project or "",
        period=period,
        left_label="job cost, unassigned and set aside by a rule",
        left=left,
        right_label="QuickBooks job-cost accounts",
        right=right,
        sentence=f"quickbooks: job cost of {of}",
        project=project,
        grade="C",
        way_out=(
            "Compare the job's lines on these accounts in QuickBooks (Transaction Detail by Account, by customer) with "
            "the job's cost lines here, month by month: one that only one of them has was lost or counted twice"
        ),
    )


# -- T5 ----------------------------------------------------------------------------------------------


def _billing(book: Book, facts: list[Fact]) -> Iterator[TieOut]:
    """Per job: billed = invoices less credit memos; receivable + retainage + collected = billed + tax.

    An invoice held as entered twice is in the books and not billed: T5a fails by it, which a finding of its own
    says already. The receivable holds it, so it is on both sides of T5b.
    """
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    held: dict[str, Decimal] = defaultdict(Decimal)
    for fact in facts:
        if fact.leaf.project and fact.state == "counted":
            sums[fact.measure][fact.leaf.project] += fact.amount or ZERO
        elif fact.leaf.project and (fact.state, fact.measure) == ("held", "billing"):
            held[fact.leaf.project] += fact.amount or ZERO
    documents, records = _sales(book)
    for job in sorted(documents.keys() | sums["billing"].keys()):
        billed, tax = sums["billing"][job], sums["sales_tax"][job]
        invoiced = ("invoices less credit memos", documents[job])
        made = _t5("T5a", book, job, ("billed", billed), invoiced, tuple(records[job]))
        yield _with_held(made, held[job])
        if not {"receivable", "cash_in"} <= sums.keys():
            continue
        settled = sums["receivable"][job] + sums["retainage_receivable"][job] + sums["cash_in"][job]
        owed = ("billed, held as invoiced twice and tax" if held[job] else "billed and tax", billed + held[job] + tax)
        yield _t5("T5b", book, job, ("receivable, retainage and collected", settled), owed, tuple(records[job]))


def _with_held(tie: TieOut, held: Decimal) -> TieOut:
    if not held:
        return tie
    sentence = f"{tie.sentence}, with {held:,.2f} held out as invoiced twice"
    return replace(tie, sentence=sentence, told_by_parts=tie.difference == -held)


def _sales(book: Book) -> tuple[dict[str, Decimal], dict[str, list[str]]]:
    """Revenue and contract liabilities on sales forms per job, before retainage and tax, with the forms."""
    chart = Chart(book)
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    records: dict[str, list[str]] = defaultdict(list)
    for line in book.read["accounting_lines"]:
        account = book.by_id["accounts"].get(line["account_record_id"], {})
        earns = account.get("classification") == "Revenue" or chart.role(line) == "wip"
        revenue = line["entity"] in SALES and earns and not line["presentation"]
        job = book.project(line["job_record_id"])
        if revenue and job and line["posting"] and not line["voided"] and line["amount"] is not None:
            amounts[job] -= line["amount"]
            if line["record_id"] not in records[job]:
                records[job].append(line["record_id"])
    return amounts, records


def _t5(
    tieout: str, book: Book, job: str, left: tuple[str, Decimal], right: tuple[str, Decimal], records: tuple[str, ...]
) -> TieOut:
    return TieOut(
        tieout=tieout,
        scope=job,
        left_label=left[0],
        left=left[1],
        right_label=right[0],
        right=right[1],
        sentence=f"quickbooks: billing of {book.name(job)}",
        records=records,
        project=job,
        way_out="Look for payments applied to no invoice, invoices entered twice, and revenue entered by journal",
    )


# -- T6, T7, T8 --------------------------------------------------------------------------------------


def _commitments(book: Book, facts: list[Fact]) -> Iterator[TieOut]:
    """Per commitment: what was invoiced on it is at most what it is for."""
    invoiced: dict[str, Decimal] = defaultdict(Decimal)
    value: dict[str, Decimal] = defaultdict(Decimal)
    for fact in facts:
        if fact.state == "counted" and fact.contract in book.by_id["commitments"] and fact.amount:
            if fact.measure == "cost":
                invoiced[fact.contract or ""] += fact.amount
            elif fact.measure in ("commitment", "commitment_change"):
                value[fact.contract or ""] += fact.amount
    for record in sorted(invoiced.keys() | value.keys()):
        commitment = book.by_id["commitments"][record]
        yield TieOut(
            tieout="T6",
            scope=record,
            left_label="invoiced",
            left=invoiced[record],
            right_label="committed",
            right=value[record],
            at_most=True,
            sentence=f"procore: commitment {commitment['number']} ({commitment['status']})",
            records=(record,),
            project=book.project(commitment["project_record_id"]),
            grade="C",
            way_out="Approve the missing change order, sign the commitment, or correct the invoice",
        )


def _budget(book: Book) -> Iterator[TieOut]:
    """Per project: every line's revised budget is the sum of its parts; transfers between lines sum to zero."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for line in book.read["budget_lines"]:
        groups[book.project(line["project_record_id"]) or ""].append(line)
    for project, lines in sorted(groups.items()):
        told = [line for line in lines if line["revised_reported"] is not None]
        wrong = tuple(line["record_id"] for line in told if _parts(line) != line["revised_reported"])
        made = sum((_parts(line) for line in told), ZERO)
        reported = sum((line["revised_reported"] for line in told), ZERO)
        if told:
            labels = ("original, modifications and approved changes", made), ("revised budget as reported", reported)
            yield _t7("T7a", book, project, *labels, wrong)
        moved = tuple(line["record_id"] for line in lines if line["modifications"])
        transfers = sum((line["modifications"] or ZERO for line in lines), ZERO)
        yield _t7("T7b", book, project, ("budget modifications", transfers), ("nothing", ZERO), moved, balanced=True)


def _parts(line: Row) -> Decimal:
    return sum((line[part] or ZERO for part in ("original_amount", "modifications", "approved_changes")), ZERO)


def _t7(
    tieout: str,
    book: Book,
    project: str,
    left: tuple[str, Decimal],
    right: tuple[str, Decimal],
    records: tuple[str, ...],
    *,
    balanced: bool = False,
) -> TieOut:
    return TieOut(
        tieout=tieout,
        scope=project,
        left_label=left[0],
        left=left[1],
        right_label=right[0],
        right=right[1],
        sentence=f"procore: budget of {book.name(project)}",
        records=records,
        parts_hold=balanced or not records,
        project=project,
        grade="C",
        way_out=(
            "Complete the transfer in the budget's modifications: each has a line it comes from and one it goes to"
            if balanced
            else "In the tenant's settings file, under policy, let approved_changes_column be the name of the column "
            "of the Procore budget view that holds approved changes at cost: the one its revised budget is made with"
        ),
    )


def _matched(book: Book, costs: Costs) -> Iterator[TieOut]:
    """Per project: invoices that have their bill, gross in Procore and gross in QuickBooks, each pair to the cent."""
    sides: dict[str, list[tuple[Decimal, Decimal, tuple[str, ...]]]] = defaultdict(list)
    for documents, paid in costs.invoice_groups():
        ours, theirs = sum((d.gross for d in documents), ZERO), sum((p.total for p in paid), ZERO)
        records = (*(d.record_id for d in documents), *(p.record_id for p in paid))
        sides[paid[0].project].append((ours, theirs, records))
    for project, pairs in sorted(sides.items()):
        wrong = tuple(record for ours, theirs, records in pairs if ours != theirs for record in records)
        yield TieOut(
            tieout="T8",
            scope=project,
            left_label="gross in Procore",
            left=sum((ours for ours, _, _ in pairs), ZERO),
            right_label="gross in QuickBooks",
            right=sum((theirs for _, theirs, _ in pairs), ZERO),
            sentence=f"procore and quickbooks: {len(pairs)} matched invoices of {book.name(project)}",
            records=wrong,
            parts_hold=not wrong,
            project=project,
            grade="C",
        )
