"""The tables: which contenders play what on one kind of database, and their ratios as Markdown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bench import service
from bench.age import add_crowd
from bench.databases import Databases
from bench.rounds import Entry, run
from bench.story import EARLY, LARGE, MIDDLE, SMALL


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to play: rounds, cases a round, cases with 100 kB forms, clients, old facts, other and due cases.

    `touched`: cases of the table of memory.
    """

    rounds: int = 7
    cases: int = 12
    large_cases: int = 4
    clients: int = 4
    facts: int = 500
    others: int = 10_000
    touched: int = 1_000
    due: int = 3_334


#: A smoke run, and the tables it plays.
QUICK_TABLES = ("one_client", "growth")
QUICK = Effort(rounds=1, cases=1, large_cases=1, clients=1, facts=20, others=20, touched=10, due=2)


def one_client(databases: Databases, effort: Effort) -> Iterator[str]:
    """One client: the limit, the library as it comes, our engine with every case from the store, then from memory."""
    order = {"cases": effort.cases, "size": SMALL}
    labels = {"limit": "limit", "stock": "stock", "cold": "engine, case from the store", "engine": "engine"}
    entries = [Entry(label, name, databases.new(), order) for name, label in labels.items()]
    run(entries, effort.rounds)
    limit, stock, *_engines = entries
    yield "| one client | of the limit | of stock | spread of rounds | p99/p50 | processor, of the limit's step |"
    yield "|---|---|---|---|---|---|"
    for entry in entries:
        low, high = entry.spread
        yield (
            f"| {entry.label} | {share(entry.rate, limit.rate)} | {entry.rate / stock.rate:.2f} × "
            f"| {low:.2f}-{high:.2f} | {entry.tail:.1f} | {entry.effort / limit.effort:.1f} × |"
        )


def form_sizes(databases: Databases, effort: Effort) -> Iterator[str]:
    """Form data of three sizes, the limit beside the engine."""
    entries = []
    for size, cases in ((SMALL, effort.cases), (MIDDLE, effort.cases), (LARGE, effort.large_cases)):
        order = {"cases": cases, "size": size}
        entries += [Entry(name, name, databases.new(), order) for name in ("limit", "engine")]
    run(entries, effort.rounds)
    yield "| form data a step | of the limit | our step, of ours with 300 B | processor, the same | limit, the same |"
    yield "|---|---|---|---|---|"
    for label, limit, engine in zip(("300 B", "10 kB", "100 kB"), entries[::2], entries[1::2], strict=True):
        yield (
            f"| {label} | {engine.step / limit.step:.1f} × | {engine.step / entries[1].step:.2f} × "
            f"| {engine.effort / entries[1].effort:.2f} × | {limit.step / entries[0].step:.2f} × |"
        )


def many_clients(databases: Databases, effort: Effort) -> Iterator[str]:
    """One process with one client, then two processes with several clients each, on one database."""
    entries = []
    for name in ("limit", "engine"):
        for processes, clients in ((1, 1), (1, effort.clients), (2, effort.clients)):
            order = {"cases": max(1, effort.cases // (2 if clients > 1 else 1)), "size": SMALL, "clients": clients}
            label = f"{name}, {processes} × {clients}"
            entries.append(Entry(label, name, databases.new(), order, processes))
    run(entries, effort.rounds)
    yield "| processes × clients | steps a second, of one client's | of the limit with as many |"
    yield "|---|---|---|"
    for limit, engine in zip(entries[:3], entries[3:], strict=True):
        yield f"| {limit.label} | {limit.rate / entries[0].rate:.2f} × | 1 |"
        yield f"| {engine.label} | {engine.rate / entries[3].rate:.2f} × | {share(engine.rate, limit.rate)} |"


def growth(databases: Databases, effort: Effort) -> Iterator[str]:
    """A young case in an empty database, one with facts behind it, one with large forms, one among others.

    Large forms stand behind the last scenes only, which are compared with the young case's last scenes.
    """
    crowd = databases.new()
    add_crowd(crowd, effort.others)
    order = {"cases": effort.cases, "size": SMALL}
    entries = [
        Entry("a young case in an empty database", "engine", databases.new(), order),
        Entry(f"{effort.facts} facts behind the case", "engine", databases.new(), {**order, "behind": effort.facts}),
        Entry(
            "five forms of 100 kB behind the case", "engine", databases.new(), {**order, "early": LARGE}, first=EARLY
        ),
        Entry(f"{effort.others:,} other cases, {10 * effort.others:,} open tasks", "engine", crowd, order),
    ]
    run(entries, effort.rounds)
    yield "| growth | step, of the young case's | processor time, the same |"
    yield "|---|---|---|"
    for entry in entries:
        alike = replace(entries[0], first=entry.first)
        yield f"| {entry.label} | {entry.step / alike.step:.2f} × | {entry.effort / alike.effort:.2f} × |"


def stored(databases: Databases, effort: Effort) -> Iterator[str]:
    """Bytes that a whole case leaves in the database."""
    yield "| bytes a case in the database | limit | engine | engine over its forms |"
    yield "|---|---|---|---|"
    for label, size, cases in (("300 B", SMALL, 20 * effort.cases), ("100 kB", LARGE, 2 * effort.large_cases)):
        found = []
        for name in ("limit", "engine"):
            url = databases.new()
            entry = Entry(name, name, url, {"cases": 1, "size": size})
            run([entry], 1)
            before = databases.size(url)
            run([Entry(name, name, url, {"cases": cases - 1, "size": size})], 1)
            found.append((databases.size(url) - before) / cases)
        limit, engine = found
        yield f"| forms of {label} | {limit / 1e3:.1f} kB | {engine / 1e3:.1f} kB | {(engine / (7 * size)):.2f} × |"


def timers(databases: Databases, effort: Effort) -> Iterator[str]:
    """Ten thousand due timers drained."""
    yield from service.timers(databases, effort.due)


def over_http(databases: Databases, effort: Effort) -> Iterator[str]:
    """The served API beside the engine's door."""
    yield from service.over_http(databases, effort.rounds * effort.cases)


def verified(databases: Databases, effort: Effort) -> Iterator[str]:
    """Histories re-executed."""
    yield from service.verified(databases, 20 * effort.cases)


def memory(databases: Databases, effort: Effort) -> Iterator[str]:
    """What a process takes."""
    yield from service.memory(databases, effort.touched)


TABLES: Sequence[Callable[[Databases, Effort], Iterator[str]]] = (
    one_client,
    form_sizes,
    many_clients,
    growth,
    stored,
    timers,
    over_http,
    verified,
    memory,
)


def share(rate: float, limit: float) -> str:
    """A rate as a part of the limit's: `1/4.2`."""
    return "1" if rate == limit else f"1/{limit / rate:.1f}"
