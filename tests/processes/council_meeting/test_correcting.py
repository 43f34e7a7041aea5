"""A protocol's words are corrected until the first signature, version by version, and never after (clause 3.7)."""

import hashlib
from datetime import date
from typing import Any

import pytest

from engine.errors import ConflictError, ForbiddenError, InvalidError
from processes.council_meeting.correcting import word_protocol
from processes.council_meeting.execution import mark_done
from processes.council_meeting.model import Task, Wording
from processes.council_meeting.records import wording
from processes.council_meeting.rules import GRANT_WORDS
from tests.processes.council_meeting.hall import Hall, ballots
from tests.processes.papers.reading import says

HEARD = Wording("Докладывал секретарь.", "Член совета поддержал программу.", "Отметить полноту плана.")
TASK = Wording(tasks=(Task("Направить выписку заявителю", "secretary", date(2026, 1, 27)),))


def text_of(hall: Hall, meeting: str) -> str:
    return str(hall.task(meeting, "sign_protocol_secretary")["data"]["protocol"]["text"])


def test_a_correction_draws_the_next_version_and_both_signatures_name_it(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case())
    assert hall.act("secretary", word_protocol, meeting, {1: TASK}, based_on=0) == {"version": 0, "changed": 1}
    hall.record(meeting, ballots("for"))
    assert "1) Направить выписку заявителю. Ответственный: И.О. Фамилия2. Срок: 27.01.2026." in text_of(hall, meeting)
    done = hall.act("secretary", word_protocol, meeting, {1: HEARD}, based_on=1)
    assert done == {"version": 2, "changed": 4}
    text = text_of(hall, meeting)
    assert "Выступили: Член совета поддержал программу." in text
    assert GRANT_WORDS in text
    assert "Направить выписку" not in text
    assert hall.act("secretary", word_protocol, meeting, {1: HEARD}, based_on=2) == {"version": 2, "changed": 0}
    changes = hall.facts(meeting, "protocol.corrected")[0]["changes"]
    assert [one["field"] for one in changes] == ["heard", "spoke", "decided", "tasks"]
    assert changes[0]["before"].keys() == {"ref", "digest"}
    with pytest.raises(ConflictError) as refused:
        hall.act("secretary", word_protocol, meeting, {1: TASK}, based_on=1)
    assert refused.value.slug_ == "protocol_changed"
    hall.complete(meeting, "sign_protocol_secretary", {"confirm": True}, "secretary")
    with pytest.raises(ConflictError) as refused:
        hall.act("secretary", word_protocol, meeting, {1: TASK}, based_on=2)
    assert refused.value.slug_ == "signed"
    hall.complete(meeting, "sign_protocol_chair", {"confirm": True}, "chair")
    drawn = [row for row in hall.documents(meeting) if row.kind == "protocol"]
    assert hall.runtime.files is not None
    contents = [hall.runtime.files.read(row.sha256) for row in drawn]
    assert [says(content, "Отметить полноту плана") for content in contents] == [False, True]
    signed = {fact["sha256"] for fact in hall.facts(meeting, "protocol.signed")}
    assert signed == {hashlib.sha256(contents[1]).hexdigest()}
    with hall.runtime.database.read() as connection:
        assert [row["version"] for row in wording.versions_of(connection, meeting)] == [1, 2]
    assert hall.differences(meeting) == []


def test_only_the_secretary_words_a_protocol_and_only_what_makes_sense(hall: Hall) -> None:
    meeting = hall.call_meeting(hall.ready_case())
    with pytest.raises(ConflictError):
        hall.act("secretary", word_protocol, meeting, {1: HEARD}, based_on=0)
    meeting = hall.open_meeting(hall.ready_case())
    for login in ("chair", "member03", "ministry"):
        with pytest.raises(ForbiddenError):
            hall.act(login, word_protocol, meeting, {1: HEARD}, based_on=0)
    wrong = Wording(tasks=(Task(" ", "nobody", date(2026, 1, 19)),))
    with pytest.raises(InvalidError) as refused:
        hall.act("secretary", word_protocol, meeting, {1: wrong, 7: HEARD}, based_on=0)
    assert set(refused.value.errors) == {"7", "1.tasks.0.text", "1.tasks.0.responsible", "1.tasks.0.due"}


def test_a_task_of_a_signed_protocol_is_marked_as_done_once(hall: Hall) -> None:
    meeting = hall.open_meeting({"kind": "document", "title": "План работы", "document": "plan"})
    hall.act("secretary", word_protocol, meeting, {1: TASK}, based_on=0)
    hall.record(meeting, ballots("for"))
    done: dict[str, Any] = {"done_on": date(2026, 1, 20), "note": "Отправлено"}
    with pytest.raises(ConflictError) as refused:
        hall.act("chair", mark_done, meeting, 1, 1, **done)
    assert refused.value.slug_ == "not_signed"
    hall.sign(meeting)
    assert hall.case(meeting)["end"] == "closed"
    (letter,) = hall.letters("assignment")
    assert letter.login == "secretary"
    assert "1. Направить выписку заявителю. Срок: 27.01.2026." in letter.body
    with pytest.raises(ForbiddenError):
        hall.act("member03", mark_done, meeting, 1, 1, **done)
    for day in (date(2026, 1, 19), date(2026, 1, 21)):
        with pytest.raises(InvalidError):
            hall.act("secretary", mark_done, meeting, 1, 1, done_on=day, note="")
    hall.act("secretary", mark_done, meeting, 1, 1, **done)
    with pytest.raises(ConflictError):
        hall.act("secretary", mark_done, meeting, 1, 1, **done)
    with hall.runtime.database.read() as connection:
        assert wording.assignments(connection, is_done=False) == []
        assert [row["protocol"] for row in wording.assignments(connection, is_done=True)] == ["1/2026"]
    assert hall.differences(meeting) == []
