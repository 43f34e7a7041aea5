"""From an allowed tree to closures of our own: compiled once, evaluated in about a microsecond."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from engine.expressions import operations as op
from engine.expressions.errors import ExpressionError, Fault, shorten
from engine.expressions.grammar import WORDS, parse_source

Names = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]
Node = Callable[[Names, Functions], Any]

NO_FUNCTIONS: Final[Functions] = MappingProxyType({})

OPERATORS: Final[dict[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Add: op.add, ast.Sub: op.subtract, ast.Mult: op.multiply, ast.FloorDiv: op.divide, ast.Mod: op.remainder,
    ast.Eq: op.equal, ast.NotEq: op.unequal, ast.Lt: op.less, ast.LtE: op.at_most, ast.Gt: op.greater,
    ast.GtE: op.at_least, ast.In: op.member, ast.NotIn: op.no_member,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that passed the check; immutable, shareable between threads."""

    #: The text as written, without the blanks around it.
    source: str
    #: The free names that it reads from the case's data.
    names: frozenset[str]
    #: The functions that it calls, built-in ones included.
    calls: frozenset[str]
    #: Its tree, for those who must know its form (timers, decision cells); never changed.
    tree: ast.expr = field(repr=False, compare=False)
    run: Node = field(repr=False, compare=False)

    def evaluate(self, names: Names, functions: Functions = NO_FUNCTIONS) -> Any:
        """Give the value with these names and registered functions.

        An unknown name is an error, not false.  Raises :class:`ExpressionError` and nothing else.
        """
        try:
            return self.run(names, functions)
        except Fault as fault:
            raise ExpressionError(self.source, fault.reason) from None
        except (RecursionError, MemoryError):
            raise ExpressionError(self.source, "данные слишком велики или слишком вложены") from None
        except Exception as error:
            reason = getattr(error, "reason", None) or str(error) or type(error).__name__
            raise ExpressionError(self.source, shorten(reason, 300)) from error


def compile_expression(source: str, *, functions: Collection[str] = ()) -> Expression:
    """Check a text and compile it; ``functions`` names what it may call beside the built-in ones.

    The same text with the same functions is compiled once.  Raises :class:`ExpressionRefused`.
    """
    return compile_cached(source, frozenset(functions))


@lru_cache(maxsize=8_192)
def compile_cached(source: str, functions: frozenset[str]) -> Expression:
    """Compile a text that is not in the cache."""
    tree = parse_source(source, functions | op.BUILTINS.keys())
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called} - WORDS.keys()
    calls = {node.id for node in called if isinstance(node, ast.Name)}
    return Expression(source.strip(), frozenset(names), frozenset(calls), tree, build(tree))


def build(node: ast.expr) -> Node:
    """Make the closure of one node, its parts' closures inside it."""
    match node:
        case ast.Constant(value=value):
            return lambda _names, _functions: value
        case ast.Name(id=name):
            return build_name(name)
        case ast.Subscript(value=container, slice=key):
            return build_pair(op.pick, build(container), build(key))
        case ast.BinOp(left=left, op=sign, right=right):
            return build_pair(OPERATORS[type(sign)], build(left), build(right))
        case ast.Compare(left=left, ops=signs, comparators=rights):
            return build_comparison(left, signs, rights)
        case ast.BoolOp(op=sign, values=values):
            return build_all(values) if isinstance(sign, ast.And) else build_any(values)
        case ast.UnaryOp(op=sign, operand=operand):
            return build_unary(sign, build(operand))
        case ast.IfExp(test=test, body=body, orelse=other):
            return build_choice(build(test), build(body), build(other))
        case ast.List() | ast.Tuple() | ast.Dict():
            return build_literal(node)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return build_call(name, [build(argument) for argument in arguments])
        case _:
            raise AssertionError(type(node))


def build_name(name: str) -> Node:
    """Read a name from the case's data."""
    if name in WORDS:
        word = WORDS[name]
        return lambda _names, _functions: word

    def load(names: Names, _functions: Functions) -> Any:
        try:
            return names[name]
        except KeyError:
            raise Fault(f"нет данных с именем {name}") from None

    return load


def build_pair(operate: Callable[[Any, Any], Any], left: Node, right: Node) -> Node:
    """Apply an operator of two values."""
    return lambda names, functions: operate(left(names, functions), right(names, functions))


def build_comparison(left: ast.expr, signs: list[ast.cmpop], rights: list[ast.expr]) -> Node:
    """Compare a pair, or a chain such as ``50 <= n < 80``, each part evaluated once."""
    if len(signs) == 1:
        return build_pair(OPERATORS[type(signs[0])], build(left), build(rights[0]))
    first = build(left)
    links = [(OPERATORS[type(sign)], build(right)) for sign, right in zip(signs, rights, strict=True)]

    def chain(names: Names, functions: Functions) -> bool:
        value = first(names, functions)
        for compare, node in links:
            following = node(names, functions)
            if not compare(value, following):
                return False
            value = following
        return True

    return chain


def build_all(values: list[ast.expr]) -> Node:
    """Evaluate ``and`` from the left until a part is false."""
    *heads, tail = [build(value) for value in values]

    def run(names: Names, functions: Functions) -> Any:
        for head in heads:
            value = head(names, functions)
            if not value:
                return value
        return tail(names, functions)

    return run


def build_any(values: list[ast.expr]) -> Node:
    """Evaluate ``or`` from the left until a part is true."""
    *heads, tail = [build(value) for value in values]

    def run(names: Names, functions: Functions) -> Any:
        for head in heads:
            value = head(names, functions)
            if value:
                return value
        return tail(names, functions)

    return run


def build_unary(sign: ast.unaryop, operand: Node) -> Node:
    """Apply ``not`` or the minus sign."""
    if isinstance(sign, ast.Not):
        return lambda names, functions: not operand(names, functions)
    return lambda names, functions: op.negate(operand(names, functions))


def build_choice(test: Node, body: Node, other: Node) -> Node:
    """Evaluate one of two branches."""
    return lambda names, functions: body(names, functions) if test(names, functions) else other(names, functions)


def build_literal(node: ast.List | ast.Tuple | ast.Dict) -> Node:
    """Make a list or a map with constant keys; a tuple in the text is a list too, since data are JSON."""
    if isinstance(node, ast.Dict):
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        pairs = list(zip(keys, [build(value) for value in node.values], strict=True))
        return lambda names, functions: op.bounded({key: part(names, functions) for key, part in pairs})
    parts = [build(part) for part in node.elts]
    if all(isinstance(part, ast.Constant) for part in node.elts):
        return lambda names, functions: [part(names, functions) for part in parts]
    return lambda names, functions: op.bounded([part(names, functions) for part in parts])


def build_call(name: str, parts: list[Node]) -> Node:
    """Call a registered function, or a built-in one of that name where none is registered."""
    builtin = op.BUILTINS.get(name)

    def call(names: Names, functions: Functions) -> Any:
        function = functions.get(name, builtin)
        if function is None:
            raise Fault(f"функция {name} здесь не зарегистрирована")
        return function(*[part(names, functions) for part in parts])

    return call
