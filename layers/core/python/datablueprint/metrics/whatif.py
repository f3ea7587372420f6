"""What a job would make if: assumptions stacked on its figures, each with its own effect, none of them stored.

A hypothetical number is a figure plus differences, so its tree opens into the
same records, with every supposed number a constant that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from datablueprint.errors import QuestionError
from datablueprint.metrics import changes, formulas, overhead, pending, price
from datablueprint.metrics.definition import Missing
from datablueprint.metrics.figures import Figure
from datablueprint.metrics.formulas import overhead as overhead_formulas
from datablueprint.metrics.overhead_pool import BASES, overheads
from datablueprint.metrics.scenarios import ALL, Assumption, Scenario
from datablueprint.metrics.scopes import Scope, of_project
from datablueprint.metrics.terms import Term, cents, constant, total
from datablueprint.settings import ContractTerms

if TYPE_CHECKING:
    from datablueprint.metrics.estimates import Estimate
    from datablueprint.metrics.measures import Measures

CONTRACT, EAC, ACTUAL = "contract_value", "estimated_cost_at_completion", "actual_cost"
PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"
OVERHEAD, NET, NET_MARGIN = "overhead_at_completion", "net_profit_at_completion", "net_margin_at_completion"
SHOWN = (CONTRACT, EAC, PROFIT, MARGIN, OVERHEAD, NET, NET_MARGIN)
SUMS = (CONTRACT, EAC, PROFIT, OVERHEAD, NET)
NOTHING_LEFT = "no pending change order is left to decide: there is none, or it was decided further up"
ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class Effect:
    """What one assumption does to price and cost, after those stacked before it."""

    assumption: Assumption
    price: Term
    cost: Term
    notes: tuple[str, ...] = ()

    @property
    def profit(self) -> Term:
        return self.price - self.cost


@dataclass(frozen=True)
class Outcome:
    """A metric before and after; `after` None where it cannot be told, for the reason in `missing`."""

    before: Figure
    after: Term | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hypothesis:
    """A scenario on one scope. Nothing in it is a fact."""

    scope: Scope
    scenario: Scenario
    outcomes: dict[str, Outcome]
    effects: tuple[Effect, ...]
    left_out: tuple[str, ...] = ()
    """Projects of a group of which it cannot be told."""


def suppose(measures: Measures, scope: Scope, scenario: Scenario) -> Hypothesis:
    """A project's or group's figures under a scenario.

    Missing when the project itself has no margin; QuestionError for a change
    order that is not pending there, or that is named for a group.
    """
    if scope.kind == "project":
        return _of_project(measures, scope, scenario)
    if scope.kind != "group" or scope.code:
        narrow = "cost code" if scope.code else scope.kind
        raise QuestionError(f"A scenario is of a project or a group of projects, not of a {narrow}")
    named = [a.change for a in scenario.assumptions if a.change and a.change != ALL]
    if named:
        raise QuestionError(f"Say which project change order {named[0]} is on: change orders are numbered per project")
    return _of_group(measures, scope, scenario)


def _of_project(measures: Measures, scope: Scope, scenario: Scenario) -> Hypothesis:
    stack = _Stack(measures, scope)
    effects = tuple(stack.apply(assumption) for assumption in scenario.assumptions)
    outcomes = {name: _outcome(measures.figure(name, scope), stack.told(name)) for name in SHOWN}
    return Hypothesis(scope, scenario, outcomes, effects)


def _outcome(before: Figure, after: Callable[[], Term]) -> Outcome:
    try:
        return Outcome(before, after())
    except Missing as absent:
        return Outcome(before, None, absent.terms)


def _of_group(measures: Measures, scope: Scope, scenario: Scenario) -> Hypothesis:
    """The sum of the members' hypotheses; ratios are those of the sums."""
    told, left_out = [], []
    for project in scope.members:
        try:
            told.append(_of_project(measures, of_project(project), scenario))
        except Missing as absent:
            left_out.append(f"{project.key} {project.name} is left out: {absent.terms[0]} is missing")
    if not told:
        raise Missing(f"any of the {scope.label}")
    sums: dict[str, Term | None] = {}
    for name in SUMS:
        parts = [each.outcomes[name].after for each in told]
        known = [part for part in parts if part is not None]
        sums[name] = total(known, f"{name} over {scope.key}, supposed") if len(known) == len(parts) else None
    after = sums | {MARGIN: _quotient(sums[PROFIT], sums[CONTRACT]), NET_MARGIN: _quotient(sums[NET], sums[CONTRACT])}
    outcomes = {name: Outcome(measures.figure(name, scope), after[name]) for name in SHOWN}
    return Hypothesis(scope, scenario, outcomes, tuple(_joined(told)), tuple(left_out))


def _quotient(profit: Term | None, revenue: Term | None) -> Term | None:
    if profit is None or revenue is None or revenue.value <= 0:
        return None
    return formulas.margin(profit, revenue)


def _joined(told: Sequence[Hypothesis]) -> Iterator[Effect]:
    for effects in zip(*(each.effects for each in told), strict=True):
        notes = tuple(dict.fromkeys(note for effect in effects for note in effect.notes))
        prices, costs = ([getattr(e, part) for e in effects] for part in ("price", "cost"))
        yield Effect(effects[0].assumption, total(prices, "price"), total(costs, "cost"), notes)


@dataclass(frozen=True)
class _Move:
    """A difference of cost at completion; `code` is empty for the work of a change order."""

    by: Term
    code: str = ""
    labor: bool = False
    reimbursed: bool = True
    """False for work that the owner has rejected."""


@dataclass
class _Stack:
    """One project's price and leaves, as far as the assumptions so far have moved them."""

    measures: Measures
    scope: Scope
    moves: list[_Move] = field(default_factory=list)
    hours: list[Term] = field(default_factory=list)
    """Differences of hours at completion."""
    raised: list[Term] = field(default_factory=list)
    """Prices of changes supposed to be approved."""
    billed: list[Term] = field(default_factory=list)
    """Differences of what time and materials bill for hours."""
    base: str = ""

    def __post_init__(self) -> None:
        self.before = self.measures.parts(self.scope, CONTRACT, EAC)
        self.base = self.measures.policy.overhead_base
        self.leaves: dict[tuple[str, str], Estimate] = {
            (e.place[1], e.place[2]): e for e in self.measures.estimates(self.scope.job)
        }
        self.eac = {leaf: estimate.eac for leaf, estimate in self.leaves.items()}
        self.at_completion = {leaf: estimate.hours_at_completion for leaf, estimate in self.leaves.items()}
        self.decided: set[str] = set()

    def apply(self, assumption: Assumption) -> Effect:
        price_before, cost_before = self.price(), self.cost()
        notes = tuple(getattr(self, f"_{assumption.kind}")(assumption))
        return Effect(assumption, self.price() - price_before, self.cost() - cost_before, notes)

    def told(self, name: str) -> Callable[[], Term]:
        """How a metric is told after the assumptions."""
        return {
            CONTRACT: self.price,
            EAC: self.cost,
            PROFIT: self.profit,
            MARGIN: lambda: self._share(self.profit()),
            OVERHEAD: self.overhead,
            NET: self.net,
            NET_MARGIN: lambda: self._share(self.net()),
        }[name]

    def cost(self) -> Term:
        return self.before[1] + self._moved() if self.moves else self.before[1]

    def _moved(self, *, labor: bool = False) -> Term:
        chosen = [move.by for move in self.moves if move.labor or not labor]
        return total(chosen, "supposed differences of cost")

    def profit(self) -> Term:
        return formulas.gross_profit(self.price(), self.cost())

    def net(self) -> Term:
        return overhead_formulas.net_profit(self.profit(), self.overhead())

    def _share(self, profit: Term) -> Term:
        if self.price().value <= 0:
            raise Missing("a contract value above zero")
        return formulas.margin(profit, self.price())

    def price(self) -> Term:
        """By contract type: a lump sum moves with approved changes only, cost plus moves with its cost."""
        terms = price.terms_of(self.measures, self.scope.job)
        raised = total(self.raised, "supposed approved changes")
        if terms.type in ("lump_sum", "unit_price"):
            return self.before[0] + raised if self.raised else self.before[0]
        if not (self.moves or self.raised):
            return self.before[0]
        released = constant(ZERO) - total(self._paid_by_the_owner(terms), "supposed differences of cost")
        supposed = price.Supposed(
            released=released,
            raised=raised if self.raised else None,
            billed=total(self.billed, "supposed hours at their billing rates") if self.billed else None,
        )
        return price.transaction_price(self.measures, self.scope, supposed=supposed)

    def _paid_by_the_owner(self, terms: ContractTerms) -> list[Term]:
        """Differences of cost that the price follows: reimbursable, and of time and materials not labor."""
        mine = terms.non_reimbursable_codes or ("\0",)
        paid = [move for move in self.moves if move.reimbursed and not move.code.startswith(mine)]
        by_the_hour = terms.type == "time_and_materials"
        return [move.by for move in paid if not (by_the_hour and move.labor)]

    def overhead(self) -> Term:
        """Overhead to date on the base, and the rest of the job, as supposed, at the year's rate."""
        base, job = BASES[self.base], self.scope.job
        whole = overhead.base_at_completion(self.measures, self.scope, base)
        if base.earned:
            whole = self.price()
        elif base.column == "hours":
            whole = whole + total(self.hours, "supposed hours")
        else:
            whole = whole + self._moved(labor=bool(base.cost_type))
        done = overheads(self.measures).base_to_date(self.base, job.entity)
        rate = self.measures.part(self.measures.company, f"overhead_rate_{self.base}")
        to_date = self.measures.part(self.scope, f"overhead_to_date_{self.base}")
        return to_date + overhead_formulas.overhead_to_come(rate, whole, done)

    def _move(self, leaf: tuple[str, str], by: Term) -> None:
        """Move a leaf's estimate, never below what is spent and signed for."""
        floor = self.leaves[leaf].leaf.actual + self.leaves[leaf].leaf.open_commitment
        if self.eac[leaf].value + by.value < floor.value:
            by = (floor - self.eac[leaf]).named(f"{by.label}, down to what is spent and signed for")
        self.eac[leaf] = self.eac[leaf] + by
        self.moves.append(_Move(by, leaf[0], labor=leaf[1] == "L"))

    def _rework(self, leaf: tuple[str, str], hours: Term) -> None:
        """Give a labor leaf other hours at completion; time and materials bill the difference."""
        more = hours - self.at_completion[leaf]
        self.at_completion[leaf] = hours
        self.hours.append(more)
        terms = price.terms_of(self.measures, self.scope.job)
        if terms.type == "time_and_materials":
            self.billed.append(more * constant(price.billing_rate(terms, leaf[0]), "billing rate"))

    def _to_come(self) -> Iterator[tuple[tuple[str, str], Term]]:
        """Labor leaves with work still to do, and its cost."""
        if self.scope.job.closed:
            return
        for leaf, estimate in self.leaves.items():
            if leaf[1] == "L" and self.eac[leaf].value > estimate.actual:
                yield leaf, self.eac[leaf] - estimate.leaf.actual

    def _approve(self, assumption: Assumption) -> Iterator[str]:
        meant = self._pending(assumption)
        if not meant:
            yield NOTHING_LEFT
        for change in meant:
            self.decided.add(change.record_id)
            asked = self._asked(change)
            self.raised.append(asked)
            if assumption.amount is not None:
                cost = constant(assumption.amount, f"supposed cost of {change.number}")
            else:
                cost = cents(self.case.cost(asked))
                yield self.case.assumed()
            self.moves.append(_Move(cost.named(f"cost of change order {change.number}")))

    def _reject(self, assumption: Assumption) -> Iterator[str]:
        """A rejected change brings no price; work that goes on regardless still costs, whoever pays the rest."""
        meant = self._pending(assumption)
        if not meant:
            yield NOTHING_LEFT
        for change in meant:
            self.decided.add(change.record_id)
            if change.proceeding:
                cost = cents(self.case.cost(self._asked(change)))
                self.moves.append(
                    _Move(cost.named(f"cost of rejected work {change.number} that goes on"), reimbursed=False)
                )
                yield self.case.assumed()

    @cached_property
    def case(self) -> pending.PendingChanges:
        """What pending changes are taken to cost on this job."""
        return pending.PendingChanges(self.measures, self.scope)

    def _asked(self, change: changes.Change) -> Term:
        asked = change.price or ZERO
        return changes.price_of(self.measures, self.scope.job, change.record_id, asked, change.number)

    def _pending(self, assumption: Assumption) -> list[changes.Change]:
        """The pending changes that are meant and not yet decided further up the stack."""
        known = [c for c in changes.listing(self.measures, self.scope.job) if c.counted]
        if assumption.change != ALL:
            known = self._named(known, assumption.change)
        return [c for c in known if c.record_id not in self.decided]

    def _named(self, known: list[changes.Change], name: str) -> list[changes.Change]:
        named = [c for c in known if name.lower() in (c.number.lower(), c.record_id.lower())]
        if len(named) > 1:
            ids = " or ".join(c.record_id for c in named)
            raise QuestionError(f"{self.scope.key} has {len(named)} pending change orders '{name}'; say {ids}")
        if not named:
            there = ", ".join(c.number for c in known) or "none"
            raise QuestionError(f"{self.scope.key} has no pending change order '{name}'; there are: {there}")
        return named

    def _burden(self, assumption: Assumption) -> Iterator[str]:
        """Points more on the wages still to come: labor to come / (1 + burden rate) x points."""
        points = constant((assumption.amount or ZERO) / HUNDRED, f"supposed {assumption.text} points")
        for leaf, to_come in list(self._to_come()):
            wages = to_come / (constant(Decimal(1)) + self.measures.part(self.scope, "burden_rate"))
            self._move(leaf, cents(wages * points).named(f"burden on {leaf[0]}"))
        yield "the burden of time already worked does not change"

    def _crews(self, assumption: Assumption) -> Iterator[str]:
        share = constant((assumption.amount or ZERO) / HUNDRED, f"supposed: {assumption.text}")
        for leaf, to_come in list(self._to_come()):
            self._move(leaf, cents(to_come * share).named(f"{assumption.text} on {leaf[0]}"))
            held = self.at_completion[leaf]
            self._rework(leaf, held + (held - self.leaves[leaf].leaf.hours) * share)
        yield "the hours still to come change, at the rates they were estimated with"

    def _overhead(self, assumption: Assumption) -> Iterator[str]:
        self.base = assumption.choice
        yield f"overhead on {BASES[self.base].label}"

    def _method(self, assumption: Assumption) -> Iterator[str]:
        """Leaves that the method's data support are estimated by it, the others stay."""
        missing = 0
        for leaf, estimate in self.leaves.items():
            other = estimate.values.get(assumption.choice)
            if other is None:
                missing += 1
            elif other.value != self.eac[leaf].value:
                self._move(leaf, (other - self.eac[leaf]).named(f"{leaf[0]} {leaf[1]} by {assumption.choice}"))
                if leaf[1] == "L":
                    self._rework(leaf, replace(estimate, method=assumption.choice).hours_at_completion)
        if missing:
            yield f"{assumption.choice} does not apply to {missing} of {len(self.leaves)} leaves; their estimate stays"

    def _contingency(self, assumption: Assumption) -> Iterator[str]:
        """Undrawn contingency that no commitment holds is not spent after all."""
        found = [leaf for leaf in self.leaves if leaf[0].startswith(self.measures.policy.contingency_codes)]
        for leaf in found:
            held = self.leaves[leaf].leaf
            left = held.actual + held.open_commitment - self.eac[leaf]
            self._move(leaf, left.named(f"undrawn contingency of {leaf[0]}"))
        if not found:
            yield "the job has no contingency code"
