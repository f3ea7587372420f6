"""What the verbs about figures print for people; --json shows the same results whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from local.cli_table import table

Result = Mapping[str, Any]
LISTED = 12
"""Changed records printed per bridge; --json has them all."""
LEFT = ("contract_value", "estimated_cost_at_completion", "gross_profit_at_completion", "gross_margin_at_completion",
        "actual_cost", "percent_complete")  # fmt: skip
RIGHT = ("earned_revenue", "billed_to_date", "overbilled", "underbilled", "backlog", "loss_provision")
SHORT = {
    "contract_value": "contract",
    "estimated_cost_at_completion": "est. cost",
    "gross_profit_at_completion": "est. profit",
    "gross_margin_at_completion": "margin",
    "actual_cost": "cost to date",
    "percent_complete": "complete",
    "earned_revenue": "earned",
    "billed_to_date": "billed",
    "loss_provision": "loss prov.",
    "overhead_at_completion": "overhead",
    "net_profit_at_completion": "net profit",
    "net_margin_at_completion": "net margin",
}
LONGEST_NAME = 28


def grid(headings: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> None:
    """Print a table whose first `words` columns are words and the rest numbers."""
    print(table(headings, rows, right=frozenset(range(words, len(headings)))))


def notes(lines: Iterable[str], heading: str = "") -> None:
    kept = list(lines)
    if kept and heading:
        print(f"\n{heading}:")
    for line in kept:
        print(f"  - {line}")


def print_metric(result: Result) -> None:
    if "metrics" in result:
        print("\n".join(f"{m['name']}: {m['meaning']}" for m in result["metrics"]))
        return
    print(f"{result['label']} ({result['metric']}), as of {result['as_of']}\n{result['meaning']}")
    print(f"  = {result['formula']}\n")
    rows = [(_scope(f), f["of"], f["shown"], f["grade"], f["id"]) for f in result["figures"]]
    print(table(("scope", "name", "value", "grade", "figure"), rows, right=frozenset({2})))
    if len(result["figures"]) == 1:
        notes(result["figures"][0]["assumptions"])
    if "scorecard" in result:
        _print_scorecard(result["scorecard"])


def _scope(figure: Result) -> str:
    found = figure["dimensions"]
    return str(found.get("project") or found["scope"])


def _print_scorecard(found: Result) -> None:
    print(f"\n{found['verdict']}")
    rows = [
        (
            m["rank"] or "-",
            m["name"] + (" (tied)" if m["tied"] else ""),
            m["jobs"],
            m["score"]["shown"],
            f"{m['low']['shown']} to {m['high']['shown']}",
            m["mean"]["shown"],
            m["fade"]["shown"],
        )
        for m in found["managers"]
    ]
    headings = ("rank", "manager", "jobs", "score", "90% interval", "mean margin", "mean fade")
    print(table(headings, rows, right=frozenset({0, 2, 3, 4, 5, 6})))
    notes([f"too few jobs to rank: {m['name']}" for m in found["managers"] if not m["rank"]])
    notes([f"counted for nobody, several or no managers: {', '.join(found['shared'])}"] if found["shared"] else [])
    notes([found["caveats"]])
    if found["size_matters"]:
        print("\nThe size of a job matters; means of what size does not explain:")
        grid(("manager", "residual"), [(r["name"], _points(Decimal(r["residual"]))) for r in found["by_size"]])


def _points(ratio: Decimal) -> str:
    return f"{ratio * 100:+.1f} pts"


def print_wip(result: Result) -> None:
    print(f"Work in progress as of {result['as_of']}, snapshot {result['snapshot']}")
    for section in result["sections"]:
        for names in (LEFT, RIGHT):
            print(f"\n{section['title'].capitalize()}")
            rows = [(_named(line), *(line["cells"][name]["shown"] for name in names)) for line in section["lines"]]
            totals = (section["totals"].get(name, {}).get("shown", "") for name in names)
            grid(("project", *(SHORT.get(name, name) for name in names)), [*rows, ("total", *totals)])
    notes(result["left_out"], "Left out")
    notes(result["notes"], "Notes")
    for path in result.get("written") or ():
        print(f"Written: {path}")


def _named(line: Result) -> str:
    return f"{line['project']} {line['name'][:LONGEST_NAME]}"


def print_bridge(result: Result) -> None:
    start, end = result["from"], result["to"]
    print(f"{result['project']} {result['name']}: gross profit at completion")
    grid(("", "profit"), [(start["point"], start["shown"]), (end["point"], end["shown"]),
                          ("difference", result["difference"]["shown"])])  # fmt: skip
    moved = [part for part in result["parts"] if Decimal(part["value"])]
    print("\nWhat moved it:")
    grid(("cause", "effect"), [(_cause(part), part["shown"]) for part in moved])
    late = result["late"]
    if late:
        print(f"\nDated on or before the earlier day and not known then ({len(late)}):")
        rows = [(c["records"][0] if c["records"] else "", c["on"] or "", c["what"], _cents(c["amount"])) for c in late]
        grid(("record", "date", "", "amount"), rows[:LISTED], words=3)
    for path in result.get("written") or ():
        print(f"Written: {path}")


def _cause(part: Result) -> str:
    method = f" (method {part['method']})" if part["method"] else ""
    same = part["cause"] == part["label"]
    return f"{part['cause']}{'' if same else ': ' + part['label']}{method}"


def _cents(amount: str) -> str:
    return f"{Decimal(amount):,.2f}"


def print_what_if(result: Result) -> None:
    if "kept" in result:
        grid(("name", "supposes", "by"), [(k["name"], " + ".join(k["assumptions"]), k["by"]) for k in result["kept"]],
             words=3)  # fmt: skip
        return
    if result.get("deleted"):
        print(f"'{result['name']}' is no longer kept; it supposed {' + '.join(result['assumptions'])}")
        return
    scenarios = result["scenarios"]
    print(f"HYPOTHETICAL, {result['scope']} {result['label']}, as of {result['as_of']}\n")
    rows = [
        (SHORT.get(name, name), today["shown"], *(s["outcomes"][name]["shown"] for s in scenarios))
        for name, today in result["today"].items()
    ]
    grid(("", "today", *(s["name"] for s in scenarios)), rows)
    for scenario in scenarios:
        print(f"\n{scenario['name']}:")
        effects = [(e["assumption"], e["price"]["shown"], e["cost"]["shown"], e["profit"]["shown"])
                   for e in scenario["effects"]]  # fmt: skip
        grid(("supposed", "price", "cost", "profit"), effects)
        notes(scenario["notes"])
    if "stored" in result:
        print(f"\nKept as '{result['stored']['name']}'; compare it with --kept '{result['stored']['name']}'")
