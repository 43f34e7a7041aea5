"""What the language allows: the text is parsed, measured and searched for anything outside it.

The search uses a list as its stack, so that no nesting of a hostile text exhausts ours.
"""

from __future__ import annotations

import ast
from typing import Final

from engine.expressions.errors import ExpressionRefused

MAX_CHARACTERS: Final = 1_000
MAX_DEPTH: Final = 40
MAX_NODES: Final = 300
MAX_INTEGER: Final = 2**63

#: Spellings of other expression languages that analysts know, read as constants.
WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}

#: A drawing may break a long text into lines.
BLANKS: Final = str.maketrans("\r\n\t", "   ")

ALLOWED: Final = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Subscript, ast.List, ast.Tuple, ast.Dict, ast.Call, ast.IfExp,
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.FloorDiv,
    ast.Mod, ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip

REMEDIES: Final[dict[type[ast.AST], str]] = {
    ast.Attribute: "обращение через точку не допускается; пишите имя['ключ']",
    ast.Pow: "возведение в степень не допускается",
    ast.Div: "деление не допускается: сравнивайте целые числа, умножив обе части (100 * n >= 75 * m)",
    ast.Lambda: "функции внутри выражения не допускаются",
    ast.ListComp: "циклы внутри выражения не допускаются",
    ast.SetComp: "циклы внутри выражения не допускаются",
    ast.DictComp: "циклы внутри выражения не допускаются",
    ast.GeneratorExp: "циклы внутри выражения не допускаются",
    ast.JoinedStr: "строки с подстановкой не допускаются",
    ast.Starred: "распаковка звёздочкой не допускается",
    ast.NamedExpr: "присваивание не допускается; для сравнения пишите ==",
    ast.Is: "вместо is пишите ==",
    ast.IsNot: "вместо is not пишите !=",
    ast.Slice: "срезы не допускаются",
}


def parse_source(source: str, functions: frozenset[str]) -> ast.expr:
    """Read the text and give its tree, every node of which is inside the language.

    Raises :class:`ExpressionRefused`.
    """
    if not isinstance(source, str):
        raise ExpressionRefused(str(source), "ожидается текст")
    text = source.translate(BLANKS).strip()
    if not text:
        raise ExpressionRefused(source, "пустое выражение; напишите условие или значение")
    if len(text) > MAX_CHARACTERS:
        raise ExpressionRefused(source, f"длиннее {MAX_CHARACTERS} знаков; разбейте его на части")
    if "\\" in text or not text.isprintable():
        raise ExpressionRefused(source, "обратная косая черта и непечатаемые знаки не допускаются")
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        hint = "; для сравнения пишите ==" if "==" not in text and "=" in text else ""
        raise ExpressionRefused(source, f"не читается (знак {error.offset or 1}){hint}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionRefused(source, "не читается: слишком велико или слишком вложено") from None
    search(source, tree, functions)
    return tree


def search(source: str, tree: ast.expr, functions: frozenset[str]) -> None:
    """Refuse what is outside the language, too deep or too large."""
    stack: list[tuple[ast.AST, int]] = [(tree, 1)]
    nodes = 0
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if nodes > MAX_NODES:
            raise ExpressionRefused(source, f"больше {MAX_NODES} частей; разбейте его на несколько")
        if depth > MAX_DEPTH:
            raise ExpressionRefused(source, f"вложено глубже {MAX_DEPTH} уровней")
        reason = objection(node, functions)
        if reason:
            raise ExpressionRefused(source, reason)
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.Call) and child is node.func:
                continue
            if not isinstance(child, (ast.expr_context, ast.boolop)):
                stack.append((child, depth + 1))


def objection(node: ast.AST, functions: frozenset[str]) -> str | None:
    """Say in Russian what is wrong with one node, or nothing."""
    if not isinstance(node, ALLOWED):
        return REMEDIES.get(type(node), "такая запись не допускается")
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        return f"имя {node.id} начинается с подчёркивания"
    if isinstance(node, ast.Constant):
        return object_to_constant(node.value)
    if isinstance(node, ast.Subscript) and not is_plain_key(node.slice):
        return "в квадратных скобках допускаются только ключ, номер или имя"
    if isinstance(node, ast.Dict) and not all(isinstance(key, ast.Constant) for key in node.keys):
        return "ключом словаря может быть только строка или целое число"
    if isinstance(node, ast.Call):
        return object_to_call(node, functions)
    return None


def is_plain_key(key: ast.expr) -> bool:
    """Allow a constant, a name, a value taken by such a key, or a number counted from the end."""
    if isinstance(key, ast.UnaryOp) and isinstance(key.op, ast.USub):
        key = key.operand
        return isinstance(key, ast.Constant)
    return isinstance(key, (ast.Constant, ast.Name, ast.Subscript))


def object_to_constant(value: object) -> str | None:
    """Allow words, integers below 2**63, true, false and null."""
    if value is None or isinstance(value, (str, bool)):
        return None
    if isinstance(value, int):
        return None if value < MAX_INTEGER else "слишком большое число"
    if isinstance(value, float):
        return "дробные числа не допускаются: умножьте обе части и сравнивайте целые"
    return "такое значение не допускается"


def object_to_call(node: ast.Call, functions: frozenset[str]) -> str | None:
    """Allow a bare registered name with positional arguments."""
    if not isinstance(node.func, ast.Name):
        return "вызывать можно только функцию по её имени"
    if node.func.id not in functions:
        return f"функции {node.func.id} нет; есть: {', '.join(sorted(functions))}"
    if node.keywords:
        return f"аргументы функции {node.func.id} пишутся без имён"
    return None
