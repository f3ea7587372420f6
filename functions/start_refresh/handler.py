"""The schedule, due messages and ended executions meet here; nobody else starts a refresh."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime

get_starter = cache(runtime.starter_from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_starter().handle(event)
