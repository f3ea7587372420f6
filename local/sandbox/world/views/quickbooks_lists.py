"""QuickBooks' lists: the company, its accounts, customers and jobs, vendors, items and employees."""

from __future__ import annotations

from datetime import date, timedelta

from local.sandbox.world.books import GENERAL_ITEMS, account_of
from local.sandbox.world.company import COMPANY
from local.sandbox.world.identity import CHANGE_WORK
from local.sandbox.world.model import Account, Employee, Owner, Project, TimeEntry, Vendor, World
from local.sandbox.world.money import number
from local.sandbox.world.views.posting import balances, owed_by_jobs, owed_to_vendors
from local.sandbox.world.views.stamps import Row, day, meta

REALM = "9130350000000042"
CURRENCIES = {"USD": "United States Dollar", "CAD": "Canadian Dollar"}
CLASSES = (("5000000000000000001", "Field"), ("5000000000000000002", "Overhead"))


def currency(code: str) -> Row:
    return {"value": code, "name": CURRENCIES[code]}


def listed(world: World, number_: str, *, created: date | None = None, updated: date | None = None) -> Row:
    """What every list record carries; balances move LastUpdatedTime without moving SyncToken."""
    salt = sum(map(ord, number_))
    stamps = meta(world, created or world.began, updated or world.as_of, salt)
    return {"domain": "QBO", "sparse": False, "Id": number_, "SyncToken": "0", "MetaData": stamps}


def gone(name: str, active: bool) -> str:
    """Inactive list records carry the mark in their name."""
    return name if active else f"{name} (deleted)"


def rows(world: World) -> dict[str, list[Row]]:
    return {
        "CompanyInfo": [_company(world)],
        "Preferences": [_preferences(world)],
        "Account": _accounts(world),
        "Customer": _customers(world),
        "Vendor": _vendors(world),
        "Item": _items(world),
        "Employee": [_employee(world, e) for e in world.employees],
        "Class": [
            {"Name": n, "FullyQualifiedName": n, "SubClass": False, "Active": True, **listed(world, i)}
            for i, n in CLASSES
        ],
        "TimeActivity": _time(world),
    }


def _company(world: World) -> Row:
    return {
        "CompanyName": COMPANY,
        "LegalName": f"{COMPANY}, LLC",
        "Country": "US",
        "FiscalYearStartMonth": "January",
        "CompanyStartDate": "2009-03-02",
        "DefaultTimeZone": "America/Denver",
        "SupportedLanguages": "en",
        "NameValue": [
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
            {"Name": "IndustryType", "Value": "Construction"},
        ],
        **listed(world, "1", updated=world.began),
    }


def _preferences(world: World) -> Row:
    return {
        "AccountingInfoPrefs": {
            "ClassTrackingPerTxn": False, "ClassTrackingPerTxnLine": True, "TrackDepartments": False,
            "FirstMonthOfFiscalYear": "January", "UseAccountNumbers": True, "CustomerTerminology": "Customers",
            "BookCloseDate": f"{world.today.year - 1}-12-31",
        },
        "CurrencyPrefs": {"MultiCurrencyEnabled": True, "HomeCurrency": {"value": "USD"}},
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": True, "BillableExpenseTracking": True},
        "TimeTrackingPrefs": {"UseServices": True, "BillCustomers": True},
        "ReportPrefs": {"ReportBasis": "Accrual"},
        "OtherPrefs": {"NameValue": [{"Name": "ProjectsEnabled", "Value": "true"}]},
        **listed(world, "1", updated=world.began),
    }  # fmt: skip


def _accounts(world: World) -> list[Row]:
    held = balances(world)
    return [_account(world, account, held.get(account.key, 0)) for account in world.accounts.values()]


def _account(world: World, account: Account, balance: int) -> Row:
    return {
        "Name": account.name,
        "SubAccount": False,
        "FullyQualifiedName": account.name,
        "AcctNum": account.number,
        "Active": True,
        "Classification": account.classification,
        "AccountType": account.type,
        "AccountSubType": account.sub_type,
        "CurrentBalance": number(balance),
        "CurrentBalanceWithSubAccounts": number(balance),
        "CurrencyRef": currency(account.currency),
        **listed(world, account.id),
    }


def _customers(world: World) -> list[Row]:
    owed = owed_by_jobs(world)
    parents = [_owner(world, owner, owed) for owner in world.owners]
    known = [p for p in (*world.projects, *world.unlisted) if p.quickbooks_id]
    jobs = [_job(world, p, owed.get(p.id, 0)) for p in known]
    return parents + jobs + [_change_job(world, p) for p in known if p.change_job_id]


def _owner(world: World, owner: Owner, owed: dict[int, int]) -> Row:
    jobs = sum(owed.get(p.id, 0) for p in world.projects if p.owner is owner)
    return {
        "DisplayName": owner.name,
        "FullyQualifiedName": owner.name,
        "CompanyName": owner.name,
        "Job": False,
        "IsProject": False,
        "BillWithParent": False,
        "Active": True,
        "Balance": 0,
        "BalanceWithJobs": number(jobs),
        "CurrencyRef": currency("USD"),
        **listed(world, owner.quickbooks_id),
    }


def _job(world: World, p: Project, owed: int) -> Row:
    assert p.quickbooks_id is not None  # filtered by the caller
    active = not p.closed
    name = gone(p.quickbooks_name, active)
    return {
        "DisplayName": name,
        "FullyQualifiedName": f"{p.owner.name}:{name}",
        "CompanyName": p.owner.name,
        "Job": True,
        "IsProject": p.link != "name",
        "BillWithParent": False,
        "ParentRef": {"value": p.owner.quickbooks_id, "name": p.owner.name},
        "Level": 1,
        "Active": active,
        "Balance": number(owed),
        "BalanceWithJobs": number(owed),
        "CurrencyRef": currency("USD"),
        "ShipAddr": {"Line1": p.address, "City": p.city, "CountrySubDivisionCode": "CO"},
        **listed(world, p.quickbooks_id, created=max(world.began, p.start - timedelta(days=30))),
    }


def _change_job(world: World, p: Project) -> Row:
    """A job under a job."""
    assert p.change_job_id is not None  # filtered by the caller
    return {
        **_job(world, p, 0),
        "DisplayName": CHANGE_WORK,
        "FullyQualifiedName": f"{p.owner.name}:{p.quickbooks_name}:{CHANGE_WORK}",
        "IsProject": False,
        "ParentRef": {"value": p.quickbooks_id, "name": p.quickbooks_name},
        "Level": 2,
        **listed(world, p.change_job_id, created=max(world.began, p.start)),
    }


def _vendors(world: World) -> list[Row]:
    owed = owed_to_vendors(world)
    return [_vendor(world, v, owed.get(v.name, 0)) for v in world.vendors if v.quickbooks_id]


def _vendor(world: World, vendor: Vendor, owed: int) -> Row:
    assert vendor.quickbooks_id is not None  # filtered by the caller
    name = gone(vendor.quickbooks_name, vendor.active)
    return {
        "DisplayName": name,
        "CompanyName": vendor.quickbooks_name,
        "PrintOnCheckName": vendor.quickbooks_name,
        "Active": vendor.active,
        "Vendor1099": vendor.kind == "sub",
        "Balance": number(owed),
        "CurrencyRef": currency(vendor.currency),
        **listed(world, vendor.quickbooks_id),
    }


def item_name(p: Project, code: str, kind: str) -> str:
    return f"{p.number}-{code}.{kind}"


def _items(world: World) -> list[Row]:
    general = [_item(world, i, name, account, account) for i, name, account in GENERAL_ITEMS.values()]
    general.append({**_item(world, "6", "Old Survey Item", "other_job", "contract_income"), "Active": False})
    general[-1]["Name"] = general[-1]["FullyQualifiedName"] = "Old Survey Item (deleted)"
    for p in world.projects:
        for leaf in (leaf for leaf in p.leaves if leaf.item_id):
            assert leaf.item_id is not None  # filtered above
            row = _item(
                world, leaf.item_id, item_name(p, leaf.code, leaf.type), account_of(world, leaf).key, "contract_income"
            )
            general.append(
                {**row, "Description": world.codes[leaf.code].name, "PurchaseDesc": world.codes[leaf.code].name}
            )
    return general


def _item(world: World, item_id: str, name: str, expense: str, income: str) -> Row:
    cost, sale = world.accounts[expense], world.accounts[income]
    row = {
        "Name": name,
        "FullyQualifiedName": name,
        "Type": "Service",
        "SubItem": False,
        "Active": True,
        "Taxable": False,
        "UnitPrice": 0,
        "PurchaseCost": 0,
        "TrackQtyOnHand": False,
        "IncomeAccountRef": {"value": sale.id, "name": sale.name},
    }
    if cost.is_cost:
        row["ExpenseAccountRef"] = {"value": cost.id, "name": cost.name}
    return {**row, **listed(world, item_id)}


def _employee(world: World, person: Employee) -> Row:
    active = person.released is None
    return {
        "DisplayName": gone(person.name, active),
        "GivenName": person.first,
        "FamilyName": person.last,
        "EmployeeNumber": person.number,
        "Active": active,
        "HiredDate": day(person.hired),
        "ReleasedDate": day(person.released),
        "BillableTime": False,
        **listed(world, person.quickbooks_id, updated=person.released),
    }


def _time(world: World) -> list[Row]:
    """A superintendent who also fills in QuickBooks time sheets: hours that must not be counted again."""
    entries = [e for e in world.time if e.employee.role == "superintendent" and e.project.quickbooks_id][-24:]
    return [_activity(world, n, entry) for n, entry in enumerate(entries, start=1)]


def _activity(world: World, n: int, entry: TimeEntry) -> Row:
    hours, quarters = divmod(entry.quarters, 4)
    return {
        "TxnDate": day(entry.day),
        "NameOf": "Employee",
        "EmployeeRef": {"value": entry.employee.quickbooks_id, "name": entry.employee.name},
        "CustomerRef": {"value": entry.project.quickbooks_id, "name": entry.project.quickbooks_name},
        "BillableStatus": "NotBillable",
        "HourlyRate": 0,
        "CostRate": 62,
        "Hours": hours,
        "Minutes": quarters * 15,
        "Description": "Superintendence",
        **listed(world, str(n), created=entry.day, updated=entry.day),
    }
