"""The worker: answers one question that the API wrote down."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime

get_worker = cache(runtime.worker_from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_worker()(event)
