"""Without the optional extra there are no files, and a sentence says what to install."""

from __future__ import annotations

import sys

import pytest

from datablueprint.errors import SettingsError
from datablueprint.exports import surety_pack
from tests.exports.kit import FakeDesk, schedule


@pytest.mark.parametrize(("suffix", "library"), [("xlsx", "openpyxl"), ("pdf", "reportlab")])
def test_a_missing_library_is_named_with_the_way_to_install_it(
    suffix: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in sys.modules if n.startswith((f"{library}.", "datablueprint.exports."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    told = schedule()

    with pytest.raises(SettingsError, match=rf"Writing a \.{suffix} needs {library}.*datablueprint\[exports\]"):
        surety_pack(FakeDesk(told), told, suffix)  # type: ignore[arg-type]
