"""What the documents say exists, exists, and what exists is in the documents."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import datablueprint
from datablueprint.metrics import METRICS
from local.cli import parser


def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def test_every_verb_is_in_the_readme(root: Path):
    verbs = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)).choices

    assert [v for v in verbs if f"`{v}" not in readme(root)] == []


def test_every_metric_has_a_label_a_meaning_and_a_formula():
    assert [m.name for m in METRICS if not (m.label and m.meaning and m.formula)] == []


def test_every_path_the_readme_links_to_exists(root: Path):
    links = re.findall(r"\]\(([^)#:]+)\)", readme(root))

    assert links
    assert [path for path in links if not (root / path).exists()] == []


def test_every_make_target_the_readme_names_exists(root: Path):
    named = set(re.findall(r"`make ([a-z]+)`", readme(root)))
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))

    assert named <= targets


def test_the_changelog_knows_the_version(root: Path):
    assert f"## {datablueprint.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
