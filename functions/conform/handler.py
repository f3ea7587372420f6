"""State Conform: untouched records become typed tables."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime, steps

get_ports = cache(runtime.from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    request = steps.BuildRequest.model_validate(event)
    return steps.conform(request, get_ports()).model_dump(mode="json")
