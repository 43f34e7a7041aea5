"""APScheduler's ticks and no logic: every few seconds due timers, waiting messages, letters. No job is ever stored."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import wall
from engine.doors import drain
from engine.outbox import Postman, send_letters
from engine.ticks import tick

if TYPE_CHECKING:
    from engine.runtime import Runtime

# A tick that takes longer than the interval is no fault: the next one finds what is left.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

log = structlog.get_logger(__name__)


class Ticker:
    """One process's ticks; any number of processes may tick on one database."""

    def __init__(
        self,
        runtime: "Runtime",
        postman: Postman | None,
        every: timedelta = timedelta(seconds=2),
        rounds: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        """`rounds` are further jobs of the composition root's, by the name under which their failure is told."""
        self._runtime = runtime
        self._postman = postman
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self.last: datetime | None = None
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self._time, "interval", seconds=every.total_seconds(), **options)
        self._scheduler.add_job(self._post, "interval", seconds=every.total_seconds(), **options)
        for name, job in (rounds or {}).items():
            self._scheduler.add_job(
                self._guarded, "interval", args=[name, job], seconds=every.total_seconds(), **options
            )

    def start(self) -> None:
        """Begin to tick, in a thread of its own."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the running tick and stop."""
        self._scheduler.shutdown(wait=True)

    def _time(self) -> None:
        if self._guarded("time", self._advance):
            self.last = wall()

    def _advance(self) -> None:
        try:
            drain(self._runtime)
        finally:  # what keeps messages from being delivered keeps no timer from firing
            tick(self._runtime)

    def _post(self) -> None:
        self._guarded("post", lambda: send_letters(self._runtime, self._postman))

    def _guarded(self, name: str, job: Callable[[], object]) -> bool:
        """A tick never raises: the scheduler must go on, and the next tick finds what this one left.

        Returns whether all went well.
        """
        try:
            job()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next tick tries again
            log.warning("tick_failed", tick=name, error=repr(error))
            return False
        return True
