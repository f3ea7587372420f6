"""Questions: asked at once, answered in a while, judged afterwards."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from datablueprint.api import asking
from datablueprint.api.models.questions import (
    AcceptedQuestion,
    AskedQuestion,
    Feedback,
    FeedbackList,
    QuestionJob,
    RecentQuestions,
    Verdict,
)
from datablueprint.api.routes.common import Cursor, Here, Limit, QuestionId, given, theme

router = theme()
TAG = ["questions"]
LONGEST_WAIT = 25
LOCATION = {"Location": {"description": "Where the answer will be.", "schema": {"type": "string"}}}
EXAMPLES = {
    "plain": {"summary": "In plain English", "value": {"question": "What is the margin at completion of 24-017?"}},
    "typed": {
        "summary": "Typed, with nothing left to guess",
        "value": {"query": {"kind": "figure", "metric": "gross_margin_at_completion", "scope": "24-017"}},
    },
}


@router.post(
    "/questions",
    operation_id="ask",
    summary="Ask a question",
    description="Returns at once; ask the job for the answer. Read-only: no question changes anything.",
    tags=TAG,
    status_code=202,
    responses=given(AcceptedQuestion, "The question is being answered.", status=202, body=True, headers=LOCATION),
)
def ask(asked: Annotated[AskedQuestion, Body(openapi_examples=EXAMPLES)], here: Here) -> Response[dict[str, Any]]:
    job = asking.ask(asked.model_dump(mode="json"), here)
    place = f"questions/{job['id']}"
    body = {"id": job["id"], "status": "running", "links": {"self": place}}
    return Response(202, "application/json", body, headers={"Location": place})


@router.get(
    "/questions",
    operation_id="list_questions",
    summary="What you asked lately",
    tags=TAG,
    responses=given(RecentQuestions, "Your questions, newest first."),
)
def recent(here: Here, cursor: Cursor = None, limit: Limit = 20) -> RecentQuestions:
    return RecentQuestions.model_validate(asking.recent(here, cursor=cursor, limit=limit))


@router.get(
    "/questions/<question_id>",
    operation_id="get_question",
    summary="A question and its answer",
    description="With ?wait= the call returns as soon as something later than ?after= has happened.",
    tags=TAG,
    responses=given(QuestionJob, "The question, its progress and, when it is done, its answer."),
)
def look(
    question_id: QuestionId,
    here: Here,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for news.")] = 0,
    after: Annotated[int, Query(ge=0, le=1_000_000, description="The seq of the last event you have seen.")] = 0,
) -> QuestionJob:
    return QuestionJob.model_validate(asking.look(question_id, here, wait=wait, after=after))


@router.post(
    "/questions/<question_id>/feedback",
    operation_id="judge_answer",
    summary="Say whether an answer is right",
    description="The last word on a question counts. A wrong one becomes a case of the evaluation.",
    tags=TAG,
    responses=given(Feedback, "What is kept.", body=True),
)
def judge(question_id: QuestionId, verdict: Annotated[Verdict, Body()], here: Here) -> Feedback:
    return Feedback.model_validate(asking.judge(question_id, verdict.verdict, verdict.note, here))


@router.get(
    "/feedback",
    operation_id="list_feedback",
    summary="What people thought of answers",
    tags=TAG,
    responses=given(FeedbackList, "One page of verdicts."),
)
def feedback(here: Here, cursor: Cursor = None, limit: Limit = 200) -> FeedbackList:
    return FeedbackList.model_validate(asking.verdicts(here.ports, cursor=cursor, limit=limit))
