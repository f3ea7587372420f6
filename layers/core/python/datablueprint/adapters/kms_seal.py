"""KMS binds a sealed text to its context, so a record copied to another tenant or system stays shut."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from datablueprint.errors import SettingsError
from datablueprint.ports import SealBroken

MOST_BYTES = 4095
"""KMS encrypts 4,096 bytes at once, of which one is ours; longer texts become chunks that open in their order only."""
MARK = "kms1"
KEY_TROUBLE = frozenset(
    {"AccessDeniedException", "DisabledException", "NotFoundException", "KMSInvalidStateException",
     "InvalidKeyUsageException"}
)  # fmt: skip


class KmsSeal:
    """`Seal` by direct encryption under one KMS key; reads as `kms1:<base64>:<base64>...`.

    SettingsError when the key may not be used. Faults that pass are KMS's own exceptions.
    """

    def __init__(self, key: str, *, client: Any = None) -> None:
        self._key = key
        self._given = client

    @cached_property
    def _client(self) -> Any:
        if not self._key:
            raise SettingsError("No key is set to keep tokens under; the CDK app sets seal_key on token brokers")
        if self._given:
            return self._given
        import boto3

        return boto3.client("kms")

    def seal(self, text: str, context: Mapping[str, str]) -> str:
        content = text.encode()
        chunks = [content[at : at + MOST_BYTES] for at in range(0, len(content), MOST_BYTES)] or [b""]
        sealed = [self._encrypt(chunk, _of(context, at, len(chunks))) for at, chunk in enumerate(chunks, 1)]
        return ":".join((MARK, *sealed))

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        mark, *chunks = sealed.split(":")
        if mark != MARK or not chunks:
            raise SealBroken("this is not a text that was sealed here")
        opened = [self._decrypt(chunk, _of(context, at, len(chunks))) for at, chunk in enumerate(chunks, 1)]
        return b"".join(opened).decode()

    def _encrypt(self, chunk: bytes, context: Mapping[str, str]) -> str:
        # KMS refuses an empty text, so every chunk begins with a byte that says nothing.
        answer = self._asked("encrypt", KeyId=self._key, Plaintext=b"=" + chunk, EncryptionContext=context)
        return base64.b64encode(answer["CiphertextBlob"]).decode("ascii")

    def _decrypt(self, chunk: str, context: Mapping[str, str]) -> bytes:
        try:
            blob = base64.b64decode(chunk, validate=True)
        except binascii.Error:
            raise SealBroken("the sealed text is damaged") from None
        answer = self._asked("decrypt", KeyId=self._key, CiphertextBlob=blob, EncryptionContext=context)
        content: bytes = answer["Plaintext"]
        return content[1:]

    def _asked(self, action: str, **request: Any) -> dict[str, Any]:
        from botocore.exceptions import ClientError

        try:
            answer: dict[str, Any] = getattr(self._client, action)(**request)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("InvalidCiphertextException", "IncorrectKeyException"):
                raise SealBroken("the sealed text belongs elsewhere or is damaged") from None
            if code in KEY_TROUBLE:
                raise SettingsError(
                    f"The key for tokens may not be used to {action} ({code}); look at the key's state and at the "
                    "permissions of this function"
                ) from None
            raise
        return answer


def _of(context: Mapping[str, str], at: int, count: int) -> dict[str, str]:
    return {**context, "chunk": f"{at}/{count}"}
