"""What the API never gets to see: known attacks, addresses of ill repute, and whoever asks too often."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from infra.constants import KEPT
from infra.constructs.ground import Ground

MANAGED: dict[str, tuple[str, ...]] = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY", "NoUserAgent_HEADER"),
}
"""Rule groups of AWS, and what in them only counts: our code limits bodies, and a vendor may send no User-Agent."""
VISITOR, ADDRESS = 1_000, 10_000
"""Requests in five minutes, of one visitor and of one address; behind CloudFront many visitors share addresses."""
ACL = wafv2.CfnWebACL


class Firewall(Construct):
    """A web ACL of its own per tenant, and a log of what it held back."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground, stage: apigateway.Stage) -> None:
        super().__init__(scope, name)
        self.acl = ACL(
            self,
            "Acl",
            default_action=ACL.DefaultActionProperty(allow={}),
            rules=[*_managed(), *_rates(first=len(MANAGED))],
            scope="REGIONAL",
            visibility_config=_seen("all"),
        )
        bound = wafv2.CfnWebACLAssociation(self, "OfStage", resource_arn=stage.stage_arn, web_acl_arn=self.acl.attr_arn)
        bound.node.add_dependency(stage)
        self._log(ground)

    def _log(self, ground: Ground) -> None:
        """WAF writes only to groups whose name begins so."""
        group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=ground.key,
            log_group_name=f"aws-waf-logs-datablueprint-{ground.tenant.name}",
            removal_policy=RemovalPolicy.DESTROY,
            retention=KEPT,
        )
        arn = Stack.of(self).format_arn(service="logs", resource=f"log-group:{group.log_group_name}")
        kept = [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT")]
        wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            log_destination_configs=[arn],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": kept}],
            },
            redacted_fields=[{"singleHeader": {"Name": header}} for header in ("authorization", "x-api-key")],
            resource_arn=self.acl.attr_arn,
        ).node.add_dependency(group)


def _managed() -> list[wafv2.CfnWebACL.RuleProperty]:
    return [
        ACL.RuleProperty(
            name=group,
            override_action=ACL.OverrideActionProperty(none={}),
            priority=place,
            statement=ACL.StatementProperty(
                managed_rule_group_statement=ACL.ManagedRuleGroupStatementProperty(
                    name=group,
                    rule_action_overrides=[
                        ACL.RuleActionOverrideProperty(
                            name=rule, action_to_use=ACL.RuleActionProperty(count={})
                        )
                        for rule in counted
                    ],
                    vendor_name="AWS",
                )
            ),
            visibility_config=_seen(group),
        )
        for place, (group, counted) in enumerate(MANAGED.items())
    ]  # fmt: skip


def _rates(*, first: int) -> list[wafv2.CfnWebACL.RuleProperty]:
    """A header can be forged by who leaves CloudFront out, so the address that really asks has a limit too."""
    forwarded = ACL.ForwardedIPConfigurationProperty(header_name="X-Forwarded-For", fallback_behavior="MATCH")
    visitor = ACL.RateBasedStatementProperty(
        aggregate_key_type="FORWARDED_IP", forwarded_ip_config=forwarded, limit=VISITOR
    )
    address = ACL.RateBasedStatementProperty(aggregate_key_type="IP", limit=ADDRESS)
    return [
        ACL.RuleProperty(
            name=name,
            action=ACL.RuleActionProperty(block={}),
            priority=first + place,
            statement=ACL.StatementProperty(rate_based_statement=rate),
            visibility_config=_seen(name),
        )
        for place, (name, rate) in enumerate({"one-visitor": visitor, "one-address": address}.items())
    ]


def _seen(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Counted, without samples: a sampled request would show what was asked."""
    return ACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
