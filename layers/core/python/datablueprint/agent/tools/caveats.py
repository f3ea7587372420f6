"""What must be said beside a figure whoever tells it: stale systems, sums that fail, what is not posted, who disagrees.

Every sentence is made here from the tables of the snapshot, amounts included; none comes from a model or a memo.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.metrics import Figure, Scope, ties
from datablueprint.metrics.scopes import PORTFOLIO

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

Row = dict[str, Any]
MOST = 5
"""Sentences of one kind; how many more there are is said."""
NOT_POSTED = """
select project, cost_code, cost_type, state, basis, sum(amount) as amount
from facts
where measure = 'cost' and (state = 'held' or (state = 'counted' and basis in ('approved_not_posted', 'unprocessed_time')))
  and (accounting_on is null or accounting_on <= cast(? as date))
group by project, cost_code, cost_type, state, basis
"""  # noqa: E501  one condition, one line
HAS_GRADE = " has grade C"
SAID = {
    "approved_not_posted": "{amount} of cost is approved in Procore and not yet posted in QuickBooks; it counts",
    "unprocessed_time": "{amount} of labor is time worked that no pay run holds yet; it counts at the newest rate",
    "held": "{amount} of cost is held for a person to decide and does not count",
}
DISAGREE = frozenset(
    {
        "commitments differ from the budget",
        "commitment invoice outside Procore",
        "suspected duplicate",
        "invoice and bill differ",
        "invoiced twice",
        "bill entered twice?",
        "application and invoice differ",
        "application not invoiced",
        "change order tiers contradict",
        "payroll register and journal differ",
        "job outside Procore",
        "accrual not reversed",
        "second currency",
    }
)
"""Findings that say two systems, or two records, tell different things."""
BETWEEN_SYSTEMS = frozenset({"T1", "T5a", "T5b", "T6", "T8"})
LACKING = frozenset({"only_procore", "only_quickbooks", "voided"})
DOCUMENTS = frozenset({"subcontract_invoice", "direct_cost", "bill", "commitment"})


def caveats(bench: Bench, desk: Desk, figure: Figure) -> tuple[str, ...]:
    """Everything that weakens one figure, worst first."""
    found = (
        *stale(desk),
        *failing(bench, desk, figure),
        *not_posted(desk, figure.of),
        *graded(bench, desk, figure),
    )
    return tuple(dict.fromkeys(found))


def stale(desk: Desk) -> Iterator[str]:
    """Systems whose last reading failed, or that were never read."""
    for system, told in sorted(desk.freshness.items()):
        if told.get("stale"):
            day = str(told.get("read_at") or "")[:10]
            read = f"was last read on {day}" if day else "was never read"
            yield f"{system} {read}: {told.get('error') or 'the last reading failed'}"


def failing(bench: Bench, desk: Desk, figure: Figure) -> Iterator[str]:
    """Tie-outs under a figure that do not hold."""
    wrong = [
        sentence for tie in ties.ties(figure, bench.table(desk, "tieouts"), desk.measures) for sentence in tie.failing
    ]
    yield from few([f"a tie-out fails: {sentence}" for sentence in wrong], "further tie-outs that fail")


def not_posted(desk: Desk, scope: Scope) -> Iterator[str]:
    """Dollars of a scope that one system only has seen, or that wait for a person."""
    entities = _entities(scope)
    sums: dict[str, Decimal] = {}
    for row in desk.measures.sums.grouped(NOT_POSTED):
        if row["amount"] and (entities is None or row["project"] in entities) and _here(scope, row):
            kind = "held" if row["state"] == "held" else row["basis"]
            sums[kind] = sums.get(kind, Decimal(0)) + row["amount"]
    for kind, said in SAID.items():
        if sums.get(kind):
            yield said.format(amount=f"${sums[kind]:,.2f}")


def _here(scope: Scope, row: Row) -> bool:
    """Whether a fact is on the cost code of a scope that is narrowed to one."""
    if scope.leaf:
        return (row["cost_code"], row["cost_type"]) == scope.leaf
    return scope.code is None or row["cost_code"] == scope.code


def graded(bench: Bench, desk: Desk, figure: Figure) -> Iterator[str]:
    """Why a figure has grade C or U; who of a group has it."""
    if figure.grade not in "CU":
        return
    if figure.missing:
        lacked = [term for term in figure.missing if not term.startswith("any of ")]
        yield from (f"grade {figure.grade}: {term} is missing" for term in lacked)
    entities = _entities(figure.of)
    known = {
        row["sentence"]: row["way_out"]
        for row in bench.table(desk, "findings")
        if row["grade"] and (entities is None or row["project"] in entities or row["project"] is None)
    }
    own = {reason for letter, reason in figure.lowered if letter in "CU"}
    reasons = [note for note in figure.assumptions if note in known or note in own or _costs_a_grade(note)]
    weak = [note.removesuffix(HAS_GRADE) for note in reasons if note.endswith(HAS_GRADE)]
    if weak:
        has = "has" if len(weak) == 1 else "have"
        yield f"grade {figure.grade}: {_listed(weak)} {has} grade C; open each for the reasons"
    told = [note for note in reasons if not note.endswith(HAS_GRADE)]
    said = [f"grade {figure.grade}: {note}{_way_out(known.get(note))}" for note in told]
    yield from few(said, "further reasons, under the assumptions")


def of_one(note: str) -> bool:
    """Whether it only says what grade one project has, which its own row shows."""
    return note[:-1].endswith(HAS_GRADE[:-1])


def _listed(names: Sequence[str]) -> str:
    if len(names) > MOST:
        return f"{', '.join(names[:MOST])} and {len(names) - MOST} more"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _costs_a_grade(note: str) -> bool:
    words = ("names no job and could belong here", "is stale and was not used", "fallback record", "has grade C",
             "are those known on", "is as of")  # fmt: skip
    return any(word in note for word in words)


def _way_out(said: str | None) -> str:
    return f". {said}" if said else ""


def conflicts(bench: Bench, desk: Desk, scope: Scope) -> tuple[str, ...]:
    """Where Procore, QuickBooks and payroll tell different things about a scope, with both amounts."""
    entities = _entities(scope)

    def mine(project: str | None) -> bool:
        return entities is None or project in entities

    found = [row for row in bench.table(desk, "findings") if row["kind"] in DISAGREE and mine(row["project"])]
    named = {record for row in found for record in row["record_ids"]}
    lacking = [
        row
        for row in bench.table(desk, "sync_states")
        if row["kind"] in DOCUMENTS and row["state"] in LACKING and mine(row["project"]) and row["amount"]
        and row["record_id"] not in named
    ]  # fmt: skip
    differing = [
        {**row, "amount": row["difference"], "way_out": None}
        for row in bench.table(desk, "tieouts")
        if row["tieout"] in BETWEEN_SYSTEMS and not row["holds"] and mine(row["scope"])
    ]
    ordered = sorted((*found, *lacking, *differing), key=lambda row: (-abs(row["amount"] or 0), row["sentence"]))
    return tuple(few([_told(row) for row in ordered], "further differences between the systems"))


def _told(row: Row) -> str:
    amount = f" (${row['amount']:,.2f})" if row.get("state") and row["amount"] else ""
    return f"{row['sentence']}{amount}{_way_out(row['way_out'])}"


def _entities(scope: Scope) -> frozenset[str | None] | None:
    """Entity ids of a scope's projects, None for what is on no project; without a set: all."""
    if scope.kind == "company":
        return None
    if scope.project:
        return frozenset({scope.project.entity})
    nobody = {None} if scope.key == PORTFOLIO else set()
    return frozenset(nobody | {project.entity for project in scope.members})


def few(sentences: Sequence[str], more: str) -> Iterator[str]:
    """The first sentences, and how many there are beyond them."""
    unique = list(dict.fromkeys(sentences))
    yield from unique[:MOST]
    if len(unique) > MOST:
        yield f"{more}: {len(unique) - MOST}"
