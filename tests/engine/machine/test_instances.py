"""Multi-instances: over a map of seats, into a map of results, as often as the drawing comes back to them."""

import pytest

from engine.errors import StepFailedError
from engine.machine import advance
from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw

SEATS = {"1": {"login": "anna"}, "2": {"login": "boris"}, "3": {"login": "vera"}}


def panel() -> Walk:
    """Three reviews, a judgement, and a way back for part of the seats."""
    review = (pen.start("r_start"), pen.user("write"), pen.end("r_end"), pen.flows("r_start > write > r_end"))
    drawn = (
        pen.start(),
        pen.subprocess("review", *review, loop=pen.instances()),
        pen.user("judge"),
        pen.gateway("enough", default="end"),
        pen.end(),
        pen.flows("start > review > judge > enough > end", "enough >if again> review"),
    )
    walk = Walk(draw(*drawn))
    walk.start(seats=SEATS, results={})
    return walk


def test_each_instance_sees_its_own_seat() -> None:
    walk = panel()
    assert [o.local for o in walk.open.values()] == [{"seat": SEATS[k], "instance": k} for k in ("1", "2", "3")]


def test_an_instance_without_its_result_is_told_by_the_names_of_the_drawing() -> None:
    with pytest.raises(StepFailedError, match=r"«review» нужен список или словарь «seats».* «outcome»"):
        panel().complete("write", nth=0)


def test_results_come_into_the_map_under_their_seats_and_nothing_else_leaks_out() -> None:
    walk = panel()
    for number in (3, 1, 2):
        walk.complete("write", nth=0, outcome={"score": number}, secret="own")
    assert walk.at == ("judge",)
    assert walk.now.data == {"seats": SEATS, "results": {"1": {"score": 3}, "2": {"score": 1}, "3": {"score": 2}}}


def test_a_second_pass_over_part_of_the_seats_replaces_only_theirs() -> None:
    walk = panel()
    for _each in SEATS:
        walk.complete("write", outcome={"score": 1})
    walk.complete("judge", again=True, seats={"2": {"login": "gleb"}})
    assert [o.local["seat"] for o in walk.open.values()] == [{"login": "gleb"}]
    walk.complete("write", outcome={"score": 9})
    assert walk.now.data["results"] == {"1": {"score": 1}, "2": {"score": 9}, "3": {"score": 1}}
    assert walk.complete("judge", again=False).end == "end"


def test_a_running_multi_instance_goes_on_through_a_freshly_parsed_definition() -> None:
    walk = panel()
    for number in range(3):
        walk.definition = panel().definition
        walk.complete("write", outcome=number)
    assert walk.at == ("judge",)


def test_two_cases_on_one_definition_do_not_mix() -> None:
    first = panel()
    second = Walk(first.definition)
    second.start(seats={"1": 1, "2": 2}, results={})
    for number in range(2):
        first.complete("write", outcome=number)
        second.complete("write", outcome=number + 10)
    assert second.now.data["results"] == {"1": 10, "2": 11}
    first.complete("write", outcome=2)
    assert first.now.data["results"] == {"1": 0, "2": 1, "3": 2}


def test_an_instance_without_its_result_fails_and_the_case_stays_where_it_was() -> None:
    walk = panel()
    before = walk.state
    with pytest.raises(StepFailedError):
        walk.complete("write")
    assert walk.state == before
    walk.complete("write", outcome=1)


def test_no_seats_at_all_pass_at_once() -> None:
    walk = Walk(panel().definition)
    assert walk.start(seats={}, results={}).at == ("judge",)


def test_an_early_end_cancels_the_instances_that_still_run() -> None:
    done = (
        "<bpmn:completionCondition>outcome == 'no'</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
    )
    loop = pen.instances().replace("</bpmn:multiInstanceLoopCharacteristics>", done)
    review = (pen.start("r_start"), pen.user("write"), pen.end("r_end"), pen.flows("r_start > write > r_end"))
    panel_of = pen.subprocess("review", *review, loop=loop)
    walk = Walk(draw(pen.start(), panel_of, pen.user("judge"), pen.end(), pen.flows("start > review > judge > end")))
    walk.start(seats=SEATS, results={})
    walk.complete("write", outcome="yes")
    step = walk.complete("write", outcome="no")
    assert step.at == ("judge",)
    assert [(c.element, c.state) for c in step.closed if c.state == "cancelled"] == [("write", "cancelled")]
    assert step.data["results"] == {"1": "yes", "2": "no"}


def test_instances_one_after_another_keep_their_order() -> None:
    loop = pen.instances().replace("Characteristics>", 'Characteristics isSequential="true">', 1)
    review = (pen.start("r_start"), pen.user("write"), pen.end("r_end"), pen.flows("r_start > write > r_end"))
    panel_of = pen.subprocess("review", *review, loop=loop)
    walk = Walk(draw(pen.start(), panel_of, pen.user("judge"), pen.end(), pen.flows("start > review > judge > end")))
    walk.start(seats=SEATS, results={})
    seen = []
    for number in range(3):
        (only,) = walk.open.values()
        seen.append(only.local["seat"]["login"])
        walk.complete("write", outcome=number)
    assert seen == ["anna", "boris", "vera"]
    assert walk.now.data["results"] == {"1": 0, "2": 1, "3": 2}


def test_nested_data_are_not_shared_between_tokens() -> None:
    def change(_token: int, element: str, _operator: str, _parameters: object, data: object) -> object:
        data["shared"]["deep"].append(element)  # type: ignore[index]
        return len(data["shared"]["deep"])  # type: ignore[index]

    drawn = (
        pen.start(),
        pen.gateway("fork", "parallel"),
        pen.service("left", result="a"),
        pen.service("right", result="b"),
    )
    ways = pen.flows("start > fork > left > ask_left > end", "fork > right > ask_right > end")
    walk = Walk(draw(*drawn, pen.user("ask_left"), pen.user("ask_right"), pen.end(), ways), service=change)
    walk.start(shared={"deep": []})
    data = {o.element: o.data for o in walk.open.values()}
    assert (data["ask_left"]["a"], data["ask_right"]["b"]) == (1, 1)
    assert data["ask_left"]["shared"] == data["ask_right"]["shared"] == {"deep": []}
    again = advance(walk.definition, None, walk.log[0][0], change)
    assert again.state == walk.state
