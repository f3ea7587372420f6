"""Cash is what the books say banks hold; a job's cash is what came in less what went out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path
from typing import Any

from datablueprint.settings import Policy
from tests.metrics.kit import AS_OF, PROJECT, fact, measures, readded

BANK = {"project": None, "accounting_on": AS_OF}
JOB = [
    fact("original_contract", "1000"),
    fact("original_budget", "800", "26-000", "S"),
    fact("cost", "400", "26-000", "S", accounting_on=AS_OF),
    fact("billing", "700", accounting_on=AS_OF),
    fact("cash_in", "600", accounting_on=AS_OF),
    fact("cash_out", "250", accounting_on=AS_OF),
]


def test_restricted_cash_is_apart_and_credit_is_no_cash(tmp_path: Path):
    facts = [fact("cash", "900", **BANK), fact("cash", "100", component="restricted", **BANK)]
    found = measures(tmp_path, [*JOB, *facts], policy=Policy(credit_line=D(500)))

    def company(name: str) -> Any:
        figure = found.figure(name, found.company)
        assert readded(found, figure).holds
        return figure

    assert company("cash_balance").value == D(900)
    assert company("restricted_cash").value == D(100)
    assert company("liquidity").value == D(1400)
    assert "100.00 of restricted cash is not in it" in company("cash_balance").assumptions


def test_without_a_credit_line_liquidity_names_what_is_missing(tmp_path: Path):
    found = measures(tmp_path, [*JOB, fact("cash", "900", **BANK)])

    assert found.figure("liquidity", found.company).missing == ("undrawn credit line (settings)",)


def test_a_job_has_what_came_in_less_what_went_out_with_and_without_overbilling(tmp_path: Path):
    found = measures(tmp_path, JOB)
    project = found.projects[PROJECT]

    figures = {name: found.project_figure(name, project) for name in ("job_cash", "job_cash_without_overbilling")}

    assert figures["job_cash"].value == D(350)
    assert figures["job_cash_without_overbilling"].value == D(150)
    assert all(readded(found, figure).holds for figure in figures.values())


def test_a_project_without_a_quickbooks_job_has_no_known_cash_rather_than_none(tmp_path: Path):
    found = measures(tmp_path, JOB)
    alone = replace(found.projects[PROJECT], systems=frozenset({"procore"}))

    assert found.project_figure("job_cash_in", alone).missing == (
        "billing (a QuickBooks job that the project is linked to)",
    )
