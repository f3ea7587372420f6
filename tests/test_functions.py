"""A handler parses, calls one step with the ports, and returns JSON; nothing happens before it is called."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from datablueprint import steps
from datablueprint.errors import RateLimited, SettingsError
from tests.fakes import world

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
EXTRACTORS = [name for name in NAMES if name.startswith("extract_")]
BUILDERS = ["conform", "link", "post", "measure", "publish"]
OUTCOMES = [
    {"source": "procore", "stale": False, "streams": [{"stream": "projects", "status": "done"}]},
    {"source": "gusto", "stale": True, "error": '{"errorMessage": "Gusto: revoked."}', "error_type": "AuthExpired"},
]
REQUEST = {"run_id": "run-1", "snapshot": "s-1", "outcomes": OUTCOMES}


class Answer:
    """What a step returns, as far as a handler may look at it."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        assert mode == "json"
        return {"done": True}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Every step replaced by one that notes its arguments."""
    calls: list[tuple[Any, ...]] = []

    def note(*arguments: Any) -> Answer:
        calls.append(arguments)
        return Answer()

    for name in ("plan", "extract", *BUILDERS):
        monkeypatch.setattr(steps, name, note)
    return calls


def handler(name: str, monkeypatch: pytest.MonkeyPatch, ports: Any) -> Any:
    module = importlib.import_module(f"functions.{name}.handler")
    monkeypatch.setattr(module, "get_ports", lambda: ports)
    return module.lambda_handler


def test_plan_passes_on_whether_everything_is_read_again(
    monkeypatch: pytest.MonkeyPatch, seen: list[tuple[Any, ...]]
) -> None:
    ports = world().ports

    assert handler("plan", monkeypatch, ports)({"full": True}, None) == {"done": True}

    assert seen == [(steps.PlanRequest(full=True), ports)]


def test_a_scheduled_start_needs_no_input(monkeypatch: pytest.MonkeyPatch, seen: list[tuple[Any, ...]]) -> None:
    handler("plan", monkeypatch, world().ports)({}, None)

    assert seen[0][0] == steps.PlanRequest(run_id=None, full=False)


@pytest.mark.parametrize("name", EXTRACTORS)
def test_an_extractor_reads_its_own_system_and_no_other(
    name: str, monkeypatch: pytest.MonkeyPatch, seen: list[tuple[Any, ...]]
) -> None:
    ports = world().ports

    handler(name, monkeypatch, ports)({"run_id": "run-1", "full": False, "stream": "projects"}, None)

    source = name.removeprefix("extract_")
    assert seen == [(source, steps.ExtractRequest(run_id="run-1", full=False, stream="projects"), ports)]


@pytest.mark.parametrize("name", BUILDERS)
def test_a_builder_gets_the_snapshot_and_how_each_system_fared(
    name: str, monkeypatch: pytest.MonkeyPatch, seen: list[tuple[Any, ...]]
) -> None:
    handler(name, monkeypatch, world().ports)(REQUEST, None)

    ((request, _),) = seen
    assert request.snapshot == "s-1"
    assert [outcome.stale for outcome in request.outcomes] == [False, True]


@pytest.mark.parametrize("name", EXTRACTORS + BUILDERS)
def test_an_event_that_is_no_request_never_reaches_a_step(
    name: str, monkeypatch: pytest.MonkeyPatch, seen: list[tuple[Any, ...]]
) -> None:
    with pytest.raises(ValidationError):
        handler(name, monkeypatch, world().ports)({"snapshot": 7}, None)

    assert seen == []


def test_a_step_s_error_leaves_the_handler_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = RateLimited("Procore", "too many requests", retry_after=30)

    def refuse(*_: Any) -> None:
        raise slow

    monkeypatch.setattr(steps, "extract", refuse)

    with pytest.raises(RateLimited) as raised:
        handler("extract_procore", monkeypatch, world().ports)({"run_id": "r", "stream": "projects"}, None)

    assert raised.value is slow


def test_a_function_without_settings_says_which_variable_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABLUEPRINT_SETTINGS", raising=False)
    module = importlib.import_module("functions.plan.handler")
    module.get_ports.cache_clear()

    with pytest.raises(SettingsError, match="DATABLUEPRINT_SETTINGS is not set"):
        module.lambda_handler({}, None)


def test_importing_every_handler_loads_no_engine_and_no_aws() -> None:
    heavy = ("boto3", "botocore", "duckdb", "moto", "pandas", "pyarrow", "rapidfuzz")
    script = (
        "import importlib, json, sys\n"
        f"for name in {NAMES!r}: importlib.import_module(f'functions.{{name}}.handler')\n"
        f"print(json.dumps([name for name in {heavy!r} if name in sys.modules]))"
    )
    path = {"PYTHONPATH": f"{ROOT / 'layers/core/python'}:{ROOT}"}

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=path, check=True)

    assert json.loads(done.stdout) == []
