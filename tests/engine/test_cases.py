"""The engine as its users meet it: steps, refusals, incidents, timers, messages, history, restarts."""

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
import rfc8785
import sqlalchemy as sa

from engine import cases, history, inbox
from engine.calls import Call
from engine.doors import drain, perform
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StepFailedError
from engine.facts import Fact
from engine.records.tables import case_state, incident, letter, task, text
from tests.engine.house import CLERK, OTHER_CLERK, STRANGER, House


def test_a_case_opens_its_first_task_with_a_working_day_deadline(house: House) -> None:
    case = house.start()
    opened = house.task(case)
    assert opened["candidates"] == ["clerk"]
    assert opened["due"]["working_days"] == 3
    assert opened["due"]["clause"] == "4.5"
    assert opened["due"]["normative"] is True
    assert opened["due_at"].isoformat() == "2026-01-15T20:59:59+00:00"
    assert house.case(case)["at"] == ["check"]


def test_completing_a_task_moves_the_case_and_tells_facts_in_order(house: House) -> None:
    case = house.start()
    done = house.complete(case, "yes", remark="Текст, который можно стереть")
    assert done.case["at"] == ["await_answer"]
    assert done.case["data"]["noted"] == {"by": "olga"}
    assert house.service.notes == ["yes"]
    kinds = house.kinds(case)
    assert kinds[:5] == ["case.started", "task.created", "timer.set", "timer.set", "case.advanced"]
    assert kinds[5:] == ["task.completed", "leave.noted", "service.called", "timer.set", "case.advanced"]


def test_free_text_leaves_only_its_digest_in_the_chain(house: House) -> None:
    case = house.start()
    house.complete(case, "yes", remark="Тайна")
    with house.runtime.reading() as tx:
        page = history.read(tx, case, limit=1_000)
    completed = next(e for e in page["items"] if e["kind"] == "task.completed")
    hidden = completed["data"]["data"]["remark"]
    kept = page["texts"][hidden["ref"]]
    assert kept["text"] == "Тайна"
    assert hashlib.sha256((kept["salt"] + "Тайна").encode()).hexdigest() == hidden["digest"]
    assert "Тайна" not in str(page["items"])


def test_each_event_is_chained_over_its_rfc_8785_form(house: House) -> None:
    case = house.start()
    house.complete(case, "again", remark="ещё")
    last = "0" * 64
    for number, event in enumerate(house.facts(case), 1):
        assert event["seq"] == number
        body = {k: v for k, v in event.items() if k not in {"hash", "prev_hash"}}
        assert event["prev_hash"] == last
        assert event["hash"] == hashlib.sha256(last.encode() + rfc8785.dumps(body)).hexdigest()
        last = event["hash"]
    assert house.case(case)["hash"] == last


def test_what_was_entered_is_kept_once_and_read_back_from_the_history(house: House) -> None:
    case = house.start()
    identity = house.task(case)["id"]
    house.complete(case, "again", remark="один раз")
    with house.runtime.reading() as tx:
        assert inbox.get_task(tx, identity, CLERK)["entered"] == {"result": "again", "remark": "один раз"}
        assert tx.connection.execute(sa.select(text.c.text)).scalars().all() == ["один раз"]
    with house.runtime.transaction() as tx:
        tx.connection.execute(text.delete())
    with house.runtime.reading() as tx:
        assert inbox.get_task(tx, identity, CLERK)["entered"] == {"result": "again", "remark": None}


def test_a_second_completion_is_refused_and_the_refusal_is_a_fact(house: House) -> None:
    case = house.start()
    identity = house.task(case)["id"]
    house.complete(case, "yes")
    with pytest.raises(ConflictError) as refused:
        perform(
            house.runtime,
            lambda tx: cases.complete(tx, identity, {"result": "yes"}, actor=OTHER_CLERK),
            actor=OTHER_CLERK,
            name="complete",
        )
    assert refused.value.slug_ == "already_done"
    assert refused.value.data["by"] == {"login": "olga"}
    fact = house.facts(case)[-1]
    assert (fact["kind"], fact["actor"], fact["data"]["reason"]) == ("act.refused", "pyotr", "already_done")
    assert house.service.notes == ["yes"]
    assert house.verdict(case).is_true


def test_a_person_outside_the_group_is_forbidden(house: House) -> None:
    case = house.start()
    with pytest.raises(ForbiddenError):
        house.complete(case, "yes", actor=STRANGER)
    assert house.kinds(case)[-1] == "act.refused"


def test_a_mistyped_field_is_no_refusal_by_a_rule(house: House) -> None:
    case = house.start()
    before = house.kinds(case)
    with pytest.raises(InvalidError) as invalid:
        house.complete(case, "perhaps", extra=1)
    assert set(invalid.value.errors) == {"result", "extra"}
    assert house.kinds(case) == before


def test_a_failed_step_leaves_no_trace_but_an_incident_that_can_be_retried(house: House) -> None:
    case = house.start()
    with pytest.raises(StepFailedError):
        house.complete(case, "break")
    stuck = house.case(case)
    assert (stuck["state"], stuck["at"], stuck["revision"]) == ("incident", ["check"], 2)
    with house.runtime.reading() as tx:
        assert [(r.state, r.completion) for r in tx.connection.execute(task.select())] == [("open", None)]
    with pytest.raises(ConflictError) as refused:
        house.complete(case, "yes")
    assert refused.value.slug_ == "incident"
    assert house.advance("2026-02-01T00:00:00+03:00") == []
    house.service.is_broken = False
    perform(
        house.runtime,
        lambda tx: cases.retry(tx, case, "архив открыт", actor=CLERK, actor_of=lambda _login: CLERK),
        actor=CLERK,
    )
    mended = house.case(case)
    assert (mended["state"], mended["at"], mended["data"]["broken"]) == ("active", ["await_answer"], {"mended": True})
    assert house.verdict(case).is_true


def test_a_retry_that_fails_for_another_reason_is_what_the_failure_and_the_history_tell(house: House) -> None:
    def retry() -> None:
        perform(
            house.runtime,
            lambda tx: cases.retry(tx, case, "ключ найден", actor=OTHER_CLERK, actor_of=lambda _login: CLERK),
            actor=OTHER_CLERK,
        )

    case = house.start()
    with pytest.raises(StepFailedError):
        house.complete(case, "break")
    del house.runtime.registry.services["toy.break"]
    house.advance("2026-01-13T09:00:00+03:00")
    with pytest.raises(StepFailedError):
        retry()
    with house.runtime.reading() as tx:
        (row,) = tx.connection.execute(incident.select()).mappings()
    assert "не зарегистрирована" in row["cause"]
    assert row["raised_at"] == datetime.fromisoformat("2026-01-13T09:00:00+03:00")
    assert (row["command"]["actor"], house.case(case)["state"]) == ("olga", "incident")
    told = [(fact["kind"], fact["actor"]) for fact in house.facts(case)[-2:]]
    assert told == [("incident.retried", "pyotr"), ("incident.raised", "pyotr")]
    assert house.verdict(case).is_true


def test_a_case_goes_on_without_a_step_that_may_not_be_repeated(house: House) -> None:
    case = house.start()
    with pytest.raises(StepFailedError):
        house.complete(case, "break")
    house.service.is_broken = False
    with pytest.raises(ForbiddenError):  # who gave the command has left: the retry is refused, the case stands still
        perform(
            house.runtime,
            lambda tx: cases.retry(tx, case, "архив открыт", actor=CLERK, actor_of=lambda _login: STRANGER),
            actor=CLERK,
        )
    assert house.case(case)["state"] == "incident"
    with pytest.raises(InvalidError):
        perform(house.runtime, lambda tx: cases.resume(tx, case, " ", actor=CLERK), actor=CLERK)
    perform(house.runtime, lambda tx: cases.resume(tx, case, "делает другой", actor=CLERK), actor=CLERK)
    assert house.case(case)["state"] == "active"
    with house.runtime.reading() as tx:
        (row,) = tx.connection.execute(task.select()).mappings()
        assert (row["state"], row["draft"], row["draft_by"]) == ("open", {"result": "break"}, "olga")
        assert tx.connection.execute(incident.select()).all() == []
    house.complete(case, "yes")
    assert house.kinds(case).count("case.resumed") == 1
    assert house.verdict(case).is_true


def test_a_term_that_can_never_take_effect_is_set_aside_by_word_of_an_administrator(house: House) -> None:
    case = house.start()

    @house.runtime.registry.observer("task.reminded")
    def tell(_call: Call, _fact: Fact) -> None:
        raise KeyError("address")

    house.advance("2026-01-15T00:00:00+03:00")
    assert house.case(case)["state"] == "incident"
    with pytest.raises(StepFailedError):
        perform(house.runtime, lambda tx: cases.retry(tx, case, "ещё раз", actor=CLERK), actor=CLERK)
    perform(house.runtime, lambda tx: cases.resume(tx, case, "письмо не уйдёт", actor=CLERK), actor=CLERK)
    set_aside, resumed = house.facts(case)[-2:]
    assert (set_aside["kind"], set_aside["element"], set_aside["actor"]) == ("timer.set_aside", "check_soon", "olga")
    assert resumed["kind"] == "case.resumed"
    assert [fired["element"] for fired in house.advance("2026-01-20T12:00:00+03:00")] == ["check_due"]
    house.complete(case, "yes")
    assert house.verdict(case).is_true


def test_reminder_and_escalation_fire_once_at_their_instants(house: House) -> None:
    case = house.start()
    fired = house.advance("2026-01-20T12:00:00+03:00")
    assert [(f["element"], f["at"]) for f in fired] == [
        ("check_soon", "2026-01-14T09:00:00+03:00"),
        ("check_due", "2026-01-16T00:00:00+03:00"),
    ]
    told = {f["kind"]: f for f in house.facts(case) if f["kind"] in {"task.reminded", "task.escalated"}}
    assert told["task.reminded"]["at"] == "2026-01-14T09:00:00+03:00"
    assert told["task.reminded"]["data"]["groups"] == ["clerk"]
    assert told["task.escalated"]["data"]["to"] == ["boss"]
    assert told["task.escalated"]["data"]["task"] == house.task(case)["id"]
    assert house.advance("2026-01-21T12:00:00+03:00") == []
    house.complete(case, "yes")
    assert house.verdict(case).is_true


def test_an_interrupting_timer_ends_the_wait(house: House) -> None:
    case = house.start()
    house.complete(case, "yes")
    assert [f["element"] for f in house.advance("2026-03-02T00:05:00+03:00")] == ["silence"]
    ended = house.case(case)
    assert (ended["state"], ended["end"], ended["at"]) == ("ended", "lapsed", [])
    assert house.kinds(case)[-1] == "case.ended"
    assert house.verdict(case).is_true


def test_a_message_reaches_the_case_that_waits_and_no_other(house: House) -> None:
    case = house.start()
    with pytest.raises(ConflictError) as refused:
        perform(house.runtime, lambda tx: cases.deliver(tx, case, "answer", {"ok": True}, actor=CLERK), actor=CLERK)
    assert refused.value.slug_ == "not_waiting"
    house.complete(case, "yes")
    perform(house.runtime, lambda tx: cases.deliver(tx, case, "answer", {"ok": True}, actor=CLERK), actor=CLERK)
    assert house.case(case)["end"] == "granted"
    assert house.case(case)["data"]["reply"] == {"ok": True}
    assert house.verdict(case).is_true


def test_a_message_row_is_delivered_once_and_waits_for_a_suspended_case(house: House) -> None:
    case = house.start()
    house.complete(case, "yes")
    perform(house.runtime, lambda tx: cases.suspend(tx, case, "проверка", actor=CLERK), actor=CLERK)
    perform(house.runtime, lambda tx: tx.send("answer", {"case": case}, {"ok": 1}))
    assert house.case(case)["state"] == "suspended"
    perform(house.runtime, lambda tx: cases.resume(tx, case, "закончена", actor=CLERK), actor=CLERK)
    assert house.case(case)["end"] == "granted"
    drain(house.runtime)
    assert house.kinds(case).count("message.received") == 1


def test_an_interrupting_message_takes_a_case_back(house: House) -> None:
    case = house.start()
    house.complete(case, "again")
    perform(house.runtime, lambda tx: cases.deliver(tx, case, "withdrawal", {}, actor=CLERK), actor=CLERK)
    assert house.case(case)["end"] == "withdrawn"
    with house.runtime.reading() as tx:
        assert {r.state for r in tx.connection.execute(task.select())} == {"completed", "cancelled"}
    assert house.verdict(case).is_true


def test_a_restart_after_every_step_changes_nothing(house: House) -> None:
    case = house.start()
    for result in ("again", "again", "yes"):
        house.restart()
        house.complete(case, result)
    house.restart()
    house.advance("2026-03-05T00:00:00+03:00")
    assert house.case(case)["end"] == "lapsed"
    assert house.verdict(case).is_true


def test_replay_gives_the_case_as_it_stood_at_any_fact(house: House) -> None:
    case = house.start()
    seen = [(house.case(case)["seq"], house.case(case)["data"], house.case(case)["at"])]
    house.complete(case, "again")
    seen.append((house.case(case)["seq"], house.case(case)["data"], house.case(case)["at"]))
    house.complete(case, "yes")
    with house.runtime.reading() as tx:
        for seq, data, at in seen:
            stood = history.replay(tx, case, seq)
            assert (stood["data"], stood["at"]) == (data, at)
        now = history.replay(tx, case, house.case(case)["seq"])
        assert now["elements"]["check"] == {"state": "completed", "count": 2}
        assert now["elements"]["await_answer"]["state"] == "waiting"
        assert now["open_tasks"] == []
        with pytest.raises(NotFoundError):
            history.replay(tx, case, 10_000)


def test_verification_names_what_was_changed_behind_the_engine(house: House) -> None:
    case = house.start()
    house.complete(case, "yes", remark="как было")
    with house.runtime.transaction() as tx:
        tx.connection.execute(task.update(), {"completed_by": "pyotr"})
    assert [d.table for d in house.verdict(case).differences] == ["task"]
    with house.runtime.transaction() as tx:
        tx.connection.execute(task.update(), {"completed_by": "olga"})
        tx.connection.execute(case_state.update(), {"state": b"{}"})
    assert [d.table for d in house.verdict(case).differences] == ["case_state"]


def test_a_loop_of_two_thousand_rounds_stays_visible_and_costs_the_same(sqlite_url: str, tmp_path: Path) -> None:
    from engine.database import METADATA, Database
    from engine.definitions import compile_bundle, read_bundle
    from engine.machine import Complete, Start, advance
    from tests.engine.house import TOY

    Database(sqlite_url)
    assert METADATA.tables
    definition = compile_bundle(read_bundle(TOY))

    def service(*_args: object) -> dict[str, bool]:
        return {}

    step = advance(definition, None, Start({"until": "2026-03-01", "reply": None}), service)
    sizes = []
    for _round in range(2_000):
        token = next(o.token for o in step.opened if not o.is_timer)
        step = advance(definition, step.state, Complete(token, {"result": "again"}), service)
        assert step.at == ("check",)
        sizes.append(len(step.state))
    assert max(sizes[100:]) <= sizes[100] + 100  # only the counters grow, by digits


def test_letters_are_only_made_by_procedures(house: House) -> None:
    house.start()
    with house.runtime.reading() as tx:
        assert tx.connection.execute(letter.select()).all() == []
