"""What the Procore-QuickBooks integration carried over can be read from both sides; what it tried and lost cannot.

A Procore record that carries an accounting id is synced. All else here is our
own comparison of the two systems; exports that were rejected or have failed
show only in Procore's ERP tool, so no state speaks of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from datablueprint.ledger.book import Book, Fact, Row, grouped
from datablueprint.ledger.choosing import CONNECTOR, Match
from datablueprint.ledger.commitments import committed
from datablueprint.ledger.costs import Costs
from datablueprint.ledger.documents import BILLS, Document, Posting

ERP_TOOL = "in Procore's ERP Integrations tool"
STANDING = frozenset({"automatic", "accepted", "proposed"})


def sync_states(book: Book, costs: Costs, facts: Iterable[Fact]) -> Iterator[Row]:
    """One row per Procore record that has or could have a twin in QuickBooks, and per QuickBooks record that lacks one.

    The amount of a project or vendor is its counted job cost; that of a
    transaction is its own, before retainage.
    """
    job_cost = [f for f in facts if (f.measure, f.state) == ("cost", "counted") and f.leaf.project and f.amount]
    yield from _projects(book, _sums((f.leaf.project, f.amount) for f in job_cost))
    yield from _vendors(book, _sums((f.party, f.amount) for f in job_cost))
    yield from _commitments(book)
    yield from _Transactions(book, costs).rows()


def _sums(amounts: Iterable[tuple[str | None, Decimal | None]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for key, amount in amounts:
        sums[key or ""] += amount or Decimal(0)
    return sums


def _row(
    kind: str,
    record: str,
    state: str,
    sentence: str,
    *,
    way_out: str | None = None,
    other: str | None = None,
    project: str | None = None,
    amount: Decimal | None = None,
) -> Row:
    return {
        "kind": kind,
        "record_id": record,
        "other_record_id": other,
        "state": state,
        "project": project,
        "amount": amount,
        "sentence": sentence,
        "way_out": way_out,
    }


def _native(record_id: str) -> str:
    return record_id.rsplit(":", 1)[1]


def _links(book: Book, kind: str) -> dict[str, Row]:
    """By either record: the link that joins it to the other system, decided ones before proposals."""
    found: dict[str, Row] = {}
    links = [row for row in book.links if row["kind"] == kind and row["state"] in STANDING]
    for link in sorted(links, key=lambda row: (row["state"] == "proposed", -row["confidence"], row["link_id"])):
        for side in ("left_record_id", "right_record_id"):
            found.setdefault(link[side], link)
    return found


# -- projects ----------------------------------------------------------------------------------------


class _CodeLists:
    """Which cost code lists an accounting integration takes: as Procore says, else as synced projects show."""

    def __init__(self, book: Book) -> None:
        rows = {_native(row["record_id"]): row for row in book.read.get("cost_code_lists", [])}
        self._said = {native: row["erp"] for native, row in rows.items() if row["erp"] is not None}
        self._names = {native: row["name"] for native, row in rows.items() if row["name"]}
        projects = [p for p in book.read["projects"] if p["system"] == "procore" and p["cost_code_list_id"]]
        self._shown = {p["cost_code_list_id"] for p in projects if p["origin_id"]}
        codes = [c for c in book.read["cost_codes"] if c["system"] == "procore" and c["project_record_id"]]
        self._codes = grouped(codes, "project_record_id")

    def refusal(self, project: Row) -> str | None:
        """Why the project's cost codes keep it out of the integration; None when they do not, or nothing says so."""
        native = project["cost_code_list_id"]
        said = self._said.get(native)
        if said is False:
            return f"its cost code list '{self._names.get(native, native)}' is not an accounting list"
        if said is None and native and self._shown and native not in self._shown:
            return "no synced project uses its cost code list, which Procore did not show (inferred)"
        codes = self._codes.get(project["record_id"], [])
        own = [c for c in codes if not c["origin_id"]]
        if own and len(own) < len(codes):
            return f"{len(own)} of its {len(codes)} cost codes are not in the accounting list (inferred)"
        return None

    def fits(self, project: Row) -> bool:
        """Its list is an accounting list, by Procore's word or by the example of synced projects."""
        native = project["cost_code_list_id"]
        return bool(self._said.get(native, native in self._shown) or project["erp_integrated"])


def _projects(book: Book, cost: dict[str, Decimal]) -> Iterator[Row]:
    jobs = {_native(row["record_id"]): row for row in book.read["projects"] if row["system"] == "quickbooks"}
    links, lists = _links(book, "project"), _CodeLists(book)
    for project in book.read["projects"]:
        if project["system"] == "procore":
            entity = book.project(project["record_id"])
            yield _project(project, jobs, links, lists) | {"project": entity, "amount": cost.get(entity or "", 0)}
    claimed = {p["origin_id"] for p in book.read["projects"] if p["system"] == "procore"}
    for native, job in jobs.items():
        entity = book.project(job["record_id"]) or ""
        alone = job["record_id"] not in links and native not in claimed
        if alone and (job["is_job"] or cost.get(entity)):
            yield _row(
                "project",
                job["record_id"],
                "only_quickbooks",
                f"QuickBooks job '{job['name']}' has no project in Procore",
                way_out="Create the project in Procore, or put its project number into the job's name",
                project=entity,
                amount=cost.get(entity, Decimal(0)),
            )


def _project(project: Row, jobs: dict[str, Row], links: dict[str, Row], lists: _CodeLists) -> Row:
    record, name = project["record_id"], project["name"]
    link = links.get(record)
    twin = link["right_record_id"] if link else None
    if project["origin_id"]:
        return _synced("project", record, name, project["origin_id"], jobs)
    if refusal := lists.refusal(project):
        matched = f"; our match is {twin}" if twin else ""
        return _row(
            "project",
            record,
            "cannot_integrate",
            f"'{name}' cannot be integrated: {refusal}{matched}",
            way_out="A project keeps the codes it was created with: rely on our match, and start new ones on that list",
            other=twin,
        )
    if link:
        proposed = link["state"] == "proposed"
        return _row(
            "project",
            record,
            "unlinked_twin",
            f"'{name}' is in both systems and not linked by the integration: {link['evidence'][0]}",
            way_out=_confirm(link) if proposed else f"Link the two {ERP_TOOL}; the figures use our match meanwhile",
            other=twin,
        )
    if lists.fits(project):
        sentence, way_out = f"'{name}' could be synced and is not", f"Send it to QuickBooks {ERP_TOOL}"
        return _row("project", record, "eligible", sentence, way_out=way_out)
    sentence, way_out = f"'{name}' has no job in QuickBooks", "Create the job with the project number in its name"
    return _row("project", record, "only_procore", sentence, way_out=way_out)


def _synced(kind: str, record: str, name: str, origin: str, known: dict[str, Row]) -> Row:
    other = known.get(origin)
    sentence = f"'{name}' carries the accounting id {origin}"
    if other is None:
        sentence += ", which QuickBooks does not show"
    way_out = None if other else "It was deleted there, or belongs to another company file: link it again"
    return _row(kind, record, "synced", sentence, way_out=way_out, other=other["record_id"] if other else None)


def _confirm(link: Row) -> str:
    return f"Confirm with `datablueprint links accept {link['link_id']}`, or reject it"


# -- vendors and commitments -------------------------------------------------------------------------


def _vendors(book: Book, cost: dict[str, Decimal]) -> Iterator[Row]:
    books = {_native(row["record_id"]): row for row in book.read["vendors"] if row["system"] == "quickbooks"}
    links = _links(book, "vendor")
    claimed = {v["origin_id"] for v in book.read["vendors"] if v["system"] == "procore"}
    for vendor in book.read["vendors"]:
        alone = vendor["record_id"] not in links and _native(vendor["record_id"]) not in claimed
        if vendor["system"] == "procore" or alone:
            amount = cost.get(book.party(vendor["record_id"]) or "", Decimal(0))
            yield _vendor(vendor, books, links.get(vendor["record_id"])) | {"amount": amount}


def _vendor(vendor: Row, books: dict[str, Row], link: Row | None) -> Row:
    record, name = vendor["record_id"], vendor["name"]
    if vendor["system"] == "quickbooks":
        sentence = f"vendor '{name}' is in QuickBooks only"
        way_out = "Add the company to Procore's directory if it works on jobs"
        return _row("vendor", record, "only_quickbooks", sentence, way_out=way_out)
    if vendor["origin_id"]:
        return _synced("vendor", record, name, vendor["origin_id"], books)
    if link:
        return _row(
            "vendor",
            record,
            "unlinked_twin",
            f"vendor '{name}' is in both systems and not linked by the integration: {link['evidence'][0]}",
            way_out=_confirm(link) if link["state"] == "proposed" else f"Link the two {ERP_TOOL}",
            other=link["right_record_id"],
        )
    sentence = f"vendor '{name}' is in Procore only"
    return _row("vendor", record, "only_procore", sentence, way_out=f"Send it to QuickBooks {ERP_TOOL}")


def _commitments(book: Book) -> Iterator[Row]:
    """Only for integrations that carry commitments, which those with accounting ids on them show."""
    if not any(row["origin_id"] for row in book.read["commitments"]):
        return
    for row in book.read["commitments"]:
        synced = bool(row["origin_id"])
        if synced or committed(row):
            said = f"carries the accounting id {row['origin_id']}" if synced else "could be synced and is not"
            yield _row(
                "commitment",
                row["record_id"],
                "synced" if synced else "eligible",
                f"commitment {row['number']} {said}",
                way_out=None if synced else f"Send it to QuickBooks {ERP_TOOL}",
                project=book.project(row["project_record_id"]),
                amount=row["original_amount"],
            )


# -- transactions ------------------------------------------------------------------------------------


class _Transactions:
    """Invoices and direct costs of Procore, and bills of vendors with commitments."""

    def __init__(self, book: Book, costs: Costs) -> None:
        self.book, self.costs = book, costs
        voided = [line for line in book.read["accounting_lines"] if line["voided"] and line["posting"]]
        self.voided = grouped(voided, "record_id")
        self._voided_ids = {_native(record): record for record in self.voided}

    @cached_property
    def _committed(self) -> set[tuple[str | None, str | None]]:
        rows = self.book.read["commitments"]
        return {(self.book.project(r["project_record_id"]), self.book.party(r["vendor_record_id"])) for r in rows}

    def rows(self) -> Iterator[Row]:
        seen: set[str] = set()
        for one in (*self.costs.invoice_matches, *self.costs.direct_matches):
            for document in one.documents:
                if document.record_id not in seen:
                    seen.add(document.record_id)
                    yield self._matched(document, one)
        for document in self.costs.open_documents:
            yield self._open(document)
        yield from self._bills()
        yield from self._voided_bills()

    def _matched(self, document: Document, one: Match) -> Row:
        said = f"{_named(document)} is {one.posting.record_id}"
        if one.how == CONNECTOR:
            return self._about(document, "synced", f"{said}: the integration says so", other=one.posting.record_id)
        way_out = "Nothing to do: it counts once" if one.certain else "Enter the same invoice number in both systems"
        if one.by_proposed_vendor:
            way_out = "Confirm or reject the link of the two vendors"
        sentence = f"{said}: matched by {one.how}"
        return self._about(document, "unlinked_twin", sentence, way_out=way_out, other=one.posting.record_id)

    def _open(self, document: Document) -> Row:
        named, invoice = _named(document), document.kind == "invoice"
        if document.origin_id in self._voided_ids:
            record = self._voided_ids[document.origin_id]
            way_out = "Void it in Procore too, or enter the bill again"
            return self._about(document, "voided", f"{named} is voided in QuickBooks", way_out=way_out, other=record)
        if document.origin_id:
            sentence = f"{named} carries the accounting id {document.origin_id}, which is no job cost in QuickBooks"
            way_out = "Look the transaction up in QuickBooks: it was deleted, or moved to another job or account"
            return self._about(document, "only_procore", sentence, way_out=way_out)
        if not document.approved:
            sentence = f"{named} is {document.status}: not expected in QuickBooks yet"
            return self._about(document, "eligible", sentence, way_out="Approve it, then send it to QuickBooks")
        if invoice and document.gross < 0:
            sentence = f"{named} is negative, which the integration does not carry"
            return self._about(document, "cannot_integrate", sentence, way_out="Enter a vendor credit in QuickBooks")
        held = self.costs.why_held(document)
        if held:
            sentence, way_out = f"{named}: {held[1]}; held, not counted", "Correct the invoice number, job or lines"
            return self._about(document, "only_procore", sentence, way_out=way_out)
        sentence = f"{named} is approved and has no bill in QuickBooks; it counts as an accrual"
        return self._about(document, "only_procore", sentence, way_out=f"Enter the bill, or send it {ERP_TOOL}")

    def _about(
        self, document: Document, state: str, sentence: str, *, way_out: str | None = None, other: str | None = None
    ) -> Row:
        return _row(
            "subcontract_invoice" if document.kind == "invoice" else "direct_cost",
            document.record_id,
            state,
            sentence,
            way_out=way_out,
            other=other,
            project=document.project,
            amount=document.gross,
        )

    def _bills(self) -> Iterator[Row]:
        """Bills whose vendor has a commitment on the job, and that no invoice in Procore explains."""
        alone: dict[str, list[Posting]] = defaultdict(list)
        for posting in self.costs.open_postings:
            if posting.entity in BILLS and (posting.project, posting.vendor) in self._committed:
                alone[posting.record_id].append(posting)
        for record, postings in alone.items():
            first = postings[0]
            sentence = f"{first.entity} {first.number} of {self.book.name(first.vendor)} has no invoice in Procore"
            yield _row(
                "bill",
                record,
                "only_quickbooks",
                sentence,
                way_out="Enter the subcontractor invoice in Procore if the bill belongs to the commitment",
                project=first.project,
                amount=sum((p.total for p in postings), Decimal(0)),
            )

    def _voided_bills(self) -> Iterator[Row]:
        vendors = {vendor for _, vendor in self._committed}
        for record, lines in self.voided.items():
            vendor = self.book.party(lines[0]["party_record_id"])
            if lines[0]["entity"] in BILLS and vendor in vendors:
                job = next((line["job_record_id"] for line in lines if line["job_record_id"]), None)
                sentence = f"{lines[0]['entity']} {lines[0]['document_number'] or ''} of {self.book.name(vendor)}"
                project = self.book.project(job)
                yield _row("bill", record, "voided", f"{sentence} is voided", project=project, amount=Decimal(0))


def _named(document: Document) -> str:
    return f"{'invoice' if document.kind == 'invoice' else 'direct cost'} {document.number}"
