"""The command line is a contract: every verb takes --home and --json, and an error is one sentence."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from datablueprint import __version__
from datablueprint.errors import DataBlueprintError
from datablueprint.ports import Progress
from local.home import Home

SYSTEMS = ("procore", "quickbooks_online", "gusto", "payroll_file")
TRACE = "DATABLUEPRINT_TRACE"


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
    refresh.add_argument("--source", action="append", metavar="NAME", help="read only this system; may be repeated")

    ask = verb("ask", "ask in plain English; the answer carries its records", "local.cli_verbs:ask")
    ask.add_argument("question", nargs="+")
    ask.add_argument("--follow", action="store_true", help="it follows the question asked before ('and for ...?')")
    ask.add_argument("--engine", choices=["planner", "bedrock"],
                     help="who answers (default: Bedrock where it is set up, else the offline planner)")  # fmt: skip
    _at(ask)

    _figures(verb)

    links = verb("links", "what was linked to what, and what a person should decide", "local.cli_links:links")
    links.add_argument("action", nargs="?", choices=["review", "accept", "reject", "undo"], default="review",
                       help="list the links, decide on one, or take a decision back (default: review)")  # fmt: skip
    links.add_argument("link_id", nargs="?", metavar="LINK_ID", help="or two record ids, linked or not")
    links.add_argument("other_record_id", nargs="?", metavar="RECORD_ID")
    links.add_argument("--all", action="store_true", help="all links, not only the proposed ones")
    links.add_argument("--by", metavar="NAME", help="who decides (default: your user name)")

    status = verb("status", "freshness, coverage, tie-outs, findings and the API calls used", "local.cli_verbs:status")
    status.add_argument("--sync", action="store_true", help="what Procore and QuickBooks share, record by record")

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

    check = verb("doctor", "check this installation and say what to do about each fault", "local.doctor:doctor")
    check.add_argument("--aws", action="store_true", help="check the AWS account instead: may it be deployed there?")
    check.add_argument("--tenant", metavar="NAME", help="only this tenant of infra/tenants.toml (with --aws)")

    price = verb("cost", "what a tenant costs in AWS, counted from the synthesised templates", "local.cli_aws:cost")
    price.add_argument("--templates", type=Path, metavar="DIR", help="default: cdk.out, which `make synth` writes")

    _evaluation(verb)

    server = verb("serve", "the chat page and the API on this machine, until interrupted", "local.serve:serve")
    server.add_argument("--port", type=port_number, default=8321, metavar="N", help="default: 8321; 0 = any free one")
    server.add_argument("--open", action="store_true", help="open the page in the browser")
    server.add_argument("--engine", choices=["planner", "bedrock"], help="who answers (default: what the settings say)")

    sandbox = verb("sandbox", "serve the simulated vendors until interrupted", "local.sandbox_home:serve")
    _world(sandbox)
    return top


Verb = Callable[[str, str, str], argparse.ArgumentParser]


def _evaluation(verb: Verb) -> None:
    score = verb("eval", "score an engine on a question set about the demo's contractor", "local.cli_eval:evaluate")
    score.add_argument(
        "--set",
        default="development",
        metavar="SET",
        help="development, regression, held-back, feedback (what users marked wrong) or a file",
    )
    score.add_argument("--engine", choices=["planner", "bedrock"], default="planner", help="which engine answers")
    score.add_argument("--only", metavar="TAG", help="only the cases with this tag or id")


def _figures(verb: Verb) -> None:
    """The verbs about figures, each at a day and as known on a day."""
    figure = verb("figure", "open a figure: its terms, its facts, its records", "local.cli_metrics:figure")
    figure.add_argument("figure_id", metavar="ID")
    figure.add_argument("--verify", action="store_true", help="add it up again from the raw records")
    _known(figure)

    metric = verb("metric", "one metric, for the portfolio or by project", "local.cli_metrics:metric")
    metric.add_argument("name", metavar="NAME", help="'all' lists the metrics")
    metric.add_argument("--by", metavar="WHAT", help="project, leaf, code, pm, customer, contract-type or closed-in")
    metric.add_argument("--where", action="append", metavar="WHAT=WHICH", help="e.g. state=closed, pm='Dana Reyes'")
    _at(metric)

    wip = verb("wip", "the work-in-progress schedule, as a surety reads it", "local.cli_metrics:wip")
    wip.add_argument("--since", type=date.fromisoformat, metavar=DAY, help="last close: adds revenue earned since")
    wip.add_argument("--xlsx", type=Path, metavar="FILE", help="write the surety pack as a workbook with live formulas")
    wip.add_argument("--pdf", type=Path, metavar="FILE", help="write the surety pack as a document")
    _at(wip)

    bridge = verb("bridge", "why a job's profit moved between two points", "local.cli_metrics:bridge")
    bridge.add_argument("project", metavar="PROJECT")
    bridge.add_argument("--since", type=date.fromisoformat, required=True, metavar=DAY, help="the earlier day")
    bridge.add_argument("--since-known-at", type=date.fromisoformat, metavar=DAY,
                        help="take the earlier day as it was known then (default: as known now)")  # fmt: skip
    bridge.add_argument("--svg", type=Path, metavar="FILE", help="draw it")
    _at(bridge)

    what_if = verb("what-if", "suppose something and see what a job would make", "local.cli_metrics:what_if")
    what_if.add_argument(
        "scope", nargs="?", metavar="SCOPE", help="a project or 'portfolio'; without it, lists the kept"
    )
    what_if.add_argument("assumptions", nargs="*", metavar="ASSUMPTION", help="e.g. 'approve all' 'burden +2' "
                         "'crews 10%% slower' 'overhead OA1' 'method E2' 'release contingency'")  # fmt: skip
    what_if.add_argument("--keep", metavar="NAME", help="keep these assumptions under a name")
    what_if.add_argument("--kept", action="append", metavar="NAME", help="compare a kept scenario; may be repeated")
    what_if.add_argument("--forget", metavar="NAME", help="delete a kept scenario")
    _at(what_if)


DAY = "YYYY-MM-DD"


def _at(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--as-of", type=date.fromisoformat, metavar=DAY, help="when it happened (default: newest day)")
    _known(verb)


def _known(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--known-at", type=date.fromisoformat, metavar=DAY, help="when it was known (default: now)")


def _world(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--seed", type=int, help="which contractor is invented (default: the home's, in a new home 7)")
    verb.add_argument("--jobs", type=job_count, metavar="N", help="how many jobs it has (default: the home's, or 40)")


def job_count(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("there must be at least 1 job")
    return int(text)


def port_number(text: str) -> int:
    if not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, 1 when something did not work, 2 when the command was wrong, 130 when interrupted."""
    args = parser().parse_args(arguments)
    published: list[Progress] = []
    try:
        from local.cli_print import PRINTERS
        from local.cli_progress import watching

        with watching(quiet=args.json and not sys.stderr.isatty()) as listen:
            outcome = _implementation(args.implementation)(args, Home.at(args.home), _noting(published, listen))
        if args.json:
            print(json.dumps(outcome.result, default=str, ensure_ascii=False))
        else:
            PRINTERS[args.verb](outcome.result)
    except DataBlueprintError as error:
        return _ended(args, 1, type(error).__name__, str(error))
    except KeyboardInterrupt:
        nothing = args.verb in ("refresh", "demo") and not published
        return _ended(args, 130, "Interrupted", "interrupted; nothing was published" if nothing else "interrupted")
    except BrokenPipeError:
        return 1
    except Exception as error:
        if os.environ.get(TRACE) == "1":
            traceback.print_exc()
        text = f"this is a defect of ours: {type(error).__name__}: {' '.join(str(error).split())}."
        return _ended(args, 1, type(error).__name__, f"{text} Run again with {TRACE}=1 to see where")
    return 0 if outcome.ok else 1


def run() -> NoReturn:
    """The program: `main`, and then out."""
    try:
        code = main()
    except KeyboardInterrupt:  # before or after its own handling of it
        print("datablueprint: interrupted", file=sys.stderr)
        code = 130
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 1
    os._exit(code)  # native threads of the libraries may abort an orderly exit after all is said


def _noting(published: list[Progress], listen: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """`listen`, and remember that a snapshot was published."""

    def noting(step: Progress) -> None:
        if (step.room, step.message) == ("Publish", "finished"):
            published.append(step)
        listen(step)

    return noting


def _ended(args: argparse.Namespace, code: int, kind: str, text: str) -> int:
    """Say why on stderr, and to a program on stdout."""
    print(f"datablueprint: {text}", file=sys.stderr)
    if args.json:
        print(json.dumps({"error": {"type": kind, "text": text}}, ensure_ascii=False))
    return code


def _implementation(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    implementation: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return implementation
