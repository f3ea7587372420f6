"""Who the contractor is: owners it works for, firms it buys from, people it pays."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta

from local.sandbox.world import names
from local.sandbox.world.chart import SUBCONTRACTED
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import Employee, Owner, Vendor

COMPANY = "Summitline Builders"
DOMAIN = "summitline.example"

_OFFICE_TITLES = ("Controller", "Accounts Payable", "Payroll Administrator", "Estimator", "Office Manager", "President")
_OVERHEAD = (
    ("Copperline Property Management", "rent"), ("Plains Gas and Light", "utilities"),
    ("Harmon Insurance Agency", "insurance"), ("Ledgerworks Software", "software"),
    ("Main Street Office Supply", "office"), ("Foothill Fleet Fuel", "vehicle"),
    ("Birch and Hale LLP", "legal"), ("Signal Hill Marketing", "marketing"), ("Ridge Tool Repair", "shop"),
    ("Clear Fiber Internet", "utilities"), ("Summit Truck Service", "vehicle"), ("Dunn Accounting", "legal"),
)  # fmt: skip


def scaled(count: int, jobs: int, least: int) -> int:
    """`count` people or firms for forty jobs, in proportion, never under `least`."""
    return max(least, round(count * jobs / 40))


def owners(jobs: int) -> list[Owner]:
    wanted = scaled(24, jobs, 6)
    names_ = [
        n if i < len(names.OWNERS) else f"{n} {i // len(names.OWNERS) + 1}" for i, n in _cycle(names.OWNERS, wanted)
    ]
    return [Owner(name, str(index + 1)) for index, name in enumerate(names_)]


def _cycle(pool: tuple[str, ...] | list[str], wanted: int) -> list[tuple[int, str]]:
    return [(i, pool[i % len(pool)]) for i in range(wanted)]


def vendors(rng: random.Random, jobs: int, ids: Ids) -> list[Vendor]:
    """About 150 firms for forty jobs: subs of every trade, suppliers, overhead firms, and bidders nobody paid yet."""
    taken: set[str] = set()

    def fresh(words: str) -> str:
        while (name := f"{names.firm_names(rng, words)}") in taken:
            pass
        taken.add(name)
        return f"{name} {rng.choice(names.SUFFIXES)}"

    trades = [trade.code for trade in SUBCONTRACTED]
    subs = [Vendor(fresh(names.TRADE_WORDS[t]), "sub", (t,)) for _, t in _cycle(trades, scaled(68, jobs, len(trades)))]
    words = names.SUPPLY_WORDS
    suppliers = [Vendor(fresh(w), "supplier", (w,)) for _, w in _cycle(words, scaled(46, jobs, len(words)))]
    bidders = [Vendor(fresh(names.TRADE_WORDS[t]), "bidder", (t,)) for _, t in _cycle(trades, scaled(24, jobs, 4))]
    overhead = [Vendor(name, "overhead", (account,)) for name, account in _OVERHEAD]
    everyone = subs + suppliers + overhead + bidders
    for vendor in everyone:
        _register_vendor(rng, vendor, ids)
    return everyone


def _register_vendor(rng: random.Random, vendor: Vendor, ids: Ids) -> None:
    vendor.invoice_style, vendor.next_invoice = rng.randrange(4), rng.randrange(100, 9000)
    if vendor.kind != "overhead":
        vendor.procore_id = ids.next("vendors")
    if vendor.kind == "bidder":
        return
    vendor.linked = vendor.kind != "overhead" and rng.random() < 0.6
    vendor.quickbooks_name = vendor.name if vendor.linked else names.vendor_in_quickbooks(rng, vendor.name)
    vendor.quickbooks_id = str(30 + ids.next("quickbooks vendor") - 1000)


def employees(rng: random.Random, jobs: int, began: date, ids: Ids) -> list[Employee]:
    """Office staff stay throughout; field people get their employment dates from the labor simulation."""
    office, superintendents = scaled(12, jobs, 5), scaled(8, jobs, 2)
    craft = scaled(80, jobs, 18) - office - superintendents
    managers = scaled(6, jobs, 1)
    roles = (
        [("office", "Project Manager")] * managers
        + [("office", title) for _, title in _cycle(_OFFICE_TITLES, office - managers)]
        + [("superintendent", "Superintendent")] * superintendents
        + [("craft", "")] * craft
    )
    people = _people(rng, len(roles))
    staff = [
        _employee(rng, number, name, role, title, began)
        for number, (name, (role, title)) in enumerate(zip(people, roles, strict=True), start=1001)
    ]
    for person in staff:
        _register_employee(rng, person, ids)
    _blank_some_codes(staff)
    return staff


def _people(rng: random.Random, wanted: int) -> list[tuple[str, str]]:
    pairs = [(first, last) for last in names.LAST for first in names.FIRST]
    rng.shuffle(pairs)
    return pairs[:wanted]


def _employee(rng: random.Random, number: int, name: tuple[str, str], role: str, title: str, began: date) -> Employee:
    first, last = name
    rates = {"office": (2900, 5600), "superintendent": (4700, 6000), "craft": (2500, 4400)}
    rate = rng.randrange(*rates[role])
    if title in {"Project Manager", "Controller"}:
        rate = rng.randrange(5200, 6600)
    if title == "President":
        rate = 9850
    return Employee(
        number=str(number),
        first=first,
        last=last,
        role=role,  # type: ignore[arg-type]  # one of the three literals above
        title=title or rng.choice(("Carpenter", "Laborer", "Concrete Finisher", "Carpenter Foreman", "Operator")),
        rate=rate,
        hired=began - timedelta(days=rng.randrange(200, 3500)),
        released=None,
        health=rng.choice((0, 9800, 11850, 16200)),
        retires=rng.random() < 0.55,
        email=f"{first}.{last}@{DOMAIN}".lower(),
        has_login=role != "craft" or rng.random() < 0.2,
        nickname=names.NICKNAMES.get(first, "") if rng.random() < 0.4 else "",
        gusto_uuid=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        gusto_code=str(number),
    )


def _register_employee(rng: random.Random, person: Employee, ids: Ids) -> None:
    person.person_id = ids.next("people")
    if person.has_login:
        person.user_id = ids.next("users")
    person.quickbooks_id = str(55 + ids.next("quickbooks employee") - 1000)


def _blank_some_codes(staff: list[Employee]) -> None:
    """Three people whose payroll profile lacks the employee number; their e-mail still says who they are."""
    for person in [p for p in staff if p.has_login and p.role != "office"][:3]:
        person.gusto_code = ""
