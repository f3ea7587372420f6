"""What leaves the house: the schedule as a workbook that recomputes itself or as a document, and a bridge as a picture.

The libraries that write these files are imported only when one is asked for:
they are the optional extra `exports`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from datablueprint.errors import SettingsError
from datablueprint.exports.pack import Pack, gather
from datablueprint.exports.picture import bridge_picture

if TYPE_CHECKING:
    from datablueprint.exports.pack import Desk

__all__ = ["answer", "bridge_picture", "surety_pack"]

WRITERS = ("openpyxl", "reportlab")


def surety_pack(desk: Desk, schedule: Mapping[str, Any], suffix: Literal["xlsx", "pdf"]) -> bytes:
    """What a surety asks for, from the result of `statements.wip`: a workbook with live formulas, or a document.

    SettingsError where the extra `exports` is not installed.
    """
    pack = gather(desk, schedule)
    return _installed(suffix, lambda: _written(pack, suffix))


def answer(answer: Mapping[str, Any], suffix: Literal["xlsx", "pdf"]) -> bytes:
    """One answer of the agent as a workbook or a document; SettingsError as above."""
    from datablueprint import personal
    from datablueprint.exports import answers

    told = personal.answer(answer)
    write = answers.answer_sheet if suffix == "xlsx" else answers.answer_document
    return _installed(suffix, lambda: write(told))


def _installed(suffix: str, write: Callable[[], bytes]) -> bytes:
    try:
        return write()
    except ModuleNotFoundError as absent:
        if (absent.name or "").partition(".")[0] not in WRITERS:
            raise
        raise SettingsError(
            f"Writing a .{suffix} needs {absent.name}, which is not installed; "
            "install the extra: pip install 'datablueprint[exports]'"
        ) from None


def _written(pack: Pack, suffix: str) -> bytes:
    if suffix == "xlsx":
        from datablueprint.exports.workbook import workbook

        return workbook(pack)
    from datablueprint.exports.document import document

    return document(pack)
