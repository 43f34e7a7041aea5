"""The list of what is wrong that stands on top of a page, each entry leading to its field."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.forms import Form
from handlers.forms_view.controls import id_of
from handlers.forms_view.sheets import SIGNS

#: So many rows without a mark are told one by one; more are told together.
_FEW: Final = 3


def summary_of(form: Form, errors: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the errors in the form's order as (id of the field, message), then those of no field.

    An error of a row's comment names the row; rows that want a mark are one entry, which leads to the first of them.
    """
    order = [one.key for one in form.fields]
    comments = {one.key for one in form.fields if "comment_of" in one.properties}
    marks = {one.key for one in form.fields if one.options and {str(o.value) for o in one.options} <= SIGNS}

    def place(path: str) -> int:
        return next((n for n, key in enumerate(order) if path == key or path.startswith(f"{key}.")), len(order))

    paths = sorted(errors, key=place)
    unmarked = [path for path in paths if path in marks]
    together = set(unmarked) if len(unmarked) > _FEW else set()
    found: list[tuple[str, str]] = []
    for path in paths:
        code = path.rsplit(".", 1)[-1]
        if path in together:
            if path == unmarked[0]:
                found.append((id_of(path), _tell_unmarked(unmarked)))
            continue
        start = f"{code}: " if path in comments else ""
        found += [(id_of(path), start + text) for text in errors[path]]
    return found


def _tell_unmarked(paths: Sequence[str]) -> str:
    codes = [path.rsplit(".", 1)[-1] for path in paths]
    return f"Отметьте строки ({len(codes)}): {', '.join(codes)}."
