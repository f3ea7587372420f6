"""Revenue at completion is what owners signed: prime contracts and approved change orders, each dollar at one tier."""

from __future__ import annotations

from collections.abc import Iterator

from datablueprint.ledger.book import Book, Fact, Finding, Leaf, Row, cite

SIGNED = frozenset({"Approved", "Complete"})


def contract_facts(book: Book) -> Iterator[Fact]:
    """`original_contract` of every prime contract; unsigned ones are excluded by name."""
    for contract in book.read["prime_contracts"]:
        signed = contract["status"] in SIGNED
        yield Fact(
            measure="original_contract",
            rule="signed contracts only",
            reason=f"prime contract {contract['number']} is {contract['status']}",
            state="counted" if signed else "excluded",
            basis="plan",
            leaf=Leaf(book.project(contract["project_record_id"]), None, None),
            amount=contract["original_amount"],
            contract=contract["record_id"],
            evidence=(cite(contract, "original_amount"),),
        )


def change_order_facts(book: Book) -> Iterator[Fact]:
    """Owner-side changes: approved and pending at the highest tier reached, lower tiers excluded by D12."""
    signed = {c["record_id"] for c in book.read["prime_contracts"] if c["status"] in SIGNED}
    for change in book.read["change_orders"]:
        if change["side"] != "commitment":
            yield _change_fact(book, change, on_signed_contract=change["contract_record_id"] in signed)


def _change_fact(book: Book, change: Row, *, on_signed_contract: bool) -> Fact:
    measure, state, rule = f"{change['status']}_change", "counted", "one tier"
    reason = f"{change['tier']} {change['number']} is {change['source_status']}"
    if change["higher_record_id"]:
        state, rule, reason = "excluded", "D12", f"counted in the higher tier {change['higher_record_id']}"
    elif change["side"] == "unknown":
        state, rule, reason = "excluded", "D12", "its contract is not visible, so its side is unknown"
    elif change["status"] in ("rejected", "void", "draft"):
        state, rule = "excluded", "status"
    elif not on_signed_contract:
        state, rule, reason = "excluded", "signed contracts only", "its prime contract is not signed"
    return Fact(
        measure=measure,
        rule=rule,
        reason=reason,
        state=state,
        basis="plan",
        leaf=Leaf(book.project(change["project_record_id"]), None, None),
        amount=change["amount"],
        on=change["approved_on"] if change["status"] == "approved" else change["created_on"],
        contract=change["contract_record_id"],
        evidence=(cite(change),),
    )


def contract_findings(book: Book) -> Iterator[Finding]:
    """Approved change orders without an approval date cannot be placed in time."""
    for change in book.read["change_orders"]:
        top = change["side"] == "prime" and change["status"] == "approved" and not change["higher_record_id"]
        if top and change["approved_on"] is None:
            yield Finding(
                kind="change order without approval date",
                sentence=f"procore: approved change order {change['number']} has no approval date; it always counts",
                way_out="Set the reviewed date in Procore",
                records=(change["record_id"],),
                project=book.project(change["project_record_id"]),
                amount=change["amount"],
                grade="B",
            )
