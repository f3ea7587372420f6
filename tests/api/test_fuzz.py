"""Whatever is sent, nothing breaks and nothing comes back that was not published: schemathesis over the real server."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis import checks as common
from schemathesis.specs.openapi import checks

from local.web_server import Site, WebServer
from tests.api.conftest import copied
from tests.api.kit import OPERATIONS, Api
from tests.golden.conftest import Company

CHECKS = (
    common.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)
EXAMPLES = 8


@pytest.fixture(scope="module")
def own(shared: Api, twelve: Company, tmp_path_factory: pytest.TempPathFactory) -> Api:
    """An API on a home of its own: what is sent here leaves many things behind."""
    api = Api.of(copied(twelve, tmp_path_factory.mktemp("fuzzed")))
    api.words = {**shared.words}
    api.words["question"] = api.call("ask").json["id"]
    return api


@pytest.fixture(scope="module")
def server(own: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    site = Site(tmp_path_factory.mktemp("web"), own.resolver.resolve, own.words["tenant"], getpass.getuser())
    running = WebServer(site)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def published(own: Api, server: WebServer) -> Any:
    """The published description, with words that exist among those that are tried."""
    spec = own.call("get_openapi").json
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                known(path, parameter, own)
    schema = schemathesis.openapi.from_dict(spec)
    schema.config.update(base_url=f"{server.url}api")
    return schema


def known(path: str, parameter: dict[str, Any], api: Api) -> None:
    day = api.words["figure"].rpartition("/")[2]
    words = {
        "as_of": [day, "2026-10-31"],
        "since": ["2026-10-31"],
        "project": [api.words["project"]],
        "key": [api.words["project"]],
        "question_id": [api.words["question"]],
        "link_id": [api.words["link"]],
        "by": ["project", "pm"],
        "id": [api.words["record" if path == "/records" else "figure"]],
    }
    if parameter["name"] == "name" and path.startswith("/metrics"):
        words["name"] = ["actual_cost", "pm_score"]
    if parameter["name"] in words:
        parameter["schema"] = {"anyOf": [{"enum": words[parameter["name"]]}, parameter["schema"]]}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_that_is_sent_breaks_the_api_or_its_contract(name: str, mode: GenerationMode, published: Any) -> None:
    operation = published.find_operation_by_id(name)

    @settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        if (case.query or {}).get("wait"):
            case.query["wait"] = 0
        case.call_and_validate(checks=list(CHECKS), headers={"Content-Type": "application/json"}, timeout=30)

    tried()
