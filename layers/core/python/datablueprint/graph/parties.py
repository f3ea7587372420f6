"""Vendors and employees are linked by id, then number, then exact name; a similar name needs witnesses or a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from datablueprint.graph.decisions import NOTHING_SAID, Said
from datablueprint.graph.evidence import Link, Row, native, pairs_by_key, voted
from datablueprint.graph.money_votes import Money
from datablueprint.graph.names import likeness, normal
from datablueprint.graph.similar import Blocks, best, name_vote
from datablueprint.graph.told_apart import person_doubts, word_doubts
from datablueprint.graph.transactions import Papers, carried
from datablueprint.graph.votes import Vote, bits

LEAST_VENDOR_LIKENESS = 0.88
LEAST_EMPLOYEE_LIKENESS = 0.90
LEAST_CARRIED = 2
LEAST_BITS_WITHOUT_NAME = 4.0
"""What transactions alone must say before a person is asked about two unlike names."""

ORIGIN_BITS, NUMBER_BITS, CARRIED_BITS = 14.0, 7.0, 6.0
EXACT_NAME_BITS = 5.1
"""Just above the odds at which a link is automatic (0.97): a firm or person of the same full name."""


def told_vendors(vendors: list[Row], invoices: Papers, bills: Papers, said: Said = NOTHING_SAID) -> list[Link]:
    """Procore companies that surely are QuickBooks vendors: by id, by documents that kept their ids, by exact name."""
    procore = [v for v in vendors if v["system"] == "procore"]
    books = [v for v in vendors if v["system"] == "quickbooks"]
    by_id = {native(v["record_id"]): v for v in books}
    votes: dict[tuple[str, str], list[Vote]] = defaultdict(list)
    for vendor in procore:
        if vendor["origin_id"] in by_id:
            sentence = f"Procore carries the QuickBooks id {vendor['origin_id']} as origin_id"
            pair = (vendor["record_id"], by_id[vendor["origin_id"]]["record_id"])
            votes[pair].append(Vote("origin_id", ORIGIN_BITS, sentence))
    for pair, vote in _by_carried(invoices, bills):
        votes[pair].append(vote)
    votes = {pair: held for pair, held in votes.items() if not said.apart("vendor", *pair)}
    done = {record for pair in votes for record in pair}
    links = [voted("vendor", *pair, held) for pair, held in _unopposed(votes)]
    return links + list(_by_exact_name("vendor", _open(procore, done), _open(books, done), said))


def vendor_links(
    vendors: list[Row],
    told: Iterable[Link],
    money: Money,
    job_project: Mapping[str, str],
    said: Said = NOTHING_SAID,
) -> Iterator[Link]:
    """The sure links with what their bills say, then proposals; `job_project` maps jobs to the projects they are."""
    done: set[str] = set()
    for link in told:
        done |= {link.left, link.right}
        yield link
    procore = {v["record_id"]: v for v in _open(vendors, done) if v["system"] == "procore"}
    books = {v["record_id"]: v for v in _open(vendors, done) if v["system"] == "quickbooks"}
    names = Blocks({record: normal(row["name"]) for record, row in books.items()})
    for record, row in procore.items():
        found = {other for other, _ in names.alike(normal(row["name"]), least=LEAST_VENDOR_LIKENESS)}
        found |= _billing_alike(record, money, job_project) & books.keys()
        free = [other for other in sorted(found) if not said.apart("vendor", record, other)]
        votes = {other: _vendor_votes(row, books[other], money, job_project) for other in free}
        other = best({each: bits(held) for each, held in votes.items() if _is_worth_asking(held)})
        if other:
            yield voted("vendor", record, other, votes[other])


def _vendor_votes(left: Row, right: Row, money: Money, job_project: Mapping[str, str]) -> list[Vote]:
    score = likeness(normal(left["name"]), normal(right["name"]))
    named = [name_vote(score, left["name"], right["name"]), *word_doubts(left["name"], right["name"])]
    billed = money.of_vendors(left["record_id"], right["record_id"], job_project)
    return [*(named if score >= LEAST_VENDOR_LIKENESS else ()), *billed]


def _is_worth_asking(votes: list[Vote]) -> bool:
    return any(vote.nature == "name" for vote in votes) or bits(votes) >= LEAST_BITS_WITHOUT_NAME


def _billing_alike(vendor: str, money: Money, job_project: Mapping[str, str]) -> set[str]:
    """QuickBooks vendors with bills equal to two papers of this vendor, on the same projects."""
    counted: Counter[str] = Counter()
    for paper in money.invoices.by_vendor.get(vendor, ()):
        near = {
            bill.vendor
            for bill in money.bills_of_amount(paper)
            if bill.vendor and job_project.get(bill.place) == paper.place
        }
        counted.update(near)
    return {other for other, count in counted.items() if count >= LEAST_CARRIED}


def _by_carried(invoices: Papers, bills: Papers) -> Iterator[tuple[tuple[str, str], Vote]]:
    """Documents that an integration copied between the systems name the same vendor in both."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for paper, bill in carried(invoices, bills):
        if paper.vendor and bill.vendor:
            counted[paper.vendor][bill.vendor] += 1
    for vendor, others in counted.items():
        (other, most), total = others.most_common(1)[0], sum(others.values())
        if most >= LEAST_CARRIED and most * 10 >= total * 9:
            sentence = f"{most} Procore documents of this vendor carry the ids of the other's bills"
            yield (vendor, other), Vote("ids of documents", CARRIED_BITS, sentence)


def _unopposed(votes: Mapping[tuple[str, str], list[Vote]]) -> Iterator[tuple[tuple[str, str], list[Vote]]]:
    """Where an id and documents name different vendors, the id, which somebody meant for the record itself."""
    by_left: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for pair in votes:
        by_left[pair[0]].append(pair)
    for pairs in by_left.values():
        strongest = max(pairs, key=lambda pair: bits(votes[pair]))
        yield strongest, votes[strongest]


def employee_links(employees: list[Row], said: Said = NOTHING_SAID) -> Iterator[Link]:
    """People of every pair of lists: Procore users, Procore people, payroll employees, QuickBooks employees."""
    lists: dict[str, list[Row]] = {}
    for row in employees:
        lists.setdefault(row["record_id"].rsplit(":", 1)[0], []).append(row)
    for left, right in combinations(sorted(lists), 2):
        done: set[str] = set()
        for link in _told_employees(lists[left], lists[right], said):
            done |= {link.left, link.right}
            yield link
        for link in _by_exact_name("employee", _open(lists[left], done), _open(lists[right], done), said):
            done |= {link.left, link.right}
            yield link
        yield from _by_similar_name(_open(lists[left], done), _open(lists[right], done), said)


def _told_employees(left: list[Row], right: list[Row], said: Said) -> Iterator[Link]:
    """Same employee number, then same e-mail."""
    done: set[str] = set()
    for a, b in pairs_by_key(left, right, left_key=_number, right_key=_number):
        if said.apart("employee", a["record_id"], b["record_id"]):
            continue
        done |= {a["record_id"], b["record_id"]}
        vote = Vote("employee number", NUMBER_BITS, f"same employee number {a['employee_number']}")
        yield voted("employee", a["record_id"], b["record_id"], [vote])
    for a, b in pairs_by_key(_open(left, done), _open(right, done), left_key=_email, right_key=_email):
        if not _numbers_differ(a, b) and not said.apart("employee", a["record_id"], b["record_id"]):
            vote = Vote("e-mail", NUMBER_BITS, f"same e-mail {a['email']}")
            yield voted("employee", a["record_id"], b["record_id"], [vote])


def _by_exact_name(kind: str, left: list[Row], right: list[Row], said: Said) -> Iterator[Link]:
    for a, b in pairs_by_key(left, right, left_key=_name, right_key=_name):
        if not _numbers_differ(a, b) and not said.apart(kind, a["record_id"], b["record_id"]):
            vote = Vote("exact name", EXACT_NAME_BITS, f"same name: '{a['name']}' and '{b['name']}'")
            yield voted(kind, a["record_id"], b["record_id"], [vote])


def _by_similar_name(left: list[Row], right: list[Row], said: Said) -> Iterator[Link]:
    by_record = {row["record_id"]: row for row in right}
    names = Blocks({record: normal(row["name"]) for record, row in by_record.items()})
    for row in left:
        alike = names.alike(normal(row["name"]), least=LEAST_EMPLOYEE_LIKENESS)
        free = [each for each in alike if not said.apart("employee", row["record_id"], each[0])]
        votes = {other: _named(row, by_record[other], score) for other, score in free}
        other = best({each: bits(held) for each, held in votes.items()})
        if other and not _numbers_differ(row, by_record[other]):
            yield voted("employee", row["record_id"], other, votes[other])


def _named(row: Row, other: Row, score: float) -> list[Vote]:
    return [name_vote(score, row["name"], other["name"]), *person_doubts(row["name"], other["name"])]


def _open(rows: Iterable[Row], done: set[str]) -> list[Row]:
    return [row for row in rows if row["record_id"] not in done]


def _name(row: Row) -> str:
    return normal(row["name"])


def _number(row: Row) -> str | None:
    number: str | None = row["employee_number"]
    return number


def _email(row: Row) -> str | None:
    return row["email"].lower() if row["email"] else None


def _numbers_differ(a: Row, b: Row) -> bool:
    """Two employee numbers that differ outweigh any likeness of names."""
    left, right = a.get("employee_number"), b.get("employee_number")
    return bool(left and right and left != right)
