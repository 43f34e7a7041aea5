"""The protocol says who decided what, word for word; the same values give the same text (clauses 3.7, 4.8; A-03)."""

from dataclasses import replace
from datetime import date

import pytest

from processes.council_meeting.model import (
    DocumentKind,
    Form,
    Kind,
    Member,
    Outcome,
    Point,
    Presiding,
    State,
    Tally,
    Vote,
)
from processes.council_meeting.protocol import (
    Discussed,
    Minutes,
    decision_words,
    write_protocol,
)
from processes.council_meeting.rules import GRANT_WORDS, REFUSE_WORDS

MEMBERS = tuple(
    Member(login, f"Вымышленный {n} Член Советович", f"Ч.С. Вымышленный {n}", role)
    for n, (login, role) in enumerate(
        [("chair", "chair"), ("deputy", "deputy"), ("one", "member"), ("two", "member")], 1
    )
)
CASE = Point(1, Kind.CERTIFICATION, "Чтение в начальной школе", "c1")
TALLY = Tally(votes_for=2, votes_against=1, abstain=0, base=3, casting=None, quorate=True)
GRANTED = Discussed(
    CASE,
    "КЭС-2026-0001",
    State.DECIDED,
    Outcome.GRANT,
    TALLY,
    {"chair": Vote.FOR, "deputy": Vote.FOR, "one": Vote.AGAINST},
    recused=("two",),
)
MINUTES = Minutes(
    number="4/2026",
    form=Form.IN_PERSON,
    held_on=date(2026, 1, 20),
    members=MEMBERS,
    present=("chair", "deputy", "one", "two"),
    counted=frozenset(m.login for m in MEMBERS),
    presiding=Presiding("chair"),
    items=(GRANTED,),
)


def test_a_protocol_names_votes_count_and_the_decision_word_for_word() -> None:
    text = write_protocol(MINUTES)
    for line in (
        "ПРОТОКОЛ ЗАСЕДАНИЯ № 4/2026",
        "Дата: 20.01.2026. Форма заседания: очная.",
        "Председательствует: Ч.С. Вымышленный 1, председатель.",
        "  За — 2: Ч.С. Вымышленный 1, Ч.С. Вымышленный 2.",
        "Заявлен самоотвод: Ч.С. Вымышленный 4.",
        f"Решили: «{GRANT_WORDS}».",
        "Отсутствовали: нет.",
    ):
        assert line in text.splitlines()
    assert "Подано «за» и «против» — 3, из них за 2." in text
    by_ballot = write_protocol(replace(MINUTES, form=Form.ABSENTEE)).splitlines()
    assert {"Прислали бюллетени:", "Бюллетеней не прислали: нет."} <= set(by_ballot)
    assert write_protocol(MINUTES) == text


def test_a_refusal_carries_its_words_and_recommendations() -> None:
    refused = replace(GRANTED, outcome=Outcome.REFUSE, recommendations=("Обновить список литературы",))
    text = write_protocol(replace(MINUTES, items=(refused,)))
    assert REFUSE_WORDS in text
    assert "  1) Обновить список литературы" in text


def test_who_acts_for_whom_is_said_with_the_paper() -> None:
    acting = replace(MINUTES, presiding=Presiding("deputy", "chair", "приказ № 7"), present=("deputy", "one", "two"))
    text = write_protocol(acting)
    assert "и. о. председателя (отсутствует Ч.С. Вымышленный 1; приказ № 7)" in text
    assert "Отсутствовали: Ч.С. Вымышленный 1." in text


def test_an_equality_decided_by_the_chair_is_said() -> None:
    tied = replace(GRANTED, tally=replace(TALLY, votes_for=1, casting=Vote.FOR))
    assert "решающий голос — «за»" in write_protocol(replace(MINUTES, items=(tied,)))
    open_tie = replace(GRANTED, outcome=Outcome.NOT_ADOPTED, tally=replace(TALLY, votes_for=1, votes_against=1))
    assert "поровну, решающего голоса нет (пункт 3.6)" in write_protocol(replace(MINUTES, items=(open_tie,)))


@pytest.mark.parametrize(
    ("state", "outcome", "point", "words"),
    [
        (State.STRUCK, None, CASE, "отозвал"),
        (State.UNREACHED, Outcome.UNDECIDED, CASE, "кворум утрачен"),
        (State.DECIDED, Outcome.NOT_ADOPTED, CASE, "не принято"),
        (
            State.DECIDED,
            Outcome.GRANT,
            Point(1, Kind.DOCUMENT, "План", None, DocumentKind.PLAN),
            "Утвердить план работы",
        ),
        (State.DECIDED, Outcome.REFUSE, Point(1, Kind.DOCUMENT, "План", None, DocumentKind.PLAN), "Не утверждать"),
    ],
)
def test_what_was_not_decided_is_not_put_as_a_decision(
    state: State, outcome: Outcome | None, point: Point, words: str
) -> None:
    item = Discussed(point, "", state, outcome)
    assert words in decision_words(item)
    assert GRANT_WORDS not in decision_words(item)
