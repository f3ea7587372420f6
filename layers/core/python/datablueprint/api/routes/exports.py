"""Files to take away: the surety pack and one answer, as workbook or document."""

from __future__ import annotations

import base64
from typing import Literal

from aws_lambda_powertools.event_handler import Response

from datablueprint import exports
from datablueprint.api.routes.common import AsOf, Here, KnownAt, QuestionId, file_given, theme
from datablueprint.api.service import Visit
from datablueprint.statements import wip

router = theme()
TAG = ["exports"]
XLSX, PDF = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/pdf"
MEDIA: dict[str, str] = {"xlsx": XLSX, "pdf": PDF}
Suffix = Literal["xlsx", "pdf"]


@router.get(
    "/exports/wip.xlsx",
    operation_id="export_wip_xlsx",
    summary="The surety pack as a workbook",
    tags=TAG,
    responses=file_given(XLSX, "A workbook that recomputes itself."),
)
def wip_xlsx(here: Here, since: KnownAt = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response[str]:
    return _pack(here, "xlsx", since, as_of, known_at)


@router.get(
    "/exports/wip.pdf",
    operation_id="export_wip_pdf",
    summary="The surety pack as a document",
    tags=TAG,
    responses=file_given(PDF, "A document."),
)
def wip_pdf(here: Here, since: KnownAt = None, as_of: AsOf = None, known_at: KnownAt = None) -> Response[str]:
    return _pack(here, "pdf", since, as_of, known_at)


@router.get(
    "/exports/questions/<question_id>.xlsx",
    operation_id="export_answer_xlsx",
    summary="An answer as a workbook",
    tags=TAG,
    responses=file_given(XLSX, "The answer, its table and its records with a live sum."),
)
def answer_xlsx(question_id: QuestionId, here: Here) -> Response[str]:
    return _sent(exports.answer(here.jobs.answer(question_id), "xlsx"), "xlsx", "answer")


@router.get(
    "/exports/questions/<question_id>.pdf",
    operation_id="export_answer_pdf",
    summary="An answer as a document",
    tags=TAG,
    responses=file_given(PDF, "The answer with its records."),
)
def answer_pdf(question_id: QuestionId, here: Here) -> Response[str]:
    return _sent(exports.answer(here.jobs.answer(question_id), "pdf"), "pdf", "answer")


def _pack(here: Visit, suffix: Suffix, since: KnownAt, as_of: AsOf, known_at: KnownAt) -> Response[str]:
    with here.desks.open(as_of=as_of, known_at=known_at) as desk:
        schedule = wip(desk, previous=desk.known(since) if since else None)
        return _sent(exports.surety_pack(desk, schedule, suffix), suffix, f"wip-{desk.as_of}")


def _sent(content: bytes, suffix: Suffix, name: str) -> Response[str]:
    headers: dict[str, str | list[str]] = {
        "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
        "Cache-Control": "no-store",
    }
    response = Response(200, MEDIA[suffix], base64.b64encode(content).decode(), headers=headers)
    response.base64_encoded = True  # bytes would be read as UTF-8 where responses are validated
    return response
