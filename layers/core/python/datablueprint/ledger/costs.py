"""Cost is what QuickBooks posted to a job; Procore says which code, and adds what is approved but not yet posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Finding, Leaf, Row, line_cites, mirrors, spread
from datablueprint.ledger.matching import Document, Match, Posting, direct_costs, invoices, match, postings, suspects

COST_OF_GOODS = "Cost of Goods Sold"
TYPE_BY_ACCOUNT = (
    ("labor", "L"),
    ("payroll", "L"),
    ("subcontract", "S"),
    ("material", "M"),
    ("supplies", "M"),
    ("equipment", "E"),
)


class Costs:
    """Non-labor job cost of one book: matches first, then facts and findings from the same matches."""

    def __init__(self, book: Book, lines: Iterable[Row]) -> None:
        """`lines` are the accounting lines on expense accounts that carry a job and are not payroll."""
        self.book = book
        self.postings = postings(book, lines)
        bills = [p for p in self.postings if p.entity == "Bill"]
        self.invoices, self.direct = invoices(book), direct_costs(book)
        self.invoice_matches = list(match(self.invoices, bills))
        self.direct_matches = list(match([d for d in self.direct if d.status != "draft"], self.postings))
        self.document = {m.posting.key: m for m in (*self.direct_matches, *self.invoice_matches)}
        self._codes = {c["record_id"]: c for c in book.read["cost_codes"] if c["system"] == "quickbooks"}
        matched = {m.document.record_id for m in (*self.invoice_matches, *self.direct_matches)}
        self.open_documents = [d for d in (*self.invoices, *self.direct) if d.record_id not in matched]
        self.open_bills = [p for p in bills if p.key not in self.document]

    def facts(self) -> Iterator[Fact]:
        for posting in self.postings:
            yield from self._posted(posting)
        for one in (*self.invoice_matches, *self.direct_matches):
            yield self._mirror(one)
        for document in self.open_documents:
            yield from self._unposted(document)

    def _posted(self, posting: Posting) -> Iterator[Fact]:
        found = self.document.get(posting.key)
        document = found.document if found else None
        leaves = _leaves(document) if document else {}
        if document and len(leaves) > 1 and all(w > 0 for w, _ in leaves.values()) and posting.total:
            yield from self._pooled(posting, found, leaves)  # type: ignore[arg-type]  # found is set with document
            return
        only = next(iter(leaves)) if len(leaves) == 1 else None
        for line in posting.lines:
            code, kind = only or self.own_code(line)
            yield self._fact(posting, found, Leaf(posting.project, code, kind), line["amount"], (line_cite(line),))

    def _pooled(
        self, posting: Posting, found: Match, leaves: dict[tuple[str, str], tuple[Decimal, tuple[Cite, ...]]]
    ) -> Iterator[Fact]:
        """Amount from QuickBooks, codes from Procore: the posting spread over the document's lines."""
        ordered = sorted(leaves)
        shares = spread(posting.total, [leaves[leaf][0] for leaf in ordered])
        amounts = tuple(line_cite(line) for line in posting.lines)
        for (code, kind), share in zip(ordered, shares, strict=True):
            leaf = Leaf(posting.project, code, kind)
            evidence = (*amounts, *leaves[code, kind][1])
            yield self._fact(posting, found, leaf, share, evidence, pool=f"{posting.record_id}|{posting.project}")

    def _fact(
        self,
        posting: Posting,
        found: Match | None,
        leaf: Leaf,
        amount: Decimal,
        evidence: tuple[Cite, ...],
        *,
        pool: str | None = None,
    ) -> Fact:
        if found is None:
            rule, reason, grade = "D5", f"{posting.entity} posted in QuickBooks, not in Procore", "A"
        else:
            rule = "D2" if found.document.kind == "invoice" else "D3"
            reason = f"amount from QuickBooks, code from the Procore {found.document.kind}; matched by {found.how}"
            grade = "A" if found.certain else "B"
            evidence = (*evidence, *mirrors([found.document.record_id]))
        return Fact(
            measure="cost",
            rule=rule,
            reason=reason,
            leaf=leaf,
            amount=amount,
            on=posting.on,
            party=posting.vendor,
            contract=found.document.commitment if found else None,
            evidence=evidence,
            grade=grade,
            pool=pool,
        )

    def own_code(self, line: Row) -> tuple[str, str]:
        """Code and type that the QuickBooks line itself carries: its item, else only the account's type."""
        item = self._codes.get(line["item_record_id"])
        account = self.book.by_id["accounts"].get(line["account_record_id"], {})
        words = (account.get("name") or "").lower()
        by_account = next((kind for word, kind in TYPE_BY_ACCOUNT if word in words), "O")
        if item and item["code"]:
            return item["code"], item["cost_type"] or by_account
        return UNCODED, by_account

    def _mirror(self, one: Match) -> Fact:
        document = one.document
        return Fact(
            measure="cost",
            rule="D2" if document.kind == "invoice" else "D3",
            reason=f"the same event as {one.posting.record_id}, matched by {one.how}",
            state="excluded",
            leaf=Leaf(document.project, None, None),
            amount=document.gross,
            on=document.on,
            party=document.vendor,
            contract=document.commitment,
            evidence=mirrors([document.record_id]),
        )

    def _unposted(self, document: Document) -> Iterator[Fact]:
        """D3 mirrors, D4 accruals, and what is not approved yet."""
        rule, state, reason = "D4", "counted", "approved in Procore, not yet posted in QuickBooks"
        if document.kind == "direct cost" and document.origin_id:
            rule, state, reason = "D3", "excluded", "imported from accounting; its transaction is no job cost there"
        elif not document.approved:
            state, reason = "excluded", f"its status is {document.status}"
        elif suspects(document, self.open_bills):
            state, reason = "held", "a bill of the same vendor may be this invoice under another number"
        elif not document.lines:
            state, reason = "held", "approved in Procore without lines, so its cost code and amount cannot be read"
        lines = document.lines if state == "counted" else ()
        for line in lines:
            yield Fact(
                measure="cost",
                rule=rule,
                reason=reason,
                state=state,
                basis="approved_not_posted",
                leaf=Leaf(document.project, line["cost_code"] or UNCODED, line["cost_type"] or "O"),
                amount=line["amount"],
                on=document.on,
                party=document.vendor,
                contract=document.commitment,
                evidence=line_cites(line, "amount"),
            )
        if not lines:
            yield Fact(
                measure="cost",
                rule=rule,
                reason=reason,
                state=state,
                basis="approved_not_posted",
                leaf=Leaf(document.project, None, None),
                amount=document.gross,
                on=document.on,
                party=document.vendor,
                contract=document.commitment,
                evidence=mirrors([document.record_id]),
            )

    def findings(self) -> Iterator[Finding]:
        for one in (*self.invoice_matches, *self.direct_matches):
            if not one.certain:
                yield self._proposal(one)
            elif one.document.kind == "invoice" and one.document.gross != one.posting.total:
                yield self._difference(one)
        for document in self.open_documents:
            if not document.approved or (document.kind == "direct cost" and document.origin_id):
                continue
            rivals = suspects(document, self.open_bills)
            if rivals:
                yield self._suspect(document, rivals)
            elif not document.lines:
                yield self._without_lines(document)
        yield from self._outside_procore()

    def _proposal(self, one: Match) -> Finding:
        return Finding(
            kind="match to confirm",
            sentence=(
                f"procore and quickbooks: the {one.document.kind} of {one.document.gross:,.2f} and the "
                f"{one.posting.entity} of {one.posting.on} agree in {one.how} only; they count as one"
            ),
            way_out="Enter the same invoice number in both systems",
            records=(one.document.record_id, one.posting.record_id),
            project=one.document.project,
            amount=one.document.gross,
            grade="B",
        )

    def _difference(self, one: Match) -> Finding:
        return Finding(
            kind="invoice and bill differ",
            sentence=(
                f"procore and quickbooks: invoice {one.document.number} is {one.document.gross:,.2f} in Procore and "
                f"{one.posting.total:,.2f} in QuickBooks; the QuickBooks amount counts"
            ),
            way_out="Correct the wrong one; a bill entered net of retainage is the usual cause",
            records=(one.document.record_id, one.posting.record_id),
            project=one.document.project,
            amount=one.document.gross - one.posting.total,
            grade="C",
        )

    def _suspect(self, document: Document, rivals: list[Posting]) -> Finding:
        return Finding(
            kind="suspected duplicate",
            sentence=(
                f"procore and quickbooks: an approved {document.kind} of {document.gross:,.2f} is held out because "
                f"{rivals[0].record_id} of {rivals[0].on} may be the same event"
            ),
            way_out="Say whether they are one event, or enter the invoice number in QuickBooks",
            records=(document.record_id, *(p.record_id for p in rivals)),
            project=document.project,
            amount=document.gross,
            grade="C",
        )

    def _without_lines(self, document: Document) -> Finding:
        return Finding(
            kind="approved without lines",
            sentence=f"procore: approved {document.kind} {document.record_id} has no lines; it is not in the cost",
            way_out="Open it in Procore and enter its lines, or wait for its bill in QuickBooks",
            records=(document.record_id,),
            project=document.project,
            amount=document.gross,
            grade="C",
        )

    def _outside_procore(self) -> Iterator[Finding]:
        """D5: bills of a vendor with a commitment on the project, which E1 would add on top of it."""
        committed = {
            (self.book.project(c["project_record_id"]), self.book.party(c["vendor_record_id"]))
            for c in self.book.read["commitments"]
        }
        for posting in self.open_bills:
            if posting.vendor and (posting.project, posting.vendor) in committed:
                yield Finding(
                    kind="commitment invoice outside Procore",
                    sentence=(
                        f"quickbooks: a bill of {posting.total:,.2f} from {self.book.name(posting.vendor)}, who has a "
                        "commitment on this project, has no invoice in Procore; it counts on top of the commitment"
                    ),
                    way_out="Enter the subcontractor invoice in Procore if the bill belongs to the commitment",
                    records=(posting.record_id,),
                    project=posting.project,
                    amount=posting.total,
                    level="info",
                )


def line_cite(line: Row) -> Cite:
    """The cite of an accounting line, with its sign as role."""
    return Cite(line["record_id"], line["amount_at"] or "", "amount" if line["amount_sign"] > 0 else "less")


def _leaves(document: Document) -> dict[tuple[str, str], tuple[Decimal, tuple[Cite, ...]]]:
    """Weight and its cites per code and type of a document."""
    weights: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    cites: dict[tuple[str, str], tuple[Cite, ...]] = defaultdict(tuple)
    for line in document.lines:
        if line["amount"]:
            leaf = line["cost_code"] or UNCODED, line["cost_type"] or "O"
            weights[leaf] += line["amount"]
            cites[leaf] += line_cites(line, "weight")
    return {leaf: (weight, cites[leaf]) for leaf, weight in weights.items()}
