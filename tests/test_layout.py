"""Names are contracts here: a state, its function, its step and its errors are spelled the same everywhere."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datablueprint import errors, steps
from datablueprint.errors import DataBlueprintError
from local.refresh_runner import folder_of

ROOT = Path(__file__).resolve().parent.parent
ASL = ROOT / "statemachines" / "refresh.asl.json"
SERVERS = ("api", "answer", "token_broker", "connect", "webhook", "coalesce", "start_refresh")
"""Functions that people wait for; every other one is a state of the refresh."""
FUNCTIONS = sorted(path.parent for path in (ROOT / "functions").glob("*/handler.py") if path.parent.name not in SERVERS)
SERVICE_ERRORS = ("States.", "Lambda.")


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)


def states() -> dict[str, dict[str, Any]]:
    machine = json.loads(ASL.read_text())
    return {name: state for node in nodes(machine) for name, state in node.get("States", {}).items()}


def tokens() -> set[str]:
    return set(re.findall(r"\$\{(\w+)\}", ASL.read_text()))


def test_every_function_folder_is_a_state_and_every_state_has_one() -> None:
    assert {path.name for path in FUNCTIONS} == {folder_of(token) for token in tokens()}


def test_a_task_state_and_its_function_share_one_name() -> None:
    tasks = {name: state["Resource"] for name, state in states().items() if state["Type"] == "Task"}

    assert tasks == {token: f"${{{token}}}" for token in tokens()}


def test_state_names_are_unique_in_the_whole_machine() -> None:
    machine = json.loads(ASL.read_text())

    names = [name for node in nodes(machine) for name in node.get("States", {})]

    assert sorted(names) == sorted(set(names))


def test_every_error_the_machine_matches_exists() -> None:
    matched = {name for node in nodes(json.loads(ASL.read_text())) for name in node.get("ErrorEquals", ())}
    ours = {name for name in matched if not name.startswith(SERVICE_ERRORS)}

    unknown = {name for name in ours if not issubclass(getattr(errors, name, object), DataBlueprintError)}

    assert unknown == set()
    assert {"RateLimited", "SourceUnavailable", "PublishConflict"} <= ours


def test_every_task_has_a_time_limit_and_retries_what_lambda_itself_gets_wrong() -> None:
    for name, state in states().items():
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] <= 900, name
            assert "Lambda.TooManyRequestsException" in state["Retry"][-1]["ErrorEquals"], name
            assert all(r["JitterStrategy"] == "FULL" and r["MaxDelaySeconds"] for r in state["Retry"]), name


def test_the_machine_speaks_json_path_because_the_laptop_interprets_no_other() -> None:
    assert "JSONata" not in ASL.read_text()
    assert "QueryLanguage" not in ASL.read_text()


def test_a_handler_is_a_doorway_to_the_step_of_its_own_name() -> None:
    for folder in FUNCTIONS:
        text = (folder / "handler.py").read_text()
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "steps"
        }

        assert len(text.splitlines()) <= 25, folder.name
        assert called == {"extract" if folder.name.startswith("extract_") else folder.name}
        assert all(callable(getattr(steps, name)) for name in called)
        if folder.name.startswith("extract_"):
            assert f'"{folder.name.removeprefix("extract_")}"' in text


def test_what_lambda_gets_beside_the_package_has_the_versions_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    pinned = {*project["dependencies"], *extras["api"], *extras["exports"], *extras["local"]}

    for file in (ROOT / "layers" / "deps").glob("*.txt"):
        wanted = {line for line in file.read_text().splitlines() if line and not line.startswith("#")}
        assert wanted <= pinned, file.name


def test_locks_hold_hashes_and_no_address() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text()

        assert text.count("--hash=sha256:") >= len(re.findall(r"^\S+==", text, re.M)), lock.name
        assert not re.search(r"://|^-|/", text.replace("--hash", ""), re.M), lock.name


def test_every_direct_dependency_is_locked_at_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locks = "\n".join((ROOT / "locks" / f"{name}.txt").read_text() for name in ("test", "bench"))
    locked = set(re.findall(r"^([^\s;]+==[^\s;]+)", locks, re.M))
    direct = {
        *project["dependencies"],
        *(name for group in project["optional-dependencies"].values() for name in group),
    }

    assert {re.sub(r"\[.*\]", "", name) for name in direct} <= locked
