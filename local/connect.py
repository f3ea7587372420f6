"""Connecting is proving: a system is in the settings only after it has answered once."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datablueprint.errors import SettingsError
from datablueprint.ports import Progress
from datablueprint.settings import Settings, SourceSettings
from local.cli_verbs import Outcome
from local.home import Home

USUAL_PLACES = {
    "procore": ("https://api.procore.com", "https://login.procore.com"),
    "quickbooks_online": ("https://quickbooks.api.intuit.com", "https://oauth.platform.intuit.com"),
    "gusto": ("https://api.gusto.com", ""),
    "payroll_file": ("", ""),
}
FIRST_TOKENS = ("code", "refresh_token")
DROP = "inbox/payroll_file/"
"""Where payroll files are put, below the home's files/."""


def connect(args: argparse.Namespace, home: Home, listen: Callable[[Progress], None]) -> Outcome:
    """Store the credentials, exchange them once, and only then keep the system in the settings."""
    known = home.settings() if home.exists else Settings(tenant=args.tenant or "local")
    source = source_settings(args, known.sources.get(args.system))
    settings = known.model_copy(update={"sources": {**known.sources, args.system: source}})
    if args.system == "payroll_file":
        folder = home.path / "files" / source.account
        folder.mkdir(parents=True, exist_ok=True)
        home.save_settings(settings)
        return Outcome({"system": args.system, "account": str(folder), "connected": True})
    secret = read_secret(args.secret_file, args.system)
    first = {name: secret.pop(name) for name in FIRST_TOKENS if name in secret}
    home.secrets.put(args.system, secret)
    from datablueprint.sources import auth

    auth.connect(args.system, home.ports(listen, settings=settings), redirect_uri=args.redirect_uri, **first)
    home.save_settings(settings)
    return Outcome({"system": args.system, "account": source.account, "connected": True})


def source_settings(args: argparse.Namespace, known: SourceSettings | None) -> SourceSettings:
    """What was given now, else what was stored, else the vendor's usual place."""
    base, login = USUAL_PLACES[args.system]
    account = args.account or (known.account if known else "")
    if args.system == "payroll_file":
        account = account or DROP
    if not account:
        raise SettingsError(f"{args.system}: which account? Say --account ID")
    return SourceSettings(
        base_url=args.base_url or (known.base_url if known else base),
        login_url=args.login_url or (known.login_url if known else login),
        account=account,
        secret="" if args.system == "payroll_file" else args.system,
        options=known.options if known else {},
    )


def read_secret(file: str | None, system: str) -> dict[str, str]:
    """The credentials, from a file, standard input or the keyboard; never from the command line."""
    if file is None:
        return _ask_for_secret(system)
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        raw: Any = json.loads(text)
    except OSError as error:
        raise SettingsError(f"{system}: {file} cannot be read ({error.strerror})") from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"{system}: {file} is not JSON (line {error.lineno})") from None
    if not isinstance(raw, dict) or not {"client_id", "client_secret"} <= raw.keys():
        raise SettingsError(f"{system}: {file} must be a JSON object with client_id and client_secret")
    return {str(name): str(value) for name, value in raw.items()}


def _ask_for_secret(system: str) -> dict[str, str]:
    if not sys.stdin.isatty():
        raise SettingsError(f"{system}: no credentials; give --secret-file FILE, or '-' for standard input")
    answers = {"client_id": input("Client id: "), "client_secret": getpass.getpass("Client secret: ")}
    if system != "procore":
        answers["code"] = getpass.getpass("Authorization code: ")
    return answers
