"""The command line is a contract: every verb takes --home and --json, and an error is one sentence."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from datablueprint import __version__
from datablueprint.errors import DataBlueprintError
from local.home import Home

SYSTEMS = ("procore", "quickbooks_online", "gusto", "payroll_file")


def parser() -> argparse.ArgumentParser:
    """All verbs and their options; `--help` lists only what works."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--home", metavar="DIR", help="the installation's folder (default: ~/.datablueprint)")
    shared.add_argument("--json", action="store_true", help="print the result as JSON, and nothing else, on stdout")
    top = argparse.ArgumentParser(
        prog="datablueprint", description="What will this job make? Figures that open into their records."
    )
    top.add_argument("--version", action="version", version=f"datablueprint {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, text: str, implementation: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text, parents=[shared])
        added.set_defaults(implementation=implementation)
        return added

    demo = verb("demo", "simulate a contractor, refresh, and answer a question", "local.demo:demo")
    _world(demo)

    refresh = verb("refresh", "read what changed, build a snapshot, publish it", "local.cli_verbs:refresh")
    refresh.add_argument("--full", action="store_true", help="read everything again, not only what changed")

    ask = verb("ask", "ask in plain English; the answer carries its records", "local.cli_verbs:ask")
    ask.add_argument("question", nargs="+")

    figure = verb("figure", "open a figure: its terms, its facts, its records", "local.cli_verbs:figure")
    figure.add_argument("figure_id", metavar="ID")
    figure.add_argument("--verify", action="store_true", help="add it up again from the raw records")

    metric = verb("metric", "one metric, for the portfolio or by project", "local.cli_verbs:metric")
    metric.add_argument("name", metavar="NAME")
    metric.add_argument("--by", choices=["project"], help="one figure per project")
    metric.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: the snapshot's day")

    links = verb("links", "what was linked to what, and what a person should decide", "local.cli_verbs:links")
    links.add_argument("action", nargs="?", choices=["review", "accept", "reject"], default="review")
    links.add_argument("link_id", nargs="?", metavar="LINK_ID")
    links.add_argument("--all", action="store_true", help="all links, not only the proposed ones")
    links.add_argument("--by", metavar="NAME", help="who decides (default: your user name)")

    verb("status", "freshness, coverage, findings and the API calls used", "local.cli_verbs:status")

    connect = verb("connect", "connect a system, read-only", "local.connect:connect")
    connect.add_argument("system", choices=SYSTEMS)
    connect.add_argument(
        "--account", metavar="ID", help="company id, realm id or company uuid; for files: a folder below files/"
    )
    connect.add_argument("--tenant", metavar="NAME", help="name of the tenant (first connection only)")
    connect.add_argument("--base-url", metavar="URL", help="where the API is, when it is not the vendor's usual place")
    connect.add_argument("--login-url", metavar="URL", help="where tokens are handed out, when elsewhere")
    connect.add_argument("--secret-file", metavar="FILE", help="JSON with client_id, client_secret and, where needed, "
                         "code or refresh_token ('-' = standard input); without it you are asked")  # fmt: skip
    connect.add_argument("--redirect-uri", metavar="URL", help="the redirect address a code was made for")

    verb("doctor", "check this installation and say what to do about each fault", "local.doctor:doctor")

    sandbox = verb("sandbox", "serve the simulated vendors until interrupted", "local.sandbox_home:serve")
    _world(sandbox)
    return top


def _world(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seed", type=int, default=7, help="which contractor is invented (default: 7)")
    verb.add_argument("--jobs", type=int, default=40, help="how many jobs it has (default: 40)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, 1 when something did not work, 2 when the command was wrong, 130 when interrupted."""
    args = parser().parse_args(arguments)
    from local.cli_print import PRINTERS
    from local.cli_progress import watching

    try:
        with watching(quiet=args.json and not sys.stderr.isatty()) as listen:
            outcome = _implementation(args.implementation)(args, Home.at(args.home), listen)
        if args.json:
            print(json.dumps(outcome.result, default=str, ensure_ascii=False))
        else:
            PRINTERS[args.verb](outcome.result)
    except DataBlueprintError as error:
        print(f"datablueprint: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("datablueprint: interrupted; nothing was published", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return 0 if outcome.ok else 1


def _implementation(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    implementation: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return implementation
