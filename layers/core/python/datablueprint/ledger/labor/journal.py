"""The payroll journal is the register's mirror: where a register covers the day it only has to agree (D6, T2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Fact, Finding, Leaf, Row
from datablueprint.ledger.costs import line_cite
from datablueprint.ledger.labor.paydays import LATE_JOURNAL, Paydays
from datablueprint.ledger.labor.register import Register, check_day, total

PAYROLL_SUB_TYPES = frozenset(
    "PayrollExpenses PayrollWageExpenses PayrollTaxExpenses CostOfLabor CostOfLaborCos PayrollClearing".split()
)
BURDEN_SUB_TYPES = frozenset({"PayrollTaxExpenses"})
BURDEN_NAMES = ("tax", "benefit", "insurance", "burden")
FEES = frozenset({"fee", "fees", "software"})
SERVICES = frozenset({"service", "services", "processing"})
LABOR_NAMES = ("wage", "salar", "labor", "tax", "benefit")


def is_payroll(account: Row, entity: str, named: tuple[str, ...]) -> bool:
    """On the payroll map: named by the tenant, else recognised by name, and by sub-type for journals only."""
    if named:
        return account["name"] in named or account["full_name"] in named
    if _is_charge(account):
        return False
    if "payroll" in (account["full_name"] or "").lower():
        return True
    # Labor of an agency is booked to these sub-types too, but by bill.
    return entity == "JournalEntry" and account["account_sub_type"] in PAYROLL_SUB_TYPES


def _is_charge(account: Row) -> bool:
    """What the payroll provider charges is office cost: 'Payroll Service Fees', not 'Service Department Payroll'."""
    name = (account["full_name"] or account["name"] or "").lower()
    if FEES & _words(name):
        return True
    after = name.rpartition("payroll")[2]
    return bool(SERVICES & _words(after)) and not any(word in after for word in LABOR_NAMES)


def _words(text: str) -> set[str]:
    return set("".join(letter if letter.isalpha() else " " for letter in text).split())


class PayrollJournal:
    """The accounting lines on payroll accounts, beside the register of the same days."""

    def __init__(self, book: Book, lines: Iterable[Row], register: Register) -> None:
        self.book, self.lines, self.register = book, list(lines), register
        posted: dict[date, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            posted[line["transaction_on"]] += line["amount"]
        self._payday = Paydays(register).mirrored(posted)
        self.own_days = {d for d in posted if d not in self._payday}
        """Days whose journals no pay run of the register stands behind."""
        self.counted_days = {
            line["transaction_on"] for line in self.lines if line["job_record_id"] and not self._is_mirror(line)
        }

    def facts(self) -> Iterator[Fact]:
        """The register is the source of its pay runs; elsewhere job-coded journal lines are, the rest is control."""
        for line in self.lines:
            state, reason, coded = "excluded", "mirror of the payroll register", line["job_record_id"] is not None
            if not self._is_mirror(line):
                state = "counted" if coded else "held"
                reason = "no register covers this day" + ("" if coded else "; without a job it is a control total")
            yield Fact(
                measure="cost",
                rule="D6",
                reason=reason,
                state=state,
                leaf=Leaf(self.book.project(line["job_record_id"]), UNCODED if coded else None, "L"),
                amount=line["amount"],
                on=line["transaction_on"],
                component=self._component(line),
                evidence=(line_cite(line),),
                grade="B" if state == "counted" else "A",
            )

    def _component(self, line: Row) -> str:
        account = self.book.by_id["accounts"].get(line["account_record_id"], {})
        name = (account.get("name") or "").lower()
        burden = account.get("account_sub_type") in BURDEN_SUB_TYPES or any(word in name for word in BURDEN_NAMES)
        return "burden" if burden else "wages"

    def _is_mirror(self, line: Row) -> bool:
        return line["transaction_on"] in self._payday

    def tieouts(self, as_of: date | None) -> Iterator[Row]:
        """T2: register and journal of each payday; a journal that may still come is not missed yet."""
        register: dict[date, Decimal] = defaultdict(Decimal)
        for stub in self.register.stubs:
            register[check_day(stub.run)] += stub.cost
        journal = self._by_payday()
        until = as_of or max(journal, default=date.min)
        for day in sorted(register.keys() | journal.keys()):
            if day in journal or (journal and min(journal) <= day <= until - LATE_JOURNAL):
                yield self._tieout(day, register.get(day, Decimal(0)), journal.get(day, []))

    def _by_payday(self) -> dict[date, list[Row]]:
        found: dict[date, list[Row]] = defaultdict(list)
        for line in self.lines:
            if self._is_mirror(line):
                found[self._payday[line["transaction_on"]]].append(line)
        return found

    def _tieout(self, day: date, register: Decimal, lines: list[Row]) -> Row:
        posted = total(lines)
        tolerance = max(Decimal("1.00"), abs(register) * Decimal("0.001")).quantize(Decimal("0.01"))
        runs = sorted(r["record_id"] for r in self.register.runs.values() if check_day(r) == day)
        return {
            "tieout": "T2",
            "scope": "",
            "period": day.isoformat(),
            "left_label": "payroll register",
            "left_amount": register,
            "right_label": "payroll journal in QuickBooks",
            "right_amount": posted,
            "difference": register - posted,
            "tolerance": tolerance,
            "holds": abs(register - posted) <= tolerance,
            "sentence": (
                f"wages, employer taxes and benefits of {len(runs)} pay run(s) with check date {day} are "
                f"{register:,.2f} in the register and {posted:,.2f} on the payroll accounts"
            ),
            "record_ids": [*runs, *sorted({line["record_id"] for line in lines})],
        }

    def findings(self, as_of: date | None) -> Iterator[Finding]:
        """A gap beyond rounding between two that both speak, and payroll that no register and no job bears."""
        for row in self.tieouts(as_of):
            if not row["holds"] and row["left_amount"] and row["right_amount"]:
                yield Finding(
                    kind="payroll register and journal differ",
                    sentence=(
                        f"payroll and quickbooks: register of {row['period']} {row['left_amount']:,.2f}, "
                        f"journal {row['right_amount']:,.2f}"
                    ),
                    way_out="Compare the pay run with its journal entry; the register counts",
                    records=tuple(r for r in row["record_ids"] if r.startswith("quickbooks:")),
                    amount=row["difference"],
                    grade="C",
                )
        outside = [line for line in self.lines if not line["job_record_id"] and not self._is_mirror(line)]
        if outside:
            yield Finding(
                kind="payroll without register",
                sentence=f"quickbooks: {total(outside):,.2f} of payroll has no register and no job bears it",
                way_out="Connect the payroll system or drop the register of that period",
                records=tuple(sorted({line["record_id"] for line in outside})),
                amount=total(outside),
                grade="C",
            )
