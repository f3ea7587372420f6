"""The API: every route, for the people and machines of one tenant."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime

get_api = cache(runtime.api_from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_api().resolve(event, context)
