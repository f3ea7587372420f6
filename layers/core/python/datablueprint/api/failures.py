"""Which failure is which problem: its HTTP status, its title, and the usual way out."""

from __future__ import annotations

from typing import Any

from datablueprint import errors
from datablueprint.api.service import NotYours, WhoAreYou

URN = "urn:datablueprint:problem:"
DEFECT = 500
KINDS: tuple[tuple[type[Exception], int, str, str], ...] = (
    (errors.UnknownFigure, 404, "There is no such figure", "GET /metrics and GET /projects list what there is."),
    (errors.UnknownMetric, 404, "There is no such metric", "GET /metrics lists them."),
    (errors.UnknownProject, 404, "There is no such project", "GET /projects lists them."),
    (NotYours, 404, "There is nothing here", "Ask with the address of your own company."),
    (WhoAreYou, 401, "Nobody is signed in", "Sign in."),
    (errors.Unknown, 404, "There is no such thing", "Check the name or id; it may have been deleted."),
    (errors.NameTaken, 409, "The name is taken", "Choose another name, or delete what has it."),
    (errors.QuestionError, 422, "This cannot be computed as asked", "GET /vocabulary says what can be asked."),
    (errors.DecisionConflict, 409, "The decision contradicts another", "Take the other decision back first."),
    (errors.FigureUnverified, 409, "The figure does not tie to its records", "GET /status says what does not fit."),
    (errors.NotReady, 503, "Nothing was published yet", "Run a refresh."),
    (errors.SnapshotMissing, 404, "The snapshot is not kept", "Ask of the current one."),
    (errors.Busy, 503, "Too much is asked at once", "Try again in a moment."),
    (errors.SettingsError, 503, "The installation cannot do this", "Ask who set it up."),
)
"""The first that fits says status, title and the usual way out."""


def document(status: int, kind: str, title: str, detail: str, *, fix: str = "") -> dict[str, Any]:
    """A problem as JSON."""
    return {"type": URN + kind, "title": title, "status": status, "detail": detail, **({"fix": fix} if fix else {})}


def of_error(error: Exception) -> dict[str, Any]:
    """The problem document of one of our errors; any other is a defect and is told without its text."""
    for family, status, title, fix in KINDS:
        if isinstance(error, family):
            return document(status, _kind(error), title, str(error), fix=fix)
    detail = "This is a defect of ours; it was logged."
    return document(DEFECT, "defect", "Something went wrong", detail, fix="Try again; if it stays, report it.")


def _kind(error: Exception) -> str:
    """UnknownFigure -> unknown-figure."""
    name = type(error).__name__
    return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def lost() -> dict[str, Any]:
    """The problem of a job whose worker died."""
    detail = "The worker stopped before it had an answer."
    return document(503, "worker-lost", "The answer was not finished", detail, fix="Ask again.")
