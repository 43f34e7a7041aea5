from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engine import cases, comments, history, preferences
from engine.comments import INTERNAL, OPEN, Said
from engine.digest import Digests
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.records.comments import comment
from engine.records.tables import letter, text
from handlers.composition import find_person, known_logins
from processes.certification import access, discussion, use_cases
from processes.certification.records import work
from processes.council.correspondence import word_letter
from processes.council.notices import word_digest
from tests.processes.certification.office import EXPERTS, PDF, Office


def say(office: Office, case: str, login: str, words: str, audience: str = INTERNAL, **more: Any) -> dict[str, Any]:
    said = Said(words, audience, **more)
    return dict(
        office.act(login, lambda tx, actor: discussion.add_comment(tx, case, said, actor=actor, find=find_person))
    )


def heard(office: Office, case: str, login: str) -> list[str | None]:
    """What a person reads of a case's comments."""
    told: list[str | None] = office.act(
        login, lambda tx, actor: [c["text"] for c in access.list_comments(tx, cases.get_case(tx, case, actor), actor)]
    )
    return told


def texts(office: Office, case: str, login: str) -> set[str]:
    """Every text that a case's history shows a person."""

    def ask(tx: Any, actor: Any) -> set[str]:
        page = history.read(tx, case, limit=1_000)
        shown = access.shown_history(tx, cases.get_case(tx, case, actor), page, actor)
        return {one["text"] for one in shown["texts"].values()}

    return set(office.act(login, ask))


def is_true(office: Office, case: str) -> bool:
    """Whether the case's rows still say what its history tells."""
    found = office.read(lambda tx: history.verify(tx, cases.get_case(tx, case, office.actor("admin"))))
    return not (found.chain or found.execution or found.rows)


def test_a_comment_is_internal_unless_its_author_opens_it_to_the_applicant(office: Office) -> None:
    case = office.submit()
    say(office, case, "secretary", "Проверьте печать.")
    say(office, case, "secretary", "Привезите копию лицензии.", OPEN)
    say(office, case, "applicant1", "Привезём завтра.", OPEN)
    assert heard(office, case, "chair") == ["Проверьте печать.", "Привезите копию лицензии.", "Привезём завтра."]
    assert heard(office, case, "applicant1") == ["Привезите копию лицензии.", "Привезём завтра."]
    assert "Проверьте печать." not in texts(office, case, "applicant1")
    assert "Привезите копию лицензии." in texts(office, case, "applicant1")
    with pytest.raises(InvalidError):
        say(office, case, "applicant1", "Только между нами.")
    with pytest.raises(NotFoundError):
        say(office, case, "applicant2", "А что у соседей?", OPEN)
    with pytest.raises(ForbiddenError):
        say(office, case, "auditor", "Непорядок.")
    assert office.kinds(case).count(comments.ADDED) == 3


def test_who_is_mentioned_gets_a_letter_without_the_words_and_may_switch_such_letters_off(office: Office) -> None:
    case = office.submit()
    row = say(office, case, "secretary", "@chair и member02@example.org: кого назначим?", also=["member02"])
    assert row["mentioned"] == ["chair", "member02"]
    found = office.letters(case, comments.MENTION)
    assert [one["login"] for one in found] == ["chair", "member02"]
    assert all(case in one["body"] and "назначим" not in one["body"] for one in found)
    office.act(
        "chair", lambda tx, actor: preferences.write_preferences(tx, actor.login, letters=["digest"], digest_hour=8)
    )
    say(office, case, "secretary", "@chair, ещё раз")
    assert len(office.letters(case, comments.MENTION)) == 2


@pytest.mark.parametrize("words", ["@nobody", "@applicant1", "@applicant2"])
def test_nobody_is_mentioned_who_would_not_see_the_comment(office: Office, words: str) -> None:
    case = office.submit()
    with pytest.raises(InvalidError) as caught:
        say(office, case, "secretary", words)
    assert set(caught.value.errors) == {"mentions"}


def test_a_comment_is_withdrawn_by_its_author_once_and_erased_with_the_history(office: Office) -> None:
    case = office.submit()
    row = say(office, case, "secretary", "Зря написал.")

    def withdraw(tx: Any, actor: Any) -> Any:
        return comments.withdraw_comment(tx, row["id"], actor=actor)

    with pytest.raises(ForbiddenError):
        office.act("chair", withdraw)
    office.act("secretary", withdraw)
    with pytest.raises(ConflictError):
        office.act("secretary", withdraw)
    assert heard(office, case, "chair") == [None]
    assert "Зря написал." not in texts(office, case, "chair")
    assert office.kinds(case)[-2:] == [comments.WITHDRAWN, "act.refused"]
    say(office, case, "secretary", "Это сотрут.")
    with office.runtime.transaction() as tx:
        tx.connection.execute(sa.delete(text).where(text.c.case == case, text.c.text == "Это сотрут."))
    assert heard(office, case, "chair") == [None, None]
    assert is_true(office, case)


def test_experts_do_not_read_each_other_before_all_conclusions_are_in(office: Office) -> None:
    case = office.submit()
    office.register(case)
    office.review(case)
    office.appoint(case)
    say(office, case, EXPERTS[0], "Программа слабая.")
    attach(office, case, EXPERTS[0])
    assert heard(office, case, EXPERTS[0]) == heard(office, case, "chair") == ["Программа слабая."]
    assert heard(office, case, EXPERTS[1]) == []
    assert "Программа слабая." not in texts(office, case, EXPERTS[1])
    assert attached(office, case, EXPERTS[1]) == []
    assert len(attached(office, case, "secretary")) == 1
    with pytest.raises(InvalidError):
        say(office, case, EXPERTS[0], f"@{EXPERTS[1]}, а вы как думаете?")
    with pytest.raises(InvalidError):
        say(office, case, EXPERTS[0], "Уважаемый заявитель…", OPEN)
    for login in EXPERTS:
        office.conclude(case, login)
    assert not office.read(lambda tx: work.is_reviewed(tx.connection, case))
    assert heard(office, case, EXPERTS[1]) == ["Программа слабая."]
    assert len(attached(office, case, EXPERTS[1])) == 1


def attach(office: Office, case: str, login: str, name: str = "справка.pdf", **more: Any) -> dict[str, Any]:
    given = {"title": "Справка", "name": name, "content": PDF, "is_open": False, **more}
    return dict(office.act(login, lambda tx, actor: discussion.attach(tx, case, actor=actor, **given)))


def attached(office: Office, case: str, login: str) -> list[str]:
    rows = office.act(login, lambda tx, actor: access.list_documents(tx, cases.get_case(tx, case, actor), actor))
    return [row["name"] for row in rows if row["kind"].startswith("attachment")]


def test_a_file_is_put_into_a_case_by_those_who_work_on_it_and_judged_by_its_content(office: Office) -> None:
    case = office.submit()
    inner = attach(office, case, "secretary")
    attach(office, case, "chair", "ответ.pdf", is_open=True)
    for login in ("applicant1", "member07", "auditor"):
        with pytest.raises(ForbiddenError):
            attach(office, case, login)
    with pytest.raises(InvalidError) as caught:
        attach(office, case, "secretary", content=b"MZ this is a program")
    assert set(caught.value.errors) == {"file"}
    assert attached(office, case, "secretary") == ["справка.pdf", "ответ.pdf"]
    assert attached(office, case, "applicant1") == ["ответ.pdf"]
    with pytest.raises(ForbiddenError):
        office.act("applicant1", lambda tx, actor: use_cases.read_document(tx, inner["id"], actor))
    _row, content = office.act("chair", lambda tx, actor: use_cases.read_document(tx, inner["id"], actor))
    assert content == PDF
    assert is_true(office, case)


def digests(office: Office) -> list[dict[str, Any]]:
    query = sa.select(letter).where(letter.c.kind == "digest").order_by(letter.c.login, letter.c.id)
    return list(office.read(lambda tx: [dict(r) for r in tx.connection.execute(query).mappings()]))


def test_the_digest_comes_once_a_working_day_at_the_chosen_hour_to_those_who_have_something_to_do(
    office: Office,
) -> None:
    def choose(tx: Any, actor: Any) -> None:
        preferences.write_preferences(tx, actor.login, letters=["digest"], digest_hour=15)

    office.act("chair", choose)
    case = office.submit()
    office.register(case)
    rounds = [Digests(office.runtime, known_logins, find_person, word_digest) for _ in range(2)]
    assert [make() for make in rounds] == [1, 0]
    (one,) = digests(office)
    assert one["login"] == "secretary"
    assert one["subject"] == "Ваши задачи на 12.01.2026: 1"
    assert "Срок на этой неделе: 1" in one["body"]
    assert office.task(case, "technical_review")["id"] in one["body"]
    office.review(case)
    office.move_to(datetime.fromisoformat("2026-01-12T14:59:00+03:00"))
    assert [make() for make in rounds] == [0, 0]
    office.move_to(datetime.fromisoformat("2026-01-12T15:00:00+03:00"))
    assert [make() for make in rounds] == [1, 0]
    assert [row["login"] for row in digests(office)] == ["chair", "secretary"]
    office.move_to(datetime.fromisoformat("2026-01-17T18:00:00+03:00"))
    assert [make() for make in rounds] == [0, 0]
    office.act("admin", lambda tx, actor: word_letter(tx, "digest", "Задач: {count}", "{tasks}", actor=actor))
    office.move_to(datetime.fromisoformat("2026-01-19T16:00:00+03:00"))
    assert sum(make() for make in rounds) >= 1
    late = next(row for row in digests(office) if row["login"] == "chair" and row["at"].day == 19)
    assert late["subject"] == "Задач: 1"
    assert late["body"].startswith("Просрочено: 1")


def test_who_switched_the_digest_off_gets_none(office: Office) -> None:
    office.act("secretary", lambda tx, actor: preferences.write_preferences(tx, actor.login, letters=[], digest_hour=9))
    office.submit()
    Digests(office.runtime, known_logins, find_person)()
    assert digests(office) == []


def test_a_comment_changed_behind_the_historys_back_is_found(office: Office) -> None:
    case = office.submit()
    row = say(office, case, "secretary", "Проверьте печать.")
    assert is_true(office, case)
    with office.runtime.transaction() as tx:
        tx.connection.execute(sa.update(comment).where(comment.c.id == row["id"]).values(audience=OPEN))
    assert not is_true(office, case)
