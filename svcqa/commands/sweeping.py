"""`svcqa sweep`: once, or as the loop that outlives an unforeseen error beside the courier."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from itertools import chain
from threading import Event
from typing import Annotated

import typer

from svcqa.assessment.sweeping import SweptAll, sweep_all
from svcqa.bootstrap import with_years_of_today
from svcqa.commands import opening
from svcqa.commands.stopping import LONGEST_STOP, stop_event
from svcqa.kernel import logbook, rounds
from svcqa.kernel.database import BUSY_MILLISECONDS
from svcqa.kernel.transaction import Actor, Transaction, Workplace

app = typer.Typer(add_completion=False)
log = logging.getLogger("svcqa.sweep")

DEAF_SECONDS = BUSY_MILLISECONDS / 1000
"""While the main thread waits so long for the database's lock, it does not hear a signal."""


@app.command("sweep", epilog="Example: svcqa sweep --every 60")
def sweep_now(
    every: Annotated[
        float, typer.Option(min=0, help="Sweep again after so many seconds until stopped; 0 sweeps once.")
    ] = 0,
) -> None:
    """Do what has come due: reminders, lapsed windows, served mails, measures, cycles that can go on.

    Safe to repeat. Exit 0, or 1 when something failed; the log says what.
    """
    settings = opening.read_settings()
    logbook.set_up(settings)
    place = opening.runtime(settings).place
    if not every:
        done = sweep_all(place)
        rounds.note(place, rounds.SWEEP)
        typer.echo(said(done))
        raise typer.Exit(1 if done.failed else 0)
    log.info("the sweep comes round every %g s", every)
    keep_sweeping(place, every, stop_event(within=LONGEST_STOP - DEAF_SECONDS))
    log.info("the sweep has stopped")


class ToldToStop(Exception):
    """The sweep ends here, between two batches; the next one goes on."""


@dataclass(frozen=True)
class UntilTold(Workplace):
    """A workplace in which no new transaction begins once the sweep was told to stop."""

    stop: Event

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Transaction]:
        """Open a writing transaction; raises ToldToStop."""
        if self.stop.is_set():
            raise ToldToStop
        with super().transaction(actor) as tx:
            yield tx


def keep_sweeping(place: Workplace, every: float, stop: Event) -> None:
    """Sweep at intervals with the years loaded by then; an error is logged and tried again."""
    own = {field.name: getattr(place, field.name) for field in fields(place)}
    while not stop.is_set():
        try:
            done = sweep_all(with_years_of_today(UntilTold(**own, stop=stop)))
            rounds.note(place, rounds.SWEEP)
        except ToldToStop:
            return
        except Exception:
            log.exception("the sweep failed and is tried again in %s s", every)
        else:
            if _anything(done):
                log.info(said(done))
        stop.wait(every)


def said(done: SweptAll) -> str:
    """Say what a sweep did."""
    cases, measures, cycles = done.complaints, done.measures, done.cycles
    return (
        f"{cases.alarms} reminders, {cases.served} served by mail, {cases.closed} lapsed windows, "
        f"{cases.computed} deadlines computed, "
        f"{measures.warned + measures.overdue + measures.escalated} words about measures, "
        f"{cycles.judged} measures judged, {cycles.reminded} raters reminded, {cycles.wanted} cycles asked to go on"
        + (f", {done.failed} FAILED (see the log)" if done.failed else "")
    )


def _anything(done: SweptAll) -> bool:
    return any(chain(astuple(done.complaints), astuple(done.measures), astuple(done.cycles)))
