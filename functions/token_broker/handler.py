"""Access tokens of one system, for its extractor and the connect page; the system is the deployment's own."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from datablueprint import runtime

get_broker = cache(lambda: runtime.broker_from_env(os.environ["DATABLUEPRINT_SOURCE"]))


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return get_broker()(event)
