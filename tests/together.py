"""Two acts in the same moment, in threads of one process."""

from collections.abc import Callable
from threading import Thread
from typing import Final

import sqlalchemy as sa

from engine.doors import perform
from engine.errors import EngineError, RefusedError
from engine.runtime import Runtime, Transaction

#: How long (seconds) the other one may be at it before the first goes on: who has to wait for the first waits longer.
_HEAD_START: Final = 0.2

Act = Callable[[Transaction], object]


def said(runtime: Runtime, act: Act) -> str:
    """What an act was answered with, in a word."""
    try:
        perform(runtime, act)
    except RefusedError as error:
        return error.slug_
    except EngineError as error:
        return error.slug
    return "ok"


def together(runtime: Runtime, mine: Act, theirs: Act) -> list[str]:
    """What both were answered with, in order of the words; the other one begins when the first is about to write."""
    words: list[str] = []
    other = Thread(target=lambda: words.append(said(runtime, theirs)))

    def begin(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        if text.startswith(("UPDATE", "INSERT", "DELETE")) and other.ident is None:
            other.start()
            other.join(_HEAD_START)

    sa.event.listen(runtime.database.engine, "before_cursor_execute", begin)
    words.append(said(runtime, mine))
    other.join()
    sa.event.remove(runtime.database.engine, "before_cursor_execute", begin)
    return sorted(words)
