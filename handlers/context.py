"""What every door is given by the composition root, and nothing finds by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from engine.actors import Actor
from engine.runtime import Runtime, Transaction
from handlers.settings import Settings

#: Who a login is at the transaction's business time; None for a person no longer known.
FindActor: TypeAlias = Callable[[Transaction, str], Actor | None]


@dataclass(frozen=True, slots=True)
class Context:
    """The running house: engine, settings, and how a login becomes an actor."""

    runtime: Runtime
    settings: Settings
    find_actor: FindActor
