"""The expression language of conditions, timers, decision cells and assignments.

A small subset of Python's notation, read with :mod:`ast` and compiled by us into plain closures: nothing of what an
analyst writes is ever handed to the interpreter.  Constants, names, subscripts, ``and``/``or``/``not``, comparisons,
``+ - * // %``, ``a if c else b``, list, tuple and map literals, and calls of registered functions by bare name; and no
attribute, comprehension, lambda, power, f-string, unpacking or name that begins with an underscore.

>>> compile_expression("100 * n >= 75 * n_max").evaluate({"n": 18, "n_max": 24})
True
"""

from engine.expressions.compiler import Expression, compile_expression
from engine.expressions.errors import ExpressionError, ExpressionRefused
from engine.expressions.operations import BUILTINS

__all__ = ["BUILTINS", "Expression", "ExpressionError", "ExpressionRefused", "compile_expression"]
