"""`python -m local.sandbox` serves the whole contractor on fixed ports until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from datetime import date
from pathlib import Path

from local.sandbox.sandbox import HOSTS, RECORDED_REALM, Sandbox, recorded_company
from local.sandbox.servers.limits import Limits

RECORDED = Path("../shared/fixtures/quickbooks_online_recorded")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.sandbox", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 20))
    parser.add_argument("--port", type=int, default=8700, help="the first of five ports in a row")
    parser.add_argument("--credentials", type=Path, help="write client ids, secrets and first tokens to this file")
    parser.add_argument("--files", type=Path, help="drop the payroll files below this folder")
    parser.add_argument("--documented-limits", action="store_true", help="obey the vendors' published rate limits")
    return parser.parse_args()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve(options: argparse.Namespace) -> None:
    """Build the world, serve it, say where, wait."""
    from local.sandbox.world import build_world, collections

    sandbox = Sandbox.of(
        collections(build_world(seed=options.seed, jobs=options.jobs, today=options.today)),
        more_companies={RECORDED_REALM: recorded_company(RECORDED)} if RECORDED.is_dir() else {},
        today=options.today,
        seed=options.seed,
        limits=Limits() if options.documented_limits else Limits.relaxed(),
        ports={host: options.port + place for place, host in enumerate(HOSTS)},
    )
    with sandbox:
        for host, url in sandbox.urls.items():
            say(f"{host:<18}{url}")
        if options.credentials:
            options.credentials.touch(mode=0o600)
            options.credentials.write_text(json.dumps(sandbox.credentials, indent=2), encoding="utf-8")
        if options.files:
            say(f"{'files':<18}{len(sandbox.write_files(options.files))} below {options.files}")
        say("Ctrl-C stops the sandbox.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    serve(parse())
