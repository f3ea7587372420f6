"""Nobody gets to the API unknown, uncounted, or past the firewall; and it may do little itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.templates import Resources, actions_of, of, one

SCOPED = {"GET": "read", "POST": "write", "PUT": "write", "DELETE": "write"}
PUBLIC = ("hooks", "connect")
"""Below these, a signature or a one-time state says who it is."""


@pytest.fixture(scope="session")
def service(resources: Resources) -> Resources:
    return {name.partition("/")[2]: each for name, each in resources.items() if name.startswith("example-service/")}


@pytest.fixture(scope="session")
def methods(service: Resources) -> dict[tuple[str, str], dict[str, Any]]:
    """By (path, HTTP method)."""
    parts = of(service, "AWS::ApiGateway::Resource")

    def path(name: Any) -> str:
        if "Ref" not in name:
            return ""
        made = parts[name["Ref"]]["Properties"]
        return f"{path(made['ParentId'])}/{made['PathPart']}"

    return {
        (path(each["Properties"]["ResourceId"]), each["Properties"]["HttpMethod"]): each["Properties"]
        for each in of(service, "AWS::ApiGateway::Method").values()
    }


def test_every_method_but_the_named_public_ones_asks_for_a_token_of_the_pool_a_scope_and_a_key(
    service: Resources, methods: dict[tuple[str, str], dict[str, Any]]
) -> None:
    (authorizer,) = of(service, "AWS::ApiGateway::Authorizer")
    own = {key: each for key, each in methods.items() if key[0].split("/")[1] not in PUBLIC}

    assert own
    for (path, method), made in own.items():
        assert made["AuthorizationType"] == "COGNITO_USER_POOLS", path
        assert made["AuthorizerId"] == {"Ref": authorizer}
        assert made["ApiKeyRequired"] is True
        assert made["RequestValidatorId"]
        expected = "read" if (path, method) == ("/questions", "POST") else SCOPED[method]
        assert made["AuthorizationScopes"] == [f"datablueprint/{expected}"], (path, method)
    assert service[authorizer]["Properties"]["Type"] == "COGNITO_USER_POOLS"
    assert set(own) == {
        ("/questions", "GET"),
        ("/questions", "POST"),
        *((path, method) for path in ("/{proxy+}", "/questions/{proxy+}") for method in SCOPED),
    }


def test_a_public_method_is_below_hooks_or_connect(methods: dict[tuple[str, str], dict[str, Any]]) -> None:
    public = {key for key, made in methods.items() if made["AuthorizationType"] == "NONE"}

    assert all(path.split("/")[1] in PUBLIC for path, _ in public)
    assert ("/hooks/{source}", "POST") in public
    assert methods["/connect", "POST"]["AuthorizationScopes"] == ["datablueprint/write"]


def test_the_stage_is_the_path_that_cloudfront_hands_over_logged_and_held_back(service: Resources) -> None:
    stage = one(service, "AWS::ApiGateway::Stage")["Properties"]
    settings = {(each["ResourcePath"], each["HttpMethod"]): each for each in stage["MethodSettings"]}

    assert stage["StageName"] == "api"
    assert stage["TracingEnabled"] is False
    assert "authorization" not in stage["AccessLogSetting"]["Format"].lower()
    assert json.loads(stage["AccessLogSetting"]["Format"])["user"] == "$context.authorizer.claims.username"
    for each in settings.values():
        assert each["LoggingLevel"] == "ERROR"
        assert each["DataTraceEnabled"] is False
        assert 0 < each["ThrottlingRateLimit"] <= 50
    assert settings["/~1questions", "POST"]["ThrottlingRateLimit"] < settings["/*", "*"]["ThrottlingRateLimit"]


def test_the_api_speaks_modern_tls_and_keeps_its_own_logs_for_a_while(service: Resources) -> None:
    rest = one(service, "AWS::ApiGateway::RestApi")["Properties"]
    groups = {json.dumps(each["Properties"].get("LogGroupName", "")): each["Properties"]
              for each in of(service, "AWS::Logs::LogGroup").values()}  # fmt: skip
    (execution,) = (each for name, each in groups.items() if "API-Gateway-Execution-Logs_" in name)

    assert rest["SecurityPolicy"].startswith("SecurityPolicy_TLS13_1_2")
    assert rest["EndpointConfiguration"]["Types"] == ["REGIONAL"]
    assert execution["RetentionInDays"] == 90
    assert all(each["RetentionInDays"] and each["KmsKeyId"] for each in groups.values())


def test_what_the_gateway_says_itself_is_a_problem_like_every_other(service: Resources) -> None:
    told = {each["Properties"]["ResponseType"]: each["Properties"]
            for each in of(service, "AWS::ApiGateway::GatewayResponse").values()}  # fmt: skip

    assert {"UNAUTHORIZED", "THROTTLED", "WAF_FILTERED", "DEFAULT_4XX", "DEFAULT_5XX"} <= set(told)
    for made in told.values():
        document = json.loads(made["ResponseTemplates"]["application/json"])
        assert set(document) == {"type", "title", "status", "detail", "fix"}
        assert made["StatusCode"] if "DEFAULT" not in made["ResponseType"] else True
        kind = made["ResponseParameters"]["gatewayresponse.header.Content-Type"]
        assert kind == "'application/problem+json'"


def test_the_firewall_stands_before_the_stage_and_logs_no_token(service: Resources) -> None:
    rules = one(service, "AWS::WAFv2::WebACL")["Properties"]["Rules"]
    names = [rule["Name"] for rule in rules]
    log = one(service, "AWS::WAFv2::LoggingConfiguration")["Properties"]
    visitor = rules[names.index("one-visitor")]["Statement"]["RateBasedStatement"]

    assert names == [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesCommonRuleSet",
        "one-visitor",
        "one-address",
    ]
    assert visitor["ForwardedIPConfig"]["HeaderName"] == "X-Forwarded-For"
    assert {each["SingleHeader"]["Name"] for each in log["RedactedFields"]} == {"authorization", "x-api-key"}
    assert "restapis" in json.dumps(one(service, "AWS::WAFv2::WebACLAssociation")["Properties"]["ResourceArn"])


def test_whoever_is_counted_is_held_back_and_the_page_s_key_is_no_secret(service: Resources) -> None:
    plans = of(service, "AWS::ApiGateway::UsagePlan")
    keys = of(service, "AWS::ApiGateway::ApiKey")

    assert all(plan["Properties"]["Throttle"]["RateLimit"] > 0 for plan in plans.values())
    assert len(of(service, "AWS::ApiGateway::UsagePlanKey")) == len(keys)
    assert "AWS::StackId" in json.dumps(one(service, "AWS::ApiGateway::ApiKey")["Properties"]["Value"])


def test_a_machine_is_counted_by_its_own_key_and_stops_for_the_day_before_the_page_does(talkative: Resources) -> None:
    plans = [each["Properties"] for each in of(talkative, "AWS::ApiGateway::UsagePlan").values()]
    machine, page = sorted(plans, key=lambda plan: "Quota" not in plan)

    assert len(of(talkative, "AWS::ApiGateway::ApiKey")) == 2
    assert machine["Quota"]["Period"] == "DAY"
    assert machine["Throttle"]["RateLimit"] < page["Throttle"]["RateLimit"]


def test_the_api_s_function_has_no_model_writes_no_records_and_has_no_table_to_itself(service: Resources) -> None:
    role = next(name for name in of(service, "AWS::IAM::Role") if name.startswith("ApiFunctionRole"))
    allowed = actions_of(service, role)

    assert service[role]["Properties"]["Path"] == "/datablueprint/example/inside/"
    assert not {action for action in allowed if action.startswith(("bedrock:", "secretsmanager:"))}
    assert "dynamodb:Scan" not in allowed
    assert not {resource for resource in allowed.get("s3:DeleteObject", ()) if "answers/" not in resource}
    written = {resource for resource in allowed.get("s3:PutObject", ()) if "athena/" not in resource}
    assert written == set()


def test_files_leave_as_bytes(service: Resources) -> None:
    from datablueprint.api.routes.exports import MEDIA

    assert set(one(service, "AWS::ApiGateway::RestApi")["Properties"]["BinaryMediaTypes"]) == set(MEDIA.values())
