"""Every error this product raises on purpose, drawn as one tree.

* DataBlueprintError
  + SettingsError            the deployment is configured wrongly
  x SourceError              another system: carries system, record and way_out
    + AuthExpired            a person must reconnect the account
    + PermissionMissing      the account may not read this
    + RateLimited            wait, then go on; carries retry_after seconds
    + SourceUnavailable      network or vendor fault; a later try may work
    + SourceRefused          the vendor says no and repeating will not help
    + IncompleteRead         fewer rows came than the vendor says there are
    + MalformedRecord        a record lacks a field or has another type
    + WriteRefused           our own client refused to send this
  x LakeError
    + PublishConflict        another refresh published first
    x SnapshotMissing        the named snapshot, or what was known on a day, is not kept
      + NotReady             nothing was published yet
    + NothingRead            a first refresh in which every system failed
  x ProofError
    + FigureUnverified       re-adding the records gives another figure
  x QuestionError            the person asked for what cannot be computed
    x Unknown                nothing goes by that name or id
      + UnknownMetric
      + UnknownProject
      + UnknownFigure
    + NameTaken              something else goes by that name
  + DecisionConflict         a review decision contradicts an earlier one
  + ModelUnavailable         the language model cannot be had; the planner answers instead
  + Busy                     more is asked at once than there is room for; carries retry_after seconds

Step Functions retries and catches by these class names, so a rename here is a
change of `statemachines/refresh.asl.json`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DataBlueprintError(Exception):
    """Base of all errors raised on purpose; the text is one sentence for a person."""


class SettingsError(DataBlueprintError):
    """The deployment's settings are missing or contradict each other."""


class SourceError(DataBlueprintError):
    """Something about another system.

    The text reads: system, what happened, which record, what to do. The parts
    are kept as attributes so that `status` and alarms need not parse text.
    """

    def __init__(self, system: str, problem: str, *, way_out: str, record: str | None = None) -> None:
        self.system = system
        self.problem = problem
        self.way_out = way_out
        self.record = record
        about = f" ({record})" if record else ""
        super().__init__(f"{system}: {problem}{about}. {way_out}")


class AuthExpired(SourceError):
    """The stored credentials are dead; only a person can reconnect."""


class PermissionMissing(SourceError):
    """The account is valid but may not read this object, tool or scope."""


class RateLimited(SourceError):
    """The vendor asked us to slow down; `retry_after` is in seconds."""

    def __init__(self, system: str, problem: str, *, retry_after: float, record: str | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(
            system, problem, record=record, way_out=f"Waiting {retry_after:.0f} s; nothing needs to be done"
        )


class SourceUnavailable(SourceError):
    """Network fault, time-out or a 5xx; the same call may work later."""


class SourceRefused(SourceError):
    """A refusal that repeating cannot cure."""


class IncompleteRead(SourceError):
    """Fewer rows arrived than the vendor announced."""


class MalformedRecord(SourceError):
    """A record whose field is missing or of another type; it stays in the raw zone untouched."""


class WriteRefused(SourceError):
    """The read-only guard stopped a request before it left the process."""


class LakeError(DataBlueprintError):
    """The lake cannot do what was asked."""


class PublishConflict(LakeError):
    """The pointer moved while this snapshot was being built."""


class SnapshotMissing(LakeError):
    """No snapshot was published yet, or the named one expired."""


class NotReady(SnapshotMissing):
    """Nothing was published yet; a refresh is due."""


class NothingRead(LakeError):
    """Every system failed and there is no earlier snapshot to stand on."""


class ProofError(DataBlueprintError):
    """A figure could not be proved."""


class FigureUnverified(ProofError):
    """Re-adding a figure from the raw records gave something else; it is withheld."""


class QuestionError(DataBlueprintError):
    """The question cannot be answered as asked; the text says what would work."""


class Unknown(QuestionError):
    """Nothing goes by this name or id here."""


class NameTaken(QuestionError):
    """Something else goes by this name."""


class UnknownMetric(Unknown):
    """No metric has this name."""


class UnknownProject(Unknown):
    """No project has this name or number."""


class UnknownFigure(Unknown):
    """No figure has this id in the current snapshot."""


class DecisionConflict(DataBlueprintError):
    """A review decision contradicts an earlier one or would close a cycle."""


class Busy(DataBlueprintError):
    """There is no room for more at once; the same request may work in `retry_after` seconds."""

    def __init__(self, text: str, *, retry_after: int = 2) -> None:
        self.retry_after = retry_after
        super().__init__(text)


class ModelUnavailable(DataBlueprintError):
    """The language model is throttled, not permitted or not reachable; the text says which."""


PARTS = ("system", "problem", "way_out", "record", "retry_after")


def as_document(error: DataBlueprintError) -> dict[str, Any]:
    """What another process needs in order to raise the same error: its class, its sentence and its parts."""
    parts = {name: getattr(error, name) for name in PARTS if hasattr(error, name)}
    return {"type": type(error).__name__, "text": str(error), **parts}


def from_document(document: Mapping[str, Any]) -> DataBlueprintError:
    """The error that `as_document` told; one of an unknown class keeps its sentence."""
    kind = globals().get(str(document.get("type")))
    text = str(document.get("text") or "another function failed without saying why")
    if not (isinstance(kind, type) and issubclass(kind, DataBlueprintError)):
        return DataBlueprintError(text)
    if kind is Busy:
        return Busy(text, retry_after=int(document.get("retry_after") or 2))
    if not issubclass(kind, SourceError):
        return kind(text)
    about = {"record": document.get("record")}
    if issubclass(kind, RateLimited):
        return kind(document["system"], document["problem"], retry_after=float(document["retry_after"]), **about)
    return kind(document["system"], document["problem"], way_out=document["way_out"], **about)
