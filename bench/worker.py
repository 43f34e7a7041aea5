"""A contender in a process of its own: reads orders as JSON lines, answers the times of its steps.

`python -m bench.worker NAME URL`. An order is {"cases", "size", "clients", "behind"}; the answer {"wall", "starts",
"steps", "processor", "failures"}: seconds, steps in the order of the seven scenes, case after case. An order may name
another size for the forms of the `early` scenes.
"""

import gc
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter, thread_time
from typing import Any, Final
from uuid import uuid4

import orjson

from bench.story import EARLY, SCENES, Contender, form_of

#: The contenders that are the engine.
_ENGINES: Final = frozenset({"engine", "cold"})


def make(name: str, url: str) -> Contender:
    """The contender of a name: `limit`, `stock`, `engine` or `cold`; only what it needs is imported."""
    if name == "limit":
        from bench.ledger import Limit

        return Limit(url)
    if name == "stock":
        from bench.stock import Stock

        return Stock(url)
    from bench.house import House

    return House(url, cold=name == "cold")


@dataclass
class Times:
    """Seconds of starts and of completions by the wall, and processor seconds of the completions in this process."""

    starts: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def play(
    contender: Contender,
    cases: int,
    size: int,
    prepare: Callable[[Any], None],
    times: Times,
    *,
    early: int | None = None,
) -> None:
    """Play whole cases, noting each call's time. `prepare` runs untimed after a start.

    `size`: bytes of form data a step; `early`: in the early scenes, where those differ.
    """
    for _number in range(cases):
        mark = str(uuid4())
        sizes = [size if early is None else early] * EARLY + [size] * (len(SCENES) - EARLY)
        forms = [form_of(scene, sizes[i], f"{mark} {i}") for i, scene in enumerate(SCENES)]
        begun = perf_counter()
        case = contender.start(mark)
        times.starts.append(perf_counter() - begun)
        prepare(case)
        for scene, form in zip(SCENES, forms, strict=True):
            begun, spent = perf_counter(), thread_time()
            contender.complete(case, scene, form)
            times.steps.append(perf_counter() - begun)
            times.processor.append(thread_time() - spent)


def obey(name: str, url: str, order: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out one order with as many clients, each a thread.

    The engine's clients share one runtime, as a web process's threads do; the others have a connection each.
    """
    clients = order.get("clients", 1)
    shared = make(name, url) if name in _ENGINES else None
    played = [Times() for _ in range(clients)]
    failures: list[BaseException] = []
    ready = threading.Barrier(clients)
    begun: list[float] = []

    def client(times: Times) -> None:
        try:
            contender = shared or make(name, url)
            prepare = _preparation(contender, order.get("behind", 0))
            play(contender, 1, order["size"], prepare, Times(), early=order.get("early"))
            ready.wait(60)
            begun.append(perf_counter())
            play(contender, order["cases"], order["size"], prepare, times, early=order.get("early"))
            if shared is None:
                contender.close()
        except BaseException as failure:  # noqa: BLE001 - told to the parent, which raises
            failures.append(failure)
            ready.abort()

    gc.collect()
    threads = [threading.Thread(target=client, args=(times,)) for times in played]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = perf_counter() - min(begun, default=0.0)
    if shared is not None:
        shared.close()
    return {
        "wall": wall,
        "starts": [s for t in played for s in t.starts],
        "steps": [s for t in played for s in t.steps],
        "processor": [s for t in played for s in t.processor],
        "failures": [repr(f) for f in failures],
    }


def _preparation(contender: Contender, behind: int) -> Callable[[Any], None]:
    look = getattr(contender, "look", None)
    if look is None:
        return lambda _case: None
    if not behind:
        return look  # type: ignore[no-any-return]

    def prepare(case: Any) -> None:
        from bench.age import add_facts

        add_facts(contender, case.id, behind)  # type: ignore[arg-type]
        look(case)

    return prepare


def main(name: str, url: str) -> None:
    """Obey orders until the input ends."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(orjson.dumps(obey(name, url, orjson.loads(line))) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
