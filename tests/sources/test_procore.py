"""What the Procore connector reads, how often it asks, and what it makes of silence."""

from __future__ import annotations

import pytest

from datablueprint.errors import PermissionMissing
from datablueprint.settings import Policy
from datablueprint.sources.procore import STREAMS
from datablueprint.sources.reading import children, per_project
from tests.fakes import world
from tests.sources.procore_office import Office, two_projects

# -- everything lands --------------------------------------------------------------------------------


def test_a_first_refresh_lands_every_record_under_its_project() -> None:
    office = two_projects()

    office.refresh("run-1")

    assert office.live("projects") == ["1", "2"]
    assert office.live("budget_rows") == ["1/7", "1/8", "1/9", "2/7", "2/8", "2/9"]
    assert list(office.raw.identities("work_order_contracts", "2")) == ["20"]
    assert list(office.raw.identities("work_order_contract_line_items", "10")) == ["100", "101"]


def test_projects_of_every_status_are_asked_for() -> None:
    office = two_projects()
    office.read("projects", "run-1")

    query = office.room.vendor.requests[-1].url.params

    assert query["filters[by_status]"] == "All"


def test_only_labor_lines_are_read_one_by_one() -> None:
    office = two_projects()

    office.refresh("run-1")

    assert office.live("budget_line_items") == ["1000", "2000"]
    assert [r.parent_id for r in office.raw.current("budget_line_items")] == ["1", "2"]


def test_unbudgeted_rows_are_asked_for() -> None:
    office = two_projects()
    office.refresh("run-1")

    [first, *_] = [r for r in office.room.vendor.requests if "detail_rows" in r.url.path]

    assert first.url.params["budget_row_type"] == "all"
    assert first.url.path.startswith("/rest/v1.0/budget_views/5/")


def test_lines_of_prime_potential_change_orders_are_not_asked_for() -> None:
    office = two_projects()
    office.add("prime_contracts", {"id": 70, "_project": 1})
    office.add("potential_change_orders", {"id": 71, "contract_id": 70, "status": "approved", "_project": 1})
    office.add("potential_change_orders", {"id": 11, "contract_id": 10, "status": "approved", "_project": 1})
    office.add("potential_change_order_line_items", {"id": 12, "_parent": 11})

    office.refresh("run-1")

    assert office.live("potential_change_orders") == ["11", "71"]
    assert office.live("potential_change_order_line_items") == ["12"]
    assert office.room.vendor.asked("potential_change_orders/71") == 0


def test_change_order_requests_are_asked_of_contracts_whose_changes_point_at_one() -> None:
    office = two_projects()
    office.add("potential_change_orders", {"id": 11, "contract_id": 10, "change_order_request_id": 5, "_project": 1})
    office.add("potential_change_orders", {"id": 21, "contract_id": 20, "change_order_request_id": None, "_project": 2})
    office.paged.on(
        "/rest/v1.0/change_order_requests", lambda query: [{"id": 5, "contract_id": int(query["contract_id"])}]
    )

    office.refresh("run-1")

    assert office.room.vendor.asked("change_order_requests") == 1
    assert list(office.raw.identities("change_order_requests", "10")) == ["5"]


def test_inactive_people_users_and_vendors_are_read_from_their_own_lists() -> None:
    office = two_projects()
    office.add("people", {"id": 1, "is_active": True}, {"id": 2, "is_active": True})
    office.refresh("run-1")
    office.remove("people", 2)
    office.add("inactive people", {"id": 2, "is_active": False})

    outcome = office.refresh("run-2")["people"]

    assert (outcome.changed, outcome.deleted) == (1, 0)
    assert office.live("people") == ["1", "2"]


def test_a_record_without_an_id_lands_too() -> None:
    office = two_projects()
    office.add("vendors", {"id": None, "name": "Nameless"})

    office.read("vendors", "run-1")

    [odd] = [key for key in office.live("vendors") if key.startswith("unidentified-")]
    assert len(odd) == len("unidentified-") + 12


# -- what it costs -----------------------------------------------------------------------------------


def test_a_second_refresh_lands_nothing_and_asks_each_list_once_per_active_project() -> None:
    office = two_projects()
    office.refresh("run-1")
    files, before = dict(office.room.files.content), office.room.vendor.asked()
    office.room.clock.move(minutes=30)

    outcomes = office.refresh("run-2")

    lists = [s for s in STREAMS if s.read is per_project and s.cycle is None]
    calls = {name: sum(outcome.calls.values()) for name, outcome in outcomes.items() if outcome.calls}
    assert office.room.files.content == files
    assert calls == {s.name: 1 for s in lists} | {
        "projects": 1,
        "vendors": 2,
        "users": 2,
        "people": 2,
        "timecard_entries": 2,
    }
    assert office.room.vendor.asked() - before == sum(calls.values()) == 24
    assert all(sum(outcomes[s.name].calls.values()) == 0 for s in STREAMS if s.read is children)


def test_a_closed_project_is_swept_once_a_week() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.add("work_order_contracts", {"id": 21, "status": "Approved", "_project": 2})

    office.refresh("run-2")
    assert "21" not in office.live("work_order_contracts")
    office.room.clock.move(days=7)
    office.refresh("run-3")

    assert "21" in office.live("work_order_contracts")


def test_a_closed_project_is_read_at_once_when_its_own_record_changed() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.add("work_order_contracts", {"id": 21, "status": "Approved", "_project": 2})
    office.find("projects", 2)["completion_date"] = "2026-12-31"

    office.refresh("run-2")

    assert "21" in office.live("work_order_contracts")


def test_a_full_run_reads_closed_projects_and_all_children() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.find("work_order_contract_line_items", 200)["amount"] = "9.0"

    office.refresh("run-2", full=True)

    [line] = [r for r in office.raw.current("work_order_contract_line_items") if r.native_id == "200"]
    assert '"amount":"9.0"' in line.payload


def test_lines_are_read_again_when_their_contract_changed_and_only_then() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.find("work_order_contracts", 10)["title"] = "Electrical"
    office.find("work_order_contract_line_items", 100)["amount"] = "5.0"
    office.room.vendor.requests.clear()

    outcome = office.refresh("run-2")["work_order_contract_line_items"]

    assert (outcome.changed, sum(outcome.calls.values())) == (1, 1)
    assert office.room.vendor.asked("work_order_contracts/10/line_items") == 1


def test_open_parents_are_read_again_after_a_day_and_closed_ones_are_not() -> None:
    office = two_projects()
    office.add("work_order_contracts", {"id": 15, "status": "Complete", "_project": 1})
    office.refresh("run-1")
    office.find("work_order_contract_line_items", 100)["amount"] = "5.0"
    office.room.clock.move(days=1)
    office.room.vendor.requests.clear()

    outcomes = office.refresh("run-2")

    assert outcomes["work_order_contract_line_items"].calls == {"lists": 1}
    assert outcomes["budget_line_items"].calls == {"records": 1}
    assert office.room.vendor.asked("work_order_contracts/10/line_items") == 1
    [line] = [r for r in office.raw.current("work_order_contract_line_items") if r.native_id == "100"]
    assert '"amount":"5.0"' in line.payload


def test_budget_views_are_not_asked_for_in_every_refresh() -> None:
    office = two_projects()
    office.refresh("run-1")

    assert office.refresh("run-2")["budget_views"].calls == {}
    office.room.clock.move(days=8)
    assert office.refresh("run-3")["budget_views"].calls == {"lists": 2}


def test_a_list_that_outgrew_one_page_is_read_by_window_with_three_dots_and_an_overlap() -> None:
    office = two_projects()
    office.add("projects", *({"id": n, "active": False, "start_date": "2025-01-01"} for n in range(1000, 1400)))
    office.read("projects", "run-1")
    office.room.clock.move(hours=1)
    office.find("projects", 1001)["name"] = "renamed"
    office.find("projects", 1001)["updated_at"] = "2026-11-20T12:30:00Z"
    office.room.vendor.requests.clear()

    outcome = office.read("projects", "run-2")

    [request] = office.room.vendor.requests
    assert request.url.params["filters[updated_at]"] == "2026-11-20T11:45:00Z...2026-11-21T13:00:00Z"
    assert (outcome.changed, outcome.deleted) == (1, 0)


def test_a_long_list_is_read_whole_once_a_week_to_find_deletions() -> None:
    office = two_projects()
    office.add("projects", *({"id": n, "active": False} for n in range(1000, 1400)))
    office.read("projects", "run-1")
    office.remove("projects", 1005)

    assert office.read("projects", "run-2").deleted == 0
    office.room.clock.move(days=7)
    assert office.read("projects", "run-3").deleted == 1


# -- deletions ---------------------------------------------------------------------------------------


def test_a_record_that_vanished_from_its_project_gets_a_tombstone() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.remove("work_order_contracts", 10)

    outcomes = office.refresh("run-2")

    assert outcomes["work_order_contracts"].deleted == 1
    assert outcomes["work_order_contract_line_items"].deleted == 2
    [tombstone] = [r for r in office.raw.current("work_order_contracts") if r.native_id == "10"]
    assert tombstone.deleted
    assert '"status":"Approved"' in tombstone.payload


def test_the_records_of_one_project_do_not_delete_those_of_another() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.rows["work_order_contracts"] = [r for r in office.rows["work_order_contracts"] if r["_project"] == 2]

    office.refresh("run-2")

    assert office.live("work_order_contracts") == ["20"]


def test_a_record_marked_as_deleted_is_a_tombstone() -> None:
    office = two_projects()
    office.add("direct_costs", {"id": 91, "deleted_at": None, "_project": 1})
    office.refresh("run-1")
    office.find("direct_costs", 91)["deleted_at"] = "2026-11-19T00:00:00Z"

    office.refresh("run-2")

    assert office.live("direct_costs") == []


def test_a_budget_line_that_is_no_labor_any_more_is_forgotten() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.rows["budget_rows"][0] |= {"category": "Materials", "category_id": 91}

    office.refresh("run-2")

    assert office.live("budget_line_items") == ["2000"]


def test_a_project_that_vanished_takes_its_records_with_it() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.remove("projects", 2)

    office.refresh("run-2")

    assert office.live("work_order_contracts") == ["10"]
    assert office.live("work_order_contract_line_items") == ["100", "101"]
    assert office.live("budget_rows") == ["1/7", "1/8", "1/9"]


def test_when_most_of_a_list_vanishes_the_permission_is_suspected_and_nothing_deleted() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.rows["vendors"].clear()

    with pytest.raises(PermissionMissing, match="6 of 6 known vendors vanished at once"):
        office.read("vendors", "run-2")

    assert len(office.live("vendors")) == 6


# -- timecards ---------------------------------------------------------------------------------------


def timecards() -> Office:
    office = two_projects()
    days = ("2025-02-03", "2026-08-04", "2026-11-19")
    office.add(
        "timecard_entries",
        *({"id": n, "date": day, "project": {"id": 1 + n % 2}, "deleted_at": None} for n, day in enumerate(days)),
    )
    office.refresh("run-1")
    return office


def test_timecards_are_first_read_by_slices_of_dates_from_before_the_first_project() -> None:
    office = timecards()

    assert office.live("timecard_entries") == ["0", "1", "2"]
    spans = [r.url.params for r in office.room.vendor.requests if "timecard" in r.url.path]
    assert spans[0]["start_date"] == "2024-12-10"
    assert list(office.raw.identities("timecard_entries", "2")) == ["1"]


def test_later_timecards_come_by_two_windows() -> None:
    office = timecards()
    office.room.clock.move(hours=2)
    office.add("timecard_entries", {"id": 3, "date": "2026-11-20", "updated_at": "2026-11-20T13:00:00Z"})
    office.find("timecard_entries", 2)["deleted_at"] = "2026-11-20T13:30:00Z"

    outcome = office.read("timecard_entries", "run-2")

    assert (outcome.new, outcome.deleted, outcome.calls) == (1, 1, {"lists": 2})
    assert office.live("timecard_entries") == ["0", "1", "3"]


def test_a_full_run_reads_timecard_slices_and_all_deletions() -> None:
    office = timecards()
    office.find("timecard_entries", 0)["deleted_at"] = "2026-11-02T00:00:00Z"

    office.read("timecard_entries", "run-2", full=True)

    assert office.live("timecard_entries") == ["1", "2"]


# -- the pinned budget view --------------------------------------------------------------------------


def test_the_budget_view_named_in_the_policy_is_read() -> None:
    office = Office(world(policy=Policy(budget_view="Executive Summary")))
    office.rows = two_projects().rows

    office.refresh("run-1")

    assert office.room.vendor.asked("/budget_views/6/detail_rows") == 2
    assert office.room.vendor.asked("/budget_views/5/detail_rows") == 0


def test_a_project_without_the_pinned_view_is_reported_and_not_read_from_another() -> None:
    office = Office(world(policy=Policy(budget_view="Executive Sumary")))
    office.rows = two_projects().rows

    outcome = office.refresh("run-1")["budget_rows"]

    assert outcome.calls == {}
    assert len(outcome.problems) == 2
    assert "has no budget view named 'Executive Sumary'" in outcome.problems[0]
    assert "'Executive Summary'" in outcome.problems[0]
