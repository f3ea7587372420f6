"""The simulated contractor keeps its own books straight before anyone else reads them."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from local.sandbox.world import VendorCollections, World, build_world, collections
from local.sandbox.world.money import share
from local.sandbox.world.truth_costs import gather


@pytest.fixture(scope="module")
def world() -> World:
    return build_world()


@pytest.fixture(scope="module")
def shown(world: World) -> VendorCollections:
    return collections(world)


@pytest.fixture(scope="module")
def truth(world: World) -> dict[str, Any]:
    return world.truth.to_json()


def money(value: Any) -> Decimal:
    return Decimal(str(value))


def as_text(shown: VendorCollections) -> str:
    return json.dumps([shown.procore, shown.quickbooks, shown.gusto, shown.files], sort_keys=True)


def test_the_same_seed_gives_the_same_world_to_the_byte():
    first, again, other = (build_world(seed=seed, jobs=8) for seed in (3, 3, 4))

    assert as_text(collections(first)) == as_text(collections(again))
    assert first.truth.to_json() == again.truth.to_json()
    assert as_text(collections(first)) != as_text(collections(other))


@pytest.mark.parametrize(("seed", "jobs"), [(1, 3), (2, 5), (5, 12)])
def test_small_worlds_can_be_built_too(seed: int, jobs: int):
    small = build_world(seed=seed, jobs=jobs)

    assert len(small.projects) >= jobs
    assert {p.phase for p in small.projects} >= {"closed", "active", "pre_construction"}
    assert small.truth.projects


def test_pay_lines_and_employer_cost_foot_to_run_control(shown: VendorCollections):
    folders = {path.rsplit("/", 1)[0] for path in shown.files}

    assert len(folders) > 50
    for folder in folders:
        lines, employer, (control,) = (
            list(csv.DictReader(io.StringIO(shown.files[f"{folder}/{name}.csv"])))
            for name in ("pay_lines", "employer_cost", "run_control")
        )
        gross = sum(money(row["amount"]) for row in lines if row["pay_type"] != "REIMB")
        repaid = sum(money(row["amount"]) for row in lines if row["pay_type"] == "REIMB")
        benefits = sum(money(r["amount"]) for r in employer if r["component"] in {"HEALTH", "RETIREMENT"})
        taxes = sum(money(row["amount"]) for row in employer) - benefits
        reported = [money(control[k]) for k in ("gross_wages", "reimbursements", "employer_taxes", "employer_benefits")]
        assert [gross, repaid, taxes, benefits] == reported


def test_every_gusto_run_adds_up_to_its_totals(shown: VendorCollections):
    for run in (run for run in shown.gusto["payrolls"] if run["processed"]):
        people = run["employee_compensations"]
        taxes = sum(money(t["amount"]) for p in people for t in p["taxes"] if t["employer"])
        benefits = sum(money(b["company_contribution"]) for p in people for b in p["benefits"])
        parts = sum(
            money(x["amount"])
            for p in people
            for kind in ("hourly_compensations", "fixed_compensations", "paid_time_off")
            for x in p[kind]
        )
        assert parts == money(run["totals"]["gross_pay"])
        assert taxes == money(run["totals"]["employer_taxes"])
        assert benefits == money(run["totals"]["benefits"])


def test_payroll_journals_equal_the_register(world: World, shown: VendorCollections):
    journals = [j for j in shown.quickbooks["JournalEntry"] if j.get("DocNumber", "").startswith("PAY")]

    posted = sum(
        money(line["Amount"])
        for journal in journals
        for line in journal["Line"]
        if line["JournalEntryLineDetail"]["PostingType"] == "Debit"
    )

    register = sum(stub.gross + stub.burden + stub.reimbursed for run in world.runs for stub in run.stubs)
    assert posted * 100 == register
    assert all("Entity" not in line["JournalEntryLineDetail"] for j in journals for line in j["Line"])


def postings(entity: str, txn: dict[str, Any], items: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Decimal]]:
    """The posting rules of the ledger read off the JSON alone: (account id, debit-positive amount)."""
    if entity == "JournalEntry":
        for line in txn["Line"]:
            detail = line["JournalEntryLineDetail"]
            yield detail["AccountRef"]["value"], money(line["Amount"]) * (1 if detail["PostingType"] == "Debit" else -1)
        return
    if entity == "Transfer":
        yield txn["ToAccountRef"]["value"], money(txn["Amount"])
        yield txn["FromAccountRef"]["value"], -money(txn["Amount"])
        return
    sign = money(txn.get("ExchangeRate", 1))
    if entity in {"VendorCredit", "Invoice", "Deposit", "Payment"} or txn.get("Credit"):
        sign = -sign
    for line in txn["Line"]:
        if line.get("DetailType") == "SubTotalLineDetail":
            continue
        yield line_account(entity, line, items), sign * money(line["Amount"])
    yield balancing_account(entity, txn), -sign * money(txn["TotalAmt"])


def line_account(entity: str, line: dict[str, Any], items: dict[str, dict[str, Any]]) -> str:
    if entity in {"BillPayment", "Payment"}:
        return {"BillPayment": "AP", "Payment": "AR"}[entity]
    if "DetailType" not in line:
        return "UNDEPOSITED"
    detail = line[line["DetailType"]]
    if "AccountRef" in detail:
        return str(detail["AccountRef"]["value"])
    if "ItemAccountRef" in detail:
        return str(detail["ItemAccountRef"]["value"])
    return str(items[detail["ItemRef"]["value"]]["ExpenseAccountRef"]["value"])


def balancing_account(entity: str, txn: dict[str, Any]) -> str:
    match entity:
        case "Bill" | "VendorCredit":
            return str(txn["APAccountRef"]["value"])
        case "Purchase":
            return str(txn["AccountRef"]["value"])
        case "Deposit" | "Payment":
            return str(txn["DepositToAccountRef"]["value"])
        case "BillPayment":
            paid = txn.get("CheckPayment", {}).get("BankAccountRef") or txn["CreditCardPayment"]["CCAccountRef"]
            return str(paid["value"])
    return "AR"


POSTING = ("Bill BillPayment Purchase VendorCredit JournalEntry Invoice Payment CreditMemo Deposit Transfer").split()


def test_every_posting_transaction_balances(shown: VendorCollections):
    items = {item["Id"]: item for item in shown.quickbooks["Item"]}

    for entity in POSTING:
        assert shown.quickbooks[entity]
        for txn in shown.quickbooks[entity]:
            assert sum(amount for _, amount in postings(entity, txn, items)) == 0, (entity, txn["Id"])


def test_account_balances_are_what_the_transactions_make_them(shown: VendorCollections):
    accounts = {account["Id"]: account for account in shown.quickbooks["Account"]}
    by_name = {account["Name"]: account["Id"] for account in accounts.values()}
    short = {
        "AP": by_name["Accounts Payable (A/P)"],
        "AR": by_name["Accounts Receivable (A/R)"],
        "UNDEPOSITED": by_name["Undeposited Funds"],
    }
    items = {item["Id"]: item for item in shown.quickbooks["Item"]}
    rebuilt: dict[str, Decimal] = defaultdict(Decimal)
    for entity in POSTING:
        for txn in shown.quickbooks[entity]:
            for account, amount in postings(entity, txn, items):
                rebuilt[short.get(account, account)] += amount

    for number, account in accounts.items():
        on_balance_sheet = account["Classification"] not in {"Revenue", "Expense"}
        assert money(account["CurrentBalance"]) == (rebuilt[number] if on_balance_sheet else 0), account["Name"]


def test_transaction_ids_come_from_one_counter(shown: VendorCollections):
    numbers = [txn["Id"] for entity in (*POSTING, "Estimate", "PurchaseOrder") for txn in shown.quickbooks[entity]]

    assert len(numbers) == len(set(numbers))


def test_contracts_of_both_sides_share_one_counter(shown: VendorCollections):
    streams = ("prime_contracts", "work_order_contracts", "purchase_order_contracts")
    numbers = [row["id"] for stream in streams for row in shown.procore[stream]]
    lines = [
        row["id"]
        for stream in (
            "work_order_contract_line_items",
            "purchase_order_contract_line_items",
            "potential_change_order_line_items",
        )
        for row in shown.procore[stream]
    ]

    assert len(numbers) == len(set(numbers))
    assert len(lines) == len(set(lines))


def test_ids_are_unique_within_every_list(shown: VendorCollections):
    for stream, rows in shown.procore.items():
        if stream != "budget_rows":
            numbers = [row["id"] for row in rows]
            assert len(numbers) == len(set(numbers)), stream
    keys = [(row["project_id"], row["wbs_code_id"]) for row in shown.procore["budget_rows"]]
    assert len(keys) == len(set(keys))


def test_leaves_foot_to_the_estimate_of_their_project(truth: dict[str, Any]):
    for project in truth["projects"]:
        assert sum(money(leaf["eac"]) for leaf in project["leaves"]) == money(project["eac"])
        if project["tp"] is not None:
            assert money(project["tp"]) - money(project["eac"]) == money(project["gpc"])


def test_estimates_are_never_below_what_is_spent_or_signed(truth: dict[str, Any]):
    for project in truth["projects"]:
        for leaf in project["leaves"]:
            spent, still_open = money(leaf["a"]), money(leaf["oc"])
            assert money(leaf["eac"]) >= spent or project["closed"]
            assert project["closed"] or money(leaf["eac"]) >= spent + still_open


def test_coverage_adds_up_to_the_cost_of_all_projects(truth: dict[str, Any]):
    buckets = ("both", "quickbooks_only", "procore_only", "payroll", "applied", "unprocessed_time")

    covered = sum(money(truth["coverage"][bucket]) for bucket in buckets)

    assert covered == sum(money(project["actual"]) for project in truth["projects"])


def test_register_cost_is_on_jobs_or_unassigned_to_the_cent(world: World, truth: dict[str, Any]):
    register = sum(stub.gross + stub.burden for run in world.runs for stub in run.stubs)

    assert register == 100 * (money(truth["coverage"]["payroll"]) + money(truth["coverage"]["unassigned_payroll"]))


def test_every_method_of_estimating_is_needed_somewhere(truth: dict[str, Any]):
    methods = {leaf["method"] for project in truth["projects"] for leaf in project["leaves"]}

    assert methods == {"A", "E1", "E2", "E3a", "E4", "E5", "E6"}


def test_twins_are_on_all_three_sides(shown: VendorCollections, truth: dict[str, Any]):
    twins = [mistake for mistake in truth["mistakes"] if mistake["kind"] == "twin"]
    bills = {f"quickbooks:Bill:{bill['Id']}": bill for bill in shown.quickbooks["Bill"]}
    invoices = {f"procore:requisitions:{row['id']}": row for row in shown.procore["requisitions"]}
    imports = {f"procore:direct_costs:{row['id']}": row for row in shown.procore["direct_costs"]}

    assert len(twins) > 100
    for twin in twins:
        invoice, bill, mirror = twin["records"]
        cost = sum(money(line["Amount"]) for line in bills[bill]["Line"] if money(line["Amount"]) > 0)
        billed = sum(
            money(item["work_completed_this_period"]) + money(item["materials_presently_stored"])
            for item in invoices[invoice]["items"]
        )
        assert cost == billed == money(imports[mirror]["amount"]) == money(twin["amount"])
        assert imports[mirror]["origin_id"] == bills[bill]["Id"]


def test_every_kind_of_mistake_was_planted_and_its_records_exist(shown: VendorCollections, truth: dict[str, Any]):
    known = {f"procore:{s}:{row['id']}" for s, rows in shown.procore.items() for row in rows}
    known |= {f"quickbooks:{s}:{row['Id']}" for s, rows in shown.quickbooks.items() for row in rows}
    kinds = {mistake["kind"] for mistake in truth["mistakes"]}

    assert kinds >= {
        "twin", "missing_job", "wrong_code", "late_bill", "name_drift", "void", "private_commitment",
        "suspected_duplicate", "hostile_memo", "unnumbered_bill", "stale_forecast", "overproduced",
    }  # fmt: skip
    assert {record for mistake in truth["mistakes"] for record in mistake["records"]} <= known


def test_links_name_records_that_exist(shown: VendorCollections, truth: dict[str, Any]):
    known = {f"procore:{s}:{row['id']}" for s, rows in shown.procore.items() for row in rows}
    known |= {f"quickbooks:{s}:{row['Id']}" for s, rows in shown.quickbooks.items() for row in rows}
    known |= {f"gusto:employees:{row['uuid']}" for row in shown.gusto["employees"]}
    named = {r for link in truth["links"] for r in link["records"] if not r.startswith("payroll_file:")}

    assert named <= known


def test_a_private_commitment_costs_one_job_its_estimate(truth: dict[str, Any]):
    jobs = {m["project"] for m in truth["mistakes"] if m["kind"] == "private_commitment"}
    differing = [p for p in truth["projects"] if p["eac"] != p["eac_if_all_shared"]]

    assert {p["number"] for p in differing} < jobs
    assert all(p["expected_grade"] == ["C"] for p in truth["projects"] if p["number"] in jobs)


def test_no_other_approved_invoice_is_held_than_the_planted_one(world: World):
    planted = [thing for kind, _, _, things, _ in world.planted if kind == "suspected_duplicate" for thing in things]

    held = gather(world, see_hidden=False).held

    assert [invoice for _, invoice in held] == planted[:1]


def test_expected_grades_are_varied_and_reasoned(truth: dict[str, Any]):
    running = [p for p in truth["projects"] if p["phase"] == "active"]

    assert sum(p["expected_grade"] == ["A"] for p in running) >= 2
    assert sum(p["expected_grade"] == ["C"] for p in running) >= 4
    assert all(p["reasons"] for p in truth["projects"] if p["expected_grade"] != ["A"])


def test_committed_costs_of_the_budget_are_the_visible_commitments_except_where_one_is_private(
    shown: VendorCollections, truth: dict[str, Any]
):
    reported: dict[str, Decimal] = defaultdict(Decimal)
    for row in shown.procore["budget_rows"]:
        reported[str(row["project_id"])] += money(row["Committed Costs"])
    private = {m["project"] for m in truth["mistakes"] if m["kind"] == "private_commitment"}

    for project in truth["projects"]:
        visible = sum(money(leaf["cc"]) for leaf in project["leaves"])
        assert (visible == reported[project["procore_id"]]) == (project["number"] not in private)


def test_margins_are_those_of_a_contractor(truth: dict[str, Any]):
    margins = {
        p["number"]: money(p["gpc"]) / money(p["tp"])
        for p in truth["projects"]
        if p["tp"] is not None and p["phase"] in {"closed", "closing", "active"}
    }

    usual = [m for m in margins.values() if Decimal("0.02") <= m <= Decimal("0.15")]
    assert len(usual) >= 0.85 * len(margins)
    assert 1 <= sum(m < 0 for m in margins.values()) <= 3
    assert max(margins.values()) < Decimal("0.2")


def test_a_world_of_forty_jobs_has_the_size_it_promises(world: World, shown: VendorCollections):
    assert len(world.projects) == 40
    assert 11 <= sum(p.phase == "active" for p in world.projects) <= 13
    assert len(world.vendors) == 157
    assert 75 <= len(world.employees) <= 80
    assert len({row["flat_code"] for row in shown.procore["wbs_codes"]}) >= 60
    assert 20_000 <= len(shown.procore["timecard_entries"]) <= 42_000
    assert len(world.codes) == 60


def test_nothing_dated_after_the_as_of_date_is_stamped_in_the_future(world: World, shown: VendorCollections):
    newest = max(row["updated_at"] for rows in shown.procore.values() for row in rows if "updated_at" in row)
    changed = max(row["MetaData"]["LastUpdatedTime"] for rows in shown.quickbooks.values() for row in rows)

    assert newest[:10] <= world.today.isoformat()
    assert changed[:10] <= world.today.isoformat()


def test_shares_foot_and_the_largest_remainders_get_the_odd_cents():
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(5, [1, 2, 3]) == [1, 2, 2]
    assert share(-10, [1, 1, 1]) == [-3, -3, -4]
