"""Nobody finds out over the API what a person earned: not by a link, not by a record, not by two answers together."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from datablueprint import exports, personal, review
from datablueprint.api import opening
from datablueprint.errors import QuestionError
from tests.api.kit import Api, is_problem

PAID = (*(f"{system}:" for system in personal.SYSTEMS), "timecard_entries:")


def link(kind: str, dollars: str, left: str = "procore:people:1") -> dict[str, Any]:
    return {"kind": kind, "dollars": Decimal(dollars), "left_record_id": left}


def row(record: str, amount: str, on: str = "2026-10-05", **more: Any) -> dict[str, Any]:
    return {"record_id": record, "amount": amount, "on": on, "system": record.partition(":")[0], "party": None,
            "rule": "D6", "url": "https://payroll.example/1", **more}  # fmt: skip


def test_a_link_of_people_tells_no_dollars_and_says_why(api: Api) -> None:
    links = api.get("/links", state="all", limit="200").json["links"]

    people = [each for each in links if each["kind"] == "employee"]
    assert people
    assert {each["dollars"] for each in people} == {None}
    assert {each["withheld"] for each in people} == {personal.ONE_PERSON}
    assert all(each["dollars"] and each["withheld"] is None for each in links if each["kind"] == "vendor")


def test_the_first_page_tells_no_person_s_dollars(api: Api) -> None:
    told = api.call("get_start").json["review"]

    assert all(each["dollars"] is None for each in told["links"] if each["kind"] == "employee")


def test_the_command_line_lists_links_of_people_without_dollars(api: Api) -> None:
    found = review.review(api.service.ports, every=True)["links"]

    assert {each["dollars"] for each in found if each["kind"] == "employee"} == {None}


def test_a_sum_of_few_people_is_left_out_of_what_moves() -> None:
    few = [link("employee", "900", f"procore:people:{n}") for n in range(4)]

    assert personal.moving([*few, link("vendor", "5")])[0] == 5
    assert personal.moving(few)[0] is None
    assert "4 links of people" in (personal.moving(few)[1] or "")
    assert personal.moving([*few, link("employee", "1", "procore:people:9")]) == (Decimal(3601), None)
    assert personal.moving([]) == (Decimal(0), None)


def test_records_of_pay_are_one_row_per_month_and_sum_to_the_same() -> None:
    rows = [
        row("gusto:employee_compensations:p1/ann", "70.10"),
        row("quickbooks:Bill:1", "60"),
        row("gusto:employee_compensations:p1/bob", "50", "2026-10-12"),
        row("gusto:employee_compensations:p2/bob", "-1", "2026-11-12"),
    ]

    told = personal.cited(rows)

    assert [(each["record_id"], each["amount"], each.get("records")) for each in told] == [
        ("", "120.10", 2), ("quickbooks:Bill:1", "60", None), ("", "-1", 1)
    ]  # fmt: skip
    assert told[0]["party"] == "2 records of pay of 2026-10"
    assert told[0]["url"] is None
    assert personal.cited(told) == told


def test_the_rest_of_a_figure_s_records_stays_its_last_row() -> None:
    rest = row("", "500", figure="b", rule="9 more records", records=9)
    rows = [row("quickbooks:Bill:1", "1", figure="a"), row("payroll_file:pay_lines:1", "2", figure="b"), rest]

    assert [(each["figure"], each["amount"]) for each in personal.cited(rows)] == [("a", "1"), ("b", "2"), ("b", "500")]


def everything(api: Api, figure: str) -> Iterator[tuple[str, Any]]:
    """What the API says of a figure by every way in."""
    yield "opened", api.get("/figures", id=figure, tree="true").json
    yield "verified", api.get("/figures/verification", id=figure).json
    yield "records", api.get("/figures/records", id=figure, limit="200").json


@pytest.mark.parametrize("metric", ["labor_cost", "labor_burden", "actual_cost", "gross_profit_at_completion"])
def test_no_record_of_pay_is_named_beside_an_amount(metric: str, api: Api) -> None:
    _, project, day = api.words["figure"].split("/")

    for way, told in everything(api, f"{metric}/{project}/{day}"):
        assert not [each for each in PAID if each in json.dumps(told)], way


def test_the_records_of_labor_still_sum_to_the_figure(api: Api) -> None:
    _, project, day = api.words["figure"].split("/")
    figure = f"labor_cost/{project}/{day}"

    told = api.get("/figures/records", id=figure, limit="200").json

    assert sum(Decimal(each["amount"]) for each in told["records"]) == Decimal(told["sums_to"])
    assert Decimal(told["sums_to"]) == Decimal(api.get("/figures", id=figure).json["value"])
    assert sum(each["records"] or 1 for each in told["records"]) > len(told["records"])


def test_a_bridge_tells_what_pay_moved_by_the_month(api: Api) -> None:
    whole: list[Mapping[str, Any]] = []
    for project in api.get("/projects", state="active").json["projects"]:
        got = api.get("/bridges", project=project["key"], since="2026-06-30")
        if got.status == 200:
            assert not [each for each in PAID if each in got.content.decode()]
            whole += [change for part in got.json["parts"] for change in part["changes"]]

    assert any("changes of pay of" in change["reason"] for change in whole)


def test_an_answer_on_labor_names_no_record_of_pay(api: Api) -> None:
    project = api.words["project"]
    asked = api.request("POST", "/questions", body={"question": f"What is the labor cost of {project}?"}).json["id"]

    answer = api.get(f"/questions/{asked}").json["answer"]

    assert answer["citations"]
    assert not [each for each in PAID if each in json.dumps(answer)]


def test_an_exported_answer_names_no_record_of_pay() -> None:
    ids = ("gusto:employee_compensations:p1/ann", "payroll_file:pay_lines:7")
    rows = [row(each, "50.10", figure="f") for each in ids]
    answer = {"restated": "labor", "text": "$100", "snapshot": "s", "citations": rows}

    book = openpyxl.load_workbook(io.BytesIO(exports.answer(answer, "xlsx")))

    cells = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells for each in PAID if each in cell]
    assert exports.answer(answer, "pdf").startswith(b"%PDF-")


def test_no_stored_record_of_a_person_is_shown(api: Api) -> None:
    with api.service.desks.open() as desk:
        ids = {row["record_id"] for row in desk.table("employees")}
        ids |= {e["record_id"] for fact in desk.table("facts") for e in fact["evidence"]}
        stored = desk.records(each for each in sorted(ids) if personal.personal(each))
        found = [opening.record(desk, each) for each in stored]

    assert {each["record_id"].partition(":")[0] for each in found} >= {"gusto", "payroll_file", "procore", "quickbooks"}
    assert all(each["payload"] is None and each["withheld"] for each in found)


@pytest.mark.parametrize(
    ("payload", "closed"),
    [
        ({"EntityRef": {"value": "55", "type": "Employee"}}, True),
        ({"Entity": {"Type": "Employee", "EntityRef": {"name": "x"}}}, True),
        ({"EmployeeRef": {"value": "3"}}, True),
        ({"EntityRef": {"value": "55", "type": "Vendor"}}, False),
    ],
)
def test_a_payment_to_an_employee_is_a_record_of_a_person(payload: Any, closed: bool) -> None:
    assert personal.names_a_person(json.dumps(payload)) is closed
    assert personal.names_a_person(json.dumps(payload, separators=(",", ":"))) is closed


def test_what_does_not_tie_names_no_record_of_pay() -> None:
    told = personal.unnamed(["quickbooks:Bill:1 is 5, not 6", "gusto:employee_compensations:p/a is 900, not 901"])

    assert told == ["quickbooks:Bill:1 is 5, not 6", "1 more of records of pay, which are not shown here"]


def test_a_job_without_a_contract_has_no_bridge_and_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from datablueprint.metrics.definition import Missing

    def absent(*_: Any) -> Any:
        raise Missing("contract value")

    monkeypatch.setattr("datablueprint.statements.bridge.bridge", absent)

    got = api.call("get_bridge")

    assert is_problem(got, 422)
    assert "contract value" in got.json["detail"]


def test_a_day_before_all_days_is_refused(api: Api) -> None:
    with pytest.raises(QuestionError, match="1990-01-01 or a later day"), api.service.desks.open() as desk:
        assert desk.at(as_of=desk.as_of.replace(year=1)).measures
