"""Questions over the API: answered from one snapshot, judged, exported, turned away when it is too much."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from datablueprint.api.desks import Desks
from datablueprint.api.models.answers import Answer
from datablueprint.errors import ModelUnavailable
from datablueprint.lake.snapshots import POINTER
from datablueprint.ports import Ports
from tests.api.conftest import copied
from tests.api.kit import Api, Full, Nobody, is_problem
from tests.golden.conftest import Company


def test_a_question_is_accepted_and_then_answered(api: Api) -> None:
    accepted = api.call("ask")

    assert accepted.status == 202
    assert accepted.headers["Location"] == accepted.json["links"]["self"] == f"questions/{accepted.json['id']}"
    job = api.get(f"/{accepted.json['links']['self']}").json
    assert job["status"] == "done"
    assert job["by"] == "ann@example.com"
    assert job["answer"]["status"] == "answered"
    assert job["answer"]["snapshot"]
    assert job["answer"]["figures"][0]["value"]


def test_an_answer_has_every_key_that_is_published_and_no_other(api: Api) -> None:
    answer = api.get(f"/questions/{api.words['question']}").json["answer"]
    stored = api.service.jobs.answer(api.words["question"])

    assert answer.keys() == Answer.model_fields.keys()
    assert stored.keys() == Answer.model_fields.keys()


def test_a_typed_query_is_answered_like_a_question(api: Api) -> None:
    query = {"kind": "figure", "metric": "gross_margin_at_completion", "scope": api.words["project"]}

    typed = api.request("POST", "/questions", body={"query": query}).json["id"]

    asked = api.get(f"/questions/{api.words['question']}").json["answer"]
    answer = api.get(f"/questions/{typed}").json["answer"]
    assert answer["headline"] == asked["headline"] == api.words["figure"]
    assert answer["text"] == asked["text"]


def test_a_follow_up_knows_what_was_asked(api: Api) -> None:
    body = {"question": "and the contract value?", "context": api.words["question"]}

    answer = api.get(f"/questions/{api.request('POST', '/questions', body=body).json['id']}").json["answer"]

    assert answer["status"] == "answered"
    assert answer["headline"].startswith(f"contract_value/{api.words['project']}/")


def test_a_question_can_be_of_another_day(api: Api) -> None:
    body = {"question": f"What is the margin at completion of {api.words['project']}?", "as_of": "2026-10-31"}

    answer = api.get(f"/questions/{api.request('POST', '/questions', body=body).json['id']}").json["answer"]

    assert answer["as_of"] == "2026-10-31"
    assert answer["headline"].endswith("/2026-10-31")


def test_what_the_first_page_offers_can_be_answered(api: Api) -> None:
    for question in api.call("get_start").json["starters"]:
        asked = api.request("POST", "/questions", body={"question": question}).json["id"]
        job = api.get(f"/questions/{asked}").json

        assert job["status"] == "done", (question, job["error"])
        assert job["answer"]["status"] == "answered", (question, job["answer"]["text"])


class Thinking:
    """A model that lets another request in while it thinks."""

    name, model_id, embedded = "bedrock", "test", False

    def __init__(self) -> None:
        self.meanwhile: Callable[[], Any] = lambda: None
        self.seen: Any = None

    def converse(self, *_: Any, **__: Any) -> Any:
        self.seen = self.meanwhile()
        raise ModelUnavailable("it thinks too long")

    def screen(self, texts: Sequence[str], *, seconds: float) -> bool:
        return False


def test_while_a_model_thinks_others_are_served(ports: Ports) -> None:
    model = Thinking()
    api = Api.of(ports)
    object.__setattr__(api.service, "model", model)
    object.__setattr__(api.service, "desks", Desks(ports, patience=5))
    model.meanwhile = lambda: api.get("/projects").status

    question = api.request("POST", "/questions", body={"question": "how do our jobs look like these days, friend"})

    assert api.get(f"/questions/{question.json['id']}").json["status"] == "done"
    assert model.seen == 200


def test_only_events_that_were_not_seen_are_sent(api: Api) -> None:
    place = f"/questions/{api.words['question']}"
    events = api.get(place).json["events"]

    later = api.get(place, after=str(events[0]["seq"])).json["events"]

    assert [event["seq"] for event in later] == [event["seq"] for event in events[1:]]


def test_a_full_queue_says_when_to_come_back_and_keeps_nothing(ports: Ports) -> None:
    api = Api.of(ports, Full())
    before = len(list(ports.state.list("question/")))

    got = api.request("POST", "/questions", body={"question": "What is the margin?"})

    assert is_problem(got, 503)
    assert got.headers["Retry-After"] == "7"
    assert len(list(ports.state.list("question/"))) == before


class Broken:
    """Work that cannot be reached."""

    def start(self, question_id: str) -> None:
        raise RuntimeError("no such function")


def test_a_question_that_could_not_be_handed_on_leaves_nothing(ports: Ports) -> None:
    api = Api.of(ports, Broken())
    before = len(list(ports.state.list("question/")))

    assert is_problem(api.request("POST", "/questions", body={"question": "What is the margin?"}), 500)
    assert len(list(ports.state.list("question/"))) == before


def test_a_question_nobody_works_on_fails_in_the_end(ports: Ports) -> None:
    api = Api.of(ports, Nobody())
    question = api.request("POST", "/questions", body={"question": "What is the margin?"}).json["id"]

    told = [api.get(f"/questions/{question}", wait="25").json for _ in range(5)]

    assert told[0]["status"] == "running"
    assert told[-1]["status"] == "failed"
    assert told[-1]["error"]["fix"] == "Ask again."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "x" * 1001},
        {"question": "a", "query": {"kind": "wip"}},
        {"query": {"kind": "guess"}},
        {"question": "a", "tenant": "other"},
        {"question": "a", "by": "bob"},
        {"question": "a", "as_of": "soon"},
        ["a"],
        "a",
        None,
        {"question": "\ud800"},
    ],
)
def test_what_is_no_question_is_refused(body: Any, api: Api) -> None:
    event = api.event("ask")

    got = api.send(event | {"body": None if body is None else json.dumps(body)})

    assert is_problem(got, 422)


def test_a_follow_up_to_nothing_is_not_found(api: Api) -> None:
    got = api.request("POST", "/questions", body={"question": "and 24-002?", "context": "q0"})

    assert is_problem(got, 404)


def test_people_see_their_own_questions_page_by_page(api: Api) -> None:
    for _ in range(3):
        api.call("ask")

    first = api.get("/questions", limit="2").json
    second = api.get("/questions", limit="2", cursor=first["next_cursor"]).json

    ids = [each["id"] for each in (*first["questions"], *second["questions"])]
    assert ids == sorted(ids)
    assert len(set(ids)) == 4


def test_a_wrong_answer_is_kept_with_what_it_takes_to_ask_again(api: Api, ports: Ports) -> None:
    got = api.call("judge_answer")

    kept = ports.state.get(f"feedback/{api.words['question']}")
    assert kept is not None
    assert kept.value["verdict"] == "wrong"
    assert kept.value["by"] == "ann@example.com"
    assert kept.value["question"].startswith("What is the margin")
    assert kept.value["snapshot"]
    assert got.json["note"] == "the pending change orders are missing"


def test_the_workbook_of_an_answer_sums_its_records_live(api: Api) -> None:
    book = openpyxl.load_workbook(io.BytesIO(api.call("export_answer_xlsx").content))
    values = openpyxl.load_workbook(io.BytesIO(api.call("export_answer_xlsx").content), data_only=True)
    answer = api.call("get_question").json["answer"]

    totals = [c for row in book["Records"].iter_rows() for c in row if str(c.value).startswith("=SUM(")]
    shown = {values["Records"].cell(c.row, 1).value: values["Records"].cell(c.row, c.column).value for c in totals}

    cited = {c["figure"] for c in answer["citations"]}
    for figure in cited:
        whole = sum(Decimal(c["amount"]) for c in answer["citations"] if c["figure"] == figure)
        assert Decimal(str(shown[figure])) == whole
    assert cited
    assert book["Answer"]["B2"].value == answer["text"]


def test_an_unfinished_question_exports_nothing(ports: Ports) -> None:
    api = Api.of(ports, Nobody())
    question = api.request("POST", "/questions", body={"question": "What is the margin?"}).json["id"]

    assert api.get(f"/exports/questions/{question}.xlsx").status == 404
    assert api.request("POST", f"/questions/{question}/feedback", body={"verdict": "right"}).status == 404


def test_after_a_refresh_the_next_question_uses_it_and_the_last_answer_stays(twelve: Company, tmp_path: Path) -> None:
    ports = copied(twelve, tmp_path)
    api = Api.of(ports)
    api.words["project"] = "26-001"
    first = api.call("ask").json["id"]
    before = api.get(f"/questions/{first}").json["answer"]["snapshot"]
    published = republished(ports, before)

    second = api.call("ask").json["id"]

    assert api.get(f"/questions/{second}").json["answer"]["snapshot"] == published
    assert api.get(f"/questions/{first}").json["answer"]["snapshot"] == before


def republished(ports: Ports, snapshot: str) -> str:
    """The same tables under another snapshot id, made current."""
    newer = "20261120T235959Z-abcdef"
    for key in list(ports.files.list("tables/")):
        if f"snapshot={snapshot}/" in key:
            ports.files.write(key.replace(snapshot, newer), ports.files.read(key))
    manifest = ports.files.read(f"snapshots/{snapshot}.json").replace(snapshot.encode(), newer.encode())
    ports.files.write(f"snapshots/{newer}.json", manifest)
    ports.state.put(POINTER, {"snapshot": newer}, expected_version=None)
    return newer


def test_before_the_first_refresh_every_figure_is_unavailable_for_now(twelve: Company, tmp_path: Path) -> None:
    ports = copied(twelve, tmp_path)
    ports.state.delete(POINTER)
    api = Api.of(ports)

    assert is_problem(api.get("/start"), 503)
    assert is_problem(api.get("/links"), 503)
    assert api.get("/metrics").status == 200


def test_a_desk_that_is_taken_for_too_long_is_busy(ports: Ports) -> None:
    api = Api.of(ports)
    object.__setattr__(api.service, "desks", Desks(ports, patience=0.01))

    with api.service.desks.open():
        got = api.get("/projects")

    assert is_problem(got, 503)
    assert got.headers["Retry-After"] == "5"
