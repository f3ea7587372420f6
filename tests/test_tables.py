"""The contracts of the tables are well-formed, so that what reads them need not check."""

from __future__ import annotations

from typing import get_args

import pytest

from datablueprint.tables import BY_NAME, TABLES, ColumnType, Table


def test_every_table_has_a_name_of_its_own():
    assert len(BY_NAME) == len(TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_a_contract_makes_an_arrow_schema_with_its_key_in_it(table: Table):
    names = [c.name for c in table.columns]

    assert table.schema().names == names
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert {c.type for c in table.columns} <= set(get_args(ColumnType))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_pointer_column_points_at_an_amount(table: Table):
    types = {c.name: c.type for c in table.columns}
    pointers = [n for n in types if n.endswith("_at") and n != "fetched_at"]

    assert [p for p in pointers if types.get(p.removesuffix("_at")) not in ("money", "hours", "quantity")] == []
