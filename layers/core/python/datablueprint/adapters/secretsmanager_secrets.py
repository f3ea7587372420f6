"""Secrets Manager holds what an administrator typed once; what rotates lives in State."""

from __future__ import annotations

import json
from typing import Any

from datablueprint.errors import SettingsError


class SecretsManagerSecrets:
    """`Secrets` whose values are JSON objects of text fields."""

    def __init__(self, *, client: Any = None) -> None:
        import boto3

        self._client = client or boto3.client("secretsmanager")

    def get(self, name: str) -> dict[str, str]:
        """The secret's fields; SettingsError names the secret when it is missing or malformed, never a value."""
        try:
            text = self._client.get_secret_value(SecretId=name)["SecretString"]
        except self._client.exceptions.ResourceNotFoundException:
            problem = f"There is no secret named {name!r} in Secrets Manager; connect the system first"
            raise SettingsError(problem) from None
        except KeyError:
            raise SettingsError(f"The secret {name!r} is binary; it must be a JSON object of text fields") from None
        try:
            fields = json.loads(text)
        except json.JSONDecodeError:
            fields = None
        if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
            raise SettingsError(f"The secret {name!r} must be a JSON object of text fields")
        return fields
