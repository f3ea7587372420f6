"""Records are read back as they were at one moment, and each object once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from datablueprint.lake.payloads import Shelf
from datablueprint.lake.raw import RawLog
from tests.fakes import NOON, Arrived, MemoryFiles

HOUR = timedelta(hours=1)
BILL, OTHER = "quickbooks:Bill:1", "quickbooks:Bill:2"


class CountingFiles(MemoryFiles):
    """Counts how often each object is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: Counter[str] = Counter()

    def read(self, key: str) -> bytes:
        self.reads[key] += 1
        return super().read(key)


def lake(*arrived: Arrived) -> CountingFiles:
    files = CountingFiles()
    for number, each in enumerate(arrived):
        RawLog(files, "quickbooks_online").land("Bill", [each], run_id=f"run-{number}")
    files.reads.clear()
    return files


def test_a_record_is_as_it_was_at_the_moment():
    files = lake(Arrived("1", '"old"', NOON), Arrived("1", '"new"', NOON + 2 * HOUR))

    before, at_first, later = (Shelf(files, until=NOON + hours * HOUR).records([BILL]) for hours in (-1, 0, 2))

    assert before == {}
    assert at_first[BILL].payload == '"old"'
    assert at_first[BILL].fetched_at == NOON
    assert at_first[BILL].url == "https://books/bill"
    assert later[BILL].payload == '"new"'


def test_a_deleted_record_is_told_but_has_no_payload():
    shelf = Shelf(lake(Arrived("1", '"x"', NOON), Arrived("1", "", NOON + HOUR, deleted=True)), until=NOON + HOUR)

    assert shelf.records([BILL])[BILL].deleted
    assert shelf.payloads([BILL]) == {}


def test_unknown_records_and_streams_are_absent():
    shelf = Shelf(lake(Arrived("1", '"x"', NOON)), until=NOON)

    assert shelf.payloads([BILL, OTHER, "procore:made:7"]) == {BILL: '"x"'}


def test_each_object_is_read_once_however_often_its_records_are_asked_for():
    files = lake(Arrived("1", '"x"', NOON), Arrived("2", '"y"', NOON + HOUR))
    shelf = Shelf(files, until=NOON + HOUR)

    assert shelf.payloads([BILL]) == {BILL: '"x"'}
    assert shelf.payloads([BILL, OTHER]) == {BILL: '"x"', OTHER: '"y"'}
    assert set(files.reads.values()) == {1}


def test_records_of_both_quickbooks_connectors_are_found():
    files = CountingFiles()
    RawLog(files, "quickbooks_online").land("Bill", [Arrived("1", '"online"', NOON)], run_id="run-1")
    RawLog(files, "quickbooks_desktop").land("Bill", [Arrived("2", '"desktop"', NOON)], run_id="run-1")

    assert Shelf(files, until=NOON).payloads([BILL, OTHER]) == {BILL: '"online"', OTHER: '"desktop"'}
