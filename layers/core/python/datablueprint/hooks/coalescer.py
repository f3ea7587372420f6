"""Many deliveries become one due time per source."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from datablueprint.hooks import SOURCES
from datablueprint.hooks import board as rules
from datablueprint.hooks.board import Board
from datablueprint.hooks.desk import Desk
from datablueprint.ports import Clock, Queue, State
from datablueprint.settings import Settings

logger = logging.getLogger(__name__)


class Message(BaseModel):
    """What the reception sends: `event` names the delivery, "" = count it whatever came before."""

    model_config = ConfigDict(extra="ignore")

    source: str
    event: str


class Coalescer:
    """Takes batches of messages; what it cannot read goes to the dead letters alone, without its neighbours."""

    def __init__(self, settings: Settings, *, state: State, clock: Clock, due: Queue) -> None:
        self._settings = settings
        self._desk = Desk(state, clock, due)

    def take(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Note what has changed. The answer names the messages that SQS must deliver again."""
        names, refused = self._sorted(event["Records"])
        if names:
            now, pace = self._desk.now(), self._settings.webhooks

            def note(board: Board) -> Board:
                for source, each in names.items():
                    board = rules.changed(board, source, each, now, pace)
                return board

            self._desk.change(note)
        # Also when all was known: the one who noted it may have died before saying when.
        self._desk.arrange_wake_up()
        return {"batchItemFailures": [{"itemIdentifier": each} for each in refused]}

    def _sorted(self, records: Iterable[Mapping[str, Any]]) -> tuple[dict[str, list[str]], list[str]]:
        names: dict[str, list[str]] = {}
        refused = []
        for record in records:
            message = self._read(record)
            if message:
                names.setdefault(message.source, []).append(message.event)
            else:
                refused.append(str(record["messageId"]))
        return names, refused

    def _read(self, record: Mapping[str, Any]) -> Message | None:
        try:
            message = Message.model_validate_json(record["body"])
        except ValidationError:
            message = None
        if message is None or message.source not in SOURCES or message.source not in self._settings.sources:
            logger.error("webhook message unreadable", extra={"message_id": record["messageId"]})
            return None
        return message
