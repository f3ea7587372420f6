"""Drafts as a model would write them, over real results: each is true, and each is the seed of many that are not.

In a draft `[P]` names a scope, `<P.margin>` a figure, `#rank` counts the rows
of a result and `@now` is a day; a word chosen by the data stands between bars:
`|rose:fell|P.change|` is the first where that figure is above zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.agent.draft import Draft, Piece
from datablueprint.agent.grounding.evidence import Evidence
from datablueprint.agent.query import Query
from datablueprint.agent.results import ResultSet
from datablueprint.agent.tools import Bench

MARGIN, PROFIT, CONTRACT = "gross_margin_at_completion", "gross_profit_at_completion", "contract_value"
EAC, ACTUAL, HOURS, LABOR = "estimated_cost_at_completion", "actual_cost", "labor_hours", "labor_cost"
SHORT = {"margin": MARGIN, "profit": PROFIT, "contract": CONTRACT, "eac": EAC, "actual": ACTUAL, "hours": HOURS,
         "labor": LABOR, "billed": "billed_to_date", "earned": "earned_revenue"}  # fmt: skip
MARKS = re.compile(
    r"\[(?P<scope>[A-Z]\w*)\]|<(?P<figure>(?:P|Q|ALL|rank|code)[\w.]*)>|#(?P<count>\w+)|@(?P<day>\w+)"
    r"|\|(?P<words>[^|]*)\|(?P<by>[\w.]+)\|"
)


@dataclass
class Kit:
    """Results of one turn over a contractor, and short names for what is in them."""

    results: dict[str, ResultSet]
    scopes: dict[str, str]
    figures: dict[str, str]
    days: dict[str, date]
    today: date

    known: dict[str, tuple[str, ...]]
    """Names of every project by scope, also of those no result holds."""
    evidence: Evidence

    def value(self, name: str) -> Decimal:
        return self.evidence.facts[self.figures[name]].value or Decimal(0)

    def draft(self, text: str) -> Draft:
        """A draft from its short spelling."""
        pieces: list[Piece] = []
        at = 0
        for found in MARKS.finditer(text):
            if found.start() > at:
                pieces.append(Piece(text=text[at : found.start()]))
            pieces.append(self._piece(found))
            at = found.end()
        if at < len(text):
            pieces.append(Piece(text=text[at:]))
        return Draft(result_ids=tuple(r.result_id for r in self.results.values()), segments=tuple(pieces))

    def _piece(self, found: re.Match[str]) -> Piece:
        if found["scope"]:
            return Piece(entity=self.scopes[found["scope"]])
        if found["figure"]:
            return Piece(figure=self.figures[found["figure"]])
        if found["count"]:
            return Piece(count=self.results[found["count"]].result_id)
        if found["day"]:
            return Piece(day=self.days[found["day"]])
        above, below = found["words"].split(":")
        return Piece(text=above if self.value(found["by"]) > 0 else below)


def kit(bench: Bench) -> Kit:
    """A turn that asked about two projects, the portfolio, a ranking, a move, a supposition and labor."""
    projects = {p.key: p for p in bench.desk.measures.projects.values() if p.state == "active"}
    ranked = bench.execute(Query(kind="rank", metric=MARGIN, order="lowest", by="project", limit=4))
    keys = [line.scope for line in ranked.lines]
    since = bench.desk.as_of.replace(day=1) - timedelta(days=1)
    p, q = keys[1], keys[2]
    asked = {
        "rank": ranked,
        "one": bench.execute(Query(metric=MARGIN, scope=p)),
        "other": bench.execute(Query(metric=MARGIN, scope=q)),
        "all": bench.execute(Query(metric=MARGIN)),
        "moved": bench.execute(Query(kind="compare", metric=MARGIN, scope=p, since=since)),
        "supposed": bench.execute(Query(kind="what_if", metric=MARGIN, scope=p, scenario=("burden +2",))),
        "labor": bench.execute(Query(metric=HOURS, scope=p)),
        "billing": bench.execute(Query(metric="overbilled", scope=p)),
        "codes": bench.execute(
            Query(kind="rank", metric="cost_code_erosion", scope=p, by="leaf", order="highest", limit=3)
        ),
    }
    figures: dict[str, str] = {}
    for scope, name in ((p, "P"), (q, "Q"), ("portfolio", "ALL")):
        for short, metric in SHORT.items():
            ref = f"{metric}/{scope}/{bench.desk.as_of}"
            if any(ref in result.cells for result in asked.values()):
                figures[f"{name}.{short}"] = ref
    for number, line in enumerate(ranked.lines, 1):
        figures[f"rank{number}"] = line.cells[MARGIN].ref
    for number, line in enumerate(asked["codes"].lines, 1):
        figures[f"code{number}"] = line.cells["cost_code_erosion"].ref
    for line in asked["moved"].lines:
        short = "" if line.cells["end"].metric == MARGIN else "profit_"
        figures |= {f"P.{short}{end}": line.cells[end].ref for end in ("start", "change")}
    for line in asked["supposed"].lines:
        short = next((s for s, m in SHORT.items() if m == line.cells["today"].metric), "")
        if short:
            figures |= {f"P.supposed_{short}": line.cells["supposed"].ref, f"P.by_{short}": line.cells["change"].ref}
    scopes = {"P": p, "Q": q, "ALL": "portfolio"} | {f"R{n}": key for n, key in enumerate(keys, 1)}
    scopes |= {f"C{n}": line.scope for n, line in enumerate(asked["codes"].lines, 1)}
    names = {key: (project.name,) for key, project in projects.items()}
    known = {key: (key, project.name) for key, project in projects.items()}
    evidence = Evidence(tuple(asked.values()), bench.desk.as_of, known)
    return Kit(asked, scopes, figures, {"now": bench.desk.as_of, "then": since}, bench.desk.as_of, names, evidence)


PROSE = (
    "The gross margin at completion of [P] is <P.margin>.",
    "[P] should finish with a gross margin of <P.margin> as of @now.",
    "[P] will make <P.profit> of gross profit on a contract value of <P.contract>.",
    "[P]: margin <P.margin>, profit <P.profit>, estimated cost at completion <P.eac>.",
    "At completion [P] earns <P.profit>, which is a margin of <P.margin>.",
    "The margin of [P] is <P.margin>; that of [Q] is <Q.margin>.",
    "[P] stands at <P.margin> and [Q] at <Q.margin>.",
    "We expect a gross margin of <P.margin> on [P].",
    "Margin on [P] is <P.margin> (grade unknown here).".replace(" (grade unknown here)", ""),
    "So far <P.actual> has been spent on [P].",
    "[P] has an actual cost to date of <P.actual> against an estimated cost at completion of <P.eac>.",
    "Of the estimated cost of <P.eac> on [P], <P.actual> is spent.",
    "On [P] we have a contract value of <P.contract>. Estimated cost is <P.eac>. That leaves <P.profit>.",
    "The contract on [P] is worth <P.contract>, and its cost at completion is estimated at <P.eac>.",
    "Gross profit for [P] comes to <P.profit>.",
    "As of @now the portfolio makes <ALL.margin>.",
    "Across the active projects the margin is <ALL.margin>, on a contract value of <ALL.contract>.",
    "Overall, gross profit is <ALL.profit> and the margin <ALL.margin>.",
    "The portfolio stands at <ALL.margin>, while [P] is at <P.margin>.",
    "[P] makes <P.margin> where the portfolio makes <ALL.margin>.",
    "Compared with the portfolio's <ALL.margin>, [P] makes <P.margin>.",
    "The lowest margin is that of [R1], at <rank1>.",
    "[R1] has the lowest margin: <rank1>.",
    "The projects with the lowest margins are [R1] at <rank1>, [R2] at <rank2> and [R3] at <rank3>.",
    "Lowest margins first:\n[R1]: <rank1>\n[R2]: <rank2>\n[R3]: <rank3>",
    "Our weakest job by margin is [R1] (<rank1>), followed by [R2] (<rank2>).",
    "Of the #rank projects in the ranking, [R1] has the lowest margin, <rank1>.",
    "[R1] is the worst performer by margin at <rank1>.",
    "[R1]'s margin of <rank1> is lower than [R2]'s margin of <rank2>.",
    "At <rank2>, [R2] makes a higher margin than [R1], which makes <rank1>.",
    "The margin of [P] moved by <P.change> since @then.",
    "Since @then the margin of [P] |rose:fell|P.change| by <P.change>, from <P.start> to <P.margin>.",
    "On @then the margin of [P] was <P.start>; as of @now it is <P.margin>.",
    "[P] |improved:worsened|P.change| since @then: its margin moved by <P.change>.",
    "The margin on [P] |increased:decreased|P.change| from <P.start> to <P.margin>.",
    "The gross profit of [P] moved by <P.profit_change> since @then.",
    "From @then to @now the change in gross profit on [P] is <P.profit_change>.",
    "[P] was at <P.start> on @then and is now at <P.margin>.",
    "If burden went up as supposed, the margin of [P] would be <P.supposed_margin> instead of <P.margin>.",
    "Hypothetically, [P] would make <P.supposed_profit> of gross profit, a change of <P.by_profit>.",
    "Supposing burden +2, the gross margin at completion of [P] would be <P.supposed_margin>.",
    "Assuming the scenario, estimated cost on [P] would |rise:drop|P.by_eac| by <P.by_eac>.",
    "The crews on [P] have worked <P.hours> so far.",
    "Labor hours on [P] come to <P.hours>, at a burdened labor cost of <P.labor>.",
    "[P] has used <P.hours> of labor, which cost <P.labor>.",
    "Labor on [P] has cost <P.labor> to date.",
    "[P] is billed to date at <P.billed>, with earned revenue of <P.earned>.",
    "Billings on [P] are <P.billed>; earned revenue is <P.earned>.",
    "The cost code that erodes most on [P] is [C1], by <code1>.",
    "The largest cost code erosion on [P] is [C1] with <code1>, then [C2] with <code2>.",
    "Cost code erosion on [P]:\n- [C1]: <code1>\n- [C2]: <code2>\n- [C3]: <code3>",
    "Here is where [P] stands: it has a contract value of <P.contract>, an estimated cost at completion of <P.eac> and "
    "therefore a gross profit of <P.profit>.",
    "Two things matter".replace("Two", "These")
    + ": the margin of [P] is <P.margin> and its gross profit is <P.profit>.",
    "You asked about [P]. Its gross margin at completion is <P.margin>, as of @now.",
    "The job is [P]. The margin at completion is <P.margin> and the contract value is <P.contract>.",
    "For [P], the figures are: contract value <P.contract>; estimated cost <P.eac>; gross profit <P.profit>.",
    "[P]'s estimated cost at completion, <P.eac>, is below its contract value of <P.contract>.",
    "The contract value of [P], <P.contract>, is above the estimated cost of <P.eac>.",
    "[P] is expected to be profitable, with a gross profit of <P.profit>.",
    "The margin on [P] has |gone up:gone down|P.change| since @then; the change is <P.change>.",
    "A gross profit of <P.profit> is expected at [P].",
    "There are #rank jobs in this list, and [R1] is the one with the lowest margin at <rank1>.",
    "And for [Q], the same view: it makes <Q.margin>.",
    "[Q], by contrast, has a gross profit of <Q.profit> on a contract of <Q.contract>.",
    "In short: <P.margin> on [P].",
    "The second-tier view is this: [P] makes <P.margin> before overhead.",
    "No one else is needed to read this: [P] makes <P.margin>.",
    "[P] (margin <P.margin>, profit <P.profit>) and [Q] (margin <Q.margin>, profit <Q.profit>).",
    "Since @then [P] moved by <P.change>; its margin stood at <P.start> then.",
    "Last month [P] stood at <P.start>; today it stands at <P.margin>.",
)
"""Written by hand, in as many voices as came to mind."""
