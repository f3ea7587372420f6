"""The contractor's books before anything is posted: chart of accounts and cost codes."""

from __future__ import annotations

from dataclasses import dataclass

from local.sandbox.world.model import Account, CostCode, CostType

_ASSET, _LIABILITY, _EQUITY, _REVENUE, _EXPENSE = "Asset", "Liability", "Equity", "Revenue", "Expense"

# key, number, name, type, sub type, classification
_ACCOUNTS = (
    ("checking", "1000", "Operating Checking", "Bank", "Checking", _ASSET),
    ("payroll_checking", "1010", "Payroll Checking", "Bank", "Checking", _ASSET),
    ("savings", "1020", "Reserve Savings", "Bank", "Savings", _ASSET),
    ("ar", "1100", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", _ASSET),
    ("retainage_receivable", "1150", "Retainage Receivable", "Other Current Asset", "Retainage", _ASSET),
    ("undeposited", "1200", "Undeposited Funds", "Other Current Asset", "UndepositedFunds", _ASSET),
    ("prepaid", "1300", "Prepaid Expenses", "Other Current Asset", "PrepaidExpenses", _ASSET),
    ("underbilled", "1400", "Costs in Excess of Billings", "Other Current Asset", "OtherCurrentAssets", _ASSET),
    ("vehicles", "1500", "Vehicles", "Fixed Asset", "Vehicles", _ASSET),
    ("machinery", "1510", "Machinery and Equipment", "Fixed Asset", "MachineryAndEquipment", _ASSET),
    ("depreciation_reserve", "1590", "Accumulated Depreciation", "Fixed Asset", "AccumulatedDepreciation", _ASSET),
    ("ap", "2000", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", _LIABILITY),
    ("card", "2050", "Company Card", "Credit Card", "CreditCard", _LIABILITY),
    (
        "retainage_payable",
        "2100",
        "Retainage Payable",
        "Other Current Liability",
        "OtherCurrentLiabilities",
        _LIABILITY,
    ),
    ("payroll_liabilities", "2200", "Payroll Liabilities", "Other Current Liability", "PayrollTaxPayable", _LIABILITY),
    (
        "overbilled",
        "2300",
        "Billings in Excess of Costs",
        "Other Current Liability",
        "OtherCurrentLiabilities",
        _LIABILITY,
    ),
    ("accrued", "2400", "Accrued Expenses", "Other Current Liability", "OtherCurrentLiabilities", _LIABILITY),
    ("truck_loan", "2500", "Equipment Loans", "Long Term Liability", "NotesPayable", _LIABILITY),
    ("opening", "3000", "Opening Balance Equity", "Equity", "OpeningBalanceEquity", _EQUITY),
    ("retained", "3100", "Retained Earnings", "Equity", "RetainedEarnings", _EQUITY),
    ("distributions", "3200", "Owner Distributions", "Equity", "PartnerDistributions", _EQUITY),
    ("contract_income", "4000", "Contract Income", "Income", "ServiceFeeIncome", _REVENUE),
    ("other_income", "4900", "Interest Income", "Other Income", "InterestEarned", _REVENUE),
    ("materials", "5000", "Job Materials", "Cost of Goods Sold", "SuppliesMaterialsCogs", _EXPENSE),
    ("subcontractors", "5100", "Subcontractors", "Cost of Goods Sold", "OtherCostsOfServiceCos", _EXPENSE),
    ("rental", "5200", "Equipment Rental", "Cost of Goods Sold", "EquipmentRentalCos", _EXPENSE),
    ("charges", "5210", "Equipment Charges", "Cost of Goods Sold", "EquipmentRentalCos", _EXPENSE),
    ("direct_labor", "5300", "Direct Labor", "Cost of Goods Sold", "CostOfLaborCos", _EXPENSE),
    ("permits", "5400", "Permits and Fees", "Cost of Goods Sold", "OtherCostsOfServiceCos", _EXPENSE),
    ("site", "5500", "Job Site Costs", "Cost of Goods Sold", "OtherCostsOfServiceCos", _EXPENSE),
    ("other_job", "5900", "Other Job Costs", "Cost of Goods Sold", "OtherCostsOfServiceCos", _EXPENSE),
    ("field_wages", "5310", "Payroll - Field Wages", "Cost of Goods Sold", "CostOfLaborCos", _EXPENSE),
    ("office_wages", "6000", "Payroll - Office Wages", "Expense", "PayrollExpenses", _EXPENSE),
    ("employer_taxes", "6010", "Payroll - Employer Taxes", "Expense", "PayrollExpenses", _EXPENSE),
    ("employer_benefits", "6020", "Payroll - Employer Benefits", "Expense", "PayrollExpenses", _EXPENSE),
    ("rent", "6100", "Rent", "Expense", "RentOrLeaseOfBuildings", _EXPENSE),
    ("utilities", "6110", "Utilities", "Expense", "Utilities", _EXPENSE),
    ("insurance", "6200", "Insurance - General Liability", "Expense", "Insurance", _EXPENSE),
    ("software", "6300", "Software and Dues", "Expense", "DuesSubscriptions", _EXPENSE),
    ("office", "6310", "Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses", _EXPENSE),
    ("reimbursements", "6320", "Employee Reimbursements", "Expense", "OfficeGeneralAdministrativeExpenses", _EXPENSE),
    ("vehicle", "6400", "Vehicle Expenses", "Expense", "Auto", _EXPENSE),
    ("shop", "6410", "Shop Supplies and Repairs", "Expense", "RepairMaintenance", _EXPENSE),
    ("pool_recovery", "6420", "Equipment Pool Recovery", "Expense", "RepairMaintenance", _EXPENSE),
    ("legal", "6500", "Legal and Accounting", "Expense", "LegalProfessionalFees", _EXPENSE),
    ("marketing", "6600", "Estimating and Marketing", "Expense", "AdvertisingPromotional", _EXPENSE),
    ("bank", "6700", "Bank Charges", "Expense", "BankCharges", _EXPENSE),
    ("interest", "7000", "Interest Expense", "Other Expense", "OtherMiscellaneousExpense", _EXPENSE),
    ("workers_comp", "6210", "Insurance - Workers' Compensation", "Expense", "Insurance", _EXPENSE),
    ("training_fund", "6030", "Training Fund Contributions", "Expense", "OtherBusinessExpenses", _EXPENSE),
    ("equipment_owning", "6430", "Equipment Owning Costs", "Expense", "EquipmentRental", _EXPENSE),
    (
        "allocated_overhead",
        "5800",
        "Overhead Allocated to Jobs",
        "Cost of Goods Sold",
        "OtherCostsOfServiceCos",
        _EXPENSE,
    ),
    (
        "overhead_applied",
        "6990",
        "Overhead Applied to Jobs",
        "Expense",
        "OfficeGeneralAdministrativeExpenses",
        _EXPENSE,
    ),
    ("revenue_adjustment", "4100", "Contract Revenue Adjustment", "Income", "ServiceFeeIncome", _REVENUE),
    ("relocation", "6950", "Office Relocation", "Expense", "OfficeGeneralAdministrativeExpenses", _EXPENSE),
    ("income_tax", "7100", "State Income Taxes", "Expense", "TaxesPaid", _EXPENSE),
    ("loan_interest", "7010", "Interest on Equipment Loans", "Expense", "InterestPaid", _EXPENSE),
    ("ap_cad", "2010", "Accounts Payable (A/P) - CAD", "Accounts Payable", "AccountsPayable", _LIABILITY),
)

ACCOUNT_OF_TYPE: dict[CostType, str] = {
    "L": "direct_labor",
    "M": "materials",
    "S": "subcontractors",
    "E": "rental",
    "O": "other_job",
}
ACCOUNT_OF_CODE = {"01-020": "permits", "01-500": "site", "01-740": "site"}


def accounts() -> dict[str, Account]:
    """Every account by its key; ids leave gaps as in a company that grew."""
    return {
        key: Account(
            key,
            str(30 + 2 * index + index // 7),
            name,
            number,
            kind,
            sub_type,
            classification,
            currency="CAD" if key == "ap_cad" else "USD",
        )
        for index, (key, number, name, kind, sub_type, classification) in enumerate(_ACCOUNTS)
    }


def type_of_account(account: Account) -> CostType:
    """Cost type of a line that has nothing but an account."""
    kinds: dict[str, CostType] = {
        "direct_labor": "L",
        "materials": "M",
        "subcontractors": "S",
        "rental": "E",
        "charges": "E",
    }
    return kinds.get(account.key, "O")


@dataclass(frozen=True)
class Trade:
    """A code that can be bought or built: how heavy it is and when in the job it happens."""

    code: str
    weight: float
    window: tuple[float, float]
    unit: str = ""
    quarters_per_unit: float = 0.0


_NAMES = """
01-010 Mobilization|01-020 Permits and fees|01-060 Bonds and insurance|01-100 General requirements
01-310 Superintendence|01-450 Testing and inspection|01-500 Temporary facilities|01-540 Construction equipment
01-740 Final cleaning|01-900 Contingency|02-410 Selective demolition|02-820 Abatement|03-100 Concrete forming
03-200 Reinforcing steel|03-300 Cast-in-place concrete|03-350 Concrete finishing|03-450 Precast concrete
04-200 Unit masonry|04-400 Stone veneer|05-100 Structural steel|05-300 Metal decking|05-500 Metal fabrications
06-100 Rough carpentry|06-200 Finish carpentry|06-400 Architectural woodwork|07-100 Waterproofing
07-200 Insulation|07-400 Metal panels|07-500 Membrane roofing|07-900 Joint sealants|08-100 Doors and frames
08-400 Storefront and glazing|08-700 Door hardware|09-200 Gypsum board|09-300 Tile|09-500 Acoustical ceilings
09-600 Flooring|09-900 Painting|10-100 Specialties|10-440 Fire protection specialties
11-400 Food service equipment|12-200 Window treatments|12-300 Casework|13-340 Metal building systems
14-200 Elevators|21-100 Fire sprinklers|22-100 Plumbing|22-400 Plumbing fixtures|23-100 HVAC|23-900 Controls
26-100 Electrical|26-500 Lighting fixtures|27-100 Structured cabling|28-300 Fire alarm|31-100 Site clearing
31-200 Earthwork|32-100 Paving|32-300 Fencing|32-900 Landscaping|33-100 Site utilities
"""

SUBCONTRACTED = (
    Trade("23-100", 16, (0.20, 0.90)),
    Trade("26-100", 14, (0.15, 0.92)),
    Trade("22-100", 9, (0.12, 0.85)),
    Trade("05-100", 8, (0.10, 0.40)),
    Trade("09-200", 7, (0.35, 0.78)),
    Trade("07-500", 5, (0.30, 0.55)),
    Trade("31-200", 6, (0.02, 0.25)),
    Trade("33-100", 4, (0.05, 0.30)),
    Trade("32-100", 4, (0.70, 0.92)),
    Trade("08-400", 5, (0.40, 0.75)),
    Trade("09-900", 3, (0.60, 0.93)),
    Trade("09-600", 4, (0.68, 0.93)),
    Trade("04-200", 5, (0.15, 0.50)),
    Trade("21-100", 3, (0.25, 0.80)),
    Trade("28-300", 2, (0.40, 0.92)),
    Trade("27-100", 2, (0.45, 0.92)),
    Trade("14-200", 4, (0.45, 0.85)),
    Trade("09-300", 2, (0.60, 0.88)),
    Trade("09-500", 2, (0.60, 0.86)),
    Trade("32-900", 2, (0.78, 0.98)),
    Trade("02-820", 2, (0.01, 0.15)),
    Trade("11-400", 3, (0.65, 0.90)),
    Trade("07-400", 3, (0.38, 0.66)),
    Trade("03-450", 4, (0.10, 0.30)),
    Trade("13-340", 6, (0.10, 0.40)),
    Trade("23-900", 2, (0.55, 0.95)),
    Trade("07-100", 2, (0.10, 0.35)),
    Trade("32-300", 1, (0.75, 0.97)),
    Trade("04-400", 2, (0.40, 0.60)),
)
SELF_PERFORMED = (
    Trade("03-100", 5, (0.05, 0.40), "SF", 0.36),
    Trade("03-300", 5, (0.06, 0.42), "CY", 7.2),
    Trade("06-100", 5, (0.15, 0.60), "BF", 0.12),
    Trade("02-410", 3, (0.00, 0.18), "SF", 0.30),
    Trade("06-200", 4, (0.55, 0.95), "LF", 1.1),
    Trade("08-100", 3, (0.50, 0.90), "EA", 14.0),
    Trade("03-350", 2, (0.10, 0.45), "SF", 0.10),
    Trade("10-100", 2, (0.70, 0.98), "EA", 6.0),
    Trade("07-200", 2, (0.30, 0.65), "SF", 0.07),
    Trade("12-300", 2, (0.65, 0.95), "LF", 2.4),
)
BOUGHT = (
    Trade("03-300", 6, (0.05, 0.42)),
    Trade("03-200", 3, (0.04, 0.38)),
    Trade("06-100", 4, (0.14, 0.58)),
    Trade("08-100", 4, (0.45, 0.85)),
    Trade("08-700", 2, (0.50, 0.88)),
    Trade("05-500", 3, (0.20, 0.60)),
    Trade("12-300", 3, (0.62, 0.92)),
    Trade("10-100", 2, (0.68, 0.96)),
    Trade("22-400", 2, (0.55, 0.88)),
    Trade("26-500", 3, (0.55, 0.88)),
    Trade("06-400", 3, (0.55, 0.92)),
    Trade("07-200", 2, (0.28, 0.64)),
)


def cost_codes() -> dict[str, CostCode]:
    """The company's standard list, sixty codes in CSI order."""
    pairs = (entry.strip().split(" ", 1) for entry in _NAMES.replace("\n", "|").split("|") if entry.strip())
    return {code: CostCode(code, name) for code, name in pairs}
