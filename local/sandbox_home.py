"""A simulated contractor is a home like any other, except that its systems are started when they are needed."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from datablueprint.errors import SettingsError
from datablueprint.ports import Progress
from datablueprint.settings import Policy, Settings, SourceSettings
from local.cli_verbs import Outcome
from local.connect import DROP
from local.home import Home, SandboxMarker

if TYPE_CHECKING:
    from local.sandbox.sandbox import Sandbox

SEED, JOBS = 7, 40
TODAY = date(2026, 11, 20)
PROCORE_COMPANY, REALM = "4210001", "9130350000000042"
SIGNED_IN_WITH_A_CODE = {"quickbooks_online": "quickbooks", "gusto": "gusto"}


def create(home: Home, *, seed: int | None = None, jobs: int | None = None) -> SandboxMarker:
    """Make `home` a simulated contractor's; what is there already is kept, another contractor's is refused.

    What is not said is as it was, and in a new home the usual.
    """
    marker = home.sandbox()
    if marker is None and home.exists:
        raise SettingsError(f"{home.path} holds a real company; choose another folder with --home")
    if marker and (seed not in (None, marker.seed) or jobs not in (None, marker.jobs)):
        raise SettingsError(
            f"{home.path} holds the contractor of seed {marker.seed} with {marker.jobs} jobs; "
            "delete the folder, or choose another one with --home"
        )
    if marker is None:
        chosen = SEED if seed is None else seed, JOBS if jobs is None else jobs
        marker = SandboxMarker(*chosen, TODAY, datetime.now(UTC))
        home.save_sandbox(marker)
    return marker


@contextmanager
def systems(home: Home) -> Iterator[Settings | None]:
    """Settings that reach the systems: None (the stored ones) where they are real, else those of a running sandbox."""
    marker = home.sandbox()
    if marker is None:
        yield None
        return
    with world(marker) as sandbox:
        settings = settings_for(sandbox)
        if not home.exists:
            connect_all(home, sandbox, settings)
        yield settings


def world(marker: SandboxMarker) -> Sandbox:
    """The vendors of a simulated contractor, not yet started."""
    from local.sandbox.sandbox import Sandbox
    from local.sandbox.servers.limits import Limits
    from local.sandbox.world import build_world, collections

    invented = build_world(seed=marker.seed, jobs=marker.jobs, today=marker.today)
    return Sandbox.of(
        collections(invented),
        today=marker.today,
        seed=marker.seed,
        limits=Limits.relaxed(),
        clock=marker.clock().now,
    )


def settings_for(sandbox: Sandbox) -> Settings:
    """How the product finds the simulated systems; it cannot tell them from real ones."""
    urls = sandbox.urls

    def source(name: str, host: str, account: str, login: str = "") -> SourceSettings:
        return SourceSettings(base_url=urls[host], login_url=urls[login] if login else "", account=account, secret=name)

    return Settings(
        tenant="sandbox",
        company="Sandbox Builders",
        sources={
            "procore": source("procore", "procore", PROCORE_COMPANY, "procore_login"),
            "quickbooks_online": source("quickbooks_online", "quickbooks", REALM, "quickbooks_token"),
            "gusto": source("gusto", "gusto", sandbox.gusto_company),
            "payroll_file": SourceSettings(base_url="", account=DROP),
        },
        policy=Policy.model_validate(sandbox.policy),
    )


def connect_all(home: Home, sandbox: Sandbox, settings: Settings) -> None:
    """What `connect` does for a person, for all simulated systems at once."""
    from datablueprint.sources import auth

    home.make(home.path / "files")
    sandbox.write_files(home.path / "files" / DROP)
    given = sandbox.credentials
    for name in ("procore", *SIGNED_IN_WITH_A_CODE):
        held = given[SIGNED_IN_WITH_A_CODE.get(name, name)]
        home.secrets.put(name, {"client_id": held["client_id"], "client_secret": held["client_secret"]})
    ports = home.ports(settings=settings)
    auth.connect("procore", ports)
    for name, vendor in SIGNED_IN_WITH_A_CODE.items():
        auth.connect(name, ports, refresh_token=given[vendor]["refresh_token"])
    home.save_settings(settings)


def serve(args: argparse.Namespace, home: Home, listen: Callable[[Progress], None]) -> Outcome:
    """Serve the vendors of this home until interrupted; the addresses are printed first."""
    marker = create(home, seed=args.seed, jobs=args.jobs)
    with world(marker) as sandbox:
        settings = settings_for(sandbox)
        if not home.exists:
            connect_all(home, sandbox, settings)
        for host, url in sandbox.urls.items():
            print(f"{host:<18}{url}", flush=True)
        print("Ctrl-C stops the sandbox.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return Outcome()
    return Outcome()
