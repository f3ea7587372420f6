"""A cursor says where the next page of one unchanging list begins; it means nothing for any other list."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import TypeVar

from datablueprint.errors import QuestionError

Item = TypeVar("Item")
LONGEST_CURSOR = 200


def page(rows: Sequence[Item], *, of: str, cursor: str | None, limit: int) -> tuple[list[Item], str | None]:
    """`limit` rows from the cursor on, and the cursor of the rest; `of` names the list and its snapshot.

    QuestionError when the cursor is of another list.
    """
    start = _start(cursor, of) if cursor else 0
    end = start + limit
    return list(rows[start:end]), _cursor(end, of) if end < len(rows) else None


def _cursor(start: int, of: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([_name(of), start]).encode()).decode().rstrip("=")


def _start(cursor: str, of: str) -> int:
    try:
        name, start = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        valid = name == _name(of) and isinstance(start, int) and start >= 0
    except (ValueError, TypeError):
        valid = False
    if not valid:
        raise QuestionError("This cursor is not of this list as it is now; begin again without one")
    return int(start)


def _name(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()[:16]
