"""How far the data can be trusted: how fresh each system is, what both saw in dollars, and which sums agree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.agent.query import Query
from datablueprint.agent.results import Driver, ResultSet
from datablueprint.agent.tools import caveats
from datablueprint.agent.tools.drivers import bars
from datablueprint.agent.tools.naming import restated
from datablueprint.formats import shown
from datablueprint.metrics import Scope
from datablueprint.metrics.scopes import COMPANY, PORTFOLIO

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

Row = dict[str, Any]
WHOLE, WITHOUT_CODE = "counted cost: the sum of the above", "of it uncoded"
UNLINKED = ("eligible", "unlinked_twin", "cannot_integrate", "only_procore", "only_quickbooks")
MOST_FINDINGS = 20


def health(bench: Bench, query: Query) -> ResultSet:
    """Freshness, coverage, tie-outs, findings and what is not linked; of one project only what concerns it."""
    desk = bench.desk_of(query)
    everything = query.scope in (PORTFOLIO, COMPANY, "all")
    scope = desk.measures.company if everything else desk.measures.scope(query.scope)
    ties, links, found = _ties(bench, desk, scope), _links(bench, desk, scope), _findings(bench, desk, scope)
    coverage = _coverage(bench, desk) if everything else ()
    title = restated(query, bench.names, desk)
    failing = [row["sentence"] for row in ties if not row["holds"]]
    wrong = caveats.few([f"a tie-out fails: {sentence}" for sentence in failing], "further tie-outs that fail")
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        row_count=len(found),
        drivers=coverage,
        chart=bars(title, coverage),
        notes=tuple(caveats.few([_said(row) for row in found], "further findings")),
        caveats=(*caveats.stale(desk), *wrong, *caveats.not_posted(desk, scope)),
        conflicts=caveats.conflicts(bench, desk, scope),
        details={
            "freshness": {system: _fresh(told) for system, told in desk.freshness.items()},
            "tieouts": {"checked": len(ties), "holding": len(ties) - len(failing)},
            "links": links,
            "findings": [_finding(row) for row in found[:MOST_FINDINGS]],
            "finding_count": len(found),
        },
    )  # fmt: skip


def _mine(scope: Scope, project: str | None) -> bool:
    if scope.kind == "company":
        return True
    return project in {scope.project.entity} if scope.project else project in {p.entity for p in scope.members}


def _ties(bench: Bench, desk: Desk, scope: Scope) -> list[Row]:
    return [row for row in bench.table(desk, "tieouts") if _mine(scope, row["scope"])]


def _findings(bench: Bench, desk: Desk, scope: Scope) -> list[Row]:
    """Those with a consequence first, then the largest."""
    mine = [row for row in bench.table(desk, "findings") if _mine(scope, row["project"])]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(mine, key=lambda row: (order.get(row["level"], 3), -abs(row["amount"] or 0), row["finding_id"]))


def _links(bench: Bench, desk: Desk, scope: Scope) -> dict[str, Row]:
    """Records and dollars that the integration has not carried over, by state."""
    found: dict[str, Row] = {}
    for row in bench.table(desk, "sync_states"):
        if row["state"] in UNLINKED and row["kind"] != "vendor" and _mine(scope, row["project"]):
            held = found.setdefault(row["state"], {"records": 0, "dollars": Decimal(0)})
            held["records"] += 1
            held["dollars"] += row["amount"] or Decimal(0)
    return {state: {**held, "dollars": str(held["dollars"])} for state, held in sorted(found.items())}


def _coverage(bench: Bench, desk: Desk) -> tuple[Driver, ...]:
    """Dollars of job cost by which systems saw them."""
    rows = sorted(bench.table(desk, "coverage"), key=lambda row: row["measure"])
    counted = []
    for row in rows:
        if row["bucket"] == WHOLE:
            break
        counted.append(row)
    return tuple(
        Driver(label=row["bucket"], value=row["amount"], unit="money", shown=shown(row["amount"], "money"))
        for row in counted
        if row["amount"]
    )


def _fresh(told: Any) -> Row:
    return {key: told.get(key) for key in ("read_at", "stale", "error")}


def _finding(row: Row) -> Row:
    return {
        "kind": row["kind"],
        "level": row["level"],
        "amount": None if row["amount"] is None else str(row["amount"]),
        "sentence": row["sentence"],
        "way_out": row["way_out"],
        "records": row["record_ids"][:5],
    }


def _said(row: Row) -> str:
    return f"{row['sentence']}. {row['way_out']}" if row["way_out"] else str(row["sentence"])
