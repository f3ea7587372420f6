"""What profit becomes if pending change orders are approved, or are not (specification, section 17).

No source says what a pending change will cost, nor tags cost that it already
caused: its cost is assumed, always in two ways, and every answer says so.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics import formulas as margins
from datablueprint.metrics.changes import PENDING, Change, listing, price_of
from datablueprint.metrics.completion import EAC, PROFIT
from datablueprint.metrics.definition import Metric, Missing, Ratio, Rule, Told
from datablueprint.metrics.formulas import changes as formulas
from datablueprint.metrics.price import CONTRACT, terms_of
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, cents, constant, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

LEAST_DECIDED = 20
NOTHING_TAGGED = "none of their cost is in the estimate yet as far as the records tag it (S = 0)"
BOUND = "each pending change is taken to cost all of its price (K = R)"
FULL_PRICE = "an approved change is taken to bring its full asked price (q = 1)"
FOLLOWS_COST = "the contract is not a lump sum: what a change adds to the price beyond its asked amount is not modelled"
COST_ASSUMED = "each pending change is taken to cost its price x estimated cost / contract value of the job"
COST_BY_MARKUP = "each pending change is taken to cost its price / (1 + the tenant's usual markup on changes)"
NO_COST = "a cost of pending changes (a usual markup in the settings, or a contract value above zero)"

DECIDED = """
select c.status, count(*) as changes
from change_orders c
where c.side = 'prime' and c.higher_record_id is null and c.status in ('approved', 'rejected')
  and (c.approved_on is null or c.approved_on <= cast(? as date))
group by c.status
"""


def assumed_cost(measures: Measures, scope: Scope, asked: Term) -> Term:
    """K of an asked price: by the tenant's usual markup, else by the job's own cost per dollar of price."""
    if not asked.value:
        return constant(Decimal(0), "no pending change orders")
    markup = measures.policy.change_order_markup
    if markup is not None:
        return formulas.cost_by_markup(asked, constant(1 + markup, "1 + the tenant's usual markup on changes"))
    price, eac = measures.parts(scope, CONTRACT, EAC)
    if price.value <= 0:
        raise Missing(NO_COST)
    return formulas.cost_by_job(asked, eac, price).named("cost of pending changes")


class PendingChanges:
    """The terms of one project's pending changes."""

    def __init__(self, measures: Measures, scope: Scope) -> None:
        self.measures, self.scope = measures, scope
        self.profit, self.price, self.asked = measures.parts(scope, PROFIT, CONTRACT, PENDING)

    def going_on(self) -> Term:
        """Asked prices of changes whose work goes on without an agreed price."""
        listed = listing(self.measures, self.scope.job)
        each = [self.price_term(c) for c in listed if c.counted and c.proceeding]
        return total(each, "pending changes whose work goes on")

    def price_term(self, change: Change) -> Term:
        """The asked price of one counted pending change."""
        return price_of(self.measures, self.scope.job, change.record_id, change.price or Decimal(0), change.number)

    def cost(self, asked: Term) -> Term:
        return assumed_cost(self.measures, self.scope, asked)

    def approved(self) -> Term:
        return formulas.approve_all(self.profit, self.asked, self.cost(self.asked))

    def bound(self) -> Term:
        return formulas.approve_all(self.profit, self.asked, self.asked)

    def rejected(self) -> Term:
        return formulas.reject_all(self.profit, self.cost(self.going_on()))

    def expected(self) -> Term:
        going = self.going_on()
        other = (self.asked - going).named("other pending changes")
        costs = self.cost(going), self.cost(other)
        return formulas.expected(self.profit, self.asked, *costs, share_approved(self.measures))

    def notes(self, *more: str) -> tuple[str, ...]:
        kind = terms_of(self.measures, self.scope.job).type
        said = (NOTHING_TAGGED, *more)
        return said if kind == "lump_sum" else (*said, FOLLOWS_COST)

    def assumed(self) -> str:
        return COST_ASSUMED if self.measures.policy.change_order_markup is None else COST_BY_MARKUP


def share_approved(measures: Measures) -> Term:
    """The tenant's own share of decided change orders that were approved; Missing below twenty of them."""
    held = {row["status"]: int(row["changes"]) for row in measures.sums.grouped(DECIDED)}
    approved, decided = held.get("approved", 0), sum(held.values())
    if decided < LEAST_DECIDED:
        raise Missing(f"{LEAST_DECIDED} decided change orders (there are {decided})")
    counted = constant(Decimal(approved), "approved change orders of the tenant")
    return (counted / constant(Decimal(decided), "decided change orders of the tenant")).named("share approved")


def approve_all_profit(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    return Told(
        cents(case.approved()), "every pending change is approved at its asked price", case.notes(case.assumed())
    )


def approve_all_profit_bound(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    return Told(case.bound(), "every pending change is approved and earns nothing", case.notes(BOUND))


def reject_all_profit(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    note = "only work under way (status proceeding) goes on regardless; other pending work is not done"
    return Told(cents(case.rejected()), "no pending change is approved", case.notes(case.assumed(), note))


def expected_profit(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    share = share_approved(measures)
    chance = f"each pending change is approved with the tenant's own share of {share.value:.1%}, by count"
    notes = case.notes(case.assumed(), chance, FULL_PRICE)
    return Told(cents(case.expected()), "pending changes at the tenant's own rate of approval", notes)


def with_pending(measures: Measures, scope: Scope) -> Told:
    price, asked = measures.parts(scope, CONTRACT, PENDING)
    return Told(price + asked, "contract value and the asked price of every pending change")


def with_expected(measures: Measures, scope: Scope) -> Told:
    price, asked = measures.parts(scope, CONTRACT, PENDING)
    added = share_approved(measures) * asked
    return Told(cents(price + added), "contract value and the expected part of pending changes", (FULL_PRICE,))


def approve_all_margin(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    note = "more profit can come with a lower margin"
    return _margin(case.approved(), case.price + case.asked, case.notes(case.assumed(), note))


def approve_all_margin_bound(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    return _margin(case.bound(), case.price + case.asked, case.notes(BOUND))


def reject_all_margin(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    return _margin(case.rejected(), case.price, case.notes(case.assumed()))


def expected_margin(measures: Measures, scope: Scope) -> Told:
    case = PendingChanges(measures, scope)
    price = case.price + share_approved(measures) * case.asked
    return _margin(case.expected(), price, case.notes(case.assumed(), FULL_PRICE))


def _margin(profit: Term, price: Term, notes: tuple[str, ...]) -> Told:
    if price.value <= 0:
        raise Missing("a contract value above zero")
    return Told(margins.margin(profit, price), "profit over price of the same scenario", notes)


def _money(name: str, label: str, meaning: str, formula: str, rule: Rule) -> Metric:
    return Metric(name, label, "money", meaning, formula, rule, ("project",), "sum", NEEDS, section=17)


def _ratio(name: str, label: str, meaning: str, parts: Ratio, rule: Rule) -> Metric:
    formula = f"{parts.numerator} / {parts.denominator}".replace("_", " ")
    return Metric(name, label, "ratio", meaning, formula, rule, ("project",), parts, NEEDS, section=17)


NEEDS = ("contract", "budget", "cost")
ASKED, EXPECTED = "contract_value_with_pending", "expected_contract_value"
METRICS = (
    _money(
        "approve_all_profit",
        "gross profit if every pending change is approved",
        "gross profit at completion with the price and an assumed cost of every pending change order",
        "gross profit at completion + sum of (asked price - assumed cost)",
        approve_all_profit,
    ),
    _money(
        "approve_all_profit_bound",
        "gross profit if every pending change is approved without margin",
        "gross profit at completion if pending change orders cost all that they bring",
        "gross profit at completion + sum of (asked price - asked price)",
        approve_all_profit_bound,
    ),
    _money(
        "reject_all_profit",
        "gross profit if no pending change is approved",
        "gross profit at completion less the assumed cost of changes whose work goes on without an agreed price",
        "gross profit at completion - sum of assumed cost of work under way",
        reject_all_profit,
    ),
    _money(
        "expected_profit",
        "expected gross profit with pending changes",
        "gross profit at completion with pending changes at the tenant's own rate of approval",
        "gross profit at completion + sum of (share approved x asked price - expected cost)",
        expected_profit,
    ),
    _money(
        ASKED,
        "contract value with pending changes",
        "contract value if every pending change order were approved as asked",
        "contract value + pending change orders",
        with_pending,
    ),
    _money(
        EXPECTED,
        "expected contract value with pending changes",
        "contract value with pending changes at the tenant's own rate of approval",
        "contract value + share approved x pending change orders",
        with_expected,
    ),
    _ratio(
        "approve_all_margin",
        "gross margin if every pending change is approved",
        "that profit as a share of contract value with every pending change",
        Ratio("approve_all_profit", ASKED),
        approve_all_margin,
    ),
    _ratio(
        "approve_all_margin_bound",
        "gross margin if every pending change is approved without margin",
        "that profit as a share of contract value with every pending change",
        Ratio("approve_all_profit_bound", ASKED),
        approve_all_margin_bound,
    ),
    _ratio(
        "reject_all_margin",
        "gross margin if no pending change is approved",
        "that profit as a share of the contract value",
        Ratio("reject_all_profit", CONTRACT),
        reject_all_margin,
    ),
    _ratio(
        "expected_margin",
        "expected gross margin with pending changes",
        "expected profit as a share of the expected contract value",
        Ratio("expected_profit", EXPECTED),
        expected_margin,
    ),
)
