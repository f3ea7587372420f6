"""One tenant's caller tries for another tenant's things in a thousand ways and sees no byte of them.

A leak is the other's mark (it is in every name there), or an amount that only the other has,
in an answer, a header, a file, an error or a log line, unless the caller had sent it.
"""

from __future__ import annotations

import io
import json
import logging
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pypdfium2
import pytest
from botocore.exceptions import ClientError

from datablueprint.adapters.duckdb_query import DuckDbQuery
from datablueprint.agent import tools
from datablueprint.agent.tools import Bench
from datablueprint.api.service import NotYours, person_of
from datablueprint.desk import Desk
from datablueprint.errors import DataBlueprintError
from datablueprint.settings import Settings
from tests.api.kit import Got
from tests.probe.attempts import Attempt, Prying
from tests.probe.tenants import AMOUNT, MARK, Tenant

PLAIN = re.compile(r"(?<=\d),(?=\d{3})")
many = pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.slow)])
"""A thousand attempts at once, ten thousand with what takes minutes."""


@dataclass
class Watch:
    """Looks for the other tenant's bytes in whatever one tenant can see."""

    mine: Tenant
    other: Tenant
    heard: list[str] = field(default_factory=list)
    attempts: int = 0
    leaks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._theirs = self.other.amounts - self.mine.amounts
        self._snapshot = self.other.ids["snapshot"][0]
        assert len(self._theirs) > 100

    def saw(self, text: str, *, sent: object) -> None:
        """One attempt and everything that came of it."""
        self.attempts += 1
        given = str(sent)
        text += "".join(self.heard)
        self.heard.clear()
        words = [word for word in (MARK, self._snapshot) if word in text and word not in given]
        amounts = {*AMOUNT.findall(PLAIN.sub("", text))} & self._theirs
        for leak in (*words, *(each for each in amounts if each not in given)):
            self.leaks.append(f"{leak} after {given}")


class Heard(logging.Handler):
    """Every log line with its fields."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("datablueprint", "local")):
            self._lines.append(f"{record.getMessage()} {vars(record)}\n")


@pytest.fixture
def watch(tenants: tuple[Tenant, Tenant]) -> Iterator[Watch]:
    made = Watch(*tenants)
    handler, root = Heard(made.heard), logging.getLogger()
    root.addHandler(handler)
    yield made
    root.removeHandler(handler)


def text_of(got: Got) -> str:
    """Everything in an answer that a person can read, out of its workbook or document."""
    head = f"{got.status} {dict(got.headers)} "
    if got.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(got.content)) as book:
            return head + " ".join(book.read(name).decode(errors="replace") for name in book.namelist())
    if got.content.startswith(b"%PDF"):
        return head + " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(got.content))
    return head + got.content.decode(errors="replace")


def sent(tenant: Tenant, attempt: Attempt) -> Got:
    """The attempt as an event at a tenant's door."""
    made = tenant.api.event("get_start")
    made |= {"httpMethod": attempt.method, "path": attempt.path}
    made["queryStringParameters"] = attempt.query or None
    made["multiValueQueryStringParameters"] = {key: [value] for key, value in attempt.query.items()} or None
    made["headers"] |= {**attempt.headers, "content-type": "application/json"}
    made["multiValueHeaders"] |= {key: [value] for key, value in made["headers"].items()}
    made["body"] = None if attempt.body is None else json.dumps(attempt.body)
    if attempt.claims is not None:
        claims = made["requestContext"]["authorizer"]["claims"]
        del claims["custom:tenant"]
        claims |= attempt.claims
    return tenant.api.send(made)


def kept(tenant: Tenant) -> dict[str, object]:
    """What a tenant has named, asked and decided."""
    families = ("saved/", "scenario/", "decision/", "feedback/", "question/")
    return {key: item.value for family in families for key, item in tenant.ports.state.list(family)}


@many
def test_no_request_sees_or_changes_another_tenant_s_things(watch: Watch, times: int) -> None:
    before = kept(watch.other)
    prying = Prying(watch.other, random.Random(times))
    refused = 0

    for number, attempt in enumerate(prying.requests(500 * times)):
        if number % 25 == 0:  # the other's desk is warm in this process when ours is asked
            assert MARK in text_of(watch.other.api.get("/projects"))
            watch.heard.clear()
        got = sent(watch.mine, attempt)
        refused += got.status >= 400
        watch.saw(text_of(got), sent=attempt)
        assert attempt.claims is None or got.status == 404, attempt

    assert watch.leaks == []
    assert refused > watch.attempts / 3
    assert kept(watch.other) == before


@many
def test_a_caller_at_another_tenant_s_door_finds_nothing(watch: Watch, times: int) -> None:
    for attempt in Prying(watch.other, random.Random(times)).requests(200 * times):
        claims = attempt.claims or {"custom:tenant": watch.mine.name}
        claims = {key: value for key, value in claims.items() if value != watch.other.name or key != "custom:tenant"}
        at_the_door = Attempt(attempt.method, attempt.path, attempt.query, attempt.headers, attempt.body, claims)

        got = sent(watch.other, at_the_door)

        assert got.status == 404, at_the_door
        watch.saw(text_of(got), sent=at_the_door)
    assert watch.leaks == []


def test_a_token_of_another_tenant_s_pool_is_nobody(watch: Watch) -> None:
    ours = Settings(tenant="alpha", issuer="https://idp.example.com/alpha")
    for claims in (
        {"iss": "https://idp.example.com/bravo", "token_use": "access"},
        {"iss": "https://idp.example.com/bravo", "token_use": "access", "custom:tenant": "alpha"},
        {"iss": "https://idp.example.com/alpha/bravo", "token_use": "access"},
        {"iss": "https://idp.example.com/alpha", "token_use": "id"},
        {"custom:tenant": "alpha"},
    ):
        with pytest.raises(NotYours):
            person_of({"requestContext": {"authorizer": {"claims": {"sub": "1", **claims}}}}, ours)


@many
def test_no_question_talks_the_agent_into_another_tenant(watch: Watch, times: int) -> None:
    for question in Prying(watch.other, random.Random(times)).questions(20 * times):
        asked = watch.mine.api.request("POST", "/questions", body={"question": question})
        answer = watch.mine.api.get(f"/questions/{asked.json['id']}") if asked.status == 202 else asked
        files = [watch.mine.api.get(f"/exports/questions/{asked.json.get('id')}.xlsx")] if asked.status == 202 else []

        watch.saw(" ".join(map(text_of, (asked, answer, *files))), sent=question)

    assert watch.leaks == []


@many
def test_no_tool_call_reaches_another_tenant(watch: Watch, times: int) -> None:
    bench = Bench(Desk(watch.mine.ports))
    for name, given in Prying(watch.other, random.Random(times)).tool_calls(120 * times):
        result = tools.told(tools.run(bench, name, given))

        watch.saw(json.dumps(result, default=str), sent=(name, given))
        if not given.keys() <= set(tools.BY_NAME[name].schema["properties"]):
            assert "error" in result, (name, given)

    assert watch.leaks == []


def test_no_tool_has_a_tenant_argument() -> None:
    for tool in tools.TOOLS:
        assert tool.schema["additionalProperties"] is False
        for name in tool.schema["properties"]:
            assert not re.search("tenant|company|account|bucket|snapshot|database|home|path|sql", name), (
                tool.name,
                name,
            )


@many
def test_no_key_of_storage_leads_to_another_tenant(watch: Watch, times: int) -> None:
    ports = watch.mine.ports
    assert isinstance(ports.query, DuckDbQuery)
    ways: tuple[Callable[[str], object], ...] = (
        ports.files.read,
        lambda key: list(ports.files.list(key)),
        ports.state.get,
        lambda key: list(ports.state.list(f"{key}/")),
        lambda key: Desk(ports, snapshot=key).table("facts"),
        lambda key: Desk(ports).records([key]),
        lambda key: ports.query.sql("select * from facts", snapshot=key),
        lambda key: ports.query.sql("select name from vendors where name = ?", (key,), snapshot=_own(watch)),
        lambda key: ports.query.sql(f"select * from read_parquet('{key}')", snapshot=_own(watch)),
        lambda key: watch.mine.api.service.jobs.answer(key),
    )
    chance = random.Random(times)
    for key in Prying(watch.other, chance).keys(250 * times):
        found: object = None
        try:
            found = chance.choice(ways)(key)
        except (DataBlueprintError, FileNotFoundError, ClientError) as error:
            found = error
        watch.saw(str(found), sent=key)

    assert watch.leaks == []


def _own(watch: Watch) -> str:
    return watch.mine.ids["snapshot"][0]


def test_the_watch_would_see_a_leak(watch: Watch) -> None:
    """Everything the other has, said to us: names, amounts, snapshots, in an answer, a workbook and a log line."""
    for path in ("/projects", "/wip", "/exports/wip.xlsx", "/exports/wip.pdf"):
        told = text_of(watch.other.api.get(path))
        count = len(watch.leaks)
        watch.saw(told, sent="")
        assert len(watch.leaks) > count + 1, path
    logging.getLogger("datablueprint.api").warning("asked", extra={"question": f"{MARK} Tower"})
    count = len(watch.leaks)
    watch.saw("", sent="")
    assert len(watch.leaks) == count + 1
    with suppress(DataBlueprintError):
        watch.saw(str(Desk(watch.other.ports).table("vendors")), sent="")
    assert len(watch.leaks) > count + 1
