"""What can be thrown away and deployed again: functions, the state machine, the agent, the API, the page."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack, Tags
from constructs import Construct

from infra.constructs.agent import Agent
from infra.constructs.api import Api
from infra.constructs.catalog import Catalog
from infra.constructs.code import Layers
from infra.constructs.connect import Connect
from infra.constructs.ground import Ground
from infra.constructs.ingress import Ingress
from infra.constructs.page import Page
from infra.constructs.refresh import Refresh
from infra.constructs.tokens import Brokers
from infra.constructs.watch import Watch
from infra.stacks.data import DataStack


class ServiceStack(Stack):
    """Stateless: each construct adds its AWS names to the ground that the next one stands on."""

    def __init__(self, scope: Construct, name: str, *, data: DataStack, **options: Any) -> None:
        tenant = data.tenant
        super().__init__(scope, name, description=f"DataBlueprint: the service of {tenant.company}", **options)
        Tags.of(self).add("tenant", tenant.name)
        settings = tenant.settings()
        ground = Ground(
            tenant=tenant,
            key=data.key,
            lake=data.lake,
            state=data.state,
            network=data.network,
            layers=Layers(self, "Layers", settings=settings),
            names=settings.model_copy(
                update={
                    "bucket": data.lake.bucket.bucket_name,
                    "state_table": data.state.table.table_name,
                    "seal_key": data.key.key_arn,
                }
            ),
        )
        self.catalog = Catalog(self, "Catalog", ground=ground)
        ground = ground.knowing(database=self.catalog.database_name, workgroup=self.catalog.workgroup_name)
        self.brokers = Brokers(self, "Tokens", ground=ground, secrets=data.secrets)
        ground = ground.knowing(brokers=self.brokers.names)
        self.refresh = Refresh(self, "Refresh", ground=ground, catalog=self.catalog, brokers=self.brokers)
        ground = ground.knowing(machine=self.refresh.machine.state_machine_arn)
        self.ingress = Ingress(self, "Ingress", ground=ground, machine=self.refresh.machine, hook_keys=data.hook_keys)
        self.agent = Agent(self, "Agent", ground=ground, catalog=self.catalog)
        ground = ground.knowing(**self.agent.names)
        ground = ground.knowing(issuer=data.people.issuer)
        self.api = Api(self, "Api", ground=ground, catalog=self.catalog, people=data.people)
        self.ingress.open(self.api.rest)
        self.agent.allow_asking(self.api.handler.role)
        self.connect = Connect(self, "Connect", ground=ground, brokers=self.brokers)
        self.connect.routes(self.api)
        self.page = Page(self, "Page", ground=ground, people=data.people, api=self.api)
        self.watch = Watch(
            self,
            "Watch",
            ground=ground,
            refresh=self.refresh,
            agent=self.agent,
            brokers=self.brokers,
            functions={"Api": self.api.handler, "Connect": self.connect.handler, **self.ingress.functions},
            dead_letters=self.ingress.dead_letters,
            rest=self.api.rest,
        )
