"""What every door is given by the composition root, and nothing finds by itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.actors import Actor
from engine.runtime import Runtime, Transaction
from engine.signatures import Signer
from handlers.figures import Figures
from handlers.settings import Settings

#: Who a login is at the transaction's business time; None for a person no longer known.
FindActor: TypeAlias = Callable[[Transaction, str], Actor | None]


@dataclass(frozen=True, slots=True)
class Context:
    """The running house: engine, settings, how a login becomes an actor, and this process's figures.

    `signer` signs for show; there is none outside the demonstration.
    """

    runtime: Runtime
    settings: Settings
    find_actor: FindActor
    figures: Figures = field(default_factory=Figures, compare=False)
    signer: Signer | None = field(default=None, compare=False)
