"""Messages of webhooks: bursts become one due time per source."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime

get_coalescer = cache(runtime.coalescer_from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_coalescer().take(event)
