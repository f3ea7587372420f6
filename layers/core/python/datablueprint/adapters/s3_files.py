"""An S3 bucket already is the store we want; this class only gives it the port's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class S3Files:
    """`Files` over a bucket, below an optional key prefix such as `lake/`."""

    def __init__(self, bucket: str, *, prefix: str = "", client: Any = None) -> None:
        import boto3

        self.bucket = bucket
        self.prefix = prefix
        self._client = client or boto3.client("s3")

    def read(self, key: str) -> bytes:
        """Content of `key`; FileNotFoundError when absent.

        S3 says "access denied" of an absent key to who may list only some prefixes,
        as our roles do; whoever may list this one can tell the two apart.
        """
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=self.prefix + key)
        except self._client.exceptions.NoSuchKey:
            raise FileNotFoundError(f"s3://{self.bucket}/{self.prefix}{key}") from None
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] == "AccessDenied" and key not in self.list(key):
                raise FileNotFoundError(f"s3://{self.bucket}/{self.prefix}{key}") from None
            raise
        content: bytes = answer["Body"].read()
        return content

    def write(self, key: str, content: bytes) -> None:
        """One PUT, which S3 makes visible whole or not at all."""
        self._client.put_object(Bucket=self.bucket, Key=self.prefix + key, Body=content)

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that start with `prefix`, in lexical order (the order S3 lists in)."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix + prefix)
        for page in pages:
            for found in page.get("Contents", ()):
                yield found["Key"][len(self.prefix) :]

    def delete(self, key: str) -> None:
        """Remove `key`; S3 does not mind when it is absent."""
        self._client.delete_object(Bucket=self.bucket, Key=self.prefix + key)
