"""The command line is a contract: exit codes, sentences on stderr, JSON alone on stdout."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datablueprint import review
from datablueprint.errors import DecisionConflict, SnapshotMissing
from datablueprint.ports import Ports, Progress
from datablueprint.status import read_status
from local import cli, refresh_runner, sandbox_home
from local.cli_print import PRINTERS, dollars, percent, table
from local.cli_progress import watching
from local.cli_verbs import something_was_read
from local.home import Home
from tests.fakes import world

VERBS = {
    "bridge",
    "eval",
    "cost",
    "what-if",
    "wip",
    "sandbox", "serve", "refresh", "ask", "figure", "metric", "links", "status", "connect", "doctor", "demo",
}  # fmt: skip
PUBLISHED = {"snapshot": "s-1", "previous": None, "new": 2, "changed": 1, "deleted": 0}
READ = {"source": "procore", "stale": False, "streams": [{"stream": "projects", "new": 2, "changed": 1, "deleted": 0}]}
STALE = {"source": "gusto", "stale": True, "error": "Gusto: the connection was revoked. Reconnect it"}


def verbs() -> Mapping[str, Any]:
    (actions,) = [each for each in cli.parser()._actions if each.dest == "verb"]
    assert actions.choices
    return dict(actions.choices)  # type: ignore[arg-type]  # argparse keeps the parsers here


def test_help_lists_what_works_and_nothing_else() -> None:
    assert set(verbs()) == VERBS == set(PRINTERS)


def test_every_verb_takes_a_home_and_can_speak_json() -> None:
    for name, parser in verbs().items():
        options = {option for action in parser._actions for option in action.option_strings}
        assert {"--home", "--json"} <= options, name


def test_every_verb_is_implemented() -> None:
    for parser in verbs().values():
        assert callable(cli._implementation(parser.get_default("implementation")))


@pytest.mark.parametrize(
    "wrong", [[], ["nonsense"], ["connect", "sage"], ["metric", "x", "--as-of", "June"], ["figure"]]
)
def test_a_wrong_command_ends_with_code_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(wrong)

    assert ended.value.code == 2


@pytest.mark.parametrize("command", [["status"], ["ask", "what", "is", "it"], ["refresh"], ["links"]])
def test_without_a_home_one_sentence_says_how_to_make_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main([*command, "--home", str(tmp_path / "nowhere")])

    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    assert "datablueprint demo" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.err


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A refresh whose output the test decides."""
    output: dict[str, Any] = {"run_id": "r", "snapshot": "s-1", "outcomes": [READ, STALE], "published": PUBLISHED}

    @contextmanager
    def no_systems(_: Home) -> Iterator[None]:
        yield None

    def run(ports: Ports, *, full: bool = False, sources: list[str] | None = None) -> dict[str, Any]:
        ports.progress(Progress("Publish", "published", done=1, total=1))
        return {**output, "full": full, "sources": sources}

    monkeypatch.setattr(sandbox_home, "systems", no_systems)
    monkeypatch.setattr(refresh_runner, "run_refresh", run)
    monkeypatch.setattr(Home, "ports", lambda self, progress, settings=None: replace(world().ports, progress=progress))
    return output


def test_a_refresh_with_one_stale_system_succeeds_and_says_which(
    refreshed: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["refresh"])

    said = capsys.readouterr()
    assert code == 0
    assert "gusto: not read. Gusto: the connection was revoked. Reconnect it" in said.out
    assert "Published snapshot s-1 (2 new, 1 changed, 0 deleted)." in said.out
    assert "Publish: published" in said.err


def test_json_is_alone_on_stdout(refreshed: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["refresh", "--full", "--json"])

    said = capsys.readouterr()
    assert code == 0
    assert json.loads(said.out)["full"] is True
    assert said.err == ""


def test_a_refresh_that_could_read_nothing_fails(refreshed: dict[str, Any]) -> None:
    refreshed["outcomes"] = [STALE]

    assert cli.main(["refresh"]) == 1


def test_a_refresh_may_be_of_some_systems_only(refreshed: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for line in (["refresh"], ["refresh", "--source", "gusto", "--source", "procore"]):
        assert cli.main([*line, "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out)["sources"])

    assert told == [None, ["gusto", "procore"]]


def test_a_refresh_that_came_second_fails_and_says_why(
    refreshed: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    refreshed.update(published=None, superseded=True)

    assert cli.main(["refresh"]) == 1
    assert "Another refresh published first" in capsys.readouterr().out


def test_a_refresh_that_found_nothing_new_succeeds(
    refreshed: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    refreshed.update(published=None, unchanged=True)

    assert cli.main(["refresh"]) == 0
    assert "its snapshot stands" in capsys.readouterr().out


def test_a_system_without_streams_does_not_count_as_read() -> None:
    assert not something_was_read([STALE, {"source": "payroll_file", "stale": False, "streams": []}])
    assert something_was_read([STALE, READ])
    assert something_was_read([READ])


def test_a_decision_is_stored_with_who_and_when_and_another_person_cannot_undo_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ports = world().ports
    monkeypatch.setattr(review, "_links", lambda *_: [{"link_id": "link_1"}])

    decided = review.decide("link_1", "accepted", ports, by="Ann")

    assert decided["decision"] == "accepted"
    held = ports.state.get("decision/link_1")
    assert held
    assert (held.value["decision"], held.value["by"]) == ("accepted", "Ann")
    with pytest.raises(DecisionConflict, match="accepted by Ann"):
        review.decide("link_1", "rejected", ports, by="Bob")
    assert review.decide("link_1", "rejected", ports, by="Ann")["decision"] == "rejected"


def test_status_before_the_first_refresh_says_to_refresh() -> None:
    with pytest.raises(SnapshotMissing, match="run a refresh"):
        read_status(world().ports)


def test_doctor_reports_every_check_even_without_a_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["doctor", "--json", "--home", str(tmp_path / "nowhere")])

    checks = {each["name"]: each for each in json.loads(capsys.readouterr().out)["checks"]}
    assert code == 1
    assert checks["python"]["ok"]
    assert checks["packages"]["ok"]
    assert not checks["home"]["ok"]
    assert "datablueprint demo" in checks["home"]["found"]


def test_plain_progress_tells_what_arrived_and_what_was_made() -> None:
    heard = io.StringIO()

    with watching(stream=heard) as listen:
        listen(Progress("Plan", "started"))
        listen(Progress("ExtractProcore", "projects", done=0, total=3))
        listen(Progress("ExtractProcore", "projects", done=1, total=3, counts={"new": 1200}))
        listen(Progress("Extract", "Procore: vendors (page 2)", counts={"held": 5}))
        listen(Progress("ExtractProcore", "vendors", done=2, total=3))
        listen(Progress("ExtractProcore", "users", done=3, total=3))
        listen(Progress("ExtractGusto", "failed: Gusto: revoked"))
        listen(Progress("Conform", "5 tables in 1.0 s", counts={"a": 1, "b": 2, "c": 3, "d": 4, "e": 1000}))
        listen(Progress("Conform", "finished", done=1, total=1))

    lines = [line.split("s  ", 1)[1] for line in heard.getvalue().splitlines()]
    assert lines == [
        "Procore: projects (1,200 new)",
        "Procore: users",
        "Gusto: failed: Gusto: revoked",
        "Conform: 5 tables in 1.0 s (1,010 rows)",
    ]


def test_money_is_shown_in_whole_dollars_and_a_missing_value_as_a_dash() -> None:
    assert [dollars(each) for each in ("1234567.89", "-1200.00", "0.00", None)] == ["$1,234,568", "-$1,200", "$0", "-"]
    assert [percent(each) for each in ("0.1234", None)] == ["12.3 %", "-"]


def test_a_table_aligns_its_columns() -> None:
    text = table(("job", "profit"), [("24-017", "$1"), ("9", "$1,000")], right=frozenset({1}))

    assert text.splitlines() == ["job     profit", "------  ------", "24-017      $1", "9       $1,000"]
