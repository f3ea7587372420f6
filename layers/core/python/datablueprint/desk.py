"""A desk is one pinned snapshot with everything needed to answer from it and to prove the answer."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from datablueprint import metrics
from datablueprint.errors import SnapshotMissing
from datablueprint.facts import Ledger
from datablueprint.formats import described, shown
from datablueprint.lake.payloads import Shelf, Stored
from datablueprint.lake.snapshots import Snapshots
from datablueprint.metrics import Figure, Measures, ties
from datablueprint.metrics.figures import snapshot_of
from datablueprint.metrics.registry import parse_figure_id
from datablueprint.ports import Ports
from datablueprint.proof.checker import Checker, Verdict
from datablueprint.tables import rows

Row = dict[str, Any]
TURN_SECONDS, PAUSE_SECONDS = 0.05, 0.002
ESTIMATES = (9, 10)
"""Sections of the specification whose figures of a cost code are estimates."""


class Desk:
    """Opened per question or command, or kept by a server while its snapshot is the current one.

    Every read in it sees the same snapshot and the same day. What was read and re-added stays, for all days
    of the snapshot: records that change underneath are seen by a desk that is opened anew.
    """

    def __init__(self, ports: Ports, *, snapshot: str | None = None, as_of: date | None = None) -> None:
        """`snapshot` None = the current one; `as_of` None = its own day. SnapshotMissing before a refresh."""
        self._ports = ports
        self._snapshots = Snapshots(ports.files, ports.state)
        self.manifest = self._snapshots.manifest(snapshot) if snapshot else self._snapshots.current()
        self.as_of = as_of or self.manifest.as_of
        self._family: dict[tuple[str, date], Desk] = {(self.snapshot, self.as_of): self}
        """Desks of other snapshots and days that this one, or one of them, has opened; they share what was read."""

    @classmethod
    def known_at(cls, ports: Ports, day: date, *, as_of: date | None = None) -> Desk:
        """What was known by the end of a day, whatever was learned since; SnapshotMissing when that is not kept."""
        manifest = Snapshots(ports.files, ports.state).known_at(day, ZoneInfo(ports.settings.time_zone))
        return cls(ports, snapshot=manifest.snapshot, as_of=as_of)

    def at(self, snapshot: str | None = None, as_of: date | None = None) -> Desk:
        """The desk of another snapshot (None = this one) and day (None = that snapshot's own)."""
        pinned = snapshot or self.snapshot
        day = as_of or (self.manifest.as_of if pinned == self.snapshot else None)
        if day and (pinned, day) in self._family:
            return self._family[pinned, day]
        other = Desk(self._ports, snapshot=pinned, as_of=day)
        other._family = self._family
        return self._family.setdefault((pinned, other.as_of), other)

    def known(self, day: date, as_of: date | None = None) -> Desk:
        """The desk of what was known by the end of a day; SnapshotMissing when that is not kept."""
        manifest = self._snapshots.known_at(day, ZoneInfo(self._ports.settings.time_zone))
        return self.at(manifest.snapshot, as_of)

    @property
    def snapshot(self) -> str:
        return self.manifest.snapshot

    @property
    def company(self) -> str:
        """The contractor's name, for titles."""
        return self._ports.settings.company or self._ports.settings.tenant

    @property
    def freshness(self) -> Mapping[str, Any]:
        """Per system, as known now: a reading that failed, or found nothing new, publishes no snapshot."""
        prefix = "freshness/"
        now = {key.removeprefix(prefix): item.value for key, item in self._ports.state.list(prefix)}
        return {source: value for source, value in self.manifest.freshness.items() if source != "build"} | now

    @cached_property
    def measures(self) -> Measures:
        settings = self._ports.settings
        return Measures(
            self._ports.query,
            self.snapshot,
            as_of=self.as_of,
            policy=settings.policy,
            known_on=self.manifest.as_of,
            gaps=metrics.Gaps.of(settings.sources, self.freshness),
        )

    def figure(self, figure_id: str) -> Figure:
        """A figure by id, of the day the id names; UnknownFigure when there is none."""
        plain, snapshot = snapshot_of(figure_id)
        _, _, day = parse_figure_id(plain)
        return metrics.figure(self.at(snapshot, day).measures, plain)

    def verify(self, figure: Figure) -> Verdict:
        """Re-add a figure from the raw records as they were when the snapshot was built."""
        return self.checker.verify(figure.figure_id)

    def discrepancies(self, figure: Figure) -> Sequence[str]:
        return self.verify(figure).discrepancies

    def warm(self, *, wanted: Callable[[], bool] = lambda: True) -> None:
        """Re-add every figure of every project, group and manager, so that answers find it done.

        For a server to run in a thread beside its requests; they take turns with it after each figure.
        """
        worked = time.monotonic()
        for figure in self.measures.figures():
            if not wanted():
                return
            if figure.value is not None:
                self.verify(figure)
            if time.monotonic() - worked > TURN_SECONDS:
                time.sleep(PAUSE_SECONDS)  # a lock alone goes back to the thread that just gave it up
                worked = time.monotonic()

    def open(self, figure_id: str) -> Row:
        """A figure with its formula, terms, facts and records, as `figure ID` prints it."""
        figure = self.figure(figure_id)
        tree = figure.term.tree() if figure.term else None
        return {
            **described(figure),
            "meaning": figure.metric.meaning,
            "formula": figure.metric.formula,
            "method": figure.method,
            "assumptions": list(figure.assumptions),
            "missing": list(figure.missing),
            "ties": self.ties(figure),
            "terms": _terms(tree) if tree else [],
            "citations": self.citations(figure),
            "tree": tree,
            "snapshot": self.snapshot,
        }

    def verification(self, figure_id: str) -> Row:
        """What `figure ID --verify` prints."""
        figure = self.figure(figure_id)
        verdict = self.verify(figure)
        return {
            "figure": figure_id,
            "stated": None if figure.value is None else str(figure.value),
            "readded": None if verdict.value is None else str(verdict.value),
            "ties": verdict.holds and figure.value is not None,
            "facts": verdict.facts,
            "records": verdict.records,
            "discrepancies": verdict.discrepancies,
            "constants": list(verdict.constants),
        }

    def ties(self, figure: Figure) -> list[str]:
        """The tie-outs a figure leans on, each with how many comparisons hold, and every one that fails."""
        measures = self.at(as_of=figure.as_of).measures
        found = ties.ties(figure, self._tieouts, measures)
        return [line for tie in found for line in (tie.said, *tie.failing)]

    @cached_property
    def _tieouts(self) -> list[Row]:
        return self.table("tieouts")

    def metric(self, name: str, *, by_project: bool) -> list[Figure]:
        """One metric of every project, or of the portfolios."""
        wanted = metrics.metric(name).name
        if by_project:
            return [self.measures.project_figure(wanted, p) for p in self.measures.projects.values()]
        return [self.measures.portfolio_figure(wanted, scope) for scope in metrics.GROUPS]

    def table(self, name: str) -> list[Row]:
        """A whole table of the snapshot, as rows."""
        return rows(self._snapshots.read(self.snapshot, name))

    def records(self, record_ids: Iterable[str]) -> dict[str, Stored]:
        """Our stored copies of records, as they were when the snapshot was built; unknown ids are absent."""
        return self._shelf.records(set(record_ids))

    def citations(self, figure: Figure) -> list[Row]:
        """Per record the amount it brings into the figure's sums of facts; figures built on others cite those."""
        if figure.term is None:
            return []
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        first: dict[str, Row] = {}
        once = {json.dumps(select, sort_keys=True): select for select in self._cited(figure)}
        for select in once.values():
            for fact in self.checker.selected(select):
                record = _main_record(fact)
                amounts[record] += fact["amount"] or Decimal(0)
                first.setdefault(record, dict(fact))
        documents = self.records(amounts)
        return [
            {
                "record_id": record,
                "amount": str(amount),
                "system": record.split(":", 1)[0],
                "on": first[record]["accounting_on"],
                "party": self._vendors.get(first[record]["party"]),
                "rule": first[record]["rule"],
                "url": documents[record].url if record in documents else None,
            }
            for record, amount in sorted(amounts.items(), key=lambda item: (-abs(item[1]), item[0]))
            if amount
        ]

    def _cited(self, figure: Figure) -> Iterator[Row]:
        """The sums of amounts under a figure. Estimates of cost codes are no sums of records and cite none."""
        of_leaf = figure.of.leaf is not None and figure.metric.section not in ESTIMATES
        yield from self._selects(figure.term.tree() if figure.term else {"op": "constant"}, of_leaf=of_leaf)

    def _selects(self, node: Row, *, of_leaf: bool) -> Iterator[Row]:
        select = node.get("select", {})
        if select.get("column") == "amount" and (of_leaf or "cost_code" not in select):
            yield select
        if node["op"] == "figure":
            yield from self._cited(self.figure(node["figure"]))
        for arg in node.get("args", ()):
            yield from self._selects(arg, of_leaf=of_leaf)

    @cached_property
    def _vendors(self) -> dict[str, str]:
        """Names of vendors by entity; people's names stay away from amounts, which may be their pay."""
        entities = self.table("entities")
        return {e["entity_id"]: e["name"] for e in entities if e["kind"] == "vendor"}

    @cached_property
    def checker(self) -> Checker:
        """One for all days of a snapshot: verdicts are of the records as read when the first was asked for."""
        first = self._first
        if first is not self:
            return first.checker
        ledger = Ledger(self._snapshots.read(self.snapshot, "facts"))
        return Checker(ledger, self._shelf.payloads, self._tree, elsewhere=self._elsewhere)

    @cached_property
    def _shelf(self) -> Shelf:
        first = self._first
        return Shelf(self._ports.files, until=self._read_at) if first is self else first._shelf

    @property
    def _first(self) -> Desk:
        """The desk that opened this snapshot first, whatever its day."""
        return next((desk for (snapshot, _), desk in list(self._family.items()) if snapshot == self.snapshot), self)

    def put_away(self, most: int) -> None:
        """Forget the days and snapshots that were opened longest ago, but never this one, until `most` are left."""
        others = [key for key, desk in self._family.items() if desk is not self]
        for key in others[: max(0, len(self._family) - most)]:
            self._family.pop(key, None)

    def _elsewhere(self, figure_id: str) -> Verdict | None:
        """The verdict of the snapshot that a figure id is pinned to, None when that is this one."""
        plain, snapshot = snapshot_of(figure_id)
        if snapshot is None or snapshot == self.snapshot:
            return None
        return self.at(snapshot, parse_figure_id(plain)[2]).checker.verify(plain)

    def _tree(self, figure_id: str) -> str | None:
        found = self.figure(figure_id)
        return json.dumps(found.term.tree()) if found.term else None

    @property
    def _read_at(self) -> datetime:
        build = self.manifest.freshness.get("build", {})
        return datetime.fromisoformat(build["read_at"]) if build.get("read_at") else self.manifest.built_at


def current(ports: Ports) -> Desk | None:
    """The desk of the current snapshot, or None before the first refresh."""
    try:
        return Desk(ports)
    except SnapshotMissing:
        return None


def _main_record(fact: Mapping[str, Any]) -> str:
    """The record a fact's amount is booked under: the first that brings an amount, else the first weight."""
    cites = fact["evidence"]
    ranked = (
        [e for e in cites if e["role"] in ("amount", "less")] or [e for e in cites if e["role"] == "weight"] or cites
    )
    return str(ranked[0]["record_id"])


def _terms(tree: Row) -> list[Row]:
    """The top of the tree in words: each argument with its label and value."""
    parts = tree.get("args") or [tree]
    return [
        {"label": p.get("label") or p["op"], "value": p["value"], "shown": _plain(p), "figure": p.get("figure")}
        for p in parts
    ]


def _plain(node: Row) -> str:
    return shown(Decimal(node["value"]), "money")
