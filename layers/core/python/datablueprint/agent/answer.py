"""An answer is verified figures, the sentence that names them, and the records under them; else it says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datablueprint.agent import chips, citing, following
from datablueprint.agent.narration import narrate
from datablueprint.agent.plan import Plan, Refusal
from datablueprint.agent.results import Cell, ResultSet
from datablueprint.agent.text import Count, Day, Name, Ref, Segment, render
from datablueprint.agent.tools.bench import Bench
from datablueprint.desk import Desk
from datablueprint.errors import FigureUnverified

Row = dict[str, Any]
CANNOT = {
    "not_in_data": "I can't answer that yet: ",
    "not_understood": "I can't answer that yet: ",
    "action": "I can't do that: ",
    "personal": "I don't answer that: ",
    "opinion": "I don't answer that: ",
    "external": "I can't answer that: ",
    "unsafe": "I don't answer that: ",
    "other_tenant": "I can't answer that: ",
}
CAN = (
    "I can tell margin, cost, budget, labor, overhead, billing and cash figures of a project, a cost code, a project "
    "manager or the portfolio, rank them, compare days, and suppose changes."
)
AGAIN = "Run `datablueprint refresh --full`"
NO_PLAIN_SUM = "no record is cited: none of these figures is a plain sum of records; open one for its terms"
OFFLINE: Row = {"name": "planner", "model": "", "summary": "told", "calls": 0, "milliseconds": 0}


def composed(
    plan: Plan,
    results: Sequence[ResultSet],
    segments: Sequence[Segment] | None,
    desk: Desk,
    engine: Mapping[str, Any] = OFFLINE,
    *,
    bench: Bench | None = None,
) -> Row:
    """The whole contract of an answer. `segments` None = told by the templates.

    FigureUnverified when the segments bring a number of their own or name a figure that is no evidence.
    """
    on = bench or Bench(desk)
    if plan.outcome == "refuse" or not (results or plan.options):
        return _refused(plan, desk, engine, on)
    if not results:
        return _asked_back(plan, desk, engine, on)
    return _answered(plan, results, segments, desk, engine, on)


def _answered(
    plan: Plan,
    results: Sequence[ResultSet],
    segments: Sequence[Segment] | None,
    desk: Desk,
    engine: Mapping[str, Any],
    bench: Bench,
) -> Row:
    evidence = {ref: cell for result in results for ref, cell in result.cells.items()}
    lead, head = results[0], evidence.get(results[0].headline)
    withheld = [cell for result in results if (cell := _useless(result))]
    told_of = [result for result in results if _has_value(result)]
    if withheld and not told_of:
        return _withheld(withheld[0], results, desk, engine)
    told = list(narrate(results, bench.names) if segments is None else segments)
    citations, cited = citing.citations(bench, results)
    assumptions = list(dict.fromkeys((*plan.assumptions, *(head.assumptions if head else ()))))
    return {
        **_frame(desk, engine, "answered" if told_of else "refused", told, results),
        "restated": "; ".join(result.title for result in results),
        "figures": [chips.described(cell) for cell in {**evidence, **{c.ref: c for c in cited}}.values()],
        "citations": citations,
        "follow_ups": following.questions(results, bench),
        "assumptions": assumptions,
        "ties": citing.ties(bench, head) if head and head.value is not None else [],
        "as_of": _as_of(results, desk),
        "known_at": _known_at(results),
        "headline": head.ref if head and head.value is not None else None,
        "queries": [result.query.model_dump(mode="json", exclude_defaults=True) for result in results],
        "chips": chips.chips(lead, bench.names, desk),
        "drivers": [driver.model_dump(mode="json") for driver in lead.drivers],
        "table": chips.table(lead),
        "chart": lead.chart.model_dump(mode="json") if lead.chart else None,
        "method": chips.method(bench, head) if head else None,
        "notes": _unique([*(result.notes for result in results), _uncited(citations, evidence)], without=assumptions),
        "caveats": _unique(result.caveats for result in results),
        "conflicts": _unique(result.conflicts for result in results),
        "hypothetical": any(result.hypothetical for result in results),
        "refusal": None if told_of else chips.missing_refusal(results),
    }


def _uncited(citations: Sequence[Row], evidence: Mapping[str, Cell]) -> list[str]:
    """Said where there are figures and no records under them."""
    return [] if citations or not any(cell.value for cell in evidence.values()) else [NO_PLAIN_SUM]


def _has_value(result: ResultSet) -> bool:
    """Whether a result brings something: a headline with a value, rows, or, for the state of the data, itself."""
    if result.query.kind == "health":
        return True
    if result.headline:
        return result.cells[result.headline].value is not None
    return bool(result.details) or any(cell.value is not None for cell in result.cells.values())


def _useless(result: ResultSet) -> Cell | None:
    """The withheld figure that leaves a result without an answer."""
    if result.headline:
        head = result.cells[result.headline]
        return head if head.withheld else None
    cells = list(result.cells.values())
    return next((cell for cell in cells if cell.withheld), None) if all(cell.value is None for cell in cells) else None


def _withheld(cell: Cell, results: Sequence[ResultSet], desk: Desk, engine: Mapping[str, Any]) -> Row:
    because = f"{cell.ref} does not re-add from its records. {cell.withheld}"
    told: list[Segment] = ["I withhold this answer: ", Name(because)]
    return {
        **_frame(desk, engine, "refused", told, results),
        "restated": results[0].title,
        "follow_ups": [AGAIN],
        "queries": [result.query.model_dump(mode="json", exclude_defaults=True) for result in results],
        "refusal": {"code": "withheld", "because": because, "fix": AGAIN},
    }


def _refused(plan: Plan, desk: Desk, engine: Mapping[str, Any], bench: Bench) -> Row:
    refusal = plan.refusal or Refusal(code="not_understood", because="I do not understand what is asked")
    told: list[Segment] = [CANNOT[refusal.code], Name(refusal.because.rstrip(".")), ". "]
    told.append(Name(refusal.fix) if refusal.fix else CAN)
    return {
        **_frame(desk, engine, "refused", told, ()),
        "follow_ups": list(plan.offers) or following.starters(bench),
        "assumptions": list(plan.assumptions),
        "refusal": refusal.model_dump(mode="json"),
    }


def _asked_back(plan: Plan, desk: Desk, engine: Mapping[str, Any], bench: Bench) -> Row:
    options = [chips.option(bench, option) for option in plan.options]
    names: list[Segment] = []
    for option in options:
        value = f" ({option['shown']})" if option.get("shown") else ""
        names += [Name(f"{option['label']}{value}"), " or "]
    asked = ASKED.get(plan.slot, "Which do you mean: ")
    return {
        **_frame(desk, engine, "clarify", [asked, *names[:-1], "?"], ()),
        "follow_ups": [option.question for option in plan.options],
        "assumptions": list(plan.assumptions),
        "options": options,
    }


ASKED = {
    "project": "Which project do you mean: ",
    "metric": "Which figure do you mean: ",
    "date": "Which day do you mean: ",
    "person": "Who do you mean: ",
    "code": "Which cost code do you mean: ",
}


def _frame(
    desk: Desk, engine: Mapping[str, Any], status: str, told: Sequence[Segment], results: Sequence[ResultSet]
) -> Row:
    """Every key of the contract, empty where nothing is known, with the sentence printed."""
    shown = {d.ref: d.shown for result in results for d in result.drivers if d.ref}
    shown |= {ref: cell.shown for result in results for ref, cell in result.cells.items()}
    printed = [_printed(segment, shown) for segment in told if segment != ""]
    return {
        "status": status,
        "text": render(told, lambda ref: _shown(ref, shown)),
        "restated": "",
        "figures": [],
        "citations": [],
        "follow_ups": [],
        "freshness": dict(desk.freshness),
        "assumptions": [],
        "snapshot": desk.snapshot,
        "ties": [],
        "as_of": desk.as_of.isoformat(),
        "known_at": None,
        "headline": None,
        "segments": printed,
        "queries": [],
        "chips": [],
        "drivers": [],
        "table": None,
        "chart": None,
        "method": None,
        "notes": [],
        "caveats": [],
        "conflicts": [],
        "hypothetical": False,
        "options": [],
        "refusal": None,
        "engine": {**OFFLINE, **engine},
    }


def _shown(ref: str, shown: Mapping[str, str]) -> str:
    if ref not in shown:
        raise FigureUnverified(f"The answer names a figure that was not looked up: {ref}")
    return shown[ref]


def _printed(segment: Segment, shown: Mapping[str, str]) -> Row:
    if isinstance(segment, Ref):
        return {"figure": segment.figure_id, "shown": _shown(segment.figure_id, shown)}
    if isinstance(segment, Name):
        return {"name": segment.text}
    if isinstance(segment, Day):
        return {"day": segment.day.isoformat()}
    return {"count": str(segment.rows)} if isinstance(segment, Count) else {"text": segment}


def _as_of(results: Sequence[ResultSet], desk: Desk) -> str:
    days = [cell.as_of for result in results for cell in result.cells.values()]
    return (max(days) if days else desk.as_of).isoformat()


def _known_at(results: Sequence[ResultSet]) -> str | None:
    known = next((result.query.known_at for result in results if result.query.known_at), None)
    return known.isoformat() if known else None


def _unique(groups: Iterable[Sequence[str]], without: Sequence[str] = ()) -> list[str]:
    return list(dict.fromkeys(line for lines in groups for line in lines if line not in without))
