"""The expression language: what it computes, what it refuses, and that nothing else ever comes out of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import BUILTINS, ExpressionError, ExpressionRefused, compile_expression

SEAT = {"number": 1, "login": "member04", "returned": False}

VALUES: list[tuple[str, dict[str, Any], Any]] = [
    ("100 * n >= 75 * n_max", {"n": 18, "n_max": 24}, True),
    ("100 * n >= 75 * n_max", {"n": 17, "n_max": 24}, False),
    ("3 * present > 2 * total", {"present": 16, "total": 24}, False),
    ("decision['decision'] == \"grant\"", {"decision": {"decision": "grant"}}, True),
    ("seat['login'] in experts", {"seat": SEAT, "experts": ["member04"]}, True),
    ("'1' in seats and not seats['1']['returned']", {"seats": {"1": SEAT}}, True),
    ("a if b else c", {"a": 1, "b": False, "c": 3}, 3),
    ("50 <= n < 80", {"n": 79}, True),
    ("50 <= n < 80", {"n": 80}, False),
    ("7 // 2 + 7 % 2 - -1", {}, 5),
    ("x == null or x != true", {"x": None}, True),
    ("true == 1", {}, False),
    ("1 in [true, 2]", {}, False),
    ("'a' + 'b'", {}, "ab"),
    ("[1] + [2, (3, 4)]", {}, [1, 2, [3, 4]]),
    ("{'a': n}['a']", {"n": 5}, 5),
    ("items[-1]", {"items": [1, 2]}, 2),
    ("items[0][key]", {"items": [{"a": 7}], "key": "a"}, 7),
    ("len(seats) + count(votes, 'for')", {"seats": {"1": 1}, "votes": {"a": "for", "b": "against"}}, 2),
    ("min(3, 1) + max([4, 2]) + sum([1, 2]) + abs(-3)", {}, 11),
    ("sorted([3, 1, 2])", {}, [1, 2, 3]),
    ("all([true, 1]) and not any([])", {}, True),
    ("False and missing", {}, False),
    ("signed_on < today", {"signed_on": date(2026, 1, 1), "today": date(2026, 1, 2)}, True),
    ("score >= 3", {"score": 3.5}, True),
    ("a == 1 and\n  b == 2", {"a": 1, "b": 2}, True),
]


@pytest.mark.parametrize(("source", "names", "value"), VALUES)
def test_an_expression_has_its_value(source: str, names: dict[str, Any], value: object) -> None:
    assert compile_expression(source).evaluate(names) == value


ATTACKS = [
    # Attributes and the ways to classes.
    "x.y", "''.format(x)", "().__class__", "().__class__.__base__.__subclasses__()", "x['a'].b", "'{0.a}'.format(x)",
    "[].append(1)", "seat.login", "''.join([])", "x().y", "(1).real", "f.__globals__", "len.__self__",
    # Imports, code, builtins.
    "__import__('os')", "__import__('os').system('id')", "import os", "exec('1')", "eval('1')",
    "compile('1','','eval')",
    "open('/etc/passwd')", "getattr(x, 'y')", "setattr(x, 'y', 1)", "globals()", "locals()", "vars()", "dir()",
    "type(x)", "print(1)", "input()", "breakpoint()", "range(10**9)", "str(1)", "int('9' * 9)",
    "pow(9, 9)", "map(f, x)",
    "bytes(10)", "object()", "super()", "memoryview(b'')", "iter([])", "next(x)", "help()", "exit()",
    # Names with underscores, also in other letters.
    "_x", "__builtins__", "__builtins__['eval']", "_", "\uff3f_x", "x['a'] + _y",
    # Functions, loops, generators.
    "lambda: 1", "(lambda: 1)()", "[x for x in y]", "{x for x in y}", "{x: 1 for x in y}", "(x for x in y)",
    "sum(x for x in y)", "[*x]", "{**x}", "f(*x)", "len(*[x])", "len(x=1)", "len(**x)", "(yield)", "await x", "async",
    # Assignment, statements.
    "x = 1", "(x := 1)", "x; y", "del x", "assert x", "raise x", "return 1", "pass", "x if y", "@x",
    # Power, division, bits, matrices.
    "9 ** 9", "9**9**9", "2 ** -1", "1 / 2", "1 << 99", "1 >> 1", "1 & 1", "1 | 1", "1 ^ 1", "~1", "x @ y", "+x",
    # Constants outside JSON.
    "1.5", "1e9", "1j", "b'x'", "...", "f'{x}'", "f'{x.y}'", "99999999999999999999", "0x" + "f" * 30, "'\\x41'",
    # Subscripts with a computed key, slices.
    "x[1:2]", "x[:]", "x['a' + 'b']", "x[f()]", "x[1, 2]", "x[-(-1)]", "x[len(x)]",
    # Identity, sets, maps with computed keys.
    "x is None", "x is not y", "{1, 2}", "{x: 1}", "{len(x): 1}",
    # Calls of anything but a name.
    "x['f']()", "f()()", "(len)(x)()", "[len][0](x)", "missing(1)", "'a'()",
    # Size, depth, rubbish.
    "", "   ", "x" * 1001, "(" * 300 + "x" + ")" * 300, "[" * 60 + "]" * 60, "not " * 100 + "x", "-" * 100 + "1",
    "+".join("1" * 200), "x\x00y", "\x00", "\u2028", "a\u202eb", "x #\u200b", "\\", "'", "((",
    "x..y", "${x}", "x === y",
]  # fmt: skip


@pytest.mark.parametrize("source", ATTACKS)
def test_an_attack_is_refused_before_anything_runs(source: str) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        compile_expression(source)
    assert refusal.value.source == source
    assert refusal.value.reason


FAILURES: list[tuple[str, dict[str, Any], str]] = [
    ("missing == 1", {}, "нет данных с именем missing"),
    ("x['b']", {"x": {"a": 1}}, "нет ключа «b»"),
    ("x[3]", {"x": [1]}, "нет элемента с номером 3"),
    ("x[0]", {"x": "text"}, "нельзя взять по ключу"),
    ("x['a']", {"x": None}, "нельзя взять по ключу: пусто"),
    ("x[k]", {"x": {}, "k": []}, "нет ключа"),
    ("x >= 3", {"x": "3"}, "нельзя сравнить по порядку: строка и целое число"),
    ("x >= 3", {"x": None}, "нельзя сравнить по порядку"),
    ("x > false", {"x": True}, "нельзя сравнить по порядку"),
    ("a < b", {"a": datetime(2026, 1, 1, tzinfo=UTC), "b": date(2026, 1, 1)}, "нельзя сравнить по порядку"),
    ("'a' * 9", {}, "нужно целое число, а здесь строка"),
    ("x * 2", {"x": [1]}, "нужно целое число, а здесь список"),
    ("x * x", {"x": 2**40}, "слишком велико"),
    ("x + 1", {"x": 10**400}, "слишком велико"),
    ("true + 1", {}, "нельзя сложить"),
    ("x + 1", {"x": 1.5}, "нельзя сложить"),
    ("'%s' % x", {"x": 1}, "нужно целое число"),
    ("1 // x", {"x": 0}, "деление на ноль"),
    ("1 % x", {"x": 0}, "деление на ноль"),
    ("x + x", {"x": "a" * 60_000}, "длиннее"),
    ("x + x", {"x": [1] * 6_000}, "длиннее"),
    ("[x, {'again': x}]", {"x": ["a" * 60_000] * 2}, "больше"),
    ("x + x", {"x": [["a" * 60_000]] * 2}, "больше"),
    ("'1' in 'member1'", {}, "справа от in"),
    ("x in y", {"x": [], "y": {}}, "ключом словаря"),
    ("min([])", {}, "пуст"),
    ("sum(['a'])", {}, "целое число"),
    ("sorted([1, 'a'])", {}, "нельзя сравнить"),
    ("len(3)", {}, "нужен список"),
    ("sum(x)", {"x": [1] * 10_001}, "длиннее"),
    ("len()", {}, "argument"),
]


@pytest.mark.parametrize(("source", "names", "reason"), FAILURES)
def test_unsuitable_values_are_an_error_that_names_the_cause(source: str, names: dict[str, Any], reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        compile_expression(source).evaluate(names)


def test_a_remedy_stands_in_the_refusal() -> None:
    with pytest.raises(ExpressionRefused, match=r"имя\['ключ'\]"):
        compile_expression("seat.login")
    with pytest.raises(ExpressionRefused, match="пишите =="):
        compile_expression("accepted = true")


def test_free_names_and_calls_are_told_apart() -> None:
    expression = compile_expression("len(x) > f(y) and z['x'] == true", functions=["f"])
    assert expression.names == {"x", "y", "z"}
    assert expression.calls == {"len", "f"}


def test_registered_functions_are_called_and_their_errors_become_ours() -> None:
    def broken(*_: object) -> None:
        raise KeyError("k")

    expression = compile_expression("f(2) + 1", functions=["f"])
    assert expression.evaluate({}, {"f": lambda n: n * 10}) == 21
    with pytest.raises(ExpressionError, match="не зарегистрирована"):
        expression.evaluate({})
    with pytest.raises(ExpressionError):
        expression.evaluate({}, {"f": broken})


def test_data_never_pass_for_functions() -> None:
    assert compile_expression("len(x)").evaluate({"len": print, "x": [1]}) == 1
    with pytest.raises(ExpressionError, match="нет данных с именем len"):
        compile_expression("[len]").evaluate({})


def test_a_deeply_nested_value_is_an_error_not_a_crash() -> None:
    deep: list[Any] = []
    other: list[Any] = []
    for _ in range(100_000):
        deep, other = [deep], [other]
    with pytest.raises(ExpressionError, match="слишком"):
        compile_expression("x == y").evaluate({"x": deep, "y": other})
    while deep:
        deep = deep.pop()
    while other:
        other = other.pop()


def test_the_same_text_is_compiled_once() -> None:
    assert compile_expression("n > 1") is compile_expression("n > 1")
    assert compile_expression("n > 1") is not compile_expression("n > 1", functions=["f"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
LEAVES = st.sampled_from(["a", "b", "c", "1", "0", "'x'", "true", "null", "9223372036854775807", "'a' * 3"])
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%", "<", "==", "in", "and", "or"]), inner).map(
            " ".join
        ),
        st.tuples(st.sampled_from(sorted(BUILTINS)), inner).map(lambda pair: f"{pair[0]}({pair[1]})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        inner.map(lambda part: f"-({part})"),
        inner.map(lambda part: f"({part})[a]"),
    ),
    max_leaves=12,
)


@given(TEXTS, JSON, JSON)
def test_sound_texts_give_a_value_or_an_expression_error(source: str, a: object, b: object) -> None:
    try:
        compile_expression(source).evaluate({"a": a, "b": b, "c": [a, b]})
    except (ExpressionRefused, ExpressionError) as error:
        told = error.reason
    else:
        told = "a value"
    assert told


@given(st.text(max_size=60) | st.text(alphabet="abx_.()[]{}'\"+-*/%=<>!,: 019\\#@~^&|", max_size=60))
def test_rubbish_gives_a_value_or_a_refusal(source: str) -> None:
    try:
        compile_expression(source).evaluate({"a": 1, "b": [1], "x": {"a": 1}})
    except (ExpressionRefused, ExpressionError) as error:
        told = error.reason
    else:
        told = "a value"
    assert told
