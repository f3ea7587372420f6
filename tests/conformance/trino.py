"""A Trino server of one node over a local folder, and the few calls of Athena's client that it can stand behind."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

HERE = Path(__file__).resolve().parent
FETCHED = HERE.parent.parent / ".build" / "trino"
VERSION = "411"
CATALOG = "awsdatacatalog"
PATIENCE_SECONDS = 300
"""Starting takes 20 s on an idle machine of two cores."""
PAGE = 1000
"""Rows of one page of results, as Athena's."""
JAVA = (
    "-Xmx2g",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Duser.timezone=UTC",
    "-Djdk.attach.allowAttachSelf=true",
)


class TrinoError(Exception):
    """What the server says is wrong with a statement."""


@dataclass(frozen=True)
class Answer:
    columns: list[dict[str, Any]]
    """Name and type signature, as the server tells them."""
    rows: list[list[Any]]


@dataclass(frozen=True)
class Trino:
    """A running server; statements see one schema."""

    client: httpx.Client
    schema: str

    def ask(self, statement: str, *, literals: Sequence[str] = ()) -> Answer:
        """The answer of one statement; `literals` are SQL literals for its `?`s, bound as Athena binds them."""
        headers = {"X-Trino-User": "conformance", "X-Trino-Catalog": CATALOG, "X-Trino-Schema": self.schema}
        if literals:
            headers["X-Trino-Prepared-Statement"] = f"asked={quote(statement)}"
            statement = f"EXECUTE asked USING {', '.join(literals)}"
        told = self.client.post("/v1/statement", content=statement.encode(), headers=headers).raise_for_status().json()
        columns, rows = told.get("columns"), told.get("data", [])
        while "nextUri" in told:
            told = self.client.get(told["nextUri"]).raise_for_status().json()
            columns = columns or told.get("columns")
            rows += told.get("data", [])
        if "error" in told:
            raise TrinoError(told["error"]["message"])
        return Answer(columns or [], rows)


@contextmanager
def running(folder: Path, *, schema: str) -> Iterator[Trino]:
    """A server that keeps what it writes in `folder` and is ended with the block, whatever happens in it."""
    log = folder / "server.log"
    port = _free_port()
    _configure(folder, port)
    command = ["java", *JAVA, f"-Dconfig={folder / 'config.properties'}"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "-cp", f"{folder / 'classes'}:{FETCHED / 'lib'}/*", "StartTrino", VERSION],
            stdin=subprocess.PIPE,  # it ends when nobody holds this any more
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS, trust_env=False) as client:
            _wait(client, server, log)
            yield Trino(client, schema)
    finally:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            if not client.get("/v1/info").json()["starting"]:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        time.sleep(0.5)
    raise TrinoError(f"Trino did not start; its log ends so:\n{log.read_text(errors='replace')[-2000:]}")


def _configure(folder: Path, port: int) -> None:
    catalogs, plugins = folder / "catalogs", folder / "plugins"
    catalogs.mkdir()
    shutil.copytree(FETCHED / "plugins", plugins, copy_function=_link)
    _compile(folder, plugins / "hive")
    _properties(
        catalogs / f"{CATALOG}.properties",
        {
            "connector.name": "hive",
            "hive.metastore": "file",
            "hive.metastore.catalog.dir": (folder / "metastore").as_uri(),
            "hive.partition-projection-enabled": "true",
        },
    )
    _properties(
        folder / "config.properties",
        {
            "node.environment": "conformance",
            "node.bind-ip": "127.0.0.1",
            "node.internal-address": "127.0.0.1",
            "node-scheduler.include-coordinator": "true",
            "coordinator": "true",
            "http-server.http.port": str(port),
            "http-server.max-request-header-size": "1MB",
            "http-server.log.enabled": "false",
            "discovery.uri": f"http://127.0.0.1:{port}",
            "query.max-memory-per-node": "512MB",
            "catalog.config-dir": str(catalogs),
            "plugin.dir": str(plugins),
        },
    )


def _compile(folder: Path, plugin: Path) -> None:
    """Put the two classes that only the installer has where the server looks for them."""
    classes = folder / "classes"
    jars = f"{FETCHED / 'lib'}/*:{plugin}/*"
    subprocess.run(["javac", "-cp", jars, "-d", str(classes), *map(str, sorted(HERE.glob("*.java")))], check=True)
    with zipfile.ZipFile(plugin / "named.jar", "w") as named:
        named.write(classes / "HivePlugin.class", "HivePlugin.class")
        named.writestr("META-INF/services/io.trino.spi.Plugin", "HivePlugin\n")


def _link(source: str, target: str) -> str:
    Path(target).symlink_to(source)
    return target


def _properties(path: Path, values: Mapping[str, str]) -> None:
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()), encoding="utf-8")


@dataclass
class TrinoAthena:
    """The calls of Athena's client that AthenaQuery makes, answered by a Trino server in Athena's shapes."""

    trino: Trino
    answers: dict[str, Answer | TrinoError] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    def start_query_execution(
        self,
        *,
        QueryString: str,  # Athena's names
        QueryExecutionContext: Mapping[str, str],
        WorkGroup: str,
        ExecutionParameters: Sequence[str] = (),
    ) -> dict[str, Any]:
        assert QueryExecutionContext == {"Database": self.trino.schema}
        assert WorkGroup
        execution = f"execution-{next(self.numbers)}"
        try:
            self.answers[execution] = self.trino.ask(QueryString, literals=ExecutionParameters)
        except TrinoError as error:
            self.answers[execution] = error
        return {"QueryExecutionId": execution}

    def get_query_execution(self, *, QueryExecutionId: str) -> dict[str, Any]:
        answer = self.answers[QueryExecutionId]
        if isinstance(answer, TrinoError):
            return {"QueryExecution": {"Status": {"State": "FAILED", "StateChangeReason": str(answer)}}}
        return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}}}

    def get_query_results(self, *, QueryExecutionId: str, NextToken: str = "0") -> dict[str, Any]:
        answer = self.answers[QueryExecutionId]
        assert isinstance(answer, Answer)
        start = int(NextToken)
        lines = [[column["name"] for column in answer.columns], *answer.rows][start : start + PAGE]
        rows = [{"Data": [_cell(value) for value in line]} for line in lines]
        info = [_info(column) for column in answer.columns]
        more = {"NextToken": str(start + PAGE)} if start + PAGE <= len(answer.rows) else {}
        return {"ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": info}}, **more}


def _cell(value: object) -> dict[str, str]:
    if value is None:
        return {}
    return {"VarCharValue": str(value).lower() if isinstance(value, bool) else str(value)}


def _info(column: Mapping[str, Any]) -> dict[str, Any]:
    signature = column["typeSignature"]
    numbers = [argument["value"] for argument in signature["arguments"] if argument["kind"] == "LONG"]
    decimal = dict(zip(("Precision", "Scale"), numbers, strict=True)) if signature["rawType"] == "decimal" else {}
    return {"Name": column["name"], "Type": signature["rawType"], **decimal}
