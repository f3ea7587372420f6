"""The synthesised stacks, created in moto's CloudFormation in their order, with every resource accounted for."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

from tests.aws.stand_ins import ACCOUNT, MAKERS, REGION, Order, StandIn, nameless, operator

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
NAMELESS = "a name and nothing behind it"


@dataclass(frozen=True, eq=False)
class Resource:
    """One resource as it was deployed: its properties without intrinsics. Equal to itself only."""

    stack: str
    logical_id: str
    type: str
    id: str
    properties: Mapping[str, Any]
    made_by: str
    """`moto`, `its API in moto`, or NAMELESS."""


class Deployment:
    """All stacks of an assembly in the account that moto imagines."""

    def __init__(self, assembly: Any) -> None:
        self.assembly = assembly
        self.folder = Path(assembly.directory)
        self._files = dict(self._assets())
        self.resources: list[Resource] = []
        self.attributes: dict[tuple[str, str], Any] = {}

    def deploy(self) -> Deployment:
        """Create the stacks; whatever CloudFormation refuses is raised."""
        operator("ssm").put_parameter(Name=BOOTSTRAP, Value="30", Type="String")
        self._upload()
        with self._every_type():
            cloudformation = operator("cloudformation")
            for stack in self._in_order():
                cloudformation.create_stack(
                    StackName=stack.stack_name,
                    TemplateBody=json.dumps(stack.template),
                    Capabilities=["CAPABILITY_NAMED_IAM"],
                )
                self._take_stock(stack)
        return self

    def asset(self, key: str) -> Path:
        """The staged file or folder behind a key of the bootstrap bucket."""
        return self._files[key.rpartition("/")[2]]

    def of_type(self, type_name: str, *, stack: str = "") -> list[Resource]:
        return [r for r in self.resources if r.type == type_name and r.stack.startswith(stack)]

    def by_id(self, type_name: str, physical_id: str) -> Resource:
        return next(r for r in self.of_type(type_name) if r.id == physical_id)

    @cached_property
    def kinds(self) -> dict[str, Counter[str]]:
        """How many resources of each type were made by whom."""
        found: dict[str, Counter[str]] = {}
        for resource in self.resources:
            found.setdefault(resource.made_by, Counter())[resource.type] += 1
        return found

    def _assets(self) -> Iterator[tuple[str, Path]]:
        for manifest in self.folder.rglob("*.assets.json"):
            for asset in json.loads(manifest.read_text(encoding="utf-8"))["files"].values():
                for place in asset["destinations"].values():
                    yield place["objectKey"].rpartition("/")[2], manifest.parent / asset["source"]["path"]

    def _upload(self) -> None:
        """Bytes that stand for each asset: moto wants to see an object, and runs what we give it anyway."""
        client = operator("s3")
        client.create_bucket(Bucket=self._bucket)
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as zipped:
            zipped.writestr("handler.py", "")
        for key in self._files:
            client.put_object(Bucket=self._bucket, Key=key, Body=content.getvalue())

    @property
    def _bucket(self) -> str:
        return f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"

    def _in_order(self) -> list[Any]:
        """Stacks after those they depend on."""
        waiting = list(self.assembly.stacks)
        done: list[Any] = []
        names = {stack.id for stack in waiting}
        while waiting:
            ready = [
                stack
                for stack in waiting
                if not ({d.id for d in stack.dependencies} & names) - {each.id for each in done}
            ]
            done += ready
            waiting = [stack for stack in waiting if stack not in ready]
        return done

    @contextmanager
    def _every_type(self) -> Iterator[None]:
        """moto leaves out types that it does not know with no more than a warning; here each finds a maker."""
        from moto.cloudformation import parsing

        known, deployment = parsing.resource_class_from_type, self

        class Making(StandIn):
            @classmethod
            def create_from_cloudformation_json(
                cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **kwargs: Any
            ) -> StandIn:
                kind = cloudformation_json["Type"]
                properties = cloudformation_json.get("Properties", {})
                order = Order(resource_name, kwargs["LogicalId"], kind, properties, deployment.asset)
                physical_id, attributes = MAKERS.get(kind, nameless)(order)
                return StandIn(physical_id, attributes, order)

        def class_of(kind: str) -> Any:
            ours = kind in MAKERS or kind.startswith("Custom::") or kind not in parsing.get_model_map()
            return Making if ours else known(kind)

        with (
            mock.patch.object(parsing, "resource_class_from_type", class_of),
            mock.patch("yaml.load", lambda text, Loader: json.loads(text)),  # JSON is YAML, but a hundred times slower
        ):
            yield

    def _take_stock(self, artifact: Any) -> None:
        """Read back what moto's CloudFormation made, and resolve every property against it."""
        from moto.cloudformation.models import cloudformation_backends
        from moto.cloudformation.parsing import clean_json

        stacks = cloudformation_backends[ACCOUNT][REGION].stacks.values()
        stack = next(each for each in stacks if each.name == artifact.stack_name)
        if stack.status != "CREATE_COMPLETE":
            raise AssertionError(f"{artifact.stack_name}: {stack.status}")
        for logical_id, raw in artifact.template["Resources"].items():
            made = stack.resource_map[logical_id]
            if made is None:
                raise AssertionError(f"{artifact.stack_name}/{logical_id} ({raw['Type']}) was left out")
            self.resources.append(
                Resource(
                    artifact.stack_name,
                    logical_id,
                    raw["Type"],
                    str(getattr(made, "physical_resource_id", logical_id)),
                    clean_json(raw.get("Properties", {}), stack.resource_map) or {},
                    _by_whom(made, raw["Type"]),
                )
            )


def _by_whom(made: Any, kind: str) -> str:
    if not isinstance(made, StandIn):
        return "moto"
    return "its API in moto" if kind in MAKERS else NAMELESS
