"""Whether a journal mirrors a pay run is decided by pay run: by its payday and by the amount it could be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger.labor.register import Register, check_day

LATE_JOURNAL = timedelta(days=10)
"""So long after the check date a journal entry may still come."""
EARLY_JOURNAL = timedelta(days=3)
"""So long before the check date one may come where the period ends later than that."""


class Paydays:
    """The register's paydays: what each cost, and between which days its journal may be dated."""

    def __init__(self, register: Register) -> None:
        self._cost: dict[date, Decimal] = defaultdict(Decimal)
        self._opens: dict[date, date] = {}
        self._usual: dict[date, timedelta] = {}
        self._worked = register.days
        for run in register.runs.values():
            first, last, payday = run["period_start"], run["period_end"], check_day(run)
            opens = min(last, payday - EARLY_JOURNAL)
            self._opens[payday] = min(opens, self._opens.get(payday, opens))
            self._usual[payday] = (payday - last) + (last - first) // 2
        for stub in register.stubs:
            self._cost[check_day(stub.run)] += stub.cost

    def mirrored(self, posted: Mapping[date, Decimal]) -> dict[date, date]:
        """Day of the journal -> the payday it mirrors; `posted` is what the journal holds of each day.

        Nearest days come first. A day mirrors a payday near it whose cost it
        brings closer to what was posted. One that fits no amount is a mirror too,
        a wrong one, if the work it should stand for is in the register; otherwise
        it is the payroll of days that the register does not hold.
        """
        rest, found = dict(self._cost), dict[date, date]()
        near = {day: self._near(day) for day in posted}
        for day in sorted((d for d in posted if near[d]), key=lambda d: (abs(near[d][0] - d), d)):
            amount = posted[day]
            fitting = [p for p in near[day] if abs(rest.get(p, Decimal(0)) - amount) < abs(rest.get(p, Decimal(0)))]
            if not fitting and day - self._usual[near[day][0]] not in self._worked:
                continue
            found[day] = (fitting or near[day])[0]
            rest[found[day]] = rest.get(found[day], Decimal(0)) - amount
        return found

    def _near(self, day: date) -> list[date]:
        """Paydays whose journal may be of this day, the nearest first."""
        near = [p for p, opens in self._opens.items() if opens <= day <= p + LATE_JOURNAL]
        return sorted(near, key=lambda payday: (abs(payday - day), payday))
