"""Connecting is proving: a secret and a system's settings are stored only after the system has answered once."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datablueprint.errors import AuthExpired, SettingsError, SourceUnavailable
from datablueprint.ports import Ports, Progress
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
CLIENT_REFUSED = ("invalid_client", "unauthorized_client", "HTTP 401")
"""How a token endpoint says that it does not know the client, whatever came with it."""
DROP = "inbox/payroll_file/"
"""Where payroll files are put, below the home's files/."""


def connect(args: argparse.Namespace, home: Home, listen: Callable[[Progress], None]) -> Outcome:
    """Exchange the credentials once, and only then store them and keep the system in the settings."""
    if home.sandbox():
        raise SettingsError(f"{home.path}: this home is a simulated contractor; choose another with --home")
    known = home.settings() if home.exists else Settings(tenant=args.tenant or "local")
    source = source_settings(args, known.sources.get(args.system))
    settings = known.model_copy(update={"sources": {**known.sources, args.system: source}})
    if args.system == "payroll_file":
        folder = home.path / "files" / source.account
        home.make(folder)
        home.save_settings(settings)
        return Outcome({"system": args.system, "account": str(folder), "connected": True})
    secret = read_secret(args.secret_file, args.system)
    first = {name: secret.pop(name) for name in FIRST_TOKENS if name in secret}
    ports = replace(home.ports(listen, settings=settings), secrets=_Tried(args.system, secret))
    home.secrets.names()
    ports.state.delete("connecting")  # a home that cannot be read and written should not use up a code
    _exchange(args.system, ports, args.redirect_uri, first)
    home.secrets.put(args.system, secret)
    home.save_settings(settings)
    return Outcome({"system": args.system, "account": source.account, "connected": True})


@dataclass(frozen=True)
class _Tried:
    """`Secrets` that holds the one being tried, which is not stored yet."""

    name: str
    fields: Mapping[str, str]

    def get(self, name: str) -> dict[str, str]:
        if name != self.name:
            raise SettingsError(f"There is no secret named {name!r} to try")
        return dict(self.fields)


def _exchange(system: str, ports: Ports, redirect_uri: str | None, first: Mapping[str, str]) -> None:
    """One exchange at the vendor; a failure is told for somebody who is connecting, not for a refresh."""
    from datablueprint.sources import auth

    try:
        auth.connect(system, ports, redirect_uri=redirect_uri, **first)
    except AuthExpired as refused:
        if first and not any(code in refused.problem for code in CLIENT_REFUSED):
            raise
        raise AuthExpired(
            refused.system,
            "the client id or secret was refused",
            way_out=f"Nothing was stored. Correct them and run `datablueprint connect {system}` again",
        ) from None
    except SourceUnavailable as silence:
        raise SourceUnavailable(
            silence.system,
            silence.problem,
            way_out="Nothing was stored. Check the network and --login-url, then connect again",
        ) from None


def source_settings(args: argparse.Namespace, known: SourceSettings | None) -> SourceSettings:
    """What was given now, else what was stored, else the vendor's usual place."""
    base, login = USUAL_PLACES[args.system]
    account = args.account or (known.account if known else "")
    if args.system == "payroll_file":
        account = drop_folder(account or DROP)
    if not account:
        raise SettingsError(f"{args.system}: which account? Say --account ID")
    return SourceSettings(
        base_url=_address("--base-url", args.base_url, known.base_url if known else base),
        login_url=_address("--login-url", args.login_url, known.login_url if known else login),
        account=account,
        secret="" if args.system == "payroll_file" else args.system,
        options=known.options if known else {},
    )


def drop_folder(account: str) -> str:
    """The folder with payroll files, below the home's files/; SettingsError for one that is anywhere else."""
    parts = account.removesuffix("/").split("/")
    if any(part in ("", ".", "..", "~") or "\\" in part or not part.isprintable() for part in parts):
        raise SettingsError(
            f"payroll_file: {account!r} is not a folder below the home's files/; "
            f"say for example --account {DROP} and put the files there"
        )
    return account


def _address(option: str, given: str | None, usual: str) -> str:
    """What was given, when it can be an address of a server, else the usual one."""
    if given is None:
        return usual
    try:
        url = urlsplit(given)
        good = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        good = False
    if not good or not given.isprintable() or set(given) & set(" ?#@"):
        raise SettingsError(f"{option}: {given!r} is not a web address; it looks like https://api.example.com")
    return given


def read_secret(file: str | None, system: str) -> dict[str, str]:
    """The credentials, from a file, standard input or the keyboard; never from the command line."""
    if file is None:
        return _ask_for_secret(system)
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        raw: Any = json.loads(text)
    except OSError as error:
        raise SettingsError(f"{system}: {file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{system}: {file} is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"{system}: {file} is not JSON (line {error.lineno})") from None
    if not isinstance(raw, dict) or not {"client_id", "client_secret"} <= raw.keys():
        raise SettingsError(f"{system}: {file} must be a JSON object with client_id and client_secret")
    return {str(name): str(value) for name, value in raw.items()}


def _ask_for_secret(system: str) -> dict[str, str]:
    if not sys.stdin.isatty():
        raise SettingsError(f"{system}: no credentials; give --secret-file FILE, or '-' for standard input")
    try:
        answers = {"client_id": input("Client id: "), "client_secret": getpass.getpass("Client secret: ")}
        if system != "procore":
            answers["code"] = getpass.getpass("Authorization code: ")
    except EOFError:
        raise SettingsError(f"{system}: the credentials were not given; nothing was stored") from None
    return answers
