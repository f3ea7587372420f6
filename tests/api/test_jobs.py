"""A question is a job that ends: answered, failed, or given up when its worker is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from datablueprint.api import answering, asking, failures
from datablueprint.api.jobs import LEASE, LIFE, MOST_ASKED, JobOver, Jobs
from datablueprint.errors import Unknown
from tests.fakes import MemoryFiles, MemoryState, StepClock

ASKED = {"question": "What is the margin of 24-017?"}
ANSWER = {"status": "answered", "text": "7.0%"}


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def jobs(clock: StepClock) -> Jobs:
    return Jobs(MemoryState(), MemoryFiles(), clock)


def asked(jobs: Jobs, by: str = "ann") -> str:
    return str(jobs.ask(ASKED, by=by)["id"])


def test_a_question_runs_until_its_answer_is_stored(jobs: Jobs) -> None:
    question = asked(jobs)

    jobs.begin(question)
    jobs.note(question, "figures", "adding up")
    jobs.finish(question, ANSWER)

    job = jobs.get(question)
    assert job["status"] == "done"
    assert [(event["seq"], event["stage"]) for event in job["events"]] == [(1, "started"), (2, "figures"), (3, "done")]
    assert jobs.answer(question) == ANSWER


def test_ids_cannot_be_guessed_from_one_another(jobs: Jobs) -> None:
    found = {asked(jobs) for _ in range(100)}

    assert len({each[14:] for each in found}) == 100
    assert all(len(each) == 46 for each in found)


def test_the_second_start_of_a_question_does_nothing(jobs: Jobs) -> None:
    question = asked(jobs)
    jobs.begin(question)

    with pytest.raises(JobOver):
        jobs.begin(question)


def test_a_silent_worker_counts_as_dead_when_its_lease_is_over(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    jobs.begin(question)
    clock.move(seconds=LEASE.total_seconds() - 1)
    assert jobs.get(question, lost=failures.lost)["status"] == "running"
    clock.move(seconds=2)

    job = jobs.get(question, lost=failures.lost)

    assert job["status"] == "failed"
    assert job["error"]["type"].endswith(":worker-lost")
    assert job["error"]["fix"] == "Ask again."


def test_every_event_renews_the_lease(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    jobs.begin(question)
    for _ in range(5):
        clock.move(seconds=LEASE.total_seconds() - 1)
        jobs.note(question, "figures", "adding up")

    assert jobs.get(question, lost=failures.lost)["status"] == "running"


def test_a_question_that_nobody_takes_fails_too(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    clock.move(seconds=LEASE.total_seconds() + 1)

    assert jobs.get(question, lost=failures.lost)["status"] == "failed"


def test_an_answer_that_comes_too_late_changes_nothing(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    jobs.begin(question)
    clock.move(seconds=LEASE.total_seconds() + 1)
    jobs.get(question, lost=failures.lost)

    with pytest.raises(JobOver):
        jobs.finish(question, ANSWER)

    assert jobs.get(question)["status"] == "failed"
    with pytest.raises(Unknown, match="no answer"):
        jobs.answer(question)


def test_waiting_ends_with_the_next_event(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    jobs.begin(question)

    assert jobs.wait(question, after=0, seconds=20, lost=failures.lost)["events"][0]["stage"] == "started"
    assert clock.slept == []

    jobs.wait(question, after=1, seconds=20, lost=failures.lost)
    assert sum(clock.slept) == pytest.approx(20)


def test_waiting_ends_with_the_outcome_even_when_every_event_was_seen(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    jobs.begin(question)
    jobs.finish(question, ANSWER)

    assert jobs.wait(question, after=99, seconds=20, lost=failures.lost)["status"] == "done"
    assert clock.slept == []


def test_two_writers_of_one_job_both_stay(jobs: Jobs) -> None:
    question = asked(jobs)
    jobs.begin(question)
    state = jobs.state
    assert isinstance(state, MemoryState)

    def interfere(_: str) -> None:
        state.before_put = lambda _: None
        jobs.note(question, "planning", "the other writer")

    state.before_put = interfere
    jobs.note(question, "figures", "this writer")

    assert [event["stage"] for event in jobs.get(question)["events"]] == ["started", "planning", "figures"]


def test_people_see_their_own_questions_newest_first(jobs: Jobs, clock: StepClock) -> None:
    first = asked(jobs)
    clock.move(seconds=1)
    second = asked(jobs)
    asked(jobs, by="bob")

    assert [job["id"] for job in jobs.several(jobs.asked(by="ann"))] == [second, first]


def test_an_expired_question_is_gone_with_its_answer(jobs: Jobs, clock: StepClock) -> None:
    question = asked(jobs)
    jobs.begin(question)
    jobs.finish(question, ANSWER)
    clock.move(days=LIFE.days + 1)

    with pytest.raises(Unknown):
        jobs.get(question)
    assert jobs.asked(by="ann") == []
    assert isinstance(jobs.files, MemoryFiles)
    assert jobs.files.content == {}


def test_a_person_s_questions_are_kept_up_to_a_number_and_no_more(jobs: Jobs, clock: StepClock) -> None:
    found = []
    for _ in range(MOST_ASKED + 3):
        clock.move(seconds=1)
        found.append(asked(jobs))
        jobs.begin(found[-1])
        jobs.finish(found[-1], ANSWER)

    assert jobs.asked(by="ann") == found[:2:-1]
    assert isinstance(jobs.state, MemoryState)
    assert isinstance(jobs.files, MemoryFiles)
    assert len(list(jobs.state.list("question/"))) == len(jobs.files.content) == MOST_ASKED


def test_two_questions_at_once_are_both_listed(jobs: Jobs) -> None:
    state = jobs.state
    others: list[str] = []
    assert isinstance(state, MemoryState)

    def interfere(key: str) -> None:
        if key.startswith("asked/") and not others:
            others.append("taken")
            others[0] = asked(jobs)

    state.before_put = interfere
    mine = asked(jobs)

    assert sorted(jobs.asked(by="ann")) == sorted([mine, *others])


def test_looking_through_questions_reads_one_page_of_them(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        asked(jobs)
    monkeypatch.setattr(jobs.state, "list", lambda prefix: pytest.fail(f"all of {prefix} was read"))

    assert len(jobs.several(jobs.asked(by="ann")[:2])) == 2


def test_the_lease_outlives_the_longest_answer_of_a_model() -> None:
    assert timedelta(seconds=20) < LEASE
    assert timedelta(seconds=answering.PATIENCE_SECONDS) < LEASE


class Service:
    """As much of a service as answering needs before it reaches a desk."""

    def __init__(self, jobs: Jobs, fault: Exception) -> None:
        self.jobs, self.model = jobs, None
        self.desks = self
        self._fault = fault

    def open(self, **_: Any) -> Any:
        raise self._fault


@pytest.mark.parametrize(
    ("fault", "kind", "status"),
    [(Unknown("There is no project 99"), "unknown", 404), (RuntimeError("inside"), "defect", 500)],
)
def test_what_goes_wrong_is_told_by_the_job(jobs: Jobs, fault: Exception, kind: str, status: int) -> None:
    question = asked(jobs)

    done = answering.answer(answering.AnswerRequest(question_id=question), Service(jobs, fault))  # type: ignore[arg-type]

    job = jobs.get(question)
    assert done["status"] == job["status"] == "failed"
    assert (job["error"]["type"].rpartition(":")[2], job["error"]["status"]) == (kind, status)
    assert "inside" not in str(job["error"])


def test_an_event_for_a_question_that_is_gone_is_skipped(jobs: Jobs) -> None:
    service: Any = Service(jobs, RuntimeError())

    assert answering.answer(answering.AnswerRequest(question_id="q0"), service)["status"] == "skipped"


def test_saved_feedback_and_question_families_do_not_overlap() -> None:
    assert len({asking.FEEDBACK, asking.SAVED, "question/", "scenario/", "decision/"}) == 5
