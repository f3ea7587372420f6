"""Schedules, scorecards, what-ifs and bridges on a refreshed contractor: everything shown re-adds, or is withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datablueprint import agent, hypotheses, references, statements
from datablueprint.agent.query import Query
from datablueprint.agent.tools import Bench
from datablueprint.desk import Desk
from datablueprint.errors import QuestionError, SnapshotMissing
from datablueprint.metrics.scenarios import Scenario
from tests.golden.conftest import Company, Make

SMALL = {"seed": 11, "jobs": 6}


@pytest.fixture
def made(company: Make) -> Company:
    return company(**SMALL)


def active(desk: Desk) -> str:
    """The number of an active project whose profit can be told."""
    told = desk.measures
    return next(
        p.key
        for p in told.projects.values()
        if p.state == "active" and told.project_figure("gross_profit_at_completion", p).value is not None
    )


def test_the_schedule_foots_line_by_line_and_in_total(made: Company):
    found = statements.wip(made.desk())

    lines = [line for section in found["sections"] for line in section["lines"]]
    assert lines
    for line in lines:
        cells = {name: D(cell["value"]) for name, cell in line["cells"].items() if cell["value"] is not None}
        assert cells["earned_revenue"] + cells["backlog"] == cells["contract_value"]
        if "billed_to_date" in cells:
            assert cells["overbilled"] - cells["underbilled"] == cells["billed_to_date"] - cells["earned_revenue"]
    for section in found["sections"]:
        for name in ("contract_value", "earned_revenue", "backlog"):
            parts = sum((D(line["cells"][name]["value"]) for line in section["lines"]), D(0))
            assert parts == D(section["totals"][name]["value"]), (section["title"], name)


def test_cost_codes_are_ranked_by_what_they_erode(made: Company):
    found = statements.listing(made.desk(), "cost_code_erosion", by="code")

    values = [D(figure["value"]) for figure in found["figures"]]
    assert values == sorted(values, reverse=True)
    assert values


def test_a_listing_is_filtered_and_an_unknown_filter_is_told_which_there_are(made: Company):
    desk = made.desk()
    closed = statements.listing(desk, "gross_margin_at_completion", by="project", where={"state": "closed"})

    assert {figure["dimensions"]["project"] for figure in closed["figures"]} == {
        p.key for p in desk.measures.projects.values() if p.closed
    }
    with pytest.raises(QuestionError, match="say project, state, pm, customer"):
        statements.listing(desk, "contract_value", by="project", where={"colour": "red"})
    with pytest.raises(QuestionError, match="no grouping 'weather'"):
        statements.listing(desk, "contract_value", by="weather")


def test_scenarios_are_kept_compared_and_forgotten_and_facts_stay(made: Company):
    ports, desk = made.ports(), made.desk()
    key = active(desk)
    before = desk.measures.figure("gross_profit_at_completion", desk.measures.scope(key)).value
    gloomy = Scenario.of(["crews 10% slower", "burden +2"], name="gloomy")
    hypotheses.keep(ports, gloomy, by="tester")

    found = hypotheses.compare(desk, key, [hypotheses.recall(ports, "gloomy"), Scenario.of(["approve all"])])

    assert found["kind"] == "hypothetical"
    for scenario in found["scenarios"]:
        effects = sum((D(effect["profit"]["value"]) for effect in scenario["effects"]), D(0))
        assert D(scenario["outcomes"]["gross_profit_at_completion"]["change"]) == effects
    assert [row["name"] for row in hypotheses.kept(ports)] == ["gloomy"]
    with pytest.raises(QuestionError, match="is kept already"):
        hypotheses.keep(ports, Scenario.of(["approve all"], name="gloomy"), by="tester")
    hypotheses.forget(ports, "gloomy")
    with pytest.raises(QuestionError, match="kept are: none"):
        hypotheses.recall(ports, "gloomy")
    again = made.desk()
    assert again.measures.figure("gross_profit_at_completion", again.measures.scope(key)).value == before


def test_a_bridge_between_two_days_of_one_snapshot_foots(made: Company):
    later = made.desk()
    key = active(later)

    found = statements.profit_bridge(later.at(as_of=later.as_of - timedelta(days=60)), later, key)

    parts = sum((D(part["value"]) for part in found["parts"]), D(0))
    assert D(found["from"]["value"]) + parts == D(found["to"]["value"])
    assert D(found["difference"]["value"]) == parts


def test_what_was_known_before_an_edit_is_still_known_and_the_bridge_names_the_edit(fresh_company: Make):
    made = fresh_company()
    earlier = made.desk()
    bill = next(iter(_bills_of(earlier, active(earlier))))
    key = _project_of(earlier, bill)
    held = next(b for b in made.sandbox.records("quickbooks", "Bill") if b["Id"] == bill.rsplit(":", 1)[1])
    made.sandbox.edit("quickbooks", "Bill", held["Id"], _dearer(held))
    made.clock.sleep(86_400)
    made.refresh()

    later = made.desk()
    found = statements.profit_bridge(earlier.at(), later, key)

    assert any(bill in change["records"] for part in found["parts"] for change in part["changes"])
    assert any(bill in change["records"] for change in found["late"])
    known = Desk.known_at(made.ports(), date(2026, 11, 20))
    assert known.snapshot == earlier.snapshot
    with pytest.raises(SnapshotMissing, match="the oldest kept snapshot"):
        Desk.known_at(made.ports(), date(2020, 1, 1))


def test_a_comparison_and_its_reference_tell_the_earlier_day_as_it_was_known_then(fresh_company: Make):
    made = fresh_company()
    earlier = made.desk()
    bill = next(iter(_bills_of(earlier, active(earlier))))
    key = _project_of(earlier, bill)
    held = next(b for b in made.sandbox.records("quickbooks", "Bill") if b["Id"] == bill.rsplit(":", 1)[1])
    made.sandbox.edit("quickbooks", "Bill", held["Id"], _dearer(held))
    made.clock.sleep(3 * 86_400)
    made.refresh()
    later = made.desk()
    bench = Bench(later)

    result = bench.execute(Query(kind="compare", metric="actual_cost", scope=key, since=date(2026, 11, 20)))
    before = bench.execute(Query(metric="actual_cost", scope=key, known_at=date(2026, 11, 20)))

    start, end, change = (result.lines[0].cells[name] for name in ("start", "end", "change"))
    print(result.notes[0], start.ref, end.ref, change.ref)
    assert start.ref == f"actual_cost/{key}/{earlier.as_of}@{earlier.snapshot}"
    assert before.headline == start.ref
    assert (change.value or D(0)) >= D(1000)
    assert change.value == (end.value or D(0)) - (start.value or D(0))
    assert references.verification(later, change.ref)["ties"]
    cited = references.citations(later, change.ref)
    assert sum(D(row["amount"]) for row in cited) == change.value
    assert bill in {row["record_id"] for row in cited}


def _dearer(bill: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a bill whose first line costs a thousand more."""
    lines = [dict(line) for line in bill["Line"]]
    lines[0]["Amount"] = float(lines[0]["Amount"]) + 1000
    return {"Line": lines, "TotalAmt": float(bill["TotalAmt"]) + 1000}


def _bills_of(desk: Desk, key: str) -> Iterator[str]:
    """Bills that alone make a posted cost fact of a project."""
    entity = desk.measures.scope(key).job.entity
    for fact in desk.table("facts"):
        if (
            fact["project"] == entity
            and fact["measure"] == "cost"
            and fact["rule"] == "D5"
            and fact["state"] == "counted"
        ):
            record = fact["evidence"][0]["record_id"]
            if record.startswith("quickbooks:Bill:"):
                yield record


def _project_of(desk: Desk, record: str) -> str:
    fact = next(f for f in desk.table("facts") if any(e["record_id"] == record for e in f["evidence"]))
    return next(p.key for p in desk.measures.projects.values() if p.entity == fact["project"])


def test_a_figure_whose_raw_record_was_altered_is_withheld_everywhere(fresh_company: Make):
    made = fresh_company()
    desk = made.desk()
    record = next(iter(_bills_of(desk, active(desk))))
    key = _project_of(desk, record)
    _alter(made.home.path, record)

    shown = statements.listing(made.desk(), "actual_cost", by="project", where={"project": key})["figures"][0]
    asked = agent.ask(f"margin of {key}", made.desk())

    assert shown["value"] is None
    assert shown["shown"] == "withheld"
    assert record in shown["withheld"]
    assert asked["status"] == "refused"
    assert "withhold" in asked["text"]


def _alter(home: Path, record: str) -> None:
    """Change an amount in the stored copy of a raw record."""
    for path in (home / "store").rglob("*.parquet") if (home / "store").exists() else home.rglob("raw/**/*.parquet"):
        table = pq.read_table(path)
        if "payload" not in table.column_names:
            continue
        rows = table.to_pylist()
        for row in rows:
            if row["record_id"] == record:
                payload = json.loads(row["payload"])
                for line in payload["Line"]:
                    line["Amount"] = round(float(line.get("Amount", 0)) + 1, 2)
                row["payload"] = json.dumps(payload)
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def test_a_metric_of_change_orders_lists_each_of_every_project(made: Company):
    desk = made.desk()
    records = {change for p in desk.measures.projects.values() for _, change in desk.measures.sums.changes(p.entity)}

    by_default, by_project = (
        statements.listing(desk, "change_order_price", by=by)["figures"] for by in (None, "project")
    )

    assert by_default == by_project
    assert len({figure["id"] for figure in by_project}) == len(records) > 0
    assert not [figure["withheld"] for figure in by_project if "withheld" in figure]


def test_desks_of_one_snapshot_share_what_was_read(made: Company):
    desk = made.desk()
    month_before = desk.at(as_of=desk.as_of.replace(day=1) - timedelta(days=1))

    cost = month_before.measures.portfolio_figure("actual_cost", "portfolio")

    assert month_before.checker is desk.checker
    assert month_before.at(as_of=desk.as_of) is desk
    assert desk.verify(cost).value == cost.value
    assert desk.verify(cost).holds


def test_a_server_can_answer_while_it_warms_up(made: Company):
    desk, question = made.desk(), "What is the margin of the portfolio?"
    alone = agent.ask(question, made.desk())
    warming = Thread(target=desk.warm)
    warming.start()

    beside = agent.ask(question, desk)

    warming.join()
    after = agent.ask(question, desk)
    for part in ("status", "text", "figures", "citations", "assumptions"):
        assert beside[part] == after[part] == alone[part]
