"""What leaves the house: the schedule as a workbook that recomputes itself or as a document, and a bridge as a picture.

The libraries that write these files are imported only when one is asked for:
they are the optional extra `exports`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from datablueprint.errors import SettingsError
from datablueprint.exports.pack import Pack, gather
from datablueprint.exports.picture import bridge_picture

if TYPE_CHECKING:
    from datablueprint.exports.pack import Desk

__all__ = ["bridge_picture", "surety_pack"]

WRITERS = ("openpyxl", "reportlab")


def surety_pack(desk: Desk, schedule: Mapping[str, Any], suffix: Literal["xlsx", "pdf"]) -> bytes:
    """What a surety asks for, from the result of `statements.wip`: a workbook with live formulas, or a document.

    SettingsError where the extra `exports` is not installed.
    """
    pack = gather(desk, schedule)
    try:
        return _written(pack, suffix)
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
