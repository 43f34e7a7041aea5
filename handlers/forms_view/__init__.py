"""A form file as controls of a page, and a posted page as the typed data that the form's check reads.

Names of inputs are `data.` and the field's path, ids `f-` and the same with dashes. Beside form-js's own words a
component's `properties` may say how it is shown:

- `comment_of` on a textarea: it stands in the row of that mark;
- `now`: the path, in what the provider tells, of the value that stands where the field stays blank;
- `clause`: the clause of the regulation that asks for it;
- `count` on a checklist: how many are to be chosen;
- `suggested_by` on the choice that a sheet of marks suggests, `reason_for` on the text that says why not.
"""

from handlers.forms_view.answers import read_answers
from handlers.forms_view.comparison import compare
from handlers.forms_view.controls import PREFIX, Choice, Control, Section, id_of
from handlers.forms_view.laying import Look, lay_out, look_of
from handlers.forms_view.summary import summary_of

__all__ = [
    "PREFIX",
    "Choice",
    "Control",
    "Look",
    "Section",
    "compare",
    "id_of",
    "lay_out",
    "look_of",
    "read_answers",
    "summary_of",
]
