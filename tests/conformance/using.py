"""Everything the product asks of its tables, asked once; and what of its statements was then sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datablueprint import metrics, review, status
from datablueprint.agent import asking
from datablueprint.agent.vocabulary import Vocabulary
from datablueprint.desk import Desk
from datablueprint.metrics import bridge, grades, ties
from datablueprint.metrics.definition import Missing
from datablueprint.ports import Ports, Query

if TYPE_CHECKING:
    import pyarrow as pa

Asked = tuple[str, tuple[str, ...], str]
"""Statement, parameters, snapshot."""
QUESTIONS = ("What is our gross margin?", "Which jobs lose money?", "Where are we over budget on cost codes?")
OTHER_LANGUAGES = ("adapters", "sources")
"""Folders that speak SQLite's and QuickBooks's dialects, and hold the adapters under test."""
A_LINE = "select min(record_id) as record_id from accounting_lines where record_id like 'quickbooks:%'"
STATEMENT = re.compile(r"\s*(select|with)\s.*\bfrom\s", re.IGNORECASE | re.DOTALL)


@dataclass
class Recorder:
    """A `Query` that remembers what it was asked, in order, each once."""

    query: Query
    asked: dict[Asked, None] = field(default_factory=dict)

    def sql(self, statement: str, parameters: tuple[str, ...] = (), *, snapshot: str) -> pa.Table:
        self.asked[statement, parameters, snapshot] = None
        return self.query.sql(statement, parameters, snapshot=snapshot)


@dataclass(frozen=True)
class Used:
    answers: dict[str, Any]
    asked: list[Asked]


def everything(ports: Ports) -> dict[str, Any]:
    """Figures of two days with their trees and grades, bridges, names, review, and status."""
    desk = Desk(ports)
    month_ago = desk.at(as_of=desk.as_of - timedelta(days=30))
    shown = review.review(ports, every=True)
    link = shown["links"][0]
    projects = desk.measures.projects
    return {
        "figures": {f.figure_id: _told(f) for each in (desk, month_ago) for f in each.measures.figures()},
        "days": _days(desk, ports),
        "booked": ties.booked_positions(desk.measures),
        "answers": {question: _answer(question, desk) for question in QUESTIONS},
        "changes": {key: desk.measures.sums.changes(key) for key in projects},
        "bridges": {p.key: _moved(month_ago.measures, desk.measures, p.key) for p in projects.values()},
        "names": vars(Vocabulary.of(desk)),
        "review": shown,
        "proposed": review.review(ports),
        "pair": review.pair_id(link["left_record_id"], link["right_record_id"], ports),
        "status": status.read_status(ports, sync=True),
    }


def _answer(question: str, desk: Desk) -> object:
    answer = asking.ask(question, desk)
    return {key: answer[key] for key in ("status", "text", "figures", "citations", "caveats")}


def _told(figure: metrics.Figure) -> tuple[object, ...]:
    tree = figure.term.tree() if figure.term else None
    return figure.value, figure.grade, figure.method, figure.assumptions, figure.missing, tree


def _moved(earlier: metrics.Measures, later: metrics.Measures, project: str) -> object:
    try:
        found = bridge.bridge(earlier, later, project)
    except Missing as absent:
        return str(absent)
    return found.term.tree(), [(part.label, part.value, part.changes, part.method) for part in found.parts]


def _days(desk: Desk, ports: Ports) -> object:
    """The days of records that a finding of no project names; not every contractor has such a finding."""
    record = ports.query.sql(A_LINE, snapshot=desk.snapshot).to_pylist()[0]["record_id"]
    return grades.days_of([{"grade": "B", "project": None, "record_ids": [record]}], ports.query, desk.snapshot)


def written(package: Path) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Where each statement in the package's source stands, and what a sent statement holds of it."""
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] in OTHER_LANGUAGES:
            continue
        for place, text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            if STATEMENT.match(re.sub(r"\0", "x", text)):
                yield (
                    f"{path.relative_to(package)}:{place}",
                    re.compile(".*".join(map(re.escape, text.split("\0"))), re.DOTALL),
                )


def _texts(module: ast.Module) -> Iterator[tuple[int, str]]:
    """String literals with their lines; what is filled in later is a NUL."""
    said = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module):
        if id(node) in said or id(node) in parts:
            continue
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "\0" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, re.sub(r"\{\w+\}", "\0", node.value)
