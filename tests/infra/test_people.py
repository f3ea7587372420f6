"""The user pool is the tenant: who is in it was put there, proves it twice, and gets tokens that last half an hour."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import SettingsError
from infra import tenants
from infra.access import Federation, People
from tests.infra.templates import Resources, of, one, written

SAML = Federation(kind="saml", metadata_url="https://idp.example.com/metadata")
OIDC = Federation(kind="oidc", issuer="https://idp.example.com", client_id="abc", secret="datablueprint/oidc")


def made(people: People | None = None) -> Resources:
    """Only the people of a tenant, and its page's client."""
    import aws_cdk as cdk

    from infra.constructs import people as constructs

    (tenant,) = tenants.load()
    stack = cdk.Stack(cdk.App(), "people", env=cdk.Environment(region=tenant.region))
    chosen = tenant.model_copy(update={"people": people or People()})
    pool = constructs.People(stack, "People", tenant=chosen)
    pool.page_client(stack, address="https://page.example.com/")
    return written(stack)


@pytest.fixture(scope="module")
def usual(resources: Resources) -> Resources:
    """As a tenant who says nothing has it, from the app's own templates."""
    return resources


def test_nobody_signs_up_and_everybody_shows_a_second_factor_that_no_phone_company_can_hand_over(
    usual: Resources,
) -> None:
    pool = one(usual, "AWS::Cognito::UserPool")

    assert pool["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert pool["Properties"]["MfaConfiguration"] == "ON"
    assert pool["Properties"]["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["Properties"]["Policies"]["PasswordPolicy"]["MinimumLength"] >= 14
    assert pool["Properties"]["DeletionProtection"] == "ACTIVE"
    assert pool["DeletionPolicy"] == "Retain"


def test_user_names_are_what_tokens_carry_so_no_alias_hides_them(usual: Resources) -> None:
    properties = one(usual, "AWS::Cognito::UserPool")["Properties"]

    assert "UsernameAttributes" not in properties
    assert "AliasAttributes" not in properties
    assert properties["UsernameConfiguration"] == {"CaseSensitive": False}


def test_the_page_s_client_has_a_code_no_secret_and_tokens_that_are_replaced(usual: Resources) -> None:
    client = one(usual, "AWS::Cognito::UserPoolClient")["Properties"]

    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["GenerateSecret"] is False
    assert client["AccessTokenValidity"] <= 60
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["ExplicitAuthFlows"]
    assert client["CallbackURLs"] == client["LogoutURLs"]
    assert len(client["CallbackURLs"]) == 1
    assert client["ExplicitAuthFlows"]  # none named means Cognito's own choice, which rotation forbids


def test_the_sign_in_page_is_the_managed_one_and_has_a_look(usual: Resources) -> None:
    domain = one(usual, "AWS::Cognito::UserPoolDomain")["Properties"]

    assert domain["Domain"] == "datablueprint-example"
    assert domain["ManagedLoginVersion"] == 2
    assert one(usual, "AWS::Cognito::ManagedLoginBranding")["Properties"]["UseCognitoProvidedValues"] is True


def test_a_machine_has_a_secret_and_only_the_scopes_it_was_given() -> None:
    found = made(People(machines={"erp": "read", "planner": "write"}))
    clients = {each["Properties"].get("ClientName", "page"): each["Properties"]
               for each in of(found, "AWS::Cognito::UserPoolClient").values()}  # fmt: skip
    scopes = {name: [json.dumps(scope).split("/")[-1].rstrip('"]}') for scope in client["AllowedOAuthScopes"]]
              for name, client in clients.items()}  # fmt: skip

    assert scopes == {"page": ["read", "write"], "erp": ["read"], "planner": ["read", "write"]}
    for name in ("erp", "planner"):
        assert clients[name]["AllowedOAuthFlows"] == ["client_credentials"]
        assert clients[name]["GenerateSecret"] is True


def test_a_company_s_own_sign_in_is_offered_and_its_secret_is_only_named() -> None:
    found = made(People(federation={"Okta": SAML, "Entra": OIDC}))
    providers = {each["Properties"]["ProviderName"]: each["Properties"]
                 for each in of(found, "AWS::Cognito::UserPoolIdentityProvider").values()}  # fmt: skip
    client = one(found, "AWS::Cognito::UserPoolClient")["Properties"]

    assert {name: each["ProviderType"] for name, each in providers.items()} == {"Okta": "SAML", "Entra": "OIDC"}
    assert "{{resolve:secretsmanager:" in json.dumps(providers["Entra"]["ProviderDetails"]["client_secret"])
    assert len(client["SupportedIdentityProviders"]) == 3


def test_a_tenant_may_make_the_second_factor_optional_and_pay_for_threat_protection() -> None:
    properties = one(made(People(mfa="optional", threat_protection=True)), "AWS::Cognito::UserPool")["Properties"]

    assert properties["MfaConfiguration"] == "OPTIONAL"
    assert properties["UserPoolTier"] == "PLUS"
    assert properties["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tenant.people]\nprefix = "my-aws-page"', "Cognito takes no aws"),
        ('[tenant.people.federation.Okta]\nkind = "saml"', "a SAML provider needs metadata_url"),
        ('[tenant.people.federation.Entra]\nkind = "oidc"\nissuer = "https://x"', "an OIDC provider needs"),
        ('[tenant.people.machines]\n"not a name" = "read"', "a name has up to 32"),
        ('[tenant.people.machines]\nerp = "everything"', "tenant.0.people.machines.erp"),
        ('[tenant.page]\ndomain = "margin.example.com"', "domain and certificate are said together"),
    ],
)
def test_a_mistake_is_told_before_anything_is_synthesised(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "tenants.toml"
    kept: list[Any] = [line for line in tenants.FILE.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    file.write_text("\n".join([*kept, text]), encoding="utf-8")

    with pytest.raises(SettingsError, match=said):
        tenants.load(file)
