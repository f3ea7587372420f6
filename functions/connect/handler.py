"""The pages on which administrators connect the systems; secrets and tokens stay with the brokers."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime

get_pages = cache(runtime.connect_from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_pages()(event)
