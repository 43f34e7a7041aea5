"""The due timers of one case fire in one transaction; one that fails takes nothing from those before it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bench.house import PERSON, House
from bench.story import SCENES, SMALL, form_of, start_data
from engine import cases, history
from engine.calls import Call
from engine.clock import MOSCOW
from engine.facts import Fact
from engine.records.tables import message, timer
from engine.ticks import tick


def case_with_due_timers(house: House) -> str:
    """A case whose three experts are late."""
    case = house.start("late")
    house.look(case)
    for scene in SCENES[:2]:
        house.complete(case, scene, form_of(scene, SMALL, scene.element))
    put_due(house, datetime(2026, 1, 12, tzinfo=UTC))
    return case.id


def put_due(house: House, due: datetime) -> None:
    """Let the experts' terms end at an instant, without a fact that would tell it."""
    with house.runtime.transaction() as tx:
        tx.connection.execute(sa.update(timer).where(timer.c.element == "assess_long").values(due=due))


def kinds_of(house: House, case: str) -> list[str]:
    """The kinds of a case's facts in order, once they are verified."""
    with house.runtime.reading() as tx:
        assert history.verify(tx, cases.get_case(tx, case, PERSON)).differences == ()
        return [event["kind"] for event in history.read(tx, case)["items"]]


def test_the_due_timers_of_a_case_are_one_commit(house: House) -> None:
    case = case_with_due_timers(house)
    commits: list[object] = []
    sa.event.listen(house.runtime.database.engine, "commit", commits.append)
    assert tick(house.runtime) == 3
    assert len(commits) == 2, "the firing, and the look that finds nothing more"
    assert kinds_of(house, case).count("timer.fired") == 3
    assert tick(house.runtime) == 0


def test_what_a_timer_sends_arrives_before_the_next_one_fires(house: House) -> None:
    case_with_due_timers(house)
    waiting: list[int | None] = []

    @house.runtime.registry.observer("timer.fired")
    def send(call: Call, _fact: Fact) -> None:
        pending = sa.select(sa.func.count()).select_from(message).where(message.c.state == "pending")
        waiting.append(call.connection.execute(pending).scalar())
        call.send("told", {"process": "nobody"}, {})

    assert tick(house.runtime) == 3
    assert waiting == [0, 0, 0]


def test_a_timer_that_fails_among_others_is_the_incident_and_they_are_kept(house: House) -> None:
    case = case_with_due_timers(house)
    seen: list[int] = []

    @house.runtime.registry.observer("timer.fired")
    def fail_at_the_second(_call: Call, fact: Fact) -> None:
        if fact.data["token"] not in seen:
            seen.append(fact.data["token"])
        if seen[1:2] == [fact.data["token"]]:
            raise ValueError("no")

    assert tick(house.runtime) == 2
    put_due(house, datetime.fromisoformat(start_data()["year_ahead"]).replace(tzinfo=MOSCOW))
    kinds = kinds_of(house, case)
    assert kinds.count("timer.fired") == 1
    assert kinds[-1] == "incident.raised"
    with house.runtime.reading() as tx:
        assert cases.get_case(tx, case, PERSON)["state"] == "incident"
