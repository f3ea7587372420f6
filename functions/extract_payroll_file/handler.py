"""State ExtractPayrollFile: one stream of the payroll file drop, with the secret of no other system."""

from __future__ import annotations

from functools import cache
from typing import Any

from datablueprint import runtime, steps

get_ports = cache(runtime.from_env)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    request = steps.ExtractRequest.model_validate(event)
    return steps.extract("payroll_file", request, get_ports()).model_dump(mode="json")
