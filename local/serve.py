"""The verb `serve`: the page and the API on this machine, for the person who started it."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import logging
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from datablueprint.errors import NotReady, SettingsError, Unknown
from local.cli_verbs import Listener, Outcome
from local.home import Home

if TYPE_CHECKING:
    from datablueprint.api.service import Service
    from datablueprint.desk import Desk
    from local.web_server import Site, WebServer

WEB = Path(__file__).resolve().parent.parent / "web"
logger = logging.getLogger(__name__)


def serve(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Serve until interrupted."""
    with serving(home, port=args.port, engine=args.engine) as server:
        print(f"DataBlueprint is at {server.url} (Ctrl-C stops it)", flush=True)
        if args.open:
            webbrowser.open(server.url)
        try:
            server.wait()
        except KeyboardInterrupt:
            print("\nStopped.", flush=True)
    return Outcome({"url": server.url})


@contextmanager
def serving(home: Home, *, port: int = 0, engine: str | None = None, web: Path = WEB) -> Iterator[WebServer]:
    """A running server of a home's page and API; port 0 = any that is free."""
    from local.web_server import WebServer

    with site(home, engine=engine, web=web) as made:
        server = WebServer(made, port=port)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def site(home: Home, *, engine: str | None = None, web: Path = WEB) -> Iterator[Site]:
    """The page's files, the API, and who asks; the workers run while it is open."""
    from datablueprint import runtime
    from datablueprint.api import answering, app, failures
    from datablueprint.api.desks import Desks
    from datablueprint.api.jobs import JobOver
    from local.web_server import Site
    from local.workers import Workers

    if engine not in (None, "planner", "bedrock"):
        raise SettingsError(f"There is no engine '{engine}'; say planner or bedrock")
    workers = Workers()
    service = runtime.service(home.ports(), workers, engine=engine)  # type: ignore[arg-type]  # just looked
    desks = Desks(service.ports, laid=lambda desk: _beside(lambda: warm(service, desk)))
    service = replace(service, desks=desks)
    workers.begin(lambda question_id: answering.answer(answering.AnswerRequest(question_id=question_id), service))
    api = app.create(service)
    api.settle()
    _beside(lambda: _first(service))
    try:
        yield Site(web, api.resolve, tenant=service.ports.settings.tenant, person=getpass.getuser())
    finally:
        for question in workers.stop():
            with contextlib.suppress(JobOver, Unknown):
                service.jobs.fail(question, failures.lost())


def _first(service: Service) -> None:
    """Lay the desk before anybody asks; before a first refresh there is none."""
    with contextlib.suppress(NotReady), service.desks.open():
        pass


def warm(service: Service, desk: Desk) -> None:
    """What the first page shows, then every figure; requests take turns with it."""
    from datablueprint.api import overview

    with service.desks.open():
        overview.portfolio(desk, between=service.desks.give_way)
    desk.warm(wanted=lambda: service.desks.holds(desk))


def _beside(work: Callable[[], None]) -> None:
    """Do it in a thread of its own; a failure is told to whoever asks for the same later."""

    def done() -> None:
        try:
            work()
        except Exception as error:
            logger.warning("not warmed: %s", type(error).__name__)

    threading.Thread(target=done, name="warm", daemon=True).start()
