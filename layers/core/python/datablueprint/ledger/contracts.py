"""Revenue at completion is what owners signed: prime contracts and approved change orders, each dollar at one tier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from datablueprint.ledger.book import Book, Fact, Finding, Leaf, Row, cite
from datablueprint.ledger.tiers import REACHED, Tiers, contradictions

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
    """Owner-side changes, each naming itself as `subject`: approved and pending at the highest tier reached.

    Rejected, void and draft ones, and lower tiers (D12), are listed and excluded.
    A tier that is draft, rejected or void was not reached: what is part of it counts by its own status.
    The reason always says the status in Procore's own word (pending, proceeding, no_charge ...).
    """
    signed = {c["record_id"] for c in book.read["prime_contracts"] if c["status"] in SIGNED}
    tiers = Tiers(book.read["change_orders"])
    for change in book.read["change_orders"]:
        if change["side"] != "commitment":
            yield _change_fact(book, change, tiers, on_signed_contract=change["contract_record_id"] in signed)


def _change_fact(book: Book, change: Row, tiers: Tiers, *, on_signed_contract: bool) -> Fact:
    state, rule, why = _standing(change, tiers, on_signed_contract=on_signed_contract)
    said = f"{change['tier']} {change['number']} is {change['source_status']}"
    return Fact(
        measure=f"{change['status']}_change",
        rule=rule,
        reason=f"{said}; {why}" if why else said,
        state=state,
        basis="plan",
        leaf=Leaf(book.project(change["project_record_id"]), None, None),
        amount=change["amount"],
        on=change["approved_on"] if change["status"] == "approved" else change["created_on"],
        contract=change["contract_record_id"],
        subject=change["record_id"],
        evidence=(cite(change),),
    )


def _standing(change: Row, tiers: Tiers, *, on_signed_contract: bool) -> tuple[str, str, str]:
    """State, rule, and the clause that explains an exclusion the status does not."""
    top = tiers.reached(change)
    if top is not None and top is not change:
        return "excluded", "D12", f"counted in the higher tier {top['record_id']}"
    if top is None and change["higher_record_id"]:
        return "excluded", "D12", f"part of {change['higher_record_id']}, and neither is approved or pending"
    if change["side"] == "unknown":
        return "excluded", "D12", "its contract is not visible, so its side is unknown"
    if change["status"] not in REACHED:
        return "excluded", "status", ""
    if not on_signed_contract:
        return "excluded", "signed contracts only", "its prime contract is not signed"
    return "counted", "one tier", ""


def contract_findings(book: Book) -> Iterator[Finding]:
    """What Procore says of a contract or change order that does not agree with itself, or is missing."""
    prime = [change for change in book.read["change_orders"] if change["side"] == "prime"]
    yield from _contracts(book)
    tiers = Tiers(book.read["change_orders"])
    approved = [c for c in prime if c["status"] == "approved" and tiers.reached(c) is c]
    for change in approved:
        if change["approved_on"] is None:
            yield _undated(book, change)
    yield from contradictions(book, tiers, prime)
    yield from _not_executed(book, approved)


def _contracts(book: Book) -> Iterator[Finding]:
    agreed = {p["record_id"] for p in book.read["projects"] if p["number"] in book.policy.contract_terms}
    for contract in book.read["prime_contracts"]:
        said = f"procore: prime contract {contract['number']} is {contract['status']}"
        priced = contract["original_amount"] or contract["project_record_id"] in agreed
        flaws = []
        if contract["status"] in SIGNED and not priced:
            flaws.append(_Flaw("contract without amount", "C", f"{said} and has no amount; it adds nothing", _PRICE))
        if contract["status"] in SIGNED and contract["executed"] is False:
            flaws.append(_Flaw("contract not executed", "B", f"{said} but not executed; it counts", _EXECUTE))
        if contract["status"] not in (*SIGNED, "Terminated") and contract["executed"]:
            words = f"{said} but executed; unsigned contracts do not count"
            flaws.append(_Flaw("executed contract not approved", "B", words, "Set its status in Procore to Approved"))
        for flaw in flaws:
            yield Finding(
                kind=flaw.kind,
                sentence=flaw.sentence,
                way_out=flaw.way_out,
                records=(contract["record_id"],),
                project=book.project(contract["project_record_id"]),
                amount=contract["original_amount"],
                grade=flaw.grade,
            )


@dataclass(frozen=True)
class _Flaw:
    kind: str
    grade: str
    sentence: str
    way_out: str


_PRICE = "Enter its schedule of values in Procore, or its terms under contract_terms in the settings"
_EXECUTE = "Mark it executed in Procore when the signed contract is in, or take the approval back"


def _undated(book: Book, change: Row) -> Finding:
    """Approved change orders without an approval date cannot be placed in time."""
    return Finding(
        kind="change order without approval date",
        sentence=f"procore: approved change order {change['number']} has no approval date; it always counts",
        way_out="Set the reviewed date in Procore",
        records=(change["record_id"],),
        project=book.project(change["project_record_id"]),
        amount=change["amount"],
        grade="B",
    )


def _not_executed(book: Book, approved: list[Row]) -> Iterator[Finding]:
    """Approved without a signed copy is common in Procore and no contradiction by itself: said once per project."""
    groups: dict[str | None, list[Row]] = defaultdict(list)
    for change in approved:
        if change["executed"] is False:
            groups[book.project(change["project_record_id"])].append(change)
    for project, changes in groups.items():
        amount = sum((change["amount"] for change in changes), Decimal(0))
        yield Finding(
            kind="approved changes not executed",
            sentence=(
                f"procore: {len(changes)} approved change orders of {amount:,.2f} together are not marked executed; "
                "approval counts"
            ),
            way_out="Mark them executed in Procore when the owner's signature is in",
            records=tuple(change["record_id"] for change in changes),
            project=project,
            amount=amount,
            level="info",
        )
