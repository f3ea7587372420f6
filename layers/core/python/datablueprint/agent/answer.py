"""An answer is a typed plan, verified figures and the records under them; anything less is a refusal that says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from datablueprint.agent.entities import Candidate
from datablueprint.agent.planner import MARGIN, PROFIT, Plan, hopeless, plan
from datablueprint.agent.text import Count, Day, Name, Ref, Segment, render
from datablueprint.formats import described, shown
from datablueprint.metrics import BY_NAME, Figure, Measures

CAN = (
    "I can tell margin, profit, estimated cost and contract value at completion, and actual cost to date, "
    "of a project or of the portfolio, and rank projects by one of them."
)
SUPPORTING = ("contract_value", "estimated_cost_at_completion", PROFIT, "actual_cost")
CITED = ("contract_value", "actual_cost")


class Desk(Protocol):
    """What answering needs of one pinned snapshot."""

    @property
    def measures(self) -> Measures: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def as_of(self) -> date: ...
    @property
    def freshness(self) -> Mapping[str, Any]: ...
    def discrepancies(self, figure: Figure) -> Sequence[str]:
        """Why a figure does not re-add from its raw records; empty when it does."""
        ...

    def citations(self, figure: Figure) -> list[dict[str, Any]]:
        """Record, amount and address of everything a figure adds up."""
        ...

    def ties(self, figure: Figure) -> list[str]:
        """The tie-outs a figure leans on, and whether they hold."""
        ...


def ask(question: str, desk: Desk) -> dict[str, Any]:
    """Answer one question as the contract says: status, text, figures, citations, assumptions."""
    unreadable = hopeless(question)
    if unreadable:
        return _refusal(unreadable, desk, example=None)
    candidates = [Candidate(p.key, p.name) for p in desk.measures.projects.values()]
    asked = plan(question, candidates)
    if asked.outcome == "refuse":
        active = {p.key for p in desk.measures.projects.values() if p.state == "active"}
        return _refusal(asked, desk, example=next((c for c in candidates if c.key in active), None))
    if asked.outcome == "clarify":
        return _question_back(asked, desk)
    figures, segments, restated = _composed(asked, desk)
    return _verified(asked, desk, figures, segments, restated)


def _composed(asked: Plan, desk: Desk) -> tuple[list[Figure], list[Segment], str]:
    label = BY_NAME[asked.metric].label
    if asked.outcome == "rank":
        return _rank(asked, desk)
    if asked.outcome == "project":
        assert asked.project is not None  # a plan of this outcome always names one
        project = next(p for p in desk.measures.projects.values() if p.key == asked.project.key)
        names = (asked.metric, *(m for m in SUPPORTING if m != asked.metric))
        figures = [desk.measures.project_figure(name, project) for name in names]
        subject: Segment = Name(asked.project.label)
    else:
        names = (asked.metric, *(m for m in SUPPORTING if m != asked.metric))
        figures = [desk.measures.portfolio_figure(name, asked.scope) for name in names]
        subject = Name(f"the {'closed' if asked.scope == 'closed' else 'active'} portfolio")
    head = figures[0]
    restated = f"{label} of {render([subject], str)} as of {desk.as_of}"
    if head.value is None:
        text: list[Segment] = [f"The {label} of ", subject, " is unavailable: ", Name("; ".join(head.missing))]
        return figures, [*text, " is missing."], restated
    text = [
        f"The {label} of ",
        subject,
        " is ",
        Ref(head.figure_id),
        " as of ",
        Day(desk.as_of),
        f" (grade {head.grade}).",
    ]
    others = {f.metric.name: f for f in figures if f.value is not None}
    if asked.metric == MARGIN and {"contract_value", "estimated_cost_at_completion", PROFIT} <= others.keys():
        text += [" That is ", Ref(others[PROFIT].figure_id), " of gross profit on a contract value of "]
        text += [Ref(others["contract_value"].figure_id), " and an estimated cost of "]
        text += [Ref(others["estimated_cost_at_completion"].figure_id), "; "]
        text += [Ref(others["actual_cost"].figure_id), " is spent."]
    return figures, text, restated


def _rank(asked: Plan, desk: Desk) -> tuple[list[Figure], list[Segment], str]:
    state = "active" if asked.scope == "portfolio" else asked.scope
    members = [p for p in desk.measures.projects.values() if p.state == state]
    every = [desk.measures.project_figure(asked.metric, p) for p in members]
    known = [(f.value, f.scope, f) for f in every if f.value is not None]
    wanted = [row for row in known if row[0] < 0] if asked.below_zero else known
    told = [row[2] for row in sorted(wanted, key=lambda row: row[:2], reverse=not asked.lowest_first)][: asked.limit]
    label = BY_NAME[asked.metric].label
    first = "lowest" if asked.lowest_first else "highest"
    if asked.below_zero:
        segments: list[Segment] = [f"The {state} projects whose {label} is below zero: ", Count(len(wanted)), " of "]
    else:
        segments = [f"The {state} projects with the {first} {label}, ", Count(len(told)), " of "]
    segments += [Count(len(members)), ", as of ", Day(desk.as_of), ":" if told else "."]
    for found in told:
        segments += [
            "\n  ",
            Name(f"{found.scope} {found.label}"),
            ": ",
            Ref(found.figure_id),
            f" (grade {found.grade})",
        ]
    left_out = len(every) - len(known)
    if left_out:
        segments += ["\nLeft out because a required term is missing: ", Count(left_out), "."]
    restated = f"{first} {label} among {state} projects as of {desk.as_of}, at most {asked.limit}"
    return told, segments, restated


def _verified(asked: Plan, desk: Desk, figures: list[Figure], segments: list[Segment], restated: str) -> dict[str, Any]:
    """Every figure that is shown was re-added from raw records just now; one that does not tie withholds the answer."""
    for figure in figures:
        wrong = desk.discrepancies(figure) if figure.value is not None else ()
        if wrong:
            text = f"I withhold this answer: {figure.figure_id} does not re-add from its records. {wrong[0]}"
            return _result("refused", text, restated, desk, follow_ups=["Run `datablueprint refresh --full`"])
    by_id = {f.figure_id: f for f in figures}
    text = render(segments, lambda i: shown(by_id[i].value, by_id[i].metric.unit))
    cited = [f for f in figures if f.value is not None and f.metric.name in CITED]
    if asked.outcome == "rank":
        cited = []
    assumptions = dict.fromkeys((*asked.assumptions, *(a for f in figures[:1] for a in f.assumptions)))
    return _result(
        "answered" if asked.outcome == "rank" or (figures and figures[0].value is not None) else "refused",
        text,
        restated,
        desk,
        figures=[described(f) for f in figures],
        citations=[{"figure": f.figure_id, **c} for f in cited for c in desk.citations(f)],
        assumptions=list(assumptions),
        ties=desk.ties(figures[0]) if figures and figures[0].value is not None else (),
        follow_ups=_follow_ups(asked, figures),
    )


def _follow_ups(asked: Plan, figures: Sequence[Figure]) -> list[str]:
    if asked.outcome == "rank" and figures:
        return [f"What is the margin of {Candidate(figures[0].scope, figures[0].label).spoken}?"]
    if asked.outcome == "portfolio":
        return ["Which projects have the lowest margin?", "Which projects have the highest margin?"]
    return ["What is the margin of the portfolio?", "Which projects have the lowest margin?"]


def _refusal(asked: Plan, desk: Desk, *, example: Candidate | None) -> dict[str, Any]:
    follow_ups = [*asked.offers, "What is the margin of the portfolio?", "Which projects have the lowest margin?"]
    if example and not asked.offers:
        follow_ups.append(f"What is the margin of {example.spoken}?")
    text = f"I can't answer that yet: {asked.because}. {CAN}"
    return _result("refused", text, "", desk, follow_ups=dict.fromkeys(follow_ups))


def _question_back(asked: Plan, desk: Desk) -> dict[str, Any]:
    names = " or ".join(option.label for option in asked.options)
    text = f"Which project do you mean: {names}?" if names else f"Which do you mean: {' '.join(asked.offers)}"
    return _result("clarify", text, "", desk, follow_ups=asked.offers)


def _result(
    status: str,
    text: str,
    restated: str,
    desk: Desk,
    *,
    figures: Iterable[dict[str, Any]] = (),
    citations: Iterable[dict[str, Any]] = (),
    follow_ups: Iterable[str] = (),
    assumptions: Iterable[str] = (),
    ties: Iterable[str] = (),
) -> dict[str, Any]:
    return {
        "status": status,
        "text": text,
        "restated": restated,
        "figures": list(figures),
        "citations": list(citations),
        "follow_ups": list(follow_ups),
        "freshness": dict(desk.freshness),
        "assumptions": list(assumptions),
        "ties": list(ties),
        "snapshot": desk.snapshot,
    }
