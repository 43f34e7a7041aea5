"""Interleaved rounds: every contender plays in turn, again and again, so that a noisy minute strikes all of them."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import orjson

from bench.story import SCENES

ROOT: Final = Path(__file__).resolve().parents[1]


class Worker:
    """A process beside this one, a contender or a client, told what to do over its standard input."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def order(self, order: Mapping[str, Any]) -> None:
        """Send an order."""
        assert self.process.stdin is not None  # noqa: S101 - a pipe was asked for
        self.process.stdin.write(orjson.dumps(order) + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the answer. Raises RuntimeError where it failed."""
        assert self.process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self.process.stdout.readline()
        found: dict[str, Any] = orjson.loads(line) if line else {"failures": ["the process ended"]}
        if found["failures"]:
            raise RuntimeError("; ".join(found["failures"]))
        return found

    def close(self) -> None:
        """End the process."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Entry:
    """A line of a table: a contender on a database with an order, played by some processes at once.

    `first`: the scene from which on steps are told.
    """

    label: str
    name: str
    url: str
    order: Mapping[str, Any]
    processes: int = 1
    first: int = 0
    rates: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Steps a second, the median of the rounds."""
        return median(self.rates)

    @property
    def step(self) -> float:
        """Seconds of a step, the median."""
        return median(self._told(self.steps))

    @property
    def effort(self) -> float:
        """Processor seconds of a step in the contender's own thread, the median."""
        return median(self._told(self.processor))

    @property
    def tail(self) -> float:
        """The slowest hundredth of the steps against the median."""
        return quantiles(self.steps, n=100)[98] / self.step

    def _told(self, seconds: Sequence[float]) -> list[float]:
        return [each for number, each in enumerate(seconds) if number % len(SCENES) >= self.first]

    @property
    def spread(self) -> tuple[float, float]:
        """The slowest and the fastest round against the median round."""
        return min(self.rates) / self.rate, max(self.rates) / self.rate


def run(entries: Sequence[Entry], rounds: int) -> None:
    """Play the rounds; results gather in the entries. A round of an entry begins with a case that is not counted."""
    workers = {id(e): [Worker("bench.worker", e.name, e.url) for _ in range(e.processes)] for e in entries}
    try:
        for number in range(rounds):
            ordered = entries if number % 2 == 0 else list(reversed(entries))
            for entry in ordered:
                _play(entry, workers[id(entry)])
    finally:
        for team in workers.values():
            for worker in team:
                worker.close()


def _play(entry: Entry, team: Sequence[Worker]) -> None:
    for worker in team:
        worker.order(entry.order)
    answers = [worker.answer() for worker in team]
    steps = [s for a in answers for s in a["steps"]]
    entry.steps += steps
    entry.processor += [s for a in answers for s in a["processor"]]
    if entry.processes * entry.order.get("clients", 1) == 1:
        spent = sum(steps) + sum(s for a in answers for s in a["starts"])
    else:
        spent = max(a["wall"] for a in answers)
    entry.rates.append(len(steps) / spent)
