"""State Plan: what this refresh reads is decided once, before anything is read."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime, steps

get_ports = cache(runtime.from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    request = steps.PlanRequest.model_validate(event)
    return steps.plan(request, get_ports()).model_dump(mode="json")
