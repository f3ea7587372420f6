"""The condition operators of IAM, as documented; one that is not here is an error, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

Context = Mapping[str, str | Sequence[str]]
"""What AWS knows of a request. A text is a key with one value, a sequence one that may have several."""


class NotUnderstood(Exception):
    """A policy says something that this evaluator can't judge; it must learn it before a test may go on."""


KNOWN = frozenset(
    {
        "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:PrincipalAccount", "aws:PrincipalArn",
        "aws:PrincipalIsAWSService", "aws:RequestedRegion", "aws:ResourceAccount", "aws:SecureTransport",
        "aws:SourceAccount", "aws:SourceArn", "aws:SourceVpc", "aws:SourceVpce", "aws:ViaAWSService",
        "bedrock:GuardrailIdentifier", "bedrock:InferenceProfileArn",
        "dynamodb:LeadingKeys", "kms:CallerAccount", "kms:EncryptionContextKeys", "kms:GrantIsForAWSResource",
        "kms:ViaService", "lambda:SourceFunctionArn", "s3:TlsVersion", "s3:delimiter", "s3:max-keys", "s3:prefix",
        "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)  # fmt: skip
"""Keys that the requests we make would carry where AWS has them, so that absence means absence."""
KNOWN_FAMILIES = ("kms:EncryptionContext:",)
SEVERAL = frozenset({"aws:CalledVia", "dynamodb:LeadingKeys", "kms:EncryptionContextKeys"})
"""Keys with several values; AWS demands ForAllValues or ForAnyValue for these."""

Test = Callable[[str, str], bool]


@cache
def wildcard(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """`*` is any text and `?` one character."""
    parts = {"*": ".*", "?": "."}
    return re.compile(
        "".join(parts.get(c, re.escape(c)) for c in pattern), re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    )


def like(value: str, pattern: str) -> bool:
    return wildcard(pattern).fullmatch(value) is not None


def arn_like(value: str, pattern: str) -> bool:
    """Each of the six parts of an ARN by itself; only a last part takes in what follows it."""
    wanted = pattern.split(":", 5)
    there = value.split(":", len(wanted) - 1)
    if len(wanted) < 6 and not pattern.endswith("*"):
        return False
    return len(there) == len(wanted) and all(like(part, one) for part, one in zip(there, wanted, strict=True))


def _boolean(value: str, wanted: str) -> bool:
    return value.lower() == wanted.lower()


POSITIVE: dict[str, Test] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": _boolean,
    "NumericEquals": lambda value, wanted: float(value) == float(wanted),
    "NumericLessThan": lambda value, wanted: float(value) < float(wanted),
    "NumericLessThanEquals": lambda value, wanted: float(value) <= float(wanted),
    "NumericGreaterThan": lambda value, wanted: float(value) > float(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: float(value) >= float(wanted),
}
NEGATED: dict[str, Test] = {
    "StringNotEquals": POSITIVE["StringEquals"],
    "StringNotEqualsIgnoreCase": POSITIVE["StringEqualsIgnoreCase"],
    "StringNotLike": POSITIVE["StringLike"],
    "ArnNotEquals": POSITIVE["ArnEquals"],
    "ArnNotLike": POSITIVE["ArnLike"],
    "NumericNotEquals": POSITIVE["NumericEquals"],
}


def hold(conditions: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether every operator and every key of a statement's conditions agrees; no conditions always agree."""
    found = [
        _holds(operator, key, _texts(wanted), context)  # a list, so that nothing unknown hides behind a mismatch
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    ]
    return all(found)


def _holds(operator: str, key: str, wanted: list[str], context: Context) -> bool:
    _check_known(key)
    values = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return (values is None) == (wanted[0].lower() == "true")
    quantifier, _, plain = operator.rpartition(":")
    base = plain.removesuffix("IfExists")
    if base not in POSITIVE and base not in NEGATED:
        raise NotUnderstood(f"condition operator {operator}")
    if values is not None and base != plain and not quantifier:
        return _one(base, _single(key, values), wanted)
    if base != plain and values is None:
        return True
    if quantifier:
        return _several(quantifier, base, _texts(values or []), wanted)
    if values is None:
        return base in NEGATED
    return _one(base, _single(key, values), wanted)


def _one(base: str, value: str, wanted: list[str]) -> bool:
    """A positive operator wants one of the values, a negated one none of them."""
    if base in NEGATED:
        return not any(NEGATED[base](value, each) for each in wanted)
    return any(POSITIVE[base](value, each) for each in wanted)


def _several(quantifier: str, base: str, values: list[str], wanted: list[str]) -> bool:
    """An absent key satisfies ForAllValues, and never ForAnyValue."""
    if quantifier not in ("ForAllValues", "ForAnyValue"):
        raise NotUnderstood(f"condition operator {quantifier}:{base}")
    agreeing = [_one(base, value, wanted) for value in values]
    return all(agreeing) if quantifier == "ForAllValues" else any(agreeing)


def _single(key: str, values: str | Sequence[str]) -> str:
    if isinstance(values, str):
        return values
    raise NotUnderstood(f"{key} may have several values: it needs ForAllValues or ForAnyValue")


def _check_known(key: str) -> None:
    lower = key.lower()
    if lower not in {known.lower() for known in KNOWN} and not lower.startswith(
        tuple(family.lower() for family in KNOWN_FAMILIES)
    ):
        raise NotUnderstood(f"condition key {key}")


def _texts(value: Any) -> list[str]:
    """Policies write one value, a list of them, or a JSON truth value."""
    found = value if isinstance(value, list | tuple) else [value]
    texts = [str(each).lower() if isinstance(each, bool) else str(each) for each in found]
    for text in texts:
        if "${" in text:
            raise NotUnderstood(f"policy variable in {text}")
    return texts
