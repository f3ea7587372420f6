"""What goes wrong is said in a sentence; nothing is lost or half-published, and the last snapshot still answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datablueprint import agent
from datablueprint.errors import NothingRead
from local.refresh_runner import run_refresh
from local.sandbox import faults
from tests.golden.conftest import Company, Make

QUESTION = "What is the margin of the portfolio?"


def outcome(output: dict[str, Any], source: str) -> dict[str, Any]:
    return next(o for o in output["outcomes"] if o["source"] == source)


def still_answers(made: Company, before: dict[str, Any]) -> None:
    after = agent.ask(QUESTION, made.desk())
    assert after["status"] == "answered"
    assert after["text"] == before["text"]


def wrong_credentials(made: Company) -> None:
    made.home.secrets.put("procore", {"client_id": "nobody", "client_secret": "wrong"})
    made.sandbox.revoke("procore")


def revoked(vendor: str) -> Callable[[Company], None]:
    def disconnect(made: Company) -> None:
        made.refresh()  # the tokens that are revoked are those in use
        made.sandbox.revoke(vendor)

    return disconnect


def unreachable(vendor: str) -> Callable[[Company], None]:
    return lambda made: made.sandbox.take_down(vendor)


def forbidden(made: Company) -> None:
    made.sandbox.faults.add(faults.no_permission("procore", "/rest/v1.0/prime_contracts").limited(times=None))


def scope(made: Company) -> None:
    made.sandbox.faults.add(faults.missing_scope("*/payrolls*", "payrolls:read").limited(times=None))


@pytest.mark.parametrize(
    ("source", "breaks", "system", "way_out"),
    [
        ("procore", wrong_credentials, "Procore", "connect procore"),
        ("quickbooks_online", revoked("quickbooks"), "QuickBooks", "connect quickbooks_online"),
        ("gusto", revoked("gusto"), "Gusto", "connect gusto"),
        ("procore", forbidden, "Procore", "prime_contracts"),
        ("gusto", scope, "Gusto", "payrolls"),
        ("quickbooks_online", unreachable("quickbooks"), "QuickBooks", "Check the network"),
        ("procore", unreachable("procore"), "Procore", "Check the network"),
    ],
)
def test_a_system_that_fails_is_marked_stale_with_a_sentence(
    fresh_company: Make, source: str, breaks: Callable[[Company], None], system: str, way_out: str
):
    made = fresh_company(jobs=3)
    before = agent.ask(QUESTION, made.desk())
    breaks(made)

    output = made.refresh()

    failed = outcome(output, source)
    said = failed.get("error") or " ".join(p for s in failed["streams"] for p in s["problems"])
    print(said)
    assert said.startswith(system)
    assert way_out in said
    assert "Traceback" not in said
    assert not outcome(output, "payroll_file")["stale"]
    still_answers(made, before)


def test_a_failed_system_is_shown_by_status_until_it_is_read_again(fresh_company: Make):
    made = fresh_company(jobs=3)
    made.sandbox.take_down("gusto")
    made.refresh()
    assert made.ports().state.get("freshness/gusto").value["stale"]  # type: ignore[union-attr]

    made.sandbox.bring_back("gusto")
    made.refresh()

    assert not made.ports().state.get("freshness/gusto").value["stale"]  # type: ignore[union-attr]


@pytest.mark.parametrize("found", ["a lot", None, {"amount": "1.00"}])
def test_a_retyped_or_missing_field_names_the_record_and_stays_in_the_raw_zone(fresh_company: Make, found: object):
    made = fresh_company(jobs=3)
    contract = made.sandbox.records("procore", "prime_contracts")[0]
    made.sandbox.edit("procore", "prime_contracts", contract["id"], {"grand_total": found})

    made.refresh(full=True)

    desk = made.desk()
    [reject] = desk.table("rejects")
    print(reject["sentence"], reject["way_out"])
    assert reject["record_id"] == f"procore:prime_contracts:{contract['id']}"
    assert "grand_total" in reject["sentence"]
    assert reject["way_out"]
    raw = desk.records([reject["record_id"]])[reject["record_id"]]
    assert json.loads(raw.payload)["grand_total"] == found
    assert "U" in {f.grade for f in desk.metric("gross_margin_at_completion", by_project=True)}


def test_a_malformed_row_holds_back_its_pay_run_and_names_file_row_and_column(fresh_company: Make):
    made = fresh_company(jobs=3)
    before = agent.ask(QUESTION, made.desk())
    [file] = sorted((made.home.path / "files").rglob("pay_lines.csv"))[:1]
    spoilt = file.read_text().splitlines()
    spoilt[2] = spoilt[2].rsplit(",", 1)[0] + ",twelve"
    file.write_text("\n".join(spoilt) + "\n")

    made.refresh()

    desk = made.desk()
    rejects = desk.table("rejects")
    said = " ".join(r["sentence"] for r in rejects)
    print(said)
    assert "pay_lines.csv" in said
    assert "amount" in said
    assert "twelve" in said
    assert before["status"] == "answered"


def test_a_first_refresh_in_which_nothing_can_be_read_publishes_nothing(fresh_company: Make, tmp_path: Path):
    made = fresh_company(jobs=2)
    empty = made.another_home(tmp_path / "empty")
    for vendor in ("procore", "quickbooks", "gusto"):
        made.sandbox.take_down(vendor)
    for file in (empty.home.path / "files").rglob("*.csv"):
        file.unlink()
    settings = empty.settings.model_copy(
        update={"sources": {k: v for k, v in empty.settings.sources.items() if k != "payroll_file"}}
    )

    with pytest.raises(NothingRead, match="No system could be read"):
        run_refresh(replace(empty.ports(), settings=settings))


def test_a_crash_before_publishing_leaves_the_old_snapshot_and_the_next_refresh_heals(
    fresh_company: Make, monkeypatch: pytest.MonkeyPatch
):
    from datablueprint import ledger

    made = fresh_company(jobs=3)
    before = agent.ask(QUESTION, made.desk())
    package = made.sandbox.records("procore", "prime_contracts")[0]
    made.sandbox.edit("procore", "prime_contracts", package["id"], {"title": "Another title"})
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "post", lambda *_, **__: 1 / 0)
        with pytest.raises(Exception, match="zero"):
            made.refresh()
    still_answers(made, before)

    output = made.refresh()

    assert output["published"] is not None
