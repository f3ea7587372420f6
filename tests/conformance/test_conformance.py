"""Athena's engine and DuckDB give the same rows for every statement the product sends, and so the same figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from datablueprint.errors import LakeError
from datablueprint.ports import Ports
from tests.conformance import trino
from tests.conformance.using import Used, everything, written

ORDERED = re.compile(r"\border\s+by\b[^()]*\Z", re.IGNORECASE)
"""Rows come in an order when the statement's end asks for one."""


def test_every_statement_in_the_source_was_asked(used: Used, root: Path) -> None:
    package = root / "layers" / "core" / "python" / "datablueprint"
    sent = {statement for statement, _, _ in used.asked}

    never = [place for place, form in written(package) if not any(form.search(statement) for statement in sent)]

    assert len(sent) > 20
    assert never == []


def test_every_statement_gives_the_same_rows_in_the_same_types(used: Used, on_duckdb: Ports, on_trino: Ports) -> None:
    for statement, parameters, snapshot in used.asked:
        ours = on_duckdb.query.sql(statement, parameters, snapshot=snapshot)
        theirs = on_trino.query.sql(statement, parameters, snapshot=snapshot)

        assert theirs.schema.equals(ours.schema), statement
        left, right = ours.to_pylist(), theirs.to_pylist()
        if not ORDERED.search(statement):
            left, right = sorted(left, key=repr), sorted(right, key=repr)
        assert right == left, statement


def test_figures_bridges_names_review_and_status_are_the_same(used: Used, on_trino: Ports) -> None:
    answers = everything(on_trino)

    assert len(answers["figures"]) > 1000
    for part, answer in used.answers.items():
        assert answers[part] == answer, part


def test_a_statement_that_the_engine_refuses_is_a_clear_error(used: Used, on_trino: Ports) -> None:
    with pytest.raises(LakeError, match="Column 'nothing' cannot be resolved"):
        on_trino.query.sql("select nothing from facts", snapshot=used.asked[0][2])


def test_text_that_ends_a_literal_stays_text(used: Used, on_duckdb: Ports, on_trino: Ports) -> None:
    snapshot = used.asked[0][2]
    for text in ("O'Brien", "' or '1'='1", "x'; drop table facts; --", "“ü”\\", "?"):
        for ports in (on_duckdb, on_trino):
            told = ports.query.sql("select count(*) as n from vendors where name = ?", (text,), snapshot=snapshot)

            assert told.to_pylist() == [{"n": 0}]


def test_no_table_is_read_without_its_snapshot(server: trino.Trino) -> None:
    with pytest.raises(trino.TrinoError, match="snapshot"):
        server.ask("select count(*) from facts")
