"""Nothing is lost: whatever is in the books, every line has one fact and the facts foot to the trial balance."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from datablueprint.ledger import trial_balance
from datablueprint.ledger.cash import VIEWS
from datablueprint.settings import BurdenRate, Policy
from tests.ledger.books_kit import AP, AR, BANK, EVERY, OTHER_JOB, entry, ledger, line
from tests.ledger.kit import DAY, JOB

CREDITS = frozenset({"billing", "sales_tax", "payable", "retainage_payable"})
"""Measures that state a credit as positive."""
POLICY = Policy(
    burden_accounts=("Workers Comp Premium",),
    burden_rates=(BurdenRate(component="workers_comp", rate=Decimal("0.05")),),
    equipment_accounts=("Equipment Pool Recovery",),
    allocation_accounts=("Overhead Allocated", "Overhead Applied"),
    intercompany_parties=("Volt Electric",),
    restricted_cash_accounts=("Escrow Checking",),
)

cents = st.integers(-500_00, 500_00).filter(bool).map(lambda n: Decimal(n).scaleb(-2))
sides = st.tuples(st.sampled_from(EVERY), cents, st.sampled_from([None, None, JOB, OTHER_JOB]))
CLOSED_BY = {"Bill": AP, "Purchase": BANK, "VendorCredit": AP, "Invoice": AR, "CreditMemo": AR, "Deposit": BANK}


@st.composite
def transactions(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """A few transactions in balance on any accounts, then payments of some of them."""
    made = []
    for native in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from([*CLOSED_BY, "JournalEntry"]))
        drawn = draw(st.lists(sides, min_size=1, max_size=4))
        closing = -sum((amount for _, amount, _ in drawn), Decimal(0))
        account = draw(st.sampled_from(EVERY)) if kind == "JournalEntry" else CLOSED_BY[kind]
        header = {
            "on": DAY + timedelta(days=draw(st.integers(0, 90))),
            "memo": draw(st.sampled_from([None, "Accrue crane", "Reversing", "Application 3"])),
            "document_number": draw(st.sampled_from([None, "1001"])),
            "currency": draw(st.sampled_from(["USD", "USD", "USD", "CAD"])),
            "posting": draw(st.integers(0, 9)) > 0,
        }
        lines = [line(a, str(v), job) for a, v, job in drawn]
        made.append(entry(kind, native, *lines, line(account, str(closing)), **header))
    for native in range(draw(st.integers(0, 3))):
        paid = draw(st.sampled_from(made))[0]["record_id"]
        kind, account = draw(st.sampled_from([("Payment", AR), ("BillPayment", AP)]))
        amount, loose = draw(cents), draw(cents)
        lines = [line(account, str(amount), linked_record_ids=[paid]), line(account, str(loose), line_key="U")]
        made.append(entry(kind, 100 + native, *lines, line(BANK, str(-amount - loose))))
    return made


def place(fact: dict[str, Any]) -> tuple[str, str] | None:
    """The record and pointer of the one QuickBooks line a fact is about."""
    own = [e for e in fact["evidence"] if e["role"] in ("amount", "less") and e["record_id"].startswith("quickbooks")]
    return (own[0]["record_id"], own[0]["pointer"]) if own else None


def is_copy(fact: dict[str, Any]) -> bool:
    """Says only what became of a line that another fact is about."""
    return {e["role"] for e in fact["evidence"]} == {"mirror"}


@given(transactions())
def test_the_facts_of_any_books_foot_to_their_trial_balance_account_by_account(
    made: list[list[dict[str, Any]]],
) -> None:
    lines = [each for entries in made for each in entries]
    account = {(each["record_id"], each["amount_at"]): each["account_record_id"] for each in lines}

    result = ledger(*made, policy=POLICY)

    sums: dict[str, Decimal] = defaultdict(Decimal)
    for fact in result["facts"]:
        if fact["measure"] not in VIEWS and not is_copy(fact):
            said = place(fact)
            assert said is not None
            sums[account[said]] += -fact["amount"] if fact["measure"] in CREDITS else fact["amount"]
    balance = trial_balance(each | {"posting": True} for each in lines)
    assert dict(sums) == balance


@given(transactions())
def test_every_line_of_any_books_is_in_one_fact_or_one_pool(made: list[list[dict[str, Any]]]) -> None:
    result = ledger(*made, policy=POLICY)

    facts = [f for f in result["facts"] if f["measure"] not in VIEWS and not is_copy(f)]
    seen = Counter({(place(f), f["pool"], f["measure"]) for f in facts})
    assert set(Counter(p for p, _, _ in seen).values()) == {1}
    assert len(seen) == sum(len(entries) for entries in made)
    assert len({f["fact_id"] for f in result["facts"]}) == len(result["facts"])


@given(transactions())
def test_cash_by_job_is_what_payments_moved(made: list[list[dict[str, Any]]]) -> None:
    """Whatever is spread, the sum over jobs and no job is the sum of the lines."""
    result = ledger(*made, policy=POLICY)

    paid = [each for m in made for each in m if each["entity"] == "BillPayment" and each["line_key"] != "H"]
    out = [f for f in result["facts"] if f["measure"] == "cash_out" and "BillPayment" in f["evidence"][0]["record_id"]]
    assert sum(f["amount"] for f in out) == sum(each["amount"] for each in paid)
