"""What a worker does with one question: it answers from one pinned snapshot and tells how far it is."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from datablueprint import agent, personal
from datablueprint.agent.model import Message, Model
from datablueprint.agent.query import Query
from datablueprint.api import failures
from datablueprint.api.desks import Desks
from datablueprint.api.jobs import JobOver, Jobs
from datablueprint.api.service import Service
from datablueprint.errors import Unknown
from datablueprint.ports import Progress

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0
"""A worker has nobody on the line: it waits for the desk as long as its lease allows."""


class AnswerRequest(BaseModel):
    """The event of functions/answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question_id: str


def answer(request: AnswerRequest, service: Service) -> dict[str, Any]:
    """Answer one question and store what became of it; a question that somebody has already is left alone."""
    jobs, question_id = service.jobs, request.question_id
    try:
        job = jobs.begin(question_id)
    except (JobOver, Unknown):
        return {"question_id": question_id, "status": "skipped"}
    try:
        jobs.finish(question_id, _answered(job, service))
        status = "done"
    except JobOver:
        status = "late"
    except Exception as error:
        told = failures.of_error(error)
        if told["status"] == failures.DEFECT:
            logger.error("question failed", exc_info=error, extra={"question_id": question_id})
        status = _failed(jobs, question_id, told)
    return {"question_id": question_id, "status": status}


def _failed(jobs: Jobs, question_id: str, told: Mapping[str, Any]) -> str:
    try:
        jobs.fail(question_id, told)
    except JobOver:
        return "late"
    return "failed"


def _answered(job: Mapping[str, Any], service: Service) -> dict[str, Any]:
    as_of, known_at = (date.fromisoformat(job[key]) if job[key] else None for key in ("as_of", "known_at"))
    asked = Query.model_validate(job["query"]) if job["query"] else job["question"]
    context = earlier_queries(job["context"], service.jobs) if job["context"] else ()

    def progress(step: Progress) -> None:
        service.jobs.note(job["id"], step.room, step.message)

    with service.desks.open(as_of=as_of, known_at=known_at, patience=PATIENCE_SECONDS) as desk:
        model = Aside(service.model, service.desks) if service.model else None
        return personal.answer(agent.ask(asked, desk, model=model, context=context, progress=progress))


class Aside:
    """A model that leaves the desk to others while it thinks."""

    def __init__(self, model: Model, desks: Desks) -> None:
        self._model, self._desks = model, desks
        self.name, self.model_id, self.embedded = model.name, model.model_id, model.embedded

    def converse(
        self, messages: Sequence[Message], *, system: str, tools: Mapping[str, Any], seconds: float
    ) -> Mapping[str, Any]:
        with self._desks.left():
            return self._model.converse(messages, system=system, tools=tools, seconds=seconds)

    def screen(self, texts: Sequence[str], *, seconds: float) -> bool:
        with self._desks.left():
            return self._model.screen(texts, seconds=seconds)


def earlier_queries(question_id: str, jobs: Jobs) -> tuple[Query, ...]:
    """What the question that is followed up was understood as."""
    return tuple(Query.model_validate(query) for query in jobs.answer(question_id).get("queries") or ())
