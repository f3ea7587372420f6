"""What must hold for every contractor, tried on several; the specification's own list of invariants."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.sandbox.world import World, build_world
from local.sandbox.world.model import ChangeLine, ChangeOrder, PotentialChange
from local.sandbox.world.truth import conclude
from local.sandbox.world.truth_figure import apportion
from local.sandbox.world.truth_job import Job
from local.sandbox.world.truth_metrics import Metrics
from local.sandbox.world.truth_overhead import BASES, named
from local.sandbox.world.truth_people import Manager, Scorecard

ROOM = Path(__file__).parents[2] / "local/sandbox/world"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Case:
    world: World
    metrics: Metrics
    told: dict[str, Any]

    def jobs(self) -> list[tuple[Job, dict[str, Decimal]]]:
        """Jobs with their figures; what is missing is not among them."""
        return [(job, known(self.told[job.number])) for job in self.metrics.jobs]

    def priced(self) -> list[tuple[Job, dict[str, Decimal]]]:
        found = [(job, figures) for job, figures in self.jobs() if job.tp is not None]
        assert len(found) > 8
        return found


def known(texts: dict[str, str | None]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in texts.items() if value is not None}


@pytest.fixture(scope="module", params=(7, 11, 23))
def case(request: pytest.FixtureRequest) -> Case:
    world = build_world(seed=request.param, jobs=12)
    return Case(world, world.truth.metrics, world.truth.metrics.to_json())


def test_the_estimate_covers_what_is_spent_and_what_is_signed_for(case: Case):
    for job, _ in case.jobs():
        for leaf in job.truth.leaves:
            assert leaf.eac >= leaf.a
            assert job.closed or leaf.eac >= leaf.a + leaf.oc


def test_profit_is_price_less_estimate_and_to_complete_is_estimate_less_spent(case: Case):
    for _, f in case.priced():
        assert f["gross_profit_at_completion"] == f["contract_value"] - f["estimated_cost_at_completion"]
        assert f["cost_to_complete"] == f["estimated_cost_at_completion"] - f["actual_cost"] >= 0


def test_percent_complete_lies_between_nothing_and_everything(case: Case):
    for job, f in case.jobs():
        assert 0 <= f["percent_complete"] <= 1
        assert f["percent_complete"] == 1 if job.closed else True
        assert f["percent_complete"] == 0 if not job.started and not job.closed else True


def test_a_job_is_never_ahead_and_behind_of_its_billing(case: Case):
    for _, f in case.priced():
        assert f["overbilled"] * f["underbilled"] == 0
        assert f["overbilled"] - f["underbilled"] == f["billed_to_date"] - f["earned_revenue"]


def test_earned_and_backlog_make_the_price(case: Case):
    for _, f in case.priced():
        assert f["earned_revenue"] + f["backlog"] == f["contract_value"]


def test_a_loss_is_recognised_whole_and_a_profit_needs_no_provision(case: Case):
    for job, f in case.priced():
        recognised = f["earned_revenue"] - f["actual_cost"] - f["loss_provision"]
        if f["gross_profit_at_completion"] >= 0:
            assert f["loss_provision"] == 0
        else:
            assert recognised == f["gross_profit_at_completion"] or job.project.terms
        assert recognised + f["backlog_gross_profit"] == f["gross_profit_at_completion"]


def test_some_job_loses_money_so_that_the_provision_is_tried(case: Case):
    assert any(f["loss_provision"] > 0 for _, f in case.priced())


def test_rate_and_efficiency_make_the_total(case: Case):
    variances = [f for _, f in case.jobs()] + [
        known(x) for leaves in case.told["leaves"].values() for x in leaves.values()
    ]
    found = [f for f in variances if "labor_rate_variance" in f]

    assert len(found) > 10
    for f in found:
        parts = f["labor_rate_variance"] + f["labor_efficiency_variance"]
        assert parts == f["labor_total_variance"]


def test_profit_of_the_bid_and_its_four_ways_of_fading_make_the_profit_of_today(case: Case):
    for _, f in case.priced():
        parts = ("fade_from_changes", "fade_from_codes", "fade_from_price", "unbalanced_transfers")
        assert sum(f[name] for name in parts) == f["gross_profit_fade"]
        assert f["original_gross_profit"] + f["gross_profit_fade"] == f["gross_profit_at_completion"]


def test_erosion_of_codes_adds_to_that_of_the_job(case: Case):
    for job, f in case.jobs():
        leaves = {key: known(x)["cost_code_erosion"] for key, x in case.told["leaves"][job.number].items()}
        codes = {key: amount for key, amount in leaves.items() if "." not in key}
        assert sum(codes.values()) == sum(a for key, a in leaves.items() if "." in key) == -f["variance_at_completion"]


@pytest.mark.parametrize("base", BASES)
def test_shares_of_overhead_add_to_the_pool_of_their_month(case: Case, base: str):
    company = case.told["company"]
    for month, pool in company["overhead_pool"].items():
        shares = company["overhead_allocated"][base].get(month, {})
        loose = company["overhead_unallocated"][base].get(month, "0")
        assert sum(map(Decimal, shares.values())) + Decimal(loose) == Decimal(pool)


@pytest.mark.parametrize("base", BASES)
def test_overhead_of_a_job_is_the_sum_of_its_months_and_what_is_to_come(case: Case, base: str):
    shares = case.told["company"]["overhead_allocated"][base].values()
    for job, f in case.jobs():
        assert f[f"overhead_to_date_{base}"] == sum(Decimal(month.get(job.number, "0")) for month in shares)
        if f"overhead_at_completion_{base}" in f:
            assert f[f"overhead_at_completion_{base}"] >= f[f"overhead_to_date_{base}"]
            assert f[f"overhead_at_completion_{base}"] == f[f"overhead_to_date_{base}"] or not job.closed


def test_every_month_of_the_books_has_its_overhead(case: Case):
    months = {named((txn.day.year, txn.day.month)) for txn in case.world.txns if txn.day <= case.world.as_of}

    assert months == set(case.told["company"]["overhead_pool"])
    assert all(Decimal(pool) > 0 for pool in case.told["company"]["overhead_pool"].values())


def test_net_profit_is_gross_profit_less_overhead_on_the_usual_base(case: Case):
    for _, f in case.priced():
        net = f["gross_profit_at_completion"] - f["overhead_at_completion_OA4"]
        assert f["net_profit_at_completion"] == net
        assert abs(f["net_margin_at_completion"] - net / f["contract_value"]) < Decimal("1e-20")


def test_wages_and_burden_of_jobs_and_of_nobody_make_the_register(case: Case):
    world = case.world
    runs = [run for run in world.runs if run.processed and run.end <= world.as_of]
    register = sum(stub.gross + stub.burden for run in runs for stub in run.stubs)
    costs = [entry for job in case.metrics.jobs for entry in job.entries if entry.bucket == "applied"]
    on_jobs = sum(f["labor_wages"] + f["labor_burden"] for _, f in case.jobs()) * 100
    nobody = world.truth.coverage["unassigned_payroll"]

    assert on_jobs - sum(entry.amount for entry in costs) + nobody == register


def test_labor_of_a_job_is_wages_burden_and_time_not_yet_paid(case: Case):
    for job, f in case.jobs():
        rest = [e for e in job.entries if e.key[1] == "L" and not e.component]
        labor = sum(leaf.a for leaf in job.labor)
        assert (f["labor_wages"] + f["labor_burden"]) * 100 + sum(e.amount for e in rest) == labor


def test_money_of_the_portfolio_adds_and_its_margin_is_that_of_the_sums(case: Case):
    inside = [f for job, f in case.priced() if job.active]
    whole = known(case.told["portfolio"])

    assert whole["jobs"] == len(inside)
    for name in ("contract_value", "actual_cost", "gross_profit_at_completion", "billed_to_date", "job_cash"):
        assert whole[name] == sum(f[name] for f in inside)
    margin = whole["gross_profit_at_completion"] / whole["contract_value"]
    assert abs(whole["gross_margin_at_completion"] - margin) < Decimal("1e-20")


def test_a_job_s_cash_is_what_accrual_says_less_what_is_still_open(case: Case):
    """The identity of section 21, both sides from the world's own postings."""
    for job, f in case.jobs():
        if "job_cash" not in f:
            assert job.project.quickbooks_id is None
            continue
        owed_to_us = _balance(case.world, job, {"ar", "retainage_receivable"})
        assert f["billed_to_date"] * 100 - owed_to_us == f["job_cash_in"] * 100
        never_cash = sum(e.amount for e in job.entries if e.bucket in {"applied", "unprocessed_time", "procore_only"})
        never_cash += sum(e.amount for e in job.entries if e.bucket == "payroll" and e.paid > case.world.as_of)
        never_cash += _journalled(case.world, job)
        assert f["actual_cost"] * 100 - never_cash - _owed_to_vendors(case.world, job) == f["job_cash_out"] * 100


def _balance(world: World, job: Job, accounts: set[str]) -> int:
    """Debits less credits of a job's sales forms and payments on the given accounts."""
    found = 0
    for txn in world.txns:
        if txn.customer is job.project and txn.day <= world.as_of and txn.kind in {"Invoice", "CreditMemo", "Payment"}:
            sign = 1 if txn.kind == "Invoice" else -1
            found += sign * txn.total if "ar" in accounts else 0
            kept = [line for line in txn.lines if line.account.key == "retainage_receivable"]
            found -= sign * sum(line.amount for line in kept)
    return found


def _journalled(world: World, job: Job) -> int:
    journals = [t for t in world.txns if t.kind == "JournalEntry" and t.day <= world.as_of]
    lines = [x for t in journals for x in t.lines if x.project is job.project and x.account.is_cost]
    return sum(x.amount if x.debit else -x.amount for x in lines if x.account.key != "allocated_overhead")


def _owed_to_vendors(world: World, job: Job) -> int:
    """Cost of bills less what was paid on them; retainage is owed until a bill without a job releases it."""
    found = 0
    for txn in world.txns:
        if txn.kind == "VendorCredit" and txn.day <= world.as_of:
            found -= sum(line.amount for line in txn.lines if line.project is job.project)
        if txn.kind != "Bill" or txn.day > world.as_of or txn.currency != "USD":
            continue
        cost = sum(line.amount for line in txn.lines if line.project is job.project and line.account.is_cost)
        paid = [x.amount for t in txn.links if t.kind == "BillPayment" for x in t.lines if txn in x.links]
        found += cost - (sum(paid) if cost else 0)
    return found


def test_an_approved_change_moves_price_by_price_cost_by_cost_and_profit_by_the_difference():
    price, cost = 1_200_000, 900_000
    before, after = build_world(seed=11, jobs=12), build_world(seed=11, jobs=12)
    number, index = _where_a_change_can_be_bought(before)
    project = next(p for p in after.projects if p.number == number)
    commitment = project.commitments[index]
    day, key = after.as_of - timedelta(days=2), commitment.lines[0].key
    for contract, amount, side in ((project.contracts[0], price, "prime"), (commitment, cost, "commitment")):
        part = PotentialChange("900", "More", [ChangeLine(key, amount)], day)
        contract.changes.append(
            ChangeOrder(side, contract.id, 1, "900", "More", "approved", None, [part], day, day)  # type: ignore[arg-type]
        )
    one, two = (known(conclude(w).metrics.to_json()[number]) for w in (before, after))

    assert two["contract_value"] - one["contract_value"] == Decimal(price) / 100
    assert two["estimated_cost_at_completion"] - one["estimated_cost_at_completion"] == Decimal(cost) / 100
    assert two["gross_profit_at_completion"] - one["gross_profit_at_completion"] == Decimal(price - cost) / 100


def _where_a_change_can_be_bought(world: World) -> tuple[str, int]:
    """A running lump sum job and one of its subcontracts whose code the commitment decides (E1)."""
    for truth in world.truth.projects:
        project = truth.project
        decided = {(leaf.code, leaf.type) for leaf in truth.leaves if leaf.method == "E1"}
        for index, commitment in enumerate(project.commitments if not project.terms else ()):
            if commitment.status == "Approved" and not commitment.hidden and commitment.lines[0].key in decided:
                return project.number, index
    raise AssertionError("every world of twelve jobs has such a subcontract")


def test_what_is_unavailable_names_its_term(case: Case):
    missing = case.metrics.missing()

    for job, _ in case.jobs():
        absent = {name for name, value in case.told[job.number].items() if value is None}
        assert absent == set(missing.get(job.number, {}))
        assert all(missing[job.number].values()) if absent else True
    unsigned = next(job for job in case.metrics.jobs if job.tp is None)
    assert missing[unsigned.number]["gross_margin_at_completion"] == "contract value (Procore)"


def test_metrics_are_served_with_the_truth_and_are_plain_json():
    told = build_world(seed=3, jobs=8).truth.to_json()

    assert json.loads(json.dumps(told)) == told
    assert {"company", "portfolio", "leaves"} < set(told["metrics"])


def test_the_same_world_gives_the_same_metrics(case: Case):
    assert conclude(case.world).metrics.to_json() == case.told


margins = st.lists(st.fractions(min_value=-1, max_value=1, max_denominator=50), min_size=1, max_size=6)


@given(st.lists(margins, min_size=2, max_size=5))
def test_a_score_lies_between_the_own_mean_and_that_of_all_and_credibility_grows_with_jobs(teams: list[list[Fraction]]):
    card = Scorecard(tuple(Manager(str(i), tuple(own)) for i, own in enumerate(teams)))
    if not card.available:
        return
    for manager in card.managers:
        assert min(manager.mean, card.grand_mean) <= card.score(manager) <= max(manager.mean, card.grand_mean)
        for other in card.managers:
            assert manager.n > other.n or card.credibility(manager) <= card.credibility(other)


@given(st.integers(-(10**9), 10**9), st.lists(st.fractions(min_value=0, max_value=10**6), min_size=1, max_size=9))
def test_parts_add_to_the_whole_and_none_strays_by_a_cent(total: int, weights: list[Fraction]):
    if not sum(weights):
        return
    parts = apportion(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


def test_the_truth_shares_no_line_with_the_product():
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "datablueprint" for name in names), path


def test_the_truth_loads_without_the_product():
    told = "import sys, local.sandbox.world.truth_metrics; print(*[m for m in sys.modules if 'datablueprint' in m])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOM.parents[2], check=True)

    assert done.stdout.strip() == ""
