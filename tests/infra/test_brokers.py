"""Who may have a secret, open a token or ask for one, read from the synthesised roles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

SOURCES = ("procore", "quickbooks_online", "gusto")
Resources = dict[str, dict[str, Any]]


def functions(resources: Resources) -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """By logical id: properties of the function, and the statements of its role's policies."""
    found = {}
    for name, each in resources.items():
        role = each.get("Properties", {}).get("Role", {}) if each["Type"] == "AWS::Lambda::Function" else {}
        if not isinstance(role, dict) or "Fn::GetAtt" not in role:
            continue
        said = [
            statement
            for policy in resources.values()
            if policy["Type"] == "AWS::IAM::Policy" and {"Ref": role["Fn::GetAtt"][0]} in policy["Properties"]["Roles"]
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        ]
        found[name.split("/")[1]] = (each["Properties"], said)
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowing(statements: list[dict[str, Any]], action: str) -> Iterator[dict[str, Any]]:
    for statement in statements:
        if statement["Effect"] == "Allow" and action in listed(statement["Action"]):
            yield statement


def brokers(resources: Resources) -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """By source."""
    return {
        properties["Environment"]["Variables"]["DATABLUEPRINT_SOURCE"]: (properties, said)
        for properties, said in functions(resources).values()
        if "DATABLUEPRINT_SOURCE" in properties.get("Environment", {}).get("Variables", {})
    }


def opens_tokens(statement: dict[str, Any]) -> bool:
    """Whether KMS may be asked directly, and not only by a service that keeps its own data under the key."""
    conditions = statement.get("Condition", {})
    return not any("kms:ViaService" in each for each in conditions.values())


def test_every_system_with_a_sign_in_has_a_broker_of_its_own(resources: Resources) -> None:
    assert sorted(brokers(resources)) == sorted(SOURCES)


def test_only_a_broker_has_a_system_s_secret_and_only_its_own(resources: Resources) -> None:
    held = {name: [str(s["Resource"]) for s in allowing(said, "secretsmanager:GetSecretValue")]
            for name, (_, said) in functions(resources).items()}  # fmt: skip
    keepers = {name for name, secrets in held.items() if any("Secret" in s and "Hook" not in s for s in secrets)}
    own = {source: [str(s["Resource"]) for s in allowing(said, "secretsmanager:GetSecretValue")]
           for source, (_, said) in brokers(resources).items()}  # fmt: skip

    assert all(name.startswith("Tokens") for name in keepers)
    for source, secrets in own.items():
        assert len(secrets) == 1
        assert source.replace("_", "") in secrets[0].replace("_", "")
    assert len({secrets[0] for secrets in own.values()}) == len(SOURCES)


def test_no_function_but_a_broker_can_open_a_token_and_none_another_system_s(resources: Resources) -> None:
    for name, (properties, said) in functions(resources).items():
        opening = [s for s in allowing(said, "kms:Decrypt") if opens_tokens(s)]
        source = properties.get("Environment", {}).get("Variables", {}).get("DATABLUEPRINT_SOURCE")
        if source is None:
            assert opening == [], name
            continue
        (statement,) = opening
        equal = statement["Condition"]["StringEquals"]
        assert equal == {"kms:EncryptionContext:tenant": "example", "kms:EncryptionContext:source": source}


def test_a_broker_s_key_use_for_its_secret_is_for_that_secret_only(resources: Resources) -> None:
    for source, (_, said) in brokers(resources).items():
        for statement in allowing(said, "kms:Decrypt"):
            equal = statement["Condition"].get("StringEquals", {})
            if "kms:EncryptionContext:SecretARN" in equal:
                secret = str(equal["kms:EncryptionContext:SecretARN"]).replace("_", "")
                assert source.replace("_", "") in secret
                break
        else:
            raise AssertionError(f"{source} cannot read its secret")


def test_brokers_write_tokens_and_nothing_else(resources: Resources) -> None:
    for _, said in brokers(resources).values():
        families = [s["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
                    for s in said if "dynamodb:UpdateItem" in listed(s["Action"])]  # fmt: skip
        assert [listed(each) for each in families] == [["token", "connection"]]
        assert not [
            s for s in said if any(str(a).startswith(("s3:", "bedrock", "athena:")) for a in listed(s["Action"]))
        ]


def test_nobody_but_brokers_reaches_the_documents_with_tokens(resources: Resources) -> None:
    for name, (properties, said) in functions(resources).items():
        families = [
            family
            for statement in said
            for family in listed(
                statement.get("Condition", {}).get("ForAllValues:StringEquals", {}).get("dynamodb:LeadingKeys", [])
            )
        ]
        if "DATABLUEPRINT_SOURCE" not in properties.get("Environment", {}).get("Variables", {}):
            assert "token" not in families, name


def test_an_extractor_asks_its_own_broker_and_no_other_function_may(resources: Resources) -> None:
    asked: dict[str, set[str]] = {}
    for name, (_, said) in functions(resources).items():
        for statement in allowing(said, "lambda:InvokeFunction"):
            for target in listed(statement["Resource"]):
                text = json.dumps(target)
                if "Tokens" in text:
                    asked.setdefault(name, set()).add(text)

    extractors = {name: targets for name, targets in asked.items() if "Extract" in name}
    others = {name for name in asked if "Extract" not in name}
    assert len(extractors) == len(SOURCES)
    assert all(len(targets) == 1 for targets in extractors.values())
    assert len({next(iter(targets)) for targets in extractors.values()}) == len(SOURCES)
    assert all(name.startswith("Connect") for name in others)


def test_the_connect_page_has_no_secret_and_no_key_of_its_own(resources: Resources) -> None:
    ((_, said),) = (each for name, each in functions(resources).items() if name.startswith("Connect"))

    assert list(allowing(said, "secretsmanager:GetSecretValue")) == []
    assert not any(opens_tokens(s) for s in allowing(said, "kms:Decrypt"))
    read = [s for s in said if "dynamodb:GetItem" in listed(s["Action"])]
    written = [s for s in said if "dynamodb:UpdateItem" in listed(s["Action"])]
    assert "token" not in str([s["Condition"] for s in read])
    assert [listed(s["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]) for s in written] == [
        ["connect"]
    ]


def test_what_a_browser_opens_needs_no_token_and_what_begins_it_does(resources: Resources) -> None:
    paths = {name.split("/")[1]: each["Properties"] for name, each in resources.items()
             if each["Type"] == "AWS::ApiGateway::Resource"}  # fmt: skip

    def path(resource: Any) -> str:
        if "Ref" not in resource or resource["Ref"] not in paths:
            return ""
        own = paths[resource["Ref"]]
        return f"{path(own['ParentId'])}/{own['PathPart']}"

    methods = {
        (each["Properties"]["HttpMethod"], path(each["Properties"]["ResourceId"])): each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::ApiGateway::Method"
    }
    connecting = {key: made for key, made in methods.items() if key[1].startswith("/connect")}

    assert {key: made["AuthorizationType"] for key, made in connecting.items()} == {
        ("POST", "/connect"): "COGNITO_USER_POOLS",
        ("GET", "/connect"): "NONE",
        ("GET", "/connect/{system}"): "NONE",
        ("POST", "/connect/{system}"): "NONE",
        ("GET", "/connect/{system}/callback"): "NONE",
    }
    assert connecting["POST", "/connect"]["AuthorizationScopes"] == ["datablueprint/write"]
    assert connecting["POST", "/connect"]["ApiKeyRequired"] is True
