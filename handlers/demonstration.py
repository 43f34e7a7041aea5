"""The demonstration: an empty database gets an invented council, its accounts, the drawings and cases at every stage.

The cases are a scenario, played by the same words as those beside the drawings; the clock does not move meanwhile.
"""

import re
from datetime import date
from pathlib import Path
from typing import Final

from engine import definitions
from engine.clock import moscow
from engine.errors import ConflictError
from engine.runtime import Transaction
from engine.scenarios import play, read_scenario
from handlers.accounts import records as accounts
from handlers.accounts.passwords import hash_password
from handlers.context import Context
from handlers.records import is_empty
from processes import demo
from processes.council.records import people
from processes.scenario_verbs import cast

PASSWORD: Final = "demo"  # noqa: S105 - the contract names it; such an account opens only where KES_DEMO=1
ROOT: Final = Path(__file__).resolve().parents[1]
BUNDLES: Final = ("certification", "council_meeting", "meeting_watch", "retention")
#: The drawings apply from the day of the order that approved the regulation.
EFFECTIVE: Final = date(2020, 2, 10)
BASIS: Final = "Приказ министерства от 10.02.2020 № 508"


def fill(context: Context) -> list[str]:
    """Fill an empty database; one that has a released procedure stays as it is. Returns what was done, in lines.

    Raises ConflictError where the story cannot be told to its end.
    """
    with context.runtime.transaction() as tx:
        if not is_empty(tx.connection):
            return ["База данных не пуста: оставлена как есть."]
        demo.seat_council(tx)
        _open_accounts(tx)
        for name in BUNDLES:
            _release(tx, name)
        today = moscow(tx.now).date()
    text = (ROOT / "handlers" / "demo_story.yaml").read_text(encoding="utf-8")
    told = play(read_scenario(_dated(text, today), "demo"), context.runtime, cast())
    if told.failure is not None:
        raise ConflictError(f"Показ прерван на строке {told.line}: {told.failure}")
    entrance = f"пароль {PASSWORD}" if context.settings.demo else "откроются только с KES_DEMO=1"
    return [f"Готово: вымышленный совет, учётные записи ({entrance}) и дела на разных стадиях."]


def _dated(text: str, today: date) -> str:
    """The story on a day: СЕГОДНЯ is the day, ГОД the year before it, ГОД-2 two years before that one."""
    told = text.replace("СЕГОДНЯ", today.isoformat())
    return re.sub(r"\bГОД(?:-(\d))?\b", lambda found: str(today.year - 1 - int(found[1] or 0)), told)


def _open_accounts(tx: Transaction) -> None:
    hashed = hash_password(PASSWORD, demo=True)
    for person in people.all_persons(tx.connection):
        accounts.put_credential(tx.connection, person.login, hashed, tx.wall, is_demo=True)


def _release(tx: Transaction, name: str) -> None:
    bundle = definitions.read_bundle(ROOT / "bpmn" / name)
    definitions.release(tx, bundle, by="analyst2", author="analyst1", basis=BASIS, effective_from=EFFECTIVE)
