"""The page is plain: files a browser reads as they are, typed, and nothing in them that a strict policy forbids."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
SCRIPTS = sorted((WEB / "js").glob("*.js"))
FORBIDDEN = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"(?:style|on)"
    r"|srcdoc|\bstyle:|href: *[\"']javascript"
)
FROM = re.compile(r"from \"(\./[\w-]+\.js)\"")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_reads_text_as_markup_or_as_code(script: Path) -> None:
    assert FORBIDDEN.findall(script.read_text(encoding="utf-8")) == []


def test_the_document_holds_no_script_and_no_style_of_its_own() -> None:
    document = (WEB / "index.html").read_text(encoding="utf-8")

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", document) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", document) == []
    policy = re.findall(r"Content-Security-Policy\" content=\"([^\"]+)\"", document)
    assert policy
    assert "default-src 'none'" in policy[0]
    assert "unsafe" not in policy[0]


def test_every_module_that_is_imported_is_there_and_every_one_there_is_used() -> None:
    imported = {
        (script.parent / name).name for script in SCRIPTS for name in FROM.findall(script.read_text(encoding="utf-8"))
    }

    assert imported <= {script.name for script in SCRIPTS}
    assert {script.name for script in SCRIPTS} - imported == {"main.js", "types.js"}


def test_the_lock_names_every_package_by_its_content_and_no_other_registry() -> None:
    held = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {name: entry for name, entry in held.items() if name}

    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert {entry.get("resolved", "https://registry.npmjs.org/")[:27] for entry in packages.values()} == {
        "https://registry.npmjs.org/"
    }


def test_types_hold() -> None:
    compiler = WEB / "node_modules" / ".bin" / "tsc"
    if not compiler.exists() or shutil.which("node") is None:
        pytest.skip("the type checker is not installed; `npm ci --ignore-scripts` in web/ brings it")

    told = subprocess.run([str(compiler), "--project", "jsconfig.json"], cwd=WEB, capture_output=True, text=True)

    assert told.stdout == ""
