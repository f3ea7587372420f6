"""Athena's tables are the contracts of the code, and a workgroup decides what a caller may not."""

from __future__ import annotations

import re
from typing import Any

from datablueprint.tables import BY_NAME, RAW, TABLES
from infra.glue_types import TYPES

Resources = dict[str, dict[str, Any]]
PYARROW = {
    "string": "string", "bool": "bool", "int": "int64", "date": "date32[day]", "timestamp": "timestamp[us, tz=UTC]",
    "money": "decimal128(18, 2)", "hours": "decimal128(18, 2)", "quantity": "decimal128(18, 4)",
    "rate": "decimal128(18, 8)",
}  # fmt: skip


def of(resources: Resources, kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in resources.values() if each["Type"] == kind]


def test_every_contract_is_a_table_with_its_columns_in_order(resources: Resources) -> None:
    told = {each["TableInput"]["Name"]: each["TableInput"] for each in of(resources, "AWS::Glue::Table")}

    assert set(told) == {table.name for table in TABLES}
    for name, table in told.items():
        partitions = [key["Name"] for key in table["PartitionKeys"]]
        columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
        assert columns == [c.name for c in BY_NAME[name].columns if c.name not in partitions]


def test_partitions_are_projected_and_must_be_named(resources: Resources) -> None:
    for each in of(resources, "AWS::Glue::Table"):
        table = each["TableInput"]
        parameters = table["Parameters"]
        first = "stream" if table["Name"] == RAW.name else "snapshot"
        assert parameters["projection.enabled"] == "true"
        assert parameters[f"projection.{first}.type"] == "injected"
        template = "".join(map(str, parameters["storage.location.template"]["Fn::Join"][1]))
        assert set(re.findall(r"\$\{(\w+)\}", template)) == {key["Name"] for key in table["PartitionKeys"]}


def test_a_type_of_the_catalog_is_the_type_in_the_file() -> None:
    for table in TABLES:
        for column, field in zip(table.columns, table.schema(), strict=True):
            glue = TYPES[column.type]
            if glue.startswith("decimal"):
                assert str(field.type) == glue.replace("decimal(", "decimal128(").replace(",", ", ")
            elif column.type in PYARROW:
                assert str(field.type) == PYARROW[column.type]
            else:
                assert glue.startswith("array<")
                assert str(field.type).startswith("list<")


def test_the_workgroup_enforces_where_results_go_and_how_much_is_read(resources: Resources) -> None:
    (workgroup,) = of(resources, "AWS::Athena::WorkGroup")
    chosen = workgroup["WorkGroupConfiguration"]

    assert chosen["EnforceWorkGroupConfiguration"] is True
    assert 10_000_000 <= chosen["BytesScannedCutoffPerQuery"] <= 10_000_000_000
    assert chosen["EngineVersion"] == {"SelectedEngineVersion": "Athena engine version 3"}
    assert chosen["ResultConfiguration"]["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"
    assert "".join(map(str, chosen["ResultConfiguration"]["OutputLocation"]["Fn::Join"][1])).endswith("/athena/")
