"""Nothing that a drawing says is ever run as Python: every place where the library evaluates text is led elsewhere."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import DrawingError, EngineError, StepFailedError
from engine.machine.workflow import Environment, ScriptEngine
from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw

ATTACKS = (
    "__import__('os').mkdir('{marker}')",
    "().__class__.__base__.__subclasses__()",
    "[each for each in seats]",
    "(lambda: open('{marker}', 'w'))()",
    "'{{0.__class__}}'.format(seats)",
    "9**9**9",
)

_watching: list[list[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event == "exec" and getattr(arguments[0], "co_filename", "") == "<string>":
        _watching[-1].append("exec")
    if _watching and event in {"os.mkdir", "os.system", "subprocess.Popen"}:
        _watching[-1].append(event)


sys.addaudithook(_hear)


@contextmanager
def nothing_runs() -> Iterator[None]:
    """Fail where text is executed or the system is touched meanwhile; the interpreter itself tells."""
    heard: list[str] = []
    _watching.append(heard)
    try:
        yield
    finally:
        _watching.remove(heard)
    assert heard == []


def condition(text: str) -> Walk:
    """In a condition of a gateway."""
    ways = pen.flows("start > which > end", f"which >if {text}> other")
    walk = Walk(draw(pen.start(), pen.gateway("which", default="end"), pen.end(), pen.end("other"), ways))
    walk.start(seats={})
    return walk


def parameter(text: str) -> Walk:
    """In a parameter of a service."""
    shown = text.replace("<", "&lt;").replace('"', "&quot;")
    walk = Walk(draw(pen.start(), pen.service("act", what=shown), pen.end(), pen.flows("start > act > end")))
    walk.start(seats={})
    return walk


def instances(inner: str, text: str) -> Walk:
    """In a part of a multi-instance."""
    body = (pen.start("s"), pen.user("write"), pen.end("e"), pen.flows("s > write > e"))
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{inner.format(text=text)}</bpmn:multiInstanceLoopCharacteristics>"
    walk = Walk(
        draw(pen.start(), pen.subprocess("panel", *body, loop=loop), pen.end(), pen.flows("start > panel > end"))
    )
    walk.start(seats={"1": 1, "2": 2}, results={})
    walk.complete("write", outcome=1)
    return walk


def cardinality(text: str) -> Walk:
    """In the number of instances."""
    return instances("<bpmn:loopCardinality>{text}</bpmn:loopCardinality>", text)


def completion(text: str) -> Walk:
    """In the condition that ends a multi-instance early."""
    data = (
        "<bpmn:loopDataInputRef>seats</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>results</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="seat"/><bpmn:outputDataItem id="outcome"/>'
    )
    return instances(data + "<bpmn:completionCondition>{text}</bpmn:completionCondition>", text)


def collection(text: str) -> Walk:
    """In the name of the data that instances are made over."""
    return instances('<bpmn:loopDataInputRef>{text}</bpmn:loopDataInputRef><bpmn:inputDataItem id="seat"/>', text)


def repetition(text: str) -> Walk:
    """In the condition of a loop on an element."""
    loop = (
        '<bpmn:standardLoopCharacteristics loopMaximum="3">'
        f"<bpmn:loopCondition>{text}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    body = (pen.start("s"), pen.user("write"), pen.end("e"), pen.flows("s > write > e"))
    walk = Walk(
        draw(pen.start(), pen.subprocess("panel", *body, loop=loop), pen.end(), pen.flows("start > panel > end"))
    )
    walk.start(seats={})
    walk.complete("write")
    return walk


def waiting(text: str) -> Walk:
    """In an event that waits for a condition."""
    event = (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{text}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )
    walk = Walk(draw(pen.start(), pen.catch("wait", event), pen.end(), pen.flows("start > wait > end")))
    walk.start(seats={})
    return walk


def correlated(path: str, message: str) -> str:
    """What stands beside a process whose messages are matched by a number."""
    retrieval = (
        f'<bpmn:correlationPropertyRetrievalExpression messageRef="letter"><bpmn:messagePath>{path}</bpmn:messagePath>'
    )
    key = (
        '<bpmn:correlationKey id="key" name="key"><bpmn:correlationPropertyRef>number</bpmn:correlationPropertyRef>'
        "</bpmn:correlationKey>"
    )
    return (
        f'<bpmn:collaboration id="both"><bpmn:participant id="we" processRef="toy"/>{key}</bpmn:collaboration>'
        f'<bpmn:correlationProperty id="number" name="number">{retrieval}'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
        f'<bpmn:message id="letter" name="letter">{pen.extensions(message)}</bpmn:message>'
    )


def correlation(text: str) -> Walk:
    """In the correlation of a message that the drawing itself sends."""
    beside = correlated(text, "<spiffworkflow:messagePayload>seats</spiffworkflow:messagePayload>")
    send = pen.node("sendTask", "post", messageRef="letter")
    walk = Walk(draw(pen.start(), send, pen.end(), pen.flows("start > post > end"), beside=beside))
    walk.start(seats={})
    return walk


def remembered(text: str) -> Walk:
    """In the correlation that a waiting task remembers."""
    kept = (
        "<spiffworkflow:messageVariable>reply</spiffworkflow:messageVariable><spiffworkflow:processVariableCorrelation>"
        f"<spiffworkflow:propertyId>number</spiffworkflow:propertyId><spiffworkflow:expression>{text}"
        "</spiffworkflow:expression></spiffworkflow:processVariableCorrelation>"
    )
    drawn = (pen.start(), pen.receive("wait"), pen.end(), pen.flows("start > wait > end"))
    walk = Walk(draw(*drawn, beside=correlated("seats", kept)))
    walk.start(seats={})
    walk.deliver("letter", {})
    return walk


def payload(text: str) -> Walk:
    """In the payload of a message that the drawing itself sends."""
    shown = f"<spiffworkflow:messagePayload>{text}</spiffworkflow:messagePayload>"
    beside = f'<bpmn:message id="letter" name="letter">{pen.extensions(shown)}</bpmn:message>'
    send = pen.node("sendTask", "post", messageRef="letter")
    walk = Walk(draw(pen.start(), send, pen.end(), pen.flows("start > post > end"), beside=beside))
    walk.start(seats={})
    return walk


def cell(text: str) -> Walk:
    """In a cell of a decision table."""
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="toy">'
        '<decision id="d" name="d"><decisionTable id="t" hitPolicy="FIRST"><input id="i" label="seats">'
        '<inputExpression id="x" typeRef="string"><text>seats</text></inputExpression></input>'
        '<output id="o" name="grade" typeRef="string"/><rule id="r">'
        f'<inputEntry id="c"><text>{text}</text></inputEntry>'
        f'<outputEntry id="y"><text>{text}</text></outputEntry></rule></decisionTable></decision></definitions>'
    )
    walk = Walk(draw(pen.start(), pen.rule_task("rate", "d"), pen.end(), pen.flows("start > rate > end"), d=table))
    walk.start(seats={})
    return walk


PLACES = (
    condition, parameter, cardinality, completion, collection, repetition, waiting, correlation, remembered, payload,
    cell,
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_an_attack_in_an_expression_is_refused_and_nothing_of_it_runs(
    place: object, attack: str, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    text = attack.format(marker=marker)
    with nothing_runs(), pytest.raises(EngineError) as refused:
        place(text)  # type: ignore[operator]
    assert isinstance(refused.value, (StepFailedError, DrawingError))
    assert not marker.exists()


def test_the_watch_itself_hears_what_it_must(tmp_path: Path) -> None:
    with pytest.raises(AssertionError), nothing_runs():
        eval("1 + 1")  # noqa: S307 - the watch is what is tested
    with pytest.raises(AssertionError), nothing_runs():
        os.mkdir(tmp_path / "marker")  # noqa: PTH102 - the watch is what is tested


def test_a_timer_is_no_expression_of_the_library_at_all(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    wait = pen.catch("wait", pen.timer_text(f"__import__('os').mkdir('{marker}')"))
    definition = draw(pen.start(), wait, pen.end(), pen.flows("start > wait > end"))
    walk = Walk(definition)
    with nothing_runs():
        walk.start()
        assert walk.at == ("wait",)
        assert walk.fire("wait").end == "end"
    assert not marker.exists()
    with pytest.raises(DrawingError):
        _ = definition.timers


def test_a_script_task_is_refused_when_the_case_comes_to_it() -> None:
    script = pen.node("scriptTask", "compute", "<bpmn:script>x = 1</bpmn:script>")
    walk = Walk(draw(pen.start(), pen.user("ask"), script, pen.end(), pen.flows("start > ask > compute > end")))
    walk.start()
    with nothing_runs(), pytest.raises(StepFailedError, match="Скрипты") as refused:
        walk.complete("ask")
    assert refused.value.element == "compute"
    assert walk.at == ("ask",)


def go_through(walk: Walk, kind: str) -> None:
    """Bring a case past its one task."""
    walk.start()
    if kind == "receiveTask":
        walk.deliver("letter", {})
    walk.complete("act")


@pytest.mark.parametrize("moment", ["preScript", "postScript"])
@pytest.mark.parametrize("kind", ["userTask", "manualTask", "serviceTask", "receiveTask"])
def test_a_script_before_or_after_a_task_is_refused(kind: str, moment: str) -> None:
    inner = f"<spiffworkflow:{moment}>x = 1</spiffworkflow:{moment}>"
    if kind == "serviceTask":
        inner += '<spiffworkflow:serviceTaskOperator id="toy.work" resultVariable="y"><spiffworkflow:parameters/>'
        inner += "</spiffworkflow:serviceTaskOperator>"
    reference = {"messageRef": "letter"} if kind == "receiveTask" else {}
    task = pen.node(kind, "act", pen.extensions(inner), **reference)
    walk = Walk(draw(pen.start(), task, pen.end(), pen.flows("start > act > end"), beside=pen.message("letter")))
    with nothing_runs(), pytest.raises(StepFailedError, match="Скрипты"):
        go_through(walk, kind)


def test_the_bare_doors_of_the_script_engine_are_shut() -> None:
    engine = ScriptEngine(Environment())
    with pytest.raises(StepFailedError):
        engine.execute(None, "x = 1")
    with pytest.raises(StepFailedError):
        engine.call_service(None, operation_name="toy.work")
    with pytest.raises(StepFailedError):
        engine.environment.execute("x = 1", {})
    with pytest.raises(StepFailedError):
        engine.environment.call_service({}, operation_name="toy.work")
    with pytest.raises(StepFailedError):
        engine.environment.evaluate("1", {})


def test_a_state_holds_no_text_of_the_drawing_so_writing_to_the_database_runs_nothing() -> None:
    gate = pen.gateway("which", default="end")
    drawn = (pen.start(), pen.user("ask"), gate, pen.end(), pen.end("other"))
    walk = Walk(draw(*drawn, pen.flows("start > ask > which > end", "which >if ask_count == 77> other")))
    walk.start()
    assert b"ask_count" not in walk.state
    assert b"77" not in walk.state
