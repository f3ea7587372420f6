"""A tenant's API in this process: requests are events from files, answers are read back as a client would."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datablueprint.api import answering, app, failures
from datablueprint.api.desks import Desks
from datablueprint.api.resolver import Resolver
from datablueprint.api.service import Service
from datablueprint.errors import Busy
from datablueprint.ports import Ports

EVENTS = Path(__file__).with_name("events")
PROBLEM = "application/problem+json"
OPERATIONS = sorted(path.stem for path in EVENTS.glob("*.json"))


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    kind: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


class AtOnce:
    """Work that is done before `start` returns."""

    def __init__(self) -> None:
        self.service: Service | None = None

    def start(self, question_id: str) -> None:
        assert self.service is not None
        answering.answer(answering.AnswerRequest(question_id=question_id), self.service)


class Nobody:
    """Work that is never begun."""

    def start(self, question_id: str) -> None:
        pass


class Full:
    """Work that turns everybody away."""

    def start(self, question_id: str) -> None:
        raise Busy("Enough questions are waiting to be answered", retry_after=7)


@dataclass
class Api:
    """An API and the words that its events leave open."""

    service: Service
    resolver: Resolver
    words: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, ports: Ports, work: Any = None) -> Api:
        chosen = work or AtOnce()
        service = Service(ports, Desks(ports), chosen)
        if isinstance(chosen, AtOnce):
            chosen.service = service
        return cls(service, app.create(service), {"tenant": ports.settings.tenant})

    def event(self, name: str, **words: str) -> dict[str, Any]:
        """The event of a file with its words filled in."""
        text = (EVENTS / f"{name}.json").read_text()
        for word, value in {**self.words, **words}.items():
            text = text.replace(f"{{{word}}}", value)
        made: dict[str, Any] = json.loads(text)
        return made

    def call(self, name: str, **words: str) -> Got:
        return self.send(self.event(name, **words))

    def get(self, path: str, **query: str | list[str]) -> Got:
        return self.request("GET", path, query=query)

    def request(self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None) -> Got:
        made = self.event("get_start")
        many = {key: value if isinstance(value, list) else [value] for key, value in (query or {}).items()}
        made |= {"httpMethod": method, "path": path, "multiValueQueryStringParameters": many or None}
        made["queryStringParameters"] = {key: values[-1] for key, values in many.items()} or None
        if body is not None:
            made["body"] = body if isinstance(body, str) else json.dumps(body)
            made["headers"]["content-type"] = "application/json"
        return self.send(made)

    def send(self, event: Mapping[str, Any]) -> Got:
        answer = self.resolver.resolve(event, None)
        content = answer["body"] or ""
        headers = {name: str(values[0]) for name, values in answer["multiValueHeaders"].items()}
        raw = base64.b64decode(content) if answer["isBase64Encoded"] else content.encode()
        return Got(answer["statusCode"], headers.get("Content-Type", ""), headers, raw)


def is_problem(got: Got, status: int) -> bool:
    """A whole problem document with a way out."""
    if got.status != status or got.kind != PROBLEM:
        return False
    told = got.json
    return told["status"] == status and all(told[key] for key in ("type", "title", "detail")) and bool(told.get("fix"))


LOST = failures.lost
