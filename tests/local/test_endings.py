"""However a verb ends, a person reads one sentence and a program reads one object."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datablueprint.ports import Progress
from datablueprint.settings import Settings, SourceSettings
from local import cli, cli_links, cli_verbs, demo
from local.cli_verbs import Outcome
from local.home import Home


def raising(error: BaseException) -> Callable[..., Outcome]:
    def verb(*_: object) -> Outcome:
        raise error

    return verb


def test_a_defect_is_one_sentence_and_the_trace_is_for_those_who_ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_verbs, "status", raising(RuntimeError("a\n defect")))
    monkeypatch.delenv("DATABLUEPRINT_TRACE", raising=False)

    assert cli.main(["status"]) == 1
    assert capsys.readouterr().err == (
        "datablueprint: this is a defect of ours: RuntimeError: a defect. "
        "Run again with DATABLUEPRINT_TRACE=1 to see where\n"
    )

    monkeypatch.setenv("DATABLUEPRINT_TRACE", "1")
    assert cli.main(["status"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_error_is_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status", "--json", "--home", str(tmp_path / "nowhere")]) == 1

    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert error["type"] == "SettingsError"
    assert said.err == f"datablueprint: {error['text']}\n"


def test_interrupting_ends_with_130_and_speaks_of_publishing_only_where_it_happens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module, verb in ((cli_verbs, "refresh"), (demo, "demo"), (cli_verbs, "status")):
        monkeypatch.setattr(module, verb, raising(KeyboardInterrupt()))

    assert [cli.main([verb]) for verb in ("refresh", "demo", "status")] == [130] * 3
    nothing = "datablueprint: interrupted; nothing was published"
    assert capsys.readouterr().err.splitlines() == [nothing, nothing, "datablueprint: interrupted"]


def test_after_publishing_an_interruption_does_not_deny_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def published(_: object, __: object, listen: Callable[[Progress], None]) -> Outcome:
        listen(Progress("Publish", "finished", done=1, total=1))
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "demo", published)

    assert cli.main(["demo"]) == 130
    assert capsys.readouterr().err == "datablueprint: interrupted\n"


@pytest.mark.parametrize("jobs", ["0", "-3", "many"])
def test_a_contractor_without_jobs_is_a_wrong_command(jobs: str) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["demo", "--jobs", jobs])

    assert ended.value.code == 2


@pytest.mark.parametrize(("command", "code", "said"), [("--version", 0, "0.1"), ("status", 1, ""), ("nonsense", 2, "")])
def test_the_program_ends_with_the_code_of_its_verb(tmp_path: Path, command: str, code: int, said: str) -> None:
    environment = {"PYTHONPATH": ":".join(sys.path), "DATABLUEPRINT_HOME": str(tmp_path / "nowhere")}

    ended = subprocess.run(
        [sys.executable, "-m", "local", command], capture_output=True, text=True, env=environment, check=False
    )

    assert (ended.returncode, said in ended.stdout) == (code, True)
    assert "Traceback" not in ended.stderr


def status(**changes: Any) -> dict[str, Any]:
    plain = {"company": "Acme", "snapshot": "s", "as_of": "2026-11-20", "freshness": {}, "calls": {}, "coverage": []}
    return {**plain, "findings": [], "rejects": [], "tieouts": [], **changes}


def test_findings_are_counted_by_kind_and_the_largest_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def finding(kind: str, amount: str | None, level: str = "warning") -> dict[str, Any]:
        return {"level": level, "kind": kind, "amount": amount, "sentence": f"{kind} {amount}.", "way_out": "Look"}

    found = [finding("missing_cost", str(n)) for n in range(1, 8)] + [
        finding("no_owner", None),
        finding("does_not_tie", "-1", "error"),
    ]
    monkeypatch.setattr(cli_verbs, "status", lambda *_: Outcome(status(findings=found)))

    assert cli.main(["status"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert lines[-9:-2] == [
        "warning: missing_cost (7, together $28)",
        *(f"  missing_cost {n}. -> Look" for n in (7, 6, 5, 4, 3)),
        "  ... and 2 more: `datablueprint status --json`",
    ]
    assert lines[-11:-9] == ["error: does_not_tie (1, together -$1)", "  does_not_tie -1. -> Look"]
    assert lines[-2:] == ["warning: no_owner (1)", "  no_owner None. -> Look"]


def test_a_link_shows_the_own_name_of_each_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    link = {"link_id": "l", "kind": "vendor", "state": "proposed", "confidence": "0.9", "evidence": []}
    sides = {"left_name": "Acme Inc", "left_record_id": "a", "right_name": None, "right_record_id": "b"}
    shown = {**link, **sides}
    monkeypatch.setattr(cli_links, "links", lambda *_: Outcome({"links": [shown], "state": "all"}))

    assert cli.main(["links"]) == 0
    assert "    Acme Inc  (a)\n    b  (b)\n" in capsys.readouterr().out


def test_doctor_tries_the_secrets_and_the_state_and_skips_empty_addresses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home.at(tmp_path)
    home.save_settings(Settings(tenant="acme", sources={"payroll_file": SourceSettings(base_url="")}))
    (tmp_path / "secrets.json").write_bytes(b"\xff")
    (tmp_path / "state.db").write_bytes(b"no database" * 100)

    assert cli.main(["doctor", "--json", "--home", str(tmp_path)]) == 1
    checks = {each["name"]: each for each in json.loads(capsys.readouterr().out)["checks"]}
    assert "is not UTF-8" in checks["secrets.json"]["found"]
    assert "is damaged" in checks["state.db"]["found"]
    assert "payroll_file address" not in checks
