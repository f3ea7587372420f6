"""Cost is what QuickBooks posted to a job; Procore says which code, and adds what is approved but not yet posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Finding, Leaf, Row, line_cites, mirrors, spread
from datablueprint.ledger.elsewhere import Held, booked_elsewhere
from datablueprint.ledger.holding import accrued, duplicates, waits
from datablueprint.ledger.matching import (
    BILLS,
    CHECK,
    Document,
    Match,
    Posting,
    direct_costs,
    invoices,
    match,
    postings,
)
from datablueprint.ledger.repeats import repeated_bills

COST_OF_GOODS = "Cost of Goods Sold"
TYPE_BY_ACCOUNT = (
    ("labor", "L"),
    ("payroll", "L"),
    ("subcontract", "S"),
    ("material", "M"),
    ("supplies", "M"),
    ("equipment", "E"),
)

Place = tuple[str, str, str | None]
"""Cost code, cost type, commitment."""
Shares = dict[Place, tuple[Decimal, tuple[Cite, ...]]]


class Costs:
    """Non-labor job cost of one book: matches first, then facts and findings from the same matches."""

    def __init__(self, book: Book, lines: Iterable[Row]) -> None:
        """`lines` are the accounting lines on expense accounts that carry a job and are not payroll."""
        self.book = book
        self._lines = list(lines)
        self.postings = postings(book, self._lines)
        self.invoices, self.direct = invoices(book), direct_costs(book)
        self.invoice_matches = self._match_invoices()
        self.direct_matches = list(match([d for d in self.direct if d.status != "draft"], self.postings))
        self.found = {m.posting.key: m for m in (*self.direct_matches, *self.invoice_matches)}
        self._codes = {c["record_id"]: c for c in book.read["cost_codes"] if c["system"] == "quickbooks"}
        matches = (*self.invoice_matches, *self.direct_matches)
        matched = {d.record_id for m in matches for d in m.documents}
        self.open_documents = [d for d in (*self.invoices, *self.direct) if d.record_id not in matched]
        self.open_postings = [p for p in self.postings if p.key not in self.found]
        self.overfull = [m for m in self.invoice_matches if abs(m.posting.total) > abs(m.gross)]

    def _match_invoices(self) -> list[Match]:
        """Bills first; an invoice that no bill is may have been paid by check or card without one."""
        found = list(match(self.invoices, [p for p in self.postings if p.entity in BILLS]))
        told = {d.record_id for m in found for d in m.documents}
        checks = [p for p in self.postings if p.entity == CHECK]
        return [*found, *match([d for d in self.invoices if d.record_id not in told], checks)]

    def facts(self) -> Iterator[Fact]:
        for posting in self.postings:
            yield from self._posted(posting)
        for document, posting, how in self._mirrored():
            yield self._mirror(document, posting, how)
        for document in self.open_documents:
            yield from self._unposted(document)
        yield from self._payroll_mirrors()

    def _mirrored(self) -> Iterator[tuple[Document, Posting, str]]:
        """Each matched document once, with the first posting that pays it."""
        seen = set()
        for one in (*self.invoice_matches, *self.direct_matches):
            for document in one.documents:
                if document.record_id not in seen:
                    seen.add(document.record_id)
                    yield document, one.posting, one.how

    def _posted(self, posting: Posting) -> Iterator[Fact]:
        found = self.found.get(posting.key)
        shares = _shares(found.documents) if found else {}
        if found and len(shares) > 1 and posting.total and sum(w for w, _ in shares.values()):
            yield from self._pooled(posting, found, shares)
            return
        only = next(iter(shares)) if len(shares) == 1 else None
        contract = found.documents[0].commitment if found else None
        for line in posting.lines:
            code, kind, contract = only or (*self.own_code(line), contract)
            leaf = Leaf(posting.project, code, kind)
            yield self._fact(posting, found, leaf, line["amount"], (line_cite(line),), contract)

    def _pooled(self, posting: Posting, found: Match, shares: Shares) -> Iterator[Fact]:
        """Amount from QuickBooks, codes from Procore: the posting spread over the documents' lines."""
        ordered = sorted(shares, key=lambda place: tuple(map(str, place)))
        parts = spread(posting.total, [shares[place][0] for place in ordered])
        amounts = tuple(line_cite(line) for line in posting.lines)
        for (code, kind, contract), part in zip(ordered, parts, strict=True):
            leaf = Leaf(posting.project, code, kind)
            evidence = (*amounts, *shares[code, kind, contract][1])
            yield self._fact(posting, found, leaf, part, evidence, contract, pool="|".join(posting.key))

    def _fact(
        self,
        posting: Posting,
        found: Match | None,
        leaf: Leaf,
        amount: Decimal,
        evidence: tuple[Cite, ...],
        contract: str | None,
        *,
        pool: str | None = None,
    ) -> Fact:
        if found is None:
            rule, reason, grade = "D5", f"{posting.entity} posted in QuickBooks, not in Procore", "A"
        else:
            rule = "D2" if found.kind == "invoice" else "D3"
            reason = f"amount from QuickBooks, code from the Procore {found.kind}; matched by {found.how}"
            grade = "A" if found.certain else "B"
            evidence = (*evidence, *mirrors(d.record_id for d in found.documents))
        return Fact(
            measure="cost",
            rule=rule,
            reason=reason,
            leaf=leaf,
            amount=amount,
            on=posting.on,
            party=posting.vendor,
            contract=contract,
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

    def _mirror(self, document: Document, posting: Posting, how: str) -> Fact:
        return Fact(
            measure="cost",
            rule="D2" if document.kind == "invoice" else "D3",
            reason=f"the same event as {posting.record_id}, matched by {how}",
            state="excluded",
            leaf=Leaf(document.project, None, None),
            amount=document.gross,
            on=document.on,
            party=document.vendor,
            contract=document.commitment,
            subject=posting.record_id,
            evidence=mirrors([document.record_id]),
        )

    def _payroll_mirrors(self) -> Iterator[Fact]:
        for row in self.book.read["direct_costs"]:
            if row["type"] == "payroll":
                yield Fact(
                    measure="cost",
                    rule="D6",
                    reason="labor comes from the payroll register",
                    state="excluded",
                    leaf=Leaf(self.book.project(row["project_record_id"]), None, None),
                    amount=row["amount"],
                    on=row["incurred_on"],
                    evidence=mirrors([row["record_id"]]),
                )

    def why_held(self, document: Document) -> Held | None:
        """Why an approved, unmatched document must wait for a person; None when it may count."""
        if held := self._held.get(document.record_id):
            return held
        if self._copy_of_an_invoice(document):
            return Held("suspected duplicate", "an invoice of the same vendor has its number and its amount")
        if not document.lines:
            return Held("approved without lines", "it has no lines, so its cost code and amount cannot be read")
        return None

    @cached_property
    def _held(self) -> dict[str, Held]:
        open_ = [d for d in self.open_documents if d.approved and not _imported(d)]
        held = booked_elsewhere(self.book, open_, self.invoice_matches, self.direct_matches)
        held |= accrued([d for d in open_ if d.record_id not in held], self._lines, self.book)
        left = [d for d in open_ if d.record_id not in held]
        open_postings = {"invoice": self._without_invoice(), "direct cost": self.open_postings}
        return held | duplicates(left, open_postings, self.overfull)

    def _without_invoice(self) -> list[Posting]:
        """No document is theirs but what an integration made of them, which explains nothing."""
        found = ((p, self.found.get(p.key)) for p in self.postings)
        return [p for p, one in found if one is None or all(_imported(d) for d in one.documents)]

    def _copy_of_an_invoice(self, document: Document) -> bool:
        """A direct cost that repeats an invoice which no bill has paid yet."""
        return document.kind == "direct cost" and any(
            d.kind == "invoice"
            and d.approved
            and (d.project, d.vendor, d.gross) == (document.project, document.vendor, document.gross)
            and d.number.like(document.number)
            for d in self.open_documents
        )

    def _unposted(self, document: Document) -> Iterator[Fact]:
        """D3 mirrors, D4 accruals, and what is not approved or must wait."""
        rule, state, reason = "D4", "counted", "approved in Procore, not yet posted in QuickBooks"
        if _imported(document):
            rule, state, reason = "D3", "excluded", "imported from accounting; its transaction is no job cost there"
        elif not document.approved:
            state, reason = "excluded", f"its status is {document.status}"
        elif held := self.why_held(document):
            state, reason = "held", held.why
        whole = Fact(
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
        if state != "counted":
            yield whole
            return
        for line in document.lines:
            leaf = Leaf(document.project, line["cost_code"] or UNCODED, line["cost_type"] or "O")
            yield replace(whole, leaf=leaf, amount=line["amount"], evidence=line_cites(line, "amount"))

    def findings(self) -> Iterator[Finding]:
        for one in (*self.invoice_matches, *self.direct_matches):
            if not one.certain:
                yield self._proposal(one)
        for documents, paid in self.invoice_groups():
            if sum((d.gross for d in documents), Decimal(0)) != sum((p.total for p in paid), Decimal(0)):
                yield self._difference(documents, paid)
        for document in self.open_documents:
            held = self.why_held(document) if document.approved and not _imported(document) else None
            if held:
                yield waits(document, held)
        yield from repeated_bills(self.book, self.postings, self.invoice_matches)
        yield from self._outside_procore()

    def _proposal(self, one: Match) -> Finding:
        doubt, way_out = " only", "Enter the same invoice number in both systems"
        if one.by_proposed_vendor:
            doubt, way_out = ", if their vendors are one firm, which nobody has confirmed", self._confirm(one.posting)
        return Finding(
            kind="match to confirm",
            sentence=(
                f"procore and quickbooks: the {one.kind} of {one.gross:,.2f} and the {one.posting.entity} of "
                f"{one.posting.on} agree in {one.how}{doubt}; they count as one"
            ),
            way_out=way_out,
            records=(one.documents[0].record_id, one.posting.record_id),
            project=one.posting.project,
            amount=one.gross,
            grade="B",
        )

    def _confirm(self, posting: Posting) -> str:
        """The command that settles the link which makes the posting's vendor a vendor of Procore."""
        links = [link for link in self.book.links if (link["kind"], link["state"]) == ("vendor", "proposed")]
        ids = sorted(link["link_id"] for link in links if self.book.party(link["left_record_id"]) == posting.vendor)
        return " and ".join(f"Run `datablueprint links accept {i}` or `links reject {i}`" for i in ids)

    def invoice_groups(self) -> list[tuple[tuple[Document, ...], list[Posting]]]:
        """Matched invoices with every posting that pays them: usually one of each."""
        groups: dict[tuple[Document, ...], list[Posting]] = defaultdict(list)
        for one in self.invoice_matches:
            groups[one.documents].append(one.posting)
        return list(groups.items())

    def _difference(self, documents: tuple[Document, ...], paid: list[Posting]) -> Finding:
        gross, posted = sum((d.gross for d in documents), Decimal(0)), sum((p.total for p in paid), Decimal(0))
        net = len(documents) == 1 and documents[0].net == posted
        cause = "the bill is net of retainage" if net else "a bill entered net of retainage is the usual cause"
        return Finding(
            kind="invoice and bill differ",
            sentence=(
                f"procore and quickbooks: invoice {documents[0].number} is {gross:,.2f} in Procore and "
                f"{posted:,.2f} in QuickBooks; the QuickBooks amount counts"
            ),
            way_out=f"Correct the wrong one; {cause}",
            records=(*(d.record_id for d in documents), *(p.record_id for p in paid)),
            project=paid[0].project,
            amount=gross - posted,
            grade="C",
        )

    def _outside_procore(self) -> Iterator[Finding]:
        """D5: bills of a vendor with a commitment on the project, which E1 would add on top of it."""
        committed = {
            (self.book.project(c["project_record_id"]), self.book.party(c["vendor_record_id"]))
            for c in self.book.read["commitments"]
        }
        for posting in self.open_postings:
            if posting.entity in BILLS and posting.vendor and (posting.project, posting.vendor) in committed:
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


def _shares(documents: Iterable[Document]) -> Shares:
    """Weight and its cites per code, type and commitment of the documents."""
    weights: dict[Place, Decimal] = defaultdict(Decimal)
    cites: dict[Place, tuple[Cite, ...]] = defaultdict(tuple)
    for document in documents:
        for line in document.lines:
            if line["amount"]:
                place = line["cost_code"] or UNCODED, line["cost_type"] or "O", document.commitment
                weights[place] += line["amount"]
                cites[place] += line_cites(line, "weight")
    return {place: (weight, cites[place]) for place, weight in weights.items()}


def _imported(document: Document) -> bool:
    """A direct cost that an integration brought from accounting."""
    return document.kind == "direct cost" and bool(document.origin_id)
