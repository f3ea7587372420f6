"""A tenant as the probe sees it: an API, the names of everything in it, and what may never be seen elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from datablueprint.ports import Ports
from tests.api.kit import Api, Got

MARK = "Quillfeather"
"""In every project's, vendor's and named thing's name of the tenant that is pried upon, and nowhere else."""
AMOUNT = re.compile(r"(?<![\d.])\d{5,}\.(?!00)\d\d(?!\d)")
"""An amount that two contractors do not share by chance: five digits and odd cents."""


@dataclass(frozen=True)
class Tenant:
    api: Api
    ids: dict[str, list[str]]
    """By kind: project, question, figure, snapshot, record, link, saved, scenario, name, vendor."""
    amounts: frozenset[str]
    """Those of its figures, schedule, answers and tables."""

    @property
    def ports(self) -> Ports:
        return self.api.service.ports

    @property
    def name(self) -> str:
        return self.ports.settings.tenant


def furnished(ports: Ports) -> Tenant:
    """With questions answered, a question saved, a scenario kept, and everything looked at once."""
    api = Api.of(ports)
    projects = api.get("/projects").json["projects"]
    keys = [each["key"] for each in projects]
    asked = [api.call("ask", project=key).json["id"] for key in keys[:3]]
    word = MARK if MARK in ports.settings.company else "Plain"
    saved, kept = f"{word} friday {ports.settings.tenant}", f"{word} hope {ports.settings.tenant}"
    _done(api.request("PUT", f"/saved-questions/{saved}", body={"question": f"How are we doing? {word}"}))
    _done(api.request("PUT", f"/scenarios/{kept}", body={"assumptions": ["approve all"]}))
    with api.service.desks.open() as desk:
        told = [figure for figure in desk.measures.figures() if figure.value is not None]
        figures = [figure.figure_id for figure in told]
        values = " ".join(str(figure.value) for figure in told)
        snapshot = desk.snapshot
        facts = desk.table("facts")
        rows = (row for name in desk.manifest.tables for row in desk.table(name))
        tables = " ".join({str(value) for row in rows for value in row.values() if isinstance(value, Decimal)})
        vendors = [row["name"] for row in desk.table("vendors") if row["name"]]
    links = api.get("/links", state="all", limit="200")
    schedule = _done(api.get("/wip")).content.decode()
    answers = " ".join(api.get(f"/questions/{each}").content.decode() for each in asked)
    ids = {
        "project": keys,
        "question": asked,
        "figure": figures[::37],
        "snapshot": [snapshot],
        "record": sorted({cited["record_id"] for fact in facts[::20] for cited in fact["evidence"]})[:40],
        "link": [each["link_id"] for each in links.json["links"][:20]],
        "saved": [saved],
        "scenario": [kept],
        "name": [each["name"] for each in projects],
        "vendor": sorted(set(vendors))[:20],
    }
    amounts = AMOUNT.findall(f"{values} {schedule} {answers} {tables}")
    return Tenant(api, ids, frozenset(amounts))


def _done(got: Got) -> Got:
    assert got.status == 200, got.content
    return got
