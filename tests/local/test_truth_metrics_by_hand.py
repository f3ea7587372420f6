"""A contractor of two jobs, small enough to work out on paper, and what the truth makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from local.sandbox.world import books
from local.sandbox.world.chart import accounts, cost_codes
from local.sandbox.world.model import (
    ChangeLine,
    ChangeOrder,
    Commitment,
    CommitmentLine,
    Employee,
    EmployerCost,
    Leaf,
    Owner,
    PayLine,
    PayRun,
    PayStub,
    PotentialChange,
    PrimeContract,
    Project,
    Quantity,
    SubInvoice,
    SubInvoiceItem,
    TxnLine,
    Vendor,
    World,
)
from local.sandbox.world.terms import AFFILIATE, Terms
from local.sandbox.world.truth import ProjectTruth, estimate
from local.sandbox.world.truth_costs import gather
from local.sandbox.world.truth_figure import apportion, decimal
from local.sandbox.world.truth_metrics import Metrics, measure
from local.sandbox.world.truth_people import Manager, Scorecard, months_before
from local.sandbox.world.truth_policy import Policy
from local.sandbox.world.truth_price import contract_value, transaction_price

AS_OF = date(2026, 11, 19)
CONCRETE, DRYWALL, SPARE = ("03-300", "L"), ("09-200", "S"), ("01-900", "O")


def person(number: str, role: Any, rate: int) -> Employee:
    return Employee(number, "Ann", number, role, "", rate, date(2020, 1, 1), None, 0, False, "", False)


def change(key: tuple[str, str], amount: int, status: str, reviewed: date | None, side: Any = "prime") -> ChangeOrder:
    part = PotentialChange("1", "Extra", [ChangeLine(key, amount)], date(2026, 9, 1))
    return ChangeOrder(
        side, 1, 1, "1", "CO 1", status, None, [part], date(2026, 9, 1), reviewed, packaged=reviewed is not None
    )


def job(identity: int, leaves: list[Leaf], contract: int, phase: Any = "active") -> Project:
    made = Project(
        identity, f"26-{identity:03d}", f"Job {identity}", Owner("Owner", "1"), "", "", phase,
        date(2026, 9, 1), date(2027, 3, 1), date(2027, 3, 1), None, 0, 0.0, 0.0,
    )  # fmt: skip
    made.quickbooks_id = str(identity)
    made.leaves = leaves
    made.contracts = [PrimeContract(identity, "PC-1", "Prime", "Approved", contract, date(2026, 8, 1))]
    return made


def subcontract(vendor: Vendor) -> Commitment:
    """58,000.00 of drywall and an approved change of 3,000.00."""
    made = Commitment(
        7,
        "subcontract",
        "SC-1",
        "Drywall",
        vendor,
        "Approved",
        date(2026, 9, 1),
        [CommitmentLine(8, DRYWALL, 5_800_000)],
    )
    made.changes.append(change(DRYWALL, 300_000, "approved", date(2026, 10, 1), "commitment"))
    return made


def contractor() -> World:
    """Job 1 has concrete of its own, drywall by a firm, and changes; job 2 only bought material."""
    vendor = Vendor("Drywallers", "sub", ())
    concrete = Leaf(*CONCRETE, original=2_000_000, budget_hours=400, quantity=10_000)
    concrete.produced.append(Quantity(date(2026, 11, 10), 4_000))
    first = job(1, [concrete, Leaf(*DRYWALL, original=6_000_000), Leaf(*SPARE, original=500_000)], 10_000_000)
    first.contracts[0].changes += [
        change(DRYWALL, 500_000, "approved", date(2026, 10, 10)),
        change(DRYWALL, 200_000, "proceeding", None),
        change(DRYWALL, 100_000, "pending", None),
        change(DRYWALL, 900_000, "rejected", None),
    ]
    first.commitments.append(subcontract(vendor))
    second = job(2, [Leaf("06-100", "M", original=1_000_000)], 1_500_000)
    world = World(
        7, date(2026, 11, 20), AS_OF, date(2026, 9, 1), accounts(), cost_codes(), [], [vendor],
        [person("1", "craft", 3000), person("2", "office", 5000)], [], [first, second],
    )  # fmt: skip
    _spend(world, vendor)
    _pay(world)
    _bill(world)
    return world


def _spend(world: World, vendor: Vendor) -> None:
    first, second = world.projects
    cost = TxnLine(world.accounts["subcontractors"], 1_000_000, first, truth=DRYWALL)
    withheld = TxnLine(world.accounts["retainage_payable"], -100_000)
    bill = books.bill(world, date(2026, 10, 25), vendor, [cost, withheld], "1")
    items = [SubInvoiceItem(DRYWALL, 8, False, 5_800_000, 0, 1_000_000, 0)]
    first.commitments[0].invoices.append(SubInvoice(1, 1, "1", date(2026, 10, 25), "approved", items, 100_000, 0, bill))
    books.pay_bills(world, date(2026, 11, 13), vendor, [bill], card=False, document="9")
    for day, amount in ((date(2026, 10, 5), 500_000), (date(2026, 11, 5), 57_100)):
        line = TxnLine(world.accounts["materials"], amount, second, second.leaves[0])
        books.purchase(world, day, vendor, [line], card=False)
    for day, amount in ((date(2026, 10, 1), 300_000), (date(2026, 11, 2), 100_000)):
        interest = books.debit(world, "interest", 50_000)
        books.purchase(world, day, vendor, [books.debit(world, "rent", amount), interest], card=False)


def _pay(world: World) -> None:
    """Forty hours of concrete at 30.00 with 91.80 of employer tax, and 2,000.00 of office pay."""
    craft, office = world.employees
    first = world.projects[0]
    worked = PayLine("REG", 160, 3000, 120_000, date(2026, 11, 3), first, first.leaves[0])
    stubs = [
        PayStub(craft, [worked], [EmployerCost("MEDICARE", 120_000, 9_180)]),
        PayStub(office, [PayLine("REG", 160, 5000, 200_000)]),
    ]
    world.runs.append(PayRun("payroll_file", "1", date(2026, 11, 2), date(2026, 11, 8), date(2026, 11, 13), stubs))


def _bill(world: World) -> None:
    billing = books.sales_line(world, "billing", 2_000_000, "Application 1")
    retained = books.sales_line(world, "retainage", -100_000, "Less retainage")
    sent = books.invoice(world, date(2026, 10, 31), world.projects[0], [billing, retained], "1001")
    books.receive(world, date(2026, 11, 16), sent, "1")


def measured(world: World, policy: Policy | None = None) -> Metrics:
    costs = gather(world, see_hidden=False)
    found = []
    for project in world.projects:
        leaves = estimate(project, costs, see_hidden=False)
        price, revised = transaction_price(project, AS_OF, leaves), contract_value(project, AS_OF)
        found.append(ProjectTruth(project, price, revised, leaves, 0, ("A",), ()))
    return measure(world, found, costs, policy)


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    return measured(contractor())


@pytest.fixture(scope="module")
def told(metrics: Metrics) -> dict[str, Any]:
    return metrics.to_json()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("original_contract_value", "100000.00"),
        ("approved_change_orders", "5000.00"),
        ("contract_value", "105000.00"),
        ("pending_change_orders", "3000.00"),
        ("original_budget", "85000.00"),
        ("approved_budget_changes", "3000.00"),
        ("revised_budget", "88000.00"),
        ("committed_cost", "61000.00"),
        ("invoiced_on_commitments", "10000.00"),
        ("open_commitments", "51000.00"),
        ("actual_cost", "11429.00"),  # bill 10,000; wages 1,200; tax 91.80; premiums 77.40 + 51.00 + 8.80
        ("estimated_cost_at_completion", "71572.50"),  # 63,000 + 5,000 + 1,429 + 60 h x 35.725
        ("cost_to_complete", "60143.50"),
        ("variance_at_completion", "16427.50"),
        ("gross_profit_at_completion", "33427.50"),
        ("gross_margin_at_completion", "0.3183571428571428571428571429"),
        ("original_gross_profit", "15000.00"),
        ("gross_profit_fade", "18427.50"),
        ("fade_from_changes", "2000.00"),
        ("fade_from_codes", "16427.50"),
        ("fade_from_price", "0.00"),
    ],
)
def test_price_budget_and_margin_of_a_job_are_those_of_the_paper(told: dict[str, Any], name: str, value: str):
    assert told["26-001"][name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("labor_wages", "1200.00"),
        ("labor_burden", "229.00"),
        ("labor_hours", "40.00"),
        ("labor_hours_per_week_1", "0.00"),  # the last complete week, 9 to 15 November, was not worked
        ("labor_hours_per_week_4", "10.00"),
        ("labor_cost_per_week_4", "357.25"),
        ("labor_hours_per_week_8", "5.00"),
        ("burn_index", "0.25"),  # a tenth of the hours for four tenths of the work
        ("projected_labor_at_completion", "3572.50"),
        ("labor_rate_variance", "571.00"),  # 40 h x 50.00 less 1,429
        ("labor_efficiency_variance", "6000.00"),  # 160 h allowed, 40 used, at 50.00
        ("labor_total_variance", "6571.00"),
    ],
)
def test_labor_of_a_job_is_that_of_the_paper(told: dict[str, Any], name: str, value: str):
    assert told["26-001"][name] == value


def test_overhead_is_spread_month_by_month_and_adds_up(told: dict[str, Any]):
    company = told["company"]

    assert company["overhead_pool"] == {
        "2026-10": "3000.00",
        "2026-11": "2862.80",
    }  # rent, office pay, premiums applied
    assert company["overhead_allocated"]["OA4"] == {
        "2026-10": {"26-001": "2000.00", "26-002": "1000.00"},
        "2026-11": {"26-001": "2045.47", "26-002": "817.33"},
    }
    assert company["overhead_allocated"]["OA1"]["2026-11"] == {"26-001": "2862.80"}
    assert company["overhead_unallocated"]["OA1"] == {"2026-10": "3000.00"}


def test_a_job_that_only_quickbooks_knows_takes_its_share_of_overhead():
    world = contractor()
    unseen = job(0, [], 0)
    unseen.quickbooks_name, unseen.quickbooks_id = "Porch", "77"
    world.unlisted.append(unseen)
    line = books.debit(world, "materials", 1_500_000, "", unseen)
    books.purchase(world, date(2026, 10, 7), world.vendors[0], [line], card=False)
    october = measured(world).to_json()["company"]["overhead_allocated"]["OA4"]["2026-10"]

    assert october == {"26-001": "1000.00", "26-002": "500.00", "Porch": "1500.00"}


def test_rent_to_a_sister_company_and_no_interest_tax_or_removal_is_overhead():
    world = contractor()
    affiliate = Vendor(AFFILIATE, "overhead", ())
    for account, vendor in (("rent", affiliate), ("income_tax", None), ("loan_interest", None), ("relocation", None)):
        books.purchase(world, date(2026, 10, 9), vendor, [books.debit(world, account, 40_000)], card=False)

    assert measured(world).to_json()["company"]["overhead_pool"]["2026-10"] == "3400.00"


def test_premiums_paid_reach_overhead_only_beyond_what_jobs_bear():
    world = contractor()
    books.bill(world, date(2026, 11, 9), world.vendors[0], [books.debit(world, "workers_comp", 10_000)], "WC")
    within, apart = measured(world), measured(world, Policy(burden_clearing="apart"))

    assert within.to_json()["company"]["overhead_pool"]["2026-11"] == "2962.80"  # 100.00 paid, 137.20 applied
    assert apart.to_json()["company"]["overhead_pool"]["2026-11"] == "3000.00"


def test_what_is_left_of_a_job_takes_the_rate_of_the_year(told: dict[str, Any]):
    rest = Fraction(586_280, 1_700_000) * (7_157_250 - 1_142_900)  # pool over base, on the cost to come

    assert told["26-001"]["overhead_to_date_OA4"] == "4045.47"
    assert told["26-001"]["overhead_at_completion_OA4"] == f"{(404_547 + round(rest)) / 100:.2f}"
    assert told["26-001"]["net_profit_at_completion"] == f"{(3_342_750 - 404_547 - round(rest)) / 100:.2f}"


def test_open_changes_move_profit_by_price_less_the_share_of_cost(told: dict[str, Any]):
    assert told["26-001"]["approve_all_profit"] == "34382.57"  # 33,427.50 + 3,000 x (1 - 71,572.50 / 105,000)
    assert told["26-001"]["reject_all_profit"] == "32064.21"  # 2,000 of it is being built already
    with_markup = measured(contractor(), Policy(change_order_markup=Fraction(1, 4))).to_json()
    assert with_markup["26-001"]["approve_all_profit"] == "34027.50"
    assert with_markup["26-001"]["reject_all_profit"] == "31827.50"


def test_the_schedule_says_what_is_earned_and_which_side_is_ahead(told: dict[str, Any]):
    job_ = told["26-001"]

    assert job_["earned_revenue"] == "16766.84"  # 11,429 / 71,572.50 of 105,000
    assert (job_["billed_to_date"], job_["overbilled"], job_["underbilled"]) == ("20000.00", "3233.16", "0.00")
    assert (job_["backlog"], job_["backlog_gross_profit"], job_["loss_provision"]) == ("88233.16", "28089.66", "0.00")


def test_cash_is_what_moved(told: dict[str, Any]):
    assert told["26-001"]["job_cash_in"] == "19000.00"
    assert told["26-001"]["job_cash_out"] == "10291.80"  # the bill less retainage, wages and tax on check day
    assert told["26-002"]["job_cash"] == "-5571.00"
    assert told["company"]["cash_balance"] == "-19571.00"  # the customer's check is not deposited yet


def test_ratios_of_the_portfolio_are_ratios_of_sums(told: dict[str, Any]):
    whole = told["portfolio"]

    assert (whole["jobs"], whole["contract_value"], whole["gross_profit_at_completion"]) == (
        "2",
        "120000.00",
        "38427.50",
    )
    assert whole["gross_margin_at_completion"] == decimal(Fraction(3_842_750, 12_000_000))
    assert told["portfolio_codes"]["03-300"]["cost_code_erosion"] == "-16427.50"


def test_erosion_of_a_leaf_and_of_its_code_are_estimate_less_budget(told: dict[str, Any]):
    leaves = told["leaves"]["26-001"]

    assert leaves["03-300.L"]["cost_code_erosion"] == leaves["03-300"]["cost_code_erosion"] == "-16427.50"
    assert "labor_rate_variance" in leaves["03-300.L"]
    assert "labor_rate_variance" not in leaves["09-200.S"]


def test_what_is_not_there_is_named_and_never_zero(metrics: Metrics):
    world = contractor()
    world.projects[1].contracts[0].status = "Out For Signature"
    bare = measured(world)

    assert bare.to_json()["26-002"]["gross_profit_at_completion"] is None
    assert bare.missing()["26-002"]["gross_profit_at_completion"] == "contract value (Procore)"
    assert "26-001" not in metrics.missing() or "contract_value" not in metrics.missing()["26-001"]


@pytest.mark.parametrize(
    ("terms", "price", "earned"),
    [
        # cost at completion 71,572.50, cost to date 11,429.00
        (Terms("cost_plus_fixed_fee", fee=700_000), "78572.50", "12546.79"),  # 11,429 + 7,000 x 0.15968...
        (Terms("cost_plus_percent", fee_rate=Fraction(1, 10)), "78729.75", "12571.90"),
        (Terms("cost_plus_percent", fee_rate=Fraction(1, 10), non_reimbursable=("01",)), "73229.75", "12571.90"),
        # most is 90,000 + 5,000; 40 percent of what 76,572.50 stays below it
        (Terms("gmp", fee=500_000, gmp=9_000_000, savings_share=Fraction(2, 5)), "83943.50", "13404.45"),
        (Terms("gmp", fee=500_000, gmp=6_000_000), "65000.00", "10379.48"),
        # 100 h at 60.00 and 68,000 with 5 percent; 40 h and 10,000 so far
        (
            Terms("time_and_materials", billing_rates={"": 5000, "03": 6000}, markup=Fraction(1, 20)),
            "77400.00",
            "12900.00",
        ),
        (Terms("time_and_materials", billing_rates={"": 6000}, not_to_exceed=1_000_000), "10000.00", "10000.00"),
    ],
)
def test_price_and_earned_revenue_follow_the_type_of_contract(terms: Terms, price: str, earned: str):
    world = contractor()
    world.projects[0].terms = terms
    found = measured(world).to_json()["26-001"]

    assert (found["contract_value"], found["earned_revenue"]) == (price, earned)


def test_a_loss_is_provided_for_in_full_whatever_the_progress():
    world = contractor()
    world.projects[0].contracts[0].amount = 5_000_000
    found = measured(world).to_json()["26-001"]

    assert found["gross_profit_at_completion"] == "-16572.50"
    assert found["earned_revenue"] == "8782.63"
    assert found["loss_provision"] == "13926.13"  # 8,782.63 - 11,429.00 + 16,572.50
    assert found["backlog_gross_profit"] == "0.00"


def test_a_closed_job_has_earned_everything_and_has_nothing_to_come():
    world = contractor()
    world.projects[0].phase = "closed"
    found = measured(world).to_json()["26-001"]

    assert (found["estimated_cost_at_completion"], found["cost_to_complete"]) == ("11429.00", "0.00")
    assert (found["percent_complete"], found["earned_revenue"], found["backlog"]) == ("1", "105000.00", "0.00")
    assert found["projected_labor_at_completion"] == "1429.00"


def test_more_installed_than_planned_explains_nothing():
    world = contractor()
    world.projects[0].leaves[0].produced.append(Quantity(date(2026, 11, 12), 9_000))
    found = measured(world).to_json()["26-001"]

    assert (found["labor_rate_variance"], found["labor_efficiency_variance"], found["burn_index"]) == (None, None, None)
    # by time: 1,429.00 so far and 357.25 a week for 102 days
    assert found["projected_labor_at_completion"] == "6634.64"


def card(*margins: Sequence[str]) -> Scorecard:
    return Scorecard(tuple(Manager(str(i), tuple(map(Fraction, own))) for i, own in enumerate(margins)))


def test_a_manager_s_score_is_drawn_to_the_mean_of_all():
    found = card(("0.10", "0.20"), ("0.30", "0.40"))
    low, high = found.managers

    assert (found.grand_mean, found.within, found.between) == (Fraction("0.25"), Fraction("0.005"), Fraction("0.0175"))
    assert found.credibility(low) == Fraction("0.875")
    assert (found.score(low), found.score(high)) == (Fraction("0.1625"), Fraction("0.3375"))
    assert not found.ranked(low)  # two jobs are too few


def test_without_a_second_manager_or_a_second_job_there_is_no_score():
    assert card(("0.1", "0.2")).score(card(("0.1", "0.2")).managers[0]) is None
    assert not card(("0.1",), ("0.2",)).available
    same = card(("0.1", "0.3"), ("0.1", "0.3"))
    assert same.between == 0
    assert same.to_json()["ranked"] is False


def test_a_job_of_two_managers_counts_for_neither():
    world = contractor()
    world.managers = [person("9", "office", 6000)]
    for project in world.projects:
        project.phase, project.manager = "closed", 9
    world.projects[1].co_manager = 8
    told = measured(world).to_json()["company"]["scorecard"]

    assert {name: line["n"] for name, line in told["managers"].items()} == {"Ann 9": 1}


def test_months_go_back_to_the_same_day_or_the_last_of_the_month():
    assert months_before(date(2026, 11, 19), 36) == date(2023, 11, 19)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_odd_cents_go_to_the_largest_remainders():
    assert apportion(100, [Fraction(1), Fraction(1), Fraction(1)]) == [34, 33, 33]
    assert apportion(-100, [Fraction(1), Fraction(2)]) == [-33, -67]
    assert apportion(286_280, [Fraction(142_900), Fraction(57_100)]) == [204_547, 81_733]
