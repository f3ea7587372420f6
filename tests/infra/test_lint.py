"""Second opinions: cfn-lint on every template, asl-validator on the state machine that is in them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "infra" / ".cfnlintrc.yaml"
ASL = ROOT / "infra" / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"


def test_cfn_lint_has_nothing_to_say(assembly: Any) -> None:
    templates = [stack.template_full_path for stack in assembly.stacks]

    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--config-file", CONFIG, "--", *templates],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(templates) >= 2
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.skipif(not (shutil.which("node") and ASL.exists()), reason="asl-validator is not installed")
def test_the_state_machine_of_the_template_is_valid(assembly: Any, resources: Any, tmp_path: Path) -> None:
    (machine,) = (each for each in resources.values() if each["Type"] == "AWS::StepFunctions::StateMachine")
    definition = tmp_path / "machine.asl.json"
    definition.write_text(_definition(machine["Properties"], Path(assembly.directory)), encoding="utf-8")

    done = subprocess.run(
        ["node", str(ASL), "--json-path", str(definition)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not (shutil.which("node") and ASL.exists()), reason="asl-validator is not installed")
def test_a_state_machine_that_goes_nowhere_is_refused(tmp_path: Path) -> None:
    definition = tmp_path / "machine.asl.json"
    definition.write_text(json.dumps({"StartAt": "Plan", "States": {"Plan": {"Type": "Pass", "Next": "Nowhere"}}}))

    done = subprocess.run(
        ["node", str(ASL), "--json-path", str(definition)], capture_output=True, text=True, check=False
    )

    assert done.returncode != 0


def _definition(properties: dict[str, Any], folder: Path) -> str:
    """With an ARN for every name that CloudFormation fills in."""
    if "DefinitionString" in properties:
        raw = properties["DefinitionString"]
        text = raw if isinstance(raw, str) else json.dumps(raw)
    else:
        key = properties["DefinitionS3Location"]["Key"]
        text = (folder / f"asset.{key}").read_text(encoding="utf-8")
    for name in properties.get("DefinitionSubstitutions", {}):
        text = text.replace(f"${{{name}}}", f"arn:aws:lambda:us-west-2:123456789012:function:{name}")
    assert "${" not in text
    return text
