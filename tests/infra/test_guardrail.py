"""The guardrail stops attacks and secrets, lets a contractor's words and partners pass, and is one Bedrock takes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.agents import Resources, of


def test_the_guardrail_stops_attacks_and_lets_vendors_pass(agents: dict[str, Resources]) -> None:
    (guardrail,) = of(agents["on-agentcore"], "AWS::Bedrock::Guardrail").values()
    properties = guardrail["Properties"]
    filters = {each["Type"]: each["InputStrength"] for each in properties["ContentPolicyConfig"]["FiltersConfig"]}
    entities = {each["Type"] for each in properties["SensitiveInformationPolicyConfig"]["PiiEntitiesConfig"]}

    assert filters["PROMPT_ATTACK"] == "HIGH"
    assert {"US_SOCIAL_SECURITY_NUMBER", "US_BANK_ACCOUNT_NUMBER", "CREDIT_DEBIT_CARD_NUMBER"} <= entities
    assert not entities & {"NAME", "ADDRESS", "EMAIL", "PHONE", "URL", "USERNAME"}
    assert not {"VIOLENCE", "MISCONDUCT"} & filters.keys()
    assert "ContextualGroundingPolicyConfig" not in properties
    assert "CrossRegionConfig" not in properties


def test_the_guardrail_is_one_the_service_accepts(agents: dict[str, Resources]) -> None:
    """Lengths, patterns and names as Bedrock's own API has them."""
    session = pytest.importorskip("botocore.session").get_session()
    validate = pytest.importorskip("botocore.validate").ParamValidator()
    model = session.get_service_model("bedrock")
    (guardrail,) = of(agents["on-agentcore"], "AWS::Bedrock::Guardrail").values()
    request = lowered({key: value for key, value in guardrail["Properties"].items() if key != "Tags"})

    report = validate.validate(request, model.operation_model("CreateGuardrail").input_shape)

    assert not report.has_errors(), report.generate_report()
    entity = set(model.shape_for("GuardrailPiiEntityType").enum)
    kinds = set(model.shape_for("GuardrailContentFilterType").enum)
    assert {each["type"] for each in request["sensitiveInformationPolicyConfig"]["piiEntitiesConfig"]} <= entity
    assert {each["type"] for each in request["contentPolicyConfig"]["filtersConfig"]} <= kinds
    for topic in request["topicPolicyConfig"]["topicsConfig"]:
        assert len(topic["definition"]) <= 200
        assert all(len(example) <= 100 for example in topic["examples"])


def lowered(value: Any) -> Any:
    """CloudFormation's capitalised names as the API writes them."""
    if isinstance(value, dict):
        names = {"BlockedOutputsMessaging": "blockedOutputsMessaging"}
        return {names.get(key, key[0].lower() + key[1:]): lowered(each) for key, each in value.items()}
    return [lowered(each) for each in value] if isinstance(value, list) else value


def test_other_rules_are_another_version(monkeypatch: pytest.MonkeyPatch, agents: dict[str, Resources]) -> None:
    from infra.constructs import guardrail

    before = guardrail._digest(guardrail._rules())
    monkeypatch.setattr(guardrail, "FILTERS", ("HATE",))

    assert guardrail._digest(guardrail._rules()) != before
    (version,) = of(agents["on-agentcore"], "AWS::Bedrock::GuardrailVersion")
    assert before in version
