"""The evaluator decides as AWS documents it; everything else in this folder leans on that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.aws.iam.conditions import NotUnderstood, hold
from tests.aws.iam.policies import Policies, Request, judge, statements

ROLE = "arn:aws:iam::123456789012:role/datablueprint/alder/inside/Conform"
READ = Request("s3:GetObject", "arn:aws:s3:::lake/tables/jobs.parquet")
KEY = "arn:aws:kms:us-east-1:123456789012:key/1"
TRUSTING = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*"}


def policy(*listed: Mapping[str, Any]) -> Any:
    return statements({"Statement": [{"Resource": "*", **each} for each in listed]}, "test")


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        (allow("s3:GetObject", "arn:aws:s3:::lake/tables/*"), True),
        (allow("s3:getobject", "arn:aws:s3:::lake/tables/*"), True),
        (allow("s3:Get*", "arn:aws:s3:::lake/*"), True),
        (allow("s3:GetObject", "arn:aws:s3:::lake"), False),
        (allow("s3:GetObject", "arn:aws:s3:::lake/raw/*"), False),
        (allow("s3:GetObject", "arn:aws:s3:::lake/Tables/*"), False),
        (allow("s3:GetObject", "arn:aws:s3:::lak?/tables/jobs.parquet"), True),
        (allow("s3:GetObjectVersion", "*"), False),
        (allow("s3:PutObject", "*"), False),
        ({"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}, True),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::lake/tables/*"}, False),
    ],
)
def test_a_statement_is_about_its_actions_and_resources(statement: dict[str, Any], allowed: bool) -> None:
    assert judge(READ, ROLE, Policies(policy(statement))).allowed is allowed


def test_nothing_is_allowed_that_nobody_allows() -> None:
    assert not judge(READ, ROLE, Policies([])).allowed


@pytest.mark.parametrize("where", ["identity", "resource", "endpoint"])
def test_an_explicit_denial_wins_wherever_it_stands(where: str) -> None:
    everything = policy({**allow("*"), "Principal": "*"})
    held: dict[str, Any] = {"identity": everything, "resource": everything, "endpoint": everything}
    assert judge(READ, ROLE, Policies(**held)).allowed

    held[where] = [*everything, *policy({**deny("s3:*"), "Principal": "*"})]

    assert not judge(READ, ROLE, Policies(**held)).allowed


def test_within_an_account_either_side_may_allow() -> None:
    own, other = policy({**allow("s3:*"), "Principal": {"AWS": ROLE}}), policy(allow("s3:*"))

    assert judge(READ, ROLE, Policies([], resource=own)).allowed
    assert judge(READ, ROLE, Policies(other, resource=[])).allowed
    assert not judge(READ, ROLE.replace("Conform", "Link"), Policies([], resource=own)).allowed


def test_a_bucket_that_names_the_account_leaves_the_decision_to_iam() -> None:
    account = policy({**allow("s3:*"), "Principal": {"AWS": "arn:aws:iam::123456789012:root"}})

    assert not judge(READ, ROLE, Policies([], resource=account)).allowed


def test_an_endpoint_policy_limits_what_a_role_may() -> None:
    identity = policy(allow("s3:*"))
    narrow = policy({**allow("s3:GetObject", "arn:aws:s3:::other/*"), "Principal": "*"})

    assert not judge(READ, ROLE, Policies(identity, endpoint=narrow)).allowed


def test_a_key_opens_only_where_its_own_policy_agrees() -> None:
    opening = Request("kms:Decrypt", KEY)
    identity, trusting = policy(allow("kms:Decrypt", KEY)), policy({**TRUSTING, "Resource": "*"})

    assert judge(opening, ROLE, Policies(identity, resource=trusting)).allowed
    assert not judge(opening, ROLE, Policies(identity, resource=[])).allowed
    assert not judge(opening, ROLE, Policies([], resource=trusting)).allowed


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {"aws:SourceVpce": "vpce-1"}, True),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {}, False),
        ({"StringEquals": {"AWS:sourcevpce": ["vpce-2", "vpce-1"]}}, {"aws:SourceVpce": "vpce-1"}, True),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, {}, True),
        ({"StringNotEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}}, {"aws:SourceVpce": "vpce-2"}, False),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, {}, True),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, {"aws:SourceVpce": "vpce-2"}, False),
        ({"StringLike": {"s3:prefix": "raw/source=procore/*"}}, {"s3:prefix": "raw/source=procore/"}, True),
        ({"StringLike": {"s3:prefix": "raw/source=procore/*"}}, {"s3:prefix": "raw/"}, False),
        ({"StringLike": {"s3:prefix": "tables/*"}}, {}, False),
        ({"ArnLike": {"aws:PrincipalArn": f"{ROLE[:-7]}*"}}, {"aws:PrincipalArn": ROLE}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x/*"}}, {"aws:PrincipalArn": ROLE}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:*:role/*"}}, {"aws:PrincipalArn": ROLE}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, False),
        ({"Bool": {"aws:SecureTransport": False}}, {"aws:SecureTransport": "false"}, True),
        ({"NumericLessThan": {"s3:TlsVersion": 1.2}}, {"s3:TlsVersion": "1.3"}, False),
        ({"Null": {"aws:SourceVpce": "true"}}, {}, True),
        ({"Null": {"aws:SourceVpce": "false"}}, {}, False),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a", "b"]}}, {"dynamodb:LeadingKeys": ["a"]}, True),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}, {"dynamodb:LeadingKeys": ["a", "c"]}, False),
        ({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["a"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": ["x"]}}, {}, False),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": ["x"]}}, {"aws:CalledVia": ["y", "x"]}, True),
        ({"ForAllValues:StringNotEquals": {"aws:CalledVia": ["x"]}}, {}, True),
        ({"ForAllValues:StringNotEquals": {"aws:CalledVia": ["x"]}}, {"aws:CalledVia": ["x"]}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"kms:EncryptionContext:tenant": "a"}, True),
    ],
)
def test_conditions_hold_as_documented(condition: dict[str, Any], context: dict[str, Any], holds: bool) -> None:
    assert hold(condition, context) is holds


def test_all_operators_and_keys_of_a_statement_have_to_agree() -> None:
    both = {"StringEquals": {"aws:SourceVpce": "1", "aws:SourceVpc": "2"}, "Bool": {"aws:SecureTransport": "true"}}
    context = {"aws:SourceVpce": "1", "aws:SourceVpc": "2", "aws:SecureTransport": "true"}

    assert hold(both, context)
    for key in context:
        assert not hold(both, {**context, key: "other"})


def test_absence_of_leading_keys_passes_for_all_values_so_a_scan_needs_its_own_wall() -> None:
    """What AWS documents as a trap: a condition of ForAllValues alone does not keep anybody from scanning."""
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["token"]}}

    assert hold(own, {})


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"StringEquals": {"aws:NeverHeardOf": "x"}},
        {"StringEquals": {"aws:PrincipalArn": "${aws:username}"}},
        {"StringEquals": {"dynamodb:LeadingKeys": "token"}},
        {"ForSomeValues:StringEquals": {"aws:CalledVia": "x"}},
    ],
)
def test_what_the_evaluator_does_not_know_is_an_error(condition: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        hold(condition, {"dynamodb:LeadingKeys": ["token"]})


def test_an_unknown_part_of_a_statement_is_an_error() -> None:
    with pytest.raises(NotUnderstood, match="NotPrincipal"):
        judge(READ, ROLE, Policies([], resource=policy({**deny("s3:*"), "NotPrincipal": {"AWS": ROLE}})))
