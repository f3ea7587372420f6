"""Athena knows the tables by their contracts; partitions are projected, so nothing crawls and nothing is registered."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from constructs import Construct

from datablueprint.steps import SOURCES
from datablueprint.tables import RAW, TABLES, Table
from infra import glue_types
from infra.constructs.ground import Ground
from infra.nag import acknowledge
from infra.names import database, workgroup

RESULTS = "athena/"
MOST_SCANNED = 10_000_000_000
"""Bytes of one query, about five cents; a tenant's tables are far smaller."""
QUERYING = (
    "athena:StartQueryExecution",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:StopQueryExecution",
)
READING = ("glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartition", "glue:GetPartitions")
FIRST_DAY = "2020-01-01"


class Catalog(Construct):
    """The tenant's database and workgroup."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground) -> None:
        super().__init__(scope, name)
        self._ground = ground
        self._bucket = ground.lake.bucket.bucket_name
        self.database_name = database(ground.tenant.name)
        self.workgroup_name = workgroup(ground.tenant.name)
        made = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=self.database_name),
        )
        for table in TABLES:
            self._table(table).add_resource_dependency(made)
        self._workgroup()

    def allow_query(self, role: iam.IRole) -> None:
        """`role` may query the tables in the tenant's workgroup; Athena reads and writes in the role's name."""
        here = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
        own = f"arn:{Aws.PARTITION}:athena:{here}:workgroup/{self.workgroup_name}"
        role.add_to_principal_policy(iam.PolicyStatement(actions=list(QUERYING), resources=[own]))
        catalog = f"arn:{Aws.PARTITION}:glue:{here}"
        known = [
            f"{catalog}:catalog",
            f"{catalog}:database/{self.database_name}",
            f"{catalog}:table/{self.database_name}/*",
        ]
        role.add_to_principal_policy(iam.PolicyStatement(actions=list(READING), resources=known))
        bucket = self._ground.lake.bucket.bucket_arn
        role.add_to_principal_policy(iam.PolicyStatement(actions=["s3:GetBucketLocation"], resources=[bucket]))
        self._ground.lake.allow_read(role, "tables/", RESULTS)
        self._ground.lake.allow_write(role, RESULTS)
        tables = f"Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/{self.database_name}/*"
        acknowledge(role, f"AwsSolutions-IAM5[{tables}]", "The tables of the tenant's own database, and no other")

    def _table(self, table: Table) -> glue.CfnTable:
        raw = table is RAW
        partitions = ("source", "stream", "ingest_date") if raw else ("snapshot",)
        place = f"s3://{self._bucket}/raw/" if raw else f"s3://{self._bucket}/tables/{table.name}/"
        template = place + "/".join(f"{name}=${{{name}}}" for name in partitions) + "/"
        return glue.CfnTable(
            self,
            table.name,
            catalog_id=Aws.ACCOUNT_ID,
            database_name=self.database_name,
            table_input=glue.CfnTable.TableInputProperty(
                name=table.name,
                description=table.note or None,
                parameters={**_projection(raw), "classification": "parquet", "storage.location.template": template},
                partition_keys=[_column(name, "date" if name == "ingest_date" else "string") for name in partitions],
                storage_descriptor=_parquet(table, partitions, place),
                table_type="EXTERNAL_TABLE",
            ),
        )

    def _workgroup(self) -> None:
        key = self._ground.key.key_arn
        athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=self.workgroup_name,
            description="What the product asks; where results go and how much is read is not the caller's choice",
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                bytes_scanned_cutoff_per_query=MOST_SCANNED,
                enforce_work_group_configuration=True,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                publish_cloud_watch_metrics_enabled=True,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_KMS", kms_key=key
                    ),
                    expected_bucket_owner=Aws.ACCOUNT_ID,
                    output_location=f"s3://{self._bucket}/{RESULTS}",
                ),
            ),
        )


def _projection(raw: bool) -> dict[str, str]:
    """A query must name its snapshot, or its stream; nothing is ever listed to find out which there are."""
    if not raw:
        return {"projection.enabled": "true", "projection.snapshot.type": "injected"}
    return {
        "projection.enabled": "true",
        "projection.source.type": "enum",
        "projection.source.values": ",".join(SOURCES),
        "projection.stream.type": "injected",
        "projection.ingest_date.type": "date",
        "projection.ingest_date.format": "yyyy-MM-dd",
        "projection.ingest_date.range": f"{FIRST_DAY},NOW",
    }


def _parquet(table: Table, partitions: tuple[str, ...], place: str) -> glue.CfnTable.StorageDescriptorProperty:
    told = glue_types.columns(table, without=partitions)
    return glue.CfnTable.StorageDescriptorProperty(
        columns=[_column(name, kind, note) for name, kind, note in told],
        input_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        location=place,
        output_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        serde_info=glue.CfnTable.SerdeInfoProperty(
            serialization_library="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
        ),
    )


def _column(name: str, kind: str, note: str = "") -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=name, type=kind, comment=note[:255] or None)
