"""The picture shows what the templates hold: it is drawn from them, and goes stale when they change."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

from infra import picture, templates
from infra.templates import Template
from infra.wiring import Wiring, text_of


def text(svg: str) -> str:
    return " ".join(ElementTree.fromstring(svg).itertext())


def test_the_kept_picture_is_the_one_of_today_s_templates(assembly: Any) -> None:
    drawn = picture.draw(templates.read(Path(assembly.directory)))

    assert picture.FILE.read_text(encoding="utf-8") == drawn, "run `make picture`"


def test_every_function_stands_in_the_zone_of_its_role(assembly: Any) -> None:
    wiring = Wiring.of(templates.read(Path(assembly.directory)))

    inside = {part.name for part in wiring.zone("inside")}
    outside = {part.name for part in wiring.zone("outside")}

    assert {"api", "agent_runtime", "conform", "extract_payroll_file"} <= inside
    assert {"extract_procore", "token_broker", "connect", "webhook"} <= outside
    assert not inside & outside
    assert not [part.name for part in wiring.parts if not part.zone]


def test_an_arrow_goes_when_the_grant_goes(assembly: Any) -> None:
    whole = templates.read(Path(assembly.directory))
    without = [stripped(each, "bedrock:InvokeModel") for each in whole]

    assert ">model<" in picture.draw(whole)
    assert ">model<" not in picture.draw(without)


def test_a_tenant_without_a_network_has_no_endpoints_in_its_picture(assembly: Any) -> None:
    whole = templates.read(Path(assembly.directory))
    open_ones = [
        Template(each.stack, each.region, {"Resources": without_network(each)}, each.paths, each.assets)
        for each in whole
    ]

    drawn = text(picture.draw(open_ones))

    assert "kept apart by IAM alone" in drawn
    assert "Endpoints:" not in drawn
    assert "Endpoints: dynamodb, s3 (gateway)" in text(picture.draw(whole))


def test_references_are_read_as_the_names_they_refer_to() -> None:
    lake = {"Fn::ImportValue": "north-data:ExportsOutputFnGetAttLakeBucketB1Arn6706"}

    assert text_of({"Fn::Join": ["", [lake, "/raw/*"]]}) == "LakeBucketB1Arn6706/raw/*"
    assert text_of({"Fn::GetAtt": ["Queue", "Arn"]}) == "Queue"


def without_network(template: Template) -> dict[str, Any]:
    return {name: raw for name, raw in template.body["Resources"].items() if not raw["Type"].startswith("AWS::EC2::")}


def stripped(template: Template, action: str) -> Template:
    """The same template without the statements that allow an action."""
    resources = {}
    for name, raw in template.body["Resources"].items():
        if raw["Type"] == "AWS::IAM::Policy":
            document = raw["Properties"]["PolicyDocument"]
            kept = [each for each in document["Statement"] if action not in each["Action"]]
            raw = {**raw, "Properties": {**raw["Properties"], "PolicyDocument": {**document, "Statement": kept}}}
        resources[name] = raw
    return Template(template.stack, template.region, {"Resources": resources}, template.paths, template.assets)
