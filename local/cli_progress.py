"""Progress belongs on stderr: a bar where somebody watches, one plain line per finished step where nobody does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from datablueprint.ports import Progress, silent

Listener = Callable[[Progress], None]

SPOKEN = {
    "ExtractProcore": "Procore",
    "ExtractQuickbooksOnline": "QuickBooks Online",
    "ExtractGusto": "Gusto",
    "ExtractPayrollFile": "Payroll files",
}
INSIDE_A_STREAM = "Extract"
"""What the sources say while they read one stream; its message begins with the system's title."""
MANY = 4
"""More counts than this are told as their sum."""


@contextmanager
def watching(*, quiet: bool = False, stream: TextIO | None = None) -> Iterator[Listener]:
    """A listener for as long as the block runs."""
    out = stream or sys.stderr
    if quiet:
        yield silent
    elif out.isatty():
        with _bars(out) as listener:
            yield listener
    else:
        yield _lines(out)


def _lines(out: TextIO) -> Listener:
    started = time.monotonic()

    def listen(step: Progress) -> None:
        if not _worth_a_line(step):
            return
        name = SPOKEN.get(step.room, step.room)
        print(f"{time.monotonic() - started:6.1f} s  {name}: {step.message}{_counted(step)}", file=out, flush=True)

    return listen


def _worth_a_line(step: Progress) -> bool:
    """A stream that brought something, a room that says what it made; not each start, page and echo."""
    if step.room in SPOKEN:
        return bool(step.counts) or (step.done is not None and step.done == step.total) or step.done is None
    return step.room != INSIDE_A_STREAM and step.message not in ("started", "finished")


@contextmanager
def _bars(out: TextIO) -> Iterator[Listener]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.fields[name]}", style="bold"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Bars(*columns, console=Console(file=out)) as bars:
        tasks: dict[str, TaskID] = {}

        def listen(step: Progress) -> None:
            if step.room == INSIDE_A_STREAM:
                title, _, text = step.message.partition(": ")
                if title in tasks:
                    bars.update(tasks[title], description=f"{text}{_counted(step)}")
                return
            room = SPOKEN.get(step.room, step.room)
            if room not in tasks:
                tasks[room] = bars.add_task("", name=room, total=step.total or 1)
            if step.message == "finished":
                bars.update(tasks[room], completed=1)
                return
            text = f"{step.message}{_counted(step)}"
            bars.update(tasks[room], description=text, completed=step.done or 0, total=step.total or 1)

        yield listen


def _counted(step: Progress) -> str:
    if len(step.counts) > MANY:
        return f" ({sum(step.counts.values()):,} rows)"
    counts = ", ".join(f"{count:,} {name}" for name, count in step.counts.items() if count)
    return f" ({counts})" if counts else ""
