"""Which Procore invoice and which QuickBooks bill are one event: all twins found, no two events merged."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.ledger.documents import Number
from datablueprint.ledger.matching import match, suspects
from tests.ledger.twins import FIRST, Books, bill, generated, invoice, score

SEEDS = (1, 2, 3)
THOUSAND = Decimal("1000.00")


def days(count: int) -> timedelta:
    return timedelta(days=count)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", [1, 2])
def test_every_twin_is_found_and_no_two_events_are_merged(level: int, seed: int):
    books = generated(level, seed)

    found = score(books)

    print(f"level {level}, seed {seed}: {found}")
    assert found.wrong == ()
    assert [books.kinds[pair] for pair in found.lost] == []
    assert (found.precision, found.recall) == (1, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_hard_twins_are_found_or_held_and_none_is_merged_wrongly(seed: int):
    books = generated(3, seed)

    found = score(books)

    print(f"level 3, seed {seed}: {found}")
    assert Counter(books.kinds.get(pair, "none") for pair in found.wrong) == Counter()
    assert Counter(books.kinds[pair] for pair in found.lost) == Counter()
    assert {books.kinds[pair] for pair in found.waiting} <= {"weekly, one missing"}
    assert found.right + found.held == found.true


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_many_overlapping_events_of_ten_firms_stay_apart(level: int, seed: int):
    books = generated(level, seed, places=10)

    found = score(books)

    print(f"ten firms, level {level}, seed {seed}: {found}")
    assert found.wrong == ()
    assert [books.kinds[pair] for pair in found.lost] == []
    assert found.right + found.held == found.true


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("INV-0088", "inv 88"),
        ("INV-0088", "88-R"),
        ("24-017-03", "3"),
        ("PA 4", "Pay app #4"),
        ("0088", "88-1"),
        ("24-017-03", "24017-3"),
    ],
)
def test_spellings_of_one_number_are_alike(ours: str, theirs: str):
    assert Number(ours).like(Number(theirs))
    assert not Number(ours).contradicts(Number(theirs))


@pytest.mark.parametrize(
    ("ours", "theirs"), [("INV-88", "INV-89"), ("88", "880"), ("PA1", "PA11"), ("", ""), ("A", "B")]
)
def test_different_numbers_are_not_alike(ours: str, theirs: str):
    assert not Number(ours).like(Number(theirs))


def test_numbers_of_one_series_contradict_each_other_and_a_bill_under_the_next_number_is_held():
    ours, theirs = invoice("INV-88", THOUSAND, FIRST), bill("INV-89", THOUSAND, FIRST + days(8))

    assert list(match([ours], [theirs])) == []
    assert suspects(ours, [theirs]) == [theirs]


def test_one_number_on_two_commitments_goes_to_the_bill_of_its_own_amount():
    books = Books(random.Random(1))
    books.event("first", [invoice("PA1", THOUSAND, FIRST)], [bill("PA1", THOUSAND, FIRST)])
    books.event("second", [invoice("PA1", THOUSAND * 2, FIRST)], [bill("PA1", THOUSAND * 2, FIRST)])

    assert score(books).wrong == score(books).lost == ()


def test_one_number_far_apart_in_amount_and_time_is_no_match_but_a_suspicion():
    ours, theirs = invoice("PA1", THOUSAND, FIRST), bill("PA1", THOUSAND * 7, FIRST + days(200))

    assert list(match([ours], [theirs])) == []
    assert suspects(ours, [theirs]) == [theirs]


def test_a_bill_for_two_equal_invoices_of_three_is_ambiguous_unless_it_names_them():
    sent = [
        invoice(f"{n}", THOUSAND, FIRST + days(n - 88), record_id=f"procore:requisitions:{n}") for n in (88, 89, 90)
    ]
    unnamed, named = (
        bill(text, THOUSAND * 2, FIRST + days(5), record_id="quickbooks:Bill:1") for text in ("", "88/89")
    )

    assert list(match(sent, [unnamed])) == []
    [found] = match(sent, [named])
    assert ([str(d.number) for d in found.documents], found.certain) == (["88", "89"], True)


def test_three_equal_invoices_and_two_bills_without_numbers_are_left_to_a_person():
    sent = [invoice("", THOUSAND, FIRST + days(n), record_id=f"procore:requisitions:{n}") for n in range(3)]
    posted = [bill("", THOUSAND, FIRST + days(n), record_id=f"quickbooks:Bill:{n}") for n in range(2)]

    assert list(match(sent, posted)) == []
    assert all(suspects(document, posted) for document in sent)


def test_a_pair_that_no_number_confirms_is_a_proposal():
    [found] = match([invoice("7", THOUSAND, FIRST)], [bill("", THOUSAND, FIRST + days(10))])

    assert not found.certain
    assert list(match([invoice("7", THOUSAND, FIRST)], [bill("", THOUSAND, FIRST + days(11))])) == []


def test_a_bill_of_a_vendor_that_no_link_joins_is_proposed_by_number_and_held_by_amount():
    stranger = {"vendor": "V2", "vendor_in_both": False}
    ours = invoice("INV-88", THOUSAND, FIRST)

    [found] = match([ours], [bill("88", THOUSAND, FIRST + days(2), **stranger)])
    assert not found.certain
    unnumbered = bill("", THOUSAND, FIRST + days(2), **stranger)
    assert list(match([ours], [unnumbered])) == []
    assert suspects(ours, [unnumbered]) == [unnumbered]
    assert suspects(ours, [bill("", THOUSAND, FIRST, vendor="V2")]) == []


def test_a_draft_takes_no_bill_by_amount():
    draft = invoice("", THOUSAND, FIRST, approved=False, status="draft")

    assert list(match([draft], [bill("", THOUSAND, FIRST)])) == []


amounts = st.sampled_from([Decimal("100.00"), Decimal("250.00"), Decimal("350.00"), Decimal("-100.00")])
numbers = st.sampled_from(["", "88", "INV-88", "89", "INV-0089", "88 & 89"])
offsets = st.integers(0, 60).map(days)
records = st.lists(st.tuples(numbers, amounts, offsets), max_size=4)


@given(records, records)
def test_no_record_is_used_twice_and_the_order_of_arrival_changes_nothing(ours: list, theirs: list):
    sent = [invoice(n, a, FIRST + d, record_id=f"procore:requisitions:{i}") for i, (n, a, d) in enumerate(ours)]
    posted = [bill(n, a, FIRST + d, record_id=f"quickbooks:Bill:{i}") for i, (n, a, d) in enumerate(theirs)]

    outcomes = {
        tuple((m.posting.key, tuple(d.record_id for d in m.documents), m.how) for m in match(left, right))
        for left in permutations(sent)
        for right in list(permutations(posted))[:: max(1, len(posted))]
    }

    assert len(outcomes) == 1
    [outcome] = outcomes
    postings = [posting for posting, _, _ in outcome]
    assert len(set(postings)) == len(postings)
    by_document = Counter(document for _, documents, _ in outcome for document in set(documents))
    several = {documents for _, documents, _ in outcome if by_document[documents[0]] > 1}
    assert all(len(documents) == 1 or documents in several for documents in several)
