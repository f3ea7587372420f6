"""Webhooks and the schedule end in one function, the only one that may start a refresh."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import ArnFormat, Aws, Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.ground import Ground
from infra.constructs.product_function import ProductFunction
from infra.nag import acknowledge
from infra.zones import role_path

RECEIVING, COALESCING, STARTING = Duration.seconds(10), Duration.seconds(30), Duration.seconds(60)
WINDOW = Duration.seconds(20)
"""How long SQS gathers webhooks before it hands them over; a refresh waits longer than this anyway."""
BATCH, AT_ONCE = 100, 2
TRIES = 5
"""How often a message is handed over before it goes to the dead letters."""
TOLD = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
"""RUNNING too: what an operator starts or redrives counts like our own."""
SWEEP = "rate(15 minutes)"
BODY = apigateway.JsonSchema(
    one_of=[
        apigateway.JsonSchema(type=apigateway.JsonSchemaType.OBJECT, max_properties=50),
        apigateway.JsonSchema(type=apigateway.JsonSchemaType.ARRAY, max_items=1000),
    ],
    schema=apigateway.JsonSchemaVersion.DRAFT4,
)
"""What is let through to the function, which bounds the bytes."""


class Ingress(Construct):
    """webhook -> `events` queue -> coalesce -> `due` queue (delayed) -> start_refresh -> the state machine."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        ground: Ground,
        machine: sfn.StateMachine,
        hook_keys: Mapping[str, secretsmanager.ISecret],
    ) -> None:
        super().__init__(scope, name)
        self._ground, self._machine = ground, machine
        self.dead_letters: dict[str, sqs.Queue] = {}
        self._events = self._queue("Events", seen_by=COALESCING, gathered=WINDOW)
        self._due = self._queue("Due", seen_by=STARTING)
        self._ground = ground.knowing(events_queue=self._events.queue_url, due_queue=self._due.queue_url)
        self._webhook = self._receiving(hook_keys)
        self._coalesce = self._coalescing()
        self._start = self._starting()
        self._unheard = self._dead("Start")
        self._wake()

    @property
    def functions(self) -> dict[str, ProductFunction]:
        return {"Webhook": self._webhook, "Coalesce": self._coalesce, "StartRefresh": self._start}

    def open(self, rest: apigateway.RestApi) -> None:
        """POST /hooks/{source} on the tenant's API; the signature is the authorization."""
        hook = rest.root.add_resource("hooks").add_resource("{source}")
        method = hook.add_method(
            "POST",
            apigateway.LambdaIntegration(self._webhook.function, allow_test_invoke=False, timeout=RECEIVING),
            api_key_required=False,
            authorization_type=apigateway.AuthorizationType.NONE,
            request_models={"application/json": rest.add_model("Hook", schema=BODY, content_type="application/json")},
            request_validator=rest.add_request_validator("HookValidator", validate_request_body=True),
        )
        reason = "A vendor calls with a signature over the body, which the function checks before it reads anything"
        acknowledge(method, "AwsSolutions-APIG4", reason)
        acknowledge(method, "AwsSolutions-COG4", reason)

    def _dead(self, name: str) -> sqs.Queue:
        """Kept long enough that somebody comes back from holiday."""
        queue = sqs.Queue(
            self,
            f"{name}DeadLetters",
            encryption_master_key=self._ground.key,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        acknowledge(queue, "AwsSolutions-SQS3", "This queue is where other queues put their dead letters")
        self.dead_letters[name] = queue
        return queue

    def _queue(self, name: str, *, seen_by: Duration, gathered: Duration | None = None) -> sqs.Queue:
        """A message stays out of sight for six times as long as the function that takes it may run."""
        hidden = 6 * seen_by.to_seconds() + (gathered.to_seconds() if gathered else 0)
        return sqs.Queue(
            self,
            name,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=TRIES, queue=self._dead(name)),
            encryption_master_key=self._ground.key,
            enforce_ssl=True,
            retention_period=Duration.days(4),
            visibility_timeout=Duration.seconds(hidden),
        )

    def _function(self, name: str, folder: str, timeout: Duration) -> ProductFunction:
        return ProductFunction(
            self, name, ground=self._ground, folder=folder, zone="outside", dependencies="small", timeout=timeout
        )

    def _receiving(self, keys: Mapping[str, secretsmanager.ISecret]) -> ProductFunction:
        """Puts what is genuine and reads nothing but its keys."""
        made = self._function("Webhook", "webhook", RECEIVING)
        self._ground.lake.allow_write(made.role, "hooks/")
        self._ground.state.allow(made.role, write=("hook",))
        self._allow_send(made, self._events)
        if keys:
            made.allow("secretsmanager:GetSecretValue", on=[secret.secret_arn for secret in keys.values()])
            self._allow_key(made, "secretsmanager", "kms:Decrypt")
        return made

    def _coalescing(self) -> ProductFunction:
        made = self._function("Coalesce", "coalesce", COALESCING)
        self._ground.state.allow(made.role, write=("sync",))
        self._allow_send(made, self._due)
        self._take(made, self._events, batch_size=BATCH, max_batching_window=WINDOW, max_concurrency=AT_ONCE)
        return made

    def _starting(self) -> ProductFunction:
        made = self._function("StartRefresh", "start_refresh", STARTING)
        self._ground.state.allow(made.role, write=("sync", "hook"))
        self._ground.lake.allow_list(made.role, "hooks/")
        self._allow_send(made, self._due)
        self._allow_send(made, self._events)
        made.allow("states:StartExecution", on=[self._machine.state_machine_arn])
        executions = Stack.of(self).format_arn(
            service="states",
            resource="execution",
            resource_name=f"{self._machine.state_machine_name}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        made.allow("states:DescribeExecution", on=[executions])
        self._take(made, self._due, batch_size=10)
        return made

    def _take(self, made: ProductFunction, queue: sqs.Queue, **options: object) -> None:
        made.allow(
            "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility",
            on=[queue.queue_arn],
        )  # fmt: skip
        self._allow_key(made, "sqs", "kms:Decrypt")
        lambda_.EventSourceMapping(
            made,
            "Queue",
            event_source_arn=queue.queue_arn,
            report_batch_item_failures=True,
            target=made.function,
            **options,  # type: ignore[arg-type]  # the mapping's own numbers
        )

    def _allow_send(self, made: ProductFunction, queue: sqs.Queue) -> None:
        made.allow("sqs:SendMessage", on=[queue.queue_arn])
        self._allow_key(made, "sqs", "kms:GenerateDataKey", "kms:Decrypt")

    def _allow_key(self, made: ProductFunction, service: str, *actions: str) -> None:
        """The tenant's key, by way of one service."""
        by_it = {"StringEquals": {"kms:ViaService": f"{service}.{Aws.REGION}.amazonaws.com"}}
        made.allow(*actions, on=[self._ground.key.key_arn], when=by_it)

    def _wake(self) -> None:
        """Who wakes the starter beside the due queue: ended executions, the schedule, and a sweep for what was lost."""
        self._allow_send(self._start, self._unheard)
        lambda_.CfnEventInvokeConfig(
            self,
            "Unheard",
            function_name=self._start.function.function_name,
            qualifier="$LATEST",
            destination_config={"onFailure": {"destination": self._unheard.queue_arn}},
            maximum_retry_attempts=2,
        )
        self._hear_of_executions()
        role = self._scheduling_role()
        tenant = self._ground.tenant
        self._schedule("Refresh", role, tenant.refresh, "scheduled", zone=tenant.time_zone)
        self._schedule("Sweep", role, SWEEP, "sweep")

    def _hear_of_executions(self) -> None:
        events.Rule(
            self,
            "Executions",
            description="Refreshes of this tenant that began or ended",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [self._machine.state_machine_arn], "status": TOLD},
            ),
            targets=[
                targets.LambdaFunction(
                    self._start.function,
                    dead_letter_queue=self._unheard,
                    max_event_age=Duration.hours(1),
                    retry_attempts=10,
                )
            ],
        )
        self._ground.key.add_to_resource_policy(  # without it EventBridge drops what it cannot deliver
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )

    def _scheduling_role(self) -> iam.Role:
        mine = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        role = iam.Role(
            self,
            "Scheduling",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=mine),
            path=role_path(self._ground.tenant.name, "outside"),
        )
        granted = (
            ("lambda:InvokeFunction", self._start.function.function_arn),
            ("sqs:SendMessage", self._unheard.queue_arn),
            ("kms:GenerateDataKey", self._ground.key.key_arn),
            ("kms:Decrypt", self._ground.key.key_arn),
        )
        for action, arn in granted:
            role.add_to_policy(iam.PolicyStatement(actions=[action], resources=[arn]))
        return role

    def _schedule(self, name: str, role: iam.Role, when: str, operation: str, *, zone: str | None = None) -> None:
        schedule = scheduler.CfnSchedule(
            self,
            name,
            description=f"DataBlueprint of {self._ground.tenant.company}: {operation}",
            flexible_time_window={"mode": "OFF"},
            schedule_expression=when,
            schedule_expression_timezone=zone,
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self._start.function.function_arn,
                dead_letter_config={"arn": self._unheard.queue_arn},
                input=json.dumps({"operation": operation}),
                retry_policy={"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 10},
                role_arn=role.role_arn,
            ),
        )
        schedule.node.add_dependency(role)
