"""A laptop refresh is the AWS refresh: the same state machine file, the same handlers, other ports."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from datablueprint.errors import DataBlueprintError
from datablueprint.ports import Ports, Progress
from local import state_machine

ROOT = Path(__file__).resolve().parent.parent
DEFINITION = ROOT / "statemachines" / "refresh.asl.json"
FUNCTIONS = ROOT / "functions"

Handler = Callable[[dict[str, Any], object], dict[str, Any]]


@dataclass(frozen=True)
class Context:
    """What a handler may ask of Lambda; a laptop never runs out of time."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def folder_of(state: str) -> str:
    """The function folder of a state: ExtractProcore -> extract_procore."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", state).lower()


def run_refresh(
    ports: Ports,
    *,
    full: bool = False,
    sources: Sequence[str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Run the state machine once and return its output. `sources` None = every system is read.

    The output holds `outcomes` (one per source; a stale one carries the
    sentence that says why) and `published` (null when another refresh
    published first). When a state fails, what its handler raised is raised
    here, and the previous snapshot stays the current one. Any thread may call
    this, also several at once with different ports.
    """
    listen = _one_at_a_time(on_progress or ports.progress)
    workers = _Workers(replace(ports, progress=listen), listen)
    request = {"full": full, "sources": None if sources is None else list(sources)}
    ended = state_machine.execute(
        DEFINITION.read_text(encoding="utf-8"), request, invoke=workers.invoke, sleep=workers.wait
    )
    if ended.output is None:
        raise workers.what_was_raised(ended) from None
    return {**ended.output, "outcomes": [_readable(outcome) for outcome in ended.output["outcomes"]]}


def sentence(cause: str) -> str:
    """The sentence inside a Step Functions cause; a cause that is not from Lambda is returned as it is."""
    try:
        return str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return cause


def load_handler(state: str, ports: Ports) -> Handler:
    """The Lambda handler of a state, wired to `ports`; a private copy, so that two refreshes never share any."""
    path = FUNCTIONS / folder_of(state) / "handler.py"
    spec = importlib.util.spec_from_file_location(f"{folder_of(state)}_handler_{uuid.uuid4().hex}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.get_ports = lambda: ports  # type: ignore[attr-defined]
    handler: Handler = module.lambda_handler
    return handler


class _Workers:
    """Stands where Lambda stands: one handler per state, what they raised, and how far they are."""

    def __init__(self, ports: Ports, listen: Callable[[Progress], None]) -> None:
        self.ports = ports
        self.listen = listen
        self.raised: list[Exception] = []
        self._handlers: dict[str, Handler] = {}
        self._streams: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def invoke(self, state: str, event: dict[str, Any]) -> dict[str, Any]:
        self.listen(self._started(state, event))
        try:
            answer = self._handler(state)(event, Context(state))
            json.dumps(answer)
        except Exception as error:
            self.raised.append(error)
            self.listen(Progress(state, f"failed: {error}"))
            raise
        if state == "Plan":
            self._streams = {
                f"extract_{name}": streams for name, streams in answer.items() if isinstance(streams, list)
            }
        self.listen(self._finished(state, event, answer))
        return answer

    def wait(self, seconds: float) -> None:
        if seconds >= 1:
            self.listen(Progress("Wait", f"waiting {seconds:.0f} s, as a system asked"))
        self.ports.clock.sleep(seconds)

    def what_was_raised(self, ended: state_machine.Execution) -> Exception:
        """The exception behind the failure, so that nothing of it is lost on the way through JSON."""
        text = sentence(ended.cause)
        for error in reversed(self.raised):
            if type(error).__name__ == ended.error and str(error) == text:
                return error
        return DataBlueprintError(f"The refresh ended as {ended.status} ({ended.error or 'no error'}): {text}")

    def _handler(self, state: str) -> Handler:
        with self._lock:
            if state not in self._handlers:
                self._handlers[state] = load_handler(state, self.ports)
            return self._handlers[state]

    def _started(self, state: str, event: Mapping[str, Any]) -> Progress:
        streams, stream = self._streams.get(folder_of(state), []), event.get("stream")
        if stream in streams:
            return Progress(state, stream, done=streams.index(stream), total=len(streams))
        return Progress(state, "started")

    def _finished(self, state: str, event: Mapping[str, Any], answer: Mapping[str, Any]) -> Progress:
        streams, stream = self._streams.get(folder_of(state), []), event.get("stream")
        if stream in streams:
            counts = {name: answer[name] for name in ("new", "changed", "deleted") if answer.get(name)}
            ended = answer.get("status") != "paused"
            return Progress(state, stream, done=streams.index(stream) + ended, total=len(streams), counts=counts)
        return Progress(state, "finished", done=1, total=1)


def _readable(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {**outcome, "error": sentence(outcome["error"])} if outcome.get("error") else dict(outcome)


def _one_at_a_time(listen: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Branches run in threads of their own; a listener should not have to know."""
    lock = threading.Lock()

    def locked(progress: Progress) -> None:
        with lock:
            listen(progress)

    return locked
