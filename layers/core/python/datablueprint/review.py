"""The review of links: the costliest question first, and a decision that contradicts another is refused.

Decisions are kept apart from snapshots; the next refresh applies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from datablueprint import personal
from datablueprint.errors import DecisionConflict, QuestionError, Unknown
from datablueprint.graph.clusters import precedence
from datablueprint.graph.decisions import Decision, check, stored
from datablueprint.graph.evidence import link_id as graph_link_id
from datablueprint.graph.review import CONTRADICTING
from datablueprint.lake.snapshots import Snapshots
from datablueprint.ports import Ports, StateConflict
from datablueprint.steps import DECISIONS

HELD = ("kind", "left_record_id", "right_record_id", "left_name", "right_name", "evidence")
"""What a decision keeps of its link, so that it stands when the evidence is gone."""
LIST_THEM = "`datablueprint links --all` lists them"

NAMED = """
with named as (
  select record_id, 'project' as kind, name from projects union all
  select record_id, 'vendor' as kind, name from vendors union all
  select record_id, 'employee' as kind, name from employees union all
  select record_id, 'cost_code' as kind, name from cost_codes union all
  select record_id, 'contract' as kind, coalesce(number || ' ', '') || coalesce(title, '') as name from commitments
  union all
  select record_id, 'contract' as kind, coalesce(number || ' ', '') || coalesce(title, '') as name from prime_contracts
  union all
  select distinct record_id, 'contract' as kind, document_number as name
  from accounting_lines where entity in ('PurchaseOrder', 'Estimate')
)
"""
OWN_NAMES = f"""{NAMED}
select l.link_id, l.kind, l.state, l.dollars, l.confidence, l.evidence, l.decided_by,
       l.left_record_id, a.name as left_name, l.right_record_id, b.name as right_name
from links l
left join named a on a.record_id = l.left_record_id and a.kind = l.kind
left join named b on b.record_id = l.right_record_id and b.kind = l.kind
where ? in (l.state, 'all')
order by coalesce(l.dollars, 0) desc, l.confidence desc, l.link_id
"""
A_RECORD = f"{NAMED} select record_id, kind, name from named where record_id in (?, ?)"


def review(ports: Ports, *, every: bool = False) -> dict[str, Any]:
    """The links that wait for a person, most dollars first; `every` lists all links and what was decided since.

    What a link of two people's records moves is one person's pay: it orders the links, and is not told.
    """
    decided = {key.removeprefix(_key("")): item.value["decision"] for key, item in ports.state.list(_key(""))}
    rows = _links(ports, None if every else "proposed")
    found = [{**row, "decided_since": _since(row, decided)} for row in rows]
    waiting = found if every else [row for row in found if not row["decided_since"]]
    dollars, withheld = personal.moving(waiting)
    return {
        "links": [personal.link(row) for row in waiting],
        "state": "all" if every else "proposed",
        "dollars": dollars,
        "withheld": withheld,
    }


def _since(row: Mapping[str, Any], decided: Mapping[str, str]) -> str | None:
    """A decision that the published snapshot does not know yet; contradicting ones stay in the queue."""
    decision = decided.get(row["link_id"])
    return None if decision == row["state"] or row["decided_by"] == CONTRADICTING else decision


def decide(
    link_id: str, decision: str, ports: Ports, *, by: str, stated: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Record a decision; DecisionConflict when it contradicts another one or another person has decided otherwise.

    `stated` is a link that a person names although nothing else does.
    """
    link = next((link for link in _links(ports, None) if link["link_id"] == link_id), stated)
    if link is None:
        raise Unknown(f"There is no link {link_id}; {LIST_THEM}")
    earlier = ports.state.get(_key(link_id))
    if earlier and earlier.value["decision"] != decision:
        _same_person(link_id, earlier.value, by)
    _check(link_id, link, decision, ports, by=by)
    value = {"decision": decision, "by": by, "at": ports.clock.now().isoformat()}
    value |= {part: link[part] for part in HELD if link.get(part)}
    if "confidence" in link:
        value["confidence"] = str(link["confidence"])
    try:
        ports.state.put(_key(link_id), value, expected_version=earlier.version if earlier else 0)
    except StateConflict:
        raise DecisionConflict(f"Somebody decided on {link_id} just now; look at it again") from None
    return {"link_id": link_id, **value}


def undo(link_id: str, ports: Ports, *, by: str) -> dict[str, Any]:
    """Take a decision back, whether or not its link is still found; DecisionConflict when it is another person's."""
    earlier = ports.state.get(_key(link_id))
    if earlier is None:
        raise Unknown(f"Nobody has decided on a link {link_id}; {LIST_THEM}")
    _same_person(link_id, earlier.value, by)
    ports.state.delete(_key(link_id))
    return {"link_id": link_id, "decision": "undone", "by": by, "undone": dict(earlier.value)}


def _check(link_id: str, link: Mapping[str, Any], decision: str, ports: Ports, *, by: str) -> None:
    """DecisionConflict when the decision and those of others cannot all hold."""
    if not link.get("kind"):
        return
    held = {key.removeprefix(_key("")): item.value for key, item in ports.state.list(_key(""))}
    new = Decision(link["kind"], link["left_record_id"], link["right_record_id"], decision == "accepted", by)
    check(stored(held, _records_of(held.values())), new)


def _records_of(decisions: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Every record a decision speaks of counts as known: one that is gone today may be read again tomorrow."""
    known: dict[str, set[str]] = {}
    for value in decisions:
        if value.get("kind"):
            known.setdefault(value["kind"], set()).update((value["left_record_id"], value["right_record_id"]))
    return known


def link_of(left: str, right: str, ports: Ports, *, by: str) -> dict[str, Any]:
    """The link between two records that a person names, Procore's record on the left."""
    named = _named(left, right, ports)
    first, second = sorted((left, right), key=precedence)
    return {
        "kind": named[first]["kind"],
        "left_record_id": first,
        "right_record_id": second,
        "left_name": named[first]["name"],
        "right_name": named[second]["name"],
        "evidence": [f"stated by {by}"],
    }


def pair_id(left: str, right: str, ports: Ports) -> str:
    return graph_link_id(_named(left, right, ports)[left]["kind"], left, right)


def _named(left: str, right: str, ports: Ports) -> dict[str, dict[str, Any]]:
    """Both records with kind and name; QuestionError when one is unknown or they are of different kinds."""
    rows = ports.query.sql(A_RECORD, (left, right), snapshot=_current(ports)).to_pylist()
    named = {row["record_id"]: row for row in rows}
    for record in (left, right):
        if record not in named:
            example = "such as procore:projects:17 or quickbooks:Customer:58"
            raise Unknown(f"There is no record {record} that could be linked; say its id, {example}")
    if named[left]["kind"] != named[right]["kind"]:
        kinds = " and a ".join(named[record]["kind"].replace("_", " ") for record in (left, right))
        raise QuestionError(f"{left} and {right} are a {kinds}; only records of one kind can be linked")
    return named


def _same_person(link_id: str, earlier: Mapping[str, Any], by: str) -> None:
    if earlier["by"] != by:
        raise DecisionConflict(
            f"{link_id} was {earlier['decision']} by {earlier['by']} on {earlier['at'][:10]}; "
            "only the same person can change it"
        )


def _key(link_id: str) -> str:
    return f"{DECISIONS}{link_id}"


def _links(ports: Ports, state: str | None) -> list[dict[str, Any]]:
    """Links with each record's own name, as its system spells it; most dollars first."""
    rows = ports.query.sql(OWN_NAMES, (state or "all",), snapshot=_current(ports))
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def _current(ports: Ports) -> str:
    return Snapshots(ports.files, ports.state).current().snapshot
