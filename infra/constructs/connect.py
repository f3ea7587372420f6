"""The pages on which administrators connect the systems: they ask brokers, and hold no secret and no token."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from infra.access import WRITE
from infra.constructs.api import Api
from infra.constructs.ground import Ground
from infra.constructs.people import RESOURCE
from infra.constructs.product_function import ProductFunction
from infra.constructs.tokens import Brokers
from infra.nag import acknowledge

LONGEST = Duration.seconds(29)
"""What API Gateway waits for; a vendor trades a code within seconds."""
OPENED = "A browser opens it without a token; the function asks for the session that a signed-in administrator began"


class Connect(Construct):
    """The function behind /connect; `routes` puts it on the tenant's API."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground, brokers: Brokers) -> None:
        super().__init__(scope, name)
        self.handler = ProductFunction(
            self,
            "Function",
            ground=ground,
            folder="connect",
            zone="outside",
            dependencies="small",
            memory_mb=512,
            timeout=LONGEST,
        )
        ground.state.allow(self.handler.role, read=("connection", "freshness"), write=("connect",))
        for source in brokers.names:
            brokers.allow(self.handler.role, source)

    def routes(self, api: Api) -> None:
        """POST /connect signs a browser in and asks for an access token; what the browser opens then has none."""
        handler = apigateway.LambdaIntegration(
            self.handler.function, allow_test_invoke=False, scope_permission_to_method=False, timeout=LONGEST
        )
        validator = api.rest.add_request_validator(
            "ConnectValidator", validate_request_body=True, validate_request_parameters=True
        )
        root = api.rest.root.add_resource("connect")
        root.add_method(
            "POST",
            handler,
            api_key_required=True,
            authorization_scopes=[f"{RESOURCE}/{WRITE}"],
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorizer=api.authorizer,
            request_parameters={"method.request.header.Authorization": True, "method.request.header.Origin": True},
            request_validator=validator,
        )
        system = root.add_resource("{system}")
        callback = system.add_resource("callback")
        for resource, method in ((root, "GET"), (system, "GET"), (system, "POST"), (callback, "GET")):
            made = resource.add_method(
                method,
                handler,
                api_key_required=False,
                authorization_type=apigateway.AuthorizationType.NONE,
                request_parameters={"method.request.querystring.state": True} if resource is callback else None,
                request_validator=validator,
            )
            acknowledge(made, "AwsSolutions-APIG4", OPENED)
            acknowledge(made, "AwsSolutions-COG4", OPENED)
