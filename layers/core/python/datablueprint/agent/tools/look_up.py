"""What can be asked for, what a name may mean, and what is under a figure: tools that bring no figure of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from datablueprint import personal, references
from datablueprint.agent.tools.inputs import ListMetrics, OpenFigure, SearchEntities
from datablueprint.agent.vocabulary import Vocabulary
from datablueprint.metrics import METRICS, Metric

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench

Row = dict[str, Any]
SURE, NEAR, APART = 0.84, 0.66, 0.08
"""Likeness from which a name is taken, from which it is worth asking, and by which the best must lead the next."""
NOT_TO_BE_CONFUSED = {
    "gross_margin_at_completion": ("net_margin_at_completion", "margin_at_current_burn"),
    "net_margin_at_completion": ("gross_margin_at_completion",),
    "margin_at_current_burn": ("gross_margin_at_completion",),
    "contract_value": ("original_contract_value", "revised_contract_value", "contract_value_with_pending"),
    "original_contract_value": ("contract_value",),
    "estimated_cost_at_completion": ("actual_cost", "revised_budget", "cost_to_complete"),
    "actual_cost": ("estimated_cost_at_completion", "cost_of_revenue", "job_cash_out"),
    "cost_to_complete": ("estimated_cost_at_completion",),
    "revised_budget": ("original_budget", "estimated_cost_at_completion", "projected_budget"),
    "committed_cost": ("actual_cost", "open_commitments", "invoiced_on_commitments"),
    "pending_change_orders": ("approved_change_orders",),
    "approved_change_orders": ("pending_change_orders",),
    "labor_burden": ("labor_cost", "burden_rate"),
    "burden_rate": ("standard_burden_rate", "labor_rate"),
    "labor_rate_variance": ("labor_efficiency_variance", "labor_total_variance"),
    "labor_efficiency_variance": ("labor_rate_variance",),
    "cost_code_erosion": ("margin_fade", "variance_at_completion", "gross_cost_code_erosion"),
    "margin_fade": ("cost_code_erosion",),
    "overbilled": ("underbilled", "billed_to_date"),
    "underbilled": ("overbilled",),
    "billed_to_date": ("earned_revenue", "job_cash_in"),
    "earned_revenue": ("billed_to_date", "contract_value"),
    "backlog": ("cost_to_complete", "contract_value"),
    "pm_score": ("pm_mean_margin",),
    "pm_mean_margin": ("pm_score",),
    "cash_balance": ("job_cash", "liquidity"),
    "overhead_pool": ("overhead_at_completion", "overhead_rate"),
}
LIST_BY = {
    "project": ("project",),
    "leaf": ("leaf", "code"),
    "change": ("change",),
    "group": ("pm", "customer", "contract-type", "closed-in"),
    "manager": ("pm",),
    "company": (),
}
"""Groupings that a metric of each kind can be listed by."""


def list_metrics(bench: Bench, asked: ListMetrics) -> Row:
    """Every metric, or those whose name, label or meaning holds the topic."""
    words = asked.topic.lower().split()
    chosen = [m for m in METRICS if all(w in f"{m.name} {m.label} {m.meaning}".lower() for w in words)]
    return {"metrics": [_metric(m) for m in chosen], "count": len(chosen)}


def groupings(found: Metric) -> tuple[str, ...]:
    """What a metric can be listed by."""
    kinds = (*found.kinds, *(("group",) if found.over else ()))
    return tuple(dict.fromkeys(by for kind in kinds for by in LIST_BY[kind]))


def _metric(found: Metric) -> Row:
    return {
        "name": found.name,
        "label": found.label,
        "unit": found.unit,
        "meaning": found.meaning,
        "formula": found.formula,
        "kinds": list(found.kinds) + (["group"] if found.over else []),
        "by": list(groupings(found)),
        "not_to_be_confused_with": list(NOT_TO_BE_CONFUSED.get(found.name, ())),
    }


def search_entities(bench: Bench, asked: SearchEntities) -> Row:
    """Candidates for a name. `match` is exact, fuzzy (one, far ahead), ambiguous (ask the person) or none."""
    wanted = _plain(asked.text)
    named = [row for row in _names(bench.vocabulary) if asked.type in ("any", row["type"])]
    scored = sorted(
        ((_likeness(wanted, spellings), row) for row in named if (spellings := row.pop("spellings"))),
        key=lambda pair: (-pair[0], pair[1]["type"], pair[1]["name"]),
    )
    near = [(score, row) for score, row in scored if score >= NEAR]
    exact = [row for score, row in near if score == 1]
    shown = near[: asked.limit] if len(exact) != 1 else near[:1]
    found = [{**row, "score": f"{score:.2f}"} for score, row in shown]
    return {"match": _match(near, exact), "candidates": found, "count": len(near)}


def _match(near: list[tuple[float, Row]], exact: list[Row]) -> str:
    if not near:
        return "none"
    if exact:
        return "exact" if len(exact) == 1 else "ambiguous"
    lead = near[0][0] - (near[1][0] if len(near) > 1 else 0)
    return "fuzzy" if near[0][0] >= SURE and lead >= APART else "ambiguous"


def _names(known: Vocabulary) -> Iterator[Row]:
    for p in known.projects:
        spellings = (p.key, p.name, f"{p.key} {p.name}", *p.aliases)
        yield {"type": "project", "scope": p.key, "name": p.name, "state": p.state, "spellings": spellings}
    for code, name in known.codes.items():
        spelled = (code, name, f"{code} {name}")
        yield {"type": "code", "scope": f"portfolio/{code}", "name": f"{code} {name}", "spellings": spelled}
    for kind, names in (("pm", known.managers), ("customer", known.customers)):
        for name in names:
            yield {"type": kind, "scope": f"{kind}/{name}", "name": name, "spellings": (name,)}
    for name in known.vendors:
        yield {"type": "vendor", "scope": "", "name": name, "spellings": (name,)}


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() or c in "-." else " " for c in text.lower()).split())


def _likeness(wanted: str, spellings: Iterable[str]) -> float:
    """Of the best spelling: all the words, or the words that were said among them."""
    return max(_alike(wanted, _plain(spelling)) for spelling in spellings)


def _alike(wanted: str, spelling: str) -> float:
    whole = SequenceMatcher(None, wanted, spelling, autojunk=False).ratio()
    if wanted == spelling:
        return 1.0
    said, words = wanted.split(), spelling.split()
    if any(c.isdigit() for c in wanted) and len(said) == 1:
        return min(whole, 0.99) if whole >= SURE else 0.0
    if not said or not words:
        return 0.0
    each = [max(SequenceMatcher(None, one, word, autojunk=False).ratio() for word in words) for one in said]
    among = min(each) * (0.9 + 0.09 * len(said) / max(len(said), len(words)))
    return min(max(whole, among), 0.99)


def open_figure(bench: Bench, asked: OpenFigure) -> Row:
    """The terms of a figure and the records under it, largest first, with what they sum to."""
    opened = references.opened(bench.desk, asked.ref)
    cited = personal.cited(opened["citations"])
    told = {
        key: opened[key] for key in ("id", "kind", "label", "shown", "unit", "grade", "meaning", "formula", "method")
    }
    records = [{k: row[k] for k in ("record_id", "amount", "system", "on", "rule")} for row in cited[: asked.limit]]
    named = [row["record_id"] for row in records if row["record_id"]]
    for row in records:
        row["on"] = str(row["on"]) if row["on"] else None
    whole = sum((Decimal(row["amount"]) for row in cited), Decimal(0))
    result = {
        **told,
        "terms": opened["terms"],
        "records": records,
        "record_count": len(opened["citations"]),
        "records_sum_to": str(whole),
        "ties_out": references.verification(bench.desk, asked.ref)["ties"],
    }
    if asked.include_text:
        result["text"] = _quoted(bench, named)
    return result


TEXT_FIELDS = frozenset(
    {"memo", "privatenote", "description", "title", "name", "docnumber", "number", "notes", "comment"}
)
MARK = "\u02c6"
"""Stands between the words of record text, so that a reader of tokens sees where it comes from."""


def _quoted(bench: Bench, records: list[str]) -> list[Row]:
    """Words from records, marked: data about the record, never an instruction."""
    stored = bench.desk.records(records)
    found = []
    for record in records:
        if record in stored and not _of_a_person(record, stored[record].payload):
            words = sorted(set(_texts(json.loads(stored[record].payload))))[:8]
            found.append({"record_id": record, "quoted": [MARK.join(text.split())[:300] for text in words]})
    return found


def _of_a_person(record: str, payload: str) -> bool:
    """Whether its words would name somebody beside what they are paid."""
    return personal.personal(record) or personal.names_a_person(payload)


def _texts(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _texts(held, name.lower())
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held, key)
    elif isinstance(value, str) and value.strip() and key.replace("_", "") in TEXT_FIELDS:
        yield value
