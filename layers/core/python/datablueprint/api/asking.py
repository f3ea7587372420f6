"""Questions as people meet them: asked, looked at again, judged, saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datablueprint.api import failures
from datablueprint.api.pages import page
from datablueprint.api.service import Visit
from datablueprint.errors import NameTaken, QuestionError, Unknown
from datablueprint.ports import Ports, StateConflict

Row = dict[str, Any]
FEEDBACK, SAVED = "feedback/", "saved/"
MOST_SAVED = 200


def ask(asked: Mapping[str, Any], here: Visit) -> Row:
    """Write the question down and find somebody to answer it; Busy when there is nobody, and nothing stays."""
    if asked.get("context"):
        here.jobs.get(asked["context"])
    job = here.jobs.ask(asked, by=here.person)
    try:
        here.service.work.start(job["id"])
    except Exception:
        here.jobs.withdraw(job["id"])
        raise
    return job


def look(question_id: str, here: Visit, *, wait: int, after: int) -> Row:
    """The job with the events after `after` and, when it is done, the answer."""
    job = here.jobs.wait(question_id, after=after, seconds=wait, lost=failures.lost)
    answer = here.jobs.answer(question_id) if job["status"] == "done" else None
    return {**job, "events": [event for event in job["events"] if event["seq"] > after], "answer": answer}


def recent(here: Visit, *, cursor: str | None, limit: int) -> Row:
    """What this person asked, newest first."""
    of = f"questions of {here.person}"
    ids, following = page(here.jobs.asked(by=here.person), of=of, cursor=cursor, limit=limit)
    return {"questions": here.jobs.several(ids), "next_cursor": following}


def judge(question_id: str, verdict: str, note: str, here: Visit) -> Row:
    """Keep what a person thinks of an answer, with all that is needed to ask the question again."""
    job = here.jobs.get(question_id)
    answer = here.jobs.answer(question_id)
    kept = {
        "id": question_id,
        "question": job["question"],
        "queries": answer.get("queries") or ([job["query"]] if job["query"] else []),
        "verdict": verdict,
        "note": note,
        "by": here.person,
        "at": here.ports.clock.now().isoformat(),
        "as_of": answer.get("as_of"),
        "snapshot": answer["snapshot"],
        "text": answer["text"],
        "headline": answer.get("headline"),
    }
    here.ports.state.put(FEEDBACK + question_id, kept, expected_version=None)
    return kept


def verdicts(ports: Ports, *, cursor: str | None, limit: int) -> Row:
    """What people thought, by question, newest question first."""
    found = [dict(item.value) for _, item in ports.state.list(FEEDBACK)]
    rows, following = page(found, of="feedback", cursor=cursor, limit=limit)
    return {"feedback": rows, "next_cursor": following}


def saved(ports: Ports) -> list[Row]:
    """Questions that people saved, by name."""
    return [dict(item.value) for _, item in ports.state.list(SAVED)]


def save(name: str, question: Mapping[str, Any], here: Visit) -> Row:
    """Keep a question under a name; saving it again replaces it. QuestionError when there are too many."""
    held = here.ports.state.get(SAVED + name)
    if held is None and len(saved(here.ports)) >= MOST_SAVED:
        raise QuestionError(f"{MOST_SAVED} questions are saved already; delete one of them first")
    value = {"name": name, **question, "by": here.person, "at": here.ports.clock.now().isoformat()}
    try:
        here.ports.state.put(SAVED + name, value, expected_version=held.version if held else 0)
    except StateConflict:
        raise NameTaken(f"Somebody saved '{name}' just now; look at it again") from None
    return value


def recall(name: str, ports: Ports) -> Row:
    held = ports.state.get(SAVED + name)
    if held is None:
        raise Unknown(f"No question is saved under '{name}'")
    return dict(held.value)


def forget(name: str, ports: Ports) -> Row:
    recall(name, ports)
    ports.state.delete(SAVED + name)
    return {"name": name, "deleted": True}
