"""The way in: whoever asks was let in by the tenant's own user pool, with a scope, counted, and not too often."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import Aws, Duration, Fn, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.access import READ, WRITE
from infra.constants import KEPT
from infra.constructs.catalog import Catalog
from infra.constructs.firewall import Firewall
from infra.constructs.ground import Ground
from infra.constructs.people import RESOURCE, People
from infra.constructs.product_function import ProductFunction
from infra.nag import acknowledge
from infra.zones import role_path

STAGE = "api"
"""CloudFront hands /api/... over as it is: the stage is the first part of the path."""
BY_METHOD = {"GET": READ, "POST": WRITE, "PUT": WRITE, "DELETE": WRITE}
ASKING = {"GET": READ, "POST": READ}
"""A question changes nothing that anybody else sees."""
FILES = ("application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
LONGEST = Duration.seconds(29)
"""What API Gateway waits for; a look at a question waits 20 s."""
READS = ("tables/", "snapshots/", "raw/", "answers/")
KNOWS = ("snapshot", "freshness", "calls", "connection")
NOTES = ("question", "asked", "feedback", "saved", "decision", "scenario")
FAULTS = apigateway.MethodLoggingLevel.ERROR
RATE, BURST = 50, 100
"""Requests a second, of everybody together."""
HOOKS = apigateway.MethodDeploymentOptions(logging_level=FAULTS, throttling_rate_limit=20, throttling_burst_limit=40)
QUESTIONS = apigateway.MethodDeploymentOptions(logging_level=FAULTS, throttling_rate_limit=5, throttling_burst_limit=10)
WATCHED = apigateway.MethodDeploymentOptions(
    logging_level=FAULTS, metrics_enabled=True, throttling_rate_limit=RATE, throttling_burst_limit=BURST
)
"""A method with settings of its own takes none of the stage's."""
PAGE = apigateway.ThrottleSettings(rate_limit=40, burst_limit=80)
MACHINES = apigateway.ThrottleSettings(rate_limit=10, burst_limit=20)
A_DAY = apigateway.QuotaSettings(limit=20_000, period=apigateway.Period.DAY)
Types = apigateway.ResponseType
REFUSALS: tuple[tuple[apigateway.ResponseType, int, str, str], ...] = (
    (Types.UNAUTHORIZED, 401, "Nobody is signed in", "Sign in."),
    (Types.EXPIRED_TOKEN, 401, "The sign-in has expired", "Sign in again."),
    (Types.ACCESS_DENIED, 403, "This is not allowed", "Ask an administrator for access."),
    (Types.INVALID_API_KEY, 403, "The API key is missing or unknown", "Send the key of your client as x-api-key."),
    (Types.MISSING_AUTHENTICATION_TOKEN, 404, "There is nothing here", "GET /openapi.json lists what there is."),
    (Types.REQUEST_TOO_LARGE, 413, "The body is too large", "Send less."),
    (Types.THROTTLED, 429, "Too much is asked at once", "Try again in a moment."),
    (Types.QUOTA_EXCEEDED, 429, "Enough was asked for today", "Try again tomorrow, or ask for a larger quota."),
    (Types.WAF_FILTERED, 403, "The request was held back", "Ask in other words; tell an administrator if it stays so."),
    (Types.INTEGRATION_TIMEOUT, 504, "The answer took too long", "Try again."),
    (Types.DEFAULT_4_XX, 400, "The request cannot be read", "GET /openapi.json says what is taken."),
    (Types.DEFAULT_5_XX, 503, "The service cannot answer just now", "Try again in a moment."),
)


class Api(Construct):
    """The REST API over the function `api`; `rest` is open to further resources, which say themselves who may."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground, catalog: Catalog, people: People) -> None:
        super().__init__(scope, name)
        self._ground = ground
        self.handler = self._handler(catalog)
        self._admit_logs()
        self.rest = self._rest()
        self._authorizer = apigateway.CognitoUserPoolsAuthorizer(self, "People", cognito_user_pools=[people.pool])
        self._validator = self.rest.add_request_validator(
            "Validator", validate_request_body=True, validate_request_parameters=True
        )
        self._routes()
        self._refusals()
        self.page_key = self._plans()
        self.firewall = Firewall(self, "Firewall", ground=ground, stage=self.rest.deployment_stage)

    @property
    def origin(self) -> str:
        """The API's own host name, without stage."""
        return f"{self.rest.rest_api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"

    @property
    def authorizer(self) -> apigateway.IAuthorizer:
        """For methods of others that ask for a person's access token."""
        return self._authorizer

    def _handler(self, catalog: Catalog) -> ProductFunction:
        """Reads everything, writes what people decide; never the agent's own work, which other functions do."""
        made = ProductFunction(
            self,
            "Function",
            ground=self._ground,
            folder="api",
            zone="inside",
            dependencies="api",
            memory_mb=1769,
            timeout=LONGEST,
        )
        self._ground.lake.allow_read(made.role, *READS)
        self._ground.lake.allow_delete(made.role, "answers/")
        self._ground.state.allow(made.role, read=KNOWS, write=NOTES)
        catalog.allow_query(made.role)
        return made

    def _rest(self) -> apigateway.RestApi:
        rest = apigateway.RestApi(
            self,
            "Rest",
            binary_media_types=list(FILES),
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                access_log_destination=apigateway.LogGroupLogDestination(self._log_group("Access")),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(LOGGED)),
                logging_level=FAULTS,
                method_options={"/questions/POST": QUESTIONS, "/hooks/{source}/POST": HOOKS, "/{proxy+}/GET": WATCHED},
                stage_name=STAGE,
                throttling_burst_limit=BURST,
                throttling_rate_limit=RATE,
                tracing_enabled=self._ground.tenant.tracing,
            ),
            description=f"DataBlueprint of {self._ground.tenant.company}",
            endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
            rest_api_name=f"datablueprint-{self._ground.tenant.name}",
        )
        made = rest.node.default_child
        assert isinstance(made, apigateway.CfnRestApi)
        made.security_policy = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
        made.endpoint_access_mode = "STRICT"
        # API Gateway would make this group itself, and keep it for ever.
        self._log_group("Execution", f"API-Gateway-Execution-Logs_{rest.rest_api_id}/{STAGE}")
        return rest

    def _routes(self) -> None:
        """What is below /questions stands apart: a look at a question waits, and would hide how fast the rest is."""
        root = self.rest.root
        questions = root.add_resource("questions")
        self._open(questions, ASKING)
        self._open(questions.add_resource("{proxy+}"), BY_METHOD)
        self._open(root.add_resource("{proxy+}"), BY_METHOD)

    def _open(self, resource: apigateway.Resource, needed: Mapping[str, str]) -> None:
        handler = apigateway.LambdaIntegration(
            self.handler.function, allow_test_invoke=False, scope_permission_to_method=False, timeout=LONGEST
        )
        for method, scope in needed.items():
            resource.add_method(
                method,
                handler,
                api_key_required=True,
                authorization_scopes=[f"{RESOURCE}/{scope}"],
                authorization_type=apigateway.AuthorizationType.COGNITO,
                authorizer=self._authorizer,
                request_parameters={"method.request.header.Authorization": True},
                request_validator=self._validator,
            )

    def _refusals(self) -> None:
        """What API Gateway says by itself has the shape of every other problem."""
        for kind, status, title, fix in REFUSALS:
            document = {"type": f"urn:datablueprint:problem:http-{status}", "title": title, "status": status,
                        "detail": f"{title}.", "fix": fix}  # fmt: skip
            headers = {"Content-Type": "'application/problem+json'", "Cache-Control": "'no-store'"}
            self.rest.add_gateway_response(
                kind.response_type,
                type=kind,
                status_code=None if kind in (Types.DEFAULT_4_XX, Types.DEFAULT_5_XX) else str(status),
                response_headers=headers | ({"Retry-After": "'2'"} if status == 429 else {}),
                templates={"application/json": json.dumps(document)},
            )

    def _plans(self) -> str:
        """Keys say who is counted, not who may: no machine can crowd out the page. The page's is told to everybody."""
        public = Fn.join("-", ["page", Fn.select(2, Fn.split("/", Aws.STACK_ID))])
        stage = self.rest.deployment_stage
        page = self.rest.add_usage_plan("PagePlan", throttle=PAGE)
        page.add_api_stage(api=self.rest, stage=stage)
        page.add_api_key(self.rest.add_api_key("PageKey", value=public, description="Of the page; not a secret"))
        machines = self._ground.tenant.people.machines
        if machines:
            plan = self.rest.add_usage_plan("MachinePlan", throttle=MACHINES, quota=A_DAY)
            plan.add_api_stage(api=self.rest, stage=stage)
            for machine in machines:
                plan.add_api_key(self.rest.add_api_key(f"Key{machine}", description=f"Of the machine {machine}"))
        return public

    def _admit_logs(self) -> None:
        """API Gateway has one role for logs per account and region; every tenant's stack sets an equal one."""
        role = iam.Role(
            self,
            "LogWriter",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            path=role_path(self._ground.tenant.name, "outside"),
        )
        role.add_to_policy(iam.PolicyStatement(actions=LOG_WRITING, resources=["*"]))
        acknowledge(
            role,
            "AwsSolutions-IAM5[Resource::*]",
            "API Gateway refuses a role that may not write all log groups of the account; it holds no data",
        )
        role.apply_removal_policy(RemovalPolicy.RETAIN)  # another tenant's stage may log by it
        account = apigateway.CfnAccount(self, "Account", cloud_watch_role_arn=role.role_arn)
        account.apply_removal_policy(RemovalPolicy.RETAIN)
        self._account = account

    def _log_group(self, name: str, called: str | None = None) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            name,
            encryption_key=self._ground.key,
            log_group_name=called,
            removal_policy=RemovalPolicy.DESTROY if called else RemovalPolicy.RETAIN,
            retention=KEPT,
        )


LOGGED = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "client": "$context.authorizer.claims.client_id",
    "user": "$context.authorizer.claims.username",
    "method": "$context.httpMethod",
    "path": "$context.path",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.responseType",
    "waf": "$context.waf.status",
}
LOG_WRITING = [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
]
