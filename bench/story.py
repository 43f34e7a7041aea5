"""The reference case as a story: who completes what, with how much text; the same for every contender."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Protocol

#: Where the drawing and its forms lie.
PROCESS: Final = "reference"
SEATS: Final = ({"seat": 1}, {"seat": 2}, {"seat": 3})
#: Bytes of form data a step, as the tables name them.
SMALL, MIDDLE, LARGE = 300, 10_000, 100_000
#: How many scenes lie behind the late ones.
EARLY: Final = 5
_ROW: Final = 8_000
_LETTERS: Final = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф"


@dataclass(frozen=True, slots=True)
class Scene:
    """One completion: the element, the answers that steer the case, and what opens behind it."""

    element: str
    answers: Mapping[str, Any]
    tasks: tuple[str, ...] = ()
    timers: tuple[str, ...] = ()


#: Seven completions; four timers are set and wait.
SCENES: Final = (
    Scene("review", {"accepted": "yes"}, ("appoint",)),
    Scene("appoint", {}, ("assess",) * 3, ("assess_long",) * 3),
    Scene("assess", {"score": 61}),
    Scene("assess", {"score": 74}),
    Scene("assess", {"score": 83}, ("vote",)),
    Scene("vote", {"votes_for": 9, "votes_against": 2}, ("publish",)),
    Scene("publish", {}, (), ("in_force",)),
)


class Contender(Protocol):
    """Something that runs the reference case with durable commits: each call returns after its commit."""

    def start(self, number: str) -> Any:
        """Start a case; gives a handle that knows which tasks are open."""
        ...

    def complete(self, case: Any, scene: Scene, form: Mapping[str, Any]) -> None:
        """Complete one open task of the scene's element."""
        ...

    def close(self) -> None:
        """Let the database go."""
        ...


def start_data() -> dict[str, Any]:
    """What a case starts with: the seats, and the days of its timers, years ahead of any clock."""
    return {
        "seats": list(SEATS),
        "year_ahead": date(2150, 1, 12).isoformat(),
        "three_years_ahead": date(2152, 1, 12).isoformat(),
    }


def form_of(scene: Scene, size: int, seed: str) -> dict[str, Any]:
    """A filled form of about `size` bytes of UTF-8; no two seeds give the same text."""
    return {**scene.answers, "remarks": [{"text": t} for t in _texts(size, seed)]}


def _texts(size: int, seed: str) -> Iterator[str]:
    dice = random.Random(seed)  # noqa: S311 - text to measure with, no secret
    left = size
    while left > 0:
        words: list[str] = []
        length = 0
        while length < min(left, _ROW):
            word = dice.choice(_vocabulary())
            words.append(word)
            length += 2 * len(word) + 1
        yield " ".join(words)
        left -= length


@cache
def _vocabulary() -> tuple[str, ...]:
    dice = random.Random(1)  # noqa: S311 - the same invented words in every run
    return tuple("".join(dice.choices(_LETTERS, k=dice.randint(2, 11))) for _ in range(6_000))
