"""Reports are the ledger seen from outside: TrialBalance, ProfitAndLoss and GeneralLedger over its postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from local.sandbox.servers.quickbooks_posting import ZERO, Poster, Posting, money
from local.sandbox.servers.store import Record, Store

REPORTS = frozenset({"TrialBalance", "ProfitAndLoss", "GeneralLedger"})
PROFIT_AND_LOSS = ("Income", "Cost of Goods Sold", "Expense", "Other Income", "Other Expense")
UNSAID = "Not Specified"


class BadReport(Exception):
    """The parameters contradict each other; the text says how."""


@dataclass(frozen=True)
class Period:
    start: str
    end: str


def period_of(parameters: Mapping[str, str], today: date) -> Period:
    """Explicit dates (both or neither), a known macro, else the fiscal year to date. Unknown macros are ignored."""
    start, end = parameters.get("start_date", ""), parameters.get("end_date", "")
    if bool(start) != bool(end):
        raise BadReport("start_date and end_date must be given together")
    if start:
        return Period(start, end)
    first_of_month = today.replace(day=1)
    last_of_previous = first_of_month - timedelta(days=1)
    year = today.replace(month=1, day=1)
    macros = {
        "this month": (first_of_month, today),
        "last month": (last_of_previous.replace(day=1), last_of_previous),
        "this fiscal year": (year, year.replace(month=12, day=31)),
        "last fiscal year": (year.replace(year=year.year - 1), year - timedelta(days=1)),
    }
    first, last = macros.get(parameters.get("date_macro", "").lower(), (year, today))
    return Period(first.isoformat(), last.isoformat())


class Books:
    """One company's ledger and the reports made from it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.poster = Poster(store)

    def report(self, name: str, parameters: Mapping[str, str], today: date) -> dict[str, Any]:
        """The report without its Header.Time. Parameters it does not know are ignored, as at QuickBooks."""
        period = period_of(parameters, today)
        basis = parameters.get("accounting_method") or self._preferred_basis()
        postings = self.postings(basis)
        make: Callable[[list[Posting], Period, Mapping[str, str]], dict[str, Any]] = {
            "TrialBalance": self._trial_balance,
            "ProfitAndLoss": self._profit_and_loss,
            "GeneralLedger": self._general_ledger,
        }[name]
        body = make(postings, period, parameters)
        empty = "false" if body["Rows"] else "true"
        header = {
            "ReportName": name,
            "ReportBasis": basis,
            "StartPeriod": period.start,
            "EndPeriod": period.end,
            "Currency": "USD",
            "Option": [{"Name": "NoReportData", "Value": empty}],
        }
        if name == "ProfitAndLoss":
            header["SummarizeColumnsBy"] = parameters.get("summarize_column_by", "Total")
        return {"Header": header, **body}

    def _preferred_basis(self) -> str:
        rows = self.store["Preferences"].rows
        return (rows[0].data.get("ReportPrefs") or {}).get("ReportBasis", "Accrual") if rows else "Accrual"

    def postings(self, basis: str = "Accrual") -> list[Posting]:
        """Every posting; on Cash the bills and invoices nobody has paid yet are left out."""

        def make() -> list[Posting]:
            return [
                posting
                for entity in self.poster.entities
                for row in self.store[entity].rows
                if basis != "Cash" or not _unpaid(entity, row.data)
                for posting in self.poster.post(entity, row.data)
            ]

        return self.store.remember(("postings", basis), make)

    # -- trial balance

    def _trial_balance(self, postings: list[Posting], period: Period, _: Mapping[str, str]) -> dict[str, Any]:
        """Balances at the period's end; earlier income and expense stand in Retained Earnings."""
        balances: dict[str, Decimal] = defaultdict(lambda: ZERO)
        retained = next(
            (k for k, a in self.poster.accounts.items() if a.get("AccountSubType") == "RetainedEarnings"), ""
        )
        for posting in postings:
            if posting.date <= period.end:
                closed = posting.date < period.start and self._type(posting.account) in PROFIT_AND_LOSS
                balances[retained if closed else posting.account] += posting.amount
        rows: list[Record] = []
        for key in self._ordered(balances):
            if balances[key]:
                debit, credit = _sides(balances[key])
                rows.append({"ColData": [_cell(self._name(key), key), _cell(debit), _cell(credit)]})
        total = _text(sum((b for b in balances.values() if b > 0), ZERO))
        summary = {"ColData": [_cell("TOTAL"), _cell(total), _cell(total)]}
        if rows:
            rows.append({"Summary": summary, "type": "Section", "group": "GrandTotal"})
        columns = _columns(("", "Account", "account"), ("Debit", "Money", "debit"), ("Credit", "Money", "credit"))
        return {"Columns": columns, "Rows": {"Row": rows} if rows else {}}

    # -- profit and loss

    def _profit_and_loss(
        self, postings: list[Posting], period: Period, parameters: Mapping[str, str]
    ) -> dict[str, Any]:
        """Income and cost in natural sign, one column per customer when asked for."""
        wanted = {c for c in parameters.get("customer", "").split(",") if c}
        by_customer = parameters.get("summarize_column_by") == "Customers"
        cells: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for p in postings:
            kind = self._type(p.account)
            if kind in PROFIT_AND_LOSS and period.start <= p.date <= period.end and (not wanted or p.job in wanted):
                sign = -1 if kind in ("Income", "Other Income") else 1
                cells[p.account][p.job if by_customer else ""] += sign * p.amount
        names = {str(r.data["Id"]): _full_name(r.data) for r in self.store["Customer"].rows}
        jobs = sorted({job for row in cells.values() for job in row}, key=lambda j: (j == "", names.get(j, j)))
        columns = [("", "Account", "account")]
        if by_customer:
            columns += [(names.get(j, j) if j else UNSAID, "Money", j or "not_specified") for j in jobs]
        else:
            jobs = []
        body = _ProfitAndLoss(cells, jobs, self._name, self._type).rows() if cells else []
        return {"Columns": _columns(*columns, ("Total", "Money", "total")), "Rows": {"Row": body} if body else {}}

    # -- general ledger

    def _general_ledger(self, postings: list[Posting], period: Period, parameters: Mapping[str, str]) -> dict[str, Any]:
        """One section per account, rows in date order, beginning balance first."""
        default = "tx_date,txn_type,doc_num,name,memo,subt_nat_amount,rbal_nat_amount"
        keys = [k for k in parameters.get("columns", default).split(",") if k in _LEDGER_COLUMNS]
        wanted = {a for a in parameters.get("account", "").split(",") if a}
        by_account: dict[str, list[Posting]] = defaultdict(list)
        for posting in postings:
            if posting.date <= period.end and (not wanted or posting.account in wanted):
                by_account[posting.account].append(posting)
        sections = [
            section
            for key in self._ordered(by_account)
            if (section := self._ledger_section(key, by_account[key], period, keys)) is not None
        ]
        columns = _columns(*((*_LEDGER_COLUMNS[k], k) for k in keys))
        return {"Columns": columns, "Rows": {"Row": sections} if sections else {}}

    def _ledger_section(
        self, account: str, postings: list[Posting], period: Period, keys: list[str]
    ) -> dict[str, Any] | None:
        natural = -1 if self._class(account) in ("Liability", "Equity", "Revenue") else 1
        running = ZERO
        if self._type(account) not in PROFIT_AND_LOSS:
            running = sum((p.amount for p in postings if p.date < period.start), ZERO)
        inside = sorted((p for p in postings if p.date >= period.start), key=lambda p: (p.date, p.transaction))
        if not inside and not running:
            return None
        rows = []
        if running:
            opening = {"tx_date": _cell("Beginning Balance"), "rbal_nat_amount": _cell(_text(natural * running))}
            rows.append({"ColData": [opening.get(k, _cell("")) for k in keys], "type": "Data"})
        for posting in inside:
            running += posting.amount
            rows.append({"ColData": [_ledger_cell(k, posting, natural, running) for k in keys], "type": "Data"})
        name = self._name(account)
        debit = sum((p.amount for p in inside if p.amount > 0), ZERO)
        credit = sum((-p.amount for p in inside if p.amount < 0), ZERO)
        totals = {
            "debt_amt": _text(debit),
            "credit_amt": _text(credit),
            "subt_nat_amount": _text(natural * (debit - credit)),
        }
        summary = [_cell(f"Total for {name}"), *(_cell(totals.get(k, "")) for k in keys[1:])]
        header = {"ColData": [_cell(name, account), *(_cell("") for _ in keys[1:])]}
        return {"Header": header, "Rows": {"Row": rows}, "Summary": {"ColData": summary}, "type": "Section"}

    # -- accounts

    def _type(self, account: str) -> str:
        return str(self.poster.accounts.get(account, {}).get("AccountType", ""))

    def _class(self, account: str) -> str:
        return str(self.poster.accounts.get(account, {}).get("Classification", ""))

    def _name(self, account: str) -> str:
        return _full_name(self.poster.accounts[account]) if account in self.poster.accounts else UNSAID

    def _ordered(self, keys: Iterable[str]) -> list[str]:
        """Accounts in the order of the company's own list, unknown ones last."""
        places = {key: place for place, key in enumerate(self.poster.accounts)}
        return sorted(keys, key=lambda key: (places.get(key, len(places)), key))


@dataclass(frozen=True)
class _ProfitAndLoss:
    """The nested rows of one ProfitAndLoss. `jobs` are the customer columns; the total always follows."""

    cells: Mapping[str, Mapping[str, Decimal]]
    jobs: list[str]
    name_of: Callable[[str], str]
    type_of: Callable[[str], str]

    def rows(self) -> list[Record]:
        income, cost, expense, other_income, other_expense = (self._sums(kind) for kind in PROFIT_AND_LOSS)
        gross = _minus(income, cost)
        operating = _minus(gross, expense)
        other = _minus(other_income, other_expense)
        return [
            *self._section("Income", "Income", income),
            *self._section("Cost of Goods Sold", "COGS", cost),
            self._result("Gross Profit", "GrossProfit", gross),
            *self._section("Expense", "Expenses", expense, title="Expenses"),
            self._result("Net Operating Income", "NetOperatingIncome", operating),
            *self._section("Other Income", "OtherIncome", other_income),
            *self._section("Other Expense", "OtherExpenses", other_expense, title="Other Expenses"),
            self._result("Net Other Income", "NetOtherIncome", other),
            self._result("Net Income", "NetIncome", _minus(operating, _minus({}, other))),
        ]

    def _accounts(self, kind: str) -> list[str]:
        return sorted((a for a in self.cells if self.type_of(a) == kind), key=self.name_of)

    def _sums(self, kind: str) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for account in self._accounts(kind):
            for job, amount in self.cells[account].items():
                sums[job] += amount
        return sums

    def _section(self, kind: str, group: str, sums: Mapping[str, Decimal], title: str = "") -> list[Record]:
        title = title or kind
        accounts = self._accounts(kind)
        if not accounts:
            return []
        rows = [{"ColData": [_cell(self.name_of(a), a), *self._line(self.cells[a])], "type": "Data"} for a in accounts]
        blank = [_cell("") for _ in range(len(self.jobs) + 1)]
        summary = {"ColData": [_cell(f"Total {title}"), *self._line(sums)]}
        header = {"ColData": [_cell(title), *blank]}
        return [{"Header": header, "Rows": {"Row": rows}, "Summary": summary, "type": "Section", "group": group}]

    def _result(self, title: str, group: str, sums: Mapping[str, Decimal]) -> Record:
        return {"Summary": {"ColData": [_cell(title), *self._line(sums)]}, "type": "Section", "group": group}

    def _line(self, values: Mapping[str, Decimal]) -> list[Record]:
        shown = [_cell(_text(values[job]) if values.get(job) else "") for job in self.jobs]
        return [*shown, _cell(_text(sum(values.values(), ZERO)))]


_LEDGER_COLUMNS = {
    "tx_date": ("Date", "Date"),
    "txn_type": ("Transaction Type", "String"),
    "doc_num": ("Num", "String"),
    "name": ("Name", "String"),
    "memo": ("Memo/Description", "String"),
    "account_name": ("Account", "String"),
    "debt_amt": ("Debit", "Money"),
    "credit_amt": ("Credit", "Money"),
    "subt_nat_amount": ("Amount", "Money"),
    "rbal_nat_amount": ("Balance", "Money"),
}


def _ledger_cell(key: str, posting: Posting, natural: int, running: Decimal) -> Record:
    debit, credit = _sides(posting.amount)
    match key:
        case "txn_type":
            return _cell(posting.entity, posting.transaction)
        case "name":
            return _cell(posting.party[1], posting.party[0])
    texts = {
        "tx_date": posting.date,
        "doc_num": posting.document,
        "memo": posting.memo,
        "debt_amt": debit,
        "credit_amt": credit,
        "subt_nat_amount": _text(natural * posting.amount),
        "rbal_nat_amount": _text(natural * running),
    }
    return _cell(texts.get(key, ""))


def _unpaid(entity: str, record: Record) -> bool:
    total = money(record.get("TotalAmt"))
    return entity in ("Bill", "Invoice") and total != 0 and money(record.get("Balance")) == total


def _sides(amount: Decimal) -> tuple[str, str]:
    return (_text(amount), "") if amount > 0 else ("", _text(-amount))


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _cell(value: str, key: str = "") -> Record:
    return {"value": value, "id": key} if key else {"value": value}


def _minus(left: Mapping[str, Decimal], right: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {key: left.get(key, ZERO) - right.get(key, ZERO) for key in {*left, *right}}


def _full_name(record: Record) -> str:
    return str(record.get("FullyQualifiedName") or record.get("Name") or record.get("DisplayName") or record.get("Id"))


def _columns(*columns: tuple[str, str, str]) -> Record:
    return {
        "Column": [
            {"ColTitle": title, "ColType": kind, "MetaData": [{"Name": "ColKey", "Value": key}]}
            for title, kind, key in columns
        ]
    }
