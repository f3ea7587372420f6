"""Requests are those Bedrock's own service model accepts; an unwilling service costs no more than its time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from datablueprint import runtime
from datablueprint.adapters.bedrock_model import BedrockModel, clients_of
from datablueprint.agent import prompts
from datablueprint.agent.tools import TOOLS
from datablueprint.errors import ModelUnavailable, SettingsError
from datablueprint.settings import AgentSettings, Settings

boto3 = pytest.importorskip("boto3")
stub = pytest.importorskip("botocore.stub")

GUARDED = AgentSettings(model_id="some.model-v1:0", region="us-west-2", guardrail_id="gr1abc", guardrail_version="3")
PLAIN = AgentSettings(model_id="some.model-v1:0", region="us-west-2")
MESSAGES = prompts.opening("What is our margin?", ())
CONFIG = prompts.tool_config(TOOLS)
METRICS = {"latencyMs": 12}
USAGE = {"inputTokens": 900, "outputTokens": 40, "totalTokens": 940}
TOOL_USE = {
    "output": {"message": {"role": "assistant", "content": [
        {"toolUse": {"toolUseId": "t1", "name": "query_metric", "input": {"metric": "gross_margin_at_completion"}}}]}},
    "stopReason": "tool_use", "usage": USAGE, "metrics": METRICS,
}  # fmt: skip


@dataclass
class Patience:
    """A clock on which only sleeping takes time."""

    at: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


@pytest.fixture
def bedrock() -> Iterator[tuple[Any, Any]]:
    """A client whose requests and answers are held against the service model, and nothing is sent."""
    client = boto3.client(
        "bedrock-runtime", region_name="us-west-2", aws_access_key_id="none", aws_secret_access_key="none"
    )
    with stub.Stubber(client) as stubbed:
        yield client, stubbed


def model(client: Any, settings: AgentSettings = PLAIN, clock: Patience | None = None) -> BedrockModel:
    return BedrockModel(settings, clock or Patience(), clients=lambda seconds: client, between=lambda low, high: high)


def converse(made: BedrockModel, seconds: float = 20.0) -> Any:
    return made.converse(MESSAGES, system=prompts.SYSTEM, tools=CONFIG, seconds=seconds)


def test_the_request_is_the_conversation_with_every_tool_and_the_guardrail(bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    stubbed.add_response(
        "converse",
        TOOL_USE,
        {
            "modelId": "some.model-v1:0",
            "system": [{"text": prompts.SYSTEM}],
            "messages": MESSAGES,
            "toolConfig": CONFIG,
            "inferenceConfig": {"maxTokens": 2000, "temperature": 0.0},
            "guardrailConfig": {"guardrailIdentifier": "gr1abc", "guardrailVersion": "3", "trace": "disabled"},
        },
    )

    answer = converse(model(client, GUARDED))

    assert answer["output"]["message"]["content"][0]["toolUse"]["name"] == "query_metric"
    assert answer["usage"]["totalTokens"] == 940
    stubbed.assert_no_pending_responses()


def test_a_whole_exchange_with_results_and_errors_is_accepted_by_the_service_model(bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    stubbed.add_response("converse", TOOL_USE)
    told = [
        *MESSAGES,
        TOOL_USE["output"]["message"],
        {"role": "user", "content": [
            {"toolResult": {"toolUseId": "t1", "content": [{"json": {"error": {"code": "x", "sentence": "y"}}}]}},
            {"text": "Use a tool."}]},
    ]  # fmt: skip

    answer = model(client).converse(told, system="s", tools=CONFIG, seconds=5)

    assert answer["stopReason"] == "tool_use"


@pytest.mark.parametrize("stop", ["guardrail_intervened", "max_tokens", "end_turn", "content_filtered"])
def test_how_the_model_stopped_is_passed_on(stop: str, bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    text = {"output": {"message": {"role": "assistant", "content": [{"text": "..."}]}}, "stopReason": stop}
    stubbed.add_response("converse", {**text, "usage": USAGE, "metrics": METRICS})

    assert converse(model(client))["stopReason"] == stop


@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailableException", "ModelTimeoutException"])
def test_what_passes_is_tried_again_after_a_growing_wait(code: str, bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    stubbed.add_client_error("converse", code)
    stubbed.add_client_error("converse", code)
    stubbed.add_response("converse", TOOL_USE)
    clock = Patience()

    answer = converse(model(client, clock=clock))

    assert answer["stopReason"] == "tool_use"
    assert clock.slept == [0.4, 0.8]


def test_throttling_that_lasts_ends_within_the_time_that_was_given(bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    for _ in range(9):
        stubbed.add_client_error("converse", "ThrottlingException")
    clock = Patience()

    with pytest.raises(ModelUnavailable, match="did not answer within 2 s"):
        converse(model(client, clock=clock), seconds=2.0)

    assert clock.at <= 2.0


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_a_refusal_is_not_repeated_and_says_its_name(code: str, bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    stubbed.add_client_error("converse", code)
    clock = Patience()

    with pytest.raises(ModelUnavailable, match=code):
        converse(model(client, clock=clock))

    assert clock.slept == []


def test_a_network_that_is_down_makes_the_model_unavailable():
    from botocore.exceptions import EndpointConnectionError

    class Down:
        def converse(self, **_: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://bedrock-runtime.invalid")

    with pytest.raises(ModelUnavailable, match="EndpointConnectionError"):
        converse(model(Down()))


def test_a_call_may_take_no_longer_than_what_is_left():
    asked: list[int] = []

    class Quick:
        def converse(self, **_: Any) -> Any:
            return TOOL_USE

    def clients(seconds: int) -> Quick:
        asked.append(seconds)
        return Quick()

    converse(BedrockModel(PLAIN, Patience(), clients=clients), seconds=7.2)

    assert asked == [7]


@pytest.mark.parametrize("seconds", [1, 2, 7, 20])
def test_connecting_and_reading_together_take_no_longer_than_what_is_left(
    seconds: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    config = clients_of("us-east-1")(seconds).meta.config

    assert config.connect_timeout + config.read_timeout == pytest.approx(seconds)
    assert config.retries["total_max_attempts"] == 1


# -- screening the text of records -------------------------------------------------------------------


def screened(bedrock: tuple[Any, Any], action: str) -> bool:
    client, stubbed = bedrock
    answer = {"usage": dict.fromkeys(
        ("topicPolicyUnits", "contentPolicyUnits", "wordPolicyUnits", "sensitiveInformationPolicyUnits",
         "sensitiveInformationPolicyFreeUnits", "contextualGroundingPolicyUnits"), 0),
        "action": action, "outputs": [], "assessments": []}  # fmt: skip
    stubbed.add_response("apply_guardrail", answer, {
        "guardrailIdentifier": "gr1abc", "guardrailVersion": "3", "source": "INPUT",
        "content": [{"text": {"text": "a memo\nanother", "qualifiers": ["guard_content"]}}],
    })  # fmt: skip
    return model(client, GUARDED).screen(["a memo", "another"], seconds=20.0)


def test_record_text_passes_when_the_guardrail_has_nothing_against_it(bedrock: tuple[Any, Any]):
    assert screened(bedrock, "NONE")


def test_record_text_that_the_guardrail_stops_is_not_shown(bedrock: tuple[Any, Any]):
    assert not screened(bedrock, "GUARDRAIL_INTERVENED")


def test_an_outage_of_the_guardrail_blocks(bedrock: tuple[Any, Any]):
    client, stubbed = bedrock
    stubbed.add_client_error("apply_guardrail", "ServiceUnavailableException")

    assert not model(client, GUARDED).screen(["a memo"], seconds=20.0)


def test_without_a_guardrail_no_record_text_is_shown(bedrock: tuple[Any, Any]):
    assert not model(bedrock[0], PLAIN).screen(["a memo"], seconds=20.0)


@pytest.mark.parametrize(("left", "given"), [(20.0, [3]), (2.7, [2]), (1.0, [1]), (0.9, []), (-1.0, [])])
def test_screening_takes_no_longer_than_is_left(left: float, given: list[int]):
    asked: list[int] = []

    class Silent:
        def apply_guardrail(self, **_: Any) -> dict[str, str]:
            return {"action": "NONE"}

    made = BedrockModel(GUARDED, Patience(), clients=lambda seconds: asked.append(seconds) or Silent())

    assert made.screen(["a memo"], seconds=left) == bool(given)
    assert asked == given


# -- settings ----------------------------------------------------------------------------------------


def test_a_guardrail_needs_a_numbered_version():
    with pytest.raises(SettingsError, match="guardrail_version"):
        Settings.parse({"tenant": "t", "agent": {"model_id": "m", "guardrail_id": "g"}}, origin="test")
    with pytest.raises(SettingsError, match="guardrail_version"):
        Settings.parse(
            {"tenant": "t", "agent": {"guardrail_id": "g", "guardrail_version": "DRAFT"}}, origin="test"
        )  # fmt: skip


def test_a_profile_that_thinks_anywhere_is_refused():
    with pytest.raises(SettingsError, match=r"global\.anthropic.* any Region of the world"):
        Settings.parse({"tenant": "t", "agent": {"model_id": "global.anthropic.claude-sonnet-4-6"}}, origin="test")


def test_settings_of_the_model_survive_the_environment_and_the_file(tmp_path: Path):
    settings = Settings(tenant="t", company="T Builders", bucket="lake", agent=GUARDED)
    file = tmp_path / "settings.json"
    file.write_text(settings.to_file())
    environment = {**settings.to_env(), "DATABLUEPRINT_TENANT_FILE": str(file)}

    assert Settings.from_env(environment) == settings
    assert json.loads(file.read_text())["agent"] == {"model_id": "some.model-v1:0", "region": "us-west-2"}
    assert "company" not in json.loads(environment["DATABLUEPRINT_SETTINGS"])


def test_without_a_model_id_the_planner_answers_alone():
    assert runtime.model(Settings(tenant="t")) is None
    with pytest.raises(SettingsError, match="model_id"):
        runtime.model(Settings(tenant="t"), "bedrock")


def test_without_credentials_the_planner_answers_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("datablueprint.adapters.bedrock_model.reachable", lambda region: False)
    settings = Settings(tenant="t", agent=PLAIN)

    assert runtime.model(settings) is None
    with pytest.raises(SettingsError, match="credentials"):
        runtime.model(settings, "bedrock")


def test_with_credentials_and_a_model_id_bedrock_answers_unless_the_planner_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("datablueprint.adapters.bedrock_model.reachable", lambda region: True)
    settings = Settings(tenant="t", agent=PLAIN)

    chosen = runtime.model(settings)

    assert isinstance(chosen, BedrockModel)
    assert chosen.model_id == "some.model-v1:0"
    assert runtime.model(settings, "planner") is None
