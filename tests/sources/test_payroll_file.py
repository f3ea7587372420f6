"""A dropped file is taken as it stands, once, and without what is nobody's business."""

from __future__ import annotations

import json

import pytest

from datablueprint.errors import MalformedRecord
from datablueprint.lake.raw import RawLog
from datablueprint.sources import extract
from datablueprint.sources.base import ExtractOutcome
from tests.fakes import world

FOLDER = "inbox/payroll_file/2026-11-15/"
HEADER = "provider,pay_run_id,employee_id,hours,amount\n"


class Drop:
    def __init__(self) -> None:
        self.room = world()
        self.raw = RawLog(self.room.files, "payroll_file")

    def put(self, name: str, text: str | bytes, folder: str = FOLDER) -> Drop:
        self.room.files.write(f"{folder}{name}.csv", text.encode() if isinstance(text, str) else text)
        return self

    def whole(self, lines: str) -> Drop:
        """A complete set of three files."""
        self.put("employer_cost", "provider,pay_run_id,employee_id,component,amount\nADP,PR-1,7,SS,1.00\n")
        self.put("run_control", "provider,pay_run_id,gross_wages\nADP,PR-1,30.00\n")
        return self.put("pay_lines", lines)

    def read(self, name: str = "pay_lines", run_id: str = "run-1", *, full: bool = False) -> ExtractOutcome:
        return extract.extract("payroll_file", name, self.room.ports, run_id=run_id, full=full, raw=self.raw)

    def payloads(self, name: str = "pay_lines") -> list[dict[str, str]]:
        return [json.loads(r.payload) for r in self.raw.current(name) if not r.deleted]


def two_lines() -> Drop:
    return Drop().whole(HEADER + "ADP,PR-1,7,8.00,20.00\nADP,PR-1,8,4.00,10.00\n")


def test_each_row_lands_as_an_object_of_texts_under_its_run_and_row_number() -> None:
    drop = two_lines()

    drop.read()

    first, second = drop.raw.current("pay_lines")
    assert (first.record_id, second.record_id) == ("payroll_file:pay_lines:PR-1/1", "payroll_file:pay_lines:PR-1/2")
    assert json.loads(first.payload)["amount"] == "20.00"
    assert first.parent_id == "PR-1"
    assert first.url == f"{FOLDER}pay_lines.csv"
    assert first.request_id is not None
    assert len(first.request_id) == 64


def test_all_three_files_are_streams_and_the_control_row_is_known_by_its_run() -> None:
    drop = two_lines()

    for name in extract.plan("payroll_file", drop.room.ports, False):
        drop.read(name)

    assert drop.raw.streams() == ["employer_cost", "pay_lines", "run_control"]
    assert list(drop.raw.identities("run_control")) == ["PR-1"]


def test_an_unchanged_file_is_not_read_again() -> None:
    drop = two_lines()
    drop.read()
    files = dict(drop.room.files.content)

    outcome = drop.read(run_id="run-2")

    assert (outcome.new, outcome.changed, outcome.deleted) == (0, 0, 0)
    assert drop.room.files.content == files


def test_a_corrected_file_replaces_its_rows() -> None:
    drop = two_lines()
    drop.read()
    drop.put("pay_lines", HEADER + "ADP,PR-1,7,8.00,21.00\n")

    outcome = drop.read(run_id="run-2")

    assert (outcome.changed, outcome.deleted) == (1, 1)
    assert [p["amount"] for p in drop.payloads()] == ["21.00"]


def test_a_file_that_was_taken_out_of_the_inbox_loses_nothing() -> None:
    drop = two_lines()
    drop.read()
    drop.room.files.delete(f"{FOLDER}pay_lines.csv")

    assert drop.read(run_id="run-2").deleted == 0


@pytest.mark.parametrize(
    "column",
    ["SSN", "employee_ssn", "Social Security", "bank_name", "routing_number", "account_no", "Birth Date", "DOB"],
)
def test_columns_about_identity_bank_and_birth_are_dropped_and_reported(column: str) -> None:
    drop = Drop().whole(f"provider,pay_run_id,{column},amount\nADP,PR-1,secret-value,20.00\n")

    outcome = drop.read()

    assert "secret-value" not in drop.raw.current("pay_lines")[0].payload
    [problem] = outcome.problems
    assert column in problem
    assert "was not stored" in problem


def test_the_columns_of_the_format_are_not_mistaken_for_personal_data() -> None:
    names = (
        "provider,pay_run_id,pay_group,period_start,period_end,check_date,employee_id,employee_name,work_date,project_ref,"
        "cost_code,cost_type,class_code_wc,work_state,union_local,trade_class,pay_type,hours,rate,amount,component,"
        "provider_label,taxable_wages,gross_wages,reimbursements,employer_taxes,employer_benefits,employee_taxes,net_pay,"
        "cash_required,employee_count,regular_hours,ot_hours"
    )
    drop = Drop().whole(f"{names}\n{','.join('PR-1' for _ in names.split(','))}\n")

    assert drop.read().problems == ()
    assert list(drop.payloads()[0]) == names.split(",")


def test_a_social_security_number_in_the_wrong_column_is_masked() -> None:
    drop = Drop().whole(HEADER + "ADP,PR-1,123-45-6789,8.00,20.00\n")

    drop.read()

    assert drop.payloads()[0]["employee_id"] == "(withheld)"


def test_a_malformed_row_lands_for_conform_to_reject() -> None:
    drop = Drop().whole(HEADER + "ADP,PR-1,7,eight,20.00\nADP,PR-1\nADP,PR-1,9,1,2,3,4\n\nADP,PR-1,10,1.00,5.00\n")

    drop.read()

    odd, short, long, good = drop.payloads()
    assert odd["hours"] == "eight"
    assert short == {"provider": "ADP", "pay_run_id": "PR-1"}
    assert long["_extra"] == "3,4"
    assert good["employee_id"] == "10"


def test_quotes_byte_order_mark_and_other_encodings_are_read() -> None:
    drop = Drop().whole("")
    drop.put("pay_lines", (HEADER + 'ADP,PR-1,"Müller, Ana",8,20.00\n').encode("utf-8-sig"))
    drop.put("pay_lines", (HEADER + "ADP,PR-2,Müller,8,20.00\n").encode("cp1252"), folder="inbox/payroll_file/b/")

    drop.read()

    assert [p["employee_id"] for p in drop.payloads()] == ["Müller, Ana", "Müller"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("provider,amount\nADP,1\n", "there is no column pay_run_id"),
        ("pay_run_id,amount,amount\nPR-1,1,2\n", "column 'amount' appears twice"),
        (HEADER + 'ADP,"PR-1,7\n', "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_does_not_stop_the_others(text: str, sentence: str) -> None:
    drop = two_lines()
    drop.put("pay_lines", text, folder="inbox/payroll_file/z/")

    outcome = drop.read()

    [problem] = outcome.problems
    assert problem.startswith("Payroll file: ")
    assert sentence in problem
    assert "inbox/payroll_file/z/pay_lines.csv" in problem
    assert len(drop.payloads()) == 2


def test_a_broken_file_alone_is_an_error_and_is_read_again_once_corrected() -> None:
    drop = Drop().whole("nothing\n")

    with pytest.raises(MalformedRecord):
        drop.read()
    drop.put("pay_lines", HEADER + "ADP,PR-1,7,8.00,20.00\n")

    assert drop.read(run_id="run-2").new == 1


def test_a_folder_that_lacks_a_file_is_reported_with_the_control_file() -> None:
    drop = two_lines()
    drop.room.files.delete(f"{FOLDER}employer_cost.csv")

    [problem] = drop.read("run_control").problems

    assert "lacks employer_cost.csv" in problem
    assert "all three files" in problem
