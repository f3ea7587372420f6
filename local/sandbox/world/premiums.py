"""Money that leaves for insurance, taxes and owners: none of it is on a job, little of it is overhead."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from local.sandbox.world import books
from local.sandbox.world.ids import Ids
from local.sandbox.world.mistakes import note
from local.sandbox.world.model import Project, Vendor, World
from local.sandbox.world.overhead import months
from local.sandbox.world.terms import AFFILIATE, BURDEN_RATES

INSURER, FUND = "Frontier Compensation Insurance", "Carpenters Training Fund"
REVENUE_OFFICE, LENDER = "State Department of Revenue", "Equipment Lenders Bank"
MOVERS, GLULAM = "Two Peaks Movers", "Maple Ridge Glulam Ltd."
CANADIAN = Fraction(73, 100)
"""US dollars for a Canadian one."""


def meet_vendors(world: World, ids: Ids) -> None:
    """Firms that only the accountant deals with; Procore knows none of them."""
    for name in (INSURER, FUND, REVENUE_OFFICE, LENDER, MOVERS, AFFILIATE, GLULAM):
        made = Vendor(name, "overhead", (), quickbooks_name=name)
        made.quickbooks_id = str(30 + ids.next("quickbooks vendor") - 1000)
        made.currency = "CAD" if name == GLULAM else "USD"
        world.vendors.append(made)


def _firm(world: World, name: str) -> Vendor:
    return next(vendor for vendor in world.vendors if vendor.name == name)


def insure(rng: random.Random, world: World) -> None:
    """Premiums are billed in the month after the wages they are for, within some percent of what jobs bear."""
    hours_rate = next(rate.rate for rate in BURDEN_RATES if rate.component == "training_fund")
    for first in months(world.began, world.as_of):
        day = date(first.year + first.month // 12, first.month % 12 + 1, 9)
        runs = [r for r in world.runs if r.processed and (r.end.year, r.end.month) == (first.year, first.month)]
        stubs = [stub for run in runs for stub in run.stubs if not stub.employee.salaried]
        if day > world.as_of or not stubs:
            continue
        wages, quarters = sum(stub.gross for stub in stubs), sum(stub.worked for stub in stubs)
        comp = int(wages * rng.uniform(0.050, 0.060))
        fund = int(hours_rate * quarters / 4 * rng.randrange(97, 104) / 100)
        text = f"{first:%b %Y}"
        books.bill(world, day, _firm(world, INSURER), [books.debit(world, "workers_comp", comp, text)], f"WC{day:%y%m}")
        books.bill(world, day, _firm(world, FUND), [books.debit(world, "training_fund", fund, text)], f"TF{day:%y%m}")


def pay_lender_and_state(world: World, scale: float) -> None:
    """Loan payments are interest and principal; income tax comes once a quarter."""
    for first in months(world.began, world.as_of):
        day = first + timedelta(days=15)
        if not world.began <= day <= world.as_of:
            continue
        loan = [
            books.debit(world, "loan_interest", int(84_000 * scale), "Interest"),
            books.debit(world, "truck_loan", int(310_000 * scale), "Principal"),
        ]
        books.purchase(world, day, _firm(world, LENDER), loan, card=False, note="Equipment loan")
        if day.month % 3 == 0:
            tax = books.debit(world, "income_tax", int(1_750_000 * scale), "Estimated payment")
            books.purchase(world, day, _firm(world, REVENUE_OFFICE), [tax], card=False, note="Composite return")


def pay_owner(world: World, scale: float) -> None:
    """A check to an owner: equity, not cost."""
    day = world.as_of - timedelta(days=33)
    draw = books.debit(world, "distributions", int(2_200_000 * scale), "Owner draw")
    books.purchase(world, day, None, [draw], card=False, note="Owner draw")


def move_the_office(world: World, scale: float) -> None:
    """A cost of running the company that will not come again."""
    day = world.as_of - timedelta(days=140)
    books.bill(
        world, day, _firm(world, MOVERS), [books.debit(world, "relocation", int(3_850_000 * scale), "Move")], "M-118"
    )


def buy_abroad(world: World, job: Project) -> None:
    """One bill in Canadian dollars on a job: currencies are never added."""
    line = books.debit(world, "materials", 1_840_000, "Glulam beams", job)
    made = books.bill(world, world.as_of - timedelta(days=47), _firm(world, GLULAM), [line], "MR-20817")
    made.account, made.currency, made.rate = world.accounts["ap_cad"], "CAD", CANADIAN
    note(world, "second_currency", job, made.home(line.amount), [made], "a bill in CAD: not in the job's cost")
