"""Cost that rests on two records being one person or one firm, which nobody confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from datablueprint.ledger.book import Book, Fact, Finding, Row

PARTY_OF = {
    "employee": (("payroll_amounts", "employee_record_id"), ("time_entries", "person_record_id")),
    "vendor": (
        ("accounting_lines", "party_record_id"),
        ("subcontract_invoices", "vendor_record_id"),
        ("direct_costs", "vendor_record_id"),
    ),
}
"""Per kind of link the tables that name its records, and the column."""
SURE = ("automatic", "accepted")
TOLD = 5
"""Links that one sentence names; the rest are counted."""
MOST_PROJECTS = 20
"""With more projects than this, one finding tells of all of them."""
WHAT = {"employee": ("employee", "labor", "warning"), "vendor": ("vendor", "matched cost", "info")}


@dataclass
class Stake:
    """What rests on proposed links: per link the dollars of the facts that cite both of its sides."""

    links: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    amount: Decimal = Decimal(0)

    def add(self, links: Iterable[str], amount: Decimal) -> None:
        self.amount += amount
        for link in links:
            self.links[link] += amount


def party_findings(book: Book, facts: list[Fact]) -> Iterator[Finding]:
    """Per project the labor, and the matched cost, that proposed employee and vendor links brought together."""
    for kind in PARTY_OF:
        sides = _sides(book, kind)
        proposed = {link["link_id"]: link for link in _joining(book, kind, sides)}
        stakes = _stakes(book, kind, proposed, sides, facts) if proposed else {}
        if len(stakes) <= MOST_PROJECTS:
            yield from (_finding(kind, project, held, proposed) for project, held in sorted(stakes.items()))
            continue
        whole = Stake()
        for held in stakes.values():
            whole.amount += held.amount
            for link, amount in held.links.items():
                whole.links[link] += amount
        yield _finding(kind, None, whole, proposed, projects=len(stakes))


def _joining(book: Book, kind: str, sides: dict[str, str]) -> list[Row]:
    """Proposed links that stand: both records are one entity, and sure links alone do not make them one."""
    return [
        link
        for link in book.links
        if link["kind"] == kind
        and link["state"] == "proposed"
        and book.party(link["left_record_id"]) == book.party(link["right_record_id"])
        and len({sides.get(record, record) for record in _records(link)}) > 1
    ]


def _stakes(
    book: Book, kind: str, proposed: dict[str, Row], sides: dict[str, str], facts: list[Fact]
) -> dict[str, Stake]:
    """By project, the counted cost that cites records of two sides which only proposed links bring together."""
    named = _named(book, kind, {record for link in proposed.values() for record in _records(link)})
    by_entity: dict[str | None, list[str]] = defaultdict(list)
    for link_id, link in proposed.items():
        by_entity[book.party(link["left_record_id"])].append(link_id)
    stakes: dict[str, Stake] = defaultdict(Stake)
    for fact in facts:
        if fact.measure != "cost" or fact.state != "counted" or not fact.leaf.project:
            continue
        parties = {party for cited in fact.evidence for party in named.get(cited.record_id, ())}
        if len({sides.get(party, party) for party in parties}) > 1:
            links = {link for party in parties for link in by_entity.get(book.party(party), ())}
            stakes[fact.leaf.project].add(sorted(links), abs(fact.amount or Decimal(0)))
    return stakes


def _sides(book: Book, kind: str) -> dict[str, str]:
    """Each record's side: what sure links alone make one."""
    side: dict[str, str] = {}

    def lead(record: str) -> str:
        while side.get(record, record) != record:
            record = side[record]
        return record

    for link in book.links:
        if link["kind"] == kind and link["state"] in SURE:
            left, right = (lead(record) for record in _records(link))
            side[right] = left
    return {record: lead(record) for record in side}


def _named(book: Book, kind: str, proposed: set[str]) -> dict[str, set[str]]:
    """The parties that a record names, of those in an entity that a proposed link made."""
    entities = {book.party(record) for record in proposed}
    found: dict[str, set[str]] = defaultdict(set)
    for table, column in PARTY_OF[kind]:
        for row in book.read[table]:
            if row[column] and book.party(row[column]) in entities:
                found[row["record_id"]].add(row[column])
    return found


def _records(link: Row) -> tuple[str, str]:
    return link["left_record_id"], link["right_record_id"]


def _finding(
    kind: str, project: str | None, held: Stake, proposed: dict[str, Row], projects: int | None = None
) -> Finding:
    """Record ids only: a name beside pay would tell everybody what a person earns."""
    noun, what, level = WHAT[kind]
    top = sorted(held.links, key=lambda link: (-held.links[link], link))[:TOLD]
    pairs = ", ".join(" and ".join(_records(proposed[link])) for link in top)
    count, where = len(held.links), f"of {projects} projects" if projects else "of this project"
    links = "1 link" if count == 1 else f"{count} links"
    more = f" and {count - TOLD} more" if count > TOLD else ""
    return Finding(
        kind=f"unconfirmed {noun} link",
        sentence=f"{held.amount:,.2f} of {what} {where} rests on {links} between {noun} records "
        f"that nobody confirmed: {pairs}{more}",
        way_out=f"Run `datablueprint links accept {top[0]}` or `links reject {top[0]}`"
        + ("" if count == 1 else ", then the same for the others of `datablueprint links`"),
        records=tuple(dict.fromkeys(record for link in top for record in _records(proposed[link]))),
        project=project,
        amount=held.amount,
        level=level,
        grade="B",
    )
