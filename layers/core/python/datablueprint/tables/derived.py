"""What the rooms behind the lake make of it: identities, facts, findings and figures."""

from __future__ import annotations

from datablueprint.tables.contract import Table, columns

GRAPH = (
    Table(
        "entities",
        "graph",
        ("record_id",),
        columns(
            "record_id",
            "kind string project | vendor | employee",
            "entity_id string record_id of the leading record of its cluster",
            "name",
            "number",
        ),
        "Which thing a record speaks of. A record linked to nothing is an entity of its own.",
    ),
    Table(
        "links",
        "graph",
        ("link_id",),
        columns(
            "link_id",
            "kind",
            "left_record_id",
            "right_record_id",
            "state string automatic | proposed | accepted | rejected",
            "dollars money how much moves between projects, codes or pay rates if the link is wrong",
            "confidence quantity 0 to 1",
            "evidence strings sentences, strongest first",
            "decided_by string rule name or person",
        ),
    ),
)

LEDGER = (
    Table(
        "facts",
        "ledger",
        ("fact_id",),
        columns(
            "fact_id",
            "measure string original_contract approved_change pending_change original_budget budget_modification "
            "budget_change forecast_to_complete commitment commitment_change cost billing overhead burden_paid cash "
            "cash_in cash_out receivable retainage_receivable payable retainage_payable sales_tax below_the_line "
            "equipment_pool wip_adjustment allocation_journal intercompany ... | none: moves money or posts nothing",
            "state string counted | excluded | held",
            "rule string the rule that made or excluded it: D1 .. D13, or a rule of contracts and budget",
            "reason string one clause for a person",
            "project string entity id, null = in no project (unassigned or company-wide)",
            "cost_code",
            "cost_type",
            "amount money",
            "hours hours",
            "quantity quantity units planned or installed (measures planned_quantity, installed_quantity)",
            "accounting_on date",
            "worked_on date",
            "basis string posted | approved_not_posted | unprocessed_time | applied (a rate on another fact) | plan",
            "component string of labor cost: wages | burden | workers_comp | ...; of cash: restricted; of a "
            "wip_adjustment: underbilled | overbilled | loss_provision | revenue | cost; of intercompany: the measure",
            "subject string record id of the change order, invoice or transaction the fact speaks of",
            "party string vendor or employee entity id",
            "contract_record_id string prime contract or commitment the fact belongs to",
            "grade string A | B | C",
            "pool string facts of one pool share evidence and foot to it",
            "base_fact string the fact a rate is on; of payroll_accrual: the one that proves its rate",
            "rate rate basis applied: amount = base x rate, rounded half up to cents",
            "rate_on string amount | hours | amount/3 | amount/2 (the premium part of overtime) of the base fact",
            "evidence evidence role: amount, less, weight, less_weight, rate_amount, rate_hours, mirror, support",
        ),
        "Without a pool: amount = sum of amount less sum of less. In a pool: the facts of the pool together equal the "
        "pool's amount evidence, each in the ratio of its weight evidence, cents by largest remainder. "
        "basis unprocessed_time: weight x rate_amount / rate_hours.",
    ),
    Table(
        "coverage",
        "ledger",
        ("measure", "bucket"),
        columns("measure", "bucket", "amount money", "facts int"),
        "Where the cost in the ledger was seen: both, only one system, unassigned, excluded twins.",
    ),
    Table(
        "tieouts",
        "ledger",
        ("tieout", "scope", "period"),
        columns(
            "tieout string T1 .. T8 of the metrics specification (T5a, T5b, T7a, T7b: its halves), TB trial balance, "
            "DC debits and credits",
            "scope string project entity id, account, vendor; '' = company",
            "period string 2026-10, a pay run, a date; '' = from inception",
            "left_label string",
            "left_amount money",
            "right_label string",
            "right_amount money",
            "difference money left less right",
            "tolerance money",
            "holds bool",
            "sentence string what was compared, for a person",
            "record_ids strings the records behind a difference",
        ),
        "Two independent ways to the same sum; what does not agree is shown, never adjusted.",
    ),
    Table(
        "sync_states",
        "ledger",
        ("kind", "record_id"),
        columns(
            "kind string project | vendor | subcontract_invoice | direct_cost | commitment | bill",
            "record_id string the Procore record, or the QuickBooks one where only that exists",
            "other_record_id string its twin in the other system, null where there is none",
            "state string synced | eligible | unlinked_twin | cannot_integrate | only_procore | only_quickbooks | "
            "voided",
            "project string entity id",
            "amount money",
            "sentence",
            "way_out",
        ),
        "What the native Procore-QuickBooks integration has and has not carried over, read from both sides.",
    ),
    Table(
        "findings",
        "ledger",
        ("finding_id",),
        columns(
            "finding_id",
            "kind",
            "level string info | warning | error",
            "grade string B | C: the best grade a figure of this project can still have; null = no effect",
            "project string entity id; null = company-wide",
            "amount money",
            "sentence",
            "way_out",
            "record_ids strings",
        ),
    ),
)

METRICS = (
    Table(
        "leaves",
        "metrics",
        ("project", "cost_code", "cost_type"),
        columns(
            "project",
            "cost_code",
            "cost_type",
            "budget money",
            "committed money",
            "actual money",
            "open_commitment money",
            "method string A E1 E2 E3a E4 E5 E6",
            "eac money",
            "eac_lowest money",
            "eac_highest money",
        ),
        "Estimate at completion per cost code and type, with the method that was first to apply.",
    ),
    Table(
        "estimates",
        "metrics",
        ("project", "cost_code", "cost_type", "method"),
        columns(
            "project",
            "cost_code",
            "cost_type",
            "method string A E1 E2 E3a E3b E3c E4 E5 E6",
            "eac money",
            "chosen bool the first method that applies; the others show the range",
        ),
        "Estimate at completion of each leaf by every method its data support, side by side.",
    ),
    Table(
        "figures",
        "metrics",
        ("figure_id",),
        columns(
            "figure_id",
            "metric",
            "project string entity id, null = portfolio",
            "label",
            "value string decimal text; null = unavailable",
            "unit string money | ratio | hours | count",
            "as_of date",
            "grade string A | B | C | U",
            "method",
            "assumptions strings",
            "missing strings names of missing terms when unavailable",
            "tree string JSON expression whose leaves are selections of facts",
        ),
    ),
)
