"""Change orders of both sides, in as many tiers as the project uses."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from local.sandbox.world.ids import Ids
from local.sandbox.world.model import ChangeLine, ChangeOrder, LeafKey, PotentialChange

CUSTOM_STATUS = {"Owner Signed": "approved", "In Negotiation": "pricing"}
TITLES = (
    "Added door hardware|Relocated panel|Rock excavation|Upgraded finishes|Extra outlets|Duct reroute|Revised footing"
    "|Hidden pipe repair|Fire caulking|Added storefront|Structural revision RFI 23|Slab moisture mitigation"
    "|Code comment|Added floor drain|Temporary heat|Owner furnished equipment hookup"
    "|Ceiling height change|Unsuitable soil"
).split("|")


def change_order(
    ids: Ids,
    rng: random.Random,
    side: Literal["prime", "commitment"],
    contract_id: int,
    tiers: int,
    sequence: int,
    status: str,
    parts: Sequence[Sequence[tuple[LeafKey, int]]],
    created: date,
    reviewed: date | None,
) -> ChangeOrder:
    """A change and its potential changes; each part is a list of (budget code, amount)."""
    title = rng.choice(TITLES)
    numbers = [f"{sequence:03d}"] if len(parts) == 1 else [f"{sequence:03d}{letter}" for letter in "ABC"]
    potential = [
        _potential(ids, rng, number, title, lines, created, tiers)
        for number, lines in zip(numbers, parts, strict=False)
    ]
    packaged = tiers == 1 or reviewed is not None
    custom = None
    if side == "prime" and rng.random() < 0.15:
        custom = {"approved": "Owner Signed", "pricing": "In Negotiation"}.get(status)
    made = ChangeOrder(
        side=side,
        contract_id=contract_id,
        tiers=tiers,
        number=f"{sequence:03d}",
        title=f"CO {sequence:03d} {title}",
        status=status,
        custom_status=custom,
        parts=potential,
        created=created,
        reviewed=reviewed,
        packaged=packaged,
    )
    if packaged:
        made.package_id = ids.next("change_order_packages")
    if tiers == 3 and (packaged or rng.random() < 0.5):
        made.request_id = ids.next("change_order_requests")
    return made


def _potential(
    ids: Ids,
    rng: random.Random,
    number: str,
    title: str,
    lines: Sequence[tuple[LeafKey, int]],
    created: date,
    tiers: int,
) -> PotentialChange:
    made = PotentialChange(
        number=number,
        title=title,
        lines=[ChangeLine(key, amount, ids.next("contract_line_items")) for key, amount in lines],
        created=created - timedelta(days=rng.randrange(3, 20)),
        id=ids.next("potential_change_orders"),
    )
    if tiers < 3:
        made.newer_id = ids.next("prime_change_orders")
    return made
