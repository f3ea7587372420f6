"""One user pool per tenant: who signed a token is whose it is, so no claim has to name the tenant."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, RemovalPolicy, SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.access import ADMINISTRATORS, READ, WRITE, Federation
from infra.nag import acknowledge
from infra.tenants import Tenant

RESOURCE = "datablueprint"
SCOPES = {READ: "Read figures and ask questions", WRITE: "Decide links, keep scenarios and questions, judge answers"}
ACCESS, DAY = Duration.minutes(30), Duration.hours(12)
"""How long an access token opens the API, and how long a person stays signed in."""


class People(Construct):
    """The user pool, its sign-in page, the company's own sign-in, and the machines that may ask."""

    def __init__(self, scope: Construct, name: str, *, tenant: Tenant) -> None:
        super().__init__(scope, name)
        self._tenant, self._chosen = tenant, tenant.people
        self.pool = self._pool()
        self.prefix = self._chosen.prefix or f"datablueprint-{tenant.name}"
        self.pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self.prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        self._scopes = {scope: cognito.ResourceServerScope(scope_name=scope, scope_description=text)
                        for scope, text in SCOPES.items()}  # fmt: skip
        self.server = self.pool.add_resource_server(
            "Api", identifier=RESOURCE, scopes=list(self._scopes.values()), user_pool_resource_server_name=RESOURCE
        )
        self.pool.add_group("Administrators", group_name=ADMINISTRATORS, description="May connect systems")
        self.federated = [self._federation(named, each) for named, each in self._chosen.federation.items()]
        self.machines = {named: self._machine(named, level) for named, level in self._chosen.machines.items()}

    @property
    def sign_in(self) -> str:
        """The origin of the sign-in pages; known before anything is deployed, so that policies can name it."""
        return f"https://{self.prefix}.auth.{self._tenant.region}.amazoncognito.com"

    @property
    def issuer(self) -> str:
        """What `iss` of this pool's tokens says."""
        return f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{self.pool.user_pool_id}"

    def scopes(self, *names: str) -> list[cognito.OAuthScope]:
        return [cognito.OAuthScope.resource_server(self.server, self._scopes[name]) for name in names]

    def page_client(self, scope: Construct, *, address: str) -> cognito.UserPoolClient:
        """The page's client, in the stack that knows the page's address: a code with PKCE, and no secret to lose."""
        client = cognito.UserPoolClient(
            scope,
            "Client",
            user_pool=self.pool,
            access_token_validity=ACCESS,
            auth_flows=cognito.AuthFlow(user_srp=True),  # none named means also those that rotation forbids
            enable_token_revocation=True,
            generate_secret=False,
            o_auth=cognito.OAuthSettings(
                callback_urls=[address],
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                logout_urls=[address],
                scopes=self.scopes(READ, WRITE),
            ),
            prevent_user_existence_errors=True,
            refresh_token_rotation_grace_period=Duration.seconds(30),
            refresh_token_validity=DAY,
            supported_identity_providers=[
                cognito.UserPoolClientIdentityProvider.COGNITO,
                *(
                    cognito.UserPoolClientIdentityProvider.custom(each.provider_name)
                    for each in self.federated
                ),
            ],
        )  # fmt: skip
        cognito.CfnManagedLoginBranding(
            scope,
            "Look",
            user_pool_id=self.pool.user_pool_id,
            client_id=client.user_pool_client_id,
            use_cognito_provided_values=True,
        )
        return client

    def _pool(self) -> cognito.UserPool:
        plus = self._chosen.threat_protection
        required = self._chosen.mfa == "required"
        pool = cognito.UserPool(
            self,
            "Pool",
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            deletion_protection=True,
            feature_plan=cognito.FeaturePlan.PLUS if plus else cognito.FeaturePlan.ESSENTIALS,
            mfa=cognito.Mfa.REQUIRED if required else cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            password_policy=cognito.PasswordPolicy(
                min_length=14,
                password_history_size=5,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
                temp_password_validity=Duration.days(3),
            ),
            removal_policy=RemovalPolicy.RETAIN,
            self_sign_up_enabled=False,
            # A user name is an e-mail address that an administrator typed: it is what access tokens carry.
            sign_in_aliases=cognito.SignInAliases(username=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(email=cognito.StandardAttribute(mutable=True)),
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION if plus else None,
        )
        if not plus:
            why = "Threat protection needs the Plus plan; people.threat_protection turns it on for a tenant"
            acknowledge(pool, "AwsSolutions-COG3", why)
            acknowledge(pool, "AwsSolutions-COG8", why)
        if not required:
            acknowledge(pool, "AwsSolutions-COG2", 'This tenant says people.mfa = "optional" in tenants.toml')
        return pool

    def _federation(self, named: str, chosen: Federation) -> cognito.IUserPoolIdentityProvider:
        mapping = cognito.AttributeMapping(
            email=cognito.ProviderAttribute.other(EMAIL[chosen.kind]),
        )  # fmt: skip
        if chosen.kind == "saml":
            return cognito.UserPoolIdentityProviderSaml(
                self,
                f"Saml{named}",
                user_pool=self.pool,
                attribute_mapping=mapping,
                metadata=cognito.UserPoolIdentityProviderSamlMetadata.url(chosen.metadata_url),
                name=named,
            )
        return cognito.UserPoolIdentityProviderOidc(
            self,
            f"Oidc{named}",
            user_pool=self.pool,
            attribute_mapping=mapping,
            client_id=chosen.client_id,
            client_secret=SecretValue.secrets_manager(chosen.secret).unsafe_unwrap(),  # resolved while deploying
            issuer_url=chosen.issuer,
            name=named,
            scopes=["openid", "email"],
        )

    def _machine(self, named: str, level: str) -> cognito.UserPoolClient:
        """A program with a secret of its own; who may write may read."""
        granted: Sequence[str] = (READ,) if level == READ else (READ, WRITE)
        return self.pool.add_client(
            f"Machine{named}",
            access_token_validity=ACCESS,
            auth_flows=cognito.AuthFlow(user=False),
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True), scopes=self.scopes(*granted)
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            user_pool_client_name=named,
        )


EMAIL = {"saml": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "oidc": "email"}
"""The claim that is a person's e-mail address."""
