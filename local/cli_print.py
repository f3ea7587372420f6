"""The same results as --json, laid out for a person: the money first, then where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from local.cli_aws import print_cost
from local.cli_eval import print_evaluation
from local.cli_print_metrics import print_bridge, print_metric, print_what_if, print_wip
from local.cli_sync import print_sync, print_tieouts
from local.cli_table import dollars, percent, table

Result = Mapping[str, Any]
LEVELS = ("error", "warning", "info")
SHOWN_OF_A_KIND = 5
CITED = 8
"""Records shown under an answer; all of them are under its figures."""
ASIDES = (
    ("Assumptions", "assumptions"),
    ("Notes", "notes"),
    ("Mind", "caveats"),
    ("The systems disagree", "conflicts"),
    ("Tie-outs", "ties"),
    ("You could also ask", "follow_ups"),
)
"""What is printed beneath an answer, in this order."""
ASSUMED = 8
"""Constants shown under a verified figure; all of them are in --json."""


def print_refresh(result: Result) -> None:
    for outcome in result["outcomes"]:
        if outcome["stale"]:
            print(f"{outcome['source']}: not read. {outcome['error']}")
    published = result["published"]
    if result.get("unchanged"):
        print("Nothing has changed since the last refresh; its snapshot stands.")
        return
    if published is None:
        print("Another refresh published first. What this one read joins the next refresh.")
        return
    landed = [stream for outcome in result["outcomes"] for stream in outcome.get("streams") or ()]
    counts = ", ".join(
        f"{sum(each.get(kind, 0) for each in landed):,} {kind}" for kind in ("new", "changed", "deleted")
    )
    print(f"Published snapshot {published['snapshot']} ({counts}).")


def print_ask(result: Result) -> None:
    print(result["text"])
    print_citations(result.get("citations") or (), limit=CITED)
    for heading, key in ASIDES:
        if result.get(key):
            print(f"\n{heading}:")
            print("\n".join(f"  - {line}" for line in result[key]))


def print_figure(result: Result) -> None:
    of = " ".join(str(each) for each in result["dimensions"].values())
    print(f"{result['label']} of {of}: {result['shown']}   grade {result['grade']}, as of {result['as_of']}")
    print(f"{result['meaning']}\n  = {result['formula']}   (method {result['method']})")
    for term in result["terms"]:
        print(f"  {term['label']}: {term['shown']}" + (f"   {term['figure']}" if term.get("figure") else ""))
    for part in result.get("parts") or ():
        print(f"  because of {part['cause']} ({part['label']}): {part['shown']}")
    for line in (*result["assumptions"], *(f"missing: {name}" for name in result["missing"]), *result["ties"]):
        print(f"  - {line}")
    print_citations(result["citations"], limit=None)
    if "verification" in result:
        _print_verification(result["verification"])


def _print_verification(found: Result) -> None:
    counted = f"{found['facts']:,} facts from {found['records']:,} records"
    told = (
        "it ties to the cent"
        if found["ties"]
        else f"IT DOES NOT TIE: stated {found['stated']}, found {found['readded']}"
    )
    print(f"Re-added from {counted}: {told}.")
    print("".join(f"  {line}\n" for line in found["discrepancies"]), end="")
    constants = found["constants"]
    if constants:
        print("Assumed, not read from a record:")
        print("\n".join(f"  {line}" for line in constants[:ASSUMED]))
    if len(constants) > ASSUMED:
        print(f"  ... and {len(constants) - ASSUMED:,} more")


def print_citations(citations: Iterable[Result], *, limit: int | None) -> None:
    """Per figure its records, largest first, and their sum, which is the figure."""
    by_figure: dict[str, list[Result]] = {}
    for each in citations:
        by_figure.setdefault(each.get("figure") or "", []).append(each)
    for figure, cited in by_figure.items():
        whole = sum((Decimal(str(c["amount"])) for c in cited), Decimal(0))
        print(f"\n{len(cited):,} records{f' of {figure}' if figure else ''}, together {whole:,.2f}:")
        print(
            table(("record", "date", "vendor", "rule", "amount"), map(_citation, cited[:limit]), right=frozenset({4}))
        )
        if limit and len(cited) > limit:
            print(f"... and {len(cited) - limit:,} more: `datablueprint figure {figure}`")


def _citation(cited: Result) -> tuple[object, ...]:
    amount = f"{Decimal(str(cited['amount'])):,.2f}"
    return cited["record_id"], cited.get("on") or "", cited.get("party") or "", cited.get("rule") or "", amount


def print_links(result: Result) -> None:
    if "links" not in result:
        print(f"{result['link_id']}: {result['decision']} by {result['by']}; the next refresh uses it")
        return
    for link in result["links"]:
        left, right = (_linked(link, side) for side in ("left", "right"))
        money = f"  {dollars(link['dollars'])} move if it is wrong" if link.get("dollars") else ""
        decided = f", {link['decided_since']} since" if link.get("decided_since") else ""
        print(f"{link['link_id']}  {link['kind']}  {link['state']}{decided}  {percent(link['confidence'])}{money}")
        print(f"    {left}  ({link['left_record_id']})\n    {right}  ({link['right_record_id']})")
        for reason in link["evidence"] or ():
            print(f"    because {reason}")
    print(f"{len(result['links'])} links ({result['state']}). Decide with `datablueprint links accept|reject LINK_ID`.")


def _linked(link: Result, side: str) -> str:
    """The record's own name, else the name of what it belongs to, else its id."""
    return str(link[f"{side}_name"] or link[f"{side}_record_id"])


def print_status(result: Result) -> None:
    published = f"snapshot {result['snapshot']}, figures as of {result['as_of']}"
    print(f"{result['company'] or 'DataBlueprint'}: {published if result['snapshot'] else 'nothing was published yet'}")
    for source, freshness in result["freshness"].items():
        print(f"  {source}: {_freshness(freshness)}{_calls(result['calls'].get(source))}")
    for known in result.get("connections", {}).values():
        if known["warning"]:
            print(f"  {known['warning']}.")
    if not result["snapshot"]:
        return
    print()
    if "sync" in result:
        print_sync(result["sync"])
        return
    print_coverage(result["coverage"])
    print_tieouts(result["tieouts"])
    print_findings(result["findings"])
    if result["rejects"]:
        print(f"\n{len(result['rejects']):,} fields could not be read:")
        print("\n".join(f"  {_with_way_out(reject)}" for reject in result["rejects"][:20]))


def print_findings(findings: Iterable[Result]) -> None:
    """By kind, errors first and then the largest sum; of each kind the largest few."""
    by_kind: dict[tuple[str, str], list[Result]] = {}
    for finding in findings:
        by_kind.setdefault((finding["level"], finding["kind"]), []).append(finding)

    def weight(found: list[Result]) -> Decimal:
        return abs(_together(found) or Decimal(0))

    for (level, kind), found in sorted(
        by_kind.items(), key=lambda each: (LEVELS.index(each[0][0]), -weight(each[1]), each[0][1])
    ):
        together = _together(found)
        money = "" if together is None else f", together {dollars(together)}"
        print(f"\n{level}: {kind} ({len(found):,}{money})")
        largest = sorted(found, key=lambda each: weight([each]), reverse=True)
        print("\n".join(f"  {_with_way_out(each)}" for each in largest[:SHOWN_OF_A_KIND]))
        if len(found) > SHOWN_OF_A_KIND:
            print(f"  ... and {len(found) - SHOWN_OF_A_KIND:,} more: `datablueprint status --json`")


def _together(found: Iterable[Result]) -> Decimal | None:
    """The sum of the amounts; None when none of them has one."""
    amounts = [Decimal(str(each["amount"])) for each in found if each["amount"] is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _with_way_out(told: Result) -> str:
    return f"{told['sentence']} -> {told['way_out']}" if told["way_out"] else str(told["sentence"])


def print_coverage(coverage: Iterable[Result]) -> None:
    """Where the cost in the ledger was seen, in the ledger's own order."""
    rows = [(row["bucket"], dollars(row["amount"]), f"{row['facts']:,}") for row in coverage]
    print(table(("cost seen in", "amount", "facts"), rows, right=frozenset({1, 2})))


def print_connect(result: Result) -> None:
    print(f"{result['system']} is connected, read-only (account {result['account']}). Next: `datablueprint refresh`.")


def print_doctor(result: Result) -> None:
    for check in result["checks"]:
        print(f"{'ok  ' if check['ok'] else 'FAIL'}  {check['name']}: {check['found']}")


def print_demo(result: Result) -> None:
    """The portfolio, one answer with its records, the ledger in dollars, and what can be done next."""
    print_refresh(result["refresh"])
    print(f"\nPortfolio as of {result['status']['as_of']} (before home-office overhead)\n")
    print(_portfolio(result["portfolio"]))
    print(f"\n> {result['question']}\n")
    print_ask(result["answer"])
    print("\nThe ledger in dollars, and where each was seen:\n")
    print_coverage(result["status"]["coverage"])
    findings = len(result["status"]["findings"])
    print(f"\nSnapshot {result['status']['snapshot']}, {findings} findings, {result['seconds']} s.")
    home = result["home"]
    shown = next((figure["id"] for figure in result["answer"]["figures"]), "ID")
    print(f'Ask more:  datablueprint ask "..." --home {home}')
    print(f"Open one:  datablueprint figure {shown} --verify --home {home}")
    print(f"Open the page:  datablueprint serve --home {home} --open")


def _portfolio(rows: Iterable[Result]) -> str:
    money = ("contract_value", "actual_cost", "estimated_cost_at_completion", "gross_profit_at_completion")
    headings = ("project", "name", "contract", "cost to date", "cost at completion", "profit", "margin", "grade")
    lines = [
        (
            row["scope"],
            row["label"],
            *(dollars(row[name]) for name in money),
            percent(row["gross_margin_at_completion"]),
            row["grade"],
        )
        for row in rows
    ]
    return table(headings, lines, right=frozenset({2, 3, 4, 5, 6}))


def print_nothing(result: Result) -> None:
    """The verb has printed while it ran."""


def _freshness(source: Result) -> str:
    read = f"read {source['read_at'][:16].replace('T', ' ')} UTC" if source.get("read_at") else "never read"
    trouble = [f"stale: {source['error']}"] if source.get("stale") else []
    return "; ".join([read, *trouble, *(source.get("problems") or ())])


def _calls(calls: Result | None) -> str:
    if not calls:
        return ""
    last = calls.get("last_run") or {}
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in (last.get("by_kind") or {}).items())
    return f"; {last.get('total', 0):,} calls in its last refresh ({kinds}), {calls['total']:,} in all"


PRINTERS: dict[str, Callable[[Result], None]] = {
    "ask": print_ask,
    "bridge": print_bridge,
    "connect": print_connect,
    "cost": print_cost,
    "demo": print_demo,
    "doctor": print_doctor,
    "eval": print_evaluation,
    "figure": print_figure,
    "links": print_links,
    "metric": print_metric,
    "refresh": print_refresh,
    "sandbox": print_nothing,
    "serve": print_nothing,
    "status": print_status,
    "what-if": print_what_if,
    "wip": print_wip,
}
