"""Scenarios: kept under a name, and what they make of a scope."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body

from datablueprint import hypotheses
from datablueprint.api import overview
from datablueprint.api.models.company import Removed
from datablueprint.api.models.figures import Comparison, KeptScenario, KeptScenarios, ScenarioToKeep, Supposed
from datablueprint.api.routes.common import Here, Name, given, theme
from datablueprint.metrics.scenarios import Scenario

router = theme()
TAG = ["scenarios"]


@router.get(
    "/scenarios",
    operation_id="list_scenarios",
    summary="Kept scenarios",
    tags=TAG,
    responses=given(KeptScenarios, "All of them, by name."),
)
def every(here: Here) -> KeptScenarios:
    return KeptScenarios.model_validate({"scenarios": hypotheses.kept(here.ports)})


@router.get(
    "/scenarios/<name>",
    operation_id="get_scenario",
    summary="One kept scenario",
    tags=TAG,
    responses=given(KeptScenario, "The scenario."),
)
def one(name: Name, here: Here) -> KeptScenario:
    return KeptScenario.model_validate(overview.kept_scenario(here.ports, name))


@router.put(
    "/scenarios/<name>",
    operation_id="keep_scenario",
    summary="Keep a scenario",
    tags=TAG,
    responses=given(KeptScenario, "What is kept.", body=True),
)
def keep(name: Name, supposed: Annotated[ScenarioToKeep, Body()], here: Here) -> KeptScenario:
    scenario = Scenario.of(supposed.assumptions, name=name)
    return KeptScenario.model_validate(overview.keep(here.ports, scenario, by=here.person))


@router.delete(
    "/scenarios/<name>",
    operation_id="forget_scenario",
    summary="Delete a scenario",
    tags=TAG,
    responses=given(Removed, "What was deleted."),
)
def forget(name: Name, here: Here) -> Removed:
    return Removed.model_validate(hypotheses.forget(here.ports, name))


@router.post(
    "/what-if",
    operation_id="suppose",
    summary="Suppose something",
    description="What scenarios make of a scope, side by side and beside today. Nothing is changed.",
    tags=TAG,
    responses=given(Comparison, "Hypothetical figures; show them as such.", body=True),
)
def suppose(supposed: Annotated[Supposed, Body()], here: Here) -> Comparison:
    with here.desks.open(as_of=supposed.as_of, known_at=supposed.known_at) as desk:
        scenarios = overview.scenarios(here.ports, supposed.scenarios, supposed.kept)
        return Comparison.model_validate(hypotheses.compare(desk, supposed.scope, scenarios))
