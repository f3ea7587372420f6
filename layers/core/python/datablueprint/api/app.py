"""The resolver with every route, and its published description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, Server, Tag

from datablueprint import __version__
from datablueprint.api import problems
from datablueprint.api.problems import PROBLEM
from datablueprint.api.resolver import Resolver
from datablueprint.api.routes import THEMES
from datablueprint.api.routes.common import problems as problem_responses
from datablueprint.api.service import Service, person_of

TAGS = {
    "start": "The first page and the words of a guided question.",
    "questions": "Questions are jobs: asked at once, answered in a while.",
    "figures": "Every figure opens into its terms and its records.",
    "metrics": "Figures without a question.",
    "projects": "The jobs.",
    "links": "What a person should decide about records that may be one thing.",
    "scenarios": "Suppose something; nothing is changed.",
    "status": "How fresh the data are and what does not fit together.",
    "exports": "Files to take away.",
}
DESCRIPTION = (
    "What will this job make? Every figure opens into the Procore, QuickBooks and payroll records that add up to it, "
    "to the cent. Money is a decimal string in dollars, a ratio a fraction (0.05 = 5%). Clients ignore keys they do "
    "not know. Failures are application/problem+json (RFC 9457)."
)
SCHEME = "identity"


def create(service: Service) -> Resolver:
    """The API of one tenant. `resolve(event, context)` takes API Gateway REST proxy events, from any thread."""

    def admit(event: Mapping[str, Any]) -> dict[str, Any]:
        person = person_of(event, service.ports.settings)
        return {"service": service, "person": person, "spec": published}

    app = Resolver(admit=admit, no_route=problems.no_route, too_large=problems.too_large)
    problems.install(app)
    for theme in THEMES:
        app.include_router(theme.router)
    published = cache(lambda: json.dumps(description(app), ensure_ascii=False))
    return app


def description(app: Resolver) -> dict[str, Any]:
    """The OpenAPI document: stable, sorted, and without the library's own error models."""
    schema: dict[str, Any] = json.loads(
        app.get_openapi_json_schema(
            title="DataBlueprint",
            version=__version__,
            description=DESCRIPTION,
            tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
            servers=[Server(url=".")],
            security_schemes={
                SCHEME: HTTPBearer(
                    bearerFormat="JWT",
                    description="An access token of the tenant; reading and asking need datablueprint/read.",
                )
            },
            security=[{SCHEME: []}],
        )
    )
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schema["components"]["schemas"].pop(name, None)
    for operation in (each for path in schema["paths"].values() for each in path.values()):
        operation["responses"]["500"] = PROBLEM_RESPONSES[500]  # the library puts its own model here
        operation["responses"] = dict(sorted(operation["responses"].items()))
        for parameter in operation.get("parameters", ()):
            _not_null(parameter["schema"])
    schema["paths"] = dict(sorted(schema["paths"].items()))
    return schema


def _not_null(schema: dict[str, Any]) -> None:
    """An optional parameter is left out; it is never sent as null."""
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del schema["anyOf"]
        schema.update(options[0])


PROBLEM_RESPONSES = {
    code: {**told, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for code, told in problem_responses().items()
}
