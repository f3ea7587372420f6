"""A cost code that its project's list does not hold is a slip of the keyboard until somebody says otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Fact, Finding

CODED = frozenset(
    {"cost", "original_budget", "budget_modification", "budget_change", "commitment", "commitment_change"}
)


def code_findings(book: Book, facts: Iterable[Fact]) -> Iterator[Finding]:
    """Counted amounts on codes that are in no Procore list of their project, per project and code."""
    listed = _lists(book)
    stray: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        project, code = fact.leaf.project, fact.leaf.code
        known = listed.get(project or "")
        if project and code and known and code != UNCODED and code not in known and _is_coded(fact):
            stray[project, code].append(fact)
    for (project, code), found in sorted(stray.items()):
        amount = sum((fact.amount or Decimal(0) for fact in found if fact.measure == "cost"), Decimal(0))
        yield Finding(
            kind="code in no list",
            sentence=(
                f"{_systems(found)}: {len(found)} amounts on {book.name(project)} are coded {code}, which its cost "
                f"codes do not hold; {amount:,.2f} of them is cost"
            ),
            way_out="Add the code to the project in Procore, or recode the lines",
            records=tuple(sorted({c.record_id for fact in found for c in fact.evidence if c.role == "amount"}))[:20],
            project=project,
            amount=amount,
            level="info",
        )


def _is_coded(fact: Fact) -> bool:
    return fact.state == "counted" and fact.measure in CODED


def _lists(book: Book) -> dict[str, set[str]]:
    """Codes per project; projects whose list was never read are absent."""
    lists: dict[str, set[str]] = defaultdict(set)
    for row in book.read["cost_codes"]:
        if row["system"] == "procore" and row["project_record_id"] and row["code"]:
            lists[book.project(row["project_record_id"]) or ""].add(row["code"])
    shared = {r["code"] for r in book.read["cost_codes"] if r["system"] == "procore" and not r["project_record_id"]}
    return {project: codes | shared for project, codes in lists.items()}


def _systems(facts: Iterable[Fact]) -> str:
    return " and ".join(sorted({c.record_id.split(":", 1)[0] for fact in facts for c in fact.evidence}))
