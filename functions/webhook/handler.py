"""Route POST /hooks/{source}: a vendor says that something has changed."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime

get_reception = cache(runtime.reception_from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_reception().receive(event)
