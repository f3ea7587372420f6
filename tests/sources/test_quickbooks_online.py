"""One call finds every change, and nothing the change feed leaves out goes unnoticed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import httpx
import pytest

from datablueprint.errors import IncompleteRead, MalformedRecord
from datablueprint.sources import extract
from datablueprint.sources.quickbooks_changes import ENTITIES
from tests.sources.quickbooks_books import HOME, Books, loaded


def watermark(books: Books, name: str = "changes") -> str:
    item = books.room.state.get(f"checkpoint/quickbooks_online/{name}")
    assert item
    return str(item.value["watermark"])


# -- the plan and its cost ---------------------------------------------------------------------------


def test_the_first_plan_reads_entities_then_the_feed_and_the_later_one_three_streams() -> None:
    books = Books()
    first = extract.plan("quickbooks_online", books.room.ports, False)
    books.refresh("run-1")

    assert first == [*ENTITIES, "changes", "TimeActivity", "TrialBalance"]
    assert extract.plan("quickbooks_online", books.room.ports, False) == ["changes", "TimeActivity", "TrialBalance"]
    assert extract.plan("quickbooks_online", books.room.ports, True) == first


def test_a_refresh_with_nothing_changed_costs_three_calls_and_lands_nothing() -> None:
    books = loaded()
    files = dict(books.room.files.content)

    outcomes = books.refresh("run-2")

    assert {name: o.calls for name, o in outcomes.items()} == {
        "changes": {"cdc": 1},
        "TimeActivity": {"query": 1},
        "TrialBalance": {"reports": 1},
    }
    assert books.room.vendor.asked() == 3
    assert books.room.files.content == files


def test_all_entities_are_asked_for_in_one_feed_call() -> None:
    books = loaded()

    books.read("changes", "run-2")

    [request] = books.room.vendor.requests
    assert request.url.params["entities"] == ",".join(ENTITIES)


# -- the first load ----------------------------------------------------------------------------------


def test_the_first_load_brings_inactive_rows_too() -> None:
    assert loaded().live("Vendor") == ["7"]


def test_a_payload_is_the_text_of_the_record_alone() -> None:
    books = loaded()

    [first, _] = books.raw.current("Bill")

    assert json.loads(first.payload)["TotalAmt"] == 10.5
    assert first.record_id == "quickbooks:Bill:25"
    assert first.request_id == "1-abc"
    assert first.payload.startswith('{"Id":"25"')


def test_an_entity_of_several_pages_is_held_against_its_count() -> None:
    books = Books().add("Bill", *(str(n) for n in range(2500)))

    outcome = books.read("Bill", "run-1")

    assert len(books.live("Bill")) == 2500
    assert outcome.calls == {"query": 4}


def test_an_entity_that_moved_under_the_pages_is_read_once_more() -> None:
    books = Books().add("Bill", *(str(n) for n in range(1500)))

    def slide(entity: str, start: int) -> None:
        if start > 1 and books.room.vendor.asked("query") == 2:
            row = books.rows["Bill"].pop(0)  # row 1000 slides back over the edge of the page
            books.rows["Bill"].append(row)

    books.before_page = slide
    books.counts["Bill"] = 1500

    outcome = books.read("Bill", "run-1")

    assert len(books.live("Bill")) == 1500
    assert outcome.calls == {"query": 6}


def test_an_entity_that_never_matches_its_count_is_an_error_with_a_way_out() -> None:
    books = Books().add("Bill", *(str(n) for n in range(1000)))
    books.counts["Bill"] = 1001

    with pytest.raises(IncompleteRead, match=r"QuickBooks Online: fewer rows came.*\(Bill\)"):
        books.read("Bill", "run-1")


def test_what_changes_during_the_first_load_is_caught_by_the_feed_that_ends_it() -> None:
    books = Books().add("Bill", "25")

    def meanwhile(entity: str, start: int) -> None:
        if entity == "Invoice":
            books.edit("Bill", "25", TotalAmt=11)

    books.before_page = meanwhile
    books.refresh("run-1")

    assert json.loads(books.raw.current("Bill")[0].payload)["TotalAmt"] == 11


def test_a_first_load_goes_on_after_a_pause_where_it_stopped() -> None:
    books = Books().add("Bill", *(str(n) for n in range(2500)))

    def slow(entity: str, start: int) -> None:
        books.room.clock.move(seconds=400)

    books.before_page = slow
    first = books.read("Bill", "run-1")
    second = books.read("Bill", "run-1")

    assert (first.status, first.new) == ("paused", 2000)
    assert (second.status, second.new) == ("done", 500)
    assert len(books.live("Bill")) == 2500


# -- the feed ----------------------------------------------------------------------------------------


def test_changes_of_any_entity_land_under_their_own_stream() -> None:
    books = loaded()
    books.edit("Bill", "25", TotalAmt=99)
    books.add("Invoice", "40")
    books.edit("Vendor", "7", DisplayName="Volt (deleted)")

    outcome = books.read("changes", "run-2")

    assert (outcome.new, outcome.changed, outcome.deleted) == (1, 2, 0)
    assert books.live("Invoice") == ["40"]


def test_a_record_whose_sync_token_did_not_move_lands_all_the_same() -> None:
    books = loaded()
    books.edit("Bill", "25", SyncToken="0", Balance=0)

    assert books.read("changes", "run-2").changed == 1


def test_the_watermark_is_the_servers_time_less_ten_minutes_never_that_of_a_record() -> None:
    books = loaded()
    books.edit("Account", "33", CurrentBalance=5)
    books.rows["Account"][0]["MetaData"]["LastUpdatedTime"] = "2027-03-01T00:00:00+00:00"

    outcome = books.read("changes", "run-2")

    expected = books.room.clock.now() - timedelta(minutes=10)
    assert outcome.watermark == watermark(books)
    assert abs((expected - datetime.fromisoformat(watermark(books))).total_seconds()) < 1


def test_reading_the_overlap_again_lands_nothing() -> None:
    books = loaded()
    books.edit("Bill", "25", TotalAmt=99)
    books.read("changes", "run-2")
    books.room.clock.move(minutes=1)

    outcome = books.read("changes", "run-3")

    assert (outcome.new, outcome.changed) == (0, 0)


def test_a_deletion_is_confirmed_by_a_read_before_it_becomes_a_tombstone() -> None:
    books = loaded()
    books.remove("Bill", "25")

    outcome = books.read("changes", "run-2")

    assert outcome.deleted == 1
    assert outcome.calls == {"cdc": 1, "confirm": 1}
    assert books.live("Bill") == ["26"]
    assert '"status":"Deleted"' in books.raw.current("Bill")[0].payload


def test_a_false_deletion_keeps_the_record_alive() -> None:
    books = loaded()
    books.flag_deleted("Bill", "25")

    outcome = books.read("changes", "run-2")

    assert outcome.deleted == 0
    assert books.live("Bill") == ["25", "26"]


def test_a_deletion_that_is_known_costs_no_second_confirmation() -> None:
    books = loaded()
    books.remove("Bill", "25")
    books.read("changes", "run-2")

    assert books.read("changes", "run-3").calls == {"cdc": 1}


def test_a_feed_that_may_have_been_cut_is_asked_again_in_halves() -> None:
    books = loaded()
    books.add("Bill", *(f"b{n}" for n in range(600))).add("Estimate", *(f"e{n}" for n in range(600)))

    outcome = books.read("changes", "run-2")

    assert outcome.calls == {"cdc": 3}
    assert outcome.new == 1200


def test_an_entity_too_busy_for_the_feed_is_read_whole_deletions_included() -> None:
    books = loaded()
    books.add("Bill", *(f"b{n}" for n in range(1300)))
    books.remove("Bill", "25")

    outcome = books.read("changes", "run-2")

    assert (outcome.new, outcome.deleted) == (1300, 1)
    assert "25" not in books.live("Bill")


def test_after_a_month_of_silence_everything_is_read_again_and_missing_rows_are_tombstones() -> None:
    books = loaded()
    books.remove("Bill", "25")
    books.edit("Bill", "26", TotalAmt=7)
    books.room.clock.move(days=31)

    outcome = books.to_the_end("changes", "run-2")

    assert books.live("Bill") == ["26"]
    assert outcome.status == "done"
    assert json.loads(books.raw.current("Bill")[1].payload)["TotalAmt"] == 7


def test_a_fault_inside_one_block_of_the_feed_makes_that_entity_be_queried() -> None:
    books = loaded()
    books.add("Invoice", "40")
    books.edit("Bill", "25", TotalAmt=99)
    books.fault_in_feed = "Bill"

    outcome = books.read("changes", "run-2")

    assert (outcome.new, outcome.changed) == (1, 1)
    assert outcome.calls == {"cdc": 1, "query": 1}


def test_a_feed_without_server_time_sets_no_watermark() -> None:
    books = loaded()
    before = watermark(books)
    books.room.vendor.on(f"{HOME}/cdc", {"CDCResponse": [{"QueryResponse": []}]})

    with pytest.raises(MalformedRecord, match="no server time"):
        books.read("changes", "run-2")

    assert watermark(books) == before


def test_an_error_in_the_feed_leaves_the_watermark_where_it_was() -> None:
    books = loaded()
    before = watermark(books)
    books.room.vendor.on(f"{HOME}/cdc", lambda _: httpx.Response(500))

    with pytest.raises(Exception, match="QuickBooks Online"):
        books.read("changes", "run-2")

    assert watermark(books) == before


def test_a_full_run_is_a_first_load_that_also_finds_deletions() -> None:
    books = loaded()
    books.remove("Bill", "25", stub=False)

    books.refresh("run-2", full=True)

    assert books.live("Bill") == ["26"]


# -- what the feed does not cover --------------------------------------------------------------------


def test_time_activities_come_by_query_since_the_watermark() -> None:
    books = loaded()
    books.edit("TimeActivity", "2", Hours=4)
    books.add("TimeActivity", "3")

    outcome = books.read("TimeActivity", "run-2")

    assert (outcome.new, outcome.changed, outcome.calls) == (1, 1, {"query": 1})


def test_a_deleted_time_activity_is_found_by_the_weekly_list() -> None:
    books = loaded()
    books.remove("TimeActivity", "1")

    assert books.read("TimeActivity", "run-2").deleted == 0
    books.room.clock.move(days=7)
    assert books.read("TimeActivity", "run-3").deleted == 1
    assert books.live("TimeActivity") == ["2"]


# -- the control total -------------------------------------------------------------------------------


def test_the_trial_balance_lands_when_more_than_its_time_stamp_changed() -> None:
    books = loaded()

    assert books.read("TrialBalance", "run-2").changed == 0
    books.balance = "101.00"
    assert books.read("TrialBalance", "run-3").changed == 1
    assert [r.record_id for r in books.raw.current("TrialBalance")] == ["quickbooks:TrialBalance:Accrual"]


def test_a_report_on_another_basis_than_asked_for_is_not_kept() -> None:
    books = loaded()
    report = {"Header": {"ReportBasis": "Cash", "EndPeriod": "2026-11-20"}, "Rows": {}}
    books.room.vendor.on(f"{HOME}/reports/TrialBalance", report)

    with pytest.raises(MalformedRecord, match="ReportBasis is Cash"):
        books.read("TrialBalance", "run-2")
