"""The budget side is plan, never money spent: original, transfers, approved changes, forecasts, hours, quantities."""

from __future__ import annotations

from collections.abc import Iterator

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Leaf, Row, cite

PARTS = (
    ("original_budget", "original_amount"),
    ("budget_modification", "modifications"),
    ("budget_change", "approved_changes"),
    ("pending_budget_change", "pending_changes"),
)


def budget_facts(book: Book) -> Iterator[Fact]:
    """One fact per amount of a budget row that is not zero."""
    for line in book.read["budget_lines"]:
        for measure, column in PARTS:
            if line[column]:
                yield Fact(
                    measure=measure,
                    rule="budget view",
                    reason="budget row of the pinned Procore view",
                    basis="plan",
                    leaf=_leaf(book, line),
                    amount=line[column],
                    evidence=(cite(line, column),),
                )


def forecast_facts(book: Book) -> Iterator[Fact]:
    """Manual forecasts to complete, dated by their last edit; a lump sum without items has no date."""
    itemised = set()
    for item in book.read["forecasts"]:
        leaf = _leaf(book, item)
        itemised.add(leaf)
        yield Fact(
            measure="forecast_to_complete",
            rule="manual forecast",
            reason=f"typed by a person on {item['made_on']}",
            basis="plan",
            leaf=leaf,
            amount=item["amount"],
            on=item["made_on"],
            evidence=(cite(item),),
        )
    for line in book.read["budget_lines"]:
        if line["forecast_manual"] and line["forecast_amount"] is not None and _leaf(book, line) not in itemised:
            yield Fact(
                measure="forecast_to_complete",
                rule="manual forecast",
                reason="typed by a person; Procore does not say when, so it is treated as stale",
                basis="plan",
                leaf=_leaf(book, line),
                amount=line["forecast_amount"],
                evidence=(cite(line, "forecast_amount"),),
                grade="C",
            )


def plan_facts(book: Book) -> Iterator[Fact]:
    """Budget hours and planned and installed quantities: the physical side of a leaf."""
    for line in book.read["labor_budgets"]:
        if line["hours"]:
            yield Fact(
                measure="budget_hours",
                rule="budget line",
                reason="quantity of a budget line counted in hours",
                basis="plan",
                leaf=_leaf(book, line),
                hours=line["hours"],
                evidence=(Cite(line["record_id"], line["hours_at"], "amount"),),
            )
    for row in book.read["production"]:
        planned = row["kind"] == "budgeted"
        yield Fact(
            measure="planned_quantity" if planned else "installed_quantity",
            rule="production quantities",
            reason=f"{row['kind']} {row['unit'] or 'units'}",
            basis="plan" if planned else "posted",
            leaf=_leaf(book, row),
            quantity=row["quantity"],
            on=row["produced_on"],
            evidence=(cite(row, "quantity"),),
        )


def _leaf(book: Book, row: Row) -> Leaf:
    return Leaf(book.project(row["project_record_id"]), row["cost_code"] or UNCODED, row["cost_type"] or "O")
