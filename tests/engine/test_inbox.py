"""Acts on tasks beside completing them: given back, handed over, put off; words that cases are found by."""

from dataclasses import replace
from datetime import date

import pytest

from engine import inbox
from engine.actors import Standin
from engine.doors import perform
from engine.errors import ConflictError, ForbiddenError, InvalidError
from engine.records.words import asked_words, range_of, words_of
from tests.engine.house import CLERK, OTHER_CLERK, STRANGER, House

#: A clerk who is nobody's superior.
PLAIN = replace(OTHER_CLERK, groups=frozenset({"clerk", "member"}))


def offered(house: House) -> list[str]:
    with house.runtime.reading() as tx:
        return [row["id"] for row in inbox.list_tasks(tx, CLERK, scope="available").items]


def test_a_task_given_back_is_offered_again_once(house: House) -> None:
    task = house.task(house.start())["id"]
    perform(house.runtime, lambda tx: inbox.unclaim(tx, task, actor=CLERK), actor=CLERK)
    assert offered(house) == [task]
    perform(house.runtime, lambda tx: inbox.claim(tx, task, actor=CLERK), actor=CLERK)
    assert offered(house) == []
    for _ in range(2):
        perform(house.runtime, lambda tx: inbox.unclaim(tx, task, actor=CLERK), actor=CLERK)
    assert offered(house) == [task]


def test_a_held_task_is_taken_from_its_holder_only_by_right(house: House) -> None:
    task = house.task(house.start())["id"]
    perform(house.runtime, lambda tx: inbox.claim(tx, task, actor=CLERK), actor=CLERK)
    with pytest.raises(ForbiddenError):
        perform(house.runtime, lambda tx: inbox.reassign(tx, task, PLAIN, actor=PLAIN), actor=PLAIN)
    standin = replace(PLAIN, standins=(Standin("olga", frozenset({"clerk"}), "приказ № 1"),))
    moved = perform(house.runtime, lambda tx: inbox.reassign(tx, task, PLAIN, actor=standin), actor=standin)
    assert moved["assignee"] == "pyotr"
    with pytest.raises(InvalidError):
        perform(house.runtime, lambda tx: inbox.reassign(tx, task, STRANGER, actor=CLERK), actor=CLERK)
    perform(house.runtime, lambda tx: inbox.reassign(tx, task, CLERK, actor=CLERK), actor=CLERK)
    assert house.verdict(moved["case"]).is_true


def test_a_day_to_come_back_is_today_or_later_and_ends_with_the_task(house: House) -> None:
    case = house.start()
    task = house.task(case)["id"]
    with pytest.raises(InvalidError):
        perform(house.runtime, lambda tx: inbox.follow_up(tx, task, date(2026, 1, 11), actor=CLERK), actor=CLERK)
    perform(house.runtime, lambda tx: inbox.follow_up(tx, task, date(2026, 1, 12), actor=CLERK), actor=CLERK)
    with house.runtime.reading() as tx:
        assert inbox.counts(tx, CLERK)["following"] == 1
        assert inbox.counts(tx, OTHER_CLERK)["following"] == 0
    house.complete(case, "yes")
    with house.runtime.reading() as tx:
        assert inbox.counts(tx, CLERK)["following"] == 0
    with pytest.raises(ConflictError):
        perform(house.runtime, lambda tx: inbox.follow_up(tx, task, date(2026, 1, 13), actor=CLERK), actor=CLERK)


def test_a_number_is_kept_whole_and_in_parts_and_asked_for_by_its_beginning() -> None:
    kept = words_of("КЭС-2026-0012 «Ёлка и чтение»")
    assert {"кэс-2026-0012", "кэс", "2026", "0012", "елка", "чтение"} <= set(kept)
    assert asked_words("ёлк  КЭС-2026-0012") == ("кэс-2026-0012", "елк")
    low, high = range_of("елк")
    assert low <= "елка" < high
    assert asked_words("«»") == ()
