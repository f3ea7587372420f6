"""What functions are made of: the package, one set of dependencies, and the tenant's own file."""

from __future__ import annotations

import hashlib

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from datablueprint.settings import Settings
from infra import layers
from infra.constants import NOT_SHIPPED, ROOT, RUNTIME

TENANT_FILE = "/opt/tenant/settings.json"


class Layers(Construct):
    """The layers of one tenant, each made when the first function asks for it."""

    def __init__(self, scope: Construct, name: str, *, settings: Settings) -> None:
        super().__init__(scope, name)
        self._settings = settings
        self._made: dict[str, lambda_.LayerVersion] = {}

    def of(self, dependencies: str) -> list[lambda_.ILayerVersion]:
        """The layers of a function: `dependencies` is the name of a file in layers/deps."""
        return [self._core(), self._tenant(), self._dependencies(dependencies)]

    def _core(self) -> lambda_.LayerVersion:
        code = lambda_.Code.from_asset(str(ROOT / "layers" / "core"), exclude=NOT_SHIPPED)
        return self._layer("Core", code, "datablueprint")

    def _tenant(self) -> lambda_.LayerVersion:
        """Under a folder named by its content: equal settings give an equal asset on every machine."""
        text = self._settings.to_file()
        folder = ROOT / ".build" / "tenants" / hashlib.sha256(text.encode()).hexdigest()[:16]
        file = folder / "tenant" / "settings.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return self._layer("Tenant", lambda_.Code.from_asset(str(folder)), "The tenant's settings; no secrets")

    def _dependencies(self, name: str) -> lambda_.LayerVersion:
        return self._layer(name.capitalize(), layers.code(name), f"layers/deps/{name}.txt")

    def _layer(self, name: str, code: lambda_.Code, description: str) -> lambda_.LayerVersion:
        if name not in self._made:
            self._made[name] = lambda_.LayerVersion(
                self,
                name,
                code=code,
                compatible_architectures=[lambda_.Architecture.ARM_64],
                compatible_runtimes=[RUNTIME],
                description=description,
            )
        return self._made[name]
