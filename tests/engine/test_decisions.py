"""Decision tables: which rule fits, what files are refused, what the check of a bundle is told."""

from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import DecisionError, DecisionRefused, DecisionTable, read_decision
from engine.decisions.cells import read_cell
from engine.lint.findings import Severity

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def write(
    inputs: list[str],
    outputs: list[str],
    rules: list[tuple[list[str], list[str]]],
    policy: str = "FIRST",
    dmn: str = DMN,
) -> bytes:
    """Write a table as modelers do."""

    def cells(kind: str, texts: list[str]) -> str:
        return "".join(f"<{kind}><text>{escape(text)}</text></{kind}>" for text in texts)

    columns = "".join(
        f'<input id="i{n}"><inputExpression><text>{escape(text)}</text></inputExpression></input>'
        for n, text in enumerate(inputs)
    )
    columns += "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate(outputs))
    rows = "".join(
        f'<rule id="r{n}">{cells("inputEntry", left)}{cells("outputEntry", right)}</rule>'
        for n, (left, right) in enumerate(rules)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{dmn}" id="d" name="d" namespace="n">'
        f'<decision id="outcome" name="Итог"><decisionTable hitPolicy="{policy}">{columns}{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def one_cell(cell: str) -> DecisionTable:
    return read_decision(write(["x"], ["fits"], [([cell], ["true"]), ([""], ["false"])]))


CELLS: list[tuple[str, list[Any], list[Any]]] = [
    ("", [1, None, "a"], []),
    ("-", [1, None, "a"], []),
    ('"a"', ["a"], ["b", None, 1]),
    ("true", [True], [False, 1, "true", None]),
    ("1", [1], [True, 2, "1"]),
    ("-5", [-5], [5]),
    ("null", [None], [0, False, ""]),
    ('"a","b"', ["a", "b"], ["c", "ab"]),
    ('"a, b", "c?"', ["a, b", "c?"], ["a", "c"]),
    (">= 80", [80, 81], [79]),
    ("< 3, > 7", [2, 8], [3, 7]),
    ('!= "a"', ["b", None], ["a"]),
    ('= "a"', ["a"], ["b"]),
    ("[1..5]", [1, 5], [0, 6]),
    ("(1..5]", [2, 5], [1, 6]),
    ("]1..5[", [2, 4], [1, 5]),
    ("[1..5)", [1, 4], [0, 5]),
    ("[1..limit]", [7], [8]),
    ("[1..2],[4..5]", [1, 2, 4, 5], [0, 3, 6]),
    ('not("a")', ["b", None], ["a"]),
    ('not("a","b")', ["c"], ["a", "b"]),
    ("not([1..3])", [0, 4], [1, 3]),
    ('? in ["a","b"]', ["a", "b"], ["c"]),
    ('in ["a","b"]', ["a"], ["c"]),
    ('not in ["a","b"]', ["c"], ["a"]),
    ('["a","b"]', ["a"], ["c"]),
    ("50 <= ? < 80", [50, 79], [49, 80]),
    ("? % 2 == 0", [4], [3]),
    ("limit", [7], [8]),
    ("limit == 7", [1, None], []),
]


@pytest.mark.parametrize(("cell", "takes", "leaves"), CELLS)
def test_a_cell_takes_what_its_notation_says(cell: str, takes: list[Any], leaves: list[Any]) -> None:
    table = one_cell(cell)
    assert [table.decide({"x": value, "limit": 7}) for value in takes] == [{"fits": True}] * len(takes)
    assert [table.decide({"x": value, "limit": 7}) for value in leaves] == [{"fits": False}] * len(leaves)


@pytest.mark.parametrize("cell", ["[" + " " * 440 + ".." + " " * 440 + "x", "[" + " " * 890 + "x", "[" + "." * 890])
def test_a_cell_of_nothing_but_blanks_is_refused_at_once(cell: str) -> None:
    # Pairs of greedy and patient repeats tried each other for minutes on it: a draft's check would hang.
    assert read_cell(cell, ()).fault


def test_the_first_rule_that_fits_decides() -> None:
    table = read_decision(write(["n"], ["word"], [(["> 5"], ['"much"']), (["> 1"], ['"some"']), (["-"], ['"none"'])]))
    assert [table.decide({"n": n}) for n in (9, 3, 0)] == [{"word": "much"}, {"word": "some"}, {"word": "none"}]
    assert table.names == {"n"}
    assert table.findings() == ()


def test_collect_gives_every_rule_that_fits() -> None:
    rules: list[tuple[list[str], list[str]]] = [([], ['"T01"', '["+"]']), ([], ['"T24"', '["+", "na"]'])]
    table = read_decision(write([], ["id", "accepted"], rules, "COLLECT"))
    assert table.decide({}) == [{"id": "T01", "accepted": ["+"]}, {"id": "T24", "accepted": ["+", "na"]}]
    assert table.findings() == ()
    assert read_decision(write(["x"], ["id"], [(["1"], ["1"])], "COLLECT")).decide({"x": 2}) == []


def test_unique_wants_exactly_one() -> None:
    table = read_decision(write(["n"], ["w"], [(["> 5"], ["1"]), (["> 7"], ["2"])], "UNIQUE"))
    assert table.decide({"n": 6}) == {"w": 1}
    with pytest.raises(DecisionError, match="правила 1, 2"):
        table.decide({"n": 8})
    with pytest.raises(DecisionError, match="не подошло ни одно"):
        table.decide({"n": 0})


def test_no_rule_that_fits_is_an_error() -> None:
    table = read_decision(write(["n"], ["w"], [(["1"], ["1"])]))
    with pytest.raises(DecisionError, match="не подошло ни одно правило"):
        table.decide({"n": 2})


def test_outputs_are_expressions_over_the_data() -> None:
    table = read_decision(write(["n"], ["twice", "nothing"], [(["-"], ["n * 2", ""])]))
    assert table.decide({"n": 4}) == {"twice": 8, "nothing": None}
    assert [finding.rule for finding in table.findings()] == ["decision-output"]


def test_registered_functions_may_be_called() -> None:
    table = read_decision(write(["f(n)"], ["w"], [(["3"], ["f(n)"]), (["-"], ["0"])]), functions=["f"])
    assert table.decide({"n": 2}, {"f": lambda n: n + 1}) == {"w": 3}


@pytest.mark.parametrize("names", [{}, {"x": "text"}])
def test_unsuitable_data_are_an_error_of_the_table(names: dict[str, Any]) -> None:
    with pytest.raises(DecisionError, match="Итог"):
        one_cell("> 5").decide(names)


@pytest.mark.parametrize("cell", ["x.y", "__import__('os')", "9**9", "1.5", "date('x')", "(", "x" * 901, "[1..]", ">"])
def test_a_cell_outside_the_language_is_found_and_never_evaluated(cell: str) -> None:
    table = one_cell(cell)
    assert [finding.rule for finding in table.findings()] == ["decision-cell"]
    assert table.findings()[0].severity is Severity.ERROR
    with pytest.raises(DecisionError, match="правило 1"):
        table.decide({"x": 1})


def test_inputs_and_outputs_outside_the_language_are_found() -> None:
    table = read_decision(write(["a.b"], ["w"], [(["-"], ["c.d"])]))
    assert {finding.rule for finding in table.findings()} == {"decision-input", "decision-cell"}
    with pytest.raises(DecisionError):
        table.decide({})
    with pytest.raises(DecisionError, match="вывод"):
        read_decision(write([], ["w"], [([], ["c.d"])])).decide({})


def test_gaps_and_overlaps_are_found() -> None:
    def rules_found(data: bytes) -> list[str]:
        return [finding.rule for finding in read_decision(data).findings()]

    assert rules_found(write(["x"], ["w"], [(["1"], ["1"])])) == ["decision-catch-all"]
    assert rules_found(write(["x"], ["w"], [(["-"], ["1"]), (["-"], ["2"])])) == ["decision-unreachable"]
    assert rules_found(write(["x"], ["w"], [])) == ["decision-rules"]
    twice = [(['"a","b"', "-"], ["1"]), (['"b"', '"c"'], ["2"]), (['"a"', "> 3"], ["3"])]
    found = read_decision(write(["x", "y"], ["w"], twice, "UNIQUE")).findings()
    assert [finding.message[:19] for finding in found] == ["Правила 1 и 2 подхо", "Правила 1 и 3 подхо"]


@pytest.mark.parametrize(
    "namespace", ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/", DMN]
)
def test_files_of_dmn_1_1_to_1_3_are_read(namespace: str) -> None:
    assert read_decision(write([], ["w"], [([], ["1"])], dmn=namespace)).decide({}) == {"w": 1}


GOOD = write(["x"], ["w"], [(["-"], ["1"])])

BAD_FILES: list[tuple[bytes, str]] = [
    (b"", "не XML"),
    (b"\xff\xfe<", "не XML"),
    (GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "не XML"),
    (b"<definitions/>", "не файл DMN"),
    (b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + GOOD.split(b"?>", 1)[1], "DOCTYPE"),
    (GOOD.replace(b"FIRST", b"PRIORITY"), "PRIORITY"),
    (GOOD.replace(b'hitPolicy="FIRST"', b'hitPolicy="COLLECT" aggregation="SUM"'), "не поддерживается"),
    (GOOD.replace(b'name="w"', b'name="w w"'), "имя вывода"),
    (GOOD.replace(b'id="outcome"', b'id="a b"'), "Имя решения"),
    (GOOD.replace(b"<inputEntry><text>-</text></inputEntry>", b""), "ячеек"),
    (GOOD.replace(b"decisionTable", b"literalExpression"), "не таблица"),
    (GOOD.replace(b"</definitions>", b'<decision id="b"/></definitions>'), "одно решение"),
    (write(["x"], ["w", "w"], []), "своё имя"),
    (write(["x"], ["w"], [(["-"], ["1"])] * 501), "500"),
    (b" " * 1_000_001, "1 МБ"),
]


@pytest.mark.parametrize(("data", "reason"), BAD_FILES)
def test_another_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DecisionRefused, match=reason):
        read_decision(data)


@given(st.text(alphabet="ab?12\"',.[]()<>=!-+ notin", max_size=40), st.none() | st.integers() | st.text(max_size=3))
def test_any_cell_gives_an_answer_or_our_error(cell: str, value: object) -> None:
    table = one_cell(cell)
    try:
        answer: object = table.decide({"x": value, "a": 1, "b": "b"})
    except DecisionError as error:
        answer = error.message
    assert answer
