"""The synthesised templates as plain data, read from cdk.out; nothing here needs the CDK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datablueprint.errors import SettingsError

ROOT = Path(__file__).resolve().parents[1]
HANDLERS = sorted(path.parent for path in (ROOT / "functions").glob("*/handler.py"))
SHARED = "datablueprint-shared"
OUT = ROOT / "cdk.out"


@dataclass(frozen=True)
class Resource:
    """One resource of one stack."""

    stack: str
    id: str
    kind: str
    """CloudFormation's type: AWS::S3::Bucket."""
    properties: dict[str, Any]
    path: str
    """Of the construct, e.g. example-data/Lake/Bucket/Resource."""
    folder: str = ""
    """Of functions/, for a function: which handler it runs."""


@dataclass(frozen=True)
class Template:
    stack: str
    region: str
    body: dict[str, Any]
    paths: dict[str, str]
    """Logical id to the path of the construct."""
    assets: dict[str, Path]
    """Key in the bucket of assets to the file or folder that is uploaded."""

    @property
    def resources(self) -> Iterator[Resource]:
        for name, raw in self.body.get("Resources", {}).items():
            properties, path = raw.get("Properties", {}), self.paths.get(name, "")
            folder = self._folder(properties) if raw["Type"] == "AWS::Lambda::Function" else ""
            yield Resource(self.stack, name, raw["Type"], properties, path, folder)

    def _folder(self, function: dict[str, Any]) -> str:
        """The folder whose handler is in the function's code; empty for functions of the CDK's own."""
        code = self.assets.get(function.get("Code", {}).get("S3Key", ""))
        if code is None or not (code / "handler.py").exists():
            return ""
        text = (code / "handler.py").read_bytes()
        return next((folder.name for folder in HANDLERS if (folder / "handler.py").read_bytes() == text), "")

    def of(self, kind: str) -> list[Resource]:
        """The resources of one type."""
        return [each for each in self.resources if each.kind == kind]

    @property
    def tenant(self) -> str:
        """`shared` for what all tenants use."""
        return "shared" if self.stack.startswith(SHARED) else self.stack.rsplit("-", 1)[0]


def read(folder: Path = OUT) -> list[Template]:
    """Every stack of a cloud assembly; SettingsError if there is none."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        raise SettingsError(f"There are no templates in {folder.name}; run `make synth` first")
    artifacts = json.loads(manifest.read_text(encoding="utf-8"))["artifacts"]
    return [
        _template(folder, name, raw) for name, raw in artifacts.items() if raw["type"] == "aws:cloudformation:stack"
    ]


def _template(folder: Path, name: str, raw: dict[str, Any]) -> Template:
    properties = raw["properties"]
    listed = folder / f"{name}.assets.json"
    files = json.loads(listed.read_text(encoding="utf-8"))["files"] if listed.exists() else {}
    assets = {
        place["objectKey"]: folder / each["source"]["path"]
        for each in files.values()
        for place in each["destinations"].values()
    }
    region = raw.get("environment", "").rsplit("/", 1)[-1]
    body = json.loads((folder / properties["templateFile"]).read_text(encoding="utf-8"))
    return Template(properties.get("stackName", name), region, body, _paths(folder, name), assets)


def _paths(folder: Path, name: str) -> dict[str, str]:
    metadata = json.loads((folder / f"{name}.metadata.json").read_text(encoding="utf-8"))
    return {
        entry["data"]: path.removeprefix("/")
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:logicalId"
    }
