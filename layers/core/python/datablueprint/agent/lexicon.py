"""What the offline planner knows, and, more usefully, what it knows that it cannot answer yet."""

from __future__ import annotations

MARGIN = frozenset("margin margins".split())
PROFIT = frozenset("profit profits gain earnings profitability".split())
COST = frozenset("cost costs spend spending spent".split())
ESTIMATE = frozenset(
    "eac estimate estimated forecast forecasted projected project projects completion complete".split()
)
CONTRACT = frozenset("contract contracts revenue price".split())
WORST = frozenset("worst lowest weakest bottom losing unprofitable thinnest bad".split())
BEST = frozenset("best highest strongest top healthiest fattest good".split())
PORTFOLIO = frozenset("portfolio company overall everything business".split())
EACH = frozenset("projects jobs each every all list".split())
CLOSED = frozenset("closed finished completed".split())

FILLER = frozenset(
    """a an the of at on in for to do does did is are was be will would what whats which who how much many our my we
    us you your me it its this that these those there have has had show tell give see look like please can could i
    and or with by from when now today currently current so far date as up job project projects jobs make makes making
    expect expected gross at completion complete end final value total figure number percent percentage pct money
    dollars rank ranked ranking order about looking stand standing doing one ones active open running ongoing their
    get let know want need going come out be""".split()
)
NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip

NOT_YET = {
    "net": "net margin (overhead is not allocated to jobs yet)",
    "overhead": "overhead allocation",
    "erosion": "margin erosion",
    "fade": "margin fade",
    "eroding": "margin erosion",
    "burn": "labor burn rate",
    "burnout": "labor burn rate",
    "labor": "labor metrics",
    "labour": "labor metrics",
    "hours": "labor metrics",
    "payroll": "payroll metrics",
    "burden": "labor burden",
    "wages": "payroll metrics",
    "variance": "variances",
    "cash": "cash position",
    "overbilled": "over- and underbilling",
    "underbilled": "over- and underbilling",
    "billed": "billing metrics",
    "billing": "billing metrics",
    "backlog": "backlog",
    "wip": "the WIP schedule",
    "pm": "project manager scorecards",
    "pms": "project manager scorecards",
    "manager": "project manager scorecards",
    "managers": "project manager scorecards",
    "budget": "budget metrics",
    "committed": "committed cost",
    "commitments": "committed cost",
    "pending": "what pending change orders do",
    "approve": "what-if questions",
    "approved": "change order metrics",
    "approving": "what-if questions",
    "if": "what-if questions",
    "change": "change orders and changes over time",
    "changes": "change orders and changes over time",
    "changed": "changes over time",
    "vendor": "questions about vendors",
    "vendors": "questions about vendors",
    "code": "figures by cost code",
    "codes": "figures by cost code",
    "why": "causes",
    "since": "changes over time",
    "last": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "ago": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "yesterday": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "month": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "quarter": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "year": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "week": "figures of another day (use `datablueprint metric NAME --as-of DAY`)",
    "next": "forecasts of another day",
    "tomorrow": "forecasts of another day",
    "average": "averages of margins (a portfolio margin is a ratio of sums)",
    "markup": "markup",
    "schedule": "the schedule",
    "safety": "safety records",
    "rfi": "RFIs",
    "rfis": "RFIs",
    "weather": "the weather",
    "tenant": "other companies (this session sees one company only)",
    "tenants": "other companies (this session sees one company only)",
    "customers": "other companies (this session sees one company only)",
    "ignore": "instructions (it answers questions about figures)",
    "instructions": "instructions (it answers questions about figures)",
    "delete": "changes to records (everything here is read-only)",
    "update": "changes to records (everything here is read-only)",
    "pay": "payments (everything here is read-only)",
    "write": "changes to records (everything here is read-only)",
}
"""Words whose presence means another question than the ones that can be answered now."""
