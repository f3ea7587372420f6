"""Scenarios people named and kept, and what they make of a scope, side by side; facts are never written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from datablueprint.desk import Desk
from datablueprint.errors import NameTaken, QuestionError, Unknown
from datablueprint.formats import described, shown
from datablueprint.metrics.definition import Missing
from datablueprint.metrics.scenarios import Scenario
from datablueprint.metrics.whatif import SHOWN, Effect, Hypothesis, Outcome, suppose
from datablueprint.ports import Ports, StateConflict
from datablueprint.statements import checked

Row = dict[str, Any]
PREFIX = "scenario/"
MARK = "hypothetical"


def keep(ports: Ports, scenario: Scenario, *, by: str) -> Row:
    """Store a scenario under its name; NameTaken when another one has it."""
    value = {
        "name": scenario.name,
        "assumptions": [assumption.text for assumption in scenario.assumptions],
        "by": by,
        "at": ports.clock.now().isoformat(),
    }
    held = ports.state.get(PREFIX + scenario.name)
    if held and held.value["assumptions"] != value["assumptions"]:
        raise NameTaken(
            f"'{scenario.name}' is kept already and supposes {' + '.join(held.value['assumptions'])}; "
            "choose another name, or delete it first"
        )
    try:
        ports.state.put(PREFIX + scenario.name, value, expected_version=held.version if held else 0)
    except StateConflict:
        raise NameTaken(f"Somebody kept a scenario '{scenario.name}' just now; look at it again") from None
    return value


def kept(ports: Ports) -> list[Row]:
    """Every kept scenario, by name."""
    return [dict(item.value) for _, item in ports.state.list(PREFIX)]


def recall(ports: Ports, name: str) -> Scenario:
    held = ports.state.get(PREFIX + name)
    if held is None:
        known = ", ".join(row["name"] for row in kept(ports)) or "none"
        raise Unknown(f"No scenario is kept under '{name}'; kept are: {known}")
    return Scenario.of(held.value["assumptions"], name=name)


def forget(ports: Ports, name: str) -> Row:
    """Delete a kept scenario and return what it supposed."""
    scenario = recall(ports, name)
    ports.state.delete(PREFIX + name)
    return {"name": name, "assumptions": [a.text for a in scenario.assumptions], "deleted": True}


def compare(desk: Desk, scope: str, scenarios: Sequence[Scenario]) -> Row:
    """Each scenario's figures of a scope beside today's, every number re-added before it is shown."""
    where = desk.measures.scope(scope)
    try:
        found = [suppose(desk.measures, where, scenario) for scenario in scenarios]
    except Missing as absent:
        raise QuestionError(f"Nothing can be supposed of {scope}: {'; '.join(absent.terms)} is missing") from None
    return {
        "kind": MARK,
        "scope": where.key,
        "label": where.label,
        "as_of": desk.as_of.isoformat(),
        "snapshot": desk.snapshot,
        "today": {name: described(desk.measures.figure(name, where)) for name in SHOWN},
        "scenarios": [_told(desk, hypothesis) for hypothesis in found],
    }


def _told(desk: Desk, found: Hypothesis) -> Row:
    return {
        "kind": MARK,
        "name": found.scenario.name,
        "assumptions": [assumption.text for assumption in found.scenario.assumptions],
        "outcomes": {name: _outcome(desk, outcome) for name, outcome in found.outcomes.items()},
        "effects": [_effect(desk, effect) for effect in found.effects],
        "notes": list(_notes(found)),
    }


def _outcome(desk: Desk, outcome: Outcome) -> Row:
    unit = outcome.before.metric.unit
    if outcome.after is None:
        return {"value": None, "shown": "unavailable", "change": None, "missing": list(outcome.missing)}
    told = checked(desk, outcome.after, unit)
    change = None if outcome.before.value is None else outcome.after.value - outcome.before.value
    return {**told, "unit": unit, "change": None if change is None else str(change), "missing": []}


def _effect(desk: Desk, effect: Effect) -> Row:
    parts = {"price": effect.price, "cost": effect.cost, "profit": effect.profit}
    return {
        "assumption": effect.assumption.text,
        **{name: {"value": str(term.value), "shown": shown(term.value, "money")} for name, term in parts.items()},
        "notes": list(effect.notes),
    }


def _notes(found: Hypothesis) -> Iterator[str]:
    yield from dict.fromkeys(note for effect in found.effects for note in effect.notes)
    yield from found.left_out
    before, after = found.outcomes["gross_profit_at_completion"], found.outcomes["gross_margin_at_completion"]
    told = after.after is not None and after.before.value is not None
    if told and _grew(before) and not _grew(after):
        yield "more profit does not come with a higher margin"


def _grew(outcome: Outcome) -> bool:
    return outcome.after is not None and outcome.before.value is not None and outcome.after.value > outcome.before.value
