"""A check either passes or ends with what to do; doctor changes nothing."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import metadata

from datablueprint.errors import DataBlueprintError
from datablueprint.ports import Ports, Progress
from local.checks import Check
from local.cli_verbs import Outcome
from local.home import Home

NEEDED = ("httpx", "pyarrow", "duckdb", "moto", "pydantic", "rapidfuzz")
LEAST_FREE_BYTES = 500_000_000


def doctor(args: argparse.Namespace, home: Home, listen: Callable[[Progress], None]) -> Outcome:
    """Every check, whether or not the one before it passed; with --aws, those of the AWS account."""
    if args.aws or args.tenant:
        from local import aws_doctor

        return aws_doctor.doctor(args, home, listen)
    checks = list(_checks(home))
    return Outcome(
        {"home": str(home.path), "checks": [asdict(check) for check in checks]}, ok=all(check.ok for check in checks)
    )


def _checks(home: Home) -> Iterator[Check]:
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _packages()
    yield _disk(home)
    try:
        ports = home.ports()
    except DataBlueprintError as error:
        yield Check("home", False, str(error))
        return
    yield Check(
        "home", True, f"{ports.settings.company or ports.settings.tenant}, {len(ports.settings.sources)} systems"
    )
    yield _secrets(home)
    if (home.path / "state.db").exists():
        yield _state(ports)
        yield _snapshot(ports)
    else:
        yield Check("snapshot", False, "nothing was published yet; run `datablueprint refresh`")
    marker = home.sandbox()
    if marker:
        yield Check("systems", True, f"simulated (seed {marker.seed}, {marker.jobs} jobs); a refresh starts them")
        return
    for name in ports.settings.sources:
        yield _secret(name, ports)
        if ports.settings.sources[name].base_url:
            yield _reachable(name, ports)


def _packages() -> Check:
    missing = []
    for name in NEEDED:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    return Check("packages", not missing, f"missing: {', '.join(missing)}; run `make demo`" if missing else "complete")


def _disk(home: Home) -> Check:
    place = next(folder for folder in (home.path, *home.path.parents) if os.path.exists(folder))  # never raises
    free = shutil.disk_usage(place).free
    text = f"{free / 1e9:.1f} GB free at {place}"
    return Check("disk", free > LEAST_FREE_BYTES, text if free > LEAST_FREE_BYTES else f"{text}; make room")


def _secrets(home: Home) -> Check:
    try:
        names = home.secrets.names()
    except DataBlueprintError as error:
        return Check("secrets.json", False, str(error))
    return Check("secrets.json", True, ", ".join(names) or "empty")


def _state(ports: Ports) -> Check:
    try:
        entries = sum(1 for _ in ports.state.list(""))
    except DataBlueprintError as error:
        return Check("state.db", False, str(error))
    return Check("state.db", True, f"{entries:,} entries")


def _snapshot(ports: Ports) -> Check:
    from datablueprint.lake.snapshots import Snapshots

    try:
        manifest = Snapshots(ports.files, ports.state).current()
    except DataBlueprintError as error:
        return Check("snapshot", False, str(error))
    return Check("snapshot", True, f"{manifest.snapshot}, figures as of {manifest.as_of}")


def _secret(name: str, ports: Ports) -> Check:
    secret = ports.settings.sources[name].secret
    if not secret:
        return Check(f"{name} secret", True, "not needed")
    try:
        ports.secrets.get(secret)
    except DataBlueprintError as error:
        return Check(f"{name} secret", False, str(error))
    return Check(f"{name} secret", True, "stored")


def _reachable(name: str, ports: Ports) -> Check:
    """Any answer counts, also a refusal: the question is whether the network lets us through."""
    import httpx

    base_url = ports.settings.sources[name].base_url
    try:
        with ports.http(base_url) as client:
            client.get("/")
    except (httpx.TransportError, httpx.InvalidURL) as error:
        found = f"{base_url} does not answer ({type(error).__name__}); check the network, the proxy and base_url"
        return Check(f"{name} address", False, found)
    return Check(f"{name} address", True, f"{base_url} answers")
