"""What somebody must hear of: a refresh that failed, a stale system, messages that nobody could take, money."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs.agent import Agent
from infra.constructs.ground import Ground
from infra.constructs.product_function import ProductFunction
from infra.constructs.refresh import Refresh
from infra.constructs.tokens import Brokers

DAY, HOUR, QUARTER = Duration.days(1), Duration.hours(1), Duration.minutes(15)
SLOW = Duration.seconds(3)
"""How long nineteen of twenty requests may take at most, a wait for an answer apart."""
AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
QUIET = cloudwatch.TreatMissingData.NOT_BREACHING
STALE, RECONNECT, ENDING = "StaleSystems", "ReconnectNeeded", "ConnectionsEnding"
UNANSWERED = "QuestionsFailed"
STALE_LINE = "system is stale"
"""What the step Conform logs of each system that could not be read."""
ENDING_LINE = "connection ends soon"
"""What a broker logs while the vendor's own limit on a connection comes near."""
FAILED_LINE = "question failed"
"""What the agent's host logs of a question that ended in a defect."""


class Watch(Construct):
    """Alarms that all tell one topic, a dashboard of the same metrics, and a budget."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        ground: Ground,
        refresh: Refresh,
        agent: Agent,
        brokers: Brokers,
        functions: Mapping[str, ProductFunction],
        dead_letters: Mapping[str, sqs.IQueue],
        rest: apigateway.RestApi,
    ) -> None:
        super().__init__(scope, name)
        self._ground = ground
        self._namespace = f"DataBlueprint/{ground.tenant.name}"
        self.topic = self._topic()
        self._shown: list[cloudwatch.IWidget] = []
        self._refresh(refresh.machine)
        self._systems(refresh.functions["Conform"], brokers)
        self._questions(agent)
        self._queues(dead_letters)
        self._functions(
            {**refresh.functions, **{f"Broker_{at}": made for at, made in brokers.functions.items()}, **functions}
        )
        self._api(rest)
        self._dashboard()
        self._budget()

    def _topic(self) -> sns.Topic:
        topic = sns.Topic(self, "Alarms", enforce_ssl=True, master_key=self._ground.key)
        tellers = [iam.ServicePrincipal(f"{service}.amazonaws.com") for service in ("cloudwatch", "budgets")]
        own = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        key_use = ["kms:Decrypt", "kms:GenerateDataKey*"]
        self._ground.key.add_to_resource_policy(
            iam.PolicyStatement(actions=key_use, principals=list(tellers), resources=["*"], conditions=own)
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"], principals=list(tellers), resources=[topic.topic_arn], conditions=own
            )
        )
        if self._ground.tenant.alarm_email:
            topic.add_subscription(subscriptions.EmailSubscription(self._ground.tenant.alarm_email))
        return topic

    def _refresh(self, machine: sfn.IStateMachine) -> None:
        failed = machine.metric_failed(period=QUARTER)
        timed_out = machine.metric_timed_out(period=QUARTER)
        self._alarm("RefreshFailed", failed, "The refresh failed; its execution says in which state (RUNBOOK: redrive)")
        self._alarm("RefreshTimedOut", timed_out, "The refresh took longer than twelve hours")
        done = machine.metric_succeeded(period=DAY)
        self._alarm(
            "NoRefresh",
            done,
            "No refresh succeeded for a day: the schedule does not start it, or every one fails",
            below=1,
        )
        self._show("Refreshes", machine.metric_started(period=HOUR), machine.metric_succeeded(period=HOUR),
                   machine.metric_failed(period=HOUR), machine.metric_timed_out(period=HOUR))  # fmt: skip

    def _systems(self, conform: ProductFunction, brokers: Brokers) -> None:
        """Conform notes how every system's reading went, and writes a line for each that could not be read."""
        line = logs.FilterPattern.string_value("$.message", "=", STALE_LINE)
        expired = logs.FilterPattern.string_value("$.error_type", "=", "AuthExpired")
        self._count(STALE, conform.log_group, line)
        self._count(RECONNECT, conform.log_group, logs.FilterPattern.all(line, expired))
        for source, broker in brokers.functions.items():
            self._count(ENDING, broker.log_group, logs.FilterPattern.all_terms(ENDING_LINE), of=source)
        stale, reconnect, ending = (self._counted(metric) for metric in (STALE, RECONNECT, ENDING))
        self._alarm(STALE, stale, "A system could not be read; its figures are of the last time it could", least=2)
        self._alarm(RECONNECT, reconnect, "A system must be connected again, by a person (RUNBOOK: connect)")
        self._alarm(ENDING, ending, "A connection ends within days; a person can renew it before (RUNBOOK: connect)")
        self._show("Systems that could not be read", stale, reconnect, ending)

    def _questions(self, agent: Agent) -> None:
        self._count(UNANSWERED, agent.log_group, logs.FilterPattern.all_terms(FAILED_LINE))
        failed = self._counted(UNANSWERED)
        self._alarm(UNANSWERED, failed, "Questions end without an answer, by a defect of ours", least=3)
        self._show("Questions that failed", failed)

    def _queues(self, dead_letters: Mapping[str, sqs.IQueue]) -> None:
        depths = []
        for name, queue in dead_letters.items():
            depth = queue.metric_approximate_number_of_messages_visible(period=QUARTER, statistic="Maximum", label=name)
            self._alarm(f"{name}Dead", depth, f"Messages that nobody could take wait in {name} (RUNBOOK: redrive)")
            depths.append(depth)
        if depths:
            self._show("Messages nobody could take", *depths)

    def _functions(self, functions: Mapping[str, ProductFunction]) -> None:
        """A system's own failures are the refresh's to tell, so five errors in a quarter of an hour make an alarm."""
        errors = [made.function.metric_errors(period=QUARTER, label=name) for name, made in functions.items()]
        held = [made.function.metric_throttles(period=QUARTER, label=name) for name, made in functions.items()]
        for name, error, throttle in zip(functions, errors, held, strict=True):
            self._alarm(f"{name}Errors", error, f"{name} fails again and again", least=5)
            self._alarm(f"{name}Throttled", throttle, f"{name} is held back: raise its concurrency quota")
        self._show("Errors of functions", *errors)
        self._show("Functions held back", *held)

    def _api(self, rest: apigateway.RestApi) -> None:
        broken = rest.metric_server_error(period=QUARTER, statistic="Sum")
        refused = rest.metric_client_error(period=QUARTER, statistic="Sum")
        asked = rest.metric_count(period=QUARTER, statistic="Sum")
        slow = cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name="Latency",
            dimensions_map={
                "ApiName": rest.rest_api_name,
                "Stage": rest.deployment_stage.stage_name,
                "Method": "GET",
                "Resource": "/{proxy+}",
            },
            period=QUARTER,
            statistic="p95",
        )
        self._alarm("ApiBroken", broken, "The API failed", least=3)
        self._alarm(
            "ApiSlow", slow, "The API is slow, answers apart", least=SLOW.to_milliseconds(), times=2
        )  # fmt: skip
        self._show("API", asked, broken, refused)
        self._show("API: nineteen of twenty within", slow)

    def _budget(self) -> None:
        """Counted by the tag `tenant`, which the account's owner activates once for cost allocation."""
        tenant = self._ground.tenant
        if tenant.monthly_budget is None:
            return
        told = [budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self.topic.topic_arn)]
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=float(tenant.monthly_budget), unit="USD"),
                cost_filters={"TagKeyValue": [f"user:tenant${tenant.name}"]},
                time_unit="MONTHLY",
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        comparison_operator="GREATER_THAN",
                        notification_type=kind,
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=told,
                )
                for kind, percent in (("ACTUAL", 80), ("FORECASTED", 100))
            ],
        )

    def _count(self, metric: str, group: logs.ILogGroup, pattern: logs.IFilterPattern, *, of: str = "") -> None:
        logs.MetricFilter(
            self,
            f"{metric}Lines{of}",
            filter_pattern=pattern,
            log_group=group,
            metric_name=metric,
            metric_namespace=self._namespace,
            metric_value="1",
        )

    def _counted(self, metric: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace=self._namespace, metric_name=metric, period=DAY, statistic="Sum")

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        said: str,
        *,
        least: float = 1,
        below: float | None = None,
        times: int = 1,
    ) -> None:
        """An alarm while `metric` is `least` or more, or less than `below`, `times` in a row; its end is told too."""
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"{self._ground.tenant.company}: {said}",
            comparison_operator=AT_LEAST if below is None else cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            evaluation_periods=times,
            metric=metric,
            threshold=least if below is None else below,
            treat_missing_data=QUIET if below is None else cloudwatch.TreatMissingData.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))

    def _show(self, title: str, *metrics: cloudwatch.IMetric) -> None:
        self._shown.append(cloudwatch.GraphWidget(title=title, left=list(metrics), width=12, height=6))

    def _dashboard(self) -> None:
        """Two graphs beside each other, the refresh first."""
        rows = [self._shown[at : at + 2] for at in range(0, len(self._shown), 2)]
        cloudwatch.Dashboard(
            self, "Dashboard", dashboard_name=f"datablueprint-{self._ground.tenant.name}", widgets=rows
        )
