"""The app is synthesised once for all tests: it takes seconds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The cloud assembly of infra/tenants.toml, made without account, network or Docker."""
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
    import aws_cdk as cdk

    from infra import app, tenants

    application = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")))
    app.build(application, tenants.load())
    return application.synth()


@pytest.fixture(scope="session")
def resources(assembly: Any) -> dict[str, dict[str, Any]]:
    """Every resource of every stack, by `<stack>/<logical id>`."""
    return {
        f"{stack.stack_name}/{name}": resource
        for stack in assembly.stacks
        for name, resource in stack.template.get("Resources", {}).items()
    }
