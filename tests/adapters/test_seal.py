"""A sealed token opens for its own tenant, system and part, and for nobody and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from datablueprint.adapters.kms_seal import MOST_BYTES, KmsSeal
from datablueprint.adapters.plain_seal import PlainSeal
from datablueprint.errors import SettingsError
from datablueprint.ports import SealBroken

OWN = {"tenant": "acme", "source": "gusto", "part": "refresh_token"}


@pytest.fixture
def seal(monkeypatch: pytest.MonkeyPatch) -> Iterator[KmsSeal]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3

        yield KmsSeal(boto3.client("kms").create_key()["KeyMetadata"]["Arn"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_what_was_sealed_opens_again(seal: KmsSeal, text: str) -> None:
    sealed = seal.seal(text, OWN)

    assert seal.open(sealed, OWN) == text
    assert len(text) < 4 or text not in sealed


@pytest.mark.parametrize("size", [MOST_BYTES, MOST_BYTES + 1, 3 * MOST_BYTES + 7])
def test_a_long_token_is_sealed_in_chunks_that_kms_takes(seal: KmsSeal, size: int) -> None:
    token = "é" + "x" * (size - 2)

    sealed = seal.seal(token, OWN)

    assert seal.open(sealed, OWN) == token
    assert sealed.count(":") == -(-size // MOST_BYTES)


@pytest.mark.parametrize("other", [{"tenant": "globex"}, {"source": "procore"}, {"part": "access_token"}])
def test_another_tenant_s_another_system_s_or_another_part_s_text_stays_shut(
    seal: KmsSeal, other: dict[str, str]
) -> None:
    sealed = seal.seal("refresh-1", OWN)

    with pytest.raises(SealBroken):
        seal.open(sealed, {**OWN, **other})


def test_chunks_open_in_their_order_and_number_only(seal: KmsSeal) -> None:
    mark, first, second = seal.seal("a" * (MOST_BYTES + 9), OWN).split(":")

    for forged in ([mark, second, first], [mark, first], [mark, first, second, second]):
        with pytest.raises(SealBroken):
            seal.open(":".join(forged), OWN)


@pytest.mark.parametrize("text", ["", "refresh-1", "kms1", "kms1:", "kms1:???", "kms1:AAAA"])
def test_what_was_never_sealed_is_not_taken_for_a_token(seal: KmsSeal, text: str) -> None:
    with pytest.raises(SealBroken):
        seal.open(text, OWN)


@pytest.mark.parametrize("code", ["DisabledException", "AccessDeniedException"])
def test_a_key_that_may_not_be_used_is_told_and_no_token_is(code: str) -> None:
    class Refusing:
        def encrypt(self, **_: object) -> None:
            raise ClientError({"Error": {"Code": code, "Message": "refresh-1"}}, "Encrypt")

    with pytest.raises(SettingsError, match=f"may not be used to encrypt .{code}") as refused:
        KmsSeal("key", client=Refusing()).seal("refresh-1", OWN)

    assert "refresh-1" not in str(refused.value)


def test_without_a_key_nothing_is_kept_in_plain() -> None:
    with pytest.raises(SettingsError, match="No key is set"):
        KmsSeal("").seal("refresh-1", OWN)


def test_on_a_laptop_the_file_s_owner_is_the_seal() -> None:
    assert PlainSeal().open(PlainSeal().seal("refresh-1", OWN), OWN) == "refresh-1"
