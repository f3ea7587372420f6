"""Questions saved under a name, for everybody of the company."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body

from datablueprint.api import asking
from datablueprint.api.models.company import Removed
from datablueprint.api.models.questions import QuestionToSave, SavedQuestion, SavedQuestions
from datablueprint.api.routes.common import Here, Name, given, theme

router = theme()
TAG = ["questions"]


@router.get(
    "/saved-questions",
    operation_id="list_saved_questions",
    summary="Saved questions",
    tags=TAG,
    responses=given(SavedQuestions, "All of them, by name."),
)
def all_saved(here: Here) -> SavedQuestions:
    return SavedQuestions.model_validate({"saved": asking.saved(here.ports)})


@router.get(
    "/saved-questions/<name>",
    operation_id="get_saved_question",
    summary="One saved question",
    tags=TAG,
    responses=given(SavedQuestion, "The question."),
)
def one(name: Name, here: Here) -> SavedQuestion:
    return SavedQuestion.model_validate(asking.recall(name, here.ports))


@router.put(
    "/saved-questions/<name>",
    operation_id="save_question",
    summary="Save a question",
    tags=TAG,
    responses=given(SavedQuestion, "What is kept.", body=True),
)
def save(name: Name, question: Annotated[QuestionToSave, Body()], here: Here) -> SavedQuestion:
    return SavedQuestion.model_validate(asking.save(name, question.model_dump(mode="json"), here))


@router.delete(
    "/saved-questions/<name>",
    operation_id="forget_question",
    summary="Delete a saved question",
    tags=TAG,
    responses=given(Removed, "What was deleted."),
)
def forget(name: Name, here: Here) -> Removed:
    return Removed.model_validate(asking.forget(name, here.ports))
