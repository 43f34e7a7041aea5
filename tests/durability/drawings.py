"""Random drawings: nested blocks of everything that procedures are drawn with, each entered and left at one element.

A block is a tuple of its kind and the blocks within. Whatever is chosen on the way, a case can always be brought to its
end: a loop counts its rounds, and who waits for a message or an instant will get it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from tests.engine.lint.pen import (
    boundary,
    catch,
    deadline,
    end,
    flows,
    gateway,
    instances,
    message,
    message_text,
    receive,
    service,
    start,
    subprocess,
    text_of,
    timer_text,
    user,
)

LEAVES: Final = ("task", "dated", "cut", "recalled", "wait", "letter")
SINGLE: Final = ("loop", "scope", "limited", "crowd", "queue")
DOUBLE: Final = ("chain", "chain", "choice", "fork")
SEATS: Final = {"1": {"login": "anna"}, "2": {"login": "boris"}, "3": {"login": "vera"}}
#: Rounds of a loop.
ROUNDS: Final = 2


def _within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.sampled_from(SINGLE), inner) | st.tuples(st.sampled_from(DOUBLE), inner, inner)


BLOCKS: Final = st.recursive(st.tuples(st.sampled_from(LEAVES)), _within, max_leaves=7)


@dataclass
class Shared:
    """What is known of a whole drawing: names given, messages, and the start data that its expressions ask for."""

    count: int = 0
    messages: dict[str, str] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)
    days: dict[str, int] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=lambda: {"seats": SEATS})


class Draughtsman:
    """Draws the blocks of one level; what is embedded is drawn by another."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.pieces: list[str] = []
        self.ways: list[str] = []

    def name(self, kind: str) -> str:
        """A name never used before."""
        self.shared.count += 1
        return f"{kind}{self.shared.count}"

    def draw(self, block: tuple[Any, ...]) -> tuple[str, str]:
        """Draw a block; where it is entered and left."""
        kind, *inner = block
        draws: Callable[..., tuple[str, str]] = getattr(self, f"_{kind}")
        return draws(*inner)

    def day(self) -> str:
        """A start datum that is a day, other than every other."""
        name = self.name("day")
        self.shared.days[name] = self.shared.count * 5 % 31
        return name

    def _task(self) -> tuple[str, str]:
        task = self.name("task")
        self.shared.tasks.append(task)
        self.pieces.append(user(task, "clerk"))
        return task, task

    def _dated(self) -> tuple[str, str]:
        task, _same = self._task()
        self.pieces.append(deadline(task))
        return task, task

    def _ended_early(self, host: str, inner: str) -> tuple[str, str]:
        edge, merge = self.name("edge"), self.name("merge")
        self.pieces += [boundary(edge, host, inner, interrupting=True), gateway(merge)]
        self.ways += [f"{host} > {merge}", f"{edge} > {merge}"]
        return host, merge

    def _cut(self) -> tuple[str, str]:
        return self._ended_early(self._task()[0], timer_text(f"day_after({self.day()})"))

    def _recalled(self) -> tuple[str, str]:
        task, _same = self._task()
        self.shared.messages[task] = f"recall_{task}"
        return self._ended_early(task, message_text(f"recall_{task}"))

    def _wait(self) -> tuple[str, str]:
        wait = self.name("wait")
        self.pieces.append(catch(wait, timer_text(f"day_after({self.day()})")))
        return wait, wait

    def _letter(self) -> tuple[str, str]:
        letter = self.name("letter")
        self.shared.messages[letter] = f"mail_{letter}"
        self.pieces.append(receive(letter, f"mail_{letter}"))
        return letter, letter

    def _chain(self, one: Any, other: Any) -> tuple[str, str]:
        first, last = self.draw(one), self.draw(other)
        self.ways.append(f"{first[1]} > {last[0]}")
        return first[0], last[1]

    def _choice(self, one: Any, other: Any) -> tuple[str, str]:
        asked, _same = self._task()
        first, last = self.draw(one), self.draw(other)
        split, join = self.name("split"), self.name("join")
        self.pieces += [gateway(split, default=last[0]), gateway(join)]
        self.ways += [f"{asked} > {split} > {last[0]}", f"{split} >if pick_{asked} == 1> {first[0]}"]
        self.ways += [f"{first[1]} > {join}", f"{last[1]} > {join}"]
        return asked, join

    def _fork(self, one: Any, other: Any) -> tuple[str, str]:
        first, last = self.draw(one), self.draw(other)
        split, join = self.name("fork"), self.name("join")
        self.pieces += [gateway(split, "parallel"), gateway(join, "parallel")]
        self.ways += [f"{split} > {first[0]}", f"{split} > {last[0]}", f"{first[1]} > {join}", f"{last[1]} > {join}"]
        return split, join

    def _loop(self, inner: Any) -> tuple[str, str]:
        first, last = self.draw(inner)
        count, merge, test, after = (self.name(kind) for kind in ("count", "merge", "test", "after"))
        self.shared.data[f"n_{count}"] = 0
        self.pieces += [service(count, "drawn.count", f"n_{count}", n=f"n_{count}")]
        self.pieces += [gateway(merge), gateway(test, default=after), gateway(after)]
        self.ways += [f"{merge} > {first}", f"{last} > {count} > {test} > {after}"]
        self.ways.append(f"{test} >if n_{count} < {ROUNDS}> {merge}")
        return merge, after

    def _embed(self, inner: Any, loop: str = "", result: str = "") -> tuple[str, str]:
        inside, scope = Draughtsman(self.shared), self.name("scope")
        first, last = inside.draw(inner)
        begin, finish, way = f"{scope}_in", f"{scope}_out", f"{last}"
        if result:
            inside.pieces.append(service(f"{scope}_sum", "drawn.count", result, n="0"))
            way = f"{last} > {scope}_sum"
        drawn = flows(f"{begin} > {first}", f"{way} > {finish}", *inside.ways)
        self.pieces.append(subprocess(scope, start(begin), end(finish), *inside.pieces, drawn, loop=loop))
        return scope, scope

    def _scope(self, inner: Any) -> tuple[str, str]:
        return self._embed(inner)

    def _limited(self, inner: Any) -> tuple[str, str]:
        return self._ended_early(self._embed(inner)[0], timer_text(f"day_after({self.day()})"))

    def _crowd(self, inner: Any) -> tuple[str, str]:
        number = self.name("")
        self.shared.data[f"results{number}"] = {}
        loop = instances("seats", f"results{number}", f"seat{number}", f"outcome{number}")
        return self._embed(inner, loop, f"outcome{number}")

    def _queue(self, inner: Any) -> tuple[str, str]:
        number = self.name("")
        self.shared.data[f"results{number}"] = {}
        loop = instances("seats", f"results{number}", f"seat{number}", f"outcome{number}")
        sequential = loop.replace("Characteristics>", 'Characteristics isSequential="true">', 1)
        return self._embed(inner, sequential, f"outcome{number}")


@dataclass(frozen=True)
class Drawn:
    """A drawing as a file, and what its walks need: tasks, who waits for which message, days ahead, start data."""

    text: str
    tasks: tuple[str, ...]
    messages: Mapping[str, str]
    days: Mapping[str, int]
    data: Mapping[str, Any]


def draw_blocks(block: tuple[Any, ...]) -> Drawn:
    """A whole process of one block."""
    shared = Shared()
    level = Draughtsman(shared)
    first, last = level.draw(block)
    pieces = (start(), *level.pieces, end(), flows(f"start > {first}", f"{last} > end", *level.ways))
    beside = "".join(message(name, f"said_{element}") for element, name in shared.messages.items())
    text = text_of(*pieces, beside=beside, process="drawn")
    return Drawn(text, tuple(shared.tasks), shared.messages, shared.days, shared.data)
